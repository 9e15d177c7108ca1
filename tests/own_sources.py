"""A source that a teacher has added, for tests that look at pages."""

from __future__ import annotations

from sqlalchemy.orm import Session

from quizapp.formats import document_text
from quizapp.services.own_sources import own
from quizapp.services.people import person
from quizapp.store import users
from tests.own_documents import LANTERN
from tests.small_bank import NOON


def added(session: Session, user_id: int) -> str:
    """The name of a new source of this teacher's; readers do not have it yet."""
    user = users.by_id(session, user_id)
    assert user is not None
    made = document_text.of_pasted(LANTERN)
    name = own.add(session, "The Lantern Street Strike", made, "pasted", asking=person(user), now=NOON).name
    session.commit()
    return name
