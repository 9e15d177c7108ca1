"""What readers see: withholding, rule by rule, with two readers; text and quotes where they stand; few queries."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.services import reading, taking
from quizapp.services.errors import NotAllowed, NotFound
from quizapp.services.reading import PassagePage, SourcesClosed
from quizapp.services.reading.excerpt import Highlight, excerpt
from quizapp.services.reading.sources import opening
from quizapp.services.reading.strip import Placed, strip
from quizapp.services.reading.withholding import Withheld
from quizapp.store import bank
from quizapp.store.tables import Content, PassageOpening, Slot
from tests import small_bank, small_catalogue
from tests.databases import count_queries
from tests.small_bank import NOON
from tests.small_catalogue import LATER, PASSAGES, TEXT, between

FAR = LATER + timedelta(hours=3)


class Reader:
    """Somebody who takes quizzes and reads."""

    def __init__(self, session: Session, name: str) -> None:
        self.session = session
        self.id = small_bank.a_user(session, name)

    def start(self, quiz: str, at=NOON) -> uuid.UUID:
        attempt = taking.start(self.session, quiz, user_id=self.id, attempt_id=uuid.uuid4(), seed=quiz, now=at)
        self.session.commit()
        return attempt.id

    def check(self, attempt: uuid.UUID, number: int) -> None:
        taking.check(self.session, attempt, number, user_id=self.id, now=NOON, give_up=True)
        self.session.commit()

    def submit(self, attempt: uuid.UUID) -> None:
        taking.submit(self.session, attempt, user_id=self.id, now=NOON)
        self.session.commit()

    def passage(self, ref: str = "almanac/pilots", now=LATER, **asked: Any) -> PassagePage:
        source, passage = ref.split("/")
        return reading.passage_page(self.session, source, passage, user_id=self.id, now=now, **asked)

    def sees(self, ref: str = "almanac/pilots", now=LATER) -> tuple[list[str | None], list[str]]:
        """The quotes of the claims and the disputes on the passage's page."""
        page = self.passage(ref, now)
        return [claim.quote for claim in page.claims], [dispute.id for dispute in page.disputes]


ALL_QUOTES = ["until the flood has", "written on the wall"]
ALL_DISPUTES = ["flood", "frost", "wall"]


@pytest.fixture
def ann(session: Session) -> Reader:
    small_catalogue.publish(session)
    return Reader(session, "ann")


@pytest.fixture
def bob(session: Session, ann: Reader) -> Reader:
    """Another reader, who has nothing open and has seen everything reviewed."""
    bob = Reader(session, "bob")
    bob.submit(bob.start("harbours"))
    return bob


# --- what is withheld while a question is open -----------------------------------------------------------------------


@pytest.mark.parametrize("quiz", ["harbours", "harbour-test"])
def test_an_open_question_keeps_its_quotes_and_disputes_from_its_taker_alone(
    ann: Reader, bob: Reader, quiz: str
) -> None:
    assert ann.sees() == (ALL_QUOTES, sorted(ALL_DISPUTES))
    ann.start(quiz)
    assert ann.sees() == (["written on the wall"], ["wall"])
    assert bob.sees() == (ALL_QUOTES, sorted(ALL_DISPUTES))
    nobody = reading.passage_page(ann.session, "almanac", "pilots", user_id=None, now=LATER)
    assert len(nobody.claims) == 2
    assert nobody.pending == ()


def test_the_strip_and_the_text_lose_withheld_quotes_too(session: Session) -> None:
    small_catalogue.publish(session, attach=TEXT)
    ann = Reader(session, "ann")
    before = ann.passage()
    ann.start("harbours")
    after = ann.passage()
    assert (before.strip.quoted, after.strip.quoted) == (12, 4)
    assert marked(before) == ["until the\nflood has turned", "written on the wall", "the basin freezes"]
    assert marked(after) == ["written on the wall"]
    assert in_full(after) == in_full(before)


def test_a_checked_answer_in_practice_gives_back_what_it_withheld(ann: Reader) -> None:
    attempt = ann.start("harbours")
    ann.check(attempt, 1)
    assert ann.sees() == (ALL_QUOTES, sorted(ALL_DISPUTES))
    assert ann.passage(item="choice-1").matter is not None
    assert ann.passage("almanac/basin", item="choice-2").matter is None


def test_a_test_gives_back_nothing_before_it_is_submitted(session: Session, ann: Reader) -> None:
    attempt = ann.start("harbour-test")
    session.execute(
        Slot.__table__.update().values(checked_at=NOON)
    )  # no such slot in a test; were there one, it is not final
    assert ann.sees() == (["written on the wall"], ["wall"])
    assert ann.passage(item="choice-1").matter is None
    ann.submit(attempt)
    assert ann.sees() == (ALL_QUOTES, sorted(ALL_DISPUTES))
    assert ann.passage(item="choice-1").matter is not None


def test_an_attempt_that_the_clock_has_ended_counts_as_submitted(ann: Reader) -> None:
    ann.start("harbour-test")
    assert ann.sees(now=NOON + timedelta(minutes=21))[1] == ["wall"]  # the grace is not past
    assert ann.sees(now=NOON + timedelta(minutes=22)) == (ALL_QUOTES, sorted(ALL_DISPUTES))
    assert ann.passage(item="choice-1", now=NOON + timedelta(minutes=22)).matter is not None


def test_a_question_seen_reviewed_is_put_away_again_while_it_is_open_elsewhere(ann: Reader) -> None:
    ann.submit(ann.start("harbours"))
    assert ann.passage(item="choice-1").matter is not None
    again = ann.start("harbour-test")
    page = ann.passage(item="choice-1")
    assert page.matter is None
    assert page.questions == ()
    assert [attempt.id for attempt in page.pending] == [again]
    assert ann.sees() == (["written on the wall"], ["wall"])


def test_what_two_questions_share_is_withheld_for_the_open_one(ann: Reader) -> None:
    ann.submit(ann.start("harbours"))
    ann.start("another")
    page = ann.passage(item="choice-1")
    assert page.matter is not None
    assert [line.evidence.quotes for line in page.matter.here] == [("nobody leaves",)]
    assert ann.sees() == ([], ["frost"])


def test_the_note_on_what_is_put_away_stands_on_every_page_alike(ann: Reader) -> None:
    attempt = ann.start("harbour-test")
    for ref in ("almanac/pilots", "almanac/ships", "almanac/basin"):
        assert [one.id for one in ann.passage(ref).pending] == [attempt]


def test_disputes_are_withheld_in_the_list_and_on_their_own_page(ann: Reader, bob: Reader) -> None:
    def listed(reader: Reader) -> list[str]:
        page = reading.disputes_page(reader.session, user_id=reader.id, now=LATER)
        return [dispute.id for group in page.groups for dispute in group.disputes]

    ann.start("harbour-test")
    assert (listed(ann), sorted(listed(bob))) == (["wall"], sorted(ALL_DISPUTES))
    for name, shown in (("frost", False), ("flood", False), ("wall", True)):
        page = reading.dispute_page(ann.session, name, user_id=ann.id, now=LATER)
        assert (page.dispute is not None) == shown
        assert bool(page.positions) == shown
        assert reading.dispute_page(bob.session, name, user_id=bob.id, now=LATER).dispute is not None


@pytest.mark.parametrize(
    ("passage", "quote", "hidden"),
    [
        ("a/b", "three four", True),
        ("a/b", "two three four five six", True),
        ("a/b", "“Four” five", True),
        ("a/b", "one TWO", True),
        ("a/b", "zero one", False),
        ("a/c", "two three four", True),
        ("a/c", "x two three four five", True),
        ("a/c", "four five", False),
    ],
)
def test_quotes_overlap_in_one_place_and_hold_each_other_anywhere(passage: str, quote: str, hidden: bool) -> None:
    withheld = Withheld(frozenset({"it"}), frozenset(), (("a/b", "two three\nfour"),))
    assert withheld.hides_quote(passage, quote) is hidden


# --- quizzes without sources -----------------------------------------------------------------------------------------


def test_closed_sources_show_their_taker_nothing_until_submission(ann: Reader, bob: Reader) -> None:
    attempt = ann.start("closed")
    pages = (
        lambda reader: reading.sources_page(reader.session, user_id=reader.id, now=LATER),
        lambda reader: reading.source_page(reader.session, "almanac", user_id=reader.id, now=LATER),
        lambda reader: reader.passage(),
        lambda reader: reading.disputes_page(reader.session, user_id=reader.id, now=LATER),
        lambda reader: reading.dispute_page(reader.session, "wall", user_id=reader.id, now=LATER),
    )
    for page in pages:
        with pytest.raises(SourcesClosed, match="Without sources") as refused:
            page(ann)
        assert isinstance(refused.value, NotAllowed)
        assert refused.value.attempt.id == attempt
        page(bob)
    ann.submit(attempt)
    for page in pages:
        page(ann)


def test_closed_sources_open_when_the_clock_has_ended_the_attempt(ann: Reader) -> None:
    ann.start("closed")
    assert ann.passage(now=FAR).matter is None


# --- what a reviewed question shows ----------------------------------------------------------------------------------


def test_a_question_is_shown_only_to_who_has_seen_it_reviewed(ann: Reader, bob: Reader) -> None:
    assert ann.passage(item="choice-1").matter is None
    assert (
        reading.passage_page(ann.session, "almanac", "pilots", user_id=None, now=LATER, item="choice-1").matter is None
    )
    matter = bob.passage(item="choice-1").matter
    assert matter is not None
    assert (matter.stem, matter.answer) == ("Question 1: which harbour is meant?", "Key 1")
    assert [(line.kind, line.about, line.evidence.quotes) for line in matter.here] == [
        ("key", None, ("pilots wait until the flood",)),
        ("other", "Lure 1", ("nobody leaves",)),
    ]


def test_an_item_is_shown_only_in_the_version_that_was_reviewed(ann: Reader, bob: Reader) -> None:
    seen = bob.passage(item="choice-1").matter
    assert seen is not None
    changed = {**small_catalogue.ITEMS[0], "stem": "A new question?"}
    new = small_catalogue.put(ann.session, "item", "choice-1", changed, topic="tides")
    assert bob.passage(item="choice-1", version=new).matter is None
    again = bob.passage(item="choice-1", version=seen.version).matter
    assert again is not None
    assert again.stem == seen.stem


def test_an_item_that_does_not_rest_on_the_passage_is_not_shown_there(bob: Reader) -> None:
    assert bob.passage("almanac/ships", item="choice-1").matter is None


def test_a_policy_that_hides_the_key_hides_the_question(ann: Reader) -> None:
    ann.submit(ann.start("silent"))
    for now in (LATER, FAR):  # right after: the score alone; later: evidence, but no key
        assert ann.passage(item="choice-1", now=now).matter is None
        assert ann.passage(now=now).questions == ()
        assert ann.sees(now=now) == (ALL_QUOTES, sorted(ALL_DISPUTES))


def test_a_passage_that_has_changed_is_shown_as_it_was_to_who_comes_from_a_review(ann: Reader, bob: Reader) -> None:
    old, new = PASSAGES[1], {**PASSAGES[1], "account": "We read it anew.", "claims": []}
    small_catalogue.put_passage(ann.session, new, 1)
    page = bob.passage(item="choice-1")
    assert (page.passage.account, page.matter.has_changed) == (old["account"], True)
    assert bob.passage().passage.account == "We read it anew."
    assert ann.passage(item="choice-1").passage.account == "We read it anew."


def test_a_withdrawn_passage_is_shown_to_who_comes_from_a_review_alone(ann: Reader, bob: Reader) -> None:
    ann.session.execute(Content.__table__.update().where(Content.name == "almanac/pilots").values(retired_at=NOON))
    page = bob.passage(item="choice-1")
    assert (page.number, page.matter.has_changed) == (None, True)
    with pytest.raises(NotFound):
        bob.passage()
    with pytest.raises(NotFound):
        ann.passage(item="choice-1")


def test_a_dispute_lists_only_questions_seen_reviewed(ann: Reader, bob: Reader) -> None:
    def asked(reader: Reader) -> list[str]:
        page = reading.dispute_page(reader.session, "frost", user_id=reader.id, now=LATER)
        return [question.item for question, _ in page.questions]

    assert (asked(ann), asked(bob)) == ([], ["choice-1"])


# --- text, quotes and places -----------------------------------------------------------------------------------------


def marked(page: PassagePage) -> list[str]:
    """The highlighted stretches of the document, in order."""
    return [run.text for paragraph in page.paragraphs for run in paragraph.runs if run.kinds]


def in_full(page: PassagePage) -> str:
    return "\n\n".join(
        "".join(run.text for run in paragraph.runs if run.inside) for paragraph in page.paragraphs if paragraph.inside
    )


def test_an_attached_passage_stands_in_full_in_its_context_with_its_evidence_at_the_exact_words(
    session: Session,
) -> None:
    small_catalogue.publish(session, attach=TEXT)
    bob = Reader(session, "bob")
    bob.submit(bob.start("harbours"))
    page = bob.passage(item="choice-1")
    start, end = between("At Skerry", "leaves.")
    assert in_full(page) == TEXT[start:end]
    runs = [run for paragraph in page.paragraphs for run in paragraph.runs]
    assert "".join(run.text for run in runs if "key" in run.kinds) == "pilots wait until the\nflood"
    assert "".join(run.text for run in runs if "other" in run.kinds) == "nobody leaves"
    assert [run.text for run in runs if run.is_anchor] == ["pilots wait until the\nflood"]
    outside = [run.text for run in runs if not run.inside]
    assert outside[0].startswith("The Almanac")
    assert outside[-1].startswith("The last page")


def test_without_the_document_the_record_says_where_the_quotes_stand_and_when_they_were_checked(
    session: Session,
) -> None:
    small_catalogue.publish(session, record=True)
    page = Reader(session, "ann").passage()
    assert (page.text_state, page.paragraphs) == ("unattached", ())
    assert (page.strip.words, page.strip.quoted) == (26, 12)
    assert page.strip.lanes[0].stretches == (range(5, 10), range(12, 16), range(18, 21))
    assert page.checked_on == "2027-03-12"


def test_the_document_and_the_record_give_the_same_strip(session: Session) -> None:
    small_catalogue.publish(session, record=True)
    ann = Reader(session, "ann")
    recorded = ann.passage().strip
    small_catalogue.publish(session, attach=TEXT, record=True)
    assert ann.passage().strip == recorded


def test_a_quote_that_is_not_on_record_is_not_called_checked(session: Session) -> None:
    small_catalogue.publish(session, record=True)
    new = {**PASSAGES[1], "claims": [{"says": "it is cold", "quote": "freezes in January"}]}
    small_catalogue.put_passage(session, new, 1)
    assert Reader(session, "ann").passage().checked_on is None


@pytest.mark.parametrize("text", [TEXT.replace("Skerry", "Sherry"), TEXT + "More.", "Another book."])
def test_another_document_than_was_checked_is_not_shown(session: Session, text: str) -> None:
    small_catalogue.publish(session, attach=text)
    page = Reader(session, "ann").passage()
    assert (page.text_state, page.paragraphs, page.length, page.strip) == ("changed", (), None, None)


def test_a_passage_that_does_not_stand_where_it_says_is_not_shown(session: Session) -> None:
    small_catalogue.publish(session, attach=TEXT)
    small_catalogue.put_passage(session, {**PASSAGES[1], "start": PASSAGES[1]["start"] + 1}, 1)
    page = Reader(session, "ann").passage()
    assert (page.text_state, page.paragraphs) == ("changed", ())


def test_neighbours_follow_the_reading_order(ann: Reader) -> None:
    def around(ref: str) -> tuple[int | None, str | None, str | None]:
        page = ann.passage(ref)
        return page.number, page.previous and page.previous.ref, page.following and page.following.ref

    assert around("almanac/pilots") == (1, None, "almanac/ships")
    assert around("almanac/ships") == (2, "almanac/pilots", "almanac/basin")
    assert around("almanac/basin") == (3, "almanac/ships", None)


def test_a_highlight_across_paragraphs_is_cut_and_nothing_is_lost() -> None:
    text = "One two.\n\nThree four\nfive.\n\nSix seven.\n\nEight."
    start, end = text.index("four"), text.index("seven") + 5
    paragraphs = excerpt(text, start, end, [Highlight(text.index("five"), text.index("Six") + 3, "key")])
    assert [[(run.text, run.inside, run.kinds) for run in one.runs] for one in paragraphs] == [
        [("One two.", False, ())],
        [("Three ", False, ()), ("four\n", True, ()), ("five.", True, ("key",))],
        [("Six", True, ("key",)), (" seven", True, ()), (".", False, ())],
        [("Eight.", False, ())],
    ]
    assert [run.text for one in paragraphs for run in one.runs if run.is_anchor] == ["five."]
    assert [run.text for one in paragraphs for run in one.runs if run.ends] == ["Six"]


def test_the_context_of_one_endless_paragraph_is_cut_at_words() -> None:
    text = " ".join(f"word{n}" for n in range(2000))
    start = text.index("word1000")
    (paragraph,) = excerpt(text, start, start + len("word1000"))
    shown = "".join(run.text for run in paragraph.runs)
    assert paragraph.is_cut_before
    assert paragraph.is_cut_after
    assert len(shown) < 1300
    assert set(shown.split()) <= set(text.split())
    assert [run.text for run in paragraph.runs if run.is_anchor] == ["word1000"]


def test_a_strip_counts_each_word_once() -> None:
    shown = strip(10, [Placed(range(1, 4), "said"), Placed(range(3, 5), "said"), Placed(range(3, 6), "key")])
    assert (shown.quoted, [(lane.kind, lane.stretches, lane.words) for lane in shown.lanes]) == (
        5,
        [("said", (range(1, 5),), 4), ("key", (range(3, 6),), 3)],
    )


def test_an_opening_is_whole_sentences_or_whole_words() -> None:
    assert opening("Short.", 90) == "Short."
    assert opening("One sentence that is long enough. " + "Then words " * 20, 50) == "One sentence that is long enough."
    assert opening("word, " * 40, 50).endswith("word …")


# --- lists, names, openings ------------------------------------------------------------------------------------------


def test_the_list_of_sources_counts_passages_and_questions(ann: Reader) -> None:
    (card,) = reading.sources_page(ann.session, user_id=None, now=LATER)
    assert (card.voice, card.passages, card.questions, card.is_attached) == ("Tide Press", 3, 3, False)


def test_a_source_lists_its_passages_in_either_order(ann: Reader) -> None:
    def listed(**asked: bool) -> list[str]:
        page = reading.source_page(ann.session, "almanac", user_id=ann.id, now=LATER, **asked)
        assert page.reads_out_of_order
        return [line.passage.id for line in page.passages]

    assert listed() == ["pilots", "ships", "basin"]
    assert listed(document_order=True) == ["ships", "pilots", "basin"]


@pytest.mark.parametrize("name", ["no/pilots", "almanac/no", "almanac/choice-1"])
def test_unknown_passages_are_not_found(ann: Reader, name: str) -> None:
    with pytest.raises(NotFound):
        ann.passage(name)


def test_unknown_sources_and_disputes_are_not_found(ann: Reader) -> None:
    with pytest.raises(NotFound):
        reading.source_page(ann.session, "no", user_id=ann.id, now=LATER)
    with pytest.raises(NotFound):
        reading.dispute_page(ann.session, "no", user_id=ann.id, now=LATER)


def test_names_of_passages_and_disputes_for_links(ann: Reader) -> None:
    names = reading.passage_names(ann.session, ["almanac/pilots", "almanac/no"])
    assert {ref: str(name) for ref, name in names.items()} == {"almanac/pilots": "Tide Press, “Of pilots”"}
    assert reading.dispute_questions(ann.session, ["frost", "no"]) == {"frost": "What of the frost?"}


def test_an_opening_is_recorded_with_a_slot_only_of_the_readers_own(ann: Reader, bob: Reader) -> None:
    mine, other = ann.start("harbours"), bob.start("harbour-test")
    for slot in (None, f"{mine}.1", f"{mine}.9", f"{other}.1", "nonsense", f"{mine}.x"):
        reading.record_opening(ann.session, "almanac/pilots", user_id=ann.id, now=LATER, slot=slot)
    ann.session.commit()
    rows = ann.session.scalars(select(PassageOpening).order_by(PassageOpening.id)).all()
    assert [(row.attempt_id, row.slot) for row in rows] == [(None, None), (mine, 1)] + [(None, None)] * 4
    assert {(row.user_id, row.passage, row.opened_at) for row in rows} == {(ann.id, "almanac/pilots", LATER)}


def test_each_page_asks_at_most_six_times(session: Session) -> None:
    small_catalogue.publish(session, attach=TEXT, record=True)
    bob = Reader(session, "bob")
    for _ in range(3):
        bob.submit(bob.start("harbours"))
    bob.start("harbour-test", at=FAR)
    bob.submit(bob.start("silent"))
    small_catalogue.put_passage(session, {**PASSAGES[1], "account": "Anew."}, 1)
    session.commit()
    given: dict[str, Any] = {"user_id": bob.id, "now": LATER}
    pages = {
        "sources": lambda: reading.sources_page(session, **given),
        "source": lambda: reading.source_page(session, "almanac", **given),
        "passage": lambda: reading.passage_page(session, "almanac", "pilots", item="choice-1", **given),
        "disputes": lambda: reading.disputes_page(session, **given),
        "dispute": lambda: reading.dispute_page(session, "wall", **given),
    }
    for name, page in pages.items():
        bank._items.clear()
        bank._quizzes.clear()
        session.expunge_all()
        with count_queries(store.db.engine) as statements:
            page()
        assert len(statements) <= 6, (name, statements)
