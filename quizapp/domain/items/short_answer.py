"""A name or a few words, typed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar, Literal

from quizapp.domain.entry import Entry, Place, Problem, Text
from quizapp.domain.item import Distractor, Form, Item, Order, Response, Review
from quizapp.domain.marking import FULL, HALF, ZERO, Mark
from quizapp.domain.short_text import distance, folded, is_same, nearest, typed
from quizapp.domain.source import Evidence
from quizapp.domain.wrong_answer import WrongAnswer, wrong_distractors, wrong_evidence, wrong_line

NearMiss = Literal["full", "half", "none"]
CREDIT: dict[NearMiss, Decimal] = {"full": FULL, "half": HALF, "none": ZERO}
RULES: dict[NearMiss, str] = {
    "full": "A small spelling slip is forgiven.",
    "half": "A small spelling slip costs half the mark.",
    "none": "Spelling counts.",
}


class ShortAnswerKey(Entry):
    """The answer as the review shows it, and what else is taken as the same."""

    text: Text
    accept: tuple[Text, ...] = ()


class WrongText(WrongAnswer):
    """A wrong answer that is foreseen."""

    answer: Text


class ShortAnswer(Item):
    """A response is the text as typed. Capitals, accents, punctuation, spaces and a leading article don't count."""

    type: Literal["short_answer"]
    key: ShortAnswerKey
    near_miss: NearMiss = "full"
    wrong: tuple[WrongText, ...] = ()
    label: ClassVar[str] = "Short answer"

    def answers(self) -> tuple[str, ...]:
        """All that is right, the key's own text first."""
        return (self.key.text, *self.key.accept)

    def problems(self) -> Iterable[Problem]:
        if not folded(self.key.text):
            yield Problem(("key", "text"), "has no letter or digit to compare an answer with")
        for i, text in enumerate(self.key.accept):
            if not folded(text):
                yield Problem(("key", "accept", i), "has no letter or digit to compare an answer with")
        for i, wrong in enumerate(self.wrong):
            if not folded(wrong.answer):
                yield Problem(("wrong", i, "answer"), "has no letter or digit to compare an answer with")
            if any(is_same(wrong.answer, right) for right in self.answers()):
                yield Problem(("wrong", i, "answer"), f"«{wrong.answer}» is right by the key; it cannot be wrong too")
            if any(is_same(wrong.answer, other.answer) for other in self.wrong[:i]):
                yield Problem(("wrong", i, "answer"), f"«{wrong.answer}» is listed twice among the wrong answers")

    def read(self, form: Form, order: Order) -> Response:
        return typed("".join(form.get("answer", ())[:1])) or None

    def form(self, response: Response, order: Order) -> dict[str, list[str]]:
        return {"answer": [response]} if response else {}

    def mark(self, response: Response) -> Mark:
        if not response:
            return Mark(ZERO, "No answer was given.")
        if any(is_same(response, right) for right in self.answers()):
            return Mark(FULL, "The right answer.")
        meant = nearest(response, self.answers())
        if meant is None:
            return Mark(ZERO, "Not the right answer.")
        if self._is_as_near_to_a_wrong_one(response, meant):
            return Mark(ZERO, "As near to a wrong answer as to a right one, so not taken as a spelling slip.")
        return self._slip(response, meant)

    def _is_as_near_to_a_wrong_one(self, response: str, meant: str) -> bool:
        return any(distance(response, wrong.answer) <= distance(response, meant) for wrong in self.wrong)

    def _slip(self, response: str, meant: str) -> Mark:
        """The mark of a near miss, always told; the answer that was meant is named only where it earns all."""
        reason = {
            "full": f"“{response}” is close to “{meant}”: taken as a spelling slip, the full mark.",
            "half": f"“{response}” is close to the right answer: taken as a spelling slip, half the mark.",
            "none": f"“{response}” is close to the right answer, but spelling counts here: no mark.",
        }
        return Mark(CREDIT[self.near_miss], reason[self.near_miss])

    def correct_response(self) -> Response:
        return self.key.text

    def review(self, response: Response, order: Order) -> Review:
        given = self._wrong_given(response)
        return Review(
            given=response or "",
            key=self.key.text,
            lines=tuple(wrong_line(one.answer, one, chosen=one is given) for one in self.wrong),
        )

    def _wrong_given(self, response: Response) -> WrongText | None:
        """The foreseen wrong answer that the response is, or is a slip for."""
        if not response or self.mark(response).fraction == FULL:
            return None
        right = nearest(response, self.answers())
        meant = nearest(response, [one.answer for one in self.wrong])
        if meant is None or (right is not None and distance(response, right) < distance(response, meant)):
            return None
        return next(one for one in self.wrong if one.answer == meant)

    def sample_responses(self) -> Iterable[Response]:
        return [one.answer for one in self.wrong]

    def credit_rule(self) -> str:
        return f"Write a name or a few words. Capitals, accents and punctuation don’t count. {RULES[self.near_miss]}"

    def other_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        return wrong_evidence(self.wrong)

    def distractors(self) -> tuple[Distractor, ...]:
        return wrong_distractors(self.wrong)
