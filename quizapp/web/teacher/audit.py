"""Who changed what: the audit trail, as far as it concerns the teacher who asks."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for

from quizapp.services import audit, transactions
from quizapp.services.audit import Wanted
from quizapp.web import identity
from quizapp.web.downloads import download
from quizapp.web.identity import allowed, current_user
from quizapp.web.teacher import blueprint

FILTERS = ("action", "kind", "who", "since", "until", "class_id")


@blueprint.get("/audit")
@allowed("see the audit trail")
def show_audit() -> str:
    """The entries found, a page at a time."""
    given = _given()
    sort = request.args.get("sort", "-when")
    number = request.args.get("page", 1, type=int)
    found = audit.page(transactions.session(), _wanted(given), sort=sort, number=number)
    address = partial(_address, {**given, "sort": sort})
    export = f"{url_for('teacher.export_audit')}?{urlencode({**given, 'sort': sort})}"
    return render_template(
        "teacher/audit.html", found=found, given=given, sort=sort, page_address=address, export=export
    )


@blueprint.get("/audit.csv")
@allowed("see the audit trail")
def export_audit() -> Response:
    """The entries found, for a spreadsheet."""
    text = audit.as_csv(transactions.session(), _wanted(_given()), sort=request.args.get("sort", "-when"))
    return download(text, "audit", "csv")


def _given() -> dict[str, str]:
    return {name: value for name in FILTERS if (value := request.args.get(name, "").strip())}


def _wanted(given: dict[str, str]) -> Wanted:
    class_id = given.get("class_id", "")
    until = _day(given.get("until"))
    return Wanted(
        seen_by=audit.seen_by(current_user),
        action=given.get("action", ""),
        kind=given.get("kind", ""),
        who=given.get("who", ""),
        class_id=int(class_id) if class_id.isdecimal() and len(class_id) < 16 else None,
        since=_day(given.get("since")),
        until=until + timedelta(days=1) if until else None,
    )


def _day(text: str | None) -> datetime | None:
    """The beginning of a day in the reader's zone; None for what is no day."""
    try:
        return datetime.fromisoformat(text or "").replace(hour=0, minute=0, tzinfo=identity.time_zone())
    except ValueError:
        return None


def _address(given: dict[str, Any], number: int = 1) -> str:
    return "?" + urlencode({**given, "page": number})
