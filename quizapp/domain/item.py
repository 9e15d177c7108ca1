"""What every item has and can do: fields, and the verbs that each item type spells out for itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field, StrictBool, StrictInt

from quizapp.domain.entry import Amount, Entry, Id, PassageRef, Place, Problem, Text
from quizapp.domain.marking import Mark
from quizapp.domain.mendable import Mendable
from quizapp.domain.source import Evidence

Skill = Literal[
    "recall", "chronology", "causation", "significance", "change",
    "sourcing", "corroboration", "contextualisation", "close_reading", "interpretation",
]  # fmt: skip

Response = Any  # JSON data of the type's own shape; None is a blank
Form = Mapping[str, Sequence[str]]
Distractor = tuple[Place, str | None, bool | None]  # its place, its feedback, whether it has evidence of its own
Order = Sequence[int]  # the option shown at each position, as an index into the item's options; see domain.order


@dataclass(frozen=True)
class Question:
    """All that a student may see of an item before it is reviewed; no id, no key, nothing that predicts one.

    ``options`` are texts in the order shown; ``offered`` those of a second list (what matching offers, the options of a
    part A, whose question is ``first``). ``places`` are the options' passages, with the quote where that is the option,
    for pages to name and show; ``several`` says whether more than one option may be chosen.
    """

    type: str
    stem: str
    credit: str
    options: tuple[str, ...] = ()
    show: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()
    places: tuple[Evidence, ...] = ()
    claim: str | None = None
    first: str | None = None
    unit: str | None = None
    several: bool = False
    note: str | None = None
    hint: str | None = None
    attributed_to: str | None = None
    because: bool = False

    @property
    def passages(self) -> tuple[str, ...]:
        """The passages that stand beside the question, each once."""
        return tuple(dict.fromkeys((*self.show, *(place.passage for place in self.places))))


@dataclass(frozen=True)
class ReviewLine:
    """One option, one row, or one wrong answer that was foreseen, as the review shows it.

    ``correct`` is None while that is not to be shown; ``offered`` is false for what nobody offered to the student.
    A row has an answer of its own: what was ``given`` to it and its ``key``; it is ``chosen`` where it has an answer,
    and ``correct`` where that is right. ``part`` is «answer» or «evidence» where an item has both; ``passage`` is what
    the line is about.
    """

    text: str
    chosen: bool
    correct: bool | None
    feedback: str | None = None
    evidence: tuple[Evidence, ...] = ()
    true_in: str | None = None
    offered: bool = True
    given: str | None = None
    key: str | None = None
    part: str | None = None
    passage: str | None = None


@dataclass(frozen=True)
class Review:
    """A response beside its key: both in words, and a line for each option in the order shown.

    ``key_parts`` is the key as a list, where it is one whose order matters.
    """

    given: str
    key: str | None
    lines: tuple[ReviewLine, ...] = ()
    key_parts: tuple[str, ...] = ()

    def only(self, visible: frozenset[str]) -> Review:
        """What remains of the review where the policy shows only ``visible`` (see ``review_policy.ASPECTS``)."""
        return Review(
            given=self.given,
            key=self.key if "key" in visible else None,
            key_parts=self.key_parts if "key" in visible else (),
            lines=tuple(_only(line, visible) for line in self.lines if _may_show(line, visible)),
        )


def _may_show(line: ReviewLine, visible: frozenset[str]) -> bool:
    """A foreseen wrong answer says by being there that it is wrong, so it needs the right to be shown at all."""
    return line.offered or "key" in visible or (line.chosen and bool(visible & {"correctness", "feedback"}))


def _only(line: ReviewLine, visible: frozenset[str]) -> ReviewLine:
    shows_key = "key" in visible
    shows_correct = shows_key or (line.chosen and "correctness" in visible)
    return replace(
        line,
        key=line.key if shows_key else None,
        correct=line.correct if shows_correct else None,
        feedback=line.feedback if "feedback" in visible and (line.chosen or shows_key) else None,
        evidence=line.evidence if "evidence" in visible and (line.chosen or shows_key) else (),
        true_in=line.true_in if "evidence" in visible and (line.chosen or shows_key) else None,
    )


# In JSON Schema: what the curated bank asks of most types beyond the shape of their fields.
EVIDENCE: dict[str, Any] = {
    "anyOf": [
        {"required": ["evidence"], "properties": {"evidence": {"minItems": 1}}},
        {"required": ["unsourced"]},
    ]
}


def asks(*rules: dict[str, Any]) -> dict[str, Any]:
    """What a type's JSON Schema says besides its fields: the type's rules (``problems``, ``gaps``) in its language."""
    return {"allOf": list(rules)}


class Item(Mendable, Entry):
    """A question with its key and the evidence for it. Subclasses add the fields of their type and its verbs.

    ``type`` has no default, so that it stays in the entry, and the entry's digest covers it.
    """

    model_config = ConfigDict(json_schema_extra=asks(EVIDENCE))

    id: Id
    topic: Id
    type: str
    stem: Text
    difficulty: Annotated[StrictInt, Field(ge=1, le=5)]
    skill: Skill
    explanation: Text
    evidence: tuple[Evidence, ...] = ()
    disputes: tuple[Id, ...] = ()
    show: tuple[PassageRef, ...] = ()
    tags: tuple[Text, ...] = ()
    not_with: tuple[Id, ...] = ()
    attributed_to: Text | None = None
    needs_text: StrictBool = False
    note: Text | None = None
    marks: Annotated[Amount, Field(gt=0, le=100)] = Decimal(1)
    hint: Text | None = None
    because: StrictBool = False
    unsourced: Text | None = None  # why no evidence is given; students read it

    label: ClassVar[str]  # the type's name in words

    # What each type spells out for itself

    def problems(self) -> Iterable[Problem]:
        """Mistakes that the shape alone does not show: no key, equal options and the like."""
        raise NotImplementedError

    def read(self, form: Form, order: Order) -> Response:
        """The response in a form whose values are positions in ``order``; None for a blank or a value out of range."""
        raise NotImplementedError

    def form(self, response: Response, order: Order) -> dict[str, list[str]]:
        """The form that ``read`` would turn into the response; empty for a blank."""
        raise NotImplementedError

    def mark(self, response: Response) -> Mark:
        """What the response earns, and why; a blank earns 0."""
        raise NotImplementedError

    def correct_response(self) -> Response:
        """A response that earns full marks."""
        raise NotImplementedError

    def review(self, response: Response, order: Order) -> Review:
        """The response beside the key, with feedback and evidence for each line, in the order shown."""
        raise NotImplementedError

    def credit_rule(self) -> str:
        """The rule of credit in a sentence, as shown before answering."""
        raise NotImplementedError

    def key_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        """The evidence for the key, each with its place in the entry."""
        return tuple((("evidence", i), one) for i, one in enumerate(self.evidence))

    def other_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        """The evidence about distractors (options and wrong answers), each with its place in the entry."""
        return ()

    def distractors(self) -> tuple[Distractor, ...]:
        """Each distractor: its place, its feedback, and whether it has evidence (None where it can have none)."""
        return ()

    def gaps(self) -> Iterable[Problem]:
        """What the curated bank asks for beyond what an item needs to work: evidence, and feedback on what is wrong."""
        if not self.key_evidence() and not self.unsourced:
            yield Problem((), "no evidence for the key; name the passage that proves it")
        for place, feedback, _ in self.distractors():
            if not feedback:
                yield Problem(place, "a wrong answer without feedback; say why it is wrong")

    def sample_responses(self) -> Iterable[Response]:
        """Responses that are not right: those that the author foresaw, and others that show how the type is marked."""
        return ()

    def guess_score(self) -> Decimal | None:
        """The mean fraction of random guessing; None where that cannot be said (free text)."""
        return None

    def default_order(self) -> tuple[int, ...]:
        """The order without shuffling: the options as written, unless that gives the key away."""
        return ()

    def shuffled_order(self, seed: str) -> tuple[int, ...]:
        """An order that follows from the seed, with pinned options in their places."""
        return self.default_order()

    # What holds for all

    def option_texts(self, order: Order) -> tuple[str, ...]:
        """The texts of the options in the order shown."""
        return ()

    def ask(self, order: Order) -> Question:
        """The question as a student sees it before any review."""
        return self._asked(order)

    def _asked(self, order: Order, **more: Any) -> Question:
        """The question, with what is particular to the type."""
        return Question(
            type=self.type,
            stem=self.stem,
            credit=self.credit_rule(),
            options=self.option_texts(order),
            show=self.show,
            note=self.note,
            hint=self.hint,
            attributed_to=self.attributed_to,
            because=self.because,
            **more,
        )

    def all_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        """Every piece of evidence with its place in the entry; ``true_in`` and ``show`` count as naming a passage."""
        shown = tuple((("show", i), Evidence(passage=ref)) for i, ref in enumerate(self.show))
        return (*self.key_evidence(), *self.other_evidence(), *shown)

    def passages(self) -> tuple[str, ...]:
        """The passages that the item names, each once, in the order first named."""
        return tuple(dict.fromkeys(evidence.passage for _, evidence in self.all_evidence()))


def is_blank(response: Response) -> bool:
    """Whether the response says nothing."""
    return response is None or (not isinstance(response, bool) and response in ("", [], {}))
