"""What an answer given to an older version of a question earns now, by the key as it stands or by a rule of a regrade.

Pure: nothing here knows attempts or databases. ``regrade`` says what becomes of one answer, ``moved`` what becomes of
the mark that it had.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, get_args

from quizapp.domain import because
from quizapp.domain.item import Item, Response, is_blank
from quizapp.domain.items import entry
from quizapp.domain.marking import FULL, ZERO, Mark, rounded
from quizapp.domain.mendable import CannotMark, named

Deed = Literal["key", "drop", "grant", "leave_out", "full_marks"]
DEEDS: tuple[Deed, ...] = get_args(Deed)
NAMING: tuple[Deed, ...] = ("drop", "grant")  # the deeds that name options
OTHER_TYPE = "It is a question of another type now"


@dataclass(frozen=True)
class Rule:
    """How answers are marked in one run: by the key, or with options dropped or counted right, or the whole question.

    ``spare``: nobody's mark goes down.
    """

    deed: Deed = "key"
    options: tuple[str, ...] = ()
    spare: bool = False

    def problem(self, item: Item) -> str | None:
        """Why it cannot be applied to the question, and what to do; None where it can."""
        if self.deed not in NAMING:
            return None
        may = {part.id for part in item.parts() if (part.droppable if self.deed == "drop" else part.grantable)}
        if not self.options:
            return "Tick the option that this is about."
        if not set(self.options) <= may:
            return "That cannot be done with this option. Choose another rule, or the whole question."
        if self.deed == "drop" and not item.is_askable_without(frozenset(self.options)):
            return "Nothing would be left to be right about. Leave the whole question out instead."
        return None

    def words(self, item: Item) -> str:
        """The rule in a sentence, for teacher and student."""
        about = named(part.text for part in item.parts() if part.id in self.options)
        counts = "does" if len(self.options) == 1 else "do"
        said: dict[Deed, str] = {
            "key": "Marked by the key as it stands now.",
            "drop": f"{about} {counts} not count any more, neither for nor against.",
            "grant": f"{about} {'counts' if len(self.options) == 1 else 'count'} as right for everybody.",
            "leave_out": "The question is left out: it counts neither for nor against.",
            "full_marks": "Everybody has the full mark of this question.",
        }
        return said[self.deed]

    @property
    def told(self) -> str:
        """What a mark's reason says of it: no option by name, since the key may not be shown where the reason is."""
        return (
            "An option does not count any more." if self.deed == "drop" else "An option counts as right for everybody."
        )


def rule_of(given: Mapping[str, Any]) -> Rule:
    """The rule that plain data (``dataclasses.asdict`` of one) describes."""
    return Rule(given["deed"], tuple(given["options"]), bool(given["spare"]))


def deed_named(name: str | None) -> Deed:
    """The deed of this name; marking by the key for any other."""
    return next((one for one in DEEDS if one == name), "key")


@dataclass(frozen=True)
class Outcome:
    """What becomes of an answer: its mark; or that it does not count; or why it cannot be marked, and so stays."""

    mark: Mark | None = None
    counts: bool = True
    stays: str | None = None


def regrade(old: Item, new: Item, response: Response, rule: Rule) -> Outcome:
    """What an answer to the old version earns by the new one and the rule."""
    if rule.deed == "leave_out":
        return Outcome(counts=False)
    if rule.deed == "full_marks":
        return Outcome(Mark(FULL, rule.words(new), new.mark(new.correct_response()).parts))
    if is_blank(response):
        return Outcome(new.mark(None))
    try:
        return _answered(old, new, response, rule)
    except CannotMark as cannot:
        if rule.deed == "drop" and cannot.options and cannot.options <= set(rule.options):
            return Outcome(counts=False)
        return Outcome(stays=cannot.why)


def _answered(old: Item, new: Item, response: Response, rule: Rule) -> Outcome:
    if new.type != old.type:
        raise CannotMark(OTHER_TYPE)
    item, given = (new, response) if new is old else new.carried(old, response)
    ids = frozenset(rule.options)
    if rule.deed == "key":
        return Outcome(item.mark(given))
    mark = item.mark_without(ids, given) if rule.deed == "drop" else item.mark_granting(ids, given)
    if mark is None:
        return Outcome(counts=False)
    return Outcome(replace(mark, reason=f"{mark.reason} {rule.told}"))


@dataclass(frozen=True)
class Standing:
    """A mark as it stands: its fraction, of how much, why; and whether a person gave it."""

    fraction: Decimal | None
    available: Decimal
    reason: str
    parts: Mapping[str, Decimal]
    by_person: bool = False

    @property
    def mark(self) -> Decimal | None:
        """What it adds to the total."""
        return None if self.fraction is None else rounded(self.fraction * self.available)

    def same(self, other: Standing) -> bool:
        """Whether it earns the same, of as much, in every part."""
        return (self.fraction, self.available, dict(self.parts)) == (other.fraction, other.available, dict(other.parts))


@dataclass(frozen=True)
class Move:
    """A mark that moves, or why it stays."""

    old: Standing
    new: Standing
    stays: str | None = None

    @property
    def moves(self) -> bool:
        """Whether it moves at all."""
        return self.stays is None and not self.old.same(self.new)

    @property
    def by(self) -> Decimal:
        """How much more (or, below 0, less) it adds to the total."""
        return (self.new.mark or ZERO) - (self.old.mark or ZERO)


BY_PERSON = "A person has marked it; that mark stays"
SPARED = "It would go down, and this run lowers nobody’s mark"
LEFT_OUT = "Left out: it counts neither for nor against."


def moved(old: Standing, outcome: Outcome, available: Decimal, *, spare: bool = False) -> Move:
    """What becomes of a mark. ``available`` is what the question is worth where it counts."""
    if old.by_person or outcome.stays:
        return Move(old, old, BY_PERSON if old.by_person else outcome.stays)
    new = _standing(old, outcome, available)
    if spare and outcome.counts and _worth(new) < _worth(old):
        return Move(old, old, SPARED)
    return Move(old, new)


def _standing(old: Standing, outcome: Outcome, available: Decimal) -> Standing:
    """A mark of a question that is left out keeps its fraction, of nothing; nobody waits for it any more."""
    mark = outcome.mark
    if not outcome.counts or mark is None:
        return Standing(old.fraction or rounded(ZERO), rounded(ZERO), LEFT_OUT, old.parts)
    return Standing(mark.fraction, rounded(available), mark.reason, mark.parts)


def _worth(one: Standing) -> tuple[Decimal, Decimal]:
    """What a mark is held against: while its reason waits, what the answer alone earns."""
    fraction = one.parts.get(because.OWN, ZERO) if one.fraction is None else one.fraction
    return fraction, fraction * one.available


def with_reason(outcome: Outcome, old: Standing, *, answered: bool, reason: str | None) -> Outcome:
    """The outcome where a teacher marks a reason beside the answer: the points that it was given stay."""
    if outcome.mark is None:
        return outcome
    points = because.points_of(old.parts)
    return replace(outcome, mark=because.with_reason(outcome.mark, answered=answered, reason=reason, points=points))


# What marking does not look at: of the item, and of its options.
NOT_MARKED = frozenset({
    "id", "topic", "stem", "difficulty", "skill", "explanation", "evidence", "disputes", "show", "tags", "not_with",
    "attributed_to", "needs_text", "note", "hint", "because", "unsourced",
})  # fmt: skip
NOT_MARKED_IN_ROWS = frozenset({"text", "feedback", "evidence", "true_in", "pin", "quote", "occurrence"})


def marks_alike(one: Item, other: Item) -> bool:
    """Whether two versions mark every answer alike: what differs, if anything, is wording, feedback or evidence."""
    return _marking(entry(one)) == _marking(entry(other))


def _marking(given: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in given.items() if name not in NOT_MARKED}
    return {name: _rows(name, value) for name, value in kept.items()}


def _rows(name: str, value: Any) -> Any:
    if name == "options":
        return list(_bare(value))
    if name == "wrong":
        return [row.get("answer") for row in value]
    if isinstance(value, Mapping) and "options" in value:
        return {"options": list(_bare(value["options"]))}
    return value


def _bare(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {name: value for name, value in row.items() if name not in NOT_MARKED_IN_ROWS}
