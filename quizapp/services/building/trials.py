"""Taking a quiz as a student would, without leaving a mark.

A trial is a true attempt, so that every page is the student's own. It belongs to a stand-in made for it, at a quiz
that no list has, under a number that no count takes: no score, progress, statistic or analysis meets it. It goes when
its teacher ends it or begins another, and once it is a day old: when anybody begins one, or the app is set up anew.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from quizapp.domain.entry import digest, plain
from quizapp.domain.quiz import TRIAL, TRIAL_NUMBER
from quizapp.services import personal_data
from quizapp.services.building import own
from quizapp.services.building.paper import NOT_COMPLETE
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.taking.starting import Beginning
from quizapp.services.taking.starting import begin as begin_attempt
from quizapp.store import trials, users, versions
from quizapp.store.tables import Attempt
from quizapp.store.versions import Thing

KEPT = timedelta(days=1)


def begin(session: Session, name: str, *, teacher_id: int, attempt_id: uuid.UUID, seed: str, now: datetime) -> Attempt:
    """A trial of the quiz as the teacher's draft says, in place of an earlier one.

    Raises ``NotFound``; ``Conflict`` where the quiz is not complete yet.
    """
    teacher = users.by_id(session, teacher_id)
    if teacher is None:
        raise NotFound
    found = own.work(session, name, user_id=teacher_id)
    quiz = own.settable(session, found)
    if quiz is None:
        raise Conflict(NOT_COMPLETE)
    forget(session, teacher_id=teacher_id, now=now)
    tried = quiz.model_copy(update={"id": TRIAL})
    entry = plain(tried)
    version = Thing("quiz", TRIAL, digest(entry), entry)
    versions.keep(session, version, now)
    who = trials.stand_in(session, teacher, now)
    how = Beginning(who.id, attempt_id, seed, now, password=quiz.password or "")
    attempt = begin_attempt(session, tried, version.digest, (), how)
    attempt.number = TRIAL_NUMBER
    session.flush()
    return attempt


def forget(session: Session, *, now: datetime, teacher_id: int = 0) -> int:
    """Remove the teacher's trial, and those of others that are over a day old; how many."""
    gone = trials.stand_ins(session, teacher_id=teacher_id, before=now - KEPT)
    for one in gone:
        personal_data.erase(session, one.id)
    trials.forget_versions(session)
    return len(gone)
