"""One line a request, for people or for machines; everything that is logged meanwhile carries the request's id."""

from __future__ import annotations

import json
import logging
import time
from datetime import UTC, datetime
from typing import Any, TextIO, cast
from urllib.parse import quote

from flask import Flask, Response, g, request
from flask.logging import wsgi_errors_stream

from quizapp.services import transactions
from quizapp.web.identity import viewer
from quizapp.web.requests import request_id

requests_log = logging.getLogger("quizapp.request")
OPERATIONS = ("/healthz", "/readyz")
IN_THE_MESSAGE = ("method", "path", "status")


class WithRequestId(logging.Filter):
    """Adds the id of the request that is being answered."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Lets everything through."""
        record.request_id = getattr(record, "request_id", "") or request_id()
        return True


class TextLines(logging.Formatter):
    """Time, level, message, then whatever more is known as name=value."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the traceback under it where there is one."""
        more = " ".join(f"{name}={value}" for name, value in _more(record).items() if name not in IN_THE_MESSAGE)
        line = f"{_time(record)} {record.levelname} {record.getMessage()} {more}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The object, the traceback in it as ``exception``."""
        known = {"time": _time(record), "level": record.levelname, "logger": record.name}
        known |= {"message": record.getMessage(), **_more(record)}
        if record.exc_info:
            known["exception"] = self.formatException(record.exc_info)
        return json.dumps(known, ensure_ascii=False, default=str)


def init_app(app: Flask) -> None:
    """Log as the settings say. The app's own logger is ``quizapp``."""
    settings = app.config["SETTINGS"]
    handler = logging.StreamHandler(cast(TextIO, wsgi_errors_stream))
    handler.set_name("quizapp")
    handler.addFilter(WithRequestId())
    handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    logger = logging.getLogger("quizapp")
    logger.handlers = [one for one in logger.handlers if one.get_name() != "quizapp"] + [handler]
    logger.setLevel(settings.log_level)
    if logger.isEnabledFor(logging.DEBUG):
        with app.app_context():
            transactions.count_queries()
    app.after_request(_log)


def _log(response: Response) -> Response:
    level = logging.DEBUG if request.path in OPERATIONS else logging.INFO
    if not requests_log.isEnabledFor(level):
        return response
    took = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
    path = quote(_without_token(request.path), safe="/~@:+,")
    facts: dict[str, Any] = {"method": request.method, "path": path, "status": response.status_code, "ms": took}
    facts |= {"user": viewer().user_id} if request.path not in OPERATIONS else {}
    if requests_log.isEnabledFor(logging.DEBUG):
        facts["queries"] = transactions.queries()
    requests_log.log(level, "%s %s %s", request.method, path, response.status_code, extra={"facts": facts})
    return response


def _without_token(path: str) -> str:
    """The path without the secret of a link that works once."""
    token = (request.view_args or {}).get("token")
    return path.replace(token, "~") if token else path


def _more(record: logging.LogRecord) -> dict[str, Any]:
    facts = {**getattr(record, "facts", {}), "request_id": getattr(record, "request_id", "")}
    return {name: value for name, value in facts.items() if value not in (None, "")}


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
