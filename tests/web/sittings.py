"""A student's browser without JavaScript, with short words for what one does in an attempt."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime

from flask import Flask
from werkzeug.test import TestResponse

from quizapp.services import transactions
from quizapp.store.tables import User
from tests.web.browsing import Browser


class Taker(Browser):
    """Somebody who takes quizzes; ``attempt`` is the address of the one begun last, ``finished`` of one handed in."""

    user_id: int | None = None
    attempt = ""
    finished = ""

    def start(self, quiz: str = "harbours") -> str:
        """Press Start on the quiz's page, as a guest if nobody is signed in; the attempt's address."""
        response = self.post(f"/quizzes/{quiz}/attempts", page=f"/quizzes/{quiz}")
        assert response.status_code == 302, response.text
        self.attempt = response.location
        return self.attempt

    def start_assigned(self, assignment: str) -> Taker:
        """Press Start on the page of what was set to a class; oneself."""
        response = self.post(f"{assignment}/attempts", page=assignment)
        assert response.status_code == 302, response.text
        self.attempt = response.location
        return self

    @property
    def id(self) -> int:
        """The account's; for whom has one."""
        assert self.user_id is not None
        return self.user_id

    def at(self, rest: object) -> TestResponse:
        """A page of the attempt: ``at(3)``, ``at("summary")``."""
        return self.get(f"{self.attempt}/{rest}")

    def press(self, rest: object, **fields: str) -> TestResponse:
        """Send a form of the attempt: ``press(3, answer="0")``, ``press("3/check")``, ``press("submit")``."""
        return self.post(f"{self.attempt}/{rest}", page="/quizzes", **fields)

    def script(
        self, number: int, sequence: int, client: str = "phone-0001", base: str = "", **fields: str
    ) -> TestResponse:
        """Save as the page's script does."""
        data = {"csrf_token": self.token("/quizzes"), "client": client, "sequence": str(sequence), "base": base}
        return self.client.post(
            f"{self.attempt}/{number}",
            data={**data, **fields},
            base_url=self.base_url,
            headers={"Accept": "application/json"},
        )


def key_position(page: str) -> str:
    """The form value of the option that is the key in the small bank."""
    found = re.search(r'name="answer" value="(\d)"(?: checked)?>\s*<span class="choice-text">Key', page)
    assert found
    return found[1]


def wrong_position(page: str) -> str:
    """The form value of an option of the small bank that is not the key."""
    return str((int(key_position(page)) + 1) % 3)


def signed_in(app: Flask, user_id: int, role: str) -> Taker:
    """Somebody whose account is there already."""
    person = Taker(app.test_client())
    person.user_id = user_id
    with person.client.session_transaction() as session:
        session.update({"_user_id": f"{user_id}:0", "role": role, "name": f"user {user_id}"})
    return person


def new_taker(app: Flask, role: str) -> Taker:
    """A new person who is signed in in that role; nobody for «anyone»."""
    person = Taker(app.test_client())
    if role == "anyone":
        return person
    name = uuid.uuid4().hex
    with app.app_context():
        user = User(username=name, username_key=name, role=role, created_at=datetime.now(UTC))
        transactions.session().add(user)
        transactions.commit()
        person.user_id = user.id
    with person.client.session_transaction() as session:
        session.update({"_user_id": f"{person.user_id}:0", "role": role, "name": name})
    return person
