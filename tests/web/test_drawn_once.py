"""What a reviewed question shows is drawn once for all who stand alike: never with anything of another, never stale."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from quizapp import store
from quizapp.domain.attempt import Saved, Stamp, Standing
from quizapp.domain.gallery import sample_responses
from quizapp.domain.item import Item, Review
from quizapp.domain.items import ITEM_TYPES, item_digest
from quizapp.domain.review_policy import ASPECTS, EVERYTHING
from quizapp.services import transactions
from quizapp.services.reading import Place
from quizapp.services.taking.corrections import Correction
from quizapp.services.taking.lines import Line, line
from quizapp.store.sheets import SheetSlot
from quizapp.store.tables import Attempt, User
from quizapp.web.fragments import FRAGMENTS, Fragments
from quizapp.web.student import links
from tests import small_bank
from tests.builders import an_item
from tests.databases import count_queries
from tests.web.sittings import Taker, new_taker

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)
ANN = uuid.UUID(int=1)
ITEM = an_item("single_choice")
SOURCES = {"almanac/calendars": "The almanac", "almanac/candles": "The almanac, on candles"}
DISPUTES = {"which-clock": "Which clock was it?"}


@pytest.fixture(autouse=True)
def nothing_is_drawn(app: Flask) -> None:
    app.extensions[FRAGMENTS].__init__(app.jinja_env)


@pytest.fixture
def in_request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


drawing = pytest.mark.usefixtures("in_request")


def a_slot(item: Item, response: Any, **given: Any) -> SheetSlot:
    mark = item.mark(response)
    answer = Saved(Stamp("phone-0001", 1), response, Standing.CURRENT, NOON, given.pop("certainty", None))
    order = json.dumps(given.pop("order", item.default_order()))
    slot = SheetSlot(
        attempt_id=ANN, number=1, item=item.id, item_digest=item_digest(item), order_json=order, evidence_json="{}",
        available=Decimal(1), flagged=False, first_shown_at=NOON, checked_at=NOON, fraction=mark.fraction,
        mark=mark.of(Decimal(1)), reason=mark.reason, parts_json="{}", self_check=None, comment=None, answer=answer,
    )  # fmt: skip
    return replace(slot, **given)


def a_line(item: Item = ITEM, response: Any = "candle", seen: frozenset[str] = EVERYTHING, **given: Any) -> Line:
    slot = a_slot(item, response, **given)
    return line(slot, item, slot.answer, seen)


def drawn(one: Line, sources: dict[str, str] = SOURCES, disputes: dict[str, str] = DISPUTES, may=True) -> str:
    return links._reviewed(sources, disputes, may, one)


def drawn_anew(one: Line, *more: Any) -> str:
    return drawn(replace(one, alike=None), *more)


# --- what is remembered is told apart by all that is drawn -----------------------------------------------------------

A_REVIEW = Review(given="A candle", key=None)
PLACE = Place(uuid.UUID(int=9), 3, NOON, "Harbours")
MOVED = Correction(NOON, False, Decimal(0), Decimal(1), Decimal(1), Decimal(1), "The key was wrong.")
OTHERWISE: dict[str, Any] = {
    "attempt": uuid.UUID(int=2),
    "number": 7,
    "answered": False,
    "flagged": True,
    "fraction": Decimal("0.5"),
    "mark": Decimal("0.25"),
    "available": Decimal(3),
    "reason": "Because of the rule.",
    "parts": {"answer": Decimal(1), "evidence": Decimal("0.5")},
    "certainty": 3,
    "because": "It burns.",
    "points": 1,
    "waiting": True,
    "self_check": "had",
    "may_self_check": True,
    "late": (A_REVIEW,),
    "not_chosen": (A_REVIEW,),
    "asked_in": PLACE,
    "comment": "Look again.",
    "spared": ("Harbours",),
    "corrections": (MOVED,),
    "changed": True,
}
# These follow from the version, the order, the answer and what may be seen of them: from ``alike``.
FOLLOWING = {"question", "review", "explanation", "evidence", "disputes", "unsourced", "item", "version", "named"}


def test_every_field_of_a_line_is_thought_of() -> None:
    assert OTHERWISE.keys() | FOLLOWING | {"alike"} == {field.name for field in fields(Line)}


@drawing
@pytest.mark.parametrize("field", OTHERWISE)
@pytest.mark.parametrize("because", [None, "It is dark at night."])
def test_a_line_that_differs_in_anything_is_drawn_as_it_is(field: str, because: str | None) -> None:
    one = replace(a_line(), because=because)
    before = drawn(one)
    other = replace(one, **{field: OTHERWISE[field]})
    assert drawn(other) == drawn_anew(other)
    assert drawn(one) == before == drawn_anew(one)


@drawing
@pytest.mark.parametrize("type_name", ITEM_TYPES)
def test_every_answer_in_every_order_under_every_policy_is_drawn_as_it_is(type_name: str) -> None:
    item = an_item(type_name)
    orders = [item.default_order(), *list(permutations(item.default_order()))[-2:]]
    policies = [EVERYTHING, frozenset(), *(EVERYTHING - {one} for one in ASPECTS), *(frozenset({a}) for a in ASPECTS)]
    seen = set()
    for _ in range(2):  # the second time from memory
        for response in sample_responses(item).values():
            for order in orders:
                for policy in policies:
                    one = a_line(item, response, policy, order=order)
                    assert (one.question, one.review) == (
                        item.ask(order),
                        item.review(response, tuple(order)).only(policy),
                    )
                    assert drawn(one) == drawn_anew(one)
                    seen.add(drawn(one))
    assert len(seen) > len(policies)


@drawing
@pytest.mark.parametrize("more", [({}, DISPUTES, True), (SOURCES, {}, True), (SOURCES, DISPUTES, False)])
def test_names_that_change_and_who_may_report_are_seen(more: Any) -> None:
    one = a_line(an_item("single_choice", disputes=["which-clock"]))
    before = drawn(one)
    assert drawn(one, *more) == drawn_anew(one, *more) != before


@drawing
def test_the_key_of_what_is_not_seen_does_not_come_from_memory() -> None:
    assert "verdict-right" in drawn(a_line())
    hidden = drawn(a_line(seen=frozenset()))
    assert "verdict-right" not in hidden
    assert "ten days vanished" not in hidden


# --- whose it is -----------------------------------------------------------------------------------------------------


def answered_alike(app: Flask) -> tuple[Taker, Taker]:
    """Two students who gave the same answers and handed in."""
    with app.app_context():
        small_bank.publish(transactions.session())
    ann, ben = new_taker(app, "student"), new_taker(app, "student")
    for one in (ann, ben):
        one.start("harbour-test")
        for number in range(1, 6):
            one.press(number, answer="0")
        one.press("submit")
    return ann, ben


def drawn_reviews(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Grows with each review that is drawn."""
    grows: list[str] = []
    draw = Fragments._draw

    def counted(self: Fragments, template: str, macro: str, arguments: Any) -> Any:
        grows.extend([macro] if template == links.TEMPLATE else [])
        return draw(self, template, macro, arguments)

    monkeypatch.setattr(Fragments, "_draw", counted)
    return grows


def test_a_page_holds_nothing_of_whom_it_was_drawn_for(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, ben = answered_alike(app)
    reviews = drawn_reviews(monkeypatch)
    pages = [one.at("result").text.partition("<main")[2] for one in (ann, ben)]
    again = [one.at("result").text.partition("<main")[2] for one in (ann, ben)]
    ids = [one.attempt.rpartition("/")[2] for one in (ann, ben)]
    for page, own, other in zip(pages, ids, reversed(ids), strict=True):
        assert other not in page
        assert str(links.SOMEBODYS) not in page
        whence = re.findall(r"slot=([0-9a-f-]{36})\.(\d+)", page)
        assert {attempt for attempt, _ in whence} == {own}
        assert {number for _, number in whence} == {"1", "2", "3", "4", "5"}
        reports = re.findall(r'href="/attempts/([0-9a-f-]{36})/(\d)/(?:report|challenge)"', page)
        assert reports == [(own, str(number)) for number in range(1, 6) for _ in range(2)]
    assert pages == again
    assert len(reviews) <= 10, "what was drawn once is not drawn again"


@drawing
def test_two_who_answered_alike_are_drawn_once() -> None:
    anns = drawn(a_line())
    ben = replace(a_line(), attempt=uuid.UUID(int=2), number=4)
    whole = "/attempts/00000000-0000-0000-0000-00000000000"
    with pytest.MonkeyPatch.context() as patch:
        reviews = drawn_reviews(patch)
        page = drawn(ben)
    assert reviews == []
    assert page == anns.replace(f"{whole}1/1", f"{whole}2/4").replace(f"{ANN}.1", f"{uuid.UUID(int=2)}.4")


# --- what it costs, and who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["submit", "result"])
def test_a_session_that_was_ended_elsewhere_hands_nothing_in_and_sees_nothing(app: Flask, what: str) -> None:
    ann, _ = answered_alike(app)
    if what == "submit":
        ann.start("harbour-test")
    form = {"csrf_token": ann.token("/quizzes")}
    with app.app_context():
        transactions.session().execute(update(User).values(session_epoch=User.session_epoch + 1))
        transactions.commit()
    if what == "submit":
        assert ann.client.post(f"{ann.attempt}/submit", data=form).status_code == 401
    else:
        assert ann.at("result").location.startswith("/sign-in")
    with app.app_context():
        open_ones = transactions.session().scalars(select(Attempt.user_id).where(Attempt.submitted_at.is_(None))).all()
    assert len(open_ones) == (1 if what == "submit" else 0)


def test_handing_in_costs_five_statements_whatever_the_number_of_questions(app: Flask) -> None:
    ann, _ = answered_alike(app)
    ann.start("harbour-test")
    form = {"csrf_token": ann.token("/quizzes")}
    with app.app_context(), count_queries(store.db.engine) as statements:
        assert ann.client.post(f"{ann.attempt}/submit", data=form).status_code == 302
    assert [one.split()[0] for one in statements] == ["SELECT", "SELECT", "SELECT", "UPDATE", "UPDATE"]
