"""A question's page: what many have in common, of which it is drawn once, and what is each one's own."""

from __future__ import annotations

from collections.abc import Hashable
from typing import NamedTuple

from flask import render_template, request, session
from markupsafe import Markup

from quizapp.services import taking
from quizapp.web import fragments, presence
from quizapp.web.identity import viewer
from quizapp.web.preferences import chosen_preferences
from quizapp.web.requests import address, this_address, token
from quizapp.web.student import links, trials

TEMPLATE = "student/question.html"
ATTEMPT = "macros/attempt.html"


class Place(NamedTuple):
    """All that a page depends on beside what is each one's own; the template knows these by their names.

    ``chosen``: the reader's preferences; ``last``: how many questions there are; ``note``: whether the question has a
    note on its content; ``sure``: whether somebody without an answer has been asked whether to go on.
    """

    chosen: Hashable
    practice: bool
    one_way: bool
    checked: bool
    conflicting: bool
    number: int
    last: int
    section: str | None
    title: str
    note: bool
    flagged: bool
    sure: bool

    @property
    def is_usual(self) -> bool:
        """Whether many stand so: they are asked, and may go where they like."""
        return not (self.one_way or self.checked or self.conflicting)


def question_page(page: taking.QuestionPage, conflict: taking.Receipt | None = None) -> str:
    """The page; ``conflict``: what became of an answer that was not the newest."""
    place = _place(page, conflicting=conflict is not None)
    own = _own(page, place)
    if place.is_usual and not session.get("_flashes"):
        return fragments.patterns().page(TEMPLATE, place, own)
    disputes = page.review.disputes if page.review else ()
    linked = links.links(page.passages, disputes, may_report=trials.running() is None)
    given = {**place._asdict(), **linked, "own": own, "view": page, "frame": page.frame, "conflict": conflict}
    return render_template(TEMPLATE, **given)


def _place(page: taking.QuestionPage, *, conflicting: bool) -> Place:
    frame, step = page.frame, page.step
    return Place(
        chosen=chosen_preferences(),
        practice=frame.mode == "practice",
        one_way=frame.reached is not None,
        checked=page.checked,
        conflicting=conflicting,
        number=page.number,
        last=len(frame.steps),
        section=step.section,
        title=frame.quiz.title,
        note=bool(page.question.note),
        flagged=step.flagged,
        sure=bool(request.args.get("sure")),
    )


def _own(page: taking.QuestionPage, place: Place) -> dict[str, str]:
    """What is this student's own, drawn: addresses, the form's token, name, answer, steps and time left."""
    drawn, who, csrf_token = fragments.fragments(), viewer(), token()
    whole = address(f"/attempts/{page.frame.id}")
    own = {
        "whole": whole,
        "here": f"{whole}/{page.number}",
        "next": this_address(),
        "token": csrf_token,
        "top": drawn.remembered("macros/shell.html", "top", place.chosen, who, csrf_token, "quizzes"),
        "head": _head(page.frame, whole, who.name),
        "who": drawn.remembered(ATTEMPT, "answering_as", who, csrf_token),
        "given": drawn.macros(ATTEMPT).shown_passages(page.given) if page.given else "",
    }
    return own if place.checked or place.conflicting else own | _asked(page)


def _head(frame: taking.AttemptFrame, whole: str, name: str) -> Markup:
    """Remembered, unless it shows the time left."""
    trial = trials.running()
    key = (whole, presence.account_mark(), name, frame.quiz.id, frame.quiz.title, frame.repeats_one, trial)
    timed = frame.seconds_left is not None
    return fragments.fragments().remembered_as(None if timed else key, ATTEMPT, "head", frame, whole, name, trial)


def _asked(page: taking.QuestionPage) -> dict[str, str]:
    """The question with the answer so far, what is asked beside it, and the way to the others."""
    drawn, question, form, frame = fragments.fragments(), page.question, page.form, page.frame
    beside = Markup()
    if question.because:
        beside += drawn.macros("macros/because.html").ask_because(question, form, page.reason_rule)
    if frame.quiz.certainty:
        beside += drawn.macros("macros/certainty.html").ask_certainty(frame.quiz, form)
    how = (question, form, False, "answer", page.shown)
    return {
        "base": str(page.base or ""),
        "ask": drawn.remembered_as(page.likeness, f"items/{question.type}.html", "ask", *how),
        "beside": beside,
        "steps": _steps(frame, page.number) if frame.reached is None else "",
    }


def _steps(frame: taking.AttemptFrame, here: int) -> Markup:
    """The steps as buttons of the answer's form, so that going elsewhere keeps what is written."""
    drawn, at = fragments.fragments(), here - 1
    others = drawn.remembered_row(ATTEMPT, "step_button", frame.steps, False, "answer-form")
    this = drawn.remembered(ATTEMPT, "step_button", frame.steps[at], True, "answer-form")
    return Markup("".join((*others[:at], this, *others[here:])))  # noqa: S704 each is markup
