"""`quizapp classes forget`: what is deleted, when, and what stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.domain.schedule import months_later
from quizapp.services.classes import own, retention, roster
from quizapp.services.classes.own import Settings
from quizapp.store.class_tables import Accommodation, AuditEntry, SchoolClass
from quizapp.store.tables import Attempt, Response, User
from tests import classes, small_bank
from tests.classes import NOON

LIST = b"Family name,Given name,Username,Group,Time\nKern,Anna,anna,North,200%\nLi,Cy,cy,,\n"
MONTH = timedelta(days=31)


class Stage:
    """An old class of two with an attempt each, one of them in a new class too; kept for three months."""

    def __init__(self, session: Session) -> None:
        small_bank.publish(session)
        self.teacher = classes.a_teacher(session)
        self.old, self.new = (classes.a_class(session, self.teacher, name=name) for name in ("Old", "New"))
        for school_class, listed in ((self.old, LIST), (self.new, LIST.rpartition(b"Li")[0])):
            table = roster.read(listed)
            roster.take_in(session, school_class.id, table, teacher_id=self.teacher, now=NOON)
        named = select(User.username, User.id).where(User.username.in_(["anna", "cy"]))
        self.ids = dict(session.execute(named).all())
        for school_class in (self.old, self.new):
            assignment = classes.an_assignment(session, school_class, self.teacher)
            for name in ("anna", "cy") if school_class is self.old else ("anna",):
                attempt = classes.begin(session, assignment, self.ids[name])
                classes.answer(session, attempt, 1)
        own.change(session, self.old.id, Settings("Old", 3), teacher_id=self.teacher, now=NOON)
        own.archive(session, self.old.id, archived=True, teacher_id=self.teacher, now=NOON)
        session.commit()


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


def counted(session: Session) -> dict[str, int]:
    tables = (SchoolClass, Attempt, Response, Accommodation)
    return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_nothing_is_due_before_the_time_and_nothing_that_is_not_archived(session: Session, stage: Stage):
    assert retention.due(session, now=NOON + 2 * MONTH) == []
    (one,) = retention.due(session, now=NOON + 3 * MONTH)
    assert (one.name, one.attempts, one.accounts) == ("Old", 2, 1)
    own.change(session, stage.old.id, Settings("Old", None), teacher_id=stage.teacher, now=NOON)
    assert retention.due(session, now=NOON + 99 * MONTH) == []


def test_what_was_done_in_the_class_goes_and_all_else_stays(session: Session, stage: Stage):
    (one,) = retention.due(session, now=NOON + 3 * MONTH)
    retention.forget(session, one, now=NOON + 3 * MONTH)
    session.commit()
    assert counted(session) == {"school_class": 1, "attempt": 1, "response": 1, "accommodation": 1}
    assert session.get(User, stage.ids["cy"]) is None
    assert session.get_one(User, stage.ids["anna"]).username == "anna"
    assert session.get(User, stage.teacher) is not None
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.actor_id, entry.action, entry.kind) == (None, "delete", "class")


def test_the_command_says_what_it_would_do_and_does_it(app: Flask, session: Session, stage: Stage):
    from quizapp.cli import main

    stage.old.archived_at = datetime.now(UTC) - 5 * MONTH
    session.commit()
    before = counted(session)
    runner = app.test_cli_runner()
    dry = runner.invoke(main, ["classes", "forget", "--dry-run"])
    assert dry.exit_code == 0, dry.output
    assert "Old: archived" in dry.output
    assert "2 attempts, 1 account" in dry.output
    session.rollback()
    assert counted(session) == before
    done = runner.invoke(main, ["classes", "forget"])
    assert "1 class deleted." in done.output
    session.rollback()
    assert counted(session)["school_class"] == 1


@pytest.mark.parametrize(
    ("months", "day"),
    [(0, "2027-01-31"), (1, "2027-02-28"), (12, "2028-01-31"), (13, "2028-02-29"), (120, "2037-01-31")],
)
def test_months_end_on_days_that_there_are(months: int, day: str):
    assert months_later(datetime(2027, 1, 31, tzinfo=UTC), months).date().isoformat() == day
