"""Common questions as items: what a foreign file says, with what had to be assumed or left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from quizapp.domain.entry import KEBAB, InvalidEntry, Place, Problem
from quizapp.domain.exchange import Arrival, Arrivals, Defaults, Remark, UnreadableFile
from quizapp.domain.items import ITEM_TYPES, build
from quizapp.domain.marking import rounded
from quizapp.formats.common_answers import READERS, Making
from quizapp.formats.common_from_item import decimal_text
from quizapp.formats.common_question import (
    DISPUTED,
    EVIDENCE,
    LONGEST_ID,
    NO_SOURCE,
    READ_FIRST,
    STEM_LABELS,
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
MOST_QUESTIONS = 2000
_ID = re.compile(KEBAB)
_DISPUTE = re.compile(rf"https?://\S*/disputes/({KEBAB})")


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
    made = Making(question, {"id": item_id}, list(question.remarks))
    _shared(made, defaults)
    READERS[made.entry["type"]](made)
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


def _shared(made: Making, defaults: Defaults) -> None:
    """What items of every type have."""
    question, entry, tags = made.question, made.entry, made.question.tags
    entry["topic"] = question.topic if _ID.fullmatch(question.topic) else defaults.topic
    entry["type"] = _type(made)
    _stem(made)
    entry["difficulty"] = next(
        (int(one) for one in tag_values(tags, "difficulty") if one in ("1", "2", "3", "4", "5")), None
    )
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


def _type(made: Making) -> str:
    question = made.question
    named = next(iter(tag_values(question.tags, "type")), "")
    right = sum(answer.is_right for answer in question.answers)
    if named in ITEM_TYPES and question.kind in KINDS_OF_TYPE[named]:
        return named
    if question.kind == "choices" and right == 1:
        return "single_choice"
    return TYPE_OF_KIND[question.kind]


def _stem(made: Making) -> None:
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


def _explanation(made: Making, defaults: Defaults) -> None:
    text, evidence = taken(clean(made.question.feedback), EVIDENCE)
    lines = text.split("\n")
    disputes = [found[1] for line in lines if (found := _dispute(line))]
    lines = [line for line in lines if not _dispute(line)]
    unsourced = [line.removeprefix(f"{NO_SOURCE}: ") for line in lines if line.startswith(f"{NO_SOURCE}: ")]
    lines = [line for line in lines if not line.startswith(f"{NO_SOURCE}: ")]
    made.entry.update({"unsourced": unsourced[0]} if unsourced and unsourced[0].strip() else {})
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
