"""`quizapp sources …`: the documents that answers rest on."""

from __future__ import annotations

import click


@click.group()
def sources() -> None:
    """The source documents: attach them, check the quotes taken from them."""
