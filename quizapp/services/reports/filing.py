"""Reporting a problem, and challenging a key or a judgement: only of what its reader may see the key of."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain import problem_report
from quizapp.domain.problem_report import CHALLENGE, JUDGEMENT, LONGEST_COMMENT, PROBLEMS
from quizapp.domain.source import Dispute
from quizapp.services.accounts import Mistakes
from quizapp.services.errors import Conflict, NotFound
from quizapp.services.questions import evidence
from quizapp.services.questions.evidence import Check
from quizapp.services.reading import open_questions
from quizapp.services.reading.standing import standing
from quizapp.services.taking.lines import Line, line, visible_aspects
from quizapp.store import attempts, bank, catalogue, reports
from quizapp.store.report_tables import ProblemReport, Reporter

NOT_YET = "You can report a problem with a question as soon as its answer may be seen: finish it first."
ONE_AT_A_TIME = (
    "You have challenged this already. A teacher will look at it; what comes of it stands under your reports."
)
LONGEST_TITLE = 300
FOR_AUTHORS = ", or say which with “occurrence”"


class NotYet(Conflict):
    """The key of the question may not be seen now."""

    title = "Not yet"


@dataclass(frozen=True)
class Subject:
    """What is reported: an item or a dispute in one version, what it asks, and whence one comes."""

    name: str
    digest: str
    title: str
    attempt_id: uuid.UUID | None = None
    slot: int | None = None


@dataclass(frozen=True)
class CounterEvidence:
    """The passage and the words of it that speak against the key."""

    passage: str = ""
    quote: str = ""


@dataclass(frozen=True)
class Filed:
    """What became of a report: its number, and whether one had said the same before (``again``: this very person)."""

    id: int
    merged: bool
    again: bool


def reviewed(
    session: Session, attempt_id: uuid.UUID, number: int, *, user_id: int, now: datetime, sources: bool = False
) -> Line:
    """A question of one's own attempt whose key one may see now. Raises ``NotFound``, ``NotYet``.

    Where ``sources`` are to be read with it: ``SourcesClosed`` while one takes a quiz without them.
    """
    attempt = attempts.find(session, attempt_id, user_id)
    slot = next((one for one in attempt.slots if one.number == number), None) if attempt else None
    if attempt is None or slot is None:
        raise NotFound
    if attempt.submitted_at is None and slot.checked_at is None:
        raise NotYet(NOT_YET)
    quiz = bank.quizzes(session, [attempt.quiz_digest])[attempt.quiz_digest]
    answer = attempts.answers(session, [attempt.id]).get((attempt.id, number))
    seen = visible_aspects(attempt, quiz, now)
    asked = open_questions(session, user_id, now=now)
    found = line(slot, bank.item(session, slot.item_digest), answer, seen, asked=asked)
    if found.item is None:
        raise NotYet(NOT_YET)
    if sources:
        standing(session, user_id, now=now)
    return found


def of_line(found: Line) -> Subject:
    """The question that a line reviews."""
    title = found.question.first or found.question.stem
    return Subject(str(found.item), str(found.version), title[:LONGEST_TITLE], found.attempt, found.number)


def of_dispute(session: Session, name: str, *, user_id: int, now: datetime) -> tuple[Subject, Dispute]:
    """A dispute whose judgement one may see now. Raises ``NotFound``, ``NotYet``, ``SourcesClosed``."""
    reader = standing(session, user_id, now=now)
    found = next(iter(catalogue.named_disputes(session, [name])), None)
    if found is None:
        raise NotFound
    dispute = Dispute.model_validate(found.entry)
    if reader.withheld.hides_dispute(dispute):
        raise NotYet("This dispute belongs to a question that you have not answered yet: answer that first.")
    return Subject(name, found.digest, dispute.question[:LONGEST_TITLE]), dispute


def open_challenge(session: Session, subject: Subject, kind: str, *, user_id: int) -> int | None:
    """The challenge of this question or judgement that one has already made and that is open."""
    return reports.open_of_user(session, user_id, subject.name, kind)


def check(session: Session, counter: CounterEvidence) -> Check | None:
    """Whether the words stand in the passage; None where nothing is given yet."""
    if not counter.passage:
        return Check("broken", "Choose the passage first.") if counter.quote else None
    if (wrong := problem_report.quote_problem(counter.quote)) is not None:
        return Check("broken", wrong)
    given = {"passage": counter.passage, **({"quote": counter.quote} if counter.quote else {})}
    found = evidence.check(given, evidence.library(session, [counter.passage]))
    return replace(found, message=found.message.replace(FOR_AUTHORS, "")) if found else None


def report(session: Session, subject: Subject, kind: str, comment: str, *, user_id: int, now: datetime) -> Filed:
    """Tell of a problem with a question. Raises ``Mistakes``."""
    wrong: dict[str, list[str]] = {}
    if kind not in PROBLEMS:
        wrong["kind"] = ["Choose what kind of problem it is."]
    if (said := _comment_problem(comment, "Say in a few words what is wrong.")) is not None:
        wrong["comment"] = [said]
    if wrong:
        raise Mistakes(wrong)
    attempts.lock_user(session, user_id)
    return _file(session, subject, kind, comment, CounterEvidence(), None, user_id=user_id, now=now)


def challenge(
    session: Session,
    subject: Subject,
    kind: str,
    counter: CounterEvidence,
    comment: str,
    *,
    user_id: int,
    now: datetime,
) -> Filed:
    """Challenge a key (or a judgement, as ``kind`` says) with counter-evidence.

    Raises ``Mistakes``; ``Conflict`` where one has an open challenge of it.
    """
    assert kind in (CHALLENGE, JUDGEMENT)  # noqa: S101 two forms, each with its own
    found = check(session, counter)
    wrong = {**_counter_problems(session, counter, found)}
    if (said := _comment_problem(comment, "Say why these words speak against it.")) is not None:
        wrong["comment"] = [said]
    if wrong:
        raise Mistakes(wrong)
    attempts.lock_user(session, user_id)
    if open_challenge(session, subject, kind, user_id=user_id) is not None:
        raise Conflict(ONE_AT_A_TIME)
    outcome = found.outcome if found else None
    return _file(session, subject, kind, comment, counter, outcome, user_id=user_id, now=now)


def _comment_problem(comment: str, missing: str) -> str | None:
    return problem_report.comment_problem(comment, LONGEST_COMMENT, missing)


def _counter_problems(session: Session, counter: CounterEvidence, found: Check | None) -> dict[str, list[str]]:
    if not counter.passage:
        return {"passage": ["Choose the passage that speaks against it."]}
    if found is not None and found.outcome == "broken":
        is_passage = not bank.current_digests(session, "passage", [counter.passage])
        return {"passage" if is_passage else "quote": [found.message]}
    if not counter.quote and counter.passage.split("/")[0] in bank.attached_sources(session):
        return {"quote": ["Give the words of the passage that speak against it, twelve at most."]}
    return {}


def _file(
    session: Session,
    subject: Subject,
    kind: str,
    comment: str,
    counter: CounterEvidence,
    outcome: str | None,
    *,
    user_id: int,
    now: datetime,
) -> Filed:
    wanted = ProblemReport(
        kind=kind, subject=subject.name, digest=subject.digest, title=subject.title, state="open", created_at=now,
        passage=counter.passage or None, quote=counter.quote or None, outcome=outcome,
        likeness=problem_report.likeness(kind, comment, counter.passage, counter.quote),
    )  # fmt: skip
    kept = reports.put(session, wanted)
    mine = Reporter(
        report_id=kept.id, user_id=user_id, attempt_id=subject.attempt_id, slot=subject.slot, comment=comment,
        reported_at=now,
    )  # fmt: skip
    is_new = reports.join(session, mine)
    if kind != JUDGEMENT:
        reports.count_in_list(session, [subject.name])
    return Filed(kept.id, merged=kept is not wanted, again=not is_new)


def plain(text: str | None) -> str:
    """What somebody typed, as it is kept: without control characters and needless space around."""
    bare = "".join(one for one in (text or "").replace("\r\n", "\n") if one == "\n" or one.isprintable())
    return bare.strip()


def one_line(text: str | None) -> str:
    """The same on one line."""
    return " ".join(plain(text).split())


def passages(session: Session) -> Sequence[tuple[str, Sequence[tuple[str, str]]]]:
    """Every passage to choose from: the sources' titles, each with references and headings in reading order."""
    shelves: dict[str, list[tuple[str, str]]] = {}
    titles: dict[str, str] = {}
    orders: dict[str, dict[str, int]] = {}
    for one in catalogue.everything(session):
        if one.kind == "source":
            titles[one.name] = one.entry["title"]
            orders[one.name] = {ref: i for i, ref in enumerate(one.entry.get("reading_order", ()))}
        elif one.kind == "passage":
            shelves.setdefault(one.name.split("/")[0], []).append((one.name, one.entry["heading"]))
    return [
        (titles[source], sorted(held, key=lambda one: orders[source].get(one[0].split("/")[1], len(held))))
        for source, held in shelves.items()
        if source in titles
    ]
