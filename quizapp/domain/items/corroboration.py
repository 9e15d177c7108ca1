"""One claim beside several passages: each agrees with it, disagrees, says it less exactly, or is silent."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar, Literal, Self

from pydantic import ConfigDict

from quizapp.domain.entry import Id, Place, Problem, Text, shuffled
from quizapp.domain.item import Form, Item, Order, Question, Response, Review, ReviewLine, asks
from quizapp.domain.marking import ZERO, Mark, ratio, rounded, share
from quizapp.domain.mendable import CannotMark, Ids, Part
from quizapp.domain.option import id_problems
from quizapp.domain.source import Evidence

Relation = Literal["agrees", "disagrees", "less_exact", "silent"]
WORDS: dict[Relation, str] = {
    "agrees": "agrees", "disagrees": "disagrees", "less_exact": "says it less exactly", "silent": "is silent",
}  # fmt: skip
QUOTE_UNLESS_SILENT: dict[str, Any] = {
    "if": {"properties": {"key": {"const": "silent"}}, "required": ["key"]},
    "then": {"not": {"required": ["quote"]}},
    "else": {"required": ["quote"]},
}


class ComparedPassage(Evidence):
    """A passage, how it stands to the claim, and the quote that shows it."""

    model_config = ConfigDict(json_schema_extra={"allOf": [QUOTE_UNLESS_SILENT]})

    id: Id
    key: Relation
    feedback: Text | None = None

    def evidence(self) -> Evidence:
        """The passage with its quote."""
        return Evidence(passage=self.passage, quote=self.quote, occurrence=self.occurrence)


class Corroboration(Item):
    """A response holds one of the four words for each passage, by the id of its row; rows may be left blank."""

    model_config = ConfigDict(json_schema_extra=asks({"properties": {"options": {"minItems": 2}}}))

    type: Literal["corroboration"]
    claim: Text
    options: tuple[ComparedPassage, ...]
    label: ClassVar[str] = "Corroboration"

    def problems(self) -> Iterable[Problem]:
        yield from id_problems(self.options)
        seen: set[str] = set()
        for i, option in enumerate(self.options):
            if option.passage in seen:
                yield Problem(
                    ("options", i, "passage"), f"«{option.passage}» stands here twice; show each passage once"
                )
            seen.add(option.passage)
            if option.key == "silent" and option.quotes:
                yield Problem(("options", i, "quote"), "a passage that is silent has no words on the claim to quote")
            if option.key != "silent" and not option.quotes:
                yield Problem(("options", i), "missing field «quote»: the words that speak to the claim")

    def read(self, form: Form, order: Order) -> Response:
        given = {self.options[i].id: form.get(f"answer-{position}", ())[:1] for position, i in enumerate(order)}
        return {row: value[0] for row, value in given.items() if value and value[0] in WORDS} or None

    def form(self, response: Response, order: Order) -> dict[str, list[str]]:
        given = ((position, (response or {}).get(self.options[i].id)) for position, i in enumerate(order))
        return {f"answer-{position}": [value] for position, value in given if value}

    def mark(self, response: Response) -> Mark:
        if not response:
            return Mark(ZERO, "No answer was given.")
        right = sum(response.get(option.id) == option.key for option in self.options)
        rows = len(self.options)
        return Mark(ratio(right, rows), f"{right} of {rows} passages judged rightly: {share(right, rows)}.")

    def correct_response(self) -> Response:
        return {option.id: option.key for option in self.options}

    def sample_responses(self) -> Iterable[Response]:
        words = list(WORDS)
        wrong = {one.id: words[(words.index(one.key) + 1) % len(words)] for one in self.options}
        first = self.options[0].id
        return [{**self.correct_response(), first: wrong[first]}, wrong]

    def review(self, response: Response, order: Order) -> Review:
        given = response or {}
        return Review(
            given=self._in_words(given, order),
            key=self._in_words(self.correct_response(), order),
            lines=tuple(self._line(self.options[i], given.get(self.options[i].id)) for i in order),
        )

    def _in_words(self, answers: dict[str, Relation], order: Order) -> str:
        options = (self.options[i] for i in order)
        return "; ".join(f"{one.passage} {WORDS[answers[one.id]]}" for one in options if one.id in answers)

    def _line(self, option: ComparedPassage, given: Relation | None) -> ReviewLine:
        return ReviewLine(
            text=option.passage,
            chosen=given is not None,
            correct=given == option.key,
            given=WORDS[given] if given else None,
            key=WORDS[option.key],
            feedback=option.feedback,
            evidence=(option.evidence(),),
            passage=option.passage,
        )

    def credit_rule(self) -> str:
        return (
            "Say of each passage how it stands to the claim, and to nothing else. "
            "Each right one earns its share of the mark; a wrong one costs nothing."
        )

    def ask(self, order: Order) -> Question:
        places = tuple(Evidence(passage=self.options[i].passage) for i in order)
        return self._asked(order, claim=self.claim, places=places)

    def default_order(self) -> tuple[int, ...]:
        return tuple(range(len(self.options)))

    def shuffled_order(self, seed: str) -> tuple[int, ...]:
        return tuple(shuffled(range(len(self.options)), seed))

    def guess_score(self) -> Decimal:
        return rounded(ratio(1, len(WORDS)))

    def key_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        compared = ((("options", i), one.evidence()) for i, one in enumerate(self.options))
        return (*super().key_evidence(), *compared)

    def parts(self) -> tuple[Part, ...]:
        return tuple(Part(one.id, one.passage, True) for one in self.options)

    def carried(self, older: Self, response: Response) -> tuple[Self, Response]:
        then = {one.id: one.passage for one in older.options}
        rows = frozenset(one.id for one in self.options if then.get(one.id) == one.passage)
        rest = {row: word for row, word in response.items() if row in rows}
        if not rest:
            raise CannotMark("The passages that were judged are not asked about any more")
        return self._of(rows), rest

    def _of(self, ids: Ids) -> Self:
        return self.model_copy(update={"options": tuple(one for one in self.options if one.id in ids)})

    def mark_without(self, ids: Ids, response: Response) -> Mark | None:
        rest = {row: word for row, word in response.items() if row not in ids}
        return self._of(frozenset(one.id for one in self.options) - ids).mark(rest) if rest else None

    def mark_granting(self, ids: Ids, response: Response) -> Mark:
        return self.mark({**response, **{one.id: one.key for one in self.options if one.id in ids}})

    def is_askable_without(self, ids: Ids) -> bool:
        return not ids.issuperset(one.id for one in self.options)
