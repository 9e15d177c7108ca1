"""A quiz's item analysis as a whole: figures, lines, findings, the model where there is enough for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from quizapp.domain import findings, reading_findings
from quizapp.domain.findings import Finding
from quizapp.domain.item import Item
from quizapp.domain.quiz import Quiz
from quizapp.domain.reading_findings import PassageLine
from quizapp.domain.statistics import items as item_statistics
from quizapp.domain.statistics import quizzes, response_model
from quizapp.domain.statistics.moments import correlation, median
from quizapp.domain.statistics.quizzes import QuizFigures
from quizapp.domain.statistics.response_model import ResponseModel
from quizapp.services.analysis import evidence, questions, sheets
from quizapp.services.analysis.choosing import Choice, counting
from quizapp.services.analysis.questions import Asked, QuestionLine, Take
from quizapp.services.analysis.sheets import Sheet
from quizapp.services.errors import NotFound
from quizapp.services.people import person
from quizapp.store import analysis, bank

HALF = 0.5  # of a question's mark, from which on the model takes it as right


@dataclass(frozen=True)
class Analysis:
    """All that can be said of a quiz from the attempts that count. ``waiting`` are left out: not marked wholly yet."""

    quiz: Quiz
    choice: Choice
    figures: QuizFigures
    waiting: int
    students: int
    is_cut: bool
    distribution: tuple[int, ...]
    questions: tuple[QuestionLine, ...]
    findings: tuple[Finding, ...]
    passages: tuple[PassageLine, ...]
    reading: tuple[Finding, ...]
    model: ResponseModel | None

    def of_item(self, item: str) -> list[QuestionLine]:
        """The lines of an item: more than one where what it asks was changed. Raises ``NotFound``."""
        found = [one for one in self.questions if one.item.id == item]
        if not found:
            raise NotFound("Nobody has answered this question in this quiz yet.")
        return found


def analyse(session: Session, name: str, choice: Choice) -> Analysis:
    """The analysis of a quiz; ten queries, however many attempts. Raises ``NotFound`` where there is no such quiz."""
    quiz = _quiz(session, name, choice)
    finished = analysis.finished(session, name, choice.whose)
    read, items = sheets.read(session, counting(finished, choice.which))
    marked = [one for one in read if one.is_marked and one.slots]
    takes = _in_order(questions.grouped(marked, items), quiz)
    columns = sheets.columns(marked)
    figures = quizzes.quiz_figures([one.total for one in marked], None if columns is None else [*columns.values()])
    model = response_model.fit(_table(marked, items, list(takes))) if marked else None
    lines = _lines(takes, items, model, _weights(columns, marked))
    passages, certain = evidence.passages(session, marked, items)
    return Analysis(
        quiz=quiz,
        choice=choice,
        figures=figures,
        waiting=len(read) - len(marked),
        students=len({one.sat.user_id for one in marked}),
        is_cut=len(finished) >= analysis.MOST_ATTEMPTS,
        distribution=tuple(quizzes.distribution([one.total for one in marked])),
        questions=tuple(lines),
        findings=(*findings.of_quiz(figures), *_guessers(session, marked, items, lines)),
        passages=tuple(passages),
        reading=tuple(reading_findings.of_reading(passages, certain)),
        model=model,
    )


def _quiz(session: Session, name: str, choice: Choice) -> Quiz:
    """The quiz as published; one that is no longer published as it was taken last."""
    published = bank.current_quizzes(session, [name])
    if name in published:
        return published[name][1]
    digest = analysis.quiz_digest(session, name, choice.whose)
    if digest is None:
        raise NotFound("There is no such quiz.")
    return bank.quizzes(session, [digest])[digest]


def _in_order(takes: Mapping[Asked, list[Take]], quiz: Quiz) -> dict[Asked, list[Take]]:
    """As the quiz sets its questions; those that are drawn, and those no longer in it, after them by id."""
    fixed = {item: i for i, item in enumerate(one for section in quiz.sections for one in section.items or ())}
    return dict(sorted(takes.items(), key=lambda pair: (fixed.get(str(pair[0][0]), len(fixed)), str(pair[0][0]))))


def _lines(
    takes: Mapping[Asked, Sequence[Take]],
    items: Mapping[str, Item],
    model: ResponseModel | None,
    weights: Mapping[object, float | None],
) -> list[QuestionLine]:
    reviews = questions.Reviews()
    found = [questions.line(number, taken, items, reviews) for number, taken in enumerate(takes.values(), start=1)]
    usual = median([one.seconds for one in found if one.seconds is not None])
    return [
        replace(
            one,
            weight=weights.get(one.item.id),
            parameters=model.items[i] if model else None,
            findings=questions.told(one, usual),
        )
        for i, one in enumerate(found)
    ]


def _weights(columns: Mapping[object, list[float]] | None, marked: Sequence[Sheet]) -> dict[object, float | None]:
    """Effective weights of what all were set; what is drawn shares columns, and has none of its own."""
    if columns is None:
        return {}
    totals = [float(sum(slot.mark or 0 for slot in sheet.slots)) for sheet in marked]
    return dict(zip(columns, item_statistics.effective_weights(list(columns.values()), totals), strict=True))


def _table(marked: Sequence[Sheet], items: Mapping[str, Item], wanted: Sequence[Asked]) -> list[list[float | None]]:
    """Attempts × questions for the model: right from half the mark on, None where a question was not set."""
    if len(marked) < response_model.FEWEST_ATTEMPTS:
        return []
    place = {key: i for i, key in enumerate(wanted)}
    of_digest = {
        digest: place[questions.asked(item)] for digest, item in items.items() if questions.asked(item) in place
    }
    table: list[list[float | None]] = []
    for sheet in marked:
        row: list[float | None] = [None] * len(wanted)
        for slot in sheet.slots:
            row[of_digest[slot.item_digest]] = float((slot.fraction or 0) >= HALF)
        table.append(row)
    return table


def _guessers(
    session: Session, marked: Sequence[Sheet], items: Mapping[str, Item], lines: Sequence[QuestionLine]
) -> list[Finding]:
    """Students whose marks look guessed; names are those of people whom the reader may see."""
    if len(marked) < findings.FEWEST:
        return []
    ease = {one.item.id: one.figures.facility or 0.0 for one in lines}
    suspects = {one.sat.user_id: one for one in marked if _guessed("", one, items, ease)}
    people = analysis.names(session, list(suspects)) if suspects else {}
    sheets_of = {user: sheet for user, sheet in suspects.items() if user in people}
    names = {user: person(row).name if row.role != "guest" else "A visitor" for user, row in people.items()}
    return [
        replace(found, attempt=str(sheet.sat.id))
        for user, sheet in sheets_of.items()
        for found in _guessed(names[user], sheet, items, ease)
    ]


def _guessed(name: str, sheet: Sheet, items: Mapping[str, Item], ease: Mapping[str, float]) -> list[Finding]:
    guesses = [(slot, items[slot.item_digest].guess_score()) for slot in sheet.slots]
    known = [(float(slot.fraction or 0), float(guess), ease[slot.item]) for slot, guess in guesses if guess is not None]
    if not known:
        return []
    earned, guess, easy = zip(*known, strict=True)
    number = len(known)
    return findings.of_student(name, sum(earned) / number, sum(guess) / number, correlation(earned, easy), number)
