"""The audit trail: who sees what of it, filters and order; the database lets nobody change it."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.services import audit
from quizapp.services.audit import Wanted
from quizapp.store.class_tables import AuditEntry, Membership, SchoolClass
from tests import small_bank
from tests.databases import count_queries

NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)


def note(session: Session, actor: int | None, name: str = "fall", **given: Any) -> None:
    action, kind, hours = given.pop("action", "publish"), given.pop("kind", "item"), given.pop("hours", 0)
    old, new = given.pop("old", None), given.pop("new", {"status": "ready"})
    audit.record(session, actor, action, kind, name, old, new, now=NOON + timedelta(hours=hours), **given)


def names(session: Session, wanted: Wanted, sort: str = "-when") -> list[str]:
    return [line.name for line in audit.page(session, wanted, sort=sort, number=1).lines]


@pytest.fixture
def teacher(session: Session) -> int:
    return small_bank.a_user(session, "tess", "teacher")


@pytest.fixture
def other(session: Session) -> int:
    return small_bank.a_user(session, "otto", "teacher")


def a_class(session: Session, *teachers: int, removed: bool = False) -> int:
    school_class = SchoolClass(name="9b", created_at=NOON)
    session.add(school_class)
    session.flush()
    for teacher in teachers:
        gone = NOON if removed else None
        session.add(
            Membership(class_id=school_class.id, user_id=teacher, role="teacher", joined_at=NOON, removed_at=gone)
        )
    session.flush()
    return school_class.id


def test_an_entry_says_who_when_what_from_what_to_what(session: Session, teacher: int):
    note(session, teacher, old={"due": None, "marks": "1"}, new={"due": "2027-03-20", "marks": "2"})
    (line,) = audit.page(session, Wanted(), sort="-when", number=1).lines
    assert (line.at, line.who, line.action, line.kind, line.name) == (NOON, "tess", "publish", "item", "fall")
    assert line.changes == (("due", "", "2027-03-20"), ("marks", "1", "2"))


def test_lists_versions_and_yes_or_no_are_told_as_people_write_them(session: Session, teacher: int):
    note(
        session,
        teacher,
        old={"versions": ["ab" * 32, "cd" * 32]},
        new={"versions": [], "counts": True, "left": {"a_b": 2}},
    )
    (line,) = audit.page(session, Wanted(), sort="-when", number=1).lines
    assert line.changes == (
        ("versions", "abababababab, cdcdcdcdcdcd", ""), ("counts", "", "yes"), ("left", "", "a b: 2"),
    )  # fmt: skip


def test_a_teacher_sees_own_deeds_own_classes_and_own_content_alone(session: Session, teacher: int, other: int):
    mine, theirs, left = a_class(session, teacher), a_class(session, other), a_class(session, teacher, removed=True)
    note(session, teacher, "mine")
    note(session, other, "mine", action="edit")
    note(session, other, "not-mine")
    note(session, other, "in-my-class", kind="assignment", class_id=mine)
    note(session, other, "in-their-class", kind="assignment", class_id=theirs)
    note(session, other, "where-I-was", kind="assignment", class_id=left)
    note(session, None, "by-a-command")
    assert sorted(names(session, Wanted(seen_by=teacher))) == ["in-my-class", "mine", "mine"]
    assert len(names(session, Wanted())) == 7


def test_a_class_that_one_has_left_is_seen_no_more_though_one_changed_it(session: Session, teacher: int, other: int):
    left = a_class(session, teacher, removed=True)
    note(session, other, "dates", kind="assignment", class_id=left)
    note(session, teacher, "dates", kind="assignment", class_id=left, hours=-1)
    assert len(names(session, Wanted(seen_by=teacher))) == 1


def test_search(session: Session, teacher: int, other: int):
    note(session, teacher, "a")
    note(session, other, "b", kind="quiz", action="edit", hours=30)
    assert names(session, Wanted(kind="quiz")) == names(session, Wanted(who="OTT")) == ["b"]
    assert names(session, Wanted(action="publish")) == names(session, Wanted(until=NOON + timedelta(days=1))) == ["a"]
    assert names(session, Wanted(since=NOON + timedelta(days=1))) == ["b"]
    assert names(session, Wanted(who="%")) == []
    assert names(session, Wanted(), "who") == ["b", "a"]
    assert names(session, Wanted(), "; drop table") == ["a", "b"]


def test_people_are_named_by_who_they_are_now_and_the_erased_by_nothing(session: Session, teacher: int):
    note(session, teacher, str(teacher), kind="account")
    note(session, 999, "998", kind="member")
    lines = audit.page(session, Wanted(), sort="when", number=1).lines
    assert [(line.who, line.name) for line in lines] == [("tess", "tess"), (audit.GONE, audit.GONE)]


def test_the_csv_holds_all_and_no_formula(session: Session, teacher: int):
    for number in range(60):
        note(session, teacher, f"=item-{number}")
    rows = list(csv.reader(io.StringIO(audit.as_csv(session, Wanted(), sort="when").lstrip("\ufeff"))))
    assert len(rows) == 61
    assert rows[1][4] == "'=item-0"


def test_a_page_of_many_costs_five_queries(session: Session, teacher: int):
    for number in range(120):
        note(session, teacher, str(teacher), kind="account", hours=number)
    with count_queries(store.db.engine) as statements:
        found = audit.page(session, Wanted(seen_by=teacher), sort="-when", number=2)
    assert (len(found.lines), found.number, found.last, found.total) == (50, 2, 3, 120)
    assert len(statements) <= 5


@pytest.mark.parametrize("deed", [delete(AuditEntry), update(AuditEntry).values(action="nothing")])
def test_the_database_refuses_to_change_the_trail(session: Session, teacher: int, deed: Any):
    note(session, teacher)
    session.commit()
    with pytest.raises(DBAPIError, match="only added to"):
        session.execute(deed)
    session.rollback()
    assert names(session, Wanted()) == ["fall"]
