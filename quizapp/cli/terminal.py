"""What commands have in common: the settings, progress on a terminal, numbers with their nouns, JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

import click
from flask import current_app
from rich.console import Console
from rich.progress import track

T = TypeVar("T")
FOLDER = click.Path(file_okay=False, path_type=Path)


def setting(name: str) -> Any:
    """The value of a setting of the current app."""
    return getattr(current_app.config["SETTINGS"], name)


def follow(things: Iterable[T], what: str) -> Iterable[T]:
    """Passes on the things one by one, with a progress bar on stderr while that is a terminal."""
    console = Console(stderr=True)
    return track(things, what, console=console, transient=True, disable=not console.is_terminal)


def count(number: int, noun: str, plural: str | None = None) -> str:
    """«1 item», «2 items»."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def say_json(data: object) -> None:
    """Prints data as JSON."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2))
