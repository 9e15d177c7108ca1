"""What each item type makes of a common question: its key, its options, its foreseen wrong answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from quizapp.domain.entry import KEBAB
from quizapp.domain.items.corroboration import WORDS
from quizapp.domain.marking import FULL
from quizapp.formats.common_from_item import STYLE_NAMES, decimal_text
from quizapp.formats.common_question import (
    EVIDENCE,
    LONGEST_ID,
    TRUE_IN,
    CommonAnswer,
    CommonQuestion,
    clean,
    slug,
    tag_values,
    unique,
)
from quizapp.formats.evidence_lines import cited, taken

_EXACT_DATE = re.compile(r"(\d{4}(?:-\d\d){0,2}) \((.+)\)")
_ID = re.compile(KEBAB)
CALENDARS = {name: calendar for calendar, name in STYLE_NAMES.items()}
KEYS = {word: key for key, word in WORDS.items()}


@dataclass
class Making:
    """An item on its way: its entry, and what is to be said about it."""

    question: CommonQuestion
    entry: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        """Adds a remark."""
        self.remarks.append(text)


def _rows_of(made: Making, text: str) -> dict[str, Any]:
    """What the general feedback says of the row of this text: its feedback and evidence."""
    head = f"On “{text}”: "
    feedback = [line.removeprefix(head) for line in made.entry["rows"] if line.startswith(head)]
    _, evidence = taken("\n".join(made.entry["rows"]), f"{EVIDENCE} on “{text}”")
    return _filled({"feedback": "\n".join(feedback), "evidence": evidence})


def _filled(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in ("", [], None, False)}


def _feedback(answer: CommonAnswer) -> dict[str, Any]:
    """An answer's feedback, its evidence, and where it would be true."""
    text, evidence = taken(clean(answer.feedback), EVIDENCE)
    text, true_in = taken(text, TRUE_IN)
    place = true_in[0]["passage"] if true_in else ""
    return _filled({"feedback": clean(text), "evidence": evidence, "true_in": place})


def _ids(answers: Sequence[CommonAnswer], text: Callable[[CommonAnswer], str]) -> list[str]:
    """An id for each option: its own, or one that its text gives."""
    return unique(
        one.id if _ID.fullmatch(one.id) and len(one.id) <= LONGEST_ID else slug(text(one), f"option-{i}")
        for i, one in enumerate(answers, 1)
    )


def _options(question: CommonQuestion) -> list[dict[str, Any]]:
    """The options of a question to choose from."""
    pins = dict(one.split(":", 1) for one in tag_values(question.tags, "pin") if ":" in one)
    ids = _ids(question.answers, lambda one: one.text)
    return [
        _filled(
            {
                "id": ids[i],
                "text": clean(one.text),
                "correct": one.is_right,
                **_feedback(one),
                "pin": pins.get(str(i + 1)),
            }
        )
        for i, one in enumerate(question.answers)
    ]


def _choice(made: Making) -> None:
    made.entry["options"] = _options(made.question)
    if any(0 < one.fraction < FULL for one in made.question.answers) and made.question.kind == "choice":
        made.say("options that earn part of the mark count as right")
    _drop_rows(made)


def _choices(made: Making) -> None:
    _choice(made)
    right = [one.fraction for one in made.question.answers if one.is_right]
    wrong = [one.fraction for one in made.question.answers if not one.is_right]
    if credit := next(iter(tag_values(made.question.tags, "credit")), ""):
        made.entry["credit"] = credit
    elif not (right and max(right) - min(right) < Decimal("0.01") and all(abs(one + right[0]) < 1 for one in wrong)):
        made.say("the marks of its choices are not carried: each right one counts, each wrong one takes as much away")


def _drop_rows(made: Making) -> None:
    rows = made.entry.pop("rows", [])
    if rows:
        made.entry["explanation"] = "\n".join([made.entry["explanation"], *rows])


def _true_false(made: Making) -> None:
    answers = {clean(one.text).casefold(): one for one in made.question.answers}
    right = [text for text, one in answers.items() if one.is_right]
    made.entry["key"] = right[0] == "true" if len(right) == 1 else None
    wrong = [_feedback(one) for one in answers.values() if not one.is_right]
    made.entry["wrong"] = [one for one in wrong if one]
    for one in made.entry["wrong"]:
        one.pop("true_in", None)
    _drop_rows(made)


def _wrong(answers: Iterable[CommonAnswer], read: Callable[[CommonAnswer], Any]) -> list[dict[str, Any]]:
    found = [{"answer": read(one), **_feedback(one)} for one in answers]
    return [{name: value for name, value in one.items() if name != "true_in"} for one in found]


def _text(made: Making) -> None:
    answers = [one for one in made.question.answers if clean(one.text)]
    if any(clean(one.text) == "*" for one in answers):
        made.say("its feedback for any other answer is left out")
        answers = [one for one in answers if clean(one.text) != "*"]
    if any(0 < one.fraction < FULL for one in answers):
        made.say("answers that earn part of the mark count as right from a half on, else as wrong")
    right = [clean(one.text) for one in answers if one.fraction >= Decimal("0.5")]
    key = {"text": right[0], "accept": right[1:]} if right else {"text": ""}
    made.entry["key"] = {name: value for name, value in key.items() if value or name == "text"}
    made.entry["wrong"] = _wrong((one for one in answers if one.fraction < Decimal("0.5")), lambda one: clean(one.text))
    if near := tag_values(made.question.tags, "near-miss"):
        made.entry["near_miss"] = near[0]
    _drop_rows(made)


def _number(made: Making) -> None:
    right = [one for one in made.question.answers if one.is_right]
    wrong = [one for one in made.question.answers if not one.is_right and clean(one.text) not in ("", "*")]
    if len(right) > 1:
        made.say("more than one right number: only the first is taken")
    key = right[0] if right else CommonAnswer("")
    made.entry["key"] = _filled({"tolerance": _tolerance(key), "unit": made.entry.pop("unit", "")})
    made.entry["key"]["value"] = clean(key.text)
    made.entry["wrong"] = _wrong(wrong, lambda one: clean(one.text))
    _drop_rows(made)


def _tolerance(answer: CommonAnswer) -> str:
    return decimal_text(answer.tolerance) if answer.tolerance else ""


def _date(made: Making) -> None:
    """Of a date's many spellings the exact ones, which name the calendar."""
    found = [(one, exact) for one in made.question.answers if (exact := _EXACT_DATE.fullmatch(clean(one.text)))]
    dates = [(one, {"date": e[1], "calendar": CALENDARS.get(e[2], e[2])}) for one, e in found]
    right = [date for one, date in dates if one.is_right]
    made.entry["key"] = {**right[0], **_filled({"accept": right[1:]})} if right else {}
    by_answer = {id(one): date for one, date in dates}
    made.entry["wrong"] = _wrong((one for one, _ in dates if not one.is_right), lambda one: by_answer[id(one)])
    _drop_rows(made)


def _ordering(made: Making) -> None:
    """Things with their ranks, or in their order alone; equal ranks tie."""
    answers = [one for one in made.question.answers if clean(one.text)]
    ranks = [int(one.match) if one.match.strip().isdecimal() and len(one.match) < 5 else None for one in answers]
    if all(rank is not None for rank in ranks):
        order = sorted(range(len(answers)), key=lambda i: ranks[i] or 0)
        answers, ranks = [answers[i] for i in order], [ranks[i] for i in order]
    ids = _ids(answers, lambda one: one.text)
    made.entry["options"] = [
        _filled(
            {
                "id": ids[i],
                "text": clean(one.text),
                "tie": i > 0 and ranks[i] is not None and ranks[i] == ranks[i - 1],
                "evidence": _rows_of(made, clean(one.text)).get("evidence", []),
            }
        )
        for i, one in enumerate(answers)
    ]
    if credit := tag_values(made.question.tags, "credit"):
        made.entry["credit"] = credit[0]
    made.entry.pop("rows")


def _matching(made: Making) -> None:
    rows = [one for one in made.question.answers if clean(one.text)]
    ids = _ids(rows, lambda one: one.text)
    made.entry["options"] = [
        {"id": ids[i], "text": clean(one.text), "match": clean(one.match), **_rows_of(made, clean(one.text))}
        for i, one in enumerate(rows)
    ]
    extra = [clean(one.match) for one in made.question.answers if not clean(one.text)]
    made.entry["wrong"] = [{"answer": text, **_rows_of(made, text)} for text in extra if text]
    made.entry.pop("rows")


def _corroboration(made: Making) -> None:
    rows = [(one, found["passage"]) for one in made.question.answers if (found := cited(clean(one.text)))]
    ids = _ids([one for one, _ in rows], lambda one: one.text.rpartition("/")[2])
    made.entry["options"] = []
    for i, (one, passage) in enumerate(rows):
        said = _rows_of(made, passage)
        evidence: dict[str, Any] = next(iter(said.pop("evidence", [])), {})
        key = KEYS.get(clean(one.match), clean(one.match))
        made.entry["options"].append({"id": ids[i], "passage": passage, "key": key, **evidence, **said})
    made.entry.pop("rows")


def _evidence(made: Making) -> None:
    question = made.question
    ids = _ids(question.answers, lambda one: one.text)
    made.entry["options"] = []
    for i, one in enumerate(question.answers):
        said = _feedback(one)
        quoted: dict[str, Any] = next(iter(said.pop("evidence", [])), {})
        made.entry["options"].append(_filled({"id": ids[i], **quoted, "correct": one.is_right, **said}))
    if question.first:
        made.entry["answer"] = {"stem": clean(question.first.stem), "options": _options(question.first)}
    _drop_rows(made)


READERS: dict[str, Callable[[Making], None]] = {
    "single_choice": _choice,
    "multiple_choice": _choices,
    "true_false": _true_false,
    "short_answer": _text,
    "numerical": _number,
    "date": _date,
    "ordering": _ordering,
    "matching": _matching,
    "evidence": _evidence,
    "corroboration": _corroboration,
}
