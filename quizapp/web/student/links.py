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

TEMPLATE = "macros/review.html"
SOMEBODYS = uuid.uuid4()  # stands for the attempt in what is drawn for all; nobody can write it
GAP = f"{SOMEBODYS}.1"


def links(passages: Iterable[str], disputes: Iterable[str]) -> dict[str, Any]:
    """What a template that reviews questions needs: ``reviewed(line)``, ``source(ref)``, and ``disputes`` by name.

    No query where nothing is named.
    """
    names, about = _names(passages), _disputes(disputes)
    return {"reviewed": partial(_reviewed, names, about), "source": _source(names), "disputes": about}


def _names(passages: Iterable[str]) -> dict[str, str]:
    named = set(passages)
    found = reading.passage_names(transactions.session_at_need(), named, looking_back=True) if named else {}
    return {ref: str(name) for ref, name in found.items()}


def _disputes(names: Iterable[str]) -> dict[str, str]:
    return reading.dispute_questions(transactions.session_at_need(), names)


def _source(names: Mapping[str, str]) -> Callable[[str], str]:
    return lambda ref: names.get(ref, ref)


def _reviewed(names: Mapping[str, str], disputes: Mapping[str, str], line: taking.Line) -> Markup:
    """The reviewed question: a class is asked the same and answers alike, so most have been drawn before."""
    drawn = fragments().remembered_as(
        _alike(names, disputes, line),
        TEMPLATE,
        "review",
        line,
        _link(line, SOMEBODYS, 1),
        _source(names),
        disputes,
        False,
    )
    return Markup(str.replace(drawn, GAP, f"{line.attempt}.{line.number}"))  # noqa: S704 markup as it was


def _alike(names: Mapping[str, str], disputes: Mapping[str, str], line: taking.Line) -> Hashable:
    """All that is drawn of the line; None where that is its student's own, or a teacher's word to them."""
    if line.alike is None or line.because or line.comment or line.corrections or line.may_self_check:
        return None
    verdict = (line.fraction, line.mark, line.available, line.waiting, line.reason, line.answered, line.certainty)
    named = tuple([names.get(ref) for ref in line.named])
    return (line.alike, verdict, tuple(line.parts.items()), named, tuple([disputes.get(one) for one in line.disputes]))


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
    return fragments().remembered_as(None, TEMPLATE, "review", line, link, notes.name, disputes, True)


def _full(ref: str) -> str:
    source, _, passage = ref.partition("/")
    return url_for("reader.passage", source_id=source, passage_id=passage, _external=True)


def _link(line: taking.Line, attempt: uuid.UUID, number: int) -> Callable[[str], str]:
    """From a passage to its address, with the question in it where the key may be seen, and whence one comes."""
    return partial(passage_address, item=line.item, version=line.version, attempt=attempt, slot=number)
