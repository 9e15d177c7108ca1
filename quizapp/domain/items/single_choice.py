"""One right option out of several."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import ConfigDict

from quizapp.domain.entry import Problem
from quizapp.domain.item import EVIDENCE, Form, Order, Response, Review, asks
from quizapp.domain.marking import FULL, ZERO, Mark, ratio, rounded
from quizapp.domain.mendable import NOT_OFFERED_NOW, NOT_OFFERED_THEN, CannotMark, Ids, Part, named
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

    def parts(self) -> tuple[Part, ...]:
        return tuple(Part(one.id, one.text, False) for one in self.options if not one.correct)

    def carried(self, older: Self, response: Response) -> tuple[Self, Response]:
        texts, now = {one.id: one.text for one in older.options}, {one.id: one.text for one in self.options}
        if response not in now:
            raise CannotMark(NOT_OFFERED_NOW.format(named([texts[response]])), [response])
        if self.correct_response() not in texts:
            raise CannotMark(NOT_OFFERED_THEN.format(named([now[self.correct_response()]])))
        return self, response

    def mark_without(self, ids: Ids, response: Response) -> Mark | None:
        return None if response in ids else self.mark(response)

    def mark_granting(self, ids: Ids, response: Response) -> Mark:
        return self.mark(self.correct_response() if response in ids else response)
