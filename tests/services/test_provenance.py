"""A passage that is not what it was sends its questions back to draft, and nothing breaks for want of them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from quizapp.domain.items import build
from quizapp.services import authoring, checking, documents, dumping, edition, taking
from quizapp.services.authoring import Changes
from quizapp.services.questions import provenance, publishing
from quizapp.store import bank, questions
from tests import own_bank, small_bank
from tests.services.test_authoring import change_here, publish

NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)
SEEDS = "seeds/hallow.yaml"
RESTING = ["keeper-glass", "keeper-trust"]  # and clock-bought, on the passage of the bells


def shorter(session: Session, folder: Path) -> None:
    """The good bank, then the same with the passage of the bells one sentence shorter."""
    publish(session, folder)
    publish(session, folder, without_the_end())


def without_the_end() -> dict[str, str]:
    start = own_bank.DOCUMENT.index(own_bank.PASSAGES["bells"])
    text = own_bank.PASSAGES["bells"]
    files = own_bank.edited(SEEDS, f"end: {start + len(text)}\n", f"end: {start + len(text) - 1}\n")
    files[SEEDS] = files[SEEDS].replace(own_bank.sha256(text), own_bank.sha256(text[:-1]))
    return files


def begin(session: Session, user: int) -> list[str]:
    new = uuid.uuid4()
    attempt = taking.start(session, "clocks", user_id=user, attempt_id=new, seed="x", now=NOON)
    return [slot.item for slot in attempt.slots]


def test_what_rests_on_a_changed_passage_waits(session: Session, tmp_path: Path) -> None:
    shorter(session, tmp_path)
    assert {one.name for one in provenance.to_look_at(session)} == {"clock-bought", *RESTING}
    assert set(bank.current_items(session)) == {"strike-effects", "clock-order"}
    assert {one.holds for one in provenance.to_look_at(session)} == {"unattached"}
    assert provenance.to_look_at(session)[1].quizzes == ("Clocks",)


def told_otherwise(session: Session, folder: Path, **options: bool) -> Changes:
    """The good bank with a question written here and one changed here; then another account of the first passage."""
    publish(session, folder)
    change_here(session, "keeper-trust", explanation="He kept his glass, so it is told.")
    written_here(session)
    return publish(session, folder, own_bank.edited(SEEDS, "Our own account of it.", "We doubt it."), **options)


def written_here(session: Session) -> None:
    entry = {
        "id": "glass-of-ours", "topic": "clocks", "type": "true_false", "stem": "He owned a glass.", "key": True,
        "difficulty": 1, "skill": "recall", "explanation": "So it is told.", "evidence": [{"passage": "hallow/bells"}],
    }  # fmt: skip
    publishing._put(session, build(entry), None, "publish", actor_id=teacher(session), now=NOON)


def teacher(session: Session) -> int:
    return small_bank.a_user(session, uuid.uuid4().hex[:8], "teacher")


def test_another_account_sends_back_what_was_written_or_changed_here(session: Session, tmp_path: Path) -> None:
    done = told_otherwise(session, tmp_path)
    assert done.drafts == ("keeper-trust", "glass-of-ours")
    assert [one.name for one in provenance.to_look_at(session)] == ["glass-of-ours", "keeper-trust"]
    why = "Passage “hallow/bells” is described otherwise now: the account."
    assert {one.reason for one in provenance.to_look_at(session)} == {why}


def test_who_changes_the_catalogue_has_the_files_own_questions_at_hand(session: Session, tmp_path: Path) -> None:
    told_otherwise(session, tmp_path)
    assert {"clock-bought", "keeper-glass"} <= set(bank.current_items(session))


def test_an_upgrade_that_ships_another_account_takes_nothing_out(session: Session, tmp_path: Path) -> None:
    done = told_otherwise(session, tmp_path, upgrade=True)
    assert (done.drafts, done.to_look_at) == ((), ("keeper-trust", "glass-of-ours"))
    assert len(bank.current_items(session)) == 6
    assert [(one.name, one.in_use) for one in provenance.to_look_at(session)] == [
        ("glass-of-ours", True), ("keeper-trust", True),
    ]  # fmt: skip


def test_headings_order_commas_and_neighbours_shake_nothing(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    written_here(session)
    edits = (
        ("heading: bells", "heading: The bells"),
        ("reading_order: [strike, bells]", "reading_order: [bells, strike]"),
        ("Our own account of it.", "Our own account, of it"),
        ("    claims:\n      - {says: he was proud", "    claims:\n      - {says: he was vain"),
    )
    for old, new in edits:
        done = publish(session, tmp_path, own_bank.edited(SEEDS, old, new))
        assert (done.changed != (), done.drafts, done.to_look_at) == (True, (), ()), new


def test_another_panel_lists_all_that_rests_on_the_source_and_takes_nothing_out(
    session: Session, tmp_path: Path
) -> None:
    publish(session, tmp_path)
    files = own_bank.edited(SEEDS, "reliability: medium", "reliability: low")
    assert len(publish(session, tmp_path, files).to_look_at) == 5
    assert publish(session, tmp_path, files).to_look_at == ()
    files[SEEDS] = files[SEEDS].replace("poor_for: history", "poor_for: dates")
    publish(session, tmp_path, files)
    (reason,) = {one.reason for one in provenance.to_look_at(session)}
    assert "now: reliability. The source" in reason
    assert reason.endswith("now: what it is poor for.")
    assert len(bank.current_items(session)) == 5


def test_where_the_document_has_other_words_the_edition_record_vouches(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    written_here(session)
    own = own_bank.write(tmp_path / "recorded", without_the_end())
    assert edition.record(edition.check(own.bank, own.seeds, own.documents), own.seeds, on=NOON.date())
    report = authoring.check(session, checking.read(own.bank, own.seeds), own.documents)
    assert authoring.publish(session, report, now=NOON).drafts == ("glass-of-ours",)


def test_a_question_that_was_edited_or_retired_is_listed_no_more(session: Session, tmp_path: Path) -> None:
    told_otherwise(session, tmp_path, upgrade=True)
    assert publishing.retire(session, ["keeper-trust"], actor_id=teacher(session), now=NOON) == ["keeper-trust"]
    assert publishing.tag(session, ["glass-of-ours"], "seen", actor_id=teacher(session), now=NOON) == ["glass-of-ours"]
    assert provenance.to_look_at(session) == ()


def test_all_are_still_right_in_one_deed(session: Session, tmp_path: Path) -> None:
    shorter(session, tmp_path)
    files = {**without_the_end(), SEEDS: without_the_end()[SEEDS].replace("year: undated", "year: about 1704")}
    publish(session, tmp_path, files)
    publishing.retire(session, ["clock-order"], actor_id=teacher(session), now=NOON)
    lines = provenance.to_look_at(session)
    assert [one.in_use for one in lines] == [False, False, False, True]
    done = provenance.still_right(
        session, [*(one.name for one in lines), "clock-order", "no-such"], actor_id=teacher(session), now=NOON
    )
    assert (done.done, done.broken) == (4, ())
    assert provenance.to_look_at(session) == ()
    assert set(bank.current_items(session)) == {"clock-bought", "strike-effects", *RESTING}
    actions = {name: questions.history(session, "item", name)[0].action for name in ("keeper-glass", "strike-effects")}
    assert actions == {"keeper-glass": "ready", "strike-effects": "look at"}


def test_what_does_not_hold_waits_on(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    folders = own_bank.write(tmp_path / "attached")
    files = checking.read(folders.bank, folders.seeds)
    documents.attach(session, folders.documents, files, now=NOON)
    change_here(session, "keeper-glass", evidence=[{"passage": "hallow/bells", "quote": "a glass of sand"}])
    change_here(session, "keeper-trust", evidence=[{"passage": "hallow/bells", "quote": "kept his glass."}])
    publish(session, tmp_path, without_the_end())
    names = [one.name for one in provenance.to_look_at(session)]
    done = provenance.still_right(session, names, actor_id=teacher(session), now=NOON)
    assert done.broken == ("keeper-trust",)
    assert [one.name for one in provenance.to_look_at(session)] == ["keeper-trust"]


def test_running_attempts_keep_theirs_and_new_ones_do_without(session: Session, tmp_path: Path) -> None:
    user, late = small_bank.a_user(session, "ann"), small_bank.a_user(session, "ben")
    publish(session, tmp_path)
    assert set(RESTING) < set(begin(session, user))
    shorter(session, tmp_path)
    assert set(RESTING) < set(begin(session, user))
    assert set(begin(session, late)) == {"strike-effects", "clock-order"}
    assert next(one.attempts for one in provenance.to_look_at(session) if one.name == "keeper-glass") == 1


def test_still_right_makes_it_ready_again_and_the_files_do_not_undo_that(session: Session, tmp_path: Path) -> None:
    shorter(session, tmp_path)
    for name in ("clock-bought", *RESTING):
        publishing.back_to_ready(session, name, actor_id=teacher(session), now=NOON)
    assert provenance.to_look_at(session) == ()
    assert len(bank.current_items(session)) == 5
    assert [one.action for one in questions.history(session, "item", "keeper-glass")][:2] == ["ready", "draft"]


def test_what_waits_is_dumped_with_the_bank(session: Session, tmp_path: Path) -> None:
    shorter(session, tmp_path)
    dumping.dump_bank(session, tmp_path / "out")
    assert "id: keeper-glass" in (tmp_path / "out" / "question_bank" / "clocks.yaml").read_text(encoding="utf-8")


def test_what_a_teacher_retired_stays_retired_when_the_files_come_again(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    assert publishing.retire(session, ["keeper-trust"], actor_id=teacher(session), now=NOON) == ["keeper-trust"]
    changes = publish(session, tmp_path)
    assert [one.name for one in changes.kept] == ["keeper-trust"]
    assert "keeper-trust" not in bank.current_items(session)
