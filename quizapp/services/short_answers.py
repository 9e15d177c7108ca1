"""Short answers that nobody foresaw: looking through them, and accepting one for the question or for one quiz."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from quizapp.domain import because
from quizapp.domain.answer_groups import AnswerGroup, grouped
from quizapp.domain.item import Item, is_blank
from quizapp.domain.items import build
from quizapp.domain.items.short_answer import ShortAnswer
from quizapp.domain.marking import FULL, Mark, from_units, to_units
from quizapp.domain.short_text import folded, folded_digest, is_same, typed
from quizapp.formats import csv_table
from quizapp.services import audit, marks, notes
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.people import Person, person
from quizapp.services.questions import publishing
from quizapp.services.taking.credit import ACCEPTED
from quizapp.store import accepting, assignments, bank, questions
from quizapp.store import marks as store_marks
from quizapp.store.accepting import AcceptedAnswer, Given
from quizapp.store.mark_tables import MarkChange

NO_SUCH = "There is no question with typed answers of this name."
NO_QUIZ = "This question has not been answered in this quiz yet."
SAYS_NOTHING = "This answer has no letter or digit, so no other can be compared with it."
BY_HAND = "its mark was set by hand"


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


@dataclass(frozen=True)
class Concern:
    """An attempt with an answer that is accepted: its mark, and the one it gets; or why it stays."""

    given: Given
    person: Person
    old: Decimal | None
    new: Mark
    stays: str | None = None

    @property
    def new_mark(self) -> Decimal | None:
        """The mark that it gets."""
        return self.new.of(self.given.available)

    @property
    def moves(self) -> bool:
        """Whether the mark is another one then."""
        own = self.new.parts.get(because.OWN)
        is_known = own is None or self.given.parts.get(because.OWN) == to_units(own)
        return self.stays is None and not (self.new_mark == self.old and is_known)


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


def of_quiz(session: Session, quiz: str, *, who: Person) -> tuple[str, list[QuizLine]]:
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
    return title, sorted(lines, key=lambda one: (-one.unforeseen, one.stem))


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


def accept_for_item(session: Session, name: str, text: str, version: str, *, who: Person, now: datetime) -> Item:
    """A new version of the question that takes this answer; marks stay until a regrade. Raises as ``publishing``."""
    return publishing.accept_answer(session, name, _clean(text), version, actor_id=who.id, now=now)


def accept_for_quiz(session: Session, name: str, quiz: str, text: str, *, who: Person, now: datetime) -> str:
    """Take this answer as right wherever this quiz sets the question, from now on; its digest.

    Raises ``NotFound``; ``Conflict`` for an answer that says nothing.
    """
    page = answers(session, name, who=who, quiz=quiz)
    clean = _clean(text)
    key = folded_digest(clean)
    if accepting.find(session, page.quiz, name, key) is None:
        session.add(
            AcceptedAnswer(quiz=page.quiz, item=name, digest=key, text=clean, accepted_by=who.id, accepted_at=now)
        )
        new = {"quiz": page.quiz, "answer": clean}
        audit.record(session, who.id, "accept answer", "item", name, None, new, now=now)
    session.flush()
    return key


def _clean(text: str) -> str:
    clean = typed(text)
    if not folded(clean):
        raise Conflict(SAYS_NOTHING)
    return clean


def accepted(session: Session, name: str, quiz: str, key: str) -> AcceptedAnswer:
    """One that is accepted for a quiz. Raises ``NotFound``."""
    found = accepting.find(session, quiz, name, key)
    if found is None:
        raise NotFound("This answer is not accepted for this quiz, or not any more.")
    return found


def concerned(session: Session, one: AcceptedAnswer, *, who: Person) -> list[Concern]:
    """The submitted attempts of own students that gave the answer, with what becomes of each; five queries."""
    given = [
        row for row in accepting.given(session, [one.item], teacher_of(who), one.quiz)
        if isinstance(row.response, str) and folded_digest(row.response) == one.digest
    ]  # fmt: skip
    items = bank.items(session, {row.item_digest for row in given})
    people = {user.id: person(user) for user in assignments.users(session, {row.user_id for row in given})}
    last = _last_changes(session, given)
    found = [_concern(row, items[row.item_digest], people[row.user_id], last) for row in given]
    return sorted(found, key=lambda each: (each.person.family_name.casefold(), each.person.name.casefold()))


def _last_changes(session: Session, given: Sequence[Given]) -> dict[tuple[Any, int], MarkChange]:
    changes = store_marks.history(session, [row.attempt_id for row in given]) if given else []
    return {(change.attempt_id, change.slot): change for change in changes}


def _concern(row: Given, item: Item, who: Person, last: Mapping[tuple[Any, int], MarkChange]) -> Concern:
    change = last.get((row.attempt_id, row.number))
    old = None if row.fraction is None else Mark(row.fraction, "").of(row.available)
    stays = BY_HAND if change is not None and change.kind == "override" else None
    return Concern(row, who, old, _full(row, item), stays)


def _full(row: Given, item: Item) -> Mark:
    """The full mark, with what the reason earned, where a teacher marks one."""
    full = Mark(FULL, ACCEPTED)
    if not (item.because and because.is_marked(row.mode, row.assignment_id)):
        return full
    points = because.points_of({name: from_units(units) for name, units in row.parts.items()})
    return because.with_reason(full, answered=True, reason=row.because, points=points)


def give(session: Session, one: AcceptedAnswer, *, who: Person, now: datetime) -> int:
    """Give the attempts that are concerned their marks, each written down and told to its student; how many moved."""
    moving = [each for each in concerned(session, one, who=who) if each.moves]
    for each in moving:
        marks.change(session, each.given.attempt_id, each.given.number, each.new, kind="regrade", why=_why(one),
                     actor_id=who.id, now=now)  # fmt: skip
        notes.tell(session, [each.person.id], f"Your answer “{one.text}” is taken as right now; your mark has moved.",
                   address=f"/attempts/{each.given.attempt_id}/result", now=now)  # fmt: skip
    return len(moving)


def withdraw(session: Session, one: AcceptedAnswer, *, who: Person, now: datetime) -> int:
    """Accept it no longer; marks that it moved, and that nothing moved since, go back. How many did."""
    back = 0
    for each in concerned(session, one, who=who):
        place = (each.given.attempt_id, each.given.number)
        change = _last_changes(session, [each.given]).get(place)
        if change is None or change.why != _why(one) or change.kind != "regrade":
            continue
        parts = {name: from_units(units) for name, units in change.old_parts.items()}
        old = Mark(change.old_fraction, change.old_reason or "", parts)
        marks.change(session, *place, old, kind="undo", why=f"No longer accepted: “{one.text}”", actor_id=who.id,
                     now=now)  # fmt: skip
        back += 1
    session.delete(one)
    old_words = {"quiz": one.quiz, "answer": one.text}
    audit.record(session, who.id, "accept no longer", "item", one.item, old_words, None, now=now)
    session.flush()
    return back


def _why(one: AcceptedAnswer) -> str:
    return f"Accepted for this quiz: “{one.text}”"


def as_csv(page: AnswersPage) -> str:
    """The unforeseen answers for a spreadsheet, in the order of the page."""
    rows = (
        (one.group.text, one.group.count, round(one.fraction * 100, 1), one.group.near,
         "; ".join(f"{text} ({count})" for text, count in one.group.spellings))
        for one in page.unforeseen
    )  # fmt: skip
    return csv_table.dump(("Answer", "Times", "Earns (per cent)", "Near", "Spellings"), rows)
