"""Questions out of the bank in other formats, with the report of what they cannot carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from quizapp.domain.exchange import OPTION_IDS, Departure, Remark
from quizapp.domain.item import Item
from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.quiz import Quiz
from quizapp.domain.quiz_outline import QuizOutline, outline
from quizapp.formats import csv_table, registry
from quizapp.formats.evidence_lines import Links
from quizapp.formats.package import is_package
from quizapp.services.errors import NotFound, Refusal
from quizapp.services.reading import passage_names
from quizapp.store import bank

WRITABLE = {name: one.label for name, one in registry.FORMATS.items() if one.dump is not None}
MOST_QUESTIONS = 1000  # in one file; each is written and read again for the report


def format_of(file_name: str) -> str:
    """The format that a file's name shows by its end; empty where it shows none."""
    endings = {f".{registry.FORMATS[name].suffix}": name for name in WRITABLE}
    endings |= {".yml": "yaml", ".gift": "gift", ".aiken": "aiken", ".xml": "moodle", ".zip": "qti3"}
    longest_first = sorted(endings, key=len, reverse=True)
    return next((endings[one] for one in longest_first if file_name.casefold().endswith(one)), "")


class TooMany(Refusal):
    """More questions than one file takes."""

    title = "Too many questions for one file"


class NothingToExport(Refusal):
    """No question fits."""

    title = "No question fits"


@dataclass(frozen=True)
class Selection:
    """What to export: questions of a topic, of a quiz, of a type; those that fit all that is said."""

    topic: str = ""
    quiz: str = ""
    type: str = ""
    items: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return not (self.topic or self.quiz or self.type or self.items)

    @property
    def name(self) -> str:
        """What the file is called."""
        return "-".join(filter(None, (self.quiz, self.topic, self.type.replace("_", "-")))) or "questions"


@dataclass(frozen=True)
class Choices:
    """What there is to choose from: pairs of value and label, topics with how many questions they have."""

    topics: tuple[tuple[str, str], ...]
    quizzes: tuple[tuple[str, str], ...]
    types: tuple[tuple[str, str], ...]
    formats: tuple[tuple[str, str], ...]


def choices(session: Session) -> Choices:
    """Topics, quizzes, types and formats."""
    titles = bank.topic_titles(session)
    counts: dict[str, int] = {}
    for item in bank.current_items(session).values():
        counts[item.topic] = counts.get(item.topic, 0) + 1
    quizzes = [(name, quiz.title) for name, (_, quiz) in bank.current_quizzes(session).items()]
    return Choices(
        topics=tuple((topic, f"{titles.get(topic, topic)} ({number})") for topic, number in counts.items()),
        quizzes=tuple(quizzes),
        types=tuple((name, one.label) for name, one in ITEM_TYPES.items()),
        formats=tuple(WRITABLE.items()),
    )


@dataclass(frozen=True)
class Export:
    """A file to download, and its report."""

    file_name: str
    media_type: str
    items: tuple[Item, ...]
    departure: Departure

    @property
    def lost(self) -> tuple[Remark, ...]:
        """What the file lacks that anybody would miss."""
        return tuple(one for one in self.departure.lost if one.message != OPTION_IDS)

    @property
    def renamed(self) -> int:
        """How many questions lack nothing but the short names of their options."""
        return len(self.departure.lost) - len(self.lost)


def report(session: Session, selection: Selection, name: str, address: str) -> Export:
    """The file with its report. Raises NotFound for an unknown format, NothingToExport, TooMany."""
    items, links = _ready(session, selection, name, address)
    return _named(selection, name, items, registry.write(name, items, links, _outline(session, selection)))


def file(session: Session, selection: Selection, name: str, address: str) -> Export:
    """The file alone, without reading it again for the report."""
    items, links = _ready(session, selection, name, address)
    return _named(selection, name, items, Departure(registry.written(name, items, links, _outline(session, selection))))


def as_csv(made: Export) -> str:
    """The report as a table for a spreadsheet."""
    kinds = {"left out": made.departure.left_out, "does not come back": made.departure.lost}
    kinds |= {"different elsewhere": made.departure.elsewhere}
    rows = [(one.place, kind, one.message) for kind, remarks in kinds.items() for one in remarks]
    return csv_table.dump(("question", "what", "why"), rows)


def _named(selection: Selection, name: str, items: Sequence[Item], departure: Departure) -> Export:
    chosen = registry.FORMATS[name]
    packed = is_package(departure.data) and chosen.suffix == "yaml"
    suffix, media_type = ("yaml.zip", "application/zip") if packed else (chosen.suffix, chosen.media_type)
    return Export(f"{selection.name}.{suffix}", media_type, tuple(items), departure)


def _ready(session: Session, selection: Selection, name: str, address: str) -> tuple[list[Item], Links]:
    if name not in WRITABLE:
        raise NotFound(f"There is no format «{name[:20]}» to export to.")
    items = _selected(session, selection)
    if not items:
        raise NothingToExport("Choose another topic, quiz or type.")
    if len(items) > MOST_QUESTIONS:
        most = f"{MOST_QUESTIONS:,} are the most that one file takes"
        raise TooMany(f"{len(items):,} questions fit; {most}. Choose a topic or a quiz.")
    refs = {ref for item in items for ref in item.passages()}
    return items, Links(address, {ref: str(one) for ref, one in passage_names(session, refs).items()})


def _selected(session: Session, selection: Selection) -> list[Item]:
    items = bank.current_items(session)
    found = list(items.values())
    if selection.quiz:
        _, quiz = bank.current_quizzes(session, [selection.quiz]).get(selection.quiz, ("", None))
        found = _of_quiz(quiz, items) if quiz else []
    if selection.items:
        found = [item for item in found if item.id in selection.items]
    return [item for item in found if selection.topic in ("", item.topic) and selection.type in ("", item.type)]


def _outline(session: Session, selection: Selection) -> QuizOutline | None:
    """The quiz itself, where a whole quiz is chosen."""
    if not selection.quiz or selection.items or selection.topic or selection.type:
        return None
    _, quiz = bank.current_quizzes(session, [selection.quiz])[selection.quiz]
    return outline(quiz, bank.current_items(session))


def _of_quiz(quiz: Quiz, items: dict[str, Item]) -> list[Item]:
    """A quiz's fixed questions and all that its draws can choose from, each once, in the order of its sections."""
    found: dict[str, Item] = {}
    for section in quiz.sections:
        fixed = [items[name] for name in section.items if name in items]
        drawn = [one for one in items.values() if section.source is not None and section.source.admits(one)]
        found.update({item.id: item for item in (*fixed, *drawn)})
    return list(found.values())
