"""Items as common questions: what every exchange format but our own can say of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from quizapp.domain.historical_date import CHANGE, MONTHS, HistoricalDate, converted, day_number
from quizapp.domain.item import Item
from quizapp.domain.items.corroboration import WORDS, Corroboration
from quizapp.domain.items.date import Date, WrittenDate
from quizapp.domain.items.evidence import EvidenceItem
from quizapp.domain.items.matching import Matching
from quizapp.domain.items.multiple_choice import MultipleChoice
from quizapp.domain.items.numerical import Numerical
from quizapp.domain.items.ordering import Ordering
from quizapp.domain.items.short_answer import ShortAnswer
from quizapp.domain.items.single_choice import SingleChoice
from quizapp.domain.items.true_false import TrueFalse
from quizapp.domain.marking import FULL, ZERO, ratio
from quizapp.domain.option import Option
from quizapp.domain.wrong_answer import WrongAnswer
from quizapp.formats.common_question import (
    DISPUTED,
    EVIDENCE,
    NO_SOURCE,
    READ_FIRST,
    TRUE_IN,
    CommonAnswer,
    CommonQuestion,
    Kind,
    clean,
)
from quizapp.formats.evidence_lines import Links, lines

STYLE_NAMES = {"julian": "Old Style", "gregorian": "New Style", "unstated": "calendar not stated"}
Answers = tuple[CommonAnswer, ...]


def common(item: Item, links: Links) -> CommonQuestion:
    """The item as a common question."""
    kind, make = MAKERS[item.type]
    first = _first_part(item) if isinstance(item, EvidenceItem) else None
    answers = tuple(map(_printable, make(item, links)))
    several = kind == "choice" and sum(one.is_right for one in answers) > 1
    return CommonQuestion(
        kind="choices" if several else kind,
        name=item.id,
        stem=clean(_stem(item, links)),
        answers=answers,
        feedback=clean(_feedback(item, links)),
        topic=item.topic,
        tags=tuple(_tags(item)),
        marks=item.marks,
        first=first,
    )


def _printable(answer: CommonAnswer) -> CommonAnswer:
    text, feedback, match = map(clean, (answer.text, answer.feedback, answer.match))
    return replace(answer, text=text, feedback=feedback, match=match)


def _stem(item: Item, links: Links) -> str:
    """The stem, and below it what a student needs besides, each in a line that says what it is."""
    labelled = {
        "Claim": getattr(item, "claim", None),
        "Whose view": item.attributed_to,
        "Unit": item.key.unit if isinstance(item, Numerical) else None,
        "Content note": item.note,
        "Hint": item.hint,
    }
    more = [f"{label}: {text}" for label, text in labelled.items() if text]
    more += [f"{READ_FIRST}: {links.passage(ref)}" for ref in item.show]
    return "\n".join([item.stem, "", *more]) if more else item.stem


def _feedback(item: Item, links: Links) -> str:
    """The explanation, the evidence, what is said of rows that have no feedback of their own, and the disputes."""
    rows = [line for row in _rows(item) for line in _row_lines(row, links)]
    disputes = [f"{DISPUTED}: {links.base.rstrip('/')}/disputes/{name}" for name in item.disputes]
    unsourced = [f"{NO_SOURCE}: {item.unsourced}"] if item.unsourced else []
    return "\n".join([item.explanation, *lines(EVIDENCE, item.evidence, links), *unsourced, *rows, *disputes])


def _rows(item: Item) -> Sequence[tuple[str, Any]]:
    """The parts of an item whose feedback and evidence other systems have no place for, by their texts."""
    if isinstance(item, Matching):
        return [*((one.text, one) for one in item.options), *((one.answer, one) for one in item.wrong)]
    if isinstance(item, Ordering):
        return [(one.text, one) for one in item.options]
    if isinstance(item, Corroboration):
        return [(one.passage, one) for one in item.options]
    return []


def _row_lines(row: tuple[str, Any], links: Links) -> list[str]:
    text, one = row
    feedback = getattr(one, "feedback", None)
    evidence = (one.evidence(),) if callable(one.evidence) else one.evidence
    said = [f"On “{text}”: {feedback}"] if feedback else []
    return said + lines(f"{EVIDENCE} on “{text}”", evidence, links)


def _tags(item: Item) -> Iterable[str]:
    """The item's tags, and what else of it has no place elsewhere."""
    yield from item.tags
    yield from (f"type:{item.type}", f"difficulty:{item.difficulty}", f"skill:{item.skill}")
    for name in ("credit", "near_miss"):
        if name in type(item).model_fields and getattr(item, name) != type(item).model_fields[name].default:
            yield f"{name.replace('_', '-')}:{getattr(item, name)}"
    yield from (f"not-with:{other}" for other in item.not_with)
    yield from (name for name, holds in (("needs-text", item.needs_text), ("because", item.because)) if holds)
    for i, option in enumerate(getattr(item, "options", ()), 1):
        if pin := getattr(option, "pin", None):
            yield f"pin:{i}:{pin}"
        if getattr(option, "tie", False):
            yield f"tie:{i}"


def _option_feedback(option: Option | WrongAnswer, links: Links) -> str:
    said = [option.feedback] if option.feedback else []
    true_in = [f"{TRUE_IN}: {links.passage(option.true_in)}"] if isinstance(option, Option) and option.true_in else []
    return "\n".join([*said, *lines(EVIDENCE, option.evidence, links), *true_in])


def _single(item: SingleChoice, links: Links) -> Answers:
    return tuple(
        CommonAnswer(one.text, FULL if one.correct else ZERO, _option_feedback(one, links), id=one.id)
        for one in item.options
    )


def _several(item: MultipleChoice, links: Links) -> Answers:
    """A wrong choice takes away as much as a right one earns; all of it, where only exactly the right ones earn any."""
    right = ratio(1, sum(one.correct for one in item.options))
    wrong = -FULL if item.credit == "all_or_nothing" else -right
    return tuple(
        CommonAnswer(one.text, right if one.correct else wrong, _option_feedback(one, links), id=one.id)
        for one in item.options
    )


def _true_false(item: TrueFalse, links: Links) -> Answers:
    feedback = _option_feedback(item.wrong[0], links) if item.wrong else ""
    return tuple(
        CommonAnswer(text, FULL if value is item.key else ZERO, "" if value is item.key else feedback, id=text.lower())
        for text, value in (("True", True), ("False", False))
    )


def _texts(item: ShortAnswer, links: Links) -> Answers:
    right = [CommonAnswer(text, FULL) for text in item.answers()]
    return (*right, *(CommonAnswer(one.answer, ZERO, _option_feedback(one, links)) for one in item.wrong))


def _numbers(item: Numerical, links: Links) -> Answers:
    tolerance = item.key.tolerance
    wrong = (
        CommonAnswer(str(one.answer), ZERO, _option_feedback(one, links), tolerance=tolerance) for one in item.wrong
    )
    return (CommonAnswer(str(item.key.value), FULL, tolerance=tolerance), *wrong)


def _dates(item: Date, links: Links) -> Answers:
    """Each date once with its calendar, as it is read back here, then as students elsewhere will type it."""
    right = [(date, FULL, "") for date in (item.key, *item.key.accept)]
    wrong = [(one.answer, ZERO, _option_feedback(one, links)) for one in item.wrong]
    answers = [
        CommonAnswer(text, fraction, feedback)
        for date, fraction, feedback in (*right, *wrong)
        for text in (exactly(date), *spellings(date.parsed()))
    ]
    seen: set[str] = set()
    return tuple(one for one in answers if not (one.text in seen or seen.add(one.text)))  # type: ignore[func-returns-value]


def exactly(date: WrittenDate) -> str:
    """The date with its calendar: 1917-11-07 (New Style)."""
    return f"{date.date} ({STYLE_NAMES[date.calendar]})"


def spellings(date: HistoricalDate) -> list[str]:
    """How people write the date, in either calendar where both count."""
    days = [date]
    if date.precision == "day" and date.calendar != "unstated" and day_number(date) < CHANGE:
        days.append(converted(date))
    return [text for one in days for text in _spelt(one)]


def _spelt(date: HistoricalDate) -> list[str]:
    year = str(date.year)
    if date.month is None:
        return [year]
    month = MONTHS[date.month - 1]
    if date.day is None:
        return [f"{month} {year}"]
    return [f"{date.day} {month} {year}", f"{month} {date.day}, {year}", f"{year}-{date.month:02d}-{date.day:02d}"]


def _ordered(item: Ordering, _links: Links) -> Answers:
    ranks, rank = [], 0
    for option in item.options:
        rank += not option.tie
        ranks.append(rank)
    return tuple(
        CommonAnswer(option.text, FULL, match=str(rank), id=option.id)
        for option, rank in zip(item.options, ranks, strict=True)
    )


def _matched(item: Matching, _links: Links) -> Answers:
    rows = [CommonAnswer(one.text, ratio(1, len(item.options)), match=one.match, id=one.id) for one in item.options]
    return (*rows, *(CommonAnswer("", match=one.answer) for one in item.wrong))


def _compared(item: Corroboration, links: Links) -> Answers:
    rows = [
        CommonAnswer(links.passage(one.passage), ratio(1, len(item.options)), match=WORDS[one.key], id=one.id)
        for one in item.options
    ]
    used = {one.key for one in item.options}
    return (*rows, *(CommonAnswer("", match=word) for key, word in WORDS.items() if key not in used))


def _quotes(item: EvidenceItem, links: Links) -> Answers:
    right = ratio(1, sum(one.correct for one in item.options))
    wrong = ZERO if right == FULL else -right
    return tuple(
        CommonAnswer(
            one.text,
            right if one.correct else wrong,
            "\n".join([*([one.feedback] if one.feedback else []), *lines(EVIDENCE, (one.evidence(),), links)]),
            id=one.id,
        )
        for one in item.options
    )


def _first_part(item: EvidenceItem) -> CommonQuestion | None:
    if item.answer is None:
        return None
    answers = tuple(
        CommonAnswer(one.text, FULL if one.correct else ZERO, one.feedback or "", id=one.id)
        for one in item.answer.options
    )
    pins = tuple(f"pin:{i}:{one.pin}" for i, one in enumerate(item.answer.options, 1) if one.pin)
    return CommonQuestion("choice", item.id, item.answer.stem, answers, tags=pins)


Maker = Callable[[Any, Links], Answers]
MAKERS: dict[str, tuple[Kind, Maker]] = {
    "single_choice": ("choice", _single),
    "multiple_choice": ("choices", _several),
    "true_false": ("true_false", _true_false),
    "short_answer": ("text", _texts),
    "numerical": ("number", _numbers),
    "date": ("text", _dates),
    "ordering": ("order", _ordered),
    "matching": ("matching", _matched),
    "evidence": ("choice", _quotes),
    "corroboration": ("matching", _compared),
}


def elsewhere(item: Item) -> list[str]:
    """What other systems will do otherwise with this item, though it comes back here as it was."""
    found = [text for holds, text in _DIFFERENCES if holds(item)]
    if item.because:
        found.append("no reason is asked for")
    if item.show:
        found.append("its passages are shown by their addresses only")
    return found


def _credit(item: Any, *values: str) -> bool:
    return getattr(item, "credit", None) in values


_DIFFERENCES: tuple[tuple[Callable[[Any], bool], str], ...] = (
    (lambda item: _credit(item, "each_option", "all_or_nothing") and item.type == "multiple_choice",
     "each right choice counts and each wrong one takes away, whatever the rule of credit here"),
    (lambda item: item.type == "ordering", "the order is marked by the other system’s own rule"),
    (lambda item: item.type == "short_answer" and item.near_miss != "none", "spelling slips are not forgiven"),
    (lambda item: item.type == "date", "a date counts only as spelt in one of its answers"),
    (lambda item: item.type in ("evidence", "corroboration"),
     "its passages are named by their addresses, and there is no evidence mark of its own"),
    (lambda item: any(callable(one) or one for _, row in _rows(item) for one in (cast(Any, row).evidence,)),
     "evidence and feedback on its parts stand together in the general feedback"),
)  # fmt: skip


def decimal_text(value: Decimal) -> str:
    """A decimal without an exponent or needless zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
