"""Whether the process lives, and whether it can do its work; for whoever runs it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, make_response

from quizapp.services import readiness, transactions

blueprint = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers. Asks nothing of the database."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> Response:
    """200 when the database answers and a bank is published, else 503; the checks as JSON."""
    checks = readiness.checks(transactions.session())
    ready = all(checks.values())
    return make_response(jsonify(status="ok" if ready else "not ready", **checks), 200 if ready else 503)
