"""A class on one page: who is in it, what is set to it, who teaches it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.services.classes import members, own
from quizapp.services.classes.members import Group, Student
from quizapp.services.people import Person
from quizapp.store import assignments, bank
from quizapp.store.class_tables import Assignment, SchoolClass


@dataclass(frozen=True)
class AssignmentLine:
    """Something set to the class: for how many it is, how many have begun and how many have handed in."""

    assignment: Assignment
    title: str
    meant: int
    begun: int
    submitted: int


@dataclass(frozen=True)
class ClassPage:
    """What the page of a class shows."""

    school_class: SchoolClass
    students: tuple[Student, ...]
    removed: tuple[Person, ...]
    teachers: tuple[Person, ...]
    groups: tuple[Group, ...]
    assignments: tuple[AssignmentLine, ...]

    @property
    def asking(self) -> tuple[Student, ...]:
        """Those who ask to have their account deleted."""
        return tuple(one for one in self.students if one.person.deletion_asked_at is not None)

    @property
    def rostered(self) -> tuple[Student, ...]:
        """Those whose accounts a list made: a teacher can give them a new slip."""
        return tuple(one for one in self.students if one.person.is_rostered and one.person.role == "student")

    @property
    def without_password(self) -> tuple[Student, ...]:
        """Those whose one-time password has not been used yet."""
        return tuple(one for one in self.students if one.person.must_change_password)


def class_page(session: Session, class_id: int, *, teacher_id: int, sort: str = "name") -> ClassPage:
    """The class of this teacher; thirteen queries, however many students. Raises ``NotFound``."""
    return ClassPage(
        school_class=own.taught(session, class_id, teacher_id),
        students=tuple(members.students(session, class_id, sort)),
        removed=tuple(members.removed(session, class_id)),
        teachers=tuple(own.teachers(session, class_id)),
        groups=tuple(members.groups(session, class_id)),
        assignments=tuple(assignment_lines(session, class_id)),
    )


def assignment_lines(session: Session, class_id: int) -> list[AssignmentLine]:
    """What is set to a class, the newest first; five queries."""
    found = assignments.of_class(session, class_id)
    if not found:
        return []
    counts = assignments.counts(session, class_id)
    titles = {
        name: quiz.title for name, (_, quiz) in bank.current_quizzes(session, {one.quiz for one in found}).items()
    }
    return [AssignmentLine(one, titles.get(one.quiz, one.quiz), *counts.get(one.id, (0, 0, 0))) for one in found]
