"""The documentation keeps up with the app: its settings, commands and links are those that exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from quizapp.cli import main
from quizapp.config import ROOT, Settings, describe

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]


def links(page: Path) -> list[str]:
    found = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    return [link for link in found if not link.startswith(("http://", "https://", "#"))]


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)
def test_links_and_pictures_lead_somewhere(document: Path) -> None:
    assert [link for link in links(document) if not (document.parent / link).exists()] == []


def test_the_operators_page_lists_every_setting() -> None:
    page = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
    rows = [f"| `{row.name}` | {row.default or '—'} | {row.meaning} |" for row in describe(Settings())]
    assert [row for row in rows if row not in page] == []
    assert page.count("\n| `") == len(rows)


def commands_named(page: Path) -> Iterator[list[str]]:
    """What follows `quizapp` in code, up to an argument in capitals or an option."""
    for found in re.findall(r"(?:`|bin/)quizapp ([a-z -]+)", page.read_text(encoding="utf-8")):
        yield [word for word in found.split() if not word.startswith("-")]


def is_a_command(words: list[str]) -> bool:
    command: click.Command = main
    for word in words:
        if not isinstance(command, click.Group):
            return False
        found = command.get_command(click.Context(command), word)
        if found is None:
            return False
        command = found
    return not isinstance(command, click.Group)


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.name)
def test_commands_in_the_documentation_exist(document: Path) -> None:
    assert [words for words in commands_named(document) if not is_a_command(words)] == []
