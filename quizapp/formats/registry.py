"""The exchange formats: one table, and what holds for all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from types import ModuleType

from quizapp.domain.exchange import Arrivals, Defaults, Departure, Remark, UnreadableFile, losses
from quizapp.domain.item import Item
from quizapp.domain.quiz_outline import QuizOutline
from quizapp.formats import aiken, csv_questions, gift, moodle_xml, qti, xlsx_questions, yaml_questions
from quizapp.formats.common_from_item import MAKERS, common, elsewhere
from quizapp.formats.common_question import CommonQuestion
from quizapp.formats.common_to_item import arrivals
from quizapp.formats.evidence_lines import Links

Dump = Callable[[Sequence[Item], Links], bytes]
Load = Callable[[bytes, Defaults], Arrivals]
DumpQuiz = Callable[[Sequence[Item], Links, QuizOutline], bytes]
Refusal = Callable[[Item, Links], str | None]


@dataclass(frozen=True)
class Format:
    """An exchange format: its name and that of its files, and how it is read and written, where it is.

    ``is_ours`` says that nobody else reads it, so that nothing is to be said of other systems.
    """

    label: str
    suffix: str
    media_type: str
    load: Load
    dump: Dump | None = None
    refusal: Refusal | None = None
    is_ours: bool = False
    dump_quiz: DumpQuiz | None = None  # with the quiz that sets the questions


CommonDump = Callable[[Iterable[CommonQuestion]], bytes]
QtiDump = Callable[..., bytes]


def _common_format(
    label: str, suffix: str, media_type: str, module: ModuleType, written: CommonDump | None = None
) -> Format:
    write_common = written or module.dump

    def load(data: bytes, defaults: Defaults) -> Arrivals:
        questions, remarks = module.load(data)
        return arrivals(questions, defaults, remarks)

    def dump(items: Sequence[Item], links: Links) -> bytes:
        made: bytes = write_common([common(item, links) for item in items])
        return made

    def refusal(item: Item, links: Links) -> str | None:
        reason: str | None = _untold(item, links) or module.refusal(common(item, links))
        return reason

    return Format(label, suffix, media_type, load, dump, refusal)


QTI_PACKAGE = "application/zip"


def _qti(label: str, suffix: str, dump: QtiDump) -> Format:
    """A version of QTI: its packages may hold a quiz beside the questions."""
    made = _common_format(label, suffix, QTI_PACKAGE, qti, dump)

    def load(data: bytes, defaults: Defaults) -> Arrivals:
        questions, remarks, outline = qti.read(data)
        found = arrivals(questions, defaults, remarks)
        names = {str(i): one.item.id for i, one in enumerate(found.questions) if one.item is not None}
        return replace(found, outline=outline.renamed(names) if outline else None)

    def dump_quiz(items: Sequence[Item], links: Links, outline: QuizOutline) -> bytes:
        return dump([common(item, links) for item in items], outline)

    return replace(made, load=load, dump_quiz=dump_quiz)


def _untold(item: Item, _links: Links) -> str | None:
    """Why no format but YAML can say the item; None for the types that have a maker of their own."""
    return None if item.type in MAKERS else f"questions of the type «{item.label}» travel as YAML alone"


XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS: dict[str, Format] = {
    "yaml": Format("YAML", "yaml", "application/yaml", yaml_questions.load, yaml_questions.dump, is_ours=True),
    "csv": Format("CSV", "csv", "text/csv", csv_questions.load, csv_questions.dump, _untold, is_ours=True),
    "xlsx": Format("Excel (XLSX)", "xlsx", XLSX, xlsx_questions.load, xlsx_questions.dump, _untold, is_ours=True),
    "gift": _common_format("GIFT", "gift.txt", "text/plain", gift),
    "moodle": _common_format("Moodle XML", "moodle.xml", "application/xml", moodle_xml),
    "qti3": _qti("QTI 3.0", "qti3.zip", qti.dump_3),
    "qti2": _qti("QTI 2.1 (reads 1.2 as well)", "qti2.zip", qti.dump_2),
    "aiken": _common_format("Aiken", "aiken.txt", "text/plain", aiken),
}


# What a file does not say is read in two ways: what it says is the same in both.
UNLIKE = (Defaults("one-topic", 1, "recall", "One."), Defaults("another-topic", 5, "change", "Another."))


def written(name: str, items: Sequence[Item], links: Links, outline: QuizOutline | None = None) -> bytes:
    """The items as a file, those left out that the format cannot carry; without the report."""
    reasons = _reasons(name, items, links)
    return _dumped(FORMATS[name], [item for item in items if not reasons[item.id]], links, outline)


def _reasons(name: str, items: Sequence[Item], links: Links) -> dict[str, str | None]:
    refusal = FORMATS[name].refusal
    return {item.id: refusal(item, links) if refusal else None for item in items}


def _dumped(chosen: Format, items: Sequence[Item], links: Links, outline: QuizOutline | None) -> bytes:
    if items and outline is not None and chosen.dump_quiz is not None:
        return chosen.dump_quiz(items, links, outline)
    assert chosen.dump is not None  # noqa: S101 callers offer only formats that are written
    return chosen.dump(items, links) if items else b""


def write(name: str, items: Sequence[Item], links: Links, outline: QuizOutline | None = None) -> Departure:
    """The items as a file, with the report: what was written is read again and compared with what was meant.

    Formats that can say a quiz hold it beside its questions, where its outline is given.
    """
    chosen, reasons = FORMATS[name], _reasons(name, items, links)
    carried = [item for item in items if not reasons[item.id]]
    data = _dumped(chosen, carried, links, outline)
    untold = [Remark(outline.name, one) for one in outline.remarks] if outline and chosen.dump_quiz else []
    return Departure(
        data,
        left_out=tuple(Remark(item, reason) for item, reason in reasons.items() if reason),
        lost=(*untold, *_lost(chosen, carried, data)),
        elsewhere=() if chosen.is_ours else tuple(Remark(item.id, t) for item in carried for t in elsewhere(item)),
    )


def _lost(chosen: Format, sent: Sequence[Item], data: bytes) -> Iterable[Remark]:
    if not sent:
        return ()
    try:
        return losses(sent, *(chosen.load(data, defaults).items for defaults in UNLIKE))
    except UnreadableFile as error:
        return [Remark(item.id, f"could not be read again from the file: {error}") for item in sent]


def read(name: str, data: bytes, defaults: Defaults) -> Arrivals:
    """The questions of a file. Raises UnreadableFile where it is none of the format, or hostile."""
    return FORMATS[name].load(data, defaults)
