"""A passage that is not what it was sends its questions back to draft, and nothing breaks for want of them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from quizapp.services import dumping, taking
from quizapp.services.questions import provenance, publishing
from quizapp.store import bank, questions
from tests import own_bank, small_bank
from tests.services.test_authoring import publish

NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)
SEEDS = "seeds/hallow.yaml"
RESTING = ["keeper-glass", "keeper-trust"]  # and clock-bought, on the passage of the bells


def shorter(session: Session, folder: Path) -> None:
    """The good bank, then the same with the passage of the bells one sentence shorter."""
    publish(session, folder)
    start = own_bank.DOCUMENT.index(own_bank.PASSAGES["bells"])
    text = own_bank.PASSAGES["bells"]
    files = own_bank.edited(SEEDS, f"end: {start + len(text)}\n", f"end: {start + len(text) - 1}\n")
    files[SEEDS] = files[SEEDS].replace(own_bank.sha256(text), own_bank.sha256(text[:-1]))
    publish(session, folder, files)


def begin(session: Session, user: int) -> list[str]:
    new = uuid.uuid4()
    attempt = taking.start(session, "clocks", user_id=user, attempt_id=new, seed="x", now=NOON)
    return [slot.item for slot in attempt.slots]


def test_what_rests_on_a_changed_passage_waits(session: Session, tmp_path: Path) -> None:
    shorter(session, tmp_path)
    assert {one.name for one in provenance.waiting(session)} == {"clock-bought", *RESTING}
    assert set(bank.current_items(session)) == {"strike-effects", "clock-order"}
    assert {one.holds for one in provenance.waiting(session)} == {"unattached"}
    assert provenance.waiting(session)[1].quizzes == ("Clocks",)


def test_an_account_in_other_words_shakes_nothing(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    publish(session, tmp_path, own_bank.edited(SEEDS, "Our own account of it.", "Our account of it."))
    assert provenance.waiting(session) == ()


def test_running_attempts_keep_theirs_and_new_ones_do_without(session: Session, tmp_path: Path) -> None:
    user, late = small_bank.a_user(session, "ann"), small_bank.a_user(session, "ben")
    publish(session, tmp_path)
    assert set(RESTING) < set(begin(session, user))
    shorter(session, tmp_path)
    assert set(RESTING) < set(begin(session, user))
    assert set(begin(session, late)) == {"strike-effects", "clock-order"}
    assert next(one.attempts for one in provenance.waiting(session) if one.name == "keeper-glass") == 1


def test_still_right_makes_it_ready_again_and_the_files_do_not_undo_that(session: Session, tmp_path: Path) -> None:
    teacher = small_bank.a_user(session, "tess", "teacher")
    shorter(session, tmp_path)
    for name in ("clock-bought", *RESTING):
        publishing.back_to_ready(session, name, actor_id=teacher, now=NOON)
    assert provenance.waiting(session) == ()
    assert len(bank.current_items(session)) == 5
    assert [one.action for one in questions.history(session, "item", "keeper-glass")][:2] == ["ready", "draft"]


def test_what_waits_is_dumped_with_the_bank(session: Session, tmp_path: Path) -> None:
    shorter(session, tmp_path)
    dumping.dump_bank(session, tmp_path / "out")
    assert "id: keeper-glass" in (tmp_path / "out" / "question_bank" / "clocks.yaml").read_text(encoding="utf-8")


def test_what_a_teacher_retired_stays_retired_when_the_files_come_again(session: Session, tmp_path: Path) -> None:
    teacher = small_bank.a_user(session, "tess", "teacher")
    publish(session, tmp_path)
    assert publishing.retire(session, ["keeper-trust"], actor_id=teacher, now=NOON) == ["keeper-trust"]
    changes = publish(session, tmp_path)
    assert [one.name for one in changes.kept] == ["keeper-trust"]
    assert "keeper-trust" not in bank.current_items(session)
