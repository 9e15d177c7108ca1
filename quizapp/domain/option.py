"""Options: what the choice types offer, how they are ordered, and what is wrong with a set of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, Protocol

from pydantic import ConfigDict, StrictBool

from quizapp.domain.entry import Entry, Id, PassageRef, Place, Problem, Text, shuffled
from quizapp.domain.item import Distractor, Form, Item, Order, ReviewLine
from quizapp.domain.source import Evidence

# In JSON Schema: what says of an option that it is the key, and that a distractor has feedback.
IS_KEY: dict[str, Any] = {"properties": {"correct": {"const": True}}, "required": ["correct"]}
IS_DISTRACTOR: dict[str, Any] = {"not": IS_KEY}
DISTRACTOR_HAS_FEEDBACK: dict[str, Any] = {"if": IS_DISTRACTOR, "then": {"required": ["feedback"]}}
HAS_EVIDENCE: dict[str, Any] = {"required": ["evidence"], "properties": {"evidence": {"minItems": 1}}}
EVIDENCE_SOMEWHERE: dict[str, Any] = {
    "anyOf": [HAS_EVIDENCE, {"required": ["unsourced"]}, {"properties": {"options": {"contains": HAS_EVIDENCE}}}]
}
ONE_KEY: dict[str, Any] = {"minItems": 2, "contains": IS_KEY, "minContains": 1, "maxContains": 1}
NUMBERS = {"two": 2, "three": 3}


class Named(Protocol):
    """Anything with an id."""

    @property
    def id(self) -> str: ...  # noqa: D102


class Titled(Named, Protocol):
    """Anything with an id and a text of its own."""

    @property
    def text(self) -> str: ...  # noqa: D102


class Attested(Protocol):
    """Anything with evidence."""

    @property
    def evidence(self) -> tuple[Evidence, ...]: ...  # noqa: D102


class Choice(Titled, Protocol):
    """A titled thing that may be the key, and that may have to stay in its place."""

    @property
    def correct(self) -> bool: ...  # noqa: D102

    @property
    def pin(self) -> Literal["first", "last"] | None: ...  # noqa: D102


class Option(Entry):
    """A choice. A distractor is one without ``correct``; ``true_in`` names a passage where it would be right."""

    model_config = ConfigDict(json_schema_extra={"allOf": [DISTRACTOR_HAS_FEEDBACK]})

    id: Id
    text: Text
    correct: StrictBool = False
    feedback: Text | None = None
    evidence: tuple[Evidence, ...] = ()
    true_in: PassageRef | None = None
    pin: Literal["first", "last"] | None = None

    def all_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        """The option's evidence with its place inside the option; ``true_in`` names a passage without a quote."""
        own: list[tuple[Place, Evidence]] = [(("evidence", i), one) for i, one in enumerate(self.evidence)]
        if self.true_in:
            own.append((("true_in",), Evidence(passage=self.true_in)))
        return tuple(own)


def option_problems(options: Sequence[Titled], place: Place = ("options",), least: str = "two") -> Iterable[Problem]:
    """Too few options, ids or texts twice."""
    yield from id_problems(options, place, least)
    seen: dict[str, int] = {}
    for i, option in enumerate(options):
        first = seen.setdefault(alike(option.text), i)
        if first != i:
            yield Problem((*place, i, "text"), f"the same text as option {first + 1}; options must differ")


def id_problems(options: Sequence[Named], place: Place = ("options",), least: str = "two") -> Iterable[Problem]:
    """Too few options, or ids twice."""
    if len(options) < NUMBERS[least]:
        yield Problem(place, f"give at least {least} options")
    seen: dict[str, int] = {}
    for i, option in enumerate(options):
        if seen.setdefault(option.id, i) != i:
            yield Problem((*place, i, "id"), f"option id «{option.id}» is used twice; give each option its own")


def one_key_problems(options: Sequence[Choice], place: Place = ("options",)) -> Iterable[Problem]:
    """No key, or more than one."""
    right = [i for i, option in enumerate(options) if option.correct]
    if not right:
        yield Problem(place, "no key: mark the right option with «correct: true»")
    for i in right[1:]:
        yield Problem(
            (*place, i, "correct"),
            "a second key: one option only is correct here; use multiple_choice for several",
        )


def alike(text: str) -> str:
    """The text for comparing with other options: no case, and white space folded."""
    return " ".join(text.casefold().split())


def pinned_order(options: Sequence[Choice], seed: str) -> tuple[int, ...]:
    """The options' indexes shuffled by the seed; those pinned first or last stay there, in the order written."""
    first = [i for i, option in enumerate(options) if option.pin == "first"]
    last = [i for i, option in enumerate(options) if option.pin == "last"]
    free = [i for i, option in enumerate(options) if option.pin is None]
    return (*first, *shuffled(free, seed), *last)


def ticked(form: Form, order: Order, field: str = "answer") -> list[int] | None:
    """The indexes of the options whose positions the form's field names; None where one is no position."""
    at = {str(position): i for position, i in enumerate(order)}
    values = [value for value in form.get(field, ()) if value != ""]
    return [at[value] for value in dict.fromkeys(values)] if all(value in at for value in values) else None


def positions(ids: Iterable[str], options: Sequence[Named], order: Order) -> list[str]:
    """The positions, as form values, at which the options with these ids are shown."""
    wanted = set(ids)
    return [str(position) for position, i in enumerate(order) if options[i].id in wanted]


def review_lines(options: Sequence[Option], order: Order, chosen: Iterable[str]) -> tuple[ReviewLine, ...]:
    """A line for each option, in the order shown."""
    taken = set(chosen)
    return tuple(
        ReviewLine(
            text=options[i].text,
            chosen=options[i].id in taken,
            correct=options[i].correct,
            feedback=options[i].feedback,
            evidence=options[i].evidence,
            true_in=options[i].true_in,
        )
        for i in order
    )


def option_evidence(options: Sequence[Option]) -> tuple[tuple[Place, Evidence], ...]:
    """All evidence about the options, each with its place in the entry."""
    return tuple(
        (("options", i, *place), one) for i, option in enumerate(options) for place, one in option.all_evidence()
    )


def rows_evidence(options: Iterable[Attested]) -> tuple[tuple[Place, Evidence], ...]:
    """The evidence of options that are each part of the key, with its place in the entry."""
    return tuple(
        (("options", i, "evidence", j), e) for i, one in enumerate(options) for j, e in enumerate(one.evidence)
    )


def option_distractors(options: Sequence[Option]) -> tuple[Distractor, ...]:
    """Each wrong option's place, its feedback, and whether it has evidence of its own (or ``true_in``)."""
    return tuple(
        (("options", i), option.feedback, bool(option.evidence or option.true_in))
        for i, option in enumerate(options)
        if not option.correct
    )


class OptionItem(Item):
    """What the two choice types share: options of their own, shown in some order, each with its own evidence."""

    options: tuple[Option, ...]

    def option_texts(self, order: Order) -> tuple[str, ...]:
        """The options' texts, as shown."""
        return tuple(self.options[i].text for i in order)

    def default_order(self) -> tuple[int, ...]:
        """As written."""
        return tuple(range(len(self.options)))

    def shuffled_order(self, seed: str) -> tuple[int, ...]:
        """Shuffled by the seed, around what is pinned."""
        return pinned_order(self.options, seed)

    def other_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        """The options' evidence."""
        return option_evidence(self.options)

    def distractors(self) -> tuple[Distractor, ...]:
        """The wrong options."""
        return option_distractors(self.options)
