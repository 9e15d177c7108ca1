"""Pages for teachers."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("teacher", __name__, url_prefix="/teach")

from quizapp.web.teacher import (  # noqa: E402  the views need the blueprint
    analysis,  # noqa: F401
    answers,  # noqa: F401
    assignments,  # noqa: F401
    attending,  # noqa: F401
    audit,  # noqa: F401
    classes,  # noqa: F401
    coverage,  # noqa: F401
    exchange,  # noqa: F401
    gallery,  # noqa: F401
    gradebook,  # noqa: F401
    groups,  # noqa: F401
    home,  # noqa: F401
    learners,  # noqa: F401
    marking,  # noqa: F401
    marks,  # noqa: F401
    parents_evening,  # noqa: F401
    provenance,  # noqa: F401
    question_bulk,  # noqa: F401
    question_editor,  # noqa: F401
    questions,  # noqa: F401
    quiz_papers,  # noqa: F401
    quiz_to_class,  # noqa: F401
    quizzes,  # noqa: F401
    regrades,  # noqa: F401
    reports,  # noqa: F401
    rosters,  # noqa: F401
    score_exports,  # noqa: F401
    source_copies,  # noqa: F401
    source_parts,  # noqa: F401
    sources,  # noqa: F401
    students,  # noqa: F401
)
