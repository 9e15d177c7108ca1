"""One right option out of several."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import ConfigDict

from quizapp.domain.entry import Problem
from quizapp.domain.item import EVIDENCE, Form, Order, Response, Review, asks
from quizapp.domain.marking import FULL, ZERO, Mark, ratio, rounded
from quizapp.domain.option import (
    ONE_KEY,
    OptionItem,
    one_key_problems,
    option_problems,
    positions,
    review_lines,
    ticked,
)


class SingleChoice(OptionItem):
    """Exactly one option is correct. A response is that option's id."""

    model_config = ConfigDict(json_schema_extra=asks(EVIDENCE, {"properties": {"options": ONE_KEY}}))

    type: Literal["single_choice"]
    label: ClassVar[str] = "Single choice"

    def problems(self) -> Iterable[Problem]:
        yield from option_problems(self.options)
        yield from one_key_problems(self.options)

    def read(self, form: Form, order: Order) -> Response:
        indexes = ticked(form, order)
        return self.options[indexes[0]].id if indexes and len(indexes) == 1 else None

    def form(self, response: Response, order: Order) -> dict[str, list[str]]:
        return {"answer": positions([response], self.options, order)} if response else {}

    def mark(self, response: Response) -> Mark:
        if not response:
            return Mark(ZERO, "No answer was given.")
        if response == self.correct_response():
            return Mark(FULL, "The right option.")
        return Mark(ZERO, "Not the right option.")

    def correct_response(self) -> Response:
        return next(option.id for option in self.options if option.correct)

    def review(self, response: Response, order: Order) -> Review:
        texts = {option.id: option.text for option in self.options}
        return Review(
            given=texts.get(response, ""),
            key=texts[self.correct_response()],
            lines=review_lines(self.options, order, [response] if response else []),
        )

    def credit_rule(self) -> str:
        return "Choose one. The right option earns the full mark."

    def guess_score(self) -> Decimal:
        return rounded(ratio(1, len(self.options)))
