"""Publishing: nothing while anything is broken, nothing twice, no version lost, no conflict decided silently."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.domain.entry import digest
from quizapp.domain.items import build
from quizapp.services import authoring, checking, dumping
from quizapp.services.authoring import CannotPublish, Changes
from quizapp.store import bank
from quizapp.store.tables import Content, Version
from tests import own_bank

NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)
CLOCKS = "question_bank/clocks.yaml"
THINGS = 1 + 1 + 3 + 1 + 5 + 1  # topic, source, passages, dispute, items, quiz
OTHER_STEM = ("The keeper trusted the new clock.", "The keeper trusted the clock.")


def publish(
    session: Session, folder: Path, files: Mapping[str, str] | None = None, *, hours: int = 0, upgrade: bool = False
) -> Changes:
    """Publishes the good files, or others, as written into a new folder."""
    own = own_bank.write(folder / f"{len(list(folder.iterdir()))}", dict(files) if files else None)
    report = authoring.check(session, checking.read(own.bank, own.seeds), own.documents)
    return authoring.publish(session, report, now=NOON + timedelta(hours=hours), upgrade=upgrade)


def without(*names: str) -> dict[str, str]:
    """The good files without these items, and with a quiz that can do without them."""
    head, *items = own_bank.CLOCKS.split("  - id: ")
    kept = [f"  - id: {item}" for item in items if item.partition("\n")[0] not in names]
    text = "".join([head, *kept]).replace("    not_with: [clock-order]\n", "")
    quizzes = own_bank.QUIZZES.replace("draw: 2", "draw: 1")
    return {**own_bank.good_files(), CLOCKS: text, "question_bank/quizzes.yaml": quizzes}


def content(session: Session, kind: str, name: str) -> Content:
    return session.get_one(Content, (kind, name))


def change_here(session: Session, name: str, **fields: object) -> str:
    """Changes an item in the database, as an editor in the browser would."""
    one = content(session, "item", name)
    entry = {**session.get_one(Version, one.digest).entry, **fields}
    build(entry)
    version = Version(digest=digest(entry), kind="item", name=name, entry=entry, created_at=NOON)
    session.add(version)
    session.flush()
    one.digest = version.digest
    session.flush()
    return version.digest


def test_everything_is_new_the_first_time_and_unchanged_the_second(session: Session, tmp_path: Path) -> None:
    first = publish(session, tmp_path)
    assert (len(first.new), first.unchanged) == (THINGS, 0)
    assert publish(session, tmp_path) == Changes(unchanged=THINGS)
    assert session.scalar(select(func.count()).select_from(Version)) == THINGS
    item = content(session, "item", "keeper-glass")
    assert (item.topic, item.type, item.skill, item.difficulty, item.position) == (
        "clocks", "single_choice", "recall", 1, 1
    )  # fmt: skip
    assert content(session, "passage", "hallow/strike").topic == "hallow"
    assert list(bank.current_items(session)) == [
        "clock-bought", "keeper-glass", "strike-effects", "keeper-trust", "clock-order"
    ]  # fmt: skip


def test_a_change_makes_a_new_version_and_keeps_the_old_one(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    old = content(session, "item", "keeper-trust").digest
    changes = publish(session, tmp_path, own_bank.edited(CLOCKS, *OTHER_STEM), hours=1)
    assert [(one.kind, one.name, one.fields) for one in changes.changed] == [("item", "keeper-trust", ("stem",))]
    assert (changes.new, changes.unchanged) == ((), THINGS - 1)
    new = content(session, "item", "keeper-trust")
    assert new.digest == new.published_digest != old
    assert session.get_one(Version, old).entry["stem"] == OTHER_STEM[0]
    assert session.get_one(Version, new.digest).created_at == NOON + timedelta(hours=1)


def test_going_back_to_an_old_state_needs_no_new_version(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    publish(session, tmp_path, own_bank.edited(CLOCKS, *OTHER_STEM))
    assert len(publish(session, tmp_path).changed) == 1
    assert session.scalar(select(func.count()).select_from(Version)) == THINGS + 1


def test_what_is_gone_is_retired_and_may_come_back(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    files = without("clock-order", "strike-effects")
    changes = publish(session, tmp_path, files, hours=1)
    assert [(one.kind, one.name) for one in changes.retired] == [("item", "strike-effects"), ("item", "clock-order")]
    assert content(session, "item", "clock-order").retired_at == NOON + timedelta(hours=1)
    assert "clock-order" not in bank.current_items(session)
    assert publish(session, tmp_path, files, hours=2).retired == ()
    assert [one.name for one in publish(session, tmp_path).back] == ["strike-effects", "clock-order"]
    assert content(session, "item", "clock-order").retired_at is None


def test_what_changed_here_alone_is_kept(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    here = change_here(session, "keeper-trust", difficulty=5)
    changes = publish(session, tmp_path)
    assert [(one.name, one.fields) for one in changes.kept] == [("keeper-trust", ("difficulty",))]
    assert content(session, "item", "keeper-trust").digest == here


def test_what_changed_here_and_in_the_files_is_a_conflict_and_stays(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    here = change_here(session, "keeper-trust", difficulty=5)
    published = content(session, "item", "keeper-trust").published_digest
    files = own_bank.edited(CLOCKS, *OTHER_STEM)
    for _ in range(2):  # telling it does not settle it
        changes = publish(session, tmp_path, files)
        assert [(one.name, one.fields) for one in changes.conflicts] == [("keeper-trust", ("stem", "difficulty"))]
        assert content(session, "item", "keeper-trust").digest == here
        assert content(session, "item", "keeper-trust").published_digest == published


def test_the_same_change_here_and_in_the_files_is_no_conflict(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    change_here(session, "keeper-trust", stem=OTHER_STEM[1])
    assert publish(session, tmp_path, own_bank.edited(CLOCKS, *OTHER_STEM)) == Changes(unchanged=THINGS)
    one = content(session, "item", "keeper-trust")
    assert one.digest == one.published_digest


def test_what_changed_here_and_is_gone_from_the_files_is_a_conflict(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    change_here(session, "strike-effects", difficulty=5)
    changes = publish(session, tmp_path, without("strike-effects"))
    assert [one.name for one in changes.conflicts] == ["strike-effects"]
    assert content(session, "item", "strike-effects").retired_at is None


def test_what_was_written_here_is_not_retired(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    version = Version(digest="f" * 64, kind="item", name="own", entry={"id": "own"}, created_at=NOON)
    session.add(version)
    session.flush()
    session.add(Content(kind="item", name="own", digest=version.digest))
    session.flush()
    assert publish(session, tmp_path) == Changes(unchanged=THINGS)


def test_nothing_is_published_while_anything_is_broken(session: Session, tmp_path: Path) -> None:
    files = own_bank.edited(CLOCKS, "difficulty: 4", "difficulty: 9")
    files["seeds/disputes.yaml"] = own_bank.DISPUTES.replace("never late", "ever late")
    with pytest.raises(CannotPublish) as refusal:
        publish(session, tmp_path, files)
    assert [reason.partition(": ")[2] for reason in refusal.value.reasons] == [
        "should be at most 5, not «9»",
        "«ever late» begins or ends inside a word; quote whole words",
    ]
    assert session.scalar(select(func.count()).select_from(Version)) == 0


def test_without_the_document_items_are_published(session: Session, tmp_path: Path) -> None:
    own = own_bank.write(tmp_path, document=None)
    report = authoring.check(session, checking.read(own.bank, own.seeds), own.documents)
    assert report.unattached == ("hallow",)
    assert len(authoring.publish(session, report, now=NOON).new) == THINGS


def test_examples_are_checked_and_never_published(session: Session, tmp_path: Path) -> None:
    example = own_bank.CLOCKS[: own_bank.CLOCKS.index("  - id: strike")].replace(
        "id: keeper-glass", "id: example-glass"
    )
    example = example.replace("topic: clocks", "topic: examples").replace("id: clock-bought", "id: example-bought")
    files = {**own_bank.good_files(), "question_bank/examples.yaml": example}
    assert len(publish(session, tmp_path, files).new) == THINGS
    files["question_bank/examples.yaml"] = example.replace("a glass of sand", "a glass of wine")
    with pytest.raises(CannotPublish):
        publish(session, tmp_path, files)


def test_what_is_dumped_is_published_unchanged(session: Session, tmp_path: Path) -> None:
    publish(session, tmp_path)
    dumping.dump_bank(session, tmp_path / "dump")
    report = authoring.check(session, checking.read(tmp_path / "dump/question_bank", tmp_path / "dump/seeds"), tmp_path)
    assert authoring.publish(session, report, now=NOON) == Changes(unchanged=THINGS)


def test_five_hundred_items_are_checked_verified_and_published_in_seconds(session: Session, tmp_path: Path) -> None:
    item = own_bank.CLOCKS[own_bank.CLOCKS.index("  - id: keeper-glass") : own_bank.CLOCKS.index("  - id: strike-eff")]
    many = "".join(item.replace("keeper-glass", f"glass-{i}") for i in range(500))
    files = {**own_bank.good_files(), "question_bank/many.yaml": f"topic: many\ntitle: Many\nitems:\n{many}"}
    started = perf_counter()
    assert len(publish(session, tmp_path, files).new) == THINGS + 501
    assert perf_counter() - started < 5
