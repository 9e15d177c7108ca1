"""Quizzes of the files that are changed in the browser: publishing leaves them alone, a dump writes them back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.services import authoring, checking, dumping, personal_data
from quizapp.services.accounts import Mistakes
from quizapp.services.authoring import Changes
from quizapp.services.building import own
from quizapp.store import bank
from quizapp.store.building import QuizDraft
from quizapp.store.class_tables import AuditEntry
from tests import own_bank, small_bank

NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)
QUIZZES = "question_bank/quizzes.yaml"


def publish(session: Session, folder: Path, files: Mapping[str, str] | None = None) -> Changes:
    """Publishes the good files, or others, as written into a new folder."""
    written = own_bank.write(folder / f"{len(list(folder.iterdir()))}", dict(files) if files else None)
    report = authoring.check(session, checking.read(written.bank, written.seeds), written.documents)
    return authoring.publish(session, report, now=NOON)


@pytest.fixture
def teacher(session: Session, tmp_path: Path) -> int:
    """A teacher, where the good files are published."""
    publish(session, tmp_path)
    return small_bank.a_user(session, "tea", "teacher")


def rename(session: Session, teacher: int, title: str) -> None:
    """Give the quiz of the files another title, in the browser's way."""
    draft = own.work(session, "clocks", user_id=teacher).draft
    own.keep(session, "clocks", {**draft, "title": title}, user_id=teacher, now=NOON)
    own.save(session, "clocks", user_id=teacher, now=NOON)


def title(session: Session) -> str:
    return bank.current_quizzes(session, ["clocks"])["clocks"][1].title


def test_publishing_the_same_files_keeps_what_was_changed_here(session: Session, teacher: int, tmp_path: Path):
    rename(session, teacher, "Bells and clocks")
    changes = publish(session, tmp_path)
    assert [(one.kind, one.name) for one in changes.kept] == [("quiz", "clocks")]
    assert title(session) == "Bells and clocks"


def test_what_moved_in_both_places_is_a_conflict_and_stays(session: Session, teacher: int, tmp_path: Path):
    rename(session, teacher, "Bells and clocks")
    changes = publish(session, tmp_path, own_bank.edited(QUIZZES, "title: Clocks", "title: All the clocks"))
    assert [(one.kind, one.name, one.fields) for one in changes.conflicts] == [("quiz", "clocks", ("title",))]
    assert title(session) == "Bells and clocks"


def test_a_dump_writes_it_back_and_that_is_no_conflict(session: Session, teacher: int, tmp_path: Path):
    rename(session, teacher, "Bells and clocks")
    dumping.dump_bank(session, tmp_path / "dump")
    text = (tmp_path / "dump" / QUIZZES).read_text(encoding="utf-8")
    assert "Bells and clocks" in text
    changes = publish(session, tmp_path, {**own_bank.good_files(), QUIZZES: text})
    assert not changes.conflicts
    assert not changes.kept


def test_who_saved_what_is_in_the_audit_trail_and_the_draft_is_gone(session: Session, teacher: int):
    rename(session, teacher, "Bells and clocks")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.kind == "quiz")).one()
    assert (entry.actor_id, entry.action, entry.name) == (teacher, "save", "clocks")
    assert session.scalars(select(QuizDraft)).all() == []


def test_saving_what_is_the_same_makes_no_version(session: Session, teacher: int):
    rename(session, teacher, "Clocks")
    assert len(own.history(session, "clocks")) == 1
    assert session.scalars(select(AuditEntry).where(AuditEntry.kind == "quiz")).all() == []


def test_a_new_quiz_gets_an_id_of_its_own_from_its_title(session: Session, teacher: int):
    made = []
    for key in ("a", "b", "c"):
        name = own.begin(session, user_id=teacher, key=key, now=NOON)
        draft = own.work(session, name, user_id=teacher).draft
        draft["sections"][0]["items"] = ["keeper-glass"]
        own.keep(session, name, {**draft, "title": "New: Écoles & Clocks"}, user_id=teacher, now=NOON)
        made.append(own.save(session, name, user_id=teacher, now=NOON))
    assert len(set(made)) == 3
    assert all(not one.startswith("new-") for one in made)


def test_two_questions_of_which_one_is_unknown_are_refused_by_name(session: Session, teacher: int):
    draft = own.work(session, "clocks", user_id=teacher).draft
    draft["sections"][0]["items"] = ["keeper-glass", "keeper-glass", "no-such-question"]
    own.keep(session, "clocks", draft, user_id=teacher, now=NOON)
    with pytest.raises(Mistakes) as refused:
        own.save(session, "clocks", user_id=teacher, now=NOON)
    said = " ".join(refused.value.fields["sections-0-items"])
    assert "no-such-question" in said
    assert "twice" in said


def test_an_erased_teacher_leaves_no_drafts(session: Session, teacher: int):
    own.begin(session, user_id=teacher, key="a", now=NOON)
    personal_data.erase(session, teacher)
    assert session.scalars(select(QuizDraft)).all() == []
