"""A quiz as other systems can say it: its sections with their questions, its time, and whether it goes one way."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from quizapp.domain.entry import plain
from quizapp.domain.item import Item
from quizapp.domain.quiz import Quiz, Section

# Fields of ours that an outline says, or that are the frame of those that it says.
TOLD = {"id", "title", "description", "mode", "navigation", "time_limit", "sections", "shuffle"}
UNTOLD = {
    "access": "that it is for classes alone", "sources": "that the sources are closed meanwhile",
    "password": "the password", "grace": "the grace", "attempts": "how many attempts there are",
    "wait": "the wait between attempts", "grading": "which attempt counts", "pass_mark": "from when it is passed",
    "certainty": "the question “How sure are you?”", "review": "what is shown when",
}  # fmt: skip


@dataclass(frozen=True)
class OutlineSection:
    """Questions by id, in order; ``draw`` of them are taken at random, if it is given. ``points`` by question."""

    title: str = ""
    questions: tuple[str, ...] = ()
    draw: int | None = None
    is_shuffled: bool = False
    points: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class QuizOutline:
    """The quiz. ``seconds``: the time for all of it; ``remarks``: what was said of it that an outline cannot hold."""

    name: str
    title: str
    sections: tuple[OutlineSection, ...]
    seconds: int | None = None
    is_practice: bool = False
    is_one_way: bool = False
    description: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def length(self) -> timedelta | None:
        """The time for all of it."""
        return timedelta(seconds=self.seconds) if self.seconds else None

    @property
    def draws(self) -> list[tuple[int, OutlineSection]]:
        """The sections of which only some questions are taken, with their numbers from 1."""
        return [(i, one) for i, one in enumerate(self.sections, 1) if one.draw and one.draw < len(one.questions)]

    def renamed(self, names: Mapping[str, str]) -> QuizOutline:
        """The outline with other names for its questions; what has none is left out, and counted in a remark."""
        missing = sum(one not in names for section in self.sections for one in section.questions)
        remarks = (*self.remarks, f"{missing} questions cannot come in") if missing else self.remarks
        sections = [
            replace(
                one,
                questions=tuple(names[name] for name in one.questions if name in names),
                points={names[name]: points for name, points in one.points.items() if name in names},
            )
            for one in self.sections
        ]
        return replace(self, sections=tuple(one for one in sections if one.questions), remarks=remarks)

    def only(self, questions: Collection[str]) -> QuizOutline:
        """The outline with these questions alone."""
        left = [replace(one, questions=tuple(q for q in one.questions if q in questions)) for one in self.sections]
        return replace(self, sections=tuple(one for one in left if one.questions))


def outline(quiz: Quiz, bank: Mapping[str, Item]) -> QuizOutline:
    """The quiz as an outline; a draw names all that it can choose from."""
    fixed = {one for section in quiz.sections for one in section.items}
    limit = quiz.limit()
    return QuizOutline(
        name=quiz.id,
        title=quiz.title,
        sections=tuple(_section(one, quiz, bank, fixed) for one in quiz.sections),
        seconds=int(limit.total_seconds()) if limit else None,
        is_practice=quiz.mode == "practice",
        is_one_way=quiz.is_one_way,
        description=quiz.description or "",
        remarks=tuple(_untold(quiz)),
    )


def _section(section: Section, quiz: Quiz, bank: Mapping[str, Item], fixed: Collection[str]) -> OutlineSection:
    pool = section.source
    drawn = [name for name, item in bank.items() if pool is not None and name not in fixed and pool.admits(item)]
    names = [name for name in section.items if name in bank] or drawn
    points = {name: section.marks_of(bank[name]) for name in names if section.marks_of(bank[name]) != bank[name].marks}
    return OutlineSection(section.title or "", tuple(names), section.draw, quiz.shuffle.items, points)


def _untold(quiz: Quiz) -> Iterator[str]:
    """What of the quiz an outline does not say."""
    said = plain(quiz)
    yield from (f"{words} does not go along" for name, words in UNTOLD.items() if name in said)
    if quiz.draws:
        yield (
            "a random draw goes along as a number of questions to take from a list: elsewhere it may take two that "
            "give each other away, and here it comes back as the whole list"
        )
    if not quiz.shuffle.options:
        yield "that options keep their order does not go along"
