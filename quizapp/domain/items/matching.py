"""Things and what belongs to each of them."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import ClassVar, Literal, Self

from pydantic import ConfigDict

from quizapp.domain.entry import Entry, Id, Place, Problem, Text, shuffled
from quizapp.domain.item import Distractor, Form, Item, Order, Question, Response, Review, ReviewLine, asks
from quizapp.domain.marking import ZERO, Mark, ratio, rounded, share
from quizapp.domain.mendable import CannotMark, Ids, Part, named
from quizapp.domain.option import EVIDENCE_SOMEWHERE, alike, option_problems, rows_evidence
from quizapp.domain.order import joined, parted
from quizapp.domain.source import Evidence
from quizapp.domain.wrong_answer import WrongAnswer, wrong_distractors, wrong_evidence, wrong_line


class MatchedOption(Entry):
    """A row with what belongs to it, and what to say of that."""

    id: Id
    text: Text
    match: Text
    feedback: Text | None = None
    evidence: tuple[Evidence, ...] = ()


class WrongMatch(WrongAnswer):
    """A text that is offered and belongs to no row."""

    answer: Text


class Matching(Item):
    """Each row is given one of the texts offered: every row's match, equal ones once, and those that match nothing.

    A response holds the text given to each row, by the row's id; rows may be left blank.
    """

    model_config = ConfigDict(json_schema_extra=asks(EVIDENCE_SOMEWHERE, {"properties": {"options": {"minItems": 2}}}))

    type: Literal["matching"]
    options: tuple[MatchedOption, ...]
    wrong: tuple[WrongMatch, ...] = ()
    label: ClassVar[str] = "Matching"

    def problems(self) -> Iterable[Problem]:
        yield from option_problems(self.options)
        matches = {alike(option.match) for option in self.options}
        if len(self.options) > 1 and len(matches) == 1:
            yield Problem(("options",), "every row has the same match; give at least two different ones")
        seen: set[str] = set()
        for i, wrong in enumerate(self.wrong):
            if alike(wrong.answer) in matches:
                yield Problem(("wrong", i, "answer"), f"«{wrong.answer}» is the match of a row; it cannot be wrong too")
            if alike(wrong.answer) in seen:
                yield Problem(("wrong", i, "answer"), f"«{wrong.answer}» is listed twice among the wrong answers")
            seen.add(alike(wrong.answer))

    def offered(self) -> tuple[str, ...]:
        """The texts offered, each once, by the alphabet: nothing of their order follows from the key."""
        texts = [*(option.match for option in self.options), *(wrong.answer for wrong in self.wrong)]
        each = {alike(text): text for text in reversed(texts)}
        return tuple(each[one] for one in sorted(each))

    def _orders(self, order: Order) -> tuple[tuple[int, ...], tuple[int, ...]]:
        rows, offered = parted(order, len(self.options), len(self.offered()))
        return rows, offered

    def read(self, form: Form, order: Order) -> Response:
        rows, offered = self._orders(order)
        texts = {str(position): self.offered()[i] for position, i in enumerate(offered)}
        given = {self.options[i].id: form.get(f"answer-{position}", ())[:1] for position, i in enumerate(rows)}
        return {row: texts[value[0]] for row, value in given.items() if value and value[0] in texts} or None

    def form(self, response: Response, order: Order) -> dict[str, list[str]]:
        rows, offered = self._orders(order)
        values = {self.offered()[i]: str(position) for position, i in enumerate(offered)}
        given = [(position, (response or {}).get(self.options[i].id)) for position, i in enumerate(rows)]
        return {f"answer-{position}": [values[text]] for position, text in given if text in values}

    def mark(self, response: Response) -> Mark:
        if not response:
            return Mark(ZERO, "No answer was given.")
        right = sum(self._is_right(option, response) for option in self.options)
        rows = len(self.options)
        return Mark(ratio(right, rows), f"{right} of {rows} rows matched rightly: {share(right, rows)}.")

    def _is_right(self, option: MatchedOption, response: Response) -> bool:
        return option.id in (response or {}) and alike(response[option.id]) == alike(option.match)

    def correct_response(self) -> Response:
        offered = {alike(text): text for text in self.offered()}
        return {option.id: offered[alike(option.match)] for option in self.options}

    def sample_responses(self) -> Iterable[Response]:
        right, offered = self.correct_response(), self.offered()
        following = {text: offered[(i + 1) % len(offered)] for i, text in enumerate(offered)}
        wrong = {row: following[text] for row, text in right.items()}
        first = self.options[0].id
        return [{**right, first: (self.wrong[-1].answer if self.wrong else wrong[first])}, wrong]

    def review(self, response: Response, order: Order) -> Review:
        rows, _ = self._orders(order)
        given = response or {}
        used = set(given.values())
        right = self.correct_response()
        return Review(
            given=self._in_words(given, rows),
            key=self._in_words(right, rows),
            lines=(
                *(self._line(self.options[i], given) for i in rows),
                *(wrong_line(one.answer, one, chosen=one.answer in used) for one in self.wrong),
            ),
        )

    def _in_words(self, matched: dict[str, str], rows: Order) -> str:
        options = [self.options[i] for i in rows]
        return "; ".join(f"{one.text} – {matched[one.id]}" for one in options if one.id in matched)

    def _line(self, option: MatchedOption, given: dict[str, str]) -> ReviewLine:
        return ReviewLine(
            text=option.text,
            chosen=option.id in given,
            correct=self._is_right(option, given),
            given=given.get(option.id),
            key=option.match,
            feedback=option.feedback,
            evidence=option.evidence,
        )

    def credit_rule(self) -> str:
        one_each = not self.wrong and len(self.offered()) == len(self.options)
        more = "" if one_each else " Some may be left over, and some may belong to more than one."
        earned = "Each right one earns its share of the mark; a wrong one costs nothing."
        return f"Choose for each what belongs to it.{more} {earned}"

    def option_texts(self, order: Order) -> tuple[str, ...]:
        return tuple(self.options[i].text for i in self._orders(order)[0])

    def ask(self, order: Order) -> Question:
        return self._asked(order, offered=tuple(self.offered()[i] for i in self._orders(order)[1]))

    def default_order(self) -> tuple[int, ...]:
        """The rows as written, and what is offered by the alphabet."""
        return joined(range(len(self.options)), range(len(self.offered())))

    def shuffled_order(self, seed: str) -> tuple[int, ...]:
        offered = shuffled(range(len(self.offered())), f"{seed}:offered")
        return joined(shuffled(range(len(self.options)), f"{seed}:rows"), offered)

    def guess_score(self) -> Decimal:
        return rounded(ratio(1, len(self.offered())))

    def key_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        return (*super().key_evidence(), *rows_evidence(self.options))

    def other_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        return wrong_evidence(self.wrong)

    def distractors(self) -> tuple[Distractor, ...]:
        return wrong_distractors(self.wrong)

    def parts(self) -> tuple[Part, ...]:
        return tuple(Part(one.id, one.text, True) for one in self.options)

    def carried(self, older: Self, response: Response) -> tuple[Self, Response]:
        """The rows that both have. A match that reads otherwise now is the same where the old wording is gone."""
        now = {one.id: one for one in self.options}
        shared = [(one, now[one.id]) for one in older.options if one.id in now]
        if not any(one.id in response for one, _ in shared):
            raise CannotMark("The rows that were answered are not asked any more")
        then, offered = ({alike(text) for text in item.offered()} for item in (older, self))
        unseen = [(one, new) for one, new in shared if alike(new.match) not in then]
        reworded = {alike(one.match): new.match for one, new in unseen if alike(one.match) not in offered}
        if lost := [new.match for one, new in unseen if alike(one.match) not in reworded]:
            raise CannotMark(f"{named(lost)}, which is right now, could not be chosen then")
        rows = frozenset(one.id for one, _ in shared)
        return self._of(rows), {row: reworded.get(alike(text), text) for row, text in response.items() if row in rows}

    def _of(self, ids: Ids) -> Self:
        return self.model_copy(update={"options": tuple(one for one in self.options if one.id in ids)})

    def mark_without(self, ids: Ids, response: Response) -> Mark | None:
        rest = {row: text for row, text in response.items() if row not in ids}
        return self._of(frozenset(one.id for one in self.options) - ids).mark(rest) if rest else None

    def mark_granting(self, ids: Ids, response: Response) -> Mark:
        return self.mark({**response, **{one.id: one.match for one in self.options if one.id in ids}})

    def is_askable_without(self, ids: Ids) -> bool:
        return not ids.issuperset(one.id for one in self.options)
