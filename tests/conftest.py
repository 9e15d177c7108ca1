"""The app on real databases, SQLite and PostgreSQL, and the documents where they are given."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy.orm import Session

from quizapp import create_app
from quizapp.config import ROOT, Settings
from quizapp.services import transactions
from quizapp.web.student import looks
from tests import databases
from tests.compiled_templates import CompiledTemplates
from tests.shared_app import SharedApp

settings.register_profile("quizapp", deadline=None)  # how fast it runs is not what the tests ask
settings.load_profile("quizapp")
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}  # each template is compiled once
looks.WAIT = 0  # what a page notes is there when it has been answered
os.environ["OPENPYXL_LXML"] = "False"  # lxml comes with a program for tests alone; the app has none

NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _push_request_context() -> None:
    """pytest-flask's fixture of this name keeps one app context open, so that ``flask.g`` leaks between requests."""


@pytest.fixture(scope="session")
def documents() -> Path:
    """The folder of the source documents; a test that asks for it is skipped where there is none."""
    folder = Path(os.environ.get("QUIZAPP_DOCUMENTS") or ROOT / "seeds" / "documents")
    if not any(folder.glob("*.txt")):
        reason = f"the documents are not in {folder.name} (set QUIZAPP_DOCUMENTS)"
        if os.environ.get("QUIZAPP_REQUIRE_DOCUMENTS") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[databases.Server]:
    """A throw-away PostgreSQL; a test that asks for it is skipped where none is installed."""
    if databases.programs() is None:
        reason = "PostgreSQL is not installed"
        if os.environ.get("QUIZAPP_REQUIRE_POSTGRESQL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    with databases.server() as running:
        yield running


def settings_for(instance: Path, url: str | None = None) -> Settings:
    """Settings of an installation of the test's own."""
    given = {"database_url": url} if url else {}
    return Settings(instance=instance, password_hashing="cheap", secret_key="for tests only", **given)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with every table, to copy."""
    folder = tmp_path_factory.mktemp("sqlite")
    app = create_app(settings_for(folder))
    with app.app_context():
        transactions.upgrade()
        databases.close(app)
    return folder / "quizapp.sqlite"


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: databases.Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database with every table, to use as a template."""
    name = postgresql_server.create()
    app = create_app(settings_for(tmp_path_factory.mktemp("postgresql"), postgresql_server.url(name)))
    with app.app_context():
        transactions.upgrade()
        databases.close(app)
    return name


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def backend(request: pytest.FixtureRequest) -> str:
    """Every test that touches a database runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where each test finds its SQLite file."""
    return f"sqlite:///{tmp_path_factory.mktemp('database') / 'quizapp.sqlite'}"


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: databases.Server) -> str:
    """Where each test finds its PostgreSQL database."""
    return postgresql_server.url("of_the_test")


@pytest.fixture
def database_url(backend: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated, empty database of the test's own; always at the same address, so that an app can be shared."""
    url: str = request.getfixturevalue(f"{backend}_url")
    if backend == "sqlite":
        file = Path(url.removeprefix("sqlite:///"))
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        yield url
        shutil.rmtree(file.parent)
        file.parent.mkdir()
        return
    server: databases.Server = request.getfixturevalue("postgresql_server")
    name = server.create(template=request.getfixturevalue("migrated_postgresql"), name="of_the_test")
    yield url
    server.drop(name)


@pytest.fixture(scope="session")
def sqlite_app(sqlite_url: str, tmp_path_factory: pytest.TempPathFactory) -> SharedApp:
    """The app of all tests on SQLite."""
    return SharedApp(settings_for(tmp_path_factory.mktemp("instance"), sqlite_url))


@pytest.fixture(scope="session")
def postgresql_app(postgresql_url: str, tmp_path_factory: pytest.TempPathFactory) -> SharedApp:
    """The app of all tests on PostgreSQL."""
    return SharedApp(settings_for(tmp_path_factory.mktemp("instance"), postgresql_url))


@pytest.fixture
def app(backend: str, database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app, as it was made, on a migrated, empty database; a test that adds pages to it asks for ``own_app``."""
    shared: SharedApp = request.getfixturevalue(f"{backend}_app")
    yield shared.as_made(tmp_path)
    shared.let_go()


@pytest.fixture
def own_app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    """An app of the test's own, to which it may add pages; ``app`` is shared."""
    app = create_app(settings_for(tmp_path, database_url))
    app.testing = True
    yield app
    with app.app_context():
        databases.close(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript or cookies yet."""
    return app.test_client()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The database session of an app context that lasts as long as the test."""
    with app.app_context():
        yield transactions.session()
