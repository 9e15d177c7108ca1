"""A statement that is true or false."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import ConfigDict, StrictBool

from quizapp.domain.entry import Place, Problem
from quizapp.domain.item import EVIDENCE, Distractor, Form, Item, Order, Response, Review, ReviewLine, asks
from quizapp.domain.marking import FULL, HALF, ZERO, Mark
from quizapp.domain.source import Evidence
from quizapp.domain.wrong_answer import WrongAnswer, wrong_distractors, wrong_evidence

WORDS = {True: "True", False: "False"}
FORM_VALUES = {"true": True, "false": False}
OTHER_ANSWER_IS_REFUTED = {"required": ["wrong"], "properties": {"wrong": {"minItems": 1, "maxItems": 1}}}


class TrueFalse(Item):
    """The stem is a statement. A response is a boolean; ``wrong`` has what to say to those who chose the other one."""

    model_config = ConfigDict(json_schema_extra=asks(EVIDENCE, OTHER_ANSWER_IS_REFUTED))

    type: Literal["true_false"]
    key: StrictBool
    wrong: tuple[WrongAnswer, ...] = ()
    label: ClassVar[str] = "True or false"

    def problems(self) -> Iterable[Problem]:
        for i in range(1, len(self.wrong)):
            yield Problem(("wrong", i), "a second wrong answer; a statement that is true or false has one only")

    def gaps(self) -> Iterable[Problem]:
        if not self.wrong:
            yield Problem((), "say with «wrong» why the other answer is wrong: feedback, and evidence")
        yield from super().gaps()

    def read(self, form: Form, order: Order) -> Response:
        values = {value for value in form.get("answer", ()) if value != ""}
        return FORM_VALUES.get(values.pop()) if len(values) == 1 else None

    def form(self, response: Response, order: Order) -> dict[str, list[str]]:
        return {} if response is None else {"answer": ["true" if response else "false"]}

    def mark(self, response: Response) -> Mark:
        if response is None:
            return Mark(ZERO, "No answer was given.")
        return Mark(FULL, "The right answer.") if response is self.key else Mark(ZERO, "Not the right answer.")

    def correct_response(self) -> Response:
        return self.key

    def review(self, response: Response, order: Order) -> Review:
        return Review(
            given="" if response is None else WORDS[response],
            key=WORDS[self.key],
            lines=tuple(self._line(value, response is value) for value in (True, False)),
        )

    def _line(self, value: bool, chosen: bool) -> ReviewLine:
        if value is self.key or not self.wrong:
            return ReviewLine(WORDS[value], chosen, correct=value is self.key)
        wrong = self.wrong[0]
        return ReviewLine(WORDS[value], chosen, correct=False, feedback=wrong.feedback, evidence=wrong.evidence)

    def credit_rule(self) -> str:
        return "Choose one. The right answer earns the full mark."

    def guess_score(self) -> Decimal:
        return HALF

    def other_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        return wrong_evidence(self.wrong)

    def distractors(self) -> tuple[Distractor, ...]:
        return wrong_distractors(self.wrong)
