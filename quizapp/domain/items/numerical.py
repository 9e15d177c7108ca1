"""A number, typed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field

from quizapp.domain.entry import Amount, Entry, Place, Problem, Text
from quizapp.domain.item import Distractor, Form, Item, Order, Question, Response, Review
from quizapp.domain.marking import FULL, ZERO, Mark
from quizapp.domain.mendable import CannotMark
from quizapp.domain.number import is_same_unit, read, shown
from quizapp.domain.short_text import typed
from quizapp.domain.source import Evidence
from quizapp.domain.wrong_answer import WrongAnswer, wrong_distractors, wrong_evidence, wrong_line

LONGEST = 100


class NumericalKey(Entry):
    """The number, by how much an answer may miss it either way, and what it counts."""

    value: Amount
    tolerance: Annotated[Amount, Field(ge=0)] = Decimal(0)
    unit: Text | None = None


class WrongNumber(WrongAnswer):
    """A wrong number that is foreseen."""

    answer: Amount


class Numerical(Item):
    """A response is the text as typed. The unit may be left out; where the key has none, any word after it is well."""

    type: Literal["numerical"]
    key: NumericalKey
    wrong: tuple[WrongNumber, ...] = ()
    label: ClassVar[str] = "Number"

    def problems(self) -> Iterable[Problem]:
        if self.key.unit is not None and any(c.isdigit() for c in self.key.unit):
            yield Problem(("key", "unit"), "a unit without digits, please: an answer’s digits are its number")
        for i, wrong in enumerate(self.wrong):
            if self._is_right(wrong.answer):
                message = f"«{shown(wrong.answer)}» is right by the key; it cannot be wrong too"
                yield Problem(("wrong", i, "answer"), message)
            if any(wrong.answer == other.answer for other in self.wrong[:i]):
                yield Problem(
                    ("wrong", i, "answer"), f"«{shown(wrong.answer)}» is listed twice among the wrong answers"
                )

    def _is_right(self, value: Decimal) -> bool:
        return abs(value - self.key.value) <= self.key.tolerance

    def read(self, form: Form, order: Order) -> Response:
        return typed("".join(form.get("answer", ())[:1]), LONGEST) or None

    def form(self, response: Response, order: Order) -> dict[str, list[str]]:
        return {"answer": [response]} if response else {}

    def mark(self, response: Response) -> Mark:
        if not response:
            return Mark(ZERO, "No answer was given.")
        written = read(response)
        if written is None:
            return Mark(ZERO, "This could not be read as one number: write it in digits.")
        if not self._takes_unit(written.unit):
            return Mark(ZERO, f"The answer was to be in {self.key.unit}, not in “{written.unit}”.")
        if not any(map(self._is_right, written.values)):
            return Mark(ZERO, "Not the right number.")
        exact = self.key.value in written.values
        return Mark(FULL, "The right number." if exact else "Near enough to the right number.")

    def _takes_unit(self, unit: str) -> bool:
        return not (unit and self.key.unit) or is_same_unit(unit, self.key.unit)

    def correct_response(self) -> Response:
        return shown(self.key.value).replace(",", "")

    def sample_responses(self) -> Iterable[Response]:
        return [shown(one.answer).replace(",", "") for one in self.wrong]

    def review(self, response: Response, order: Order) -> Review:
        given = self._wrong_given(response)
        return Review(
            given=response or "",
            key=shown(self.key.value, self.key.unit),
            lines=tuple(wrong_line(shown(one.answer, self.key.unit), one, chosen=one is given) for one in self.wrong),
        )

    def _wrong_given(self, response: Response) -> WrongNumber | None:
        """The foreseen wrong number that the response is, or misses by no more than it may miss the right one."""
        written = read(response) if response else None
        if written is None or not self._takes_unit(written.unit) or any(map(self._is_right, written.values)):
            return None
        near = [
            (abs(value - one.answer), i)
            for i, one in enumerate(self.wrong)
            for value in written.values
            if abs(value - one.answer) <= self.key.tolerance
        ]
        return self.wrong[min(near)[1]] if near else None

    def credit_rule(self) -> str:
        unit = f" in {self.key.unit}" if self.key.unit else ""
        near = (
            f" Up to {shown(self.key.tolerance, self.key.unit)} more or less is near enough."
            if self.key.tolerance
            else ""
        )
        return f"Give a number{unit}, in digits.{near}"

    def ask(self, order: Order) -> Question:
        return self._asked(order, unit=self.key.unit)

    def other_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        return wrong_evidence(self.wrong)

    def distractors(self) -> tuple[Distractor, ...]:
        return wrong_distractors(self.wrong)

    def carried(self, older: Self, response: Response) -> tuple[Self, Response]:
        if older.key.unit != self.key.unit:
            asked = (older.key.unit or "a number without a unit", self.key.unit or "a number without a unit")
            raise CannotMark("It asked for {} then, and asks for {} now".format(*asked))
        return self, response
