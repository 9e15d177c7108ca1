"""`quizapp demo` as it is typed: made once, clearly marked, the same again, and gone without a trace."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import func, select

from quizapp import store
from quizapp.cli import main
from quizapp.config import ROOT
from quizapp.domain.items import build
from quizapp.services import analysis, demo, demo_reasons, reasons, simulation, transactions
from quizapp.services.people import Person
from quizapp.services.questions import listing
from quizapp.services.simulation import Simulated
from quizapp.store import bank, class_tables, classes
from quizapp.store.question_tables import QuestionLine
from quizapp.store.tables import Attempt, Base, Content, PassageOpening, Response, Slot, User
from tests import classes as set_to_own
from tests import small_bank
from tests.small_bank import NOON

KEPT_FOR_EVER = {"audit_entry"}


@pytest.fixture
def typed(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """What a command answers, in an app with the small bank, a teacher and a student of one's own; six made-up ones."""
    monkeypatch.setattr(demo, "NAMES", demo.NAMES[:6])
    with app.app_context():
        small_bank.publish(transactions.session())
        small_bank.a_user(transactions.session(), "tess", "teacher")
        small_bank.a_user(transactions.session(), "demo-student-07")  # a real one who chose that name

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, ["demo", *words], obj=ScriptInfo(create_app=lambda: app))

    return run


def rows(app: Flask) -> dict[str, int]:
    """How much each table holds."""
    with app.app_context():
        session = transactions.session()
        tables = [table for table in Base.metadata.sorted_tables if table.name not in KEPT_FOR_EVER]
        return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def marks(app: Flask) -> list[Any]:
    with app.app_context():
        query = select(User.username, Attempt.quiz, Attempt.mark).join(User, User.id == Attempt.user_id)
        return sorted(tuple(row) for row in transactions.session().execute(query))


def test_it_makes_a_marked_class_that_teaching_pages_show(app: Flask, typed):
    made = typed("--teacher", "tess")
    assert made.exit_code == 0, made.output
    assert "To remove it: quizapp demo --remove" in made.output
    counted = rows(app)
    assert counted["user"] == 8
    assert counted["attempt"] > 8
    assert counted["passage_opening"] > 0
    with app.app_context():
        session = transactions.session()
        tess = session.scalars(select(User).where(User.username == "tess")).one()
        [own] = classes.of_teacher(session, tess.id)
        assert "made-up" in own.school_class.name
        assert own.school_class.join_code is None
        people = demo.demo.students(session, demo.PREFIX)
        assert all("(demo)" in one.family_name and one.password_hash is None for one in people)
        who = Person(tess.id, "tess", "teacher", 0)
        found = analysis.analyse(session, "harbours", analysis.choose(session, who, "first", ""))
        assert found.figures.attempts >= 4


def test_removing_it_leaves_everything_as_it_was(app: Flask, typed):
    before = rows(app)
    typed("--teacher", "tess")
    gone = typed("--remove")
    assert gone.exit_code == 0, gone.output
    assert rows(app) == before
    assert "There is no demo class." in typed("--remove").output


def test_it_is_the_same_at_every_making(app: Flask, typed):
    typed("--teacher", "tess")
    first = marks(app)
    typed("--remove")
    typed("--teacher", "tess")
    assert marks(app) == first


def test_a_class_with_others_in_it_stays(app: Flask, typed):
    typed("--teacher", "tess")
    with app.app_context():
        session = transactions.session()
        school_class = session.scalars(select(class_tables.SchoolClass)).one()
        real = session.scalars(select(User).where(User.username == "demo-student-07")).one()
        classes.put(session, school_class.id, real.id, "student", NOON)
        transactions.commit()
    gone = typed("--remove")
    assert "stays, since others are in it" in gone.output
    counted = rows(app)
    assert (counted["school_class"], counted["user"], counted["attempt"]) == (1, 2, 0)
    for table in (Response, Slot, PassageOpening):
        assert counted[table.__tablename__] == 0


def test_some_reasons_are_marked_and_a_few_wait(app: Flask, typed, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(demo_reasons, "ASKED", "choice-1")
    monkeypatch.setattr(demo_reasons, "BESIDE", ("choice-2",))
    monkeypatch.setattr(demo_reasons, "WAITING", 2)
    monkeypatch.setattr(demo_reasons, "BLANK", 0)
    before = rows(app)
    made = typed("--teacher", "tess")
    assert made.exit_code == 0, made.output
    assert "some wait under Teaching" in made.output
    with app.app_context():
        session = transactions.session()
        tess = session.scalars(select(User).where(User.username == "tess")).one()
        [todo] = reasons.todo(session, tess.id)
        assert (todo.quiz_title, todo.item, todo.waiting) == (demo_reasons.TITLE, demo_reasons.ITEM, 2)
        assert todo.done >= 2
        sheet = reasons.sheet(session, todo.assignment_id, todo.item, teacher_id=tess.id)
        assert {line.because for line in sheet.lines} <= set(demo_reasons.DESERVED)
        assert all(demo_reasons.DESERVED[line.because] == line.points for line in sheet.lines if not line.waiting)
        assert demo_reasons.ITEM not in bank.current_digests(session, "item")  # no other quiz draws it
        assert "choice-1" in bank.current_digests(session, "item")
        listing.refresh(session, store.write_transaction(session))
        transactions.commit()
    gone = typed("--remove")
    assert gone.exit_code == 0, gone.output
    after = rows(app)
    assert {name: after[name] for name in before if name != "question_line"} == {
        name: count for name, count in before.items() if name != "question_line"
    }
    with app.app_context():
        assert demo_reasons.ITEM not in transactions.session().scalars(select(QuestionLine.name)).all()


def test_a_test_of_the_demo_that_somebody_else_was_set_is_only_retired(
    app: Flask, typed, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(demo_reasons, "ASKED", "choice-1")
    typed("--teacher", "tess")
    with app.app_context():
        session = transactions.session()
        tess = session.scalars(select(User).where(User.username == "tess")).one()
        set_to_own.an_assignment(session, set_to_own.a_class(session, tess.id), tess.id, demo_reasons.QUIZ)
        session.commit()
    assert typed("--remove").exit_code == 0
    with app.app_context():
        session = transactions.session()
        assert demo_reasons.QUIZ not in bank.current_digests(session, "quiz")
        assert session.get(Content, ("quiz", demo_reasons.QUIZ)) is not None


def test_its_question_is_one_of_the_bank_and_its_reasons_are_short():
    with (ROOT / "question_bank" / "brest-litovsk.yaml").open(encoding="utf-8") as stream:
        names = {one["id"] for one in yaml.safe_load(stream)["items"]}
    assert {demo_reasons.ASKED, *demo_reasons.BESIDE} <= names
    assert set(demo_reasons.DESERVED.values()) == {0, 1, 2}
    assert all(len(words) <= 140 for words in demo_reasons.DESERVED)


def test_mistakes_say_what_to_do(app: Flask, typed):
    assert "quizapp user add nobody --role teacher" in typed("--teacher", "nobody").output
    assert typed("--teacher", "demo-student-07").exit_code == 1  # no teacher
    assert typed().exit_code == typed("--teacher", "tess", "--remove").exit_code == 2
    typed("--teacher", "tess")
    again = typed("--teacher", "tess")
    assert again.exit_code == 1
    assert "quizapp demo --remove" in again.output


def test_some_hand_in_late_where_the_due_date_is_over_and_nobody_in_the_quiz_that_runs():
    set_to_them = [class_tables.Assignment(id=n) for n in (1, 2, 3)]
    students = [Simulated(n) for n in range(30)]
    hours = {n: [h for _, one, h in demo.sittings(students, set_to_them) if one.id == n] for n in (1, 2, 3)}
    due = 24 * demo.DAYS_TO_DO
    assert any(one > due for one in hours[1] + hours[2])
    assert all(one < due for one in hours[3])
    assert max(hours[3]) < 24 * demo.DAYS_AGO[-1]  # nothing is handed in after now
    assert max(hours[1] + hours[2]) < 24 * demo.DAYS_AGO[-2]


def test_the_quizzes_that_it_sets_are_those_of_the_bank():
    with (ROOT / "question_bank" / "quizzes.yaml").open(encoding="utf-8") as stream:
        names = {one["id"] for one in yaml.safe_load(stream)["quizzes"]}
    assert set(demo.QUIZZES) <= names
    assert len(demo.QUIZZES) == len(demo.DAYS_AGO)


def test_students_lean_to_one_skill_and_away_from_another():
    item = build(small_bank.a_choice(1, skill="chronology"))
    plain, leaning = Simulated(1), Simulated(1, leans={"chronology": demo.WORSE})
    assert plain.leans == {}
    assert simulation.likely(item, leaning.leans["chronology"]) < simulation.likely(item, 0) - 0.2
