"""Options: what the choice types offer, how they are ordered, and what is wrong with a set of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from pydantic import StrictBool

from quizapp.domain.entry import Entry, Id, PassageRef, Place, Problem, Text, shuffled
from quizapp.domain.item import Form, Order, ReviewLine
from quizapp.domain.source import Evidence


class Option(Entry):
    """A choice. A distractor is one without ``correct``; ``true_in`` names a passage where it would be right."""

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


def option_problems(options: Sequence[Option]) -> Iterable[Problem]:
    """Too few options, ids or texts twice."""
    if len(options) < 2:
        yield Problem(("options",), "give at least two options")
    seen_ids: dict[str, int] = {}
    seen_texts: dict[str, int] = {}
    for i, option in enumerate(options):
        folded = " ".join(option.text.casefold().split())
        if option.id in seen_ids:
            yield Problem(("options", i, "id"), f"option id «{option.id}» is used twice; give each option its own")
        if folded in seen_texts:
            yield Problem(
                ("options", i, "text"), f"the same text as option {seen_texts[folded] + 1}; options must differ"
            )
        seen_ids.setdefault(option.id, i)
        seen_texts.setdefault(folded, i)


def pinned_order(options: Sequence[Option], seed: str) -> tuple[int, ...]:
    """The options' indexes shuffled by the seed; those pinned first or last stay there, in the order written."""
    first = [i for i, option in enumerate(options) if option.pin == "first"]
    last = [i for i, option in enumerate(options) if option.pin == "last"]
    free = [i for i, option in enumerate(options) if option.pin is None]
    return (*first, *shuffled(free, seed), *last)


def ticked(form: Form, order: Order) -> list[int] | None:
    """The indexes of the options whose positions the form's ``answer`` names; None where one is no position."""
    at = {str(position): i for position, i in enumerate(order)}
    values = [value for value in form.get("answer", ()) if value != ""]
    return [at[value] for value in dict.fromkeys(values)] if all(value in at for value in values) else None


def positions(ids: Iterable[str], options: Sequence[Option], order: Order) -> list[str]:
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


def option_distractors(options: Sequence[Option]) -> tuple[tuple[Place, str | None, bool], ...]:
    """Each wrong option's place, its feedback, and whether it has evidence of its own (or ``true_in``)."""
    return tuple(
        (("options", i), option.feedback, bool(option.evidence or option.true_in))
        for i, option in enumerate(options)
        if not option.correct
    )
