"""Copying a PostgreSQL database with pg_dump, pg_restore and psql."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from sqlalchemy import Engine, inspect, text

INSTALLED = Path("/usr/lib/postgresql")  # where Debian keeps the versions apart
MAGIC = b"PGDMP"
REVISION = re.compile(r"^COPY \S*alembic_version \(version_num\) FROM stdin;\n(\w+)\n", re.MULTILINE)
LONGEST_WAIT = "30s"  # for those who use the tables meanwhile
OWN_FUNCTIONS = """
    SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
"""  # those of an extension stay with it


class CannotCopy(Exception):
    """The copy could not be made, read or put in place; the message says why, in one line."""


class PostgresqlDatabase:
    """PostgreSQL. A dump in custom format sees the database at one moment, and nobody waits for it."""

    ending = "dump"

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.address = engine.url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
        self.environ = {**os.environ, **({"PGPASSWORD": str(engine.url.password)} if engine.url.password else {})}

    def save(self, file: Path) -> None:
        """Dump the database, and read the dump once from end to end."""
        self._run("pg_dump", "--format=custom", *WITHOUT_OWNERS, f"--file={file}", f"--dbname={self.address}")
        self.revision_in(file)

    def revision_in(self, file: Path) -> str:
        """The revision, after all of the dump could be read."""
        with file.open("rb") as content:
            if content.read(len(MAGIC)) != MAGIC:
                raise CannotCopy(f"{file} is no backup of a PostgreSQL database")
        self._run("pg_restore", f"--file={os.devnull}", str(file), about=f"{file} is damaged")
        found = self._run("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file))
        revision = REVISION.search(found)
        if revision is None:
            raise CannotCopy(f"{file} is no backup of a quizapp database")
        return revision[1]

    def load(self, file: Path) -> None:
        """Remove every table and function and make those of the dump, as one transaction."""
        with tempfile.TemporaryDirectory() as folder:
            away, back = Path(folder) / "away.sql", Path(folder) / "back.sql"
            away.write_text(self._removal(), encoding="utf-8")
            self._run("pg_restore", *WITHOUT_OWNERS, f"--file={back}", str(file))
            one_transaction = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
            scripts = (f"--file={away}", f"--file={back}")
            self._run("psql", *one_transaction, f"--dbname={self.address}", *scripts, about="nothing was changed")

    def _removal(self) -> str:
        quote = self.engine.dialect.identifier_preparer.quote
        tables = [quote(table) for table in inspect(self.engine).get_table_names()]
        removal = f"DROP TABLE IF EXISTS {', '.join(tables)} CASCADE;\n" if tables else ""
        with self.engine.connect() as connection:
            functions = connection.scalars(text(OWN_FUNCTIONS)).all()
        removal += "".join(f"DROP FUNCTION IF EXISTS {function} CASCADE;\n" for function in functions)
        return f"SET lock_timeout = '{LONGEST_WAIT}';\nSET client_min_messages = warning;\n{removal}"

    def _run(self, program: str, *words: str, about: str = "") -> str:
        command = [self._find(program), *words]
        done = subprocess.run(command, env=self.environ, capture_output=True, text=True, check=False)  # noqa: S603 our own words
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.strip()] or [f"exit status {done.returncode}"]
            raise CannotCopy(f"{about}: {said[0].strip()}" if about else said[0].strip())
        return done.stdout

    def _find(self, program: str) -> str:
        """The program, of a version that is not older than the server."""
        with self.engine.connect() as connection:
            server = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10_000
        versions = {path: _version(path) for path in _installed(program)}
        for path, version in versions.items():
            if version >= server:
                return path
        if not versions:
            raise CannotCopy(f"{program} is not installed; install PostgreSQL's client programs, version {server}")
        newest = max(versions.values())
        raise CannotCopy(
            f"{program} {newest} is older than the server, {server}; install PostgreSQL's client programs, "
            f"version {server}"
        )


WITHOUT_OWNERS = ("--no-owner", "--no-privileges")


def _installed(program: str) -> list[str]:
    on_path = shutil.which(program)
    return [*([on_path] if on_path else []), *(str(path) for path in INSTALLED.glob(f"*/bin/{program}"))]


def _version(path: str) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 found by us
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0
