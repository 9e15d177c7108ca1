"""One right option out of several."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar, Literal

from quizapp.domain.entry import Place, Problem
from quizapp.domain.item import Form, Item, Order, Response, Review
from quizapp.domain.marking import FULL, ZERO, Mark, ratio, rounded
from quizapp.domain.option import (
    Option,
    option_distractors,
    option_evidence,
    option_problems,
    pinned_order,
    positions,
    review_lines,
    ticked,
)
from quizapp.domain.source import Evidence


class SingleChoice(Item):
    """Exactly one option is correct. A response is that option's id."""

    type: Literal["single_choice"]
    options: tuple[Option, ...]
    label: ClassVar[str] = "Single choice"

    def problems(self) -> Iterable[Problem]:
        yield from option_problems(self.options)
        right = [i for i, option in enumerate(self.options) if option.correct]
        if not right:
            yield Problem(("options",), "no key: mark the right option with «correct: true»")
        for i in right[1:]:
            yield Problem(
                ("options", i, "correct"),
                "a second key: one option only is correct here; use multiple_choice for several",
            )

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

    def option_texts(self, order: Order) -> tuple[str, ...]:
        return tuple(self.options[i].text for i in order)

    def default_order(self) -> tuple[int, ...]:
        return tuple(range(len(self.options)))

    def shuffled_order(self, seed: str) -> tuple[int, ...]:
        return pinned_order(self.options, seed)

    def guess_score(self) -> Decimal:
        return rounded(ratio(1, len(self.options)))

    def other_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        return option_evidence(self.options)

    def distractors(self) -> tuple[tuple[Place, str | None, bool], ...]:
        return option_distractors(self.options)
