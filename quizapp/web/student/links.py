"""From a reviewed question to its evidence: the addresses and names that the review's templates ask for."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from flask import url_for
from markupsafe import Markup

from quizapp.services import reading, taking, transactions
from quizapp.web.fragments import fragments
from quizapp.web.reader.addresses import passage_address
from quizapp.web.requests import address

TEMPLATE = "macros/review.html"
SOMEBODYS = uuid.uuid4()  # stands for the attempt in what is drawn for all; nobody can write it


def links(
    passages: Iterable[str],
    disputes: Iterable[str],
    *,
    may_report: bool = True,
    known: Mapping[str, str | None] | None = None,
) -> dict[str, Any]:
    """What a template that reviews questions needs: ``reviewed(line)``, ``source(ref)``, and ``disputes`` by name.

    ``may_report``: whether its student may report or challenge it from here. No query where nothing is named, or all is
    ``known`` (see ``reading.passage_names``).
    """
    names, about = _names(passages, known), _disputes(disputes)
    return {"reviewed": partial(_reviewed, names, about, may_report), "source": _source(names), "disputes": about}


def _names(passages: Iterable[str], known: Mapping[str, str | None] | None = None) -> dict[str, str]:
    found = reading.passage_names(transactions.session_at_need(), passages, looking_back=True, known=known)
    return {ref: str(name) for ref, name in found.items()}


def _disputes(names: Iterable[str]) -> dict[str, str]:
    return reading.dispute_questions(transactions.session_at_need(), names)


def _source(names: Mapping[str, str]) -> Callable[[str], str]:
    return lambda ref: names.get(ref, ref)


def _reviewed(names: Mapping[str, str], disputes: Mapping[str, str], may_report: bool, line: taking.Line) -> Markup:
    """The reviewed question: a class is asked the same and answers alike, so most have been drawn before."""
    whole = address(f"/attempts/{SOMEBODYS}/1") if may_report else None
    given = (line, _link(line, SOMEBODYS, 1), _source(names), disputes, False, whole)
    drawn: str = fragments().remembered_as(_alike(names, disputes, may_report, line), TEMPLATE, "review", *given)
    for sign in "./":  # as passages are told whence one comes, and in addresses
        drawn = drawn.replace(f"{SOMEBODYS}{sign}1", f"{line.attempt}{sign}{line.number}")
    return Markup(drawn)  # noqa: S704 markup as it was


def _alike(names: Mapping[str, str], disputes: Mapping[str, str], may_report: bool, line: taking.Line) -> Hashable:
    """All that is drawn of the line but its place; None where there is something of its student's own to draw."""
    written = (line.because, line.may_self_check, line.comment, line.corrections, line.late, line.not_chosen)
    if line.alike is None or line.asked_in or line.spared or any(written):
        return None
    verdict = (line.fraction, line.mark, line.available, line.waiting, line.reason, line.answered, line.certainty)
    named = tuple([names.get(ref) for ref in line.named])
    about = tuple([disputes.get(one) for one in line.disputes])
    return (line.alike, verdict, tuple(line.parts.items()), named, about, line.changed, may_report)


@dataclass
class Notes:
    """Passages numbered as a page on paper first names them, for a list at its end."""

    names: Mapping[str, str]
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
    about = _disputes(disputes)
    notes = Notes(_names(passages))
    reviewed = partial(_on_paper, notes, about)
    return {"reviewed": reviewed, "source": notes.name, "disputes": about, "notes": notes}


def _on_paper(notes: Notes, disputes: Mapping[str, str], line: taking.Line) -> Markup:
    link = _link(line, line.attempt, line.number)
    return fragments().remembered_as(None, TEMPLATE, "review", line, link, notes.name, disputes, True, None)


def _full(ref: str) -> str:
    source, _, passage = ref.partition("/")
    return url_for("reader.passage", source_id=source, passage_id=passage, _external=True)


def _link(line: taking.Line, attempt: uuid.UUID, number: int) -> Callable[[str], str]:
    """From a passage to its address, with the question in it where the key may be seen, and whence one comes."""
    return partial(passage_address, item=line.item, version=line.version, attempt=attempt, slot=number)
