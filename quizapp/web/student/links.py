"""From a reviewed question to its evidence: the addresses and names that the review's templates ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from quizapp.services import reading, taking, transactions
from quizapp.web.reader.addresses import passage_address


def links(passages: Iterable[str], disputes: Iterable[str]) -> dict[str, Any]:
    """What a template that reviews questions needs: ``links(line)`` gives ``link(ref)``; ``source(ref)``; ``disputes``.

    No query where nothing is named.
    """
    session = transactions.session()
    named = set(passages)
    names = reading.passage_names(session, named) if named else {}
    return {
        "links": _links_of,
        "source": lambda ref: str(names[ref]) if ref in names else ref,
        "disputes": reading.dispute_questions(session, disputes),
    }


def _links_of(line: taking.Line) -> Callable[[str], str]:
    """From a passage to its address, with the question in it where the key may be seen, and whence one comes."""
    return partial(passage_address, item=line.item, version=line.version, attempt=line.attempt, slot=line.number)
