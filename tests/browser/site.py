"""The site under test from the inside: what tests prepare in its database, and look up there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.domain.item import Item
from quizapp.services import first_teacher, transactions
from quizapp.store import bank
from quizapp.store.tables import Attempt, Response, Slot, User
from tests import real_bank


@dataclass(frozen=True)
class Site:
    """A running installation and its address."""

    app: Flask
    url: str

    @contextmanager
    def session(self) -> Iterator[Session]:
        """The database; what was changed is committed."""
        with self.app.app_context():
            transactions.begin(read_only=False)
            yield transactions.session()
            transactions.commit()

    def put_quiz(self, **entry: Any) -> str:
        """Publish a quiz of the test's own; its id."""
        with self.session() as session:
            real_bank.put_quiz(session, entry)
        return str(entry["id"])

    def one_of_each_type(self) -> list[str]:
        """Ids of items, one of each type in the bank; of those that show a passage, one more."""
        with self.session() as session:
            found = real_bank.items(session).values()
        chosen = {item.type: item.id for item in found if not item.needs_text and not item.show}
        showing = [item.id for item in found if item.show and not item.needs_text]
        return list(dict.fromkeys([*chosen.values(), *showing[-1:]]))

    def type_of(self, item: str) -> str:
        """The type of an item."""
        with self.session() as session:
            return real_bank.items(session)[item].type

    def slots(self, attempt: str) -> list[tuple[Item, tuple[int, ...]]]:
        """The items of an attempt with the order of their options."""
        with self.session() as session:
            mine = select(Slot).where(Slot.attempt_id == identity(attempt)).order_by(Slot.number)
            slots = session.scalars(mine).all()
            items = bank.items(session, [slot.item_digest for slot in slots])
            return [(items[slot.item_digest], tuple(slot.order)) for slot in slots]

    def responses(self, attempt: str, number: int) -> list[Response]:
        """What was saved of a question, in the order in which it came."""
        with self.session() as session:
            mine = select(Response).where(Response.attempt_id == identity(attempt), Response.slot == number)
            return list(session.scalars(mine.order_by(Response.ordinal)))

    def attempt(self, attempt: str) -> Attempt:
        """The attempt as it stands."""
        with self.session() as session:
            found = session.get(Attempt, identity(attempt))
            assert found is not None
            return found

    def time_runs_out(self, attempt: str, seconds: float) -> datetime:
        """Set the attempt's deadline so many seconds from now (or ago); the deadline."""
        deadline = datetime.now(UTC) + timedelta(seconds=seconds)
        with self.session() as session:
            session.execute(update(Attempt).where(Attempt.id == identity(attempt)).values(deadline=deadline))
        return deadline

    def make(self, username: str, role: str) -> None:
        """Give an account another role."""
        with self.session() as session:
            session.execute(update(User).where(User.username == username).values(role=role))

    @staticmethod
    def user(session: Session, username: str) -> User:
        """The account of this name."""
        return session.scalars(select(User).where(User.username == username)).one()

    def first_teacher_token(self) -> str | None:
        """The token of a new link for the first teacher."""
        with self.session() as session:
            return first_teacher.new_token(session, now=datetime.now(UTC))


def identity(attempt: str) -> uuid.UUID:
    """The attempt that an address names."""
    return uuid.UUID(attempt.split("/attempts/")[1][:36])
