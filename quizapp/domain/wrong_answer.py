"""Wrong answers that an author foresaw where there are no options: each with its feedback and evidence."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import ConfigDict

from quizapp.domain.entry import Entry, Place, Text
from quizapp.domain.item import Distractor, ReviewLine
from quizapp.domain.source import Evidence


class WrongAnswer(Entry):
    """What to say to those who answer so, and the evidence that shows why it is wrong."""

    model_config = ConfigDict(json_schema_extra={"allOf": [{"required": ["feedback"]}]})

    feedback: Text | None = None
    evidence: tuple[Evidence, ...] = ()


def wrong_evidence(wrong: Sequence[WrongAnswer]) -> tuple[tuple[Place, Evidence], ...]:
    """All evidence about the wrong answers, each with its place in the entry."""
    return tuple((("wrong", i, "evidence", j), e) for i, one in enumerate(wrong) for j, e in enumerate(one.evidence))


def wrong_distractors(wrong: Sequence[WrongAnswer]) -> tuple[Distractor, ...]:
    """Each wrong answer's place, its feedback, and whether it has evidence of its own."""
    return tuple((("wrong", i), one.feedback, bool(one.evidence)) for i, one in enumerate(wrong))


def wrong_line(text: str, one: WrongAnswer, chosen: bool) -> ReviewLine:
    """A wrong answer as the review shows it: the student was not offered it, so it hides with the key unless given."""
    return ReviewLine(
        text=text, chosen=chosen, correct=False, feedback=one.feedback, evidence=one.evidence, offered=False
    )
