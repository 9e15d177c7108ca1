"""The columns of exports: what each is called, what it says, and where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from quizapp.domain.certainty import LEVELS
from quizapp.formats.sheets import Cell, Column, Kind
from quizapp.services.reading import PassageName
from quizapp.services.scores.seats import Answer, Seat

Names = Mapping[str, PassageName]


@dataclass(frozen=True)
class Field:
    """A column with how its cell is got. ``part`` is what must be wanted for it to be there; empty for always."""

    column: Column
    value: Callable[[Any], Cell]
    part: str = ""


def _field(
    name: str, head: str, meaning: str, value: Callable[[Any], Cell], kind: Kind = "text", *, part: str = "",
    wide: int = 0,
) -> Field:  # fmt: skip
    return Field(Column(name, head, meaning, kind, wide), value, part)


def _of(name: str, default: Cell = None) -> Callable[[Seat], Cell]:
    """A column of the attempt as it is kept."""
    return lambda seat: default if seat.sat is None else getattr(seat.sat, name)


def _minutes(seat: Seat) -> Cell:
    if seat.sat is None or seat.sat.submitted_at is None:
        return None
    return round((seat.sat.submitted_at - seat.sat.started_at).total_seconds() / 60)


WHO = (
    _field("family_name", "Family name", "", lambda seat: seat.student.family_name),
    _field("given_name", "Given name", "", lambda seat: seat.student.given_name),
    _field("username", "Username", "By which they sign in.", lambda seat: seat.student.username),
    _field("student_number", "Student number", "As the school counts them.", lambda seat: seat.student.student_number),
    _field("email", "E-mail", "", lambda seat: seat.student.email, wide=24),
    _field("class", "Class", "Empty for whoever took the quiz outside a class.", lambda seat: seat.block.class_name),
    _field("groups", "Groups", "Of the class, with semicolons between.", lambda seat: seat.groups),
    _field("in_class", "In the class", "No: has left it since, or is in none.", lambda seat: seat.is_here, "yes"),
)
QUIZ = (
    _field("quiz", "Quiz", "Its title now.", lambda seat: seat.title, wide=30),
    _field("attempt", "Attempt", "The student’s first, second … of this quiz; empty where none was begun. Practice "
           "outside the grade is not in the file.", _of("number"), "number"),
)  # fmt: skip
ATTEMPT = (
    _field("state", "State", "not started; working; time is up (nobody has closed it yet); to mark (an answer waits "
           "for a person); done.", lambda seat: seat.state, wide=12),
    _field("mark", "Mark", "In points, after what lateness takes off; exact to seven places.", lambda seat: seat.mark,
           "number"),
    _field("out_of", "Out of", "The points that there were.", _of("available"), "number"),
    _field("percent", "Per cent", "Mark ÷ out of.", lambda seat: seat.percent, "percent"),
    _field("passed", "Passed", "Whether the quiz’s pass mark was reached; empty without one.",
           lambda seat: seat.passed, "yes"),
    _field("late", "Late", "Handed in after the due date; empty without one.", lambda seat: seat.late, "yes"),
    _field("late_percent", "Per cent off", "What lateness takes off the mark.", _of("late_percent"), "number"),
    _field("by_hand", "By hand", "Whether a teacher set the mark of the whole attempt.",
           lambda seat: None if seat.sat is None else seat.sat.set_mark is not None, "yes"),
    _field("comment", "Comment", "The teacher’s words on the attempt.", _of("comment"), wide=30),
    _field("started_at", "Started", "", _of("started_at"), "time", part="times"),
    _field("due_at", "Due", "For this student.", _of("due_at"), "time", part="times"),
    _field("submitted_at", "Submitted", "By hand or by the clock.", _of("submitted_at"), "time", part="times"),
    _field("minutes", "Minutes", "From start to submission.", _minutes, "number", part="times"),
    _field("by_clock", "By the clock", "Whether the time ran out before it was handed in.",
           lambda seat: None if seat.sat is None or seat.sat.submitted_at is None else seat.sat.overdue, "yes",
           part="times"),
    _field("quiz_id", "Quiz id", "", lambda seat: seat.block.quiz, part="versions"),
    _field("quiz_version", "Quiz version", "SHA-256 of the quiz as it was set then.", _of("quiz_digest"),
           part="versions"),
    _field("attempt_id", "Attempt id", "The same in every sheet.",
           lambda seat: None if seat.sat is None else str(seat.sat.id), part="versions"),
)  # fmt: skip


def _certainty(answer: Answer) -> Cell:
    level = answer.slot.certainty
    return None if level is None else LEVELS.get(level)


QUESTION = (
    _field("question", "Question", "Its number in this attempt; orders may differ.", lambda one: one.slot.number,
           "number"),
    _field("item", "Question id", "The same in every attempt.", lambda one: one.slot.item),
    _field("stem", "Text", "What was asked.", lambda one: one.item.stem, wide=50),
    _field("type", "Type", "", lambda one: one.item.type),
    _field("topic", "Topic", "", lambda one: one.item.topic),
    _field("skill", "Skill", "", lambda one: one.item.skill),
    _field("difficulty", "Difficulty", "1 easy … 5 hard.", lambda one: one.item.difficulty, "number"),
    _field("answer", "Answer", "In words; empty where blank.", lambda one: one.given or None, part="answers", wide=40),
    _field("because", "Because", "The reason given, where a question asks for one.", lambda one: one.slot.because,
           part="answers", wide=40),
    _field("right_answer", "Right answer", "As it was then.", lambda one: one.key, part="answers", wide=40),
    _field("fraction", "Fraction", "Of the mark, 0 to 1; empty while it waits for a person.",
           lambda one: one.slot.fraction, "number"),
    _field("mark", "Mark", "Fraction × out of, before lateness.", lambda one: one.slot.mark, "number"),
    _field("out_of", "Out of", "", lambda one: one.slot.available, "number"),
    _field("answer_mark", "Mark of the answer", "Where a question asks for its evidence too.",
           lambda one: one.part("answer"), "number"),
    _field("evidence_mark", "Mark of the evidence", "Where a question asks for its evidence too.",
           lambda one: one.part("evidence"), "number"),
    _field("reason", "Why", "The reason of the mark.", lambda one: one.slot.reason, wide=40),
    _field("comment", "Comment", "The teacher’s words on the answer.", lambda one: one.slot.comment, wide=30),
    _field("certainty", "How sure", "Where the quiz asks; never marked.", _certainty),
    _field("flagged", "Flagged", "By the student, for later.", lambda one: one.slot.flagged, "yes"),
    _field("shown_at", "Shown", "For the first time.", lambda one: one.slot.first_shown_at, "time", part="times"),
    _field("answered_at", "Answered", "When the answer that counts arrived.", lambda one: one.slot.answered_at, "time",
           part="times"),
    _field("checked_at", "Checked", "In practice: when the answer became final.", lambda one: one.slot.checked_at,
           "time", part="times"),
    _field("saves", "Saves", "How many answers were saved, replaced ones included.", lambda one: one.saves, "number",
           part="times"),
    _field("section", "Section", "Of the quiz, from 1.", lambda one: one.slot.section + 1, "number", part="versions"),
    _field("item_version", "Question version", "SHA-256 of the question as it was asked.",
           lambda one: one.slot.item_digest, part="versions"),
    _field("response", "Answer as kept", "JSON, with the ids of options.", lambda one: one.slot.response,
           part="versions"),
)  # fmt: skip


def _refs(item: Any) -> list[str]:
    return list(dict.fromkeys(evidence.passage for _, evidence in item.key_evidence()))


def of_passages(names: Names) -> tuple[Field, ...]:
    """What the key rests on, and what was opened; with the names of passages."""

    def called(refs: Collection[str]) -> Cell:
        return "; ".join(str(names.get(ref, ref)) for ref in refs) or None

    def sources(item: Any) -> Cell:
        found = dict.fromkeys(names[ref].source.voice for ref in _refs(item) if ref in names)
        return "; ".join(found) or None

    def before(answer: Answer) -> Cell:
        if not answer.opened:
            return False
        last = answer.slot.answered_at
        return last is None or any(at < last for _, at in answer.opened)

    return (
        _field("passages", "Key rests on", "Passages, with semicolons between.", lambda one: called(_refs(one.item)),
               part="passages", wide=40),
        _field("sources", "Sources", "Whose passages these are.", lambda one: sources(one.item), part="passages"),
        _field("opened", "Opened", "Passages that the student opened from this question.",
               lambda one: called(dict.fromkeys(ref for ref, _ in one.opened)), part="passages", wide=40),
        _field("opened_before", "Before answering", "Whether one of them was opened before the answer arrived.",
               before, "yes", part="passages"),
    )  # fmt: skip


def chosen(fields: Sequence[Field], parts: Collection[str]) -> list[Field]:
    """The columns that are always there, and those of the parts wanted."""
    return [one for one in fields if not one.part or one.part in parts]


def of_seat(parts: Collection[str]) -> list[Field]:
    """The columns of a row an attempt."""
    return chosen((*WHO, *QUIZ, *ATTEMPT), parts)


def of_answer(parts: Collection[str], names: Names) -> tuple[list[Field], list[Field]]:
    """The columns of a row an answer: those of its attempt, whose cells stay the same, and its own."""
    about = [one for one in chosen(ATTEMPT, parts) if one.part and one.column.name not in ("due_at", "by_clock")]
    return [*WHO, *QUIZ, *about], chosen((*QUESTION, *of_passages(names)), parts)


ITEM = (
    _field("item", "Question id", "As in the other sheets.", lambda one: one.item.id),
    _field("stem", "Text", "What was asked.", lambda one: one.item.stem, wide=60),
    _field("type", "Type", "", lambda one: one.item.label),
    _field("topic", "Topic", "", lambda one: one.topic),
    _field("skill", "Skill", "", lambda one: one.item.skill.replace("_", " ")),
    _field("difficulty", "Difficulty", "1 easy … 5 hard.", lambda one: one.item.difficulty, "number"),
    _field("marks", "Marks", "Its own; a quiz may give it others.", lambda one: one.item.marks, "number"),
    _field("right_answer", "Right answer", "", lambda one: one.key, wide=50),
    _field("explanation", "Explanation", "Why.", lambda one: one.item.explanation, wide=60),
    _field("passages", "Key rests on", "Passages, with semicolons between.", lambda one: one.passages, wide=50),
    _field("item_version", "Question version", "SHA-256 of it; more than one where it was changed meanwhile.",
           lambda one: one.digest),
)  # fmt: skip
