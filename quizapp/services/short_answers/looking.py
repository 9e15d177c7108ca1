"""Looking through typed answers: those that nobody foresaw, put together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain.answer_groups import AnswerGroup, grouped
from quizapp.domain.item import is_blank
from quizapp.domain.items import build
from quizapp.domain.items.short_answer import ShortAnswer
from quizapp.domain.marking import FULL
from quizapp.domain.short_text import folded_digest, is_same
from quizapp.formats import csv_table
from quizapp.services.errors import NotFound
from quizapp.services.people import Person
from quizapp.store import accepting, bank, questions
from quizapp.store.accepting import AcceptedAnswer, Given

NO_SUCH = "There is no question with typed answers of this name."
NO_QUIZ = "This question has not been answered in this quiz yet."


@dataclass(frozen=True)
class Unforeseen:
    """A group of answers, and what they earn by the question as it is published now."""

    group: AnswerGroup
    fraction: Decimal


@dataclass(frozen=True)
class AnswersPage:
    """What students wrote to a question: how many were right or foreseen, and the groups of the others.

    ``quizzes`` are all in which it was answered, with title and number of answers; ``quiz`` is the one looked at.
    """

    name: str
    item: ShortAnswer
    version: str
    is_ready: bool
    quiz: str
    quizzes: tuple[tuple[str, str, int], ...]
    answers: int
    right: int
    foreseen: int
    blank: int
    unforeseen: tuple[Unforeseen, ...]
    accepted: tuple[AcceptedAnswer, ...]


@dataclass(frozen=True)
class QuizLine:
    """A question with typed answers in a quiz, and how many of them nobody foresaw."""

    name: str
    stem: str
    answers: int
    unforeseen: int
    groups: int


def teacher_of(who: Person) -> int | None:
    """Whose answers somebody sees: a teacher those of own students, an administrator everybody's."""
    return None if who.role == "admin" else who.id


def answers(session: Session, name: str, *, who: Person, quiz: str = "") -> AnswersPage:
    """What this person's students answered to a question, in a quiz or in all; five queries. Raises ``NotFound``."""
    standing = questions.standing(session, name)
    item = build(standing.entry) if standing is not None else None
    if standing is None or not isinstance(item, ShortAnswer):
        raise NotFound(NO_SUCH)
    everything = accepting.given(session, [name], teacher_of(who))
    numbers = Counter(one.quiz for one in everything)
    chosen = next(iter(numbers)) if not quiz and len(numbers) == 1 else quiz
    if chosen and chosen not in numbers:
        raise NotFound(NO_QUIZ)
    titles = _titles(session, numbers)
    accepted = [one for one in accepting.of_item(session, name) if chosen in ("", one.quiz)]
    found = [one for one in everything if chosen in ("", one.quiz)]
    sorts, unforeseen = _sorted_out(item, found, accepted)
    return AnswersPage(
        name=name,
        item=item,
        version=standing.digest,
        is_ready=standing.status == "ready",
        quiz=chosen,
        quizzes=tuple((one, titles[one], number) for one, number in numbers.most_common()),
        answers=len(found),
        right=sorts["right"],
        foreseen=sorts["foreseen"],
        blank=sorts["blank"],
        unforeseen=tuple(Unforeseen(one, item.mark(one.text).fraction or Decimal(0)) for one in grouped(unforeseen)),
        accepted=tuple(accepted),
    )


SORTS: dict[str, Callable[[QuizLine], Any]] = {
    "question": lambda one: one.stem.casefold(),
    "answers": lambda one: one.answers,
    "unforeseen": lambda one: one.unforeseen,
    "groups": lambda one: one.groups,
}


def of_quiz(session: Session, quiz: str, *, who: Person, sort: str = "-unforeseen") -> tuple[str, list[QuizLine]]:
    """The quiz's title and its questions with typed answers, those with most unforeseen ones first; five queries.

    Raises ``NotFound``.
    """
    names = accepting.short_answers(session, quiz)
    published = bank.current_quizzes(session, [quiz])
    if quiz not in published and not names:
        raise NotFound("There is no such quiz.")
    title = published[quiz][1].title if quiz in published else quiz
    digests = bank.current_digests(session, "item", names) if names else {}
    items = bank.items(session, digests.values())
    accepted = accepting.in_quiz(session, quiz, names) if names else []
    found = accepting.given(session, names, teacher_of(who), quiz) if names else []
    lines = []
    for name in digests:
        item, mine = items[digests[name]], [one for one in found if one.item == name]
        if isinstance(item, ShortAnswer) and mine:
            _, unforeseen = _sorted_out(item, mine, [one for one in accepted if one.item == name])
            lines.append(QuizLine(name, item.stem, len(mine), len(unforeseen), len(grouped(unforeseen))))
    key = SORTS.get(sort.lstrip("-"), SORTS["unforeseen"])
    return title, sorted(sorted(lines, key=SORTS["question"]), key=key, reverse=sort.startswith("-"))


def quiz_csv(lines: Iterable[QuizLine]) -> str:
    """The same for a spreadsheet."""
    rows = ((one.name, one.stem, one.answers, one.unforeseen, one.groups) for one in lines)
    return csv_table.dump(("Name", "Question", "Answers", "Unforeseen", "Different ones"), rows)


def _sorted_out(
    item: ShortAnswer, found: Iterable[Given], accepted: Sequence[AcceptedAnswer]
) -> tuple[Counter[str], list[str]]:
    """How many answers are right, foreseen or blank; and the texts of the others."""
    known = {(one.quiz, one.digest) for one in accepted}
    numbers: Counter[str] = Counter()
    unforeseen: list[str] = []
    for one in found:
        sort = _sort_of(item, one, known)
        numbers[sort] += 1
        if sort == "unforeseen":
            unforeseen.append(one.response)
    return numbers, unforeseen


def _sort_of(item: ShortAnswer, one: Given, accepted: set[tuple[str, str]]) -> str:
    if is_blank(one.response) or not isinstance(one.response, str):
        return "blank"
    if item.mark(one.response).fraction == FULL or (one.quiz, folded_digest(one.response)) in accepted:
        return "right"
    return "foreseen" if any(is_same(one.response, wrong.answer) for wrong in item.wrong) else "unforeseen"


def _titles(session: Session, quizzes: Iterable[str]) -> dict[str, str]:
    wanted = list(quizzes)
    published = bank.current_quizzes(session, wanted) if wanted else {}
    return {name: published[name][1].title if name in published else name for name in wanted}


def as_csv(page: AnswersPage) -> str:
    """The unforeseen answers for a spreadsheet, in the order of the page."""
    rows = (
        (one.group.text, one.group.count, round(one.fraction * 100, 1), one.group.near,
         "; ".join(f"{text} ({count})" for text, count in one.group.spellings))
        for one in page.unforeseen
    )  # fmt: skip
    return csv_table.dump(("Answer", "Times", "Earns (per cent)", "Near", "Spellings"), rows)
