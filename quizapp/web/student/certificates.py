"""A result on one sheet, to print and to show: who, which quiz, when, how much, on which sources."""

from __future__ import annotations

import uuid

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from quizapp.services import reading, taking, transactions
from quizapp.web.identity import allowed, current_user
from quizapp.web.student.attempts import blueprint, finished_result


@blueprint.get("/<uuid:attempt_id>/certificate")
@allowed("take quizzes")
def certificate(attempt_id: uuid.UUID) -> str | Response:
    """The sheet; to the result where the attempt is not one that counts, or its score may not be seen (yet)."""
    page = finished_result(attempt_id)
    if page.submitted_at is None or page.number < 1 or page.percent is None:
        return redirect(url_for(".resume" if page.submitted_at is None else ".result", attempt_id=attempt_id))
    return render_template(
        "student/certificate.html",
        view=page,
        sources=_sources(page),
        name=current_user.name,
        address_of_this=url_for("quizzes.home", _external=True),
    )


def _sources(page: taking.ResultPage) -> list[str]:
    """Who speaks in the passages that the result may name."""
    named = {ref.split("/")[0] for ref in page.passages}
    voices = reading.voices(transactions.session()) if named else {}
    return [voices[source] for source in voices if source in named]
