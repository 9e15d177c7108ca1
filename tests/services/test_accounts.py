"""Accounts on a real database: names and passwords, guests and what becomes of them, the first teacher's link."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.services import accounts, first_teacher, passwords, people, taking, usernames
from quizapp.services.accounts import Details, Mistakes, Wanted
from quizapp.services.errors import NotFound
from quizapp.services.people import Person
from quizapp.store import users
from quizapp.store.report_tables import Reporter
from quizapp.store.tables import Attempt, Base, OneTimeLink, PassageOpening, User
from tests import small_bank
from tests.small_bank import NOON

WORDS = "four plain quiet words"


def signed_up(session: Session, username: str = "ann", **changes: object) -> Person:
    given = {"hashing": "cheap", "now": NOON, **changes}
    person = accounts.sign_up(session, Wanted(username, WORDS), **given)  # type: ignore[arg-type]
    session.commit()
    return person


def a_guest(session: Session, seed: str = "one") -> Person:
    guest = accounts.guest(session, now=NOON, name_seed=seed)
    session.commit()
    return guest


def an_attempt(session: Session, person: Person, number: int, quiz: str = "harbours", minutes: int = 0) -> uuid.UUID:
    started = NOON + timedelta(minutes=minutes)
    attempt_id = uuid.UUID(int=number)
    taking.start(session, quiz, user_id=person.id, attempt_id=attempt_id, seed=str(number), now=started)
    session.commit()
    return attempt_id


def is_proved(session: Session, username: str, password: str) -> bool:
    return accounts.is_right(accounts.credentials(session, username), password, hashing="cheap")


def mistakes_of(username: str = "ann", password: str = WORDS, session: Session | None = None) -> dict[str, list[str]]:
    with pytest.raises(Mistakes) as told:
        accounts.sign_up(session, Wanted(username, password), hashing="cheap", now=NOON)  # type: ignore[arg-type]
    return told.value.fields


# --- names -----------------------------------------------------------------------------------------------------------


def test_who_signs_up_is_a_student_and_can_prove_it(session: Session):
    person = signed_up(session, "Ann Smith")
    assert (person.role, person.username, person.name) == ("student", "Ann Smith", "Ann Smith")
    assert is_proved(session, "Ann Smith", WORDS)
    assert not is_proved(session, "Ann Smith", "four plain quiet swords")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Ann", "aNN"),
        ("fiona", "ﬁona"),  # a ligature
        ("Otto", "Ｏｔｔｏ"),  # full width
        ("strasse", "Straße"),
        ("zoë", "zoe\u0308"),  # a combining mark
        ("ann smith", "  ann \u00a0 smith "),
    ],
)
def test_names_that_read_alike_are_one(session: Session, first: str, second: str):
    signed_up(session, first)
    assert mistakes_of(second, session=session) == {"username": [accounts.TAKEN]}
    session.rollback()
    assert is_proved(session, second, WORDS)


def test_a_name_is_kept_as_it_is_shown(session: Session):
    assert signed_up(session, " ﬁona  Ｏ ").username == "fiona O"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "at least 2"),
        ("Ａ", "at least 2"),
        ("a" * 81, "at most 80"),
        ("ﷺ" * 10, "at most 80"),  # ten characters that are 180 when spelt out
        ("ann\u200bsmith", "zero width space"),
        ("ann\u202esmith", "right-to-left override"),
        ("<b>ann</b>", "without / < >"),
        ("--..", "letter or digit"),
        ("Guest-7k3f", "kept for guests"),
        ("ｇuest-7k3f", "kept for guests"),
    ],
)
def test_what_a_username_may_not_be(name: str, message: str):
    assert message in mistakes_of(name)["username"][0]


@pytest.mark.parametrize("name", ["ab", "李明", "Лев", "ann.smith@school.example", "o'neil-2", "नेहा"])
def test_what_it_may_be(name: str):
    assert usernames.problems(name) == []


# --- passwords -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "message"),
    [
        ("nine char", "at least 10"),
        ("x" * 1001, "at most 1,000"),
        ("Ann The Historian", "not your username"),
        ("ａｎｎ the historian", "not your username"),
        ("Password 123", "first that others would try"),
        ("CorrectHorseBatteryStaple", "first that others would try"),
    ],
)
def test_what_a_password_may_not_be(password: str, message: str):
    assert message in mistakes_of("ann the historian", password)["password"][0]


def test_every_mistake_is_told_at_once():
    assert mistakes_of("a", "short").keys() == {"username", "password"}


def test_a_password_need_not_be_a_mixture():
    assert passwords.problems("abracadabrasimsalabim", "ann") == []
    assert passwords.problems("x" * 1000, "ann") == []


def test_the_commonest_are_long_enough_to_be_worth_refusing():
    lines = Path(passwords.__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if not line.startswith("#")]
    assert len(listed) >= 200
    assert [line for line in listed if len(line) < passwords.SHORTEST] == []


def test_every_keyboard_writes_the_same_password(session: Session):
    accounts.sign_up(session, Wanted("zoe", "caf\u00e9 caf\u00e9 caf\u00e9"), hashing="cheap", now=NOON)
    assert is_proved(session, "zoe", "cafe\u0301 cafe\u0301 cafe\u0301")


def test_strong_hashing_is_argon2id_as_its_authors_advise():
    advised = PasswordHasher()
    kept = passwords.hash_of(WORDS, "strong")
    parameters = f"$m={advised.memory_cost},t={advised.time_cost},p={advised.parallelism}$"
    assert kept.startswith("$argon2id$")
    assert parameters in kept


def test_a_hash_of_old_parameters_is_renewed_at_sign_in(session: Session):
    person = signed_up(session)
    found = accounts.credentials(session, "ann")
    assert accounts.renewed_hash(found, WORDS, hashing="cheap") is None
    renewed = accounts.renewed_hash(found, WORDS, hashing="strong")
    accounts.sign_in(session, person.id, renewed_hash=renewed)
    session.commit()
    assert accounts.credentials(session, "ann").kept == renewed
    assert accounts.is_right(accounts.credentials(session, "ann"), WORDS, hashing="strong")


@pytest.mark.parametrize("password", [WORDS, "", "x" * 5000])
def test_nobody_and_guests_are_refused_by_the_same_work(session: Session, password: str, monkeypatch):
    guest = a_guest(session)
    signed_up(session)
    verified: list[str] = []
    real = PasswordHasher.verify

    def counted(self: PasswordHasher, kept: str, given: str) -> bool:
        verified.append(kept.rsplit("$", 2)[0])
        return real(self, kept, given)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    assert not is_proved(session, "nobody", password)
    assert not is_proved(session, guest.username, password)
    assert not is_proved(session, "ann", "a wrong one")
    assert len(verified) == 3
    assert len(set(verified)) == 1, "the same parameters, so the same work"


def test_a_new_password_ends_every_session(session: Session):
    person = signed_up(session)
    assert people.find(session, person.id, person.epoch) == person
    kept = accounts.hash_of_new("quite another one", "ann", hashing="cheap")
    changed = accounts.set_password(session, person.id, kept)
    assert people.find(session, person.id, person.epoch) is None
    assert people.find(session, person.id, changed.epoch) == changed
    assert is_proved(session, "ann", "quite another one")
    assert not is_proved(session, "ann", WORDS)


def test_a_generated_password_will_do():
    assert passwords.problems(passwords.generated(), "ann") == []
    assert passwords.generated() != passwords.generated()


# --- guests ----------------------------------------------------------------------------------------------------------


def test_a_guest_has_a_name_that_can_be_read_out(session: Session):
    guest = a_guest(session)
    assert guest.role == "guest"
    assert guest.username.startswith("guest-")
    assert len(guest.username) == len("guest-7k3f")


def test_a_guest_whose_name_is_taken_gets_a_longer_one(session: Session):
    first, second = a_guest(session, "same"), a_guest(session, "same")
    assert first.id != second.id
    assert len(second.username) == len(first.username) + 1


def test_a_guest_who_signs_up_stays_the_same_user(session: Session):
    small_bank.publish(session)
    guest = a_guest(session)
    attempt = an_attempt(session, guest, 1)
    person = signed_up(session, guest_id=guest.id)
    assert (person.id, person.role, person.username) == (guest.id, "student", "ann")
    assert session.get_one(Attempt, attempt).user_id == person.id
    assert people.find(session, guest.id, guest.epoch) is None, "what the guest's cookie says is no longer so"


def test_nobody_claims_an_account(session: Session):
    ann = signed_up(session)
    ben = signed_up(session, "ben", guest_id=ann.id)
    assert ben.id != ann.id
    accounts.sign_in(session, ben.id, guest_id=ann.id)
    assert session.get(User, ann.id) is not None


def test_a_refused_sign_up_leaves_the_guest_alone(session: Session):
    signed_up(session)
    guest = a_guest(session)
    with pytest.raises(Mistakes):
        accounts.sign_up(session, Wanted("ANN", WORDS), hashing="cheap", now=NOON, guest_id=guest.id)
    session.commit()
    assert people.find(session, guest.id, guest.epoch) == guest


def test_what_a_guest_did_goes_into_the_account(session: Session):
    small_bank.publish(session)
    ann, guest, stranger = signed_up(session), a_guest(session), a_guest(session, "two")
    before = an_attempt(session, ann, 1)
    as_guest = [an_attempt(session, guest, 2, minutes=1), an_attempt(session, guest, 3, "harbour-test", minutes=2)]
    others = an_attempt(session, stranger, 4, minutes=3)
    session.add(PassageOpening(user_id=guest.id, passage="almanac/tides", opened_at=NOON))
    session.commit()
    accounts.sign_in(session, ann.id, guest_id=guest.id)
    session.commit()
    kept = {attempt.id: attempt for attempt in session.scalars(select(Attempt).where(Attempt.user_id == ann.id))}
    assert {attempt_id: attempt.number for attempt_id, attempt in kept.items()} == {
        before: 1,
        as_guest[0]: 2,
        as_guest[1]: 1,
    }
    assert all(attempt.submitted_at is None for attempt in kept.values()), "what was open stays open"
    assert session.scalars(select(PassageOpening.user_id)).all() == [ann.id]
    assert session.get(User, guest.id) is None
    assert session.get_one(Attempt, others).user_id == stranger.id


def test_attempts_are_counted_in_the_order_in_which_they_began_and_retries_are_not(session: Session):
    small_bank.publish(session)
    ann, guest = signed_up(session), a_guest(session)
    first = an_attempt(session, guest, 1)
    session.get_one(Attempt, first).submitted_at = NOON
    retry = an_attempt(session, guest, 2, minutes=1)
    session.get_one(Attempt, retry).number = 0
    second = an_attempt(session, ann, 3, minutes=2)
    accounts.sign_in(session, ann.id, guest_id=guest.id)
    numbers = [session.get_one(Attempt, one).number for one in (first, retry, second)]
    assert numbers == [1, 0, 2]


def test_all_that_belongs_to_a_user_is_handed_over():
    owners = {
        (table.name, column.name)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table.name == "user" for key in column.foreign_keys)
    }
    handed_over = (*users.OWNED, *users.IN_CLASSES, Reporter)  # reports with care: equal ones are put together
    assert owners == {(table.__tablename__, "user_id") for table in handed_over}


# --- details ---------------------------------------------------------------------------------------------------------


def test_people_change_what_they_say_about_themselves(session: Session):
    person = signed_up(session)
    said = Details(" Ann\u202e ", "O’Neil  \t Smith", " ann@school.example ", "Europe/Berlin")
    accounts.change_details(session, person.id, said)
    changed = people.find(session, person.id, person.epoch)
    assert changed is not None
    assert (changed.name, changed.email, changed.time_zone) == (
        "Ann O’Neil Smith",
        "ann@school.example",
        "Europe/Berlin",
    )


def test_details_that_cannot_be_are_refused_all_at_once(session: Session):
    person = signed_up(session)
    with pytest.raises(Mistakes) as told:
        accounts.change_details(session, person.id, Details("a" * 121, "", "nobody", "Mars/Crater"))
    assert told.value.fields.keys() == {"given_name", "email", "time_zone"}


# --- the first teacher -----------------------------------------------------------------------------------------------


def become_teacher(session: Session, token: str | None, username: str = "teacher") -> Person:
    return accounts.sign_up_first_teacher(session, token or "", Wanted(username, WORDS), hashing="cheap", now=NOON)


def test_the_link_makes_one_teacher_and_then_nothing(session: Session):
    token = first_teacher.new_token(session, now=NOON)
    assert become_teacher(session, token).role == "admin"
    session.commit()
    with pytest.raises(NotFound, match="has been used"):
        become_teacher(session, token, "second")
    session.rollback()
    assert first_teacher.new_token(session, now=NOON) is None


def test_only_the_hash_of_the_token_is_kept(session: Session):
    token = first_teacher.new_token(session, now=NOON)
    assert token is not None
    assert len(token) >= 32
    assert token not in repr([vars(link) for link in session.scalars(select(OneTimeLink))])


def test_a_newer_link_withdraws_the_older(session: Session):
    lost, found = (first_teacher.new_token(session, now=NOON) for _ in range(2))
    with pytest.raises(NotFound):
        become_teacher(session, lost)
    assert become_teacher(session, found).role == "admin"


@pytest.mark.parametrize("role", ["teacher", "admin"])
def test_there_is_no_link_where_there_is_a_teacher(session: Session, role: str):
    token = first_teacher.new_token(session, now=NOON)
    signed_up(session, "somebody", role=role)
    assert first_teacher.new_token(session, now=NOON) is None
    with pytest.raises(NotFound):
        become_teacher(session, token)


def test_a_mistake_in_the_form_does_not_use_the_link_up(session: Session):
    token = first_teacher.new_token(session, now=NOON)
    signed_up(session)
    with pytest.raises(Mistakes):
        become_teacher(session, token, "ann")
    session.rollback()
    assert become_teacher(session, token).role == "admin"


def test_a_made_up_token_is_nothing(session: Session):
    with pytest.raises(NotFound):
        become_teacher(session, "made-up")
