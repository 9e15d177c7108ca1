"""What people see: one blueprint an audience, and what surrounds every page."""

from __future__ import annotations

from flask import Flask

from quizapp.web import identity


def init_app(app: Flask) -> None:
    """Give the app its pages."""
    identity.init_app(app)
