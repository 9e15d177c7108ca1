"""Accepting a typed answer, for the question or for one quiz, and moving the marks that it concerns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain import because
from quizapp.domain.collation import collated
from quizapp.domain.item import Item
from quizapp.domain.marking import FULL, Mark, from_units, to_units
from quizapp.domain.short_text import folded, folded_digest, typed
from quizapp.services import audit, marks, notes
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.people import Person, person
from quizapp.services.questions import publishing
from quizapp.services.short_answers.looking import answers, teacher_of
from quizapp.services.taking.credit import ACCEPTED
from quizapp.store import accepting, assignments, bank
from quizapp.store import marks as store_marks
from quizapp.store.accepting import AcceptedAnswer, Given
from quizapp.store.mark_tables import MarkChange

SAYS_NOTHING = "This answer has no letter or digit, so no other can be compared with it."
BY_HAND = "its mark was set by hand"


@dataclass(frozen=True)
class Concern:
    """An attempt with an answer that is accepted: its mark, and the one it gets; or why it stays."""

    given: Given
    person: Person
    old: Decimal | None
    new: Mark
    stays: str | None = None

    @property
    def new_mark(self) -> Decimal | None:
        """The mark that it gets."""
        return self.new.of(self.given.available)

    @property
    def moves(self) -> bool:
        """Whether the mark is another one then."""
        own = self.new.parts.get(because.OWN)
        is_known = own is None or self.given.parts.get(because.OWN) == to_units(own)
        return self.stays is None and not (self.new_mark == self.old and is_known)


def accept_for_item(session: Session, name: str, text: str, version: str, *, who: Person, now: datetime) -> Item:
    """A new version of the question that takes this answer; marks stay until a regrade. Raises as ``publishing``."""
    return publishing.accept_answer(session, name, _clean(text), version, actor_id=who.id, now=now)


def accept_for_quiz(session: Session, name: str, quiz: str, text: str, *, who: Person, now: datetime) -> str:
    """Take this answer as right wherever this quiz sets the question, from now on; its digest.

    Raises ``NotFound``; ``Conflict`` for an answer that says nothing.
    """
    page = answers(session, name, who=who, quiz=quiz)
    clean = _clean(text)
    key = folded_digest(clean)
    if accepting.find(session, page.quiz, name, key) is None:
        session.add(
            AcceptedAnswer(quiz=page.quiz, item=name, digest=key, text=clean, accepted_by=who.id, accepted_at=now)
        )
        new = {"quiz": page.quiz, "answer": clean}
        audit.record(session, who.id, "accept answer", "item", name, None, new, now=now)
    session.flush()
    return key


def _clean(text: str) -> str:
    clean = typed(text)
    if not folded(clean):
        raise Conflict(SAYS_NOTHING)
    return clean


def accepted(session: Session, name: str, quiz: str, key: str) -> AcceptedAnswer:
    """One that is accepted for a quiz. Raises ``NotFound``."""
    found = accepting.find(session, quiz, name, key)
    if found is None:
        raise NotFound("This answer is not accepted for this quiz, or not any more.")
    return found


def concerned(session: Session, one: AcceptedAnswer, *, who: Person) -> list[Concern]:
    """The submitted attempts of own students that gave the answer, with what becomes of each; five queries."""
    given = [
        row for row in accepting.given(session, [one.item], teacher_of(who), one.quiz)
        if isinstance(row.response, str) and folded_digest(row.response) == one.digest
    ]  # fmt: skip
    items = bank.items(session, {row.item_digest for row in given})
    people = {user.id: person(user) for user in assignments.users(session, {row.user_id for row in given})}
    last = _last_changes(session, given)
    found = [_concern(row, items[row.item_digest], people[row.user_id], last) for row in given]
    return sorted(found, key=lambda each: (collated(each.person.family_name), collated(each.person.name)))


def _last_changes(session: Session, given: Sequence[Given]) -> dict[tuple[Any, int], MarkChange]:
    changes = store_marks.history(session, [row.attempt_id for row in given]) if given else []
    return {(change.attempt_id, change.slot): change for change in changes}


def _concern(row: Given, item: Item, who: Person, last: Mapping[tuple[Any, int], MarkChange]) -> Concern:
    change = last.get((row.attempt_id, row.number))
    old = None if row.fraction is None else Mark(row.fraction, "").of(row.available)
    stays = BY_HAND if change is not None and change.kind == "override" else None
    return Concern(row, who, old, _full(row, item), stays)


def _full(row: Given, item: Item) -> Mark:
    """The full mark, with what the reason earned, where a teacher marks one."""
    full = Mark(FULL, ACCEPTED)
    if not (item.because and because.is_marked(row.mode, row.assignment_id)):
        return full
    points = because.points_of({name: from_units(units) for name, units in row.parts.items()})
    return because.with_reason(full, answered=True, reason=row.because, points=points)


def give(session: Session, one: AcceptedAnswer, *, who: Person, now: datetime) -> int:
    """Give the attempts that are concerned their marks, each written down and told to its student; how many moved."""
    moving = [each for each in concerned(session, one, who=who) if each.moves]
    for each in moving:
        marks.change(session, each.given.attempt_id, each.given.number, each.new, kind="regrade", why=_why(one),
                     actor_id=who.id, now=now)  # fmt: skip
        notes.tell(session, [each.person.id], f"Your answer “{one.text}” is taken as right now; your mark has moved.",
                   address=f"/attempts/{each.given.attempt_id}/result", now=now)  # fmt: skip
    return len(moving)


def withdraw(session: Session, one: AcceptedAnswer, *, who: Person, now: datetime) -> int:
    """Accept it no longer; marks that it moved, and that nothing moved since, go back. How many did."""
    back = 0
    for each in concerned(session, one, who=who):
        place = (each.given.attempt_id, each.given.number)
        change = _last_changes(session, [each.given]).get(place)
        if change is None or change.why != _why(one) or change.kind != "regrade":
            continue
        parts = {name: from_units(units) for name, units in change.old_parts.items()}
        old = Mark(change.old_fraction, change.old_reason or "", parts)
        marks.change(session, *place, old, kind="undo", why=f"No longer accepted: “{one.text}”", actor_id=who.id,
                     now=now)  # fmt: skip
        back += 1
    session.delete(one)
    old_words = {"quiz": one.quiz, "answer": one.text}
    audit.record(session, who.id, "accept no longer", "item", one.item, old_words, None, now=now)
    session.flush()
    return back


def _why(one: AcceptedAnswer) -> str:
    return f"Accepted for this quiz: “{one.text}”"
