"""A teacher's own source: kept, cut, corrected, cited, changed with care, retired, and never the catalogue's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from quizapp.domain.entry import plain
from quizapp.domain.items import build
from quizapp.domain.quiz import Quiz
from quizapp.domain.verification import verify
from quizapp.formats import document_text
from quizapp.services import checking, dumping, reading
from quizapp.services.accounts import Mistakes
from quizapp.services.errors import NotAllowed, NotFound
from quizapp.services.own_sources import looking, own, parts, ready, receiving
from quizapp.services.own_sources.parts import ChangedMeanwhile, Typed
from quizapp.services.own_sources.receiving import Sent
from quizapp.services.people import Person, person
from quizapp.services.questions import evidence, provenance, publishing
from quizapp.store import bank, own_sources, users
from tests import own_bank, small_bank, small_catalogue
from tests.own_documents import LANTERN
from tests.services.test_authoring import publish
from tests.services.test_reading import Reader
from tests.small_bank import NOON

LATER = NOON + timedelta(hours=1)
NAME = "own-the-lantern-street-strike"
ABOUT = {
    "title": "The Lantern Street Strike", "publisher": "unknown", "year": "1911", "kind": "memoir", "language": "en",
    "rights": "ours", "find": "Ask us.", "reliability": "medium", "good_for": "the days", "poor_for": "the motives",
    "assessment": "A clerk wrote it down long after.",
}  # fmt: skip


def a_teacher(session: Session, name: str = "tess", role: str = "teacher") -> Person:
    user = users.by_id(session, small_bank.a_user(session, name, role))
    assert user is not None
    return person(user)


def add(session: Session, asking: Person, text: str = LANTERN, title: str = "") -> str:
    made = document_text.of_pasted(text)
    return own.add(session, title or "The Lantern Street Strike", made, "pasted", asking=asking, now=NOON).name


def make_ready(session: Session, asking: Person, text: str = LANTERN) -> str:
    name = add(session, asking, text)
    own.describe(session, name, ABOUT, asking=asking, now=NOON)
    ready.make_ready(session, name, asking=asking, now=NOON)
    return name


def refs(session: Session, name: str) -> list[str]:
    return [f"{name}/{one.id}" for one in own.parts_in(own.find(session, name)) if not one.left_out]


def an_item(session: Session, teacher: Person, ref: str, quote: str, name: str = "gloves") -> str:
    """A ready question that rests on this passage."""
    entry = {
        "id": name, "topic": "strikes", "type": "true_false", "stem": "The men asked for gloves.", "key": True,
        "difficulty": 1, "skill": "recall", "explanation": "So it says.",
        "evidence": [{"passage": ref, "quote": quote}],
    }  # fmt: skip
    item = build(entry)
    found = verify(item.all_evidence(), evidence.library(session, item.passages()))
    assert found.outcome == "verified", found.reasons
    publishing._put(session, item, None, "publish", actor_id=teacher.id, now=NOON)
    return name


def page(session: Session, ref: str) -> reading.PassagePage:
    return reading.passage_page(session, *ref.split("/"), user_id=None, now=NOON)


# --- added and cut


def test_it_is_cut_at_its_headings_and_nobody_reads_it_yet(session: Session) -> None:
    name = add(session, a_teacher(session))
    assert name == NAME
    text = own.text_of(session, own.find(session, name))
    cut = own.parts_in(own.find(session, name))
    assert [one.heading for one in cut] == ["The Lantern Street Strike", "What the owner said", "How it ended"]
    assert [text[one.start : one.end].split()[0] for one in cut] == ["It", "Mr.", "The"]
    assert all(text[one.start : one.end].endswith((".", "”", '"')) for one in cut)
    with pytest.raises(NotFound):
        reading.source_page(session, name, user_id=None, now=NOON)


def test_two_of_one_title_have_names_of_their_own(session: Session) -> None:
    teacher = a_teacher(session)
    assert [add(session, teacher), add(session, teacher), add(session, teacher, title="Всё")] == [
        NAME, f"{NAME}-2", "own-source",
    ]  # fmt: skip


def test_what_cannot_be_taken_is_said_beside_its_field(session: Session) -> None:
    for sent, field in (
        (Sent(), "file"),
        (Sent("a.txt", b""), "file"),
        (Sent("a.txt", b"words", "and more"), "pasted"),
        (Sent("a.exe", b"MZ and so on"), "file"),
        (Sent(pasted="too few"), "pasted"),
    ):
        with pytest.raises(Mistakes) as refusal:
            receiving.read(sent)
        assert list(refusal.value.fields) == [field]


# --- whose it is


def test_others_read_and_only_its_teacher_and_an_administrator_change(session: Session) -> None:
    tess, tom, ada = a_teacher(session), a_teacher(session, "tom"), a_teacher(session, "ada", "admin")
    name = add(session, tess)
    assert not looking.page(session, name, tom).may_change
    for deed in (
        lambda: own.describe(session, name, ABOUT, asking=tom, now=NOON),
        lambda: ready.make_ready(session, name, asking=tom, now=NOON),
        lambda: ready.retire(session, name, asking=tom, now=NOON),
        lambda: parts.change(session, name, {}, "anew", -1, 1, asking=tom, now=NOON),
    ):
        with pytest.raises(NotAllowed):
            deed()
    own.describe(session, name, {**ABOUT, "title": "Mended"}, asking=ada, now=NOON)
    assert [(one.title, one.is_mine) for one in looking.lines(session, tom)] == [("Mended", False)]


def test_an_erased_teachers_source_stays_and_is_nobodys(session: Session) -> None:
    name = make_ready(session, a_teacher(session))
    own_sources.forget(session, own.find(session, name).owner_id or 0)
    session.expire_all()
    assert looking.page(session, name, a_teacher(session, "tom")).by == looking.NOBODY


# --- corrected


def typed(heading: str = "Mine", account: str = "", *, out: bool = False, around: bool = False) -> Typed:
    return Typed(heading, account, is_paratext=around, is_left_out=out)


def correct(session: Session, name: str, teacher: Person, deed: str, where: int = -1, **given: Typed) -> str:
    revision = own.find(session, name).revision
    return parts.change(session, name, given, deed, where, revision, asking=teacher, now=LATER)


def test_merge_and_split_keep_every_word_in_between(session: Session) -> None:
    teacher = a_teacher(session)
    name = add(session, teacher)
    correct(session, name, teacher, "merge:p1")
    source = own.find(session, name)
    text, (first, last) = own.text_of(session, source), own.parts_in(source)
    assert "What the owner said" in text[first.start : first.end]
    line = parts.page(source, text, 1).lines[0]
    at = next(at for at, words in line.beginnings if words.startswith("Mr. Vane"))
    assert correct(session, name, teacher, "split:p1", at) == "p4"
    cut = own.parts_in(own.find(session, name))
    assert [one.id for one in cut] == ["p1", "p4", "p3"]
    assert text[cut[1].start : cut[1].end].startswith("Mr. Vane")
    assert text[cut[0].start : cut[0].end].endswith("What the owner said")
    assert last == cut[2]


def test_a_split_inside_a_sentence_is_refused_and_what_is_typed_is_not_lost(session: Session) -> None:
    teacher = a_teacher(session)
    name = add(session, teacher)
    with pytest.raises(Mistakes) as refusal:
        correct(session, name, teacher, "split:p1", 40, p1=typed("Kept by the page"))
    assert list(refusal.value.fields) == ["where-p1"]
    source = own.find(session, name)
    shown = parts.page(source, own.text_of(session, source), 1, {"p1": typed("Kept by the page")})
    assert shown.lines[0].part.heading == "Kept by the page"


def test_headings_accounts_and_choices_are_kept(session: Session) -> None:
    teacher = a_teacher(session)
    name = add(session, teacher)
    correct(
        session, name, teacher, "keep", p1=typed("Gloves", "The men ask."), p2=typed(out=True), p3=typed(around=True)
    )
    found = own.parts_in(own.find(session, name))
    assert [(one.heading, one.account, one.kind, one.left_out) for one in found] == [
        ("Gloves", "The men ask.", "text", False), ("Mine", "", "text", True), ("Mine", "", "paratext", False),
    ]  # fmt: skip


def test_a_second_window_is_told(session: Session) -> None:
    teacher = a_teacher(session)
    name = add(session, teacher)
    correct(session, name, teacher, "keep", p1=typed("First"))
    with pytest.raises(ChangedMeanwhile):
        parts.change(session, name, {"p1": typed("Second")}, "keep", -1, 1, asking=teacher, now=LATER)
    assert own.parts_in(own.find(session, name))[0].heading == "First"


# --- for readers


def test_it_is_not_ready_until_all_is_said(session: Session) -> None:
    teacher = a_teacher(session)
    name = add(session, teacher)
    correct(session, name, teacher, "keep", p1=typed(out=True), p2=typed(out=True), p3=typed(out=True))
    with pytest.raises(Mistakes) as refusal:
        ready.make_ready(session, name, asking=teacher, now=NOON)
    assert set(refusal.value.fields) == {"kind", "reliability", "good_for", "poor_for", "assessment", "parts"}


def test_readers_get_it_as_any_source_and_questions_cite_it(session: Session) -> None:
    teacher = a_teacher(session)
    name = make_ready(session, teacher)
    (card,) = reading.sources_page(session, user_id=None, now=NOON)
    assert (card.source.is_own, card.passages) == (True, 3)
    shown = page(session, refs(session, name)[0])
    assert shown.text_state == "attached"
    assert not shown.has_account
    assert "furnace men" in "".join(run.text for one in shown.paragraphs for run in one.runs)
    assert [one.ref for one in evidence.search(session, "gloves furnace")][:1] == [refs(session, name)[0]]
    an_item(session, teacher, refs(session, name)[0], "asked for gloves since")
    assert f"({name}/p1)" in reading.citations(session, refs(session, name))[f"{name}/p1"]


def test_what_is_left_out_is_nowhere(session: Session) -> None:
    teacher = a_teacher(session)
    name = make_ready(session, teacher)
    correct(session, name, teacher, "keep", p2=typed(out=True))
    assert looking.state(own.find(session, name)) == "changed"
    assert page(session, f"{name}/p2").number == 2
    ready.make_ready(session, name, asking=teacher, now=LATER)
    with pytest.raises(NotFound):
        page(session, f"{name}/p2")


# --- changed with care


def test_passages_whose_words_stay_shake_nothing_and_the_others_do(session: Session) -> None:
    teacher = a_teacher(session)
    name = make_ready(session, teacher)
    an_item(session, teacher, f"{name}/p1", "asked for gloves since", "gloves")
    an_item(session, teacher, f"{name}/p3", "came with the evening", "evening")
    mended = LANTERN.replace("on the back of an invoice", "on a sheet of paper").replace("He blamed", "Then he blamed")
    own.give_text(session, name, document_text.of_pasted(mended), "better.txt", asking=teacher, now=LATER)
    source = own.find(session, name)
    assert [one.id for one in own.parts_in(source)] == ["p1", "p2", "p3"]
    told = ready.effect(session, source)
    assert (told.changed, told.gone, told.questions) == ((f"{name}/p1", f"{name}/p2"), (), ("gloves",))
    assert "invoice" in "".join(run.text for one in page(session, f"{name}/p1").paragraphs for run in one.runs)
    ready.make_ready(session, name, asking=teacher, now=LATER)
    assert [one.name for one in provenance.to_look_at(session)] == ["gloves"]
    assert provenance.to_look_at(session)[0].holds == "verified"
    assert set(bank.current_items(session)) == {"evening"}


def test_a_merged_passage_sends_its_questions_back_and_so_does_one_that_is_gone(session: Session) -> None:
    teacher = a_teacher(session)
    name = make_ready(session, teacher)
    an_item(session, teacher, f"{name}/p1", "asked for gloves since", "gloves")
    an_item(session, teacher, f"{name}/p2", "My people are content", "content")
    correct(session, name, teacher, "merge:p1")
    done = ready.make_ready(session, name, asking=teacher, now=LATER)
    assert (done.changed, done.gone) == ((f"{name}/p1",), (f"{name}/p2",))
    assert {one.name: one.holds for one in provenance.to_look_at(session)} == {
        "gloves": "verified",
        "content": "broken",
    }


def test_a_first_account_shakes_nothing_another_one_does_and_another_panel_is_listed(session: Session) -> None:
    teacher = a_teacher(session)
    name = make_ready(session, teacher)
    an_item(session, teacher, f"{name}/p1", "asked for gloves since")
    correct(session, name, teacher, "keep", p1=typed(account="They asked for gloves."))
    assert ready.make_ready(session, name, asking=teacher, now=LATER).retold == ()
    own.describe(session, name, {**ABOUT, "reliability": "low"}, asking=teacher, now=LATER)
    done = ready.make_ready(session, name, asking=teacher, now=LATER)
    assert (done.questions, done.to_look_at) == ((), ("gloves",))
    correct(session, name, teacher, "keep", p1=typed(account="It says that they asked for gloves."))
    done = ready.make_ready(session, name, asking=teacher, now=LATER)
    assert (done.retold, done.questions) == ((f"{name}/p1",), ("gloves",))
    assert [(one.name, one.in_use) for one in provenance.to_look_at(session)] == [("gloves", False)]


def test_a_retired_source_is_gone_for_readers_and_can_come_back(session: Session) -> None:
    teacher = a_teacher(session)
    name = make_ready(session, teacher)
    an_item(session, teacher, f"{name}/p1", "asked for gloves since")
    assert ready.retire(session, name, asking=teacher, now=LATER) == ["gloves"]
    assert reading.sources_page(session, user_id=None, now=NOON) == ()
    assert provenance.to_look_at(session)[0].reason == "The source “The Lantern Street Strike” was retired."
    ready.make_ready(session, name, asking=teacher, now=LATER)
    publishing.back_to_ready(session, "gloves", actor_id=teacher.id, now=LATER)
    assert set(bank.current_items(session)) == {"gloves"}


# --- beside the catalogue


def test_publishing_the_files_leaves_it_alone(session: Session, tmp_path: Path) -> None:
    teacher = a_teacher(session)
    name = make_ready(session, teacher)
    publish(session, tmp_path)
    publish(session, tmp_path)
    assert page(session, f"{name}/p1").text_state == "attached"
    assert {one.source.id for one in reading.sources_page(session, user_id=None, now=NOON)} == {"hallow", name}


def test_a_dump_leaves_it_out_with_what_rests_on_it_and_says_so(session: Session, tmp_path: Path) -> None:
    teacher = a_teacher(session)
    publish(session, tmp_path)
    name = make_ready(session, teacher)
    an_item(session, teacher, f"{name}/p1", "asked for gloves since")
    entry = {"id": "mixed", "title": "Mixed", "sections": [{"items": ["gloves", "keeper-glass"]}]}
    small_catalogue.put(session, "quiz", "mixed", plain(Quiz.model_validate(entry)))
    only = {**entry, "id": "only", "sections": [{"items": ["gloves"]}]}
    small_catalogue.put(session, "quiz", "only", plain(Quiz.model_validate(only)))
    dumping.dump_bank(session, tmp_path / "out")
    assert dumping.left_out(session) == (f"source {name}", "item gloves", "quiz only")
    dumped = checking.read(tmp_path / "out" / "question_bank", tmp_path / "out" / "seeds")
    report = checking.check(dumped, {})
    assert [str(one) for one in report.mistakes] == []
    assert "gloves" not in "".join(path.read_text() for path in (tmp_path / "out").rglob("*.yaml"))


def test_no_source_of_the_files_may_be_called_so(tmp_path: Path) -> None:
    files = {name: text.replace("hallow/", "own-hallow/").replace("id: hallow", "id: own-hallow")
             for name, text in own_bank.good_files().items()}  # fmt: skip
    folders = own_bank.write(tmp_path, files)
    found = checking.check(checking.read(folders.bank, folders.seeds), {})
    assert any("own-" in str(one) and "choose another" in str(one) for one in found.mistakes)


# --- looking back


def test_who_took_a_quiz_with_it_still_sees_the_words_that_it_had(session: Session) -> None:
    teacher = a_teacher(session)
    name = make_ready(session, teacher)
    ref = f"{name}/p1"
    an_item(session, teacher, ref, "asked for gloves since")
    entry = {"id": "strike", "title": "Strike", "sections": [{"items": ["gloves"]}]}
    small_catalogue.put(session, "quiz", "strike", plain(Quiz.model_validate(entry)))
    bob = Reader(session, "bob")
    digests = {ref: bank.current_digests(session, "passage", [ref])[ref]}
    bob.submit(bob.start("strike"))
    mended = LANTERN.replace("on the back of an invoice", "on a sheet of paper")
    own.give_text(session, name, document_text.of_pasted(mended), "better.txt", asking=teacher, now=LATER)
    ready.make_ready(session, name, asking=teacher, now=LATER)
    then = bob.passage(ref, item="gloves")
    assert (then.text_state, then.matter.has_changed) == ("attached", True)
    assert "invoice" in words_of(then)
    assert "sheet of paper" in words_of(page(session, ref))
    assert "invoice" in "".join(reading.shown_passages(session, digests)[0].paragraphs)
    ready.retire(session, name, asking=teacher, now=LATER)
    assert "invoice" in words_of(bob.passage(ref, item="gloves"))
    assert reading.passage_names(session, [ref]) == {}
    assert ref in reading.passage_names(session, [ref], looking_back=True)
    with pytest.raises(NotFound):
        page(session, ref)


def words_of(page: reading.PassagePage) -> str:
    return " ".join(run.text for one in page.paragraphs for run in one.runs)
