"""What stands in the navigation of every page."""

from __future__ import annotations

from flask import Flask

from quizapp.domain.permissions import Role, may

# name (a page says `{% set page = "quizzes" %}`), label, path, and who sees it: whoever may do this
ENTRIES: tuple[tuple[str, str, str, str], ...] = (
    ("quizzes", "Quizzes", "/quizzes", "see quizzes"),
    ("sources", "Sources", "/sources", "read sources"),
    ("disputes", "Disputes", "/disputes", "read sources"),
    ("progress", "Progress", "/progress", "see own progress"),
    ("teach", "Teaching", "/teach/", "see teaching pages"),
)


def init_app(app: Flask) -> None:
    """Let templates know the navigation."""
    app.jinja_env.globals["navigation"] = navigation


def navigation(role: Role) -> list[tuple[str, str, str]]:
    """Name, label and path of each entry that this role may follow."""
    return [(name, label, path) for name, label, path, action in ENTRIES if may(role, action)]
