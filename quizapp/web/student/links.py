"""From a reviewed question to its evidence: the addresses and names that the review's templates ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import url_for

from quizapp.services import reading, taking, transactions
from quizapp.web.reader.addresses import passage_address


def links(passages: Iterable[str], disputes: Iterable[str]) -> dict[str, Any]:
    """What a template that reviews questions needs: ``links(line)`` gives ``link(ref)``; ``source(ref)``; ``disputes``.

    No query where nothing is named.
    """
    session = transactions.session_at_need()
    named = set(passages)
    names = reading.passage_names(session, named, looking_back=True) if named else {}
    return {
        "links": _links_of,
        "source": lambda ref: str(names[ref]) if ref in names else ref,
        "disputes": reading.dispute_questions(session, disputes),
    }


@dataclass
class Notes:
    """Passages numbered as a page on paper first names them, for a list at its end."""

    names: dict[str, str]
    numbers: dict[str, int] = field(default_factory=dict)

    def name(self, ref: str) -> str:
        """The passage's name with the number of its note."""
        number = self.numbers.setdefault(ref, len(self.numbers) + 1)
        return f"{self.names.get(ref, ref)} [{number}]"

    def cited(self) -> list[tuple[int, str, str]]:
        """Number, citation and full address of each passage named so far."""
        known = reading.citations(transactions.session(), self.numbers) if self.numbers else {}
        return [(number, known.get(ref, f"{ref}, since withdrawn"), _full(ref)) for ref, number in self.numbers.items()]


def links_on_paper(passages: Iterable[str], disputes: Iterable[str]) -> dict[str, Any]:
    """What ``links`` gives, with numbered names and ``notes`` that cite the passages in full."""
    given = links(passages, disputes)
    notes = Notes({ref: given["source"](ref) for ref in passages})
    return {**given, "source": notes.name, "notes": notes}


def _full(ref: str) -> str:
    source, _, passage = ref.partition("/")
    return url_for("reader.passage", source_id=source, passage_id=passage, _external=True)


def _links_of(line: taking.Line) -> Callable[[str], str]:
    """From a passage to its address, with the question in it where the key may be seen, and whence one comes."""
    return partial(passage_address, item=line.item, version=line.version, attempt=line.attempt, slot=line.number)
