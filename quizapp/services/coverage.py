"""What of the sources the bank covers, from its files or as published: one measure for the command and the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from quizapp.domain.coverage import NO_ANSWERS, Answers, Coverage, ListedPassage, ListedSource, measure
from quizapp.domain.item import Item
from quizapp.domain.quotation import quoted_words
from quizapp.domain.source import Dispute, EditionRecord, Passage, PassageRecord, Source
from quizapp.domain.verification import Library, verify
from quizapp.services import documents
from quizapp.services.checking import Report, dispute_evidence, source_evidence
from quizapp.services.people import Person
from quizapp.services.reading.names import voice
from quizapp.store import analysis, bank, catalogue
from quizapp.store.analysis import Whose

Ranges = Mapping[str, Sequence[range]]  # passage → the words of it that are quoted


def of_report(report: Report) -> Coverage:
    """What the checked files cover; what is not at hand is taken from the edition record among them."""
    files = report.files
    sources = [placed.thing for placed in files.sources]
    found: defaultdict[str, list[range]] = defaultdict(list)
    for one in report.quoted:
        found[one.span.passage].append(one.span.words)
    return measure(
        [placed.thing for placed in files.items],
        [_named(placed.thing) for placed in files.disputes],
        [_listed(source, found, report.library, files.record) for source in sources],
        {topic.thing.id: topic.thing.title for topic in files.topics},
    )


def answers(session: Session, who: Person) -> Answers:
    """How often each item was answered, and missed, by those whose answers this teacher may see; one query."""
    return analysis.missed(session, Whose(None if who.role == "admin" else who.id))


def published(session: Session, answered: Answers = NO_ANSWERS) -> Coverage:
    """What the published bank covers, measured in the attached documents, else told by the edition record."""
    found = catalogue.everything(session)
    sources = _sources(found)
    disputes = [Dispute.model_validate(one.entry) for one in found if one.kind == "dispute"]
    records = [EditionRecord.model_validate(one.entry) for one in found if one.kind == "edition"]
    items = list(bank.current_items(session).values())
    library = Library(sources, documents.attached_texts(session, sources))
    quoted = _quoted(items, disputes, sources, library)
    record = records[0] if records else None
    return measure(
        items,
        [_named(dispute) for dispute in disputes],
        [_listed(source, quoted, library, record) for source in sources],
        {one.name: one.entry["title"] for one in found if one.kind == "topic"},
        answered,
    )


def _named(dispute: Dispute) -> list[str]:
    return [evidence.passage for position in dispute.positions for evidence in position.evidence]


def _sources(found: Iterable[catalogue.Published]) -> list[Source]:
    passages: defaultdict[str, list[Passage]] = defaultdict(list)
    for one in found:
        if one.kind == "passage":
            passages[one.name.partition("/")[0]].append(Passage.model_validate(one.entry))
    sources = (Source.model_validate(one.entry) for one in found if one.kind == "source")
    return [source.model_copy(update={"passages": tuple(passages[source.id])}) for source in sources]


def _quoted(items: Iterable[Item], disputes: Iterable[Dispute], sources: Iterable[Source], library: Library) -> Ranges:
    """Where the quotes of all evidence stand, as far as documents are attached."""
    evidence = [one for item in items for one in item.all_evidence()]
    evidence += [one for dispute in disputes for one in dispute_evidence(dispute)]
    evidence += [one for source in sources for one in source_evidence(source)]
    found: defaultdict[str, list[range]] = defaultdict(list)
    for span in verify(evidence, library).spans:
        found[span.passage].append(span.words)
    return found


def _listed(source: Source, quoted: Ranges, library: Library, record: EditionRecord | None) -> ListedSource:
    """A source with what is known of its quotes: measured, or recorded of these very bytes."""
    text = library.text(source.id)
    documents_on_record = record.documents if record and text is None else ()
    of_record = next((one for one in documents_on_record if one.sha256 == source.sha256), None)
    known = {one.passage: one for one in record.passages} if record and of_record else {}
    passages = tuple(_passage(source.id, one, quoted, library, known) for one in source.passages)
    words = text.number_of_words if text else of_record.words if of_record else None
    return ListedSource(
        id=source.id,
        name=voice(source),
        passages=passages,
        words=words,
        quoted=None if words is None else sum(one.quoted or 0 for one in passages),
        known_from="document" if text else "record" if of_record else None,
    )


def _passage(
    source: str, passage: Passage, quoted: Ranges, library: Library, known: Mapping[str, PassageRecord]
) -> ListedPassage:
    ref = f"{source}/{passage.id}"
    if text := library.passage_text(ref):
        words, number = text.number_of_words, quoted_words(quoted.get(ref, ()))
        return ListedPassage(ref, passage.heading, passage.kind, words, number)
    record = known.get(ref)
    if record is None or record.sha256 != passage.sha256:
        return ListedPassage(ref, passage.heading, passage.kind)
    number = quoted_words(range(one.start, one.end) for one in record.quotes)
    return ListedPassage(ref, passage.heading, passage.kind, record.words, number)
