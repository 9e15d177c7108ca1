"""An app that acknowledges saves before it has stored them: to prove that the comparison would notice."""

from __future__ import annotations

import io
import threading
import time
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import run_wsgi_app
from werkzeug.wsgi import ClosingIterator

import quizapp
from quizapp.services import transactions

_deed = threading.local()
_commit, _session_at_need = transactions.commit, transactions.session_at_need


def create_app() -> Flask:
    """The app, which answers a save first and stores it when the answer is on its way."""
    app = quizapp.create_app()
    app.wsgi_app = TooEarly(app.wsgi_app)  # type: ignore[method-assign]
    transactions.commit = _commit_in_earnest
    transactions.session_at_need = _session_in_earnest
    return app


def _is_in_earnest() -> bool:
    return getattr(_deed, "is_in_earnest", True)


def _commit_in_earnest() -> None:
    _commit() if _is_in_earnest() else transactions.rollback()


def _session_in_earnest() -> Session:
    """What is not in earnest is done in a transaction, since it is undone."""
    return _session_at_need() if _is_in_earnest() else transactions.session()


class TooEarly:
    """Asks the app twice: once for the answer alone, and once more, later, to have the deed done."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] != "POST" or environ["PATH_INFO"].endswith("/attempts"):
            return self.app(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        asked = {name: value for name, value in environ.items() if not name.startswith("werkzeug.")}
        _deed.is_in_earnest = False
        said, status, headers = run_wsgi_app(self.app, {**asked, "wsgi.input": io.BytesIO(body)}, buffered=True)
        _deed.is_in_earnest = True
        start_response(status, list(headers))

        def do_it() -> None:
            time.sleep(0.02)
            run_wsgi_app(self.app, {**asked, "wsgi.input": io.BytesIO(body)}, buffered=True)

        return ClosingIterator(said, do_it)
