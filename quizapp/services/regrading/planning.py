"""The dry run of a regrade: whose marks would move, from what to what, and why; and whose stay."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.domain.regrade import Rule, Standing, marks_alike
from quizapp.services.errors import NotFound
from quizapp.services.people import Person
from quizapp.services.regrading.cases import Case, cases
from quizapp.store import bank, questions, regrades

NO_QUESTION = "There is no question of this name that was ever ready."


@dataclass(frozen=True)
class Use:
    """A version as it was asked: how many submitted attempts of one's own students, and of others; and open ones."""

    version: str
    item: Item
    mine: int
    others: int
    running: int
    marks_alike: bool


@dataclass(frozen=True)
class DryRun:
    """All that would happen. ``fingerprint`` tells two dry runs apart that would not do the same."""

    name: str
    item: Item
    version: str
    status: str
    rule: Rule
    problem: str | None
    uses: tuple[Use, ...]
    cases: tuple[Case, ...] = ()

    @cached_property
    def moving(self) -> tuple[Case, ...]:
        """The marks that would move."""
        return tuple(one for one in self.cases if one.move.moves)

    @cached_property
    def staying(self) -> tuple[Case, ...]:
        """The marks that stay for a reason that somebody should know."""
        return tuple(one for one in self.cases if one.move.stays)

    @property
    def same(self) -> int:
        """How many answers earn by the rule what they have already."""
        return len(self.cases) - len(self.moving) - len(self.staying)

    def count(self, way: str) -> int:
        """How many of the moving marks go this way."""
        return sum(one.way == way for one in self.moving)

    @property
    def students(self) -> int:
        """How many students' marks would move."""
        return len({one.user_id for one in self.moving})

    @property
    def others(self) -> int:
        """How many submitted attempts belong to somebody else's students."""
        return sum(one.others for one in self.uses)

    @property
    def running(self) -> int:
        """How many attempts are open: they keep their version, and are not touched."""
        return sum(one.running for one in self.uses)

    @cached_property
    def prints(self) -> Mapping[uuid.UUID, str]:
        """Attempt → a short word that tells whether what would happen to it is still the same."""
        told: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
        for one in self.moving:
            told[one.attempt_id].append([one.number, *(_plain(side) for side in (one.move.old, one.move.new))])
        return {key: _hashed([self.version, *value])[:16] for key, value in told.items()}

    @cached_property
    def fingerprint(self) -> str:
        """The same for all that would happen."""
        return _hashed(sorted((str(key), value) for key, value in self.prints.items()))[:32]


def _plain(one: Standing) -> list[Any]:
    return [str(one.fraction), str(one.available), one.reason, {name: str(part) for name, part in one.parts.items()}]


def _hashed(told: Any) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def mine_only(who: Person) -> int | None:
    """Whose attempts somebody may move: a teacher those of own students, an administrator everybody's."""
    return None if who.role == "admin" else who.id


def dry_run(session: Session, name: str, rule: Rule, *, who: Person, lock: bool = False) -> DryRun:
    """What a regrade of the question by this rule would do to the marks of this person's students; nothing is changed.

    The same few queries for any number of attempts. Raises ``NotFound``.
    """
    standing = questions.standing(session, name)
    if standing is None:
        raise NotFound(NO_QUESTION)
    teacher = mine_only(who)
    counts = regrades.uses(session, name, teacher)
    items = bank.items(session, {standing.digest, *(one[0] for one in counts)})
    new = items[standing.digest]
    uses = _uses(counts, items, standing.digest)
    problem = rule.problem(new)
    found = () if problem else cases(session, new, standing.digest, rule, items, teacher, lock=lock)
    return DryRun(name, new, standing.digest, standing.status, rule, problem, uses, tuple(found))


def _uses(counts: Iterable[regrades.Count], items: Mapping[str, Item], current: str) -> tuple[Use, ...]:
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"mine": 0, "others": 0, "running": 0})
    for digest, handed_in, mine, number in counts:
        found[digest]["running" if not handed_in else "mine" if mine else "others"] += number
    uses = [
        Use(key, items[key], marks_alike=marks_alike(items[key], items[current]), **one) for key, one in found.items()
    ]
    return tuple(sorted(uses, key=lambda one: (one.version == current, -one.mine, one.version)))


def waiting(session: Session, name: str, version: str, *, who: Person) -> tuple[int, int]:
    """How many submitted attempts of one's students have the question at all, and how many with another key than now.

    Those before one's last regrade by this version are not counted among the second: they were looked at then.
    """
    teacher = mine_only(who)
    counts = [one for one in regrades.uses(session, name, teacher) if one[1] and one[2]]
    items = bank.items(session, {version, *(one[0] for one in counts)})
    others = {key for key, item in items.items() if not marks_alike(item, items[version])}
    since = regrades.last_run_at(session, name, version, who.id) if others else None
    fresh = counts if since is None else regrades.uses(session, name, teacher, since)
    return sum(one[3] for one in counts), sum(one[3] for one in fresh if one[1] and one[2] and one[0] in others)
