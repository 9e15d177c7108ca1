"""Which of these quotes proves it? Perhaps after a question of its own, the part A, that must be right as well."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, Literal, Self

from pydantic import ConfigDict, StrictBool

from quizapp.domain.entry import Entry, Id, Place, Problem, Text, shuffled
from quizapp.domain.guessing import as_decimal, mean_over_ticks
from quizapp.domain.item import Distractor, Form, Item, Order, Question, Response, Review, ReviewLine, asks
from quizapp.domain.marking import FULL, ZERO, Mark, ratio, share
from quizapp.domain.mendable import NOT_OFFERED_NOW, NOT_OFFERED_THEN, CannotMark, Ids, Part, named
from quizapp.domain.option import (
    DISTRACTOR_HAS_FEEDBACK,
    IS_DISTRACTOR,
    IS_KEY,
    ONE_KEY,
    Titled,
    id_problems,
    one_key_problems,
    option_problems,
    pinned_order,
    positions,
    ticked,
)
from quizapp.domain.order import joined, parted
from quizapp.domain.source import Evidence

SOME_RIGHT_SOME_WRONG = {"minItems": 2, "allOf": [{"contains": IS_KEY}, {"contains": IS_DISTRACTOR}]}
QUOTES, FIRST = "answer-evidence", "answer"
OF_FIRST = "first:"  # before the id of an option of part A, where a regrade names it


class QuotedOption(Evidence):
    """A quote, named by its passage."""

    model_config = ConfigDict(json_schema_extra={"allOf": [{"required": ["quote"]}, DISTRACTOR_HAS_FEEDBACK]})

    id: Id
    correct: StrictBool = False
    feedback: Text | None = None

    def evidence(self) -> Evidence:
        """The passage with its quote."""
        return Evidence(passage=self.passage, quote=self.quote, occurrence=self.occurrence)

    @property
    def text(self) -> str:
        """The words quoted; where there are several stretches, with dots between them."""
        return " … ".join(self.quotes)


class AnswerOption(Entry):
    """A choice of part A."""

    model_config = ConfigDict(json_schema_extra={"allOf": [DISTRACTOR_HAS_FEEDBACK]})

    id: Id
    text: Text
    correct: StrictBool = False
    feedback: Text | None = None
    pin: Literal["first", "last"] | None = None


class PartA(Entry):
    """The question that the quotes are to prove the answer of."""

    model_config = ConfigDict(json_schema_extra=asks({"properties": {"options": ONE_KEY}}))

    stem: Text
    options: tuple[AnswerOption, ...]


class EvidenceItem(Item):
    """A response is ``{"answer": the id chosen in part A, "evidence": [ids of the quotes]}``, each only if given.

    Two points for both parts, one for part A alone, none for quotes alone; the quotes' own fraction is kept apart.
    """

    model_config = ConfigDict(json_schema_extra=asks({"properties": {"options": SOME_RIGHT_SOME_WRONG}}))

    type: Literal["evidence"]
    options: tuple[QuotedOption, ...]
    answer: PartA | None = None
    label: ClassVar[str] = "Evidence"

    def problems(self) -> Iterable[Problem]:
        yield from id_problems(self.options)
        yield from _quote_problems(self.options)
        right = sum(option.correct for option in self.options)
        if not right:
            yield Problem(("options",), "no key: mark each quote that proves it with «correct: true»")
        elif right == len(self.options):
            yield Problem(("options",), "every quote is correct; add quotes that do not prove it")
        if self.answer is not None:
            yield from option_problems(self.answer.options, ("answer", "options"))
            yield from one_key_problems(self.answer.options, ("answer", "options"))

    @property
    def _keys(self) -> int:
        return sum(option.correct for option in self.options)

    @property
    def _first(self) -> tuple[AnswerOption, ...]:
        return self.answer.options if self.answer else ()

    def _orders(self, order: Order) -> tuple[tuple[int, ...], tuple[int, ...]]:
        quotes, first = parted(order, len(self.options), len(self._first))
        return quotes, first

    def read(self, form: Form, order: Order) -> Response:
        quotes, first = self._orders(order)
        answers = ticked(form, first) or []
        found = sorted(ticked(form, quotes, QUOTES) or [])
        response: dict[str, Any] = {}
        if len(answers) == 1:
            response["answer"] = self._first[answers[0]].id
        if found and (self._keys > 1 or len(found) == 1):
            response["evidence"] = [self.options[i].id for i in found]
        return response or None

    def form(self, response: Response, order: Order) -> dict[str, list[str]]:
        quotes, first = self._orders(order)
        given = response or {}
        form = {
            FIRST: positions([given["answer"]], self._first, first) if "answer" in given else [],
            QUOTES: positions(given.get("evidence", ()), self.options, quotes),
        }
        return {name: values for name, values in form.items() if values}

    def mark(self, response: Response) -> Mark:
        if not response:
            return Mark(ZERO, "No answer was given.", self._parts(False, Fraction(0)))
        right, wrong = self._count(response.get("evidence", ()))
        proved = Fraction(*self._credit(right, wrong))
        answered = self.answer is None or response.get("answer") == self._right_answer()
        earned = self._earned(answered, proved)
        reason = f"{self._tally(answered, right, wrong, proved)}: {share(earned.numerator, earned.denominator)}."
        return Mark(ratio(earned.numerator, earned.denominator), reason, self._parts(answered, proved))

    def _earned(self, answered: bool, proved: Fraction) -> Fraction:
        if self.answer is None:
            return proved
        return (1 + proved) / 2 if answered else Fraction(0)

    def _parts(self, answered: bool, proved: Fraction) -> dict[str, Decimal]:
        """Both parts' own fractions; the quotes' does not depend on part A."""
        of_quotes = {"evidence": as_decimal(proved)}
        return of_quotes if self.answer is None else {"answer": FULL if answered else ZERO, **of_quotes}

    def _count(self, ids: Iterable[str]) -> tuple[int, int]:
        """How many right and how many wrong quotes were chosen."""
        chosen = [option.correct for option in self.options if option.id in ids]
        return sum(chosen), len(chosen) - sum(chosen)

    def _credit(self, right: int, wrong: int) -> tuple[int, int]:
        return max(right - wrong, 0), self._keys

    def _tally(self, answered: bool, right: int, wrong: int, proved: Fraction) -> str:
        if self._keys == 1:
            quotes = "the right quote" if right else "not the right quote" if wrong else "no quote chosen"
        else:
            quotes = f"{right} of {self._keys} right quotes, {wrong or 'none'} wrong"
        if self.answer is None:
            return quotes[0].upper() + quotes[1:]
        if not answered:
            unless = ", which counts only with the right answer" if proved else ""
            return f"Not the right answer; {quotes}{unless}"
        return f"The right answer; {quotes}"

    def _right_answer(self) -> str | None:
        return next((option.id for option in self._first if option.correct), None)

    def correct_response(self) -> Response:
        quotes = {"evidence": [option.id for option in self.options if option.correct]}
        return quotes if self.answer is None else {"answer": self._right_answer(), **quotes}

    def sample_responses(self) -> Iterable[Response]:
        right = self.correct_response()
        wrong = [option.id for option in self.options if not option.correct]
        if self.answer is None:
            return [{"evidence": right["evidence"][:1]}, {"evidence": wrong[:1]}]
        other = next(option.id for option in self._first if not option.correct)
        return [{**right, "evidence": wrong[:1]}, {"answer": other, "evidence": wrong[:1]}]

    def review(self, response: Response, order: Order) -> Review:
        quotes, first = self._orders(order)
        given = response or {}
        return Review(
            given=self._in_words(given, quotes),
            key=self._in_words(self.correct_response(), quotes),
            lines=(
                *(self._first_line(self._first[i], given.get("answer")) for i in first),
                *(self._quote_line(self.options[i], given.get("evidence", ())) for i in quotes),
            ),
        )

    def _in_words(self, response: dict[str, Any], quotes: Order) -> str:
        answer = [option.text for option in self._first if option.id == response.get("answer")]
        chosen = [f"“{self.options[i].text}”" for i in quotes if self.options[i].id in response.get("evidence", ())]
        return "; ".join([*answer, *chosen])

    def _first_line(self, option: AnswerOption, given: str | None) -> ReviewLine:
        chosen = option.id == given
        return ReviewLine(option.text, chosen, option.correct, feedback=option.feedback, part="answer")

    def _quote_line(self, option: QuotedOption, given: Sequence[str]) -> ReviewLine:
        return ReviewLine(
            text=option.text,
            chosen=option.id in given,
            correct=option.correct,
            feedback=option.feedback,
            evidence=(option.evidence(),),
            part="evidence",
            passage=option.passage,
        )

    def credit_rule(self) -> str:
        several = "Each right quote counts, each wrong one takes as much away, and they never cost more than they earn."
        if self.answer is None:
            one = "Choose the quote that proves it. The right one earns the full mark."
            return f"Choose every quote that proves it. {several}" if self._keys > 1 else one
        halves = "The right answer earns half the mark. The right {} the other half, but only with the right answer."
        return f"{halves.format('quotes earn')} {several}" if self._keys > 1 else halves.format("quote earns")

    def option_texts(self, order: Order) -> tuple[str, ...]:
        return tuple(self.options[i].text for i in self._orders(order)[0])

    def ask(self, order: Order) -> Question:
        quotes, first = self._orders(order)
        return self._asked(
            order,
            offered=tuple(self._first[i].text for i in first),
            places=tuple(self.options[i].evidence() for i in quotes),
            first=self.answer.stem if self.answer else None,
            several=self._keys > 1,
        )

    def default_order(self) -> tuple[int, ...]:
        return joined(range(len(self.options)), range(len(self._first)))

    def shuffled_order(self, seed: str) -> tuple[int, ...]:
        return joined(shuffled(range(len(self.options)), f"{seed}:quotes"), pinned_order(self._first, f"{seed}:first"))

    def guess_score(self) -> Decimal:
        """One quote is guessed among all where one is asked for, else any set of them; part A likewise one."""
        others = len(self.options) - self._keys
        one = Fraction(1, len(self.options))
        proved = one if self._keys == 1 else mean_over_ticks(self._keys, others, self._credit)
        return as_decimal(self._earned(True, proved) / max(1, len(self._first)))

    def key_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        return (*super().key_evidence(), *self._quoted(correct=True))

    def other_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        return self._quoted(correct=False)

    def _quoted(self, *, correct: bool) -> tuple[tuple[Place, Evidence], ...]:
        places = ((("options", i), one) for i, one in enumerate(self.options))
        return tuple((place, one.evidence()) for place, one in places if one.correct is correct)

    def distractors(self) -> tuple[Distractor, ...]:
        quotes = ((("options", i), one.feedback, True) for i, one in enumerate(self.options) if not one.correct)
        first = ((("answer", "options", i), one.feedback, None) for i, one in enumerate(self._first) if not one.correct)
        return (*quotes, *first)

    def parts(self) -> tuple[Part, ...]:
        """The quotes, and the wrong answers of part A."""
        first = (Part(f"{OF_FIRST}{one.id}", one.text, False) for one in self._first if not one.correct)
        return (*first, *(Part(one.id, one.text, one.correct) for one in self.options))

    def carried(self, older: Self, response: Response) -> tuple[Self, Response]:
        if self.answer and not older.answer:
            raise CannotMark("It asks for an answer first now, which was not asked then")
        given, right = response.get("answer"), self._right_answer()
        _compare(older._first, self._first, [given] if given and self.answer else [], [right] if right else [], FIRST)
        keys = [one.id for one in self.options if one.correct]
        _compare(older.options, self.options, response.get("evidence", ()), keys, "")
        return self._of(frozenset(one.id for one in older.options)), response

    def _of(self, ids: Ids) -> Self:
        return self.model_copy(update={"options": tuple(one for one in self.options if one.id in ids)})

    def mark_without(self, ids: Ids, response: Response) -> Mark | None:
        given = response.get("evidence", [])
        rest = [one for one in given if one not in ids]
        if f"{OF_FIRST}{response.get('answer')}" in ids or (given and not rest):
            return None
        others = frozenset(one.id for one in self.options) - ids
        return self._of(others).mark({**response, "evidence": rest})

    def mark_granting(self, ids: Ids, response: Response) -> Mark:
        """Of several quotes a right one counts as chosen, a wrong one as left alone; a single one as the right one."""
        keys = {one.id for one in self.options if one.correct}
        given = set(response.get("evidence", ()))
        granted = (given - ids) | (ids & keys) if self._keys > 1 else keys if given & ids else given
        is_granted = f"{OF_FIRST}{response.get('answer')}" in ids
        answer = {"answer": self._right_answer()} if is_granted else {}
        return self.mark({**response, **answer, "evidence": sorted(granted)})

    def is_askable_without(self, ids: Ids) -> bool:
        return any(one.correct and one.id not in ids for one in self.options)


def _compare(
    then: Sequence[Titled], now: Sequence[Titled], given: Sequence[str], keys: Sequence[str], place: str
) -> None:
    """Raises ``CannotMark`` where something chosen is offered no more, or something right was not offered then."""
    old, new = {one.id: one.text for one in then}, {one.id: one.text for one in now}
    prefix = OF_FIRST if place == FIRST else ""
    if gone := [one for one in given if one not in new]:
        raise CannotMark(
            NOT_OFFERED_NOW.format(named(old[one] for one in gone)),
            [f"{prefix}{one}" for one in gone] if len(gone) == len(given) else (),
        )
    if unseen := [one for one in keys if one not in old]:
        raise CannotMark(NOT_OFFERED_THEN.format(named(new[one] for one in unseen)))


def _quote_problems(options: Sequence[QuotedOption]) -> Iterable[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for i, option in enumerate(options):
        if not option.quotes:
            yield Problem(("options", i), "missing field «quote»: the words to choose")
        key = (option.passage, option.text)
        if option.quotes and seen.setdefault(key, i) != i and option.occurrence == options[seen[key]].occurrence:
            yield Problem(("options", i, "quote"), f"the same quote as option {seen[key] + 1}; options must differ")
