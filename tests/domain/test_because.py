"""The laws of reasons beside answers."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain import because
from quizapp.domain.items import ITEM_TYPES, build, entry, item_digest
from quizapp.domain.marking import Mark
from tests.builders import an_entry, an_item

FRACTIONS = st.decimals(0, 1, allow_nan=False, places=7)
REASONS = st.one_of(st.none(), st.text(min_size=1, max_size=20).filter(str.strip))
POINTS = st.sampled_from([None, 0, 1, 2])
ANYTHING = st.text(st.characters(exclude_categories=()), max_size=2000)


@given(text=ANYTHING)
def test_what_is_read_goes_to_a_form_and_back(text: str) -> None:
    reason = because.read({"because": [text]})
    assert because.read(because.form(reason)) == reason
    if reason is not None:
        assert 0 < len(reason) <= because.LONGEST
        assert reason.encode()
        assert not set(reason) & {"\0", "\r"}


@given(fraction=FRACTIONS, answered=st.booleans(), reason=REASONS, points=POINTS)
def test_only_a_reason_beside_an_answer_waits(
    fraction: Decimal, answered: bool, reason: str | None, points: int | None
) -> None:
    answer = Mark(fraction, "The right answer.", {"evidence": fraction})
    mark = because.with_reason(answer, answered=answered, reason=reason, points=points)
    assert (mark.fraction is None) == (answered and reason is not None and points is None)
    assert mark.parts["evidence"] == mark.parts[because.OWN] == fraction
    assert (because.FIELD in mark.parts) == (mark.fraction is not None)
    assert mark.reason
    if mark.fraction is not None:
        assert fraction / 2 - Decimal("1e-7") <= mark.fraction <= (fraction + 1) / 2 + Decimal("1e-7")


@given(fraction=FRACTIONS, points=st.sampled_from([0, 1, 2]))
def test_points_come_back_from_the_parts_and_more_points_never_earn_less(fraction: Decimal, points: int) -> None:
    answer = Mark(fraction, "So.")
    mark = because.with_reason(answer, answered=True, reason="So.", points=points)
    assert because.points_of(mark.parts) == points
    if points:
        less = because.with_reason(answer, answered=True, reason="So.", points=points - 1)
        assert less.fraction is not None
        assert mark.fraction is not None
        assert less.fraction < mark.fraction


def test_full_marks_take_the_right_answer_and_two_points() -> None:
    right = Mark(Decimal(1), "The right answer.")
    assert because.with_reason(right, answered=True, reason="So.", points=2).fraction == 1
    assert because.with_reason(Mark(None, "?"), answered=True, reason="So.", points=2).fraction is None


@pytest.mark.parametrize(
    ("mode", "assignment", "marked"), [("test", 1, True), ("test", None, False), ("practice", 1, False)]
)
def test_a_teacher_marks_tests_of_classes(mode: str, assignment: int | None, marked: bool) -> None:
    assert because.is_marked(mode, assignment) is marked


@pytest.mark.parametrize("type_", ITEM_TYPES)
def test_an_item_of_any_type_may_ask_why(type_: str) -> None:
    asks = an_item(type_, because=True)
    assert build(entry(asks)) == asks
    assert asks.ask(asks.default_order()).because
    assert not an_item(type_).ask(asks.default_order()).because
    assert item_digest(build(an_entry(type_, because=False))) == item_digest(an_item(type_))
