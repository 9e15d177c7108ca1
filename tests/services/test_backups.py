"""Backing up and restoring a database that is in use, on both kinds of database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from quizapp import create_app, store
from quizapp.services import backups, transactions
from quizapp.services.backups import BackupRefused
from quizapp.store import postgresql_programs, revisions
from quizapp.store.tables import OneTimeLink
from tests import databases, later_revision, small_bank
from tests.conftest import settings_for
from tests.small_bank import NOON
from tests.web.sittings import Taker


def note(session: Session, number: int) -> None:
    """Commit a row by which to know a moment again."""
    session.add(OneTimeLink(token_hash=f"{number:06}", purpose="test", created_at=NOON))
    session.commit()


def notes(session: Session) -> list[int]:
    session.rollback()
    return [int(one) for one in session.scalars(select(OneTimeLink.token_hash).order_by(OneTimeLink.token_hash))]


@contextmanager
def somebody_writes(app: Flask, done: list[int]) -> Iterator[None]:
    """Rows are committed one after the other, by somebody else, for as long as the block lasts."""
    over = threading.Event()

    def write() -> None:
        with app.app_context():
            while not over.is_set():
                note(transactions.session(), len(done))
                done.append(len(done))

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    try:
        while len(done) < 20:
            time.sleep(0.005)
        yield
    finally:
        over.set()
        writer.join(30)


def test_a_backup_holds_what_was_committed_before_it_and_comes_from_one_moment(
    app: Flask, session: Session, tmp_path: Path
):
    done: list[int] = []
    files = []
    with somebody_writes(app, done):
        for number in range(2):
            before = len(done)
            file = tmp_path / f"{number}.backup"
            backups.back_up(session, file)
            files.append((before, file, len(done)))
    assert files[-1][2] > files[0][0], "nobody waits for a backup"
    for before, file, after in files:
        backups.restore(session, file, tmp_path / "kept", now=NOON)
        held = notes(session)
        assert held == list(range(len(held)))
        assert before <= len(held) <= after + 1


def test_the_app_serves_while_it_is_restored_and_then_shows_what_the_backup_held(
    app: Flask, session: Session, tmp_path: Path
):
    small_bank.publish(session)
    student = Taker(app.test_client())
    student.start()
    file = tmp_path / "with-attempt"
    backups.back_up(session, file)
    student.script(1, 1, answer="2")
    asked: list[int] = []
    over = threading.Event()

    def ask() -> None:
        while not over.is_set():
            asked.append(student.at(1).status_code)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    try:
        for _ in range(3):
            backups.restore(session, file, tmp_path / "kept", now=NOON)
    finally:
        over.set()
        asking.join(30)
    assert set(asked) <= {200, 503}
    assert 200 in asked
    assert "checked" not in student.at(1).text.split("answer-form")[1], "the answer came after the backup"
    assert student.script(1, 2, answer="1").json["standing"] == "current"


def test_a_restoration_can_be_undone(session: Session, tmp_path: Path):
    note(session, 1)
    backups.back_up(session, tmp_path / "one")
    note(session, 2)
    done = backups.restore(session, tmp_path / "one", tmp_path / "kept", now=NOON)
    assert notes(session) == [1]
    assert done.before is not None
    assert done.before.parent == tmp_path / "kept"
    backups.restore(session, done.before, tmp_path / "kept", now=NOON)
    assert notes(session) == [1, 2]


def test_an_empty_installation_is_restored(app: Flask, session: Session, tmp_path: Path, backend: str, request):
    note(session, 1)
    backups.back_up(session, tmp_path / "one")
    if backend == "sqlite":
        url = f"sqlite:///{tmp_path / 'new' / 'quizapp.sqlite'}"
    else:
        server: databases.Server = request.getfixturevalue("postgresql_server")
        url = server.url(server.create())
    new = create_app(settings_for(tmp_path / "new", url))
    with new.app_context():
        done = backups.restore(transactions.session(), tmp_path / "one", tmp_path / "kept", now=NOON)
        assert done.before is None
        assert notes(transactions.session()) == [1]
        databases.close(new)


# --- files -----------------------------------------------------------------------------------------------------------


def test_a_backup_is_for_its_owner_alone_and_needs_no_other_file(session: Session, tmp_path: Path):
    folder = tmp_path / "backups"
    folder.mkdir()
    backups.back_up(session, folder / "one")
    assert [path.name for path in folder.iterdir()] == ["one"]
    if os.name == "posix":
        assert stat.S_IMODE((folder / "one").stat().st_mode) == 0o600


def test_a_file_that_is_there_is_not_replaced_unless_by_force(session: Session, tmp_path: Path):
    file = tmp_path / "one"
    file.write_text("precious")
    with pytest.raises(BackupRefused, match="--force"):
        backups.back_up(session, file)
    assert file.read_text() == "precious"
    backups.back_up(session, file, force=True)
    backups.restore(session, file, tmp_path / "kept", now=NOON)


def test_a_backup_that_fails_leaves_nothing_and_keeps_the_older_one(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "backups"
    folder.mkdir()
    backups.back_up(session, folder / "one")
    before = (folder / "one").read_bytes()
    session.execute(text("DROP TABLE alembic_version"))
    session.commit()
    with pytest.raises(BackupRefused, match="no backup of a quizapp database"):
        backups.back_up(session, folder / "one", force=True)
    assert [path.name for path in folder.iterdir()] == ["one"]
    assert (folder / "one").read_bytes() == before


def test_there_must_be_a_folder(session: Session, tmp_path: Path):
    with pytest.raises(BackupRefused, match="there is no folder"):
        backups.back_up(session, tmp_path / "nowhere" / "one")


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def spoil(file: Path) -> None:
    content = bytearray(file.read_bytes())
    at = len(content) // 2
    content[at : at + 20_000] = os.urandom(20_000)  # several pages, with their heads
    file.write_bytes(content)


def replace_by_words(file: Path) -> None:
    file.write_text("Dear diary, the database was fine today.")


def empty(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize("harm", [cut, spoil, replace_by_words, empty])
def test_what_is_no_whole_backup_is_refused_and_nothing_changes(
    session: Session, tmp_path: Path, harm: Callable[[Path], None]
):
    small_bank.publish(session, items=40)
    file = tmp_path / "one"
    backups.back_up(session, file)
    note(session, 1)
    harm(file)
    with pytest.raises(BackupRefused) as refused:
        backups.restore(session, file, tmp_path / "kept", now=NOON)
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "kept").exists()
    assert notes(session) == [1]


def test_a_database_of_something_else_is_refused(session: Session, tmp_path: Path, backend: str, request):
    file = tmp_path / "other"
    if backend == "sqlite":
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE recipe (name TEXT)")
    else:
        session.execute(text("DELETE FROM alembic_version"))
        session.commit()
        url = store.db.engine.url
        dump = databases.programs() / "pg_dump"  # type: ignore[operator]
        os.system(f"{dump} -Fc -U postgres -h {url.query['host']} -f {file} {url.database}")
    with pytest.raises(BackupRefused, match="no backup of a quizapp database"):
        backups.restore(session, file, tmp_path / "kept", now=NOON)


def test_a_backup_of_a_newer_version_is_refused(session: Session, tmp_path: Path):
    known = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    session.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    session.commit()
    backups.back_up(session, tmp_path / "one")
    session.execute(text("UPDATE alembic_version SET version_num = :known"), {"known": known})
    session.commit()
    with pytest.raises(BackupRefused, match="newer version"):
        backups.restore(session, tmp_path / "one", tmp_path / "kept", now=NOON)


def test_a_damaged_database_is_not_overwritten_without_being_asked(
    app: Flask, session: Session, tmp_path: Path, backend
):
    if backend != "sqlite":
        pytest.skip("a damaged cluster is for PostgreSQL's own tools")
    backups.back_up(session, tmp_path / "one")
    databases.close(app)
    file = Path(store.db.engine.url.database or "")
    replace_by_words(file)
    with pytest.raises(BackupRefused, match="move the database away"):
        backups.restore(transactions.session(), tmp_path / "one", tmp_path / "kept", now=NOON)
    databases.close(app)
    file.unlink()
    backups.restore(transactions.session(), tmp_path / "one", tmp_path / "kept", now=NOON)
    assert notes(transactions.session()) == []


# --- upgrades --------------------------------------------------------------------------------------------------------


def test_an_older_database_is_kept_before_its_upgrade_and_once_only(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert backups.before_upgrade(session, tmp_path / "kept", now=NOON) is None
    note(session, 1)
    old = revisions.every()[-1]
    later_revision.add(monkeypatch, tmp_path)
    assert backups.mismatch(session) is not None
    kept = backups.before_upgrade(session, tmp_path / "kept", now=NOON)
    assert kept is not None
    assert f"before-upgrade-from-{old}" in kept.name
    transactions.upgrade()
    assert backups.before_upgrade(session, tmp_path / "kept", now=NOON) is None
    assert backups.mismatch(session) is None
    assert list((tmp_path / "kept").iterdir()) == [kept]


def test_a_backup_of_an_older_version_is_brought_up_to_date(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    note(session, 1)
    backups.back_up(session, tmp_path / "one")
    later_revision.add(monkeypatch, tmp_path)
    transactions.upgrade()
    note(session, 2)
    backups.restore(session, tmp_path / "one", tmp_path / "kept", now=NOON)
    assert revisions.current(store.db.engine) == later_revision.REVISION
    assert "later" in {column["name"] for column in inspect(store.db.engine).get_columns("user")}
    assert notes(session) == [1]


def test_an_upgrade_can_be_taken_back_with_the_version_before(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """The newer version has made tables that the older one does not know: they go."""
    note(session, 1)
    directory = store.migrations.directory
    more = 'op.create_table("shelf", sa.Column("user_id", sa.BigInteger(), sa.ForeignKey("user.id")))'
    later_revision.add(monkeypatch, tmp_path, more)
    kept = backups.before_upgrade(session, tmp_path / "kept", now=NOON)
    assert kept is not None
    transactions.upgrade()
    monkeypatch.setattr(store.migrations, "directory", directory)
    with pytest.raises(BackupRefused, match="newer version"):
        backups.before_upgrade(session, tmp_path / "kept", now=NOON)
    backups.restore(session, kept, tmp_path / "kept", now=NOON)
    assert "shelf" not in inspect(store.db.engine).get_table_names()
    assert notes(session) == [1]


def test_the_last_ten_are_kept(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(backups, "KEPT", 2)
    backups.back_up(session, tmp_path / "one")
    kept = []
    for number in range(3):
        done = backups.restore(session, tmp_path / "one", tmp_path / "kept", now=NOON.replace(minute=number))
        kept.append(done.before)
    assert sorted((tmp_path / "kept").iterdir()) == kept[-2:]


# --- PostgreSQL's programs -------------------------------------------------------------------------------------------


@pytest.fixture
def only_on_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, backend: str) -> Path:
    """An empty folder in which alone programs are looked for."""
    if backend != "postgresql":
        pytest.skip("SQLite needs no programs")
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(postgresql_programs, "INSTALLED", folder)
    return folder


def test_missing_programs_are_named(session: Session, tmp_path: Path, only_on_path: Path):
    with pytest.raises(
        BackupRefused, match=r"^pg_dump is not installed; install PostgreSQL's client programs, version \d+$"
    ):
        backups.back_up(session, tmp_path / "one")


def test_programs_older_than_the_server_are_named(session: Session, tmp_path: Path, only_on_path: Path):
    old = only_on_path / "pg_dump"
    old.write_text(f"#!{shutil.which('sh', path='/bin:/usr/bin')}\necho 'pg_dump (PostgreSQL) 9.6.24'\n")
    old.chmod(0o755)
    with pytest.raises(BackupRefused, match=r"^pg_dump 9 is older than the server, \d+; install"):
        backups.back_up(session, tmp_path / "one")
