"""Another copy of a document shows a passage only where all its quotes stand once, and is never the document."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from quizapp.domain.other_copy import NotThere, Wanted, stretch
from quizapp.domain.verification import Text
from quizapp.formats import document_text
from quizapp.services import reading
from quizapp.services.accounts import Mistakes
from quizapp.services.errors import NotAllowed, NotFound
from quizapp.services.own_sources import copies
from quizapp.services.own_sources.receiving import Sent
from quizapp.services.people import Person
from quizapp.services.questions import evidence
from quizapp.store import bank
from tests import small_catalogue
from tests.services.test_own_sources import a_teacher
from tests.services.test_reading import Reader
from tests.small_bank import NOON
from tests.small_catalogue import TEXT

# The publisher's page has other paragraphs, spaces and quotation marks.
COPY = (
    TEXT.replace("wait until the\nflood", "wait  until the flood")
    .replace("alert('tide')", "alert(‘tide’)")
    .replace("Ships come in", "A new preface.\n\nShips come in")
)


def attach(session: Session, teacher: Person, text: str = COPY) -> str:
    made = document_text.of_pasted(text)
    return copies.attach(session, "almanac", Sent(pasted=text), made, asking=teacher, now=NOON)


@pytest.fixture
def teacher(session: Session) -> Person:
    small_catalogue.publish(session, record=True)
    return a_teacher(session)


def passage(session: Session, name: str = "pilots", user_id: int | None = None) -> reading.PassagePage:
    return reading.passage_page(session, "almanac", name, user_id=user_id, now=NOON)


def words(page: reading.PassagePage) -> str:
    return "\n\n".join("".join(run.text for run in one.runs) for one in page.paragraphs)


def test_the_paragraphs_that_hold_the_quotes_are_shown_with_them_marked(session: Session, teacher: Person) -> None:
    assert attach(session, teacher) == "copy"
    page = passage(session)
    assert page.text_state == "copy"
    assert words(page).startswith("At Skerry the pilots wait until the flood has turned.")
    assert words(page).endswith("and nobody leaves.")
    marked = [run.text for one in page.paragraphs for run in one.runs if run.kinds]
    assert marked[0] == "until the flood has turned"
    assert page.checked_on == "2027-03-12"  # of the document; the page says that the copy was not


def test_it_is_never_taken_for_the_document(session: Session, teacher: Person) -> None:
    attach(session, teacher)
    assert bank.attached_sources(session) == set()
    assert evidence.check({"passage": "almanac/pilots", "quote": "nobody leaves"}, evidence.library(
        session, ["almanac/pilots"])).outcome == "unattached"  # fmt: skip
    (card,) = reading.sources_page(session, user_id=None, now=NOON)
    assert not card.is_attached


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (("nobody leaves", "no one leaves"), "“nobody leaves” does not stand there"),
        (("A new preface.", "A preface: nobody leaves."), "“nobody leaves” stands there 2 times"),
        (("nobody leaves", "nobody leavest"), "“nobody leaves” is part of other words there"),
        (("At Holm", "Much. " * 1200 + "At Holm"), "too far apart"),
    ],
)
def test_one_quote_amiss_and_nothing_is_shown(
    session: Session, teacher: Person, changed: tuple[str, str], reason: str
) -> None:
    attach(session, teacher, COPY.replace(*changed))
    assert passage(session).text_state == "unattached"
    line = next(one for one in copies.page(session, "almanac", teacher).lines if one.ref == "almanac/pilots")
    assert not line.is_shown
    assert reason in line.why_not


def test_a_passage_without_quotes_is_not_guessed(session: Session, teacher: Person) -> None:
    attach(session, teacher)
    found = {one.ref: one.why_not for one in copies.page(session, "almanac", teacher).lines}
    assert found == {"almanac/ships": "No words of it are quoted, so it cannot be found.", "almanac/pilots": "",
                     "almanac/basin": ""}  # fmt: skip
    assert passage(session, "ships").text_state == "unattached"


def test_who_has_a_question_open_sees_nothing_of_it(session: Session, teacher: Person) -> None:
    attach(session, teacher)
    bob = Reader(session, "bob")
    attempt = bob.start("harbours")
    assert passage(session, user_id=bob.id).text_state == "unattached"
    assert passage(session, "basin", bob.id).text_state == "unattached"
    bob.submit(attempt)
    assert passage(session, user_id=bob.id).text_state == "copy"


def test_the_document_itself_comes_before_any_copy_and_its_bytes_are_attached_as_such(
    session: Session, teacher: Person
) -> None:
    attach(session, teacher)
    made = document_text.read("almanac.txt", TEXT.encode())
    sent = Sent("almanac.txt", TEXT.encode())
    assert copies.attach(session, "almanac", sent, made, asking=teacher, now=NOON) == "document"
    assert passage(session).text_state == "attached"


def test_a_text_that_is_another_one_is_refused(session: Session, teacher: Person) -> None:
    with pytest.raises(Mistakes) as refusal:
        attach(session, teacher, "Something else altogether, which nobody quotes.")
    assert list(refusal.value.fields) == ["pasted"]


def test_others_cannot_replace_it_and_own_sources_have_none(session: Session, teacher: Person) -> None:
    attach(session, teacher)
    tom = a_teacher(session, "tom")
    with pytest.raises(NotAllowed):
        attach(session, tom)
    with pytest.raises(NotAllowed):
        copies.remove(session, "almanac", asking=tom, now=NOON)
    with pytest.raises(NotFound):
        copies.page(session, "own-none", tom)
    copies.remove(session, "almanac", asking=teacher, now=NOON)
    assert passage(session).text_state == "unattached"


def test_a_paragraph_without_end_is_shown_around_its_quote_in_whole_sentences() -> None:
    text = "It rained all day. " * 200 + "The bell rang at nine sharp. " + "Then it was quiet. " * 200
    found = stretch(Text(text), [Wanted("rang at nine")], 300)
    shown = text[found.start : found.end]
    assert len(shown) < 1200
    assert shown.startswith("It rained")
    assert shown.endswith("quiet.")
    with pytest.raises(NotThere):
        stretch(Text(text), [Wanted("rang at nine", 2)], 300)
