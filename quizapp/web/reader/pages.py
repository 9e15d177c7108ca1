"""The pages of sources, passages and disputes."""

from __future__ import annotations

from datetime import UTC, date, datetime

from babel.dates import format_date
from flask import Blueprint, current_app, make_response, render_template, request
from werkzeug.wrappers import Response

from quizapp.services import reading, transactions
from quizapp.services.reading import SourcesClosed
from quizapp.web.filters import LOCALE
from quizapp.web.identity import allowed, current_user, viewer
from quizapp.web.reader.addresses import passage_address

blueprint = Blueprint("reader", __name__)
blueprint.add_app_template_global(passage_address, "passage_address")


@blueprint.get("/sources")
@allowed("read sources")
def sources() -> str:
    """Every source, and how far each can be trusted."""
    cards = reading.sources_page(transactions.session(), user_id=_reader(), now=_now())
    return render_template("reader/sources.html", cards=cards)


@blueprint.get("/sources/<source_id>")
@allowed("read sources")
def source(source_id: str) -> str:
    """One source: what to know before trusting it, and its passages."""
    view = reading.source_page(
        transactions.session(),
        source_id,
        user_id=_reader(),
        now=_now(),
        document_order=request.args.get("order") == "document",
    )
    return render_template("reader/source.html", view=view)


@blueprint.get("/sources/<source_id>/<passage_id>")
@allowed("read sources")
def passage(source_id: str, passage_id: str) -> Response:
    """One passage; with a question that led here, if this reader has seen it reviewed."""
    view = reading.passage_page(
        transactions.session(),
        source_id,
        passage_id,
        user_id=_reader(),
        now=_now(),
        item=request.args.get("item"),
        version=request.args.get("version"),
    )
    response = make_response(render_template("reader/passage.html", view=view))
    if view.paragraphs:
        response.headers["X-Robots-Tag"] = "noindex"
    if view.matter or view.questions:
        response.headers["Cache-Control"] = "no-store"
    _record_opening(view.name.ref)
    return response


@blueprint.get("/disputes")
@allowed("read sources")
def disputes() -> str:
    """Every dispute, by kind."""
    view = reading.disputes_page(transactions.session(), user_id=_reader(), now=_now())
    return render_template("reader/disputes.html", view=view)


@blueprint.get("/disputes/<dispute_id>")
@allowed("read sources")
def dispute(dispute_id: str) -> Response:
    """One dispute: its positions side by side, and our judgement."""
    view = reading.dispute_page(transactions.session(), dispute_id, user_id=_reader(), now=_now())
    response = make_response(render_template("reader/dispute.html", view=view))
    if view.questions:
        response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.errorhandler(SourcesClosed)
def closed(error: SourcesClosed) -> tuple[str, int]:
    """Why there are no sources now, and the way back to the attempt."""
    transactions.rollback()
    return render_template("reader/closed.html", error=error), error.status


@blueprint.app_template_filter("written_day")
def written_day(text: str) -> str:
    """A day such as 2027-03-12 in words: 12 March 2027."""
    return format_date(date.fromisoformat(text), "d MMMM y", locale=LOCALE)


def _reader() -> int | None:
    """Who reads, by the database's word: a session that has been ended is nobody's."""
    return current_user.id if viewer().is_signed_in and current_user.is_authenticated else None


def _now() -> datetime:
    return datetime.now(UTC)


def _record_opening(passage: str) -> None:
    """Keep, in a transaction of its own, that somebody with an account opened the passage."""
    user_id = _reader()
    if user_id is None or request.method != "GET" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return
    try:
        with transactions.write_transaction():
            reading.record_opening(
                transactions.session(), passage, user_id=user_id, now=_now(), slot=request.args.get("slot")
            )
    except Exception:  # whatever goes wrong, a failing log never fails a page
        current_app.logger.warning("the opening of a passage was not recorded", exc_info=True)
