"""A question's line of the analysis: its figures, who chose what, how answers changed, and what stands out."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from quizapp.domain import findings
from quizapp.domain.findings import Finding
from quizapp.domain.item import Item, Review, ReviewLine, is_blank
from quizapp.domain.statistics import items as item_statistics
from quizapp.domain.statistics.items import ItemFigures
from quizapp.domain.statistics.moments import median
from quizapp.domain.statistics.options import OptionFigures, group_sizes, option_figures
from quizapp.domain.statistics.response_model import ItemParameters
from quizapp.domain.statistics.sitting import Changes, answer_changes
from quizapp.services.analysis.sheets import Sheet
from quizapp.store.analysis import Given, SatSlot

Asked = tuple[object, ...]  # what makes two versions of an item one question to a student
Shape = Literal["options", "rows", "text"]
ONE_CLICK = ("single_choice", "true_false")  # types of which every saved answer is a whole one
MOST_ANSWERS = 10
Take = tuple[Sheet, SatSlot]


@dataclass(frozen=True)
class QuestionLine:
    """All that the analysis says of one question. ``number`` counts the lines, from 1.

    ``options`` are choices or, of a type with rows, the rows with who had them right; ``answers`` are what was written
    most, with how many wrote it and what it earned.
    """

    number: int
    item: Item
    versions: int
    shape: Shape
    figures: ItemFigures
    options: tuple[OptionFigures, ...]
    groups: tuple[int, ...]
    answers: tuple[tuple[str, int, float], ...]
    blank: int
    changes: Changes
    seconds: float | None
    weight: float | None = None
    parameters: ItemParameters | None = None
    findings: tuple[Finding, ...] = field(default=())


class Reviews:
    """Answers reviewed and marked, each different one once: students mostly choose between a few."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Review, float]] = {}

    def of(self, item: Item, digest: str, response: Any) -> tuple[Review, float]:
        """The answer beside the key, and the fraction that it earns."""
        key = digest, json.dumps(response, sort_keys=True)
        if key not in self._known:
            review = item.review(response, item.default_order())
            self._known[key] = review, float(item.mark(response).fraction or 0)
        return self._known[key]


def asked(item: Item) -> Asked:
    """What the student sees and what is right: versions that differ in feedback or evidence alone are one question."""
    review = item.review(item.correct_response(), item.default_order())
    lines = tuple((line.text, line.correct, line.key) for line in review.lines if line.offered)
    return item.id, item.stem, review.key, lines


def grouped(sheets: Iterable[Sheet], items: Mapping[str, Item]) -> dict[Asked, list[Take]]:
    """The slots in which each question was asked, with their sheets."""
    of_digest = {digest: asked(item) for digest, item in items.items()}
    found: defaultdict[Asked, list[Take]] = defaultdict(list)
    for sheet in sheets:
        for slot in sheet.slots:
            found[of_digest[slot.item_digest]].append((sheet, slot))
    return dict(found)


def line(number: int, takes: Sequence[Take], items: Mapping[str, Item], reviews: Reviews) -> QuestionLine:
    """The figures of a question, from where it was asked; what stands out is told once all lines are known."""
    item = items[takes[-1][1].item_digest]
    guess = item.guess_score()
    rests = [sheet.rest(slot) for sheet, slot in takes]
    marks = [float(slot.fraction or 0) for _, slot in takes]
    finals = [_final(sheet, slot) for sheet, slot in takes]
    reviewed = [reviews.of(items[slot.item_digest], slot.item_digest, one.response if one else None)
                for (_, slot), one in zip(takes, finals, strict=True)]  # fmt: skip
    template = item.review(item.correct_response(), item.default_order())
    shape = _shape(template)
    spent = [sheet.seconds[slot.number] for sheet, slot in takes if slot.number in sheet.seconds]
    return QuestionLine(
        number=number,
        item=item,
        versions=len({slot.item_digest for _, slot in takes}),
        shape=shape,
        figures=item_statistics.item_figures(marks, rests, None if guess is None else float(guess)),
        options=_options(template, shape, [review for review, _ in reviewed], rests),
        groups=group_sizes(rests),
        answers=_answers(reviewed) if shape == "text" else (),
        blank=sum(one is None or is_blank(one.response) for one in finals),
        changes=answer_changes(_in_turn(sheet, slot, item, reviews) for sheet, slot in takes),
        seconds=median(spent),
    )


def told(found: QuestionLine, usual_seconds: float | None) -> tuple[Finding, ...]:
    """What stands out in a line."""
    options = found.options if found.shape == "options" else ()
    facts = findings.Question(found.figures, options, found.groups, found.changes, found.seconds, usual_seconds)
    return tuple(findings.of_question(facts))


def _final(sheet: Sheet, slot: SatSlot) -> Given | None:
    given = sheet.answers.get(slot.number, ())
    return given[-1] if given else None


def _shape(template: Review) -> Shape:
    offered = [one for one in template.lines if one.offered]
    if not offered:
        return "text"
    return "rows" if any(one.key is not None for one in offered) else "options"


def _options(
    template: Review, shape: Shape, reviews: Sequence[Review], rests: Sequence[float]
) -> tuple[OptionFigures, ...]:
    """Who chose each option, or had each row right."""
    if shape == "text":
        return ()
    lines = [{_key(one): one for one in review.lines} for review in reviews]
    wanted = [one for one in template.lines if one.offered]
    wanted = sorted(wanted, key=lambda one: one.text) if shape == "rows" else wanted
    return tuple(
        option_figures(one.text, bool(one.correct), [_took(found.get(_key(one)), shape) for found in lines], rests)
        for one in wanted
    )


def _key(one: ReviewLine) -> tuple[str, str | None]:
    return one.text, one.part


def _took(one: ReviewLine | None, shape: Shape) -> bool:
    return one is not None and one.chosen and (shape == "options" or bool(one.correct))


def _answers(reviewed: Iterable[tuple[Review, float]]) -> tuple[tuple[str, int, float], ...]:
    """What was written most, as written; other spellings of the same stand apart."""
    numbers = Counter((review.given, earned) for review, earned in reviewed if review.given)
    return tuple((given, count, earned) for (given, earned), count in numbers.most_common(MOST_ANSWERS))


def _in_turn(sheet: Sheet, slot: SatSlot, item: Item, reviews: Reviews) -> list[tuple[object, float]]:
    """The whole answers that a student gave in turn, with what each earns; half-written ones are left out."""
    whole = [
        one
        for one in sheet.answers.get(slot.number, ())
        if not is_blank(one.response) and (item.type in ONE_CLICK or id(one) in sheet.settled)
    ]
    return [
        (json.dumps(one.response, sort_keys=True), reviews.of(item, slot.item_digest, one.response)[1]) for one in whole
    ]
