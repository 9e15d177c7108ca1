"""Corroboration: one claim, and how each passage stands to it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from quizapp.domain.item import Item
from quizapp.domain.source import Evidence
from tests.builders import an_entry, an_item, mistakes_in


@pytest.fixture
def stopped() -> Item:
    """The book agrees, the song disagrees, the letter is less exact, the bill is silent."""
    return an_item("corroboration")


@pytest.mark.parametrize(
    ("response", "right"),
    [
        ({"book": "agrees", "song": "disagrees", "letter": "less_exact", "bill": "silent"}, 4),
        ({"book": "agrees", "song": "disagrees", "letter": "agrees", "bill": "silent"}, 3),
        ({"bill": "silent"}, 1),
        ({"book": "silent", "song": "agrees", "letter": "disagrees", "bill": "agrees"}, 0),
    ],
)
def test_each_right_row_earns_its_share(stopped: Item, response: dict[str, str], right: int) -> None:
    mark = stopped.mark(response)
    assert mark.fraction == Decimal(right) / 4
    assert mark.reason.startswith(f"{right} of 4 passages judged rightly: ")
    assert stopped.guess_score() == Decimal("0.25")


def test_rows_are_read_by_position_and_by_word(stopped: Item) -> None:
    order = (3, 1, 0, 2)
    form = {"answer-0": ["silent"], "answer-1": ["perhaps"], "answer-2": [""], "answer-3": ["less_exact"]}
    response = stopped.read(form, order)
    assert response == {"bill": "silent", "letter": "less_exact"}
    assert stopped.form(response, order) == {"answer-0": ["silent"], "answer-3": ["less_exact"]}


def test_the_question_shows_passages_and_no_quote(stopped: Item) -> None:
    question = stopped.ask((3, 1, 0, 2))
    assert question.claim == "The clock stopped for nine days."
    assert question.places == tuple(Evidence(passage=f"almanac/{name}") for name in ("bill", "song", "book", "letter"))
    assert question.passages == ("almanac/bill", "almanac/song", "almanac/book", "almanac/letter")


def test_every_passage_is_evidence_for_the_key(stopped: Item) -> None:
    assert [(place, one.quotes) for place, one in stopped.key_evidence()] == [
        (("evidence", 0), ("ten days vanished",)),
        (("options", 0), ("nine days",)),
        (("options", 1), ("never stood still",)),
        (("options", 2), ("for some days",)),
        (("options", 3), ()),
    ]
    assert list(an_item("corroboration", evidence=None).gaps()) == []


def test_the_review_reveals_the_quotes(stopped: Item) -> None:
    review = stopped.review({"book": "silent"}, stopped.default_order())
    rows = [(line.passage, line.given, line.key, line.correct) for line in review.lines]
    assert rows == [
        ("almanac/book", "is silent", "agrees", False),
        ("almanac/song", None, "disagrees", False),
        ("almanac/letter", None, "says it less exactly", False),
        ("almanac/bill", None, "is silent", False),
    ]
    assert review.lines[0].evidence[0].quotes == ("nine days",)
    hidden = review.only(frozenset({"correctness"}))
    assert [(line.key, line.correct, line.evidence) for line in hidden.lines][:2] == [
        (None, False, ()),
        (None, None, ()),
    ]


def test_mistakes_are_told_together() -> None:
    options = [
        {"id": "a", "passage": "almanac/book", "key": "silent", "quote": "nine days"},
        {"id": "a", "passage": "almanac/book", "key": "agrees"},
    ]
    assert mistakes_in(an_entry("corroboration", options=options)) == {
        ("options", 0, "quote"): ["a passage that is silent has no words on the claim to quote"],
        ("options", 1): ["missing field «quote»: the words that speak to the claim"],
        ("options", 1, "id"): ["option id «a» is used twice; give each option its own"],
        ("options", 1, "passage"): ["«almanac/book» stands here twice; show each passage once"],
    }
    odd = [
        {"id": "a", "passage": "almanac/book", "key": "denies"},
        {"id": "b", "passage": "almanac/song", "key": "silent"},
    ]
    assert mistakes_in(an_entry("corroboration", options=odd)) == {
        ("options", 0, "key"): [
            "«denies» is not one of agrees, disagrees, less_exact, silent; did you mean «disagrees»?"
        ],
    }
