"""Common questions as items: what a foreign file says, with what had to be assumed or left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from quizapp.domain.entry import KEBAB, InvalidEntry, Place, Problem
from quizapp.domain.exchange import Arrival, Arrivals, Defaults, Remark, UnreadableFile
from quizapp.domain.items import ITEM_TYPES, build
from quizapp.domain.items.corroboration import WORDS
from quizapp.domain.marking import FULL, rounded
from quizapp.formats.common_from_item import STYLE_NAMES, decimal_text
from quizapp.formats.common_question import (
    DISPUTED,
    EVIDENCE,
    LONGEST_ID,
    READ_FIRST,
    STEM_LABELS,
    TRUE_IN,
    CommonAnswer,
    CommonQuestion,
    clean,
    slug,
    tag_values,
    unique,
)
from quizapp.formats.evidence_lines import cited, taken

TYPE_OF_KIND = {
    "choice": "single_choice", "choices": "multiple_choice", "true_false": "true_false", "text": "short_answer",
    "number": "numerical", "matching": "matching", "order": "ordering",
}  # fmt: skip
KINDS_OF_TYPE = {
    "date": {"text"},
    "ordering": {"order", "matching"},
    "evidence": {"choice", "choices"},
    "corroboration": {"matching"},
    **{name: {kind} for kind, name in TYPE_OF_KIND.items() if kind != "order"},
}
_OWN_TAG = re.compile(
    r"(?:type|difficulty|skill|credit|near-miss|not-with|pin|tie|marks|option):.+|needs-text|because", re.DOTALL
)
_EXACT_DATE = re.compile(r"(\d{4}(?:-\d\d){0,2}) \((.+)\)")
MOST_QUESTIONS = 2000
_ID = re.compile(KEBAB)
_DISPUTE = re.compile(rf"https?://\S*/disputes/({KEBAB})")
CALENDARS = {name: calendar for calendar, name in STYLE_NAMES.items()}
KEYS = {word: key for key, word in WORDS.items()}


@dataclass
class _Making:
    """An item on its way: its entry, and what is to be said about it."""

    question: CommonQuestion
    entry: dict[str, Any] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.remarks.append(text)


Locate = Callable[[CommonQuestion, Place], str]


def arrivals(
    questions: Iterable[CommonQuestion], defaults: Defaults, more: Sequence[Remark] = (), locate: Locate | None = None
) -> Arrivals:
    """The questions as items; ids are unique within the file. ``locate`` says where a part of a question stands."""
    listed = list(questions)
    if len(listed) > MOST_QUESTIONS:
        raise UnreadableFile(f"The file holds {len(listed):,} questions; {MOST_QUESTIONS:,} are the most that is read.")
    ids = unique(_id(question, i) for i, question in enumerate(listed, 1))
    where = locate or (lambda question, _place: question.place)
    made = (_arrival(question, one, defaults, where) for question, one in zip(listed, ids, strict=True))
    return Arrivals(tuple(made), tuple(more))


def _id(question: CommonQuestion, number: int) -> str:
    name = clean(question.name)
    if _ID.fullmatch(name) and len(name) <= LONGEST_ID:
        return name
    return slug(name or question.stem, f"question-{number}", 60)


def _arrival(question: CommonQuestion, item_id: str, defaults: Defaults, locate: Locate) -> Arrival:
    made = _Making(question, {"id": item_id}, list(question.remarks))
    _shared(made, defaults)
    _READERS[made.entry["type"]](made)
    place, title = question.place or item_id, clean(question.stem).split("\n")[0][:120] or item_id
    remarks = tuple(Remark(place, text) for text in dict.fromkeys(made.remarks))
    try:
        item, problems = build(made.entry), question.faults
    except InvalidEntry as error:
        said = tuple(_said(locate(question, one.place), one) for one in error.problems)
        item, problems = None, question.faults or said
    return Arrival(place, title, None if problems else item, problems, remarks)


# What a mistake is called for whoever wrote a file in which there are no fields.
_PLAINLY = (
    ("no key", "no answer is marked as right"),
    ("key text: is empty", "no answer is given as right"),
    ("key value: ", "the right answer is not one number"),
    ("key date: ", "no date is given as right, such as 1917-11-07 (New Style)"),
    ("one right option only", "only one of its answers is right: it is a question with a single choice"),
    ("a second key", "more than one answer is marked as right"),
    ("every option is correct", "all of its answers are right: there is nothing to choose"),
)


def _said(place: str, problem: Problem) -> Remark:
    message = _in_full(problem)
    return Remark(place, next((plain for term, plain in _PLAINLY if term in message), message))


def _in_full(problem: Problem) -> str:
    way = " ".join(str(part + 1) if isinstance(part, int) else part.replace("_", " ") for part in problem.place)
    return f"{way}: {problem.message}" if way else problem.message


def _shared(made: _Making, defaults: Defaults) -> None:
    """What items of every type have."""
    question, entry, tags = made.question, made.entry, made.question.tags
    entry["topic"] = question.topic if _ID.fullmatch(question.topic) else defaults.topic
    entry["type"] = _type(made)
    _stem(made)
    entry["difficulty"] = next((int(one) for one in tag_values(tags, "difficulty") if one in "12345"), None)
    entry["skill"] = next(iter(tag_values(tags, "skill")), None)
    if entry["difficulty"] is None or entry["skill"] is None:
        made.say(f"no difficulty or skill: taken as difficulty {defaults.difficulty}, {defaults.skill}")
        entry["difficulty"], entry["skill"] = entry["difficulty"] or defaults.difficulty, defaults.skill
    _explanation(made, defaults)
    marks = next(iter(tag_values(tags, "marks")), "") or decimal_text(rounded(question.marks))
    own = [tag for tag in map(clean, tags) if tag and not _OWN_TAG.fullmatch(tag)]
    flags = {name.replace("-", "_"): True for name in ("needs-text", "because") if name in tags}
    listed = {"tags": own, "not_with": tag_values(tags, "not-with")}
    entry.update(flags, **({} if marks == "1" else {"marks": marks}))
    entry.update({name: values for name, values in listed.items() if values})


def _type(made: _Making) -> str:
    question = made.question
    named = next(iter(tag_values(question.tags, "type")), "")
    right = sum(answer.is_right for answer in question.answers)
    if named in ITEM_TYPES and question.kind in KINDS_OF_TYPE[named]:
        return named
    if question.kind == "choices" and right == 1:
        return "single_choice"
    return TYPE_OF_KIND[question.kind]


def _stem(made: _Making) -> None:
    """The stem, and what the labelled lines below it say."""
    lines = clean(made.question.stem).split("\n")
    shown: list[str] = []
    while len(lines) > 1:
        label, _, rest = lines[-1].partition(": ")
        passage = cited(rest) if label == READ_FIRST else None
        if passage:
            shown.insert(0, passage["passage"])
        elif label in STEM_LABELS and rest:
            made.entry[STEM_LABELS[label]] = rest
        elif lines[-1].strip():
            break
        lines.pop()
    made.entry["stem"] = "\n".join(lines)
    if shown:
        made.entry["show"] = shown


def _explanation(made: _Making, defaults: Defaults) -> None:
    text, evidence = taken(clean(made.question.feedback), EVIDENCE)
    lines = text.split("\n")
    disputes = [found[1] for line in lines if (found := _dispute(line))]
    lines = [line for line in lines if not _dispute(line)]
    rows = [line for line in lines if _row(line)]
    made.entry["explanation"] = "\n".join(line for line in lines if line not in rows).strip()
    made.entry["rows"] = rows
    if not made.entry["explanation"]:
        made.entry["explanation"] = defaults.explanation
        made.say("no general feedback: the explanation is to be written")
    made.entry.update({name: found for name, found in (("evidence", evidence), ("disputes", disputes)) if found})


def _dispute(line: str) -> re.Match[str] | None:
    return _DISPUTE.fullmatch(line.removeprefix(f"{DISPUTED}: ")) if line.startswith(f"{DISPUTED}: ") else None


def _row(line: str) -> bool:
    return line.startswith((f"{EVIDENCE} on “", "On “")) and "”: " in line


def _rows_of(made: _Making, text: str) -> dict[str, Any]:
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


def _choice(made: _Making) -> None:
    made.entry["options"] = _options(made.question)
    if any(0 < one.fraction < FULL for one in made.question.answers) and made.question.kind == "choice":
        made.say("options that earn part of the mark count as right")
    _drop_rows(made)


def _choices(made: _Making) -> None:
    _choice(made)
    right = [one.fraction for one in made.question.answers if one.is_right]
    wrong = [one.fraction for one in made.question.answers if not one.is_right]
    if credit := next(iter(tag_values(made.question.tags, "credit")), ""):
        made.entry["credit"] = credit
    elif not (right and max(right) - min(right) < Decimal("0.01") and all(abs(one + right[0]) < 1 for one in wrong)):
        made.say("the marks of its choices are not carried: each right one counts, each wrong one takes as much away")


def _drop_rows(made: _Making) -> None:
    rows = made.entry.pop("rows", [])
    if rows:
        made.entry["explanation"] = "\n".join([made.entry["explanation"], *rows])


def _true_false(made: _Making) -> None:
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


def _text(made: _Making) -> None:
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


def _number(made: _Making) -> None:
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


def _date(made: _Making) -> None:
    """Of a date's many spellings the exact ones, which name the calendar."""
    found = [(one, exact) for one in made.question.answers if (exact := _EXACT_DATE.fullmatch(clean(one.text)))]
    dates = [(one, {"date": e[1], "calendar": CALENDARS.get(e[2], e[2])}) for one, e in found]
    right = [date for one, date in dates if one.is_right]
    made.entry["key"] = {**right[0], **_filled({"accept": right[1:]})} if right else {}
    by_answer = {id(one): date for one, date in dates}
    made.entry["wrong"] = _wrong((one for one, _ in dates if not one.is_right), lambda one: by_answer[id(one)])
    _drop_rows(made)


def _ordering(made: _Making) -> None:
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


def _matching(made: _Making) -> None:
    rows = [one for one in made.question.answers if clean(one.text)]
    ids = _ids(rows, lambda one: one.text)
    made.entry["options"] = [
        {"id": ids[i], "text": clean(one.text), "match": clean(one.match), **_rows_of(made, clean(one.text))}
        for i, one in enumerate(rows)
    ]
    extra = [clean(one.match) for one in made.question.answers if not clean(one.text)]
    made.entry["wrong"] = [{"answer": text, **_rows_of(made, text)} for text in extra if text]
    made.entry.pop("rows")


def _corroboration(made: _Making) -> None:
    rows = [(one, found["passage"]) for one in made.question.answers if (found := cited(clean(one.text)))]
    ids = _ids([one for one, _ in rows], lambda one: one.text.rpartition("/")[2])
    made.entry["options"] = []
    for i, (one, passage) in enumerate(rows):
        said = _rows_of(made, passage)
        evidence: dict[str, Any] = next(iter(said.pop("evidence", [])), {})
        key = KEYS.get(clean(one.match), clean(one.match))
        made.entry["options"].append({"id": ids[i], "passage": passage, "key": key, **evidence, **said})
    made.entry.pop("rows")


def _evidence(made: _Making) -> None:
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


_READERS: dict[str, Callable[[_Making], None]] = {
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
