"""A quiz as questions on a page: what a student would be asked, with keys and evidence beside for the teacher."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sqlalchemy.orm import Session

from quizapp.domain.entry import shuffled
from quizapp.domain.item import Form, Item, Question, Review
from quizapp.domain.marking import Mark
from quizapp.domain.quiz import CannotDraw, Drawn, Quiz, draw
from quizapp.domain.source import Evidence
from quizapp.services.building import own
from quizapp.services.building.own import Work
from quizapp.services.errors import Conflict
from quizapp.services.reading import ShownPassage, passage_names, shown_passages
from quizapp.services.taking.starting import drawable
from quizapp.store import bank

NOT_COMPLETE = "This quiz is not complete yet. Open it and press “Save”: it says beside each field what is missing."
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class PaperQuestion:
    """A question with its number, what it is worth and its key; ``letters`` are those of the right options."""

    number: int
    section: str | None
    item: Item
    question: Question
    order: tuple[int, ...]
    marks: Decimal
    key: Review
    letters: tuple[str, ...]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What proves the key."""
        return tuple(one for _, one in self.item.key_evidence())

    @property
    def given(self) -> tuple[str, ...]:
        """The passages that it gives to read before it asks."""
        return self.question.show

    def answered(self, form: Form) -> tuple[Mark, Review]:
        """A response marked and beside the key; it is kept nowhere."""
        response = self.item.read(form, self.order)
        return self.item.mark(response), self.item.review(response, self.order)


@dataclass(frozen=True)
class Paper:
    """A quiz as it comes out of one seed, with what its pages need to show it."""

    work: Work
    quiz: Quiz
    seed: str
    questions: tuple[PaperQuestion, ...]
    passages: Mapping[str, str]
    shown: Mapping[str, ShownPassage]

    @property
    def marks(self) -> Decimal:
        """What can be earned in all."""
        return sum((one.marks for one in self.questions), Decimal(0))


def paper(session: Session, name: str, *, user_id: int, seed: str, variant: str = "A") -> Paper:
    """The quiz as the teacher's draft says, drawn from this seed; nothing is stored.

    Each variant has the same questions; those after A have them, and their options, in an order of their own.
    Raises ``NotFound``; ``Conflict`` where it is not complete yet.
    """
    found = own.work(session, name, user_id=user_id)
    quiz = own.settable(session, found)
    if quiz is None:
        raise Conflict(NOT_COMPLETE)
    drawn = _drawn(session, quiz, seed)
    questions = _numbered(quiz, drawn if variant == "A" else _rearranged(drawn, f"{seed}:{variant}"))
    refs = {ref for one in questions for ref in one.item.passages()}
    names = {ref: str(one) for ref, one in passage_names(session, refs).items()}
    shown = {one.ref: one for one in shown_passages(session, bank.current_digests(session, "passage", refs))}
    return Paper(found, quiz, seed, questions, {ref: names.get(ref, ref) for ref in refs}, shown)


def _drawn(session: Session, quiz: Quiz, seed: str) -> list[Drawn]:
    try:
        return draw(quiz, drawable(session), seed)
    except CannotDraw as error:
        raise Conflict(f"This draw did not come out: {error}. Try another.") from error


def _rearranged(drawn: Sequence[Drawn], seed: str) -> list[Drawn]:
    """The same questions in another order within their sections, each with its options in another order."""
    ordered: list[Drawn] = []
    for section in dict.fromkeys(one.section for one in drawn):
        ordered += shuffled([one for one in drawn if one.section == section], f"{seed}:{section}")
    return [replace(one, order=tuple(one.item.shuffled_order(f"{seed}:{one.item.id}"))) for one in ordered]


def _numbered(quiz: Quiz, drawn: Sequence[Drawn]) -> tuple[PaperQuestion, ...]:
    return tuple(
        PaperQuestion(
            number=number,
            section=quiz.sections[one.section].title,
            item=one.item,
            question=one.item.ask(one.order),
            order=one.order,
            marks=one.marks,
            key=one.item.review(one.item.correct_response(), one.order),
            letters=_letters(one.item, one.order),
        )
        for number, one in enumerate(drawn, start=1)
    )


def _letters(item: Item, order: tuple[int, ...]) -> tuple[str, ...]:
    """The letters of the right options, where the question is answered by ticking options."""
    form = item.form(item.correct_response(), order)
    ticked = form.get("answer", []) if item.type in ("single_choice", "multiple_choice") else []
    return tuple(LETTERS[int(one)] for one in ticked if one.isdigit() and int(one) < len(LETTERS))
