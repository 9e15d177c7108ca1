"""Regrades carried out: all of a dry run or a choice of it, written down, told to the students; and taken back."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.domain.marking import Mark, from_units
from quizapp.domain.regrade import Rule, rule_of
from quizapp.services import audit, marks, notes
from quizapp.services.accounts import Mistakes
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.marks import Given
from quizapp.services.people import Person, person
from quizapp.services.regrading.cases import Case
from quizapp.services.regrading.planning import DryRun, dry_run, mine_only
from quizapp.store import bank, questions, regrades
from quizapp.store.mark_tables import MarkChange
from quizapp.store.regrade_tables import RegradeRun
from quizapp.store.regrades import Changed
from quizapp.store.tables import Attempt, User

LONGEST_WHY = 300
CHANGED = "Something has changed since this dry run. Nothing was marked anew: look at the new dry run, then decide."
NO_RUN = "There is no such regrade, or it is not one of yours."
NOTHING = "No mark would move, so there is nothing to mark anew."


class DryRunChanged(Conflict):
    """What was seen is not what would happen now."""


@dataclass(frozen=True)
class Choice:
    """What of a dry run to carry out: all that has this fingerprint; or these attempts, each with its own."""

    fingerprint: str = ""
    attempts: Mapping[uuid.UUID, str] | None = None


def commit(
    session: Session, name: str, rule: Rule, choice: Choice, why: str, *, who: Person, now: datetime
) -> RegradeRun:
    """Do what the dry run said, and tell the students. Raises ``NotFound``, ``Mistakes``; ``DryRunChanged``."""
    why = " ".join("".join(one if one.isprintable() else " " for one in why).split())
    _check(why)
    plan = dry_run(session, name, rule, who=who, lock=True)
    if plan.problem:
        raise Mistakes({"rule": [plan.problem]})
    chosen = _chosen(plan, choice)
    run = regrades.add_run(
        session,
        RegradeRun(
            item=name, from_digests=sorted({one.version for one in chosen}), to_digest=plan.version,
            rule=asdict(rule), why=why, actor_id=who.id, at=now, moved=len(chosen),
        ),
    )  # fmt: skip
    marks.change_many(
        session, [_given(one) for one in chosen], kind="regrade", why=why, actor_id=who.id, now=now, run_id=run.id
    )
    said = {"run": run.id, "rule": rule.words(plan.item), "why": why, "marks": run.moved, "to": plan.version}
    audit.record(session, who.id, "regrade", "item", name, {"versions": run.from_digests}, said, now=now)
    _tell(session, [(one.user_id, one.attempt_id, one.submitted_at, one.quiz) for one in chosen], MARKED, now=now)
    return run


def _check(why: str) -> None:
    if not why:
        raise Mistakes({"why": ["Say why, in a sentence that your students understand."]})
    if len(why) > LONGEST_WHY:
        raise Mistakes({"why": [f"Use at most {LONGEST_WHY} characters."]})


def _chosen(plan: DryRun, choice: Choice) -> list[Case]:
    if choice.attempts is None:
        if choice.fingerprint != plan.fingerprint:
            raise DryRunChanged(CHANGED)
        if not plan.moving:
            raise Conflict(NOTHING)
        return list(plan.moving)
    if not choice.attempts:
        raise Mistakes({"attempt": ["Nobody was ticked. Tick those whose marks shall move, or take all."]})
    if any(plan.prints.get(key) != seen for key, seen in choice.attempts.items()):
        raise DryRunChanged(CHANGED)
    return [one for one in plan.moving if one.attempt_id in choice.attempts]


def _given(case: Case) -> Given:
    new = case.move.new
    return Given(case.attempt_id, case.number, Mark(new.fraction, new.reason, new.parts), new.available)


MARKED = "A question of “{quiz}” was marked anew. Your result shows what changed, and why."
MARKED_MANY = "A question that you met in {number} attempts was marked anew. Each result shows what changed, and why."
UNDONE = "A question of “{quiz}” has its earlier mark again. Your result shows it."
UNDONE_MANY = "A question that you met in {number} attempts has its earlier mark again. Each result shows it."
Told = tuple[int, uuid.UUID, datetime, str]  # user, attempt, when it was handed in, title of the quiz


def _tell(session: Session, moved: Iterable[Told], words: str, *, now: datetime) -> None:
    """One note for each student, that leads to the latest of the attempts."""
    mine: dict[int, dict[uuid.UUID, Told]] = {}
    for one in moved:
        mine.setdefault(one[0], {})[one[1]] = one
    many = MARKED_MANY if words == MARKED else UNDONE_MANY
    told = []
    for user_id, attempts in mine.items():
        _, attempt_id, _, quiz = max(attempts.values(), key=lambda one: one[2])
        text = words.format(quiz=quiz) if len(attempts) == 1 else many.format(number=len(attempts))
        told.append((user_id, text, f"/attempts/{attempt_id}/result"))
    notes.tell_each(session, told, now=now)


# --- looking back ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class RunLine:
    """A regrade as the list shows it."""

    id: int
    item: str
    stem: str
    rule: str
    why: str
    who: str
    at: datetime
    moved: int
    undone_at: datetime | None
    undone_by: str
    put_back: int | None

    @property
    def kept(self) -> int:
        """The marks that undoing left alone, since they had moved again."""
        return self.moved - self.put_back if self.put_back is not None else 0


@dataclass(frozen=True)
class MovedLine:
    """A mark that a run moved."""

    student: str
    quiz: str
    attempt_number: int
    submitted_at: datetime
    number: int
    old: Decimal | None
    new: Decimal | None
    old_available: Decimal | None
    new_available: Decimal | None
    reason: str
    moved_again: bool


@dataclass(frozen=True)
class RunPage:
    """A regrade with all that it moved."""

    run: RunLine
    from_versions: tuple[str, ...]
    to_version: str
    lines: tuple[MovedLine, ...]


def runs(session: Session, who: Person) -> list[RunLine]:
    """One's regrades, an administrator everybody's, the newest first; three queries."""
    found = regrades.runs(session, mine_only(who))
    items = bank.items(session, {one.to_digest for one in found})
    names = questions.names_of(session, {actor for one in found for actor in (one.actor_id, one.undone_by)})
    return [_line(one, items[one.to_digest], names) for one in found]


def run_page(session: Session, run_id: int, who: Person) -> RunPage:
    """One regrade. Raises ``NotFound``."""
    run = _run(session, run_id, who)
    items = bank.items(session, [run.to_digest])
    names = questions.names_of(session, {run.actor_id, run.undone_by})
    changes = regrades.changes(session, run_id)
    quizzes = bank.quizzes(session, {one.attempt.quiz_digest for one in changes})
    lines = tuple(_moved(one, quizzes[one.attempt.quiz_digest].title) for one in changes)
    line = _line(run, items[run.to_digest], names)
    return RunPage(line, tuple(run.from_digests), run.to_digest, lines)


def _moved(one: Changed, quiz: str) -> MovedLine:
    change, attempt = one.change, one.attempt
    return MovedLine(
        student=person(one.user).name,
        quiz=quiz,
        attempt_number=attempt.number,
        submitted_at=_handed_in(attempt),
        number=change.slot,
        old=change.old_mark,
        new=change.new_mark,
        old_available=change.old_available,
        new_available=change.new_available,
        reason=change.new_reason or "",
        moved_again=not one.is_as_left,
    )


def _run(session: Session, run_id: int, who: Person, *, lock: bool = False) -> RegradeRun:
    run = regrades.run(session, run_id, mine_only(who), lock=lock)
    if run is None:
        raise NotFound(NO_RUN)
    return run


def _line(run: RegradeRun, item: Item, names: Mapping[int, User]) -> RunLine:
    def name(actor: int | None) -> str:
        return person(names[actor]).name if actor is not None and actor in names else "an erased account"

    return RunLine(
        id=run.id,
        item=run.item,
        stem=item.stem,
        rule=_in_words(rule_of(run.rule), item),
        why=run.why,
        who=name(run.actor_id),
        at=run.at,
        moved=run.moved,
        undone_at=run.undone_at,
        undone_by=name(run.undone_by),
        put_back=run.put_back,
    )


def _in_words(rule: Rule, item: Item) -> str:
    said = "Marked by the key of that day." if rule.deed == "key" else rule.words(item)
    return f"{said} Nobody’s mark went down." if rule.spare else said


# --- taking back -----------------------------------------------------------------------------------------------------


def undo(session: Session, run_id: int, *, who: Person, now: datetime) -> RunLine:
    """Give the marks of a run back as they were, but for those that have moved again since.

    Raises ``NotFound``; ``Conflict`` where it is taken back already.
    """
    run = _run(session, run_id, who, lock=True)
    if run.undone_at is not None:
        raise Conflict("This regrade is taken back already.")
    mine = [one for one in regrades.changes(session, run_id, lock=True) if one.is_as_left]
    given = [_old(one.change) for one in mine]
    why = f"Taken back: {run.why}"
    marks.change_many(session, given, kind="undo", why=why, actor_id=who.id, now=now, run_id=run.id)
    run.undone_at, run.undone_by, run.put_back = now, who.id, len(mine)
    said = {"run": run.id, "marks": run.put_back}
    audit.record(session, who.id, "undo regrade", "item", run.item, {"marks": run.moved}, said, now=now)
    quizzes = bank.quizzes(session, {one.attempt.quiz_digest for one in mine})
    attempts = [one.attempt for one in mine]
    told = [(one.user_id, one.id, _handed_in(one), quizzes[one.quiz_digest].title) for one in attempts]
    _tell(session, told, UNDONE, now=now)
    session.flush()
    names = questions.names_of(session, {run.actor_id, run.undone_by})
    return _line(run, bank.item(session, run.to_digest), names)


def _old(change: MarkChange) -> Given:
    parts = {name: from_units(units) for name, units in change.old_parts.items()}
    return Given(
        change.attempt_id, change.slot, Mark(change.old_fraction, change.old_reason or "", parts), change.old_available
    )


def _handed_in(attempt: Attempt) -> datetime:
    return attempt.submitted_at or attempt.started_at


def choice_of(values: Collection[str]) -> Mapping[uuid.UUID, str]:
    """The attempts that ticks name, each as «id:fingerprint»; what is none is left out."""
    found = {}
    for value in values:
        name, _, seen = value.partition(":")
        try:
            found[uuid.UUID(name)] = seen
        except ValueError:
            continue
    return found
