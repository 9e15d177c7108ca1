"""Several right options out of more."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import ConfigDict

from quizapp.domain.entry import Problem
from quizapp.domain.guessing import as_decimal, mean_over_ticks
from quizapp.domain.item import EVIDENCE, Form, Order, Response, Review, asks
from quizapp.domain.marking import ZERO, Mark, ratio, share
from quizapp.domain.mendable import NOT_OFFERED_NOW, NOT_OFFERED_THEN, CannotMark, Ids, Part, named
from quizapp.domain.option import (
    IS_DISTRACTOR,
    IS_KEY,
    OptionItem,
    option_problems,
    positions,
    review_lines,
    ticked,
)

Credit = Literal["right_minus_wrong", "all_or_nothing", "each_option"]
RULES: dict[Credit, str] = {
    "right_minus_wrong": (
        "Choose all that are right. Each right choice counts, each wrong one takes as much away, "
        "and the mark never falls below 0."
    ),
    "all_or_nothing": "Choose all that are right. Only exactly the right choices earn the mark.",
    "each_option": (
        "Choose all that are right. Each option counts that you rightly choose or rightly leave out; a blank earns 0."
    ),
}

SEVERAL_KEYS = {
    "minItems": 2,
    "allOf": [{"contains": IS_KEY, "minContains": 2}, {"contains": IS_DISTRACTOR, "minContains": 1}],
}


class MultipleChoice(OptionItem):
    """Two or more options are correct. A response is the list of the ids ticked, in the item's own order."""

    model_config = ConfigDict(json_schema_extra=asks(EVIDENCE, {"properties": {"options": SEVERAL_KEYS}}))

    type: Literal["multiple_choice"]
    credit: Credit = "right_minus_wrong"
    label: ClassVar[str] = "Multiple choice"

    def problems(self) -> Iterable[Problem]:
        yield from option_problems(self.options)
        right = sum(option.correct for option in self.options)
        if right == 0:
            yield Problem(("options",), "no key: mark each right option with «correct: true»")
        elif right == len(self.options):
            yield Problem(("options",), "every option is correct; add options that are wrong")
        elif right == 1:
            yield Problem(("options",), "one right option only; mark the others too, or use single_choice")

    def read(self, form: Form, order: Order) -> Response:
        indexes = ticked(form, order)
        return [self.options[i].id for i in sorted(indexes)] if indexes else None

    def form(self, response: Response, order: Order) -> dict[str, list[str]]:
        return {"answer": positions(response, self.options, order)} if response else {}

    def mark(self, response: Response) -> Mark:
        return self._marked(response) if response else Mark(ZERO, "No answer was given.")

    def _marked(self, response: Iterable[str]) -> Mark:
        right, wrong = self._count(response)
        part, whole = self._credit(right, wrong)
        return Mark(ratio(part, whole), f"{self._tally(right, wrong)}: {share(part, whole)}.")

    def _count(self, ticks: Iterable[str]) -> tuple[int, int]:
        """How many right and how many wrong options were ticked."""
        response = set(ticks)
        chosen = [option.correct for option in self.options if option.id in response]
        return sum(chosen), len(chosen) - sum(chosen)

    def _credit(self, right: int, wrong: int) -> tuple[int, int]:
        """The fraction, as part and whole, that so many right and wrong ticks earn."""
        keys = sum(option.correct for option in self.options)
        if self.credit == "right_minus_wrong":
            return max(right - wrong, 0), keys
        if self.credit == "all_or_nothing":
            return int(right == keys and not wrong), 1
        return right + len(self.options) - keys - wrong, len(self.options)

    def _tally(self, right: int, wrong: int) -> str:
        keys = sum(option.correct for option in self.options)
        return f"{right} of {keys} right options, {wrong or 'none'} wrong"

    def correct_response(self) -> Response:
        return [option.id for option in self.options if option.correct]

    def review(self, response: Response, order: Order) -> Review:
        def texts(ids: Iterable[str]) -> str:
            return "; ".join(self.options[i].text for i in order if self.options[i].id in ids)

        return Review(
            given=texts(response or ()),
            key=texts(self.correct_response()),
            lines=review_lines(self.options, order, response or ()),
        )

    def credit_rule(self) -> str:
        return RULES[self.credit]

    def guess_score(self) -> Decimal:
        """The mean over all sets of ticks, the empty one included, each as likely as the others."""
        keys = sum(option.correct for option in self.options)
        return as_decimal(mean_over_ticks(keys, len(self.options) - keys, self._credit))

    def parts(self) -> tuple[Part, ...]:
        return tuple(Part(one.id, one.text, one.correct) for one in self.options)

    def carried(self, older: Self, response: Response) -> tuple[Self, Response]:
        texts, now = {one.id: one.text for one in older.options}, {one.id: one.text for one in self.options}
        if gone := [one for one in response if one not in now]:
            raise CannotMark(NOT_OFFERED_NOW.format(named(texts[one] for one in gone)))
        if unseen := [one for one in self.correct_response() if one not in texts]:
            raise CannotMark(NOT_OFFERED_THEN.format(named(now[one] for one in unseen)))
        return self._of(frozenset(texts)), response

    def _of(self, ids: Ids) -> Self:
        return self.model_copy(update={"options": tuple(one for one in self.options if one.id in ids)})

    def mark_without(self, ids: Ids, response: Response) -> Mark | None:
        rest = [one for one in response if one not in ids]
        return self._of(frozenset(one.id for one in self.options) - ids).mark(rest) if rest else None

    def mark_granting(self, ids: Ids, response: Response) -> Mark:
        """A right option counts as ticked, a wrong one as left alone."""
        return self._marked((set(response) - ids) | (ids & set(self.correct_response())))

    def is_askable_without(self, ids: Ids) -> bool:
        return not ids.issuperset(self.correct_response())
