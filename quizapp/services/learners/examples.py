"""Two answers that show how somebody gets on: one that went well, one to learn from, each with its evidence."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain import certainty
from quizapp.domain.item import Item, ReviewLine, is_blank
from quizapp.domain.quiz import Quiz
from quizapp.domain.source import Evidence, Passage
from quizapp.services import reading
from quizapp.services.reading import PassageName
from quizapp.store import bank
from quizapp.store.progress import Answered

PLAIN = ("true_false", "single_choice", "short_answer", "date", "numerical")  # said in a few words, the dullest first


@dataclass(frozen=True)
class Proof:
    """What the evidence says: whose passage it is, our account of it, and the words themselves."""

    name: PassageName | None
    account: str
    quotes: tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """An answer with its evidence. ``key`` and ``why`` (what is said of the wrong answer) are empty of a right one."""

    quiz: str
    submitted_at: datetime
    question: str
    given: str
    key: str
    why: str
    sure: bool
    proof: Proof


@dataclass(frozen=True)
class Chosen:
    """The two answers of a student; None where there is none that could be shown."""

    well: Answered | None = None
    learn: Answered | None = None


class Mistakes:
    """Whether something is said of a wrong answer, each different one looked at once: a class makes the same ones."""

    def __init__(self, items: Mapping[str, Item]) -> None:
        self._items = items
        self._known: dict[tuple[str, str], bool] = {}

    def are_explained(self, one: Answered) -> bool:
        """Whether its author foresaw the mistake, and says what is wrong."""
        key = one.item_digest, json.dumps(one.response, sort_keys=True)
        if key not in self._known:
            mistake = _mistake(one, self._items[one.item_digest])
            self._known[key] = mistake is not None and bool(mistake.feedback)
        return self._known[key]


def choose(
    answers: Sequence[Answered],
    items: Mapping[str, Item],
    strong: Collection[str],
    weak: Collection[str],
    mistakes: Mistakes,
) -> Chosen:
    """One right answer and one wrong one, of different questions: those that show most.

    The right one of a skill that goes well, hard, and sure; the wrong one sure, of a skill that costs most, with
    something said of the very mistake. Plain answers go first, and later ones. Never one with a content note, and never
    one without evidence.
    """
    shown = [one for one in answers if _can_be_shown(one, items[one.item_digest])]
    right = [one for one in shown if one.fraction == 1]
    well = max(right, key=lambda one: _tells(one, items[one.item_digest], strong), default=None)
    same = items[well.item_digest].id if well is not None else None
    wrong = [one for one in shown if one.fraction < 1 and items[one.item_digest].id != same]
    learn = max(wrong, key=lambda one: _teaches(one, items[one.item_digest], weak, mistakes), default=None)
    return Chosen(well, learn)


def _can_be_shown(one: Answered, item: Item) -> bool:
    return bool(item.key_evidence()) and not item.note and not is_blank(one.response)


def _tells(one: Answered, item: Item, strong: Collection[str]) -> tuple[object, ...]:
    quoted = any(evidence.quotes for _, evidence in item.key_evidence())
    sure = one.certainty == certainty.SURE
    return _plainness(item), item.skill in strong, quoted, item.difficulty, sure, one.submitted_at, -one.number


def _teaches(one: Answered, item: Item, weak: Collection[str], mistakes: Mistakes) -> tuple[object, ...]:
    sure, said = one.certainty == certainty.SURE, mistakes.are_explained(one)
    return _plainness(item), said, sure, item.skill in weak, -item.difficulty, one.submitted_at, -one.number


def _plainness(item: Item) -> int:
    return min(PLAIN.index(item.type), 1) if item.type in PLAIN else -1


def _mistake(one: Answered, item: Item) -> ReviewLine | None:
    """What was chosen and is wrong."""
    lines = item.review(one.response, tuple(one.order)).lines
    return next((line for line in lines if line.chosen and line.correct is False), None)


# --- with their evidence ---------------------------------------------------------------------------------------------


class Evidences:
    """The passages of the answers chosen, as they were when the attempts began; three queries."""

    def __init__(self, session: Session, chosen: Iterable[Answered], items: Mapping[str, Item]) -> None:
        answers = list(chosen)
        self._items = items
        refs = {ref for one in answers for ref in items[one.item_digest].passages()}
        self._names = reading.passage_names(session, refs) if refs else {}
        digests = {digest for one in answers for name, digest in one.evidence.items() if name.startswith("passage:")}
        self._passages: Mapping[str, Passage] = bank.passages(session, digests)
        self._quizzes: Mapping[str, Quiz] = bank.quizzes(session, {one.quiz_digest for one in answers})

    def example(self, one: Answered | None) -> Example | None:
        """The answer in words beside what proves it."""
        if one is None:
            return None
        item = self._items[one.item_digest]
        review = item.review(one.response, tuple(one.order))
        is_right = one.fraction == 1
        mistake = None if is_right else _mistake(one, item)
        return Example(
            quiz=self._quizzes[one.quiz_digest].title,
            submitted_at=one.submitted_at,
            question=item.stem,
            given=self._said(item, review.given),
            key="" if is_right else self._said(item, review.key or ""),
            why=(mistake.feedback if mistake else None) or "",
            sure=one.certainty == certainty.SURE,
            proof=self._proof(one, _best(item)),
        )

    def _said(self, item: Item, words: str) -> str:
        """The words, with passages called by their names."""
        for ref in item.passages():
            words = words.replace(ref, str(self._names.get(ref, ref)))
        return words

    def _proof(self, one: Answered, evidence: Evidence) -> Proof:
        passage = self._passages.get(one.evidence.get(f"passage:{evidence.passage}", ""))
        return Proof(self._names.get(evidence.passage), passage.account if passage else "", evidence.quotes)


def _best(item: Item) -> Evidence:
    """The evidence of the key that has the words themselves, else the first."""
    found = [evidence for _, evidence in item.key_evidence()]
    return next((one for one in found if one.quotes), found[0])


def by_student(answers: Iterable[Answered]) -> dict[int, list[Answered]]:
    """Student → their answers."""
    found: defaultdict[int, list[Answered]] = defaultdict(list)
    for one in answers:
        found[one.user_id].append(one)
    return found
