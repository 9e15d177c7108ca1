"""A class of made-up students who have taken quizzes, so that teaching pages have something to show; and its removal.

Everything of it says so: the class, each name, each username. The accounts have no password, so nobody signs in as one.
The seed is fixed: abilities, answers and times are the same at every making, counted back from now.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from quizapp.domain.schedule import Dates
from quizapp.services import demo_reasons, simulation, usernames
from quizapp.services.assignments import setting, student
from quizapp.services.classes import own
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.simulation import Simulated
from quizapp.store import bank, classes, demo, users
from quizapp.store.class_tables import Assignment
from quizapp.store.tables import User

SEED = "demo 1917"
CLASS = "Demo class (made-up students)"
PREFIX = "demo-student-"
QUIZZES = ("early-life", "year-1917", "reading-sources", "permanent-revolution", "which-day", "brest-litovsk")
GUESSER = 17  # this one of the thirty only guesses
DAYS_AGO = (40, 33, 26, 19, 11, 3)  # when each quiz was set
REASONS_DAYS_AGO = 9  # when the test was set in which a question asks for a reason
DAYS_TO_DO = 5
LATE = 0.08  # how likely something comes after the due date, where that is over
PERCENT_A_DAY = 10  # taken off in every second quiz
SKILLS = ("recall", "chronology", "sourcing", "corroboration", "close_reading")
BETTER, WORSE = 1.1, -1.6  # how far each student leans in one of these skills, and in another
LEARNS = 0.12  # by how much the class gets better from quiz to quiz
NAMES = (
    "Ada Abel", "Amélie Béart", "Anton Brandt", "Benno Çelik", "Clara Dvořák", "David Eder", "Elif Fischer",
    "Emma Grün", "Finn Haas", "Greta Ilić", "Hanna Jung", "Ida Kovács", "Jakob Lang", "Jonas Maier", "Katja Novák",
    "Leo Özdemir", "Lina Paulsen", "Luka Quast", "Marie Roth", "Mats Šimić", "Mila Thoma", "Nele Ulrich", "Noah Vogel",
    "Olga Winter", "Paul Xu", "Rosa Yılmaz", "Samir Zeller", "Sofia Åberg", "Tom Østby", "Vera Łuczak",
)  # fmt: skip


def prepare(session: Session, teacher: str, *, now: datetime) -> tuple[list[Simulated], list[Assignment]]:
    """The class with its students, and quizzes set to it.

    Raises ``NotFound`` where there is no such teacher, and ``Conflict`` where the demo is there already or no quiz is.
    """
    row = users.by_key(session, usernames.key(teacher))
    if row is None or row.role not in ("teacher", "admin"):
        raise NotFound(f"There is no teacher «{teacher}». Add one with: quizapp user add {teacher} --role teacher")
    if demo.students(session, PREFIX):
        raise Conflict("The demo class is there already. Remove it with: quizapp demo --remove")
    published = list(bank.current_quizzes(session))
    quizzes = [name for name in QUIZZES if name in published] or published[: len(QUIZZES)]
    if not quizzes:
        raise Conflict("No quiz is published yet. Publish the bank with: quizapp bank publish")
    with_reasons = demo_reasons.publish(session, now=now)
    began = now - timedelta(days=DAYS_AGO[0] + 1)
    made = own.create(session, own.Settings(CLASS), teacher_id=row.id, now=began)
    own.revoke_code(session, made.id, teacher_id=row.id, now=began)  # nobody joins made-up people by chance
    people = [_student(session, made.id, number, began) for number in range(1, len(NAMES) + 1)]
    dated = zip(quizzes, DAYS_AGO, strict=False)
    plan = [(quiz, days, PERCENT_A_DAY * (i % 2)) for i, (quiz, days) in enumerate(dated)]
    if with_reasons is not None:
        plan.insert(-1, (with_reasons, REASONS_DAYS_AGO, 0))
    return people, [
        _set(session, made.id, row.id, quiz, now - timedelta(days=days), percent=percent)
        for quiz, days, percent in plan
    ]


def sittings(
    people: Sequence[Simulated], assignments: Iterable[Assignment]
) -> Iterator[tuple[Simulated, Assignment, float]]:
    """Who sits what, and how many hours after it was set; now and then somebody does not, or is late.

    The last quiz still runs: its due date is not over, so nobody is late with it.
    """
    chance = random.Random(SEED)  # noqa: S311
    told = list(assignments)
    for place, assignment in enumerate(told):
        for one in people:
            absent, is_late, hours = chance.random() < 0.07, chance.random() < LATE, chance.uniform(0.5, 60)
            if is_late and place < len(told) - 1:
                hours = 24 * DAYS_TO_DO + chance.uniform(2, 40)
            if not absent:
                yield replace(one, ability=one.ability + LEARNS * place), assignment, hours


def sit(session: Session, one: Simulated, assignment: Assignment, hours: float) -> None:
    """One student takes one quiz."""
    now = assignment.created_at + timedelta(hours=hours)
    seed = f"{SEED} {one.name} {assignment.quiz}"
    attempt = student.start_assigned(
        session, assignment.id, user_id=one.user_id, attempt_id=uuid.uuid4(), seed=seed, now=now
    )
    simulation.sit(session, attempt, one, seed=seed, now=now)


def finish(session: Session, teacher: str, assignments: Iterable[Assignment]) -> int:
    """What the teacher has done since: reasons marked, but for a few; how many."""
    row = users.by_key(session, usernames.key(teacher))
    return demo_reasons.mark(session, assignments, teacher_id=row.id) if row is not None else 0


def remove(session: Session, *, now: datetime) -> tuple[int, list[str]]:
    """Delete the made-up students and their class; how many, and the classes that stay since others are in them."""
    made_up = demo.students(session, PREFIX)
    found = demo.classes_of(session, [user.id for user in made_up])
    demo.remove_students(session, made_up)
    for school_class in found:
        if not demo.is_anybodys(session, school_class):
            demo.remove_class(session, school_class)
    demo_reasons.remove(session, now=now)
    return len(made_up), [one.name for one in found if demo.is_anybodys(session, one)]


def _student(session: Session, class_id: int, number: int, now: datetime) -> Simulated:
    given, family = NAMES[number - 1].split()
    username = f"{PREFIX}{number:02}"
    user = User(
        username=username, username_key=usernames.key(username), given_name=given, family_name=f"{family} (demo)",
        role="student", student_number=f"D{number:03}", preferences={demo.MARK: True}, created_at=now,
    )  # fmt: skip
    session.add(user)
    session.flush()
    classes.put(session, class_id, user.id, "student", now)
    ability = random.Random(f"{SEED} {number}").gauss(0.2, 1.0)  # noqa: S311
    better, worse = random.Random(f"{SEED} leans {number}").sample(SKILLS, 2)  # noqa: S311
    leans = {better: BETTER, worse: WORSE}
    made = Simulated(user.id, ability, guesses=number == GUESSER, name=username, leans=leans)
    return replace(made, because=demo_reasons.written_by(made))


def _set(session: Session, class_id: int, teacher_id: int, quiz: str, now: datetime, *, percent: int) -> Assignment:
    """Set a quiz; late work is taken, with so many per cent off a day."""
    dates = Dates(opens=now, due=now + timedelta(days=DAYS_TO_DO))
    wanted = setting.Wanted(quiz, dates=dates, late_policy="percent" if percent else "accept", percent_a_day=percent)
    return setting.create(session, class_id, wanted, teacher_id=teacher_id, now=now)
