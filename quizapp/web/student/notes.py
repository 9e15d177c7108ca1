"""Putting away a note that waited on the home page."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from quizapp.services import notes, transactions
from quizapp.web.identity import allowed, current_user
from quizapp.web.requests import address

blueprint = Blueprint("notes", __name__)


@blueprint.post("/notes/<int:note_id>/put-away")
@allowed("read notes")
def put_away(note_id: int) -> Response:
    """Seen: it does not come again. Another person's note stays as it is."""
    notes.put_away(transactions.session(), current_user.id, note_id=note_id, now=datetime.now(UTC))
    transactions.commit()
    return redirect(address("/"), 303)
