"""A quiz web app for history classes in which no answer stands without its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from quizapp.config import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The app, with its store, pages and commands; without ``settings`` they come from the environment."""
    import os

    from quizapp import config, store, web
    from quizapp.web.requests import App

    settings = settings or config.Settings.from_environ(os.environ)
    app = App(__name__, template_folder=str(config.ROOT / "templates"), static_folder=str(config.ROOT / "static"))
    app.config.from_mapping(
        SECRET_KEY=settings.signing_key(),
        PERMANENT_SESSION_LIFETIME=settings.session_lifetime,
        SETTINGS=settings,
        SETTINGS_TABLE=config.describe(settings),
    )
    store.init_app(app, settings.database_url, settings.database_wait, pooled=settings.database_pooler == "transaction")
    web.init_app(app)
    return app
