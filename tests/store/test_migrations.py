"""Migrations: every released revision, filled, comes to the newest without losing a row; two at once don't collide."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    Uuid,
    create_engine,
    func,
    insert,
    select,
)
from sqlalchemy.exc import SQLAlchemyError

from quizapp import create_app, store
from quizapp.config import ROOT
from quizapp.services import transactions
from quizapp.store import revisions
from quizapp.store.tables import Base
from tests import databases, later_revision
from tests.conftest import settings_for

ROWS = 3
NOON = datetime(2027, 3, 12, 12, tzinfo=UTC)


@pytest.fixture
def empty_url(backend: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without tables."""
    if backend == "sqlite":
        yield f"sqlite:///{tmp_path / 'quizapp.sqlite'}"
        return
    server: databases.Server = request.getfixturevalue("postgresql_server")
    name = server.create()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def app(empty_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The app on a database without tables, in its context."""
    app = create_app(settings_for(tmp_path, empty_url))
    with app.app_context():
        yield app
        databases.close(app)


def released() -> list[str]:
    """Every revision that there is, so that a new one is tested from the day it is made."""
    return revisions.every()


# --- a filled database of any revision -------------------------------------------------------------------------------


def fill(engine: Engine) -> None:
    """Put rows into every table that the database has, whatever its revision, parents first."""
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if table.name != "alembic_version":
                for number in range(ROWS):
                    connection.execute(insert(table).values(row_of(table, number)))


def row_of(table: Table, number: int) -> dict[str, Any]:
    """The row of this number. A column that refers to another table has the value which that one's row of it has."""
    columns = [column for column in table.columns if not is_own_reference(column)]
    return {column.name: value(origin(column), number) for column in columns}


def is_own_reference(column: Column[Any]) -> bool:
    return any(key.column.table is column.table for key in column.foreign_keys)


def origin(column: Column[Any]) -> Column[Any]:
    """Where the column's values come from in the end."""
    keys = [key for key in column.foreign_keys if key.column.table is not column.table]
    return origin(keys[0].column) if keys else column


def value(column: Column[Any], number: int) -> Any:
    kind, name = column.type, f"{column.table.name}.{column.name}"
    made = uuid.uuid5(uuid.NAMESPACE_OID, f"{name}/{number}")
    plain = {Uuid: made, JSON: {"number": number}, LargeBinary: b"bytes", Boolean: bool(number % 2), DateTime: NOON}
    for one, said in plain.items():
        if isinstance(kind, one):
            return said
    if isinstance(kind, (Integer, Numeric)):
        return number + 1
    assert isinstance(kind, String), f"say what to put into {name}, a {kind!r}"
    length = kind.length or 64
    return made.hex if length == 32 else f"{column.name}-{number}"[:length]


def counted(engine: Engine) -> dict[str, int]:
    """How many rows each table holds."""
    metadata = MetaData()
    metadata.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
            if table.name != "alembic_version"
        }


Place = tuple[str, str]  # a table and a column of it


def kept(engine: Engine, columns: Collection[Place] = ()) -> dict[Place, list[Any]]:
    """What each column of each table holds, or these columns alone, row by row."""
    metadata = MetaData()
    metadata.reflect(engine)
    found: dict[Place, list[Any]] = {}
    with engine.connect() as connection:
        for table in metadata.sorted_tables:
            if table.name != "alembic_version":
                rows = connection.execute(select(table).order_by(*table.primary_key)).all()
                for column in table.columns:
                    found[table.name, column.name] = [row._mapping[column] for row in rows]
    return {place: values for place, values in found.items() if not columns or place in columns}


@pytest.mark.parametrize("revision", released())
def test_a_filled_database_comes_to_the_newest_revision_with_every_row(app: Flask, revision: str):
    """Every value of every column that there was, in its own row; no revision has yet had a reason to change one."""
    flask_migrate.upgrade(revision=revision)
    fill(store.db.engine)
    before = kept(store.db.engine)
    assert {len(values) for values in before.values()} == {ROWS}
    transactions.upgrade()
    assert kept(store.db.engine, before) == before
    assert differences() == []


def test_numbers_of_reports_are_never_given_twice(app: Flask):
    """The audit trail names them for ever, and one migration copies their table."""
    flask_migrate.upgrade(revision="0015")
    fill(store.db.engine)
    with store.db.engine.begin() as connection:
        for table, column in (("report_answer", "report_id"), ("reporter", "report_id"), ("problem_report", "id")):
            connection.exec_driver_sql(f"DELETE FROM {table} WHERE {column} = {ROWS}")
        if connection.dialect.name == "postgresql":  # the rows came with numbers of their own
            connection.exec_driver_sql(f"ALTER SEQUENCE problem_report_id_seq RESTART WITH {ROWS + 1}")
    transactions.upgrade()
    metadata = MetaData()
    metadata.reflect(store.db.engine, only=["problem_report"])
    table = metadata.tables["problem_report"]
    with store.db.engine.begin() as connection:
        given = {**row_of(table, ROWS - 1), "likeness": "another", "state": "withdrawn"}
        del given["id"]
        made = connection.execute(insert(table).values(given).returning(table.c.id)).scalar_one()
    assert made == ROWS + 1


def test_copying_a_table_keeps_the_rows_that_refer_to_it(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    transactions.upgrade()
    fill(store.db.engine)
    before = kept(store.db.engine)
    later_revision.add(monkeypatch, tmp_path)
    transactions.upgrade()
    assert kept(store.db.engine, before) == before
    with store.db.engine.connect() as connection:
        metadata = MetaData()
        metadata.reflect(connection, only=["user", "attempt"])
        assert set(connection.scalars(select(metadata.tables["user"].c.later))) == {7}


def test_a_migration_that_loses_what_others_refer_to_is_undone(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    transactions.upgrade()
    fill(store.db.engine)
    before, revision = counted(store.db.engine), revisions.current(store.db.engine)
    later_revision.add(monkeypatch, tmp_path, 'op.execute("DELETE FROM attempt")')
    with pytest.raises((SystemExit, SQLAlchemyError)):
        transactions.upgrade()
    assert counted(store.db.engine) == before
    assert revisions.current(store.db.engine) == revision


# --- the tables as the code has them ---------------------------------------------------------------------------------


def differences() -> list[Any]:
    """Where the tables of the database differ from those of the code."""
    with store.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Base.metadata)


def test_the_migrations_make_the_tables_of_the_code(app: Flask):
    transactions.upgrade()
    assert differences() == []


def test_a_table_that_no_migration_makes_would_be_noticed(app: Flask):
    transactions.upgrade()
    with store.db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE passage_opening ADD COLUMN surplus INTEGER")
        connection.exec_driver_sql("DROP TABLE response")
    assert {one[0] for one in differences()} >= {"remove_column", "add_table"}


def test_foreign_keys_are_watched_again_after_a_migration(app: Flask, empty_url: str):
    transactions.upgrade()
    with pytest.raises(SQLAlchemyError), store.db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO passage_opening (user_id, passage, opened_at) VALUES (99, 'a/b', '2027-03-12 12:00:00+00:00')"
        )


# --- several processes at once ---------------------------------------------------------------------------------------

PROGRAM = """
import sys
from pathlib import Path
from quizapp import create_app
from quizapp.config import Settings
from quizapp.services import transactions
app = create_app(Settings(instance=Path(sys.argv[1]), database_url=sys.argv[2], secret_key="x"))
print("ready", flush=True)
sys.stdin.readline()
with app.app_context():
    transactions.upgrade()
"""


def test_several_processes_may_migrate_at_once(empty_url: str, tmp_path: Path):
    words = [sys.executable, "-c", PROGRAM, str(tmp_path), empty_url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    started = [subprocess.Popen(words, cwd=ROOT, **pipes) for _ in range(2)]
    for one in started:
        assert one.stdout.readline() == "ready\n"
    for one in started:
        one.stdin.write("\n")
        one.stdin.flush()
    said = [one.communicate(timeout=60)[1] for one in started]
    assert [one.returncode for one in started] == [0, 0], said
    engine = create_engine(empty_url)
    assert set(counted(engine)) == set(Base.metadata.tables)
    engine.dispose()
