"""A quiz to look at before anybody takes it, to print, and to show on the wall. Nothing of these is stored."""

from __future__ import annotations

import secrets
import uuid
from pathlib import Path
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.services import transactions
from quizapp.services.building import pdf, trials
from quizapp.services.building.paper import LETTERS, Paper, paper
from quizapp.services.errors import NotFound
from quizapp.web.identity import allowed, current_user
from quizapp.web.student import trials as kept
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import now
from quizapp.web.teacher.quizzes import A_QUIZ

VARIANTS = ("A", "B", "C", "D")
PARTS = {"questions": "Questions", "sheet": "Answer sheet", "key": "Key with evidence"}
MOST_HANDS = 999


@blueprint.get(f"{A_QUIZ}/preview")
@allowed("build quizzes")
def preview_quiz(name: str) -> str:
    """Every question as a student is asked it."""
    return _preview(_paper(name))


@blueprint.post(f"{A_QUIZ}/preview")
@allowed("build quizzes")
def try_question(name: str) -> ResponseReturnValue:
    """An answer marked and reviewed as a student's would be; it is kept nowhere."""
    found = _paper(name)
    number = _number(request.form.get("number", ""), len(found.questions))
    form = {key: values for key, values in request.form.lists() if key.startswith("answer")}
    mark, review = found.questions[number - 1].answered(form)
    return _preview(found, tried={"number": number, "form": form, "mark": mark, "review": review})


def _preview(found: Paper, tried: dict[str, object] | None = None) -> str:
    another = secrets.token_hex(3)
    return render_template("teacher/quizzes/preview.html", paper=found, tried=tried or {}, another=another)


@blueprint.post(f"{A_QUIZ}/trial")
@allowed("build quizzes")
def begin_trial(name: str) -> ResponseReturnValue:
    """Take the quiz as a student would; it counts nowhere and removes itself."""
    attempt = trials.begin(
        transactions.session(),
        name,
        teacher_id=current_user.id,
        attempt_id=uuid.uuid4(),
        seed=secrets.token_hex(16),
        now=now(),
    )
    transactions.commit()
    kept.remember(attempt.id, attempt.user_id, current_user.id, name)
    return redirect(url_for("attempts.resume", attempt_id=attempt.id), 303)


@blueprint.post(f"{A_QUIZ}/trial/end")
@allowed("build quizzes")
def end_trial(name: str) -> ResponseReturnValue:
    """Remove the trial."""
    trials.forget(transactions.session(), teacher_id=current_user.id, now=now())
    transactions.commit()
    kept.forget()
    flash("The trial is over, and nothing of it is kept.", "right")
    return redirect(url_for("teacher.edit_quiz", name=name), 303)


@blueprint.get(f"{A_QUIZ}/print")
@allowed("build quizzes")
def print_quiz(name: str) -> str:
    """Questions, answer sheet or key of a variant, for the printer."""
    another = secrets.token_hex(3)
    shown = _printed(name)
    return render_template(
        "teacher/quizzes/print.html", **shown, variants=VARIANTS, another=another, no_pdf=pdf.why_not()
    )


@blueprint.get(f"{A_QUIZ}/print.pdf")
@allowed("build quizzes")
def print_quiz_pdf(name: str) -> Response:
    """The same as a PDF, tagged for screen readers."""
    shown = _printed(name)
    style = (Path(str(current_app.static_folder)) / "paper" / "paper.css").read_text(encoding="utf-8")
    made = pdf.document(render_template("teacher/quizzes/pdf.html", **shown), style)
    file = f"{name}-{shown['part']}-{shown['variant']}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(made, mimetype="application/pdf", headers=headers)


def _printed(name: str) -> dict[str, Any]:
    """What is to be printed, as the address says."""
    variant, part = request.args.get("variant", "A"), request.args.get("part", "questions")
    variant = variant if variant in VARIANTS else "A"
    part = part if part in PARTS else "questions"
    return {
        "paper": _paper(name, variant), "variant": variant, "part": part, "parts": PARTS, "letters": LETTERS,
    }  # fmt: skip


@blueprint.get(f"{A_QUIZ}/wall")
@allowed("build quizzes")
def project_quiz(name: str) -> str:
    """One question large; hands are counted by the teacher; then the key and its passage."""
    found = _paper(name)
    number = _number(request.args.get("n", "1"), len(found.questions))
    one = found.questions[number - 1]
    options = ("True", "False") if one.item.type == "true_false" else one.question.options
    counted = one.item.type in ("single_choice", "multiple_choice", "true_false")
    return render_template(
        "teacher/quizzes/wall.html",
        paper=found,
        one=one,
        options=options if counted else (),
        hands=[_hands(request.args.get(f"c{i}", "")) for i in range(len(options))],
        right=_right(one.letters, one.item.correct_response()),
        is_revealed=request.args.get("reveal") == "1",
        letters=LETTERS,
    )


def _right(letters: tuple[str, ...], response: object) -> set[str]:
    return {"A" if response else "B"} if isinstance(response, bool) else set(letters)


def _hands(text: str) -> int | None:
    return min(int(text), MOST_HANDS) if text.isascii() and text.isdecimal() and len(text) < 9 else None


def _number(text: str, last: int) -> int:
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0
    if not 1 <= number <= last:
        raise NotFound("This quiz has no such question.")
    return number


def _paper(name: str, variant: str = "A") -> Paper:
    seed = (request.values.get("seed") or "1")[:20].replace("\0", "")
    return paper(transactions.session(), name, user_id=current_user.id, seed=seed, variant=variant)
