"""One app for many tests, as to make it costs more than most tests do; each test finds it as it was made."""

from __future__ import annotations

import logging
from pathlib import Path

from flask import Flask

from quizapp import create_app
from quizapp.config import Settings, describe
from quizapp.web.limits import limiter
from tests import databases

LOG = logging.getLogger("quizapp")


class SharedApp:
    """An app whose database lies always at the same address; who uses it puts another one there before."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.app = create_app(settings)
        self.app.testing = True
        self.app.test_client().get("/healthz")  # from now on Flask refuses new pages: see the fixture ``own_app``
        self._config = dict(self.app.config)
        self._limits = dict(vars(limiter))  # one for the process, which every other app sets up for itself
        self._log = (list(LOG.handlers), LOG.level)
        self.let_go()

    def as_made(self, instance: Path) -> Flask:
        """The app as if it had just been made, with the test's own folder for what it keeps outside the database."""
        settings = self.settings.model_copy(update={"instance": instance})
        self.app.config.clear()
        self.app.config.update({**self._config, "SETTINGS": settings, "SETTINGS_TABLE": describe(settings)})
        vars(limiter).update(self._limits)
        limiter.reset()
        LOG.handlers, LOG.level = list(self._log[0]), self._log[1]
        LOG.setLevel(self._log[1])
        return self.app

    def let_go(self) -> None:
        """Close every connection to the database."""
        with self.app.app_context():
            databases.close(self.app)
