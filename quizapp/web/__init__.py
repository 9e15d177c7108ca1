"""What people see: one blueprint an audience, and what surrounds every page."""

from __future__ import annotations

from flask import Flask

from quizapp.web import (
    account,
    assets,
    compression,
    errors,
    filters,
    fragments,
    headers,
    health,
    help_pages,
    identity,
    logging,
    navigation,
    preferences,
    presence,
    reader,
    requests,
    student,
    teacher,
)


def init_app(app: Flask) -> None:
    """Give the app its pages."""
    compression.init_app(app)
    logging.init_app(app)
    headers.init_app(app)
    requests.init_app(app)
    identity.init_app(app)
    errors.init_app(app)
    filters.init_app(app)
    fragments.init_app(app)
    navigation.init_app(app)
    assets.init_app(app)
    preferences.init_app(app)
    presence.init_app(app)
    help_pages.init_app(app)
    student.looks.init_app(app)
    app.register_blueprint(health.blueprint)
    app.register_blueprint(account.blueprint)
    app.register_blueprint(student.quizzes)
    app.register_blueprint(student.attempts)
    app.register_blueprint(student.progress)
    app.register_blueprint(student.assignments)
    app.register_blueprint(student.joining)
    app.register_blueprint(student.reports)
    app.register_blueprint(student.notes)
    app.register_blueprint(reader.blueprint)
    app.register_blueprint(teacher.blueprint)
