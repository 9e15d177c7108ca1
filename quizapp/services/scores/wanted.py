"""What one may want of an export: whose scores, a row for what, in which format, with what beside the marks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from quizapp.formats.sheets import Style
from quizapp.services.accounts import Mistakes
from quizapp.services.classes import own
from quizapp.services.people import Person
from quizapp.store import bank, gradebook, score_scope
from quizapp.store.score_scope import Block, Scope

ROWS = {"students": "a student", "attempts": "an attempt", "responses": "an answer"}
FORMATS = {
    "xlsx": "Excel (XLSX): sheets for scores, answers, questions and what the columns mean",
    "ods": "LibreOffice (ODS): the same sheets",
    "csv": "CSV: one table, for every program",
    "json": "JSON: for programs",
    "moodle": "Moodle gradebook: a CSV file that Moodle takes back",
    "canvas": "Canvas gradebook: a CSV file that Canvas takes back",
}
GRADEBOOKS = ("moodle", "canvas")  # a row a student, whatever else is wanted
PARTS = {
    "questions": "The mark of each question",
    "answers": "Answers in words, and the right ones",
    "times": "When questions were shown and answered",
    "versions": "Versions of quiz and questions, and ids",
    "passages": "Passages that keys rest on, and which were opened",
}
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t"}
_UNFIT = re.compile(r'[\x00-\x20\x7f/\\:*?"<>|]+')
LONGEST_PART = 60  # of a file name


@dataclass(frozen=True)
class Wanted:
    """What is to be exported. Without a class: all of one's own; without a quiz: every one."""

    class_id: int | None = None
    quiz: str | None = None
    rows: str = "students"
    format: str = "xlsx"
    parts: frozenset[str] = frozenset()
    style: Style = field(default_factory=Style)

    @property
    def is_workbook(self) -> bool:
        """Whether the file has several sheets."""
        return self.format in ("xlsx", "ods", "json")

    @property
    def has_answers(self) -> bool:
        """Whether there is a row for each answer."""
        return self.rows == "responses" or (self.is_workbook and bool(self.parts))


@dataclass(frozen=True)
class Found:
    """What was found to export: the scope, its blocks, and what to call it."""

    scope: Scope
    blocks: tuple[Block, ...]
    class_name: str
    titles: Mapping[str, str]

    def name(self, wanted: Wanted, now: datetime) -> str:
        """The file's name without its ending: class, quiz, what the rows are, date."""
        quiz = self.titles.get(wanted.quiz or "", "all quizzes")
        what = f"{wanted.format}" if wanted.format in GRADEBOOKS else {"responses": "answers"}.get(
            wanted.rows, wanted.rows
        )  # fmt: skip
        day = f"{now.astimezone(wanted.style.zone):%Y-%m-%d}"
        return "_".join(filter(None, map(_fit, (self.class_name, quiz, what, day))))


def _fit(words: str) -> str:
    """Words as a part of a file name that every system takes."""
    return _UNFIT.sub("-", words).strip("-._ =+@'")[:LONGEST_PART].rstrip("-.")


def style(zone: str, *, mark: bool = True, separator: str = "comma", short_heads: bool = False) -> Style:
    """How a file is written. Raises ``Mistakes`` for a zone that there is not."""
    try:
        found = ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        words = f"There is no time zone «{zone[:40]}». They are called like Europe/Berlin."
        raise Mistakes({"zone": [words]}) from None
    return Style(found, zone, mark, SEPARATORS[separator], short_heads)


def class_named(session: Session, wanted: str) -> int:
    """The class of this name or number, as at the command line. Raises ``Mistakes`` for none, and for several."""
    names = score_scope.class_names(session)
    found = [one for one, name in names.items() if name.casefold() == wanted.strip().casefold()]
    if not found and wanted.strip().isdecimal() and int(wanted) in names:
        return int(wanted)
    if len(found) != 1:
        several = ", ".join(map(str, found))
        words = f"Several classes are called «{wanted}»: name one by its number, {several}."
        raise Mistakes({"class_id": [words if found else f"There is no class «{wanted[:80]}»."]})
    return found[0]


@dataclass(frozen=True)
class Choices:
    """What there is to choose from: classes and quizzes, each with what to call it."""

    classes: tuple[tuple[int, str], ...]
    quizzes: tuple[tuple[str, str], ...]


def choices(session: Session, who: Person) -> Choices:
    """What this person may export; five queries."""
    mine = [(one.school_class.id, one.school_class.name) for one in own.mine(session, who.id)]
    every = who.role == "admin"
    classes = sorted(score_scope.class_names(session).items(), key=lambda one: one[1].casefold()) if every else mine
    blocks = score_scope.blocks(session, Scope(None if every else tuple(one for one, _ in mine)))
    titles = quiz_titles(session, {one.quiz for one in blocks})
    return Choices(tuple(classes), tuple(sorted(titles.items(), key=lambda one: one[1].casefold())))


def find(session: Session, who: Person | None, wanted: Wanted) -> Found:
    """What there is of that for this person; for nobody, as at the command line, all there is.

    A teacher has own classes alone, an administrator all. Raises ``Mistakes`` where there is no such class or quiz, or
    nothing to export.
    """
    everything = who is None or who.role == "admin"
    mine = {one.school_class.id: one.school_class.name for one in own.mine(session, who.id)} if who else {}
    names = score_scope.class_names(session) if everything else mine
    if wanted.class_id is not None and wanted.class_id not in names:
        raise Mistakes({"class_id": [own.NO_SUCH_CLASS]})
    classes = (wanted.class_id,) if wanted.class_id is not None else None if everything else tuple(sorted(names))
    scope = Scope(classes, wanted.quiz)
    blocks = score_scope.blocks(session, scope)
    titles = quiz_titles(session, {*(one.quiz for one in blocks), *filter(None, [wanted.quiz])})
    if wanted.quiz is not None and wanted.quiz not in titles:
        raise Mistakes({"quiz": ["There is no such quiz."]})
    if not blocks:
        raise Mistakes({"quiz": [_nothing(wanted, classes)]})
    every = "everything" if everything else "my classes"
    name = every if wanted.class_id is None else names[wanted.class_id]
    return Found(scope, tuple(blocks), name, titles)


def _nothing(wanted: Wanted, classes: tuple[int, ...] | None) -> str:
    if classes == ():
        return "You have no class yet. Make one first, and set it a quiz."
    what = "This quiz" if wanted.quiz else "No quiz"
    whom = "this class" if wanted.class_id else "a class"
    return (
        f"{what} has {'not ' if wanted.quiz else ''}been set to {whom} or taken in it yet: there is nothing to export."
    )


def quiz_titles(session: Session, names: set[str]) -> dict[str, str]:
    """Quiz → its title now, else the last that it had."""
    published = {name: quiz for name, (_, quiz) in bank.current_quizzes(session, names).items()}
    gone = gradebook.last_quizzes(session, names - set(published))
    return {name: quiz.title for name, quiz in (gone | published).items()}
