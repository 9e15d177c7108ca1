"""The dry run: each question of a file as a student would see it, and what importing it would do."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.domain.exchange import Arrival, Arrivals, Defaults, Remark, with_ids_of
from quizapp.domain.item import Item, Question, Review
from quizapp.domain.items import build, entry, item_digest
from quizapp.domain.quiz_outline import QuizOutline
from quizapp.domain.verification import Library, verify
from quizapp.formats import csv_table
from quizapp.services import documents, dumping
from quizapp.services.importing import receiving
from quizapp.services.reading import ShownPassage, passage_names, shown_passages
from quizapp.store import bank, imports, versions
from quizapp.store.imports import ImportBatch, Standing

STATES = {"new": "New", "changed": "Changed", "equal": "The same", "faulty": "Cannot come in"}
EVIDENCE = {
    "verified": "evidence found in its documents",
    "unattached": "evidence names passages whose documents are not attached",
    "broken": "evidence does not hold",
    "none": "no evidence for the key",
}


@dataclass(frozen=True)
class Line:
    """One question of the file: ``number`` counts from 1; ``item`` is None where it cannot come in.

    ``may_be_ready`` says whether its evidence lets students see it at once; ``fields`` are those that change.
    """

    number: int
    place: str
    title: str
    state: str
    item: Item | None = None
    question: Question | None = None
    review: Review | None = None
    evidence: str = ""
    problems: tuple[Remark, ...] = ()
    remarks: tuple[Remark, ...] = ()
    fields: tuple[str, ...] = ()
    is_draft: bool = False

    @property
    def may_be_ready(self) -> bool:
        """Whether students may be asked it as it is."""
        return self.evidence in ("verified", "unattached") or bool(self.item and self.item.unsourced)

    @property
    def can_come_in(self) -> bool:
        """Whether importing it would change anything."""
        return self.state in ("new", "changed")


@dataclass(frozen=True)
class DryRun:
    """A file with all its questions, and what its pages need to show them."""

    batch: ImportBatch
    format: str
    lines: tuple[Line, ...]
    remarks: tuple[Remark, ...]
    passages: Mapping[str, str]
    shown: Mapping[str, ShownPassage]
    outline: QuizOutline | None = None  # the quiz that the file holds beside its questions

    def count(self, state: str) -> int:
        """How many questions are of a state."""
        return sum(line.state == state for line in self.lines)


def dry_run(session: Session, user_id: int, batch_id: uuid.UUID) -> DryRun:
    """What importing the file would do; nothing is stored."""
    batch = receiving.batch(session, user_id, batch_id)
    found = _arrivals(session, batch)
    lines = _lines(session, found)
    refs = {ref for line in lines if line.item for ref in line.item.passages()}
    names = {ref: str(name) for ref, name in passage_names(session, refs).items()}
    shown = {one.ref: one for one in shown_passages(session, bank.current_digests(session, "passage", refs))}
    return DryRun(
        batch=batch,
        format=receiving.READABLE[batch.format],
        lines=lines,
        remarks=found.remarks,
        passages={ref: names.get(ref, ref) for ref in refs},
        shown=shown,
        outline=_known_alone(found.outline, lines),
    )


def _known_alone(outline: QuizOutline | None, lines: tuple[Line, ...]) -> QuizOutline | None:
    """The quiz with those of its questions that come in, or are here already."""
    left = outline.only({line.item.id for line in lines if line.item}) if outline else None
    return left if left is not None and left.sections else None


def as_csv(run: DryRun) -> str:
    """The dry run as a table for a spreadsheet."""
    heads = ("number", "place", "question", "type", "what happens", "evidence", "what changes", "problems", "remarks")
    return csv_table.dump(heads, [_row(line) for line in run.lines])


def _row(line: Line) -> tuple[object, ...]:
    said = ["; ".join(map(str, remarks)) for remarks in (line.problems, line.remarks)]
    item_type = line.item.label if line.item else ""
    evidence = EVIDENCE.get(line.evidence, "")
    return (line.number, line.place, line.title, item_type, STATES[line.state], evidence, ", ".join(line.fields), *said)


def _arrivals(session: Session, batch: ImportBatch) -> Arrivals:
    """What the file holds; once it is imported the file is gone, and there is nothing."""
    data = imports.data(session, batch.id)
    return receiving.read(batch.format, data, Defaults(**batch.defaults)) if data else Arrivals(())


def _lines(session: Session, found: Arrivals) -> tuple[Line, ...]:
    standing = imports.standing(session, {item.id for item in found.items})
    known = versions.entries(session, (one.digest for one in standing.values()))
    library = _library(session)
    twice = {name for name, times in Counter(item.id for item in found.items).items() if times > 1}
    return tuple(
        _line(number, one, standing.get(one.item.id) if one.item else None, known, library, twice)
        for number, one in enumerate(found.questions, 1)
    )


def _library(session: Session) -> Library:
    sources = dumping.published_sources(session)
    return Library(sources, documents.attached_texts(session, sources))


def _line(
    number: int,
    arrival: Arrival,
    standing: Standing | None,
    known: Mapping[str, Mapping[str, object]],
    library: Library,
    twice: set[str],
) -> Line:
    item = arrival.item
    if item is not None and item.id in twice:
        problem = Remark(arrival.place, f"the id «{item.id}» stands twice in the file; give each question its own")
        item, arrival = None, Arrival(arrival.place, arrival.title, None, (problem,), arrival.remarks)
    if item is None:
        problems = arrival.problems or (Remark(arrival.place, "cannot be read"),)
        return Line(number, arrival.place, arrival.title, "faulty", problems=problems, remarks=arrival.remarks)
    before = known.get(standing.digest) if standing else None
    if before is not None:
        item = build(with_ids_of(entry(item), before))
    evidence, said = _evidence(item, library, arrival.place)
    order = item.default_order()
    now = entry(item)
    fields = tuple(one for one in dict.fromkeys((*before, *now)) if before.get(one) != now.get(one)) if before else ()
    return Line(
        number=number,
        place=arrival.place,
        title=arrival.title,
        state=_state(item, standing),
        item=item,
        question=item.ask(order),
        review=item.review(item.correct_response(), order),
        evidence=evidence,
        remarks=(*arrival.remarks, *said),
        fields=fields,
        is_draft=standing is not None and standing.kind == imports.DRAFT,
    )


def _state(item: Item, standing: Standing | None) -> str:
    if standing is None or standing.is_retired:
        return "new"
    return "equal" if standing.digest == item_digest(item) else "changed"


def _evidence(item: Item, library: Library, place: str) -> tuple[str, tuple[Remark, ...]]:
    """How the item's evidence stands, and what of it does not hold."""
    if not item.key_evidence():
        return "none", ()
    found = verify(item.all_evidence(), library)
    return found.outcome, tuple(Remark(place, one.message) for one in found.reasons)
