"""Passages beside a question: what is kept between requests never outlives what it was made of, and saves queries."""

from __future__ import annotations

import uuid

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp import store
from quizapp.services import taking
from quizapp.services.reading import ShownPassage, shown_passages
from quizapp.store import bank
from quizapp.store.tables import Content, Document
from tests import real_bank, small_bank, small_catalogue
from tests.databases import count_queries
from tests.small_bank import NOON
from tests.small_catalogue import PASSAGES, TEXT

REF = "almanac/pilots"


def shown(session: Session) -> ShownPassage:
    (one,) = shown_passages(session, bank.current_digests(session, "passage", [REF]))
    return one


def test_words_come_and_go_with_their_document(session: Session) -> None:
    small_catalogue.publish(session, attach=TEXT)
    words = shown(session).paragraphs
    assert "the pilots wait" in " ".join(words)
    session.execute(delete(Document))
    session.commit()
    assert shown(session).paragraphs == ()
    small_catalogue.publish(session, attach=TEXT.replace("pilots", "sailor"))
    assert shown(session).paragraphs == ()
    session.execute(delete(Document))
    small_catalogue.publish(session, attach=TEXT)
    assert shown(session).paragraphs == words


def test_number_and_name_follow_what_is_published(session: Session) -> None:
    small_catalogue.publish(session)
    before = shown(session)
    assert (before.number, before.voice) == (1, "Tide Press")
    session.scalars(select(Content).where(Content.kind == "source")).one().retired_at = NOON
    session.commit()
    withdrawn = shown(session)
    assert (withdrawn.voice, withdrawn.account) == ("almanac", before.account)


def test_a_question_beside_passages_costs_three_statements_at_most(session: Session) -> None:
    small_catalogue.publish(session, attach=TEXT)
    shows = small_bank.a_choice(1, show=[f"almanac/{one['id']}" for one in PASSAGES[:3]])
    plain = small_bank.a_choice(2)
    for entry in (shows, plain):
        real_bank.put(session, "item", entry["id"], entry)
    real_bank.put_quiz(session, small_bank.a_quiz(id="beside", sections=[{"items": ["choice-1", "choice-2"]}]))
    user = small_bank.a_user(session, "reader")
    attempt = taking.start(session, "beside", user_id=user, attempt_id=uuid.uuid4(), seed="1", now=NOON)
    taking.check(session, attempt.id, 2, user_id=user, now=NOON, give_up=True)
    session.commit()
    taking.question_page(session, attempt.id, 1, user_id=user, now=NOON, epoch=0)
    with count_queries(store.db.engine) as statements:
        page = taking.question_page(session, attempt.id, 1, user_id=user, now=NOON, epoch=0)
    assert len(page.given) == 3
    assert len(statements) <= 3, statements
