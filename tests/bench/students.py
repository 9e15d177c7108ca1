"""Students in the middle of a quiz, put straight into the database, and the requests that their browsers send."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from quizapp.services import taking, transactions
from quizapp.store.tables import Slot, User
from tests import small_bank

SLOTS = 20
QUIZ = "harbours"
LIKE_A_BROWSER = "Host: 127.0.0.1\r\nAccept-Encoding: gzip, deflate, br\r\n"


@dataclass
class Student:
    """What the browser of one student keeps."""

    user_id: int
    cookie: str
    token: str
    attempt: uuid.UUID | None = None
    client: str = field(default_factory=lambda: secrets.token_hex(12))
    sequence: int = 0

    def page(self, slot: int) -> bytes:
        """The request for a question."""
        return self.get(f"/attempts/{self.attempt}/{slot}")

    def save(self, slot: int, answer: int, sequence: int, base: str = "") -> bytes:
        """The request of the page's script that keeps an answer."""
        words = f"answer={answer}&client={self.client}&sequence={sequence}&base={base.replace(':', '%3A')}"
        return self.post(f"/attempts/{self.attempt}/{slot}", words, "application/json")

    def get(self, path: str) -> bytes:
        """A request for a page."""
        return f"GET {path} HTTP/1.1\r\n{LIKE_A_BROWSER}Cookie: quizapp={self.cookie}\r\n\r\n".encode()

    def post(self, path: str, words: str = "", accept: str = "text/html") -> bytes:
        """A form that is sent, with the session's token."""
        return posted(path, f"csrf_token={self.token}&{words}", f"Cookie: quizapp={self.cookie}\r\n", accept)


def posted(path: str, body: str, cookie: str = "", accept: str = "application/json") -> bytes:
    """The request that sends a form."""
    heads = f"{LIKE_A_BROWSER}{cookie}Accept: {accept}\r\nOrigin: http://127.0.0.1\r\n"
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    return f"POST {path} HTTP/1.1\r\n{heads}{kind}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def publish(session: Session, **quiz: object) -> None:
    """A bank of our own and a quiz of twenty questions."""
    entry = small_bank.a_quiz(id=QUIZ, sections=[{"items": [f"choice-{n}" for n in range(1, SLOTS + 1)]}], **quiz)
    small_bank.publish(session, items=SLOTS, quizzes=(entry,))


def enrol(app: Flask, number: int) -> list[Student]:
    """So many students with accounts of their own, signed in; call it in the app's context."""
    session = transactions.session()
    names = [f"student{one}" for one in range(number)]
    rows = [
        {"username": name, "username_key": name, "given_name": "Ann", "role": "student", "preferences": {}}
        for name in names
    ]
    made = insert(User).values(created_at=datetime.now(UTC)).returning(User.id)
    ids = [session.scalars(made, row).one() for row in rows]
    session.commit()
    return [_signed_in(app, user_id) for user_id in ids]


def begin(students: list[Student]) -> Iterator[Student]:
    """Have them begin the quiz, one after the other; call it in the app's context."""
    session = transactions.session()
    for student in students:
        attempt = taking.start(
            session,
            QUIZ,
            user_id=student.user_id,
            attempt_id=uuid.uuid4(),
            seed=secrets.token_hex(8),
            now=datetime.now(UTC),
        )
        session.commit()
        student.attempt = attempt.id
        yield student


def have_seen(session: Session, *, every_question: bool) -> None:
    """As if everybody had looked at every question before, or nobody at any."""
    session.execute(update(Slot).values(first_shown_at=datetime.now(UTC) if every_question else None))
    session.commit()


def _signed_in(app: Flask, user_id: int) -> Student:
    raw = secrets.token_hex(20)
    kept = {"_permanent": True, "_user_id": f"{user_id}:0", "role": "student", "name": "Ann", "zone": None}
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    token = URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps(raw)
    return Student(user_id, str(serializer.dumps({**kept, "csrf_token": raw})), str(token))
