"""What the bank covers: sources, passages, topics, skills; what has no questions yet, and how much is quoted."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any, cast
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from flask_login import current_user

from quizapp.domain.coverage import Coverage
from quizapp.services import coverage, transactions
from quizapp.services.coverage_tables import TABLES_WITH_ANSWERS as TABLES
from quizapp.services.coverage_tables import Table, Wanted
from quizapp.services.people import Person
from quizapp.web.downloads import download
from quizapp.web.filters import number, percent
from quizapp.web.identity import allowed
from quizapp.web.requests import address
from quizapp.web.teacher import blueprint

A_PAGE = 50
MISSED_MOST = 10  # passages in the chart
Bars = list[dict[str, Any]]


@blueprint.get("/coverage")
@allowed("see teaching pages")
def show_coverage() -> str:
    """One of the tables, with a chart of it; long ones a page at a time."""
    table, given, sort = _asked()
    found = _found()
    rows = _rows(table, found, given, sort)
    last = max(1, -(-len(rows) // A_PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), last)
    keep = {"table": table.name, **given}
    return render_template(
        "teacher/coverage.html",
        found=found,
        table=table,
        tables=list(TABLES.values()),
        rows=rows[(page - 1) * A_PAGE : page * A_PAGE],
        total=len(rows),
        given=given,
        keep=keep,
        sort=sort,
        number=page,
        last=last,
        names={one.source.id: one.source.name for one in found.sources},
        charts=_CHARTS[table.name](found),
        page_address=partial(_address, {**keep, "sort": sort}),
        export=f"{url_for('teacher.export_coverage')}?{urlencode({**keep, 'sort': sort})}",
    )


@blueprint.get("/coverage.csv")
@allowed("see teaching pages")
def export_coverage() -> Response:
    """The same table whole, for a spreadsheet."""
    table, given, sort = _asked()
    found = _found()
    return download(table.csv(_rows(table, found, given, sort)), f"coverage-{table.name}", "csv")


def _found() -> Coverage:
    """What the bank covers, with how often its questions are missed by those whom this teacher may see."""
    session = transactions.session()
    return coverage.published(session, coverage.answers(session, cast(Person, current_user)))


def _asked() -> tuple[Table, dict[str, str], str]:
    table = TABLES.get(request.args.get("table", ""), next(iter(TABLES.values())))
    given = {name: request.args.get(name, "").strip() for name in ("source", "gaps")}
    filters = {name: value for name, value in given.items() if value} if table.name == "passages" else {}
    return table, filters, request.args.get("sort", "")


def _rows(table: Table, found: Coverage, given: dict[str, str], sort: str) -> list[Any]:
    rows = table.sorted_rows(found, sort)
    wanted = Wanted(given.get("source", ""), given.get("gaps", ""))
    return [row for row in rows if wanted.admits(row)] if table.name == "passages" else rows


def _address(given: dict[str, Any], page: int) -> str:
    return "?" + urlencode({**given, "page": page})


def _of_sources(found: Coverage) -> list[tuple[str, Bars, float]]:
    used = [_bar(one.source.name, one.used, len(one.source.passages)) for one in found.sources]
    quoted = [
        {
            "label": one.source.name,
            "value": None if one.share is None or not one.limit else 100 * one.share / one.limit,
            "shown": "not known" if one.share is None else f"{percent(one.share)} of {percent(one.limit)}",
        }
        for one in found.sources
    ]
    return [("Passages with questions", used, 100), ("Words quoted, of what may be", quoted, 100)]


def _bar(label: str, part: int, whole: int) -> dict[str, Any]:
    return {"label": label, "value": 100 * part / whole if whole else None, "shown": f"{part} of {whole}"}


def _of_passages(found: Coverage) -> list[tuple[str, Bars, float]]:
    steps = ((0, 0, "None"), (1, 1, "One"), (2, 3, "2 or 3"), (4, 9, "4 to 9"), (10, 10_000, "10 or more"))
    counted = Counter(one.items for one in found.passages)
    numbers = [(label, sum(counted[n] for n in counted if low <= n <= high)) for low, high, label in steps]
    return [_of_numbers("Passages by how many questions rest on them", numbers), *_missed_most(found)]


def _missed_most(found: Coverage) -> list[tuple[str, Bars, float]]:
    """The passages whose questions are missed most; nothing where there are too few answers."""
    told = sorted((one for one in found.passages if one.missed_share), key=lambda one: -(one.missed_share or 0))
    bars: Bars = [
        {
            "label": one.passage.heading,
            "href": address(f"/sources/{one.passage.ref}"),
            "value": 100 * (one.missed_share or 0),
            "shown": f"{percent(one.missed_share)} of {number(one.answers, 0)}",
        }
        for one in told[:MISSED_MOST]
    ]
    return [("Passages whose questions are missed most", bars, 100)] if bars else []


def _of_topics(found: Coverage) -> list[tuple[str, Bars, float]]:
    return [_of_numbers("Questions by topic", [(one.title, one.items) for one in found.topics])]


def _of_skills(found: Coverage) -> list[tuple[str, Bars, float]]:
    counted: Counter[str] = Counter()
    for one in found.skills:
        counted[one.skill.replace("_", " ").capitalize()] += one.items
    return [_of_numbers("Questions by skill", counted.most_common())]


def _of_numbers(title: str, numbers: list[tuple[str, int]]) -> tuple[str, Bars, float]:
    bars: Bars = [{"label": label, "value": value, "shown": number(value, 0)} for label, value in numbers]
    return title, bars, max((value for _, value in numbers), default=1)


_CHARTS = {"sources": _of_sources, "passages": _of_passages, "topics": _of_topics, "skills": _of_skills}
