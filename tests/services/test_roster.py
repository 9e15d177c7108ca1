"""Students from a list: the dry run stores nothing, the real one does what was said; slips, first sign-in, leaving."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.services import accounts, passwords, personal_data
from quizapp.services.accounts import Mistakes, Wanted
from quizapp.services.classes import leaving, members, own, roster, slips
from quizapp.services.classes.slips import Slip
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.people import person
from quizapp.store.class_tables import Membership
from quizapp.store.tables import User
from tests import classes, small_bank
from tests.classes import NOON
from tests.databases import count_queries

LIST = "Family name,Given name,Username,Student number,Group,Time\n"
THREE = LIST + "Kern,Anna,,1001,North,\nOkafor,Ben,,1002,South,150%\nMüller,Zoë,,1003,North,double\n"


class Stage:
    """A teacher and a class without students."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.teacher = classes.a_teacher(session)
        self.class_id = classes.a_class(session, self.teacher).id

    def plan(self, text: str) -> roster.Plan:
        return roster.plan(self.session, self.class_id, roster.read(text.encode()), teacher_id=self.teacher)

    def take_in(self, text: str, class_id: int | None = None) -> list[Slip]:
        table = roster.read(text.encode())
        made = roster.take_in(self.session, class_id or self.class_id, table, teacher_id=self.teacher, now=NOON)
        self.session.commit()
        return made

    def statuses(self, text: str) -> list[str]:
        return [line.status for line in self.plan(text).lines]

    def students(self) -> dict[str, members.Student]:
        return {one.person.username: one for one in members.students(self.session, self.class_id)}


@pytest.fixture
def stage(session: Session) -> Stage:
    return Stage(session)


def counted(session: Session) -> tuple[int, int]:
    return session.scalar(select(func.count(User.id))) or 0, session.scalar(select(func.count(Membership.user_id))) or 0


def test_the_dry_run_stores_nothing_and_says_what_would_happen(session: Session, stage: Stage):
    before = counted(session)
    found = stage.plan(THREE)
    assert counted(session) == before
    assert [(line.status, line.username, line.time_percent) for line in found.lines] == [
        ("new", "anna.kern", None), ("new", "ben.okafor", 150), ("new", "zoe.muller", 200),
    ]  # fmt: skip
    assert found.does_something


def test_taking_in_makes_accounts_groups_and_time(session: Session, stage: Stage):
    made = stage.take_in(THREE)
    found = stage.students()
    assert {one.person.username for one in made} == set(found) == {"anna.kern", "ben.okafor", "zoe.muller"}
    assert found["zoe.muller"].person.name == "Zoë Müller"
    assert found["zoe.muller"].groups == ("North",)
    assert found["ben.okafor"].longer == "150% of the time"
    assert all(one.person.is_rostered and one.person.must_change_password for one in found.values())
    assert len({one.password for one in made}) == 3


def test_doing_it_again_changes_nothing(session: Session, stage: Stage):
    stage.take_in(THREE)
    before = counted(session)
    assert stage.statuses(THREE) == ["there"] * 3
    assert stage.take_in(THREE) == []
    assert counted(session) == before


def test_what_the_page_sends_back_is_what_was_looked_at(stage: Stage):
    found = stage.plan(THREE + "Kern,Anna,,1001,,\n=1,Bad,,,,\n")
    again = stage.plan(found.as_text)
    assert [(line.status, line.row.line) for line in again.lines][:4] == [
        (line.status, line.row.line) for line in found.lines
    ][:4]
    assert again.lines[4].status == "error"


@pytest.mark.parametrize(
    ("rows", "statuses"),
    [
        ("Kern,Anna,,,,\nKern,Anna,,,,\n", ["new", "duplicate"]),
        ("Kern,Anna,,1,,\nKern,Anna,,2,,\n", ["new", "new"]),
        ("Kern,Anna,ann,,,\nLi,Bo,ANN,,,\n", ["new", "duplicate"]),
        (",,,,,x\n", ["error"]),
        ("Kern,Anna,a,,,\n", ["error"]),
        ("Kern,Anna,,,,5%\n", ["error"]),
        ("Kern,Anna,,,,forever\n", ["error"]),
        (f"{'K' * 130},Anna,,,,\n", ["error"]),
        ("=HYPERLINK(1),Anna,,,,\n", ["error"]),
    ],
)
def test_each_row_is_told_apart(stage: Stage, rows: str, statuses: list[str]):
    assert stage.statuses(LIST + rows) == statuses


def test_usernames_made_are_free_ones(session: Session, stage: Stage):
    small_bank.a_user(session, "anna.kern")
    rows = LIST + "Kern,Anna,,1,,\nKern,Anna,,2,,\nKern,Änna,,3,,\n李,,,4,,\nO’Neil Smith,Mary Ann,,5,,\n"
    made = [line.username for line in stage.plan(rows).lines]
    assert sorted(made[:3]) == ["anna.kern2", "anna.kern3", "anna.kern4"]
    assert made[3:] == ["student.李", "mary.smith"]


def test_an_account_of_another_class_joins_and_gets_no_new_password(session: Session, stage: Stage):
    stage.take_in(THREE)
    second = classes.a_class(session, stage.teacher, name="History 9c")
    before = session.scalars(select(User.password_hash).where(User.username == "anna.kern")).one()
    assert stage.take_in(LIST + "Kern,Anna,,1001,,\n", second.id) == []
    assert [one.person.username for one in members.students(session, second.id)] == ["anna.kern"]
    assert session.scalars(select(User.password_hash).where(User.username == "anna.kern")).one() == before


def test_nobody_who_made_their_own_account_is_taken_over(session: Session, stage: Stage):
    small_bank.a_user(session, "solo")
    small_bank.a_user(session, "head", role="admin")
    found = stage.plan(LIST + "A,B,solo,,,\nC,D,head,,,\nE,F,tess,,,\n")
    assert [line.status for line in found.lines] == ["error"] * 3
    assert "made by themselves" in found.lines[0].messages[0]
    assert "is taken" in found.lines[1].messages[0]
    assert stage.take_in(LIST + "A,B,solo,,,\n") == []
    assert stage.students() == {}


def test_another_teachers_class_is_not_found_and_an_archived_one_takes_nobody(session: Session, stage: Stage):
    other = classes.a_teacher(session, "otto")
    table = roster.read(THREE.encode())
    with pytest.raises(NotFound):
        roster.plan(session, stage.class_id, table, teacher_id=other)
    with pytest.raises(NotFound):
        roster.take_in(session, stage.class_id, table, teacher_id=other, now=NOON)
    own.archive(session, stage.class_id, archived=True, teacher_id=stage.teacher, now=NOON)
    with pytest.raises(Conflict):
        stage.plan(THREE)


@pytest.mark.parametrize("students", [3, 60])
def test_a_dry_run_and_the_list_cost_the_same_however_long(session: Session, stage: Stage, students: int):
    rows = LIST + "".join(f"Kern{number},Anna,,{number},North,\n" for number in range(students))
    with count_queries(store.db.engine) as statements:
        stage.plan(rows)
    assert len(statements) <= 5, statements
    stage.take_in(rows)
    with count_queries(store.db.engine) as statements:
        assert len(members.students(session, stage.class_id)) == students
    assert len(statements) <= 4, statements


# --- slips -----------------------------------------------------------------------------------------------------------


def test_a_slip_opens_the_account_until_another_password_is_chosen(session: Session, stage: Stage):
    (slip, *_) = stage.take_in(THREE)
    found = accounts.credentials(session, slip.person.username)
    assert accounts.is_right(found, slip.password, hashing="strong")
    assert not accounts.is_right(found, slip.password[:-1], hashing="strong")
    kept = accounts.hash_of_new("four plain quiet words", slip.person.username, hashing="cheap")
    changed = accounts.set_password(session, slip.person.id, kept)
    assert not changed.must_change_password
    assert not accounts.is_right(accounts.credentials(session, slip.person.username), slip.password, hashing="cheap")


def test_a_new_slip_ends_what_was_before(session: Session, stage: Stage):
    (first, *_) = stage.take_in(THREE)
    (second,) = slips.new_slips(session, stage.class_id, [first.person.id], teacher_id=stage.teacher, now=NOON)
    assert second.person.epoch == first.person.epoch + 1
    found = accounts.credentials(session, first.person.username)
    assert not passwords.is_right(first.password, found.kept, "cheap")
    assert passwords.is_right(second.password, found.kept, "cheap")


def test_slips_are_for_accounts_of_lists_in_ones_own_class_alone(session: Session, stage: Stage):
    (slip, *_) = stage.take_in(THREE)
    solo = accounts.sign_up(session, Wanted("solo", "four plain quiet words"), hashing="cheap", now=NOON).id
    other = classes.a_teacher(session, "otto")
    theirs = classes.a_class(session, other, solo)
    with pytest.raises(Conflict, match="made the account by themselves"):
        slips.new_slips(session, theirs.id, [solo], teacher_id=other, now=NOON)
    for class_id, user_id in ((stage.class_id, slip.person.id), (theirs.id, slip.person.id)):
        with pytest.raises(NotFound):
            slips.new_slips(session, class_id, [user_id], teacher_id=other, now=NOON)


# --- leaving ---------------------------------------------------------------------------------------------------------


def test_the_deletion_of_a_rostered_account_goes_through_the_teacher(session: Session, stage: Stage):
    (slip, *_) = stage.take_in(THREE)
    with pytest.raises(Conflict, match="has not asked"):
        leaving.delete(session, stage.class_id, slip.person.id, teacher_id=stage.teacher, now=NOON)
    assert leaving.leave(session, slip.person, now=NOON) is False
    assert own.mine(session, stage.teacher)[0].asking == 1
    other = classes.a_teacher(session, "otto")
    with pytest.raises(NotFound):
        leaving.delete(session, stage.class_id, slip.person.id, teacher_id=other, now=NOON)
    leaving.decline(session, stage.class_id, slip.person.id, teacher_id=stage.teacher, now=NOON)
    assert own.mine(session, stage.teacher)[0].asking == 0
    leaving.leave(session, slip.person, now=NOON)
    leaving.delete(session, stage.class_id, slip.person.id, teacher_id=stage.teacher, now=NOON)
    session.commit()
    assert session.get(User, slip.person.id) is None
    assert set(stage.students()) == {"ben.okafor", "zoe.muller"}


def test_who_made_the_account_alone_leaves_alone(session: Session, stage: Stage):
    solo = small_bank.a_user(session, "solo")
    classes.store_classes.put(session, stage.class_id, solo, "student", NOON)
    assert leaving.leave(session, person(session.get_one(User, solo)), now=NOON) is True
    assert session.get(User, solo) is None


def test_the_only_teacher_of_a_class_cannot_go(session: Session, stage: Stage):
    with pytest.raises(Conflict, match="only teacher"):
        personal_data.erase(session, stage.teacher)
    classes.a_teacher(session, "otto")
    own.add_teacher(session, stage.class_id, "otto", teacher_id=stage.teacher, now=NOON)
    personal_data.erase(session, stage.teacher)
    assert [one.username for one in own.teachers(session, stage.class_id)] == ["otto"]


def test_an_unreadable_list_is_a_mistake_beside_the_file(stage: Stage):
    with pytest.raises(Mistakes) as mistakes:
        roster.read(b"")
    assert set(mistakes.value.fields) == {"file"}
