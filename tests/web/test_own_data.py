"""Taking one's data away and deleting the account, in a browser."""

from __future__ import annotations

import json

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp.services import transactions
from quizapp.store.tables import Attempt, User
from tests.web.browsing import WORDS, errors
from tests.web.sittings import Taker, new_taker

pytestmark = pytest.mark.usefixtures("bank")


@pytest.fixture
def ann(app: Flask) -> Taker:
    """A student who has signed up and sat a quiz."""
    ann = Taker(app.test_client())
    ann.sign_up(given_name="Ann")
    ann.start()
    ann.press("1/check", answer="0")
    return ann


def people(app: Flask) -> list[str]:
    with app.app_context():
        return list(transactions.session().scalars(select(User.username)))


def delete(person: Taker, proof: str):
    return person.post("/account/delete", page="/account", proof=proof)


def test_the_data_come_as_a_file(ann: Taker):
    answer = ann.get("/account/data.json")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    found = json.loads(answer.text)
    assert (found["format"], found["account"]["given_name"]) == ("personal data 1", "Ann")
    assert [attempt["quiz"] for attempt in found["attempts"]] == ["harbours"]
    assert "/account/data.json" in ann.get("/account").text


def test_the_password_deletes_the_account_and_ends_the_session(app: Flask, ann: Taker):
    answer = delete(ann, WORDS)
    assert (answer.status_code, answer.location) == (303, "/")
    assert people(app) == []
    assert "deleted" in ann.get("/").text
    assert ann.get("/account").location == "/sign-in?next=%2Faccount"
    with app.app_context():
        assert transactions.session().scalars(select(Attempt)).all() == []


def test_another_device_is_signed_out_too_and_is_nobody_else(app: Flask, ann: Taker):
    phone = Taker(app.test_client())
    phone.sign_in()
    phone.attempt = ann.attempt
    delete(ann, WORDS)
    bob = Taker(app.test_client())
    bob.sign_up("bob")
    assert "bob" not in phone.get("/account").text
    assert phone.at("summary").status_code != 200


def test_a_wrong_password_deletes_nothing(app: Flask, ann: Taker):
    answer = delete(ann, "four other quiet words")
    assert answer.status_code == 422
    assert errors(answer) == {"proof": "This is not your password."}
    assert '<details class="details" open>' in answer.text
    assert people(app) == ["ann"]


def test_an_empty_proof_deletes_nothing(app: Flask, ann: Taker):
    assert errors(delete(ann, "")) == {"proof": "Type your password."}
    assert people(app) == ["ann"]


def test_a_guest_types_the_guest_name(app: Flask):
    guest = Taker(app.test_client())
    guest.start()
    (name,) = people(app)
    wrong = delete(guest, "guest-xxxx")
    assert errors(wrong) == {"proof": f"This is not your guest name. Type: {name}"}
    assert delete(guest, f" {name.upper()} ").status_code == 303
    assert people(app) == []


def test_deleting_is_no_link_and_needs_its_token(app: Flask, ann: Taker):
    assert ann.get("/account/delete").status_code == 405
    assert ann.client.post("/account/delete", data={"proof": WORDS}).status_code == 400
    assert people(app) == ["ann"]


def test_the_last_administrator_is_told_why_not(app: Flask):
    boss = new_taker(app, "admin")
    with app.app_context():
        found = transactions.session().get_one(User, boss.user_id)
        other = Taker(app.test_client())
        other.sign_up("other")
        found.password_hash = (
            transactions.session().scalars(select(User.password_hash).where(User.username == "other")).one()
        )
        transactions.commit()
    refused = delete(boss, WORDS)
    assert refused.status_code == 409
    assert "only one who looks after the accounts" in refused.text
    assert len(people(app)) == 2
