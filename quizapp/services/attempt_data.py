"""What is given to a person of their attempts: every answer, what was opened, and how marks moved afterwards.

It holds to the review policy, as pages do, and tells nothing of a question that is being asked elsewhere: what may not
be seen yet is null.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from quizapp.domain import because
from quizapp.domain.certainty import LEVELS
from quizapp.domain.item import Item
from quizapp.domain.quiz import Quiz
from quizapp.domain.review_policy import NOTHING
from quizapp.services.reading import OpenQuestions
from quizapp.services.taking.lines import outcome, visible_aspects
from quizapp.store.mark_tables import WHOLE_ATTEMPT, MarkChange
from quizapp.store.tables import Attempt, PassageOpening, Response, Slot

Answers = Mapping[tuple[Any, int], list[Response]]
Data = dict[str, Any]


def attempts(
    mine: Iterable[Attempt],
    quizzes: Mapping[str, Quiz],
    items: Mapping[str, Item],
    responses: Answers,
    asked: OpenQuestions,
    now: datetime,
) -> list[Data]:
    """The attempts with their questions and answers."""
    return [_attempt(one, quizzes[one.quiz_digest], items, responses, asked, now) for one in mine]


def mark_changes(
    moved: Iterable[MarkChange],
    mine: Iterable[Attempt],
    quizzes: Mapping[str, Quiz],
    asked: OpenQuestions,
    now: datetime,
) -> list[Data]:
    """The marks that moved after their attempts were handed in, the earliest first."""
    by_id = {one.id: one for one in mine}
    found = []
    for one in moved:
        attempt = by_id[one.attempt_id]
        is_told = _is_told(one, attempt, visible_aspects(attempt, quizzes[attempt.quiz_digest], now), asked)
        found.append(_mark_change(one, is_told=is_told))
    return found


def _is_told(one: MarkChange, attempt: Attempt, seen: frozenset[str], asked: OpenQuestions) -> bool:
    """Whether the mark may be seen now: of the whole attempt, or of a question."""
    if one.slot == WHOLE_ATTEMPT:
        return "score" in seen and not _is_put_away(attempt, asked)
    item = next((slot.item for slot in attempt.slots if slot.number == one.slot), None)
    return "marks" in seen and item not in asked.places


def _mark_change(one: MarkChange, *, is_told: bool) -> Data:
    """``question`` is None of the mark of a whole attempt."""
    told = {
        "old": number_of(one.old_mark),
        "new": number_of(one.new_mark),
        "old_available": number_of(one.old_available),
        "new_available": number_of(one.new_available),
        "why": one.why,
    }
    return {
        "attempt": str(one.attempt_id),
        "question": one.slot if one.slot != WHOLE_ATTEMPT else None,
        "kind": one.kind,
        **(told if is_told else dict.fromkeys(told)),
        "at": time_of(one.at),
    }


def _is_put_away(attempt: Attempt, asked: OpenQuestions) -> bool:
    return asked.told_by_score((slot.item for slot in attempt.slots), attempt.submitted_at)


def openings(found: Iterable[PassageOpening]) -> list[Data]:
    """The passages that were opened, and from where."""
    return [_opening(one) for one in found]


def _attempt(
    attempt: Attempt,
    quiz: Quiz,
    items: Mapping[str, Item],
    responses: Answers,
    asked: OpenQuestions,
    now: datetime,
) -> dict[str, Any]:
    seen = visible_aspects(attempt, quiz, now)
    put_away = _is_put_away(attempt, asked)
    return {
        "id": str(attempt.id),
        "quiz": attempt.quiz,
        "title": quiz.title,
        "mode": attempt.mode,
        "number": attempt.number or None,
        "practice_of": str(attempt.retry_of) if attempt.retry_of else None,
        "started_at": time_of(attempt.started_at),
        "assignment": attempt.assignment_id,
        "due_at": time_of(attempt.due_at),
        "deadline": time_of(attempt.deadline),
        "submitted_at": time_of(attempt.submitted_at),
        "submitted_by_the_clock": attempt.overdue,
        "mark": number_of(attempt.mark) if "score" in seen and not put_away else None,
        "percent_off_for_lateness": attempt.late_percent,
        "available": number_of(attempt.available),
        "questions": [
            _question(
                slot,
                items[slot.item_digest],
                responses.get((attempt.id, slot.number), []),
                seen if _is_final(slot, attempt) and slot.item not in asked.places else NOTHING,
            )
            for slot in attempt.slots
        ],
    }


def _is_final(slot: Slot, attempt: Attempt) -> bool:
    return slot.checked_at is not None or attempt.submitted_at is not None


def _question(slot: Slot, item: Item, responses: list[Response], seen: frozenset[str]) -> dict[str, Any]:
    return {
        "number": slot.number,
        "question": item.stem,
        "item": item.id if "key" in seen else None,
        "version": slot.item_digest if "key" in seen else None,
        "flagged": slot.flagged,
        "first_shown_at": time_of(slot.first_shown_at),
        "checked_at": time_of(slot.checked_at),
        "outcome": outcome(slot.fraction) if "correctness" in seen else None,
        "mark": number_of(slot.mark) if "marks" in seen else None,
        "available": number_of(slot.available),
        "self_check": because.SELF_CHECKS[slot.self_check] if slot.self_check else None,
        "responses": [_response(one, item, slot) for one in responses],
    }


def _response(response: Response, item: Item, slot: Slot) -> dict[str, Any]:
    """The answer in words, never as option ids, which may tell the key."""
    return {
        "received_at": time_of(response.received_at),
        "standing": response.standing,
        "answer": item.review(response.response, slot.order).given or None,
        "certainty": LEVELS[response.certainty] if response.certainty else None,
        "reason": response.because,
    }


def _opening(opening: PassageOpening) -> dict[str, Any]:
    return {
        "passage": opening.passage,
        "opened_at": time_of(opening.opened_at),
        "attempt": str(opening.attempt_id) if opening.attempt_id else None,
        "question": opening.slot,
    }


def time_of(moment: datetime | None) -> str | None:
    """The moment as ISO text, to the second."""
    return moment.isoformat(timespec="seconds") if moment is not None else None


def number_of(amount: Any) -> str | None:
    """The amount as text, so that no digit is lost."""
    return f"{amount.normalize():f}" if amount is not None else None
