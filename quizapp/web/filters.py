"""How templates show times, numbers and texts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import lru_cache
from typing import Any

import nh3
from babel.dates import format_datetime
from babel.numbers import format_decimal
from flask import Flask
from jinja2 import Environment, pass_environment
from jinja2.filters import make_attrgetter
from markdown_it import MarkdownIt
from markupsafe import Markup, escape

from quizapp.domain.collation import in_order
from quizapp.web.identity import time_zone

LOCALE = "en_GB"
UNKNOWN = "–"  # «the data cannot say»
TIME_PATTERNS = {
    "long": "d MMMM y, HH:mm z",
    "short": "d MMM y, HH:mm",
    "date": "EEEE d MMMM y, HH:mm z",
    "short_date": "EEE d MMM y, HH:mm",
    "day": "d MMMM y",
    "brief_day": "d MMM y",
    "clock": "HH:mm",
    "second": "HH:mm:ss",
}
A_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(\+\d\d:\d\d|Z)")
ALLOWED_TAGS = {"p", "em", "strong", "ul", "ol", "li", "blockquote", "code", "br", "a", "sub", "sup"}

_markdown = MarkdownIt("commonmark", {"html": False}).disable(["image", "heading", "lheading", "html_block", "fence"])


def init_app(app: Flask) -> None:
    """Give templates their filters, and the test whether a moment is past."""
    app.add_template_test(past)
    for function in (
        anchor,
        by_column,
        duration,
        inline_markdown,
        localtime,
        markdown,
        number,
        percent,
        quoted,
        short_day,
        timely,
    ):
        app.add_template_filter(function)


def localtime(moment: datetime | None, style: str = "long") -> Markup | str:
    """A time in the reader's zone, as a ``<time>``; ``style`` is one of ``TIME_PATTERNS``."""
    if moment is None:
        return UNKNOWN
    here = moment.astimezone(time_zone())
    shown = format_datetime(here, TIME_PATTERNS[style], tzinfo=here.tzinfo, locale=LOCALE)
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(timespec="seconds"), shown)


def short_day(moment: datetime | None, year: bool = False) -> str:
    """The day in the reader's zone, in short: 12 Mar; 12 Mar 2025 if it is of another year, or asked for so."""
    if moment is None:
        return UNKNOWN
    here = moment.astimezone(time_zone())
    pattern = "d MMM y" if year or here.year != datetime.now(here.tzinfo).year else "d MMM"
    return format_datetime(here, pattern, tzinfo=here.tzinfo, locale=LOCALE)


def past(moment: datetime) -> bool:
    """Whether a moment is over."""
    return moment <= datetime.now(UTC)


def timely(text: str) -> Markup | str:
    """A text that is a moment as it is stored («2026-11-23T13:26:00+00:00») as a time in the reader's zone."""
    return localtime(datetime.fromisoformat(text), "short") if A_MOMENT.fullmatch(text) else text


@lru_cache(maxsize=2048)
def number(value: Decimal | float | None, places: int = 2) -> str:
    """At most so many places, without useless noughts: 1,234.5. None is a dash."""
    if value is None:
        return UNKNOWN
    pattern = "#,##0." + "#" * places if places else "#,##0"
    with localcontext(rounding=ROUND_HALF_UP):  # as in the gradebook; half to even would show 62.5 as 62 beside its 63
        return format_decimal(value, pattern, locale=LOCALE).replace("-", "−")


def percent(fraction: Decimal | float | None, places: int = 0) -> str:
    """A fraction as 62%. None is a dash."""
    return UNKNOWN if fraction is None else f"{number(Decimal(str(fraction)) * 100, places)}%"


def duration(length: timedelta | int | float | None) -> str:
    """A length of time in the two units that matter: 1 h 5 min, 12 min, 45 s. None is a dash."""
    if length is None:
        return UNKNOWN
    seconds = round(length.total_seconds() if isinstance(length, timedelta) else length)
    units = [("d", seconds // 86_400), ("h", seconds // 3600 % 24), ("min", seconds // 60 % 60), ("s", seconds % 60)]
    first = next((i for i, (_, count) in enumerate(units) if count), 3)
    wanted = units[first : first + 2] if seconds < 600 else units[first : min(first + 2, 3)]
    return " ".join(f"{count} {unit}" for unit, count in wanted if count) or "0 s"


@lru_cache(maxsize=2048)
def markdown(text: str) -> Markup:
    """Paragraphs, lists, emphasis and links of a text, and nothing that could do harm."""
    return _safe(_markdown.render(text))


@lru_cache(maxsize=2048)
def inline_markdown(text: str) -> Markup:
    """Emphasis and links of a text that stands within a line."""
    return _safe(_markdown.renderInline(text))


def quoted(words: str) -> Markup:
    """Words of a document, in quotation marks; the outer pair of its own is not doubled."""
    bare = re.sub(r'^["“](.*)["”]$', r"\1", words.strip()) if not re.search(r'["“”]', words.strip()[1:-1]) else words
    return Markup("“{}”").format(escape(bare))


def anchor(text: str) -> str:
    """The text as an id within a page."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-") or "part"


@pass_environment
def by_column(
    environment: Environment, rows: Sequence[Any], columns: Sequence[Mapping[str, Any]], sort: str
) -> list[Any]:
    """Rows by the column that ``sort`` names («name», «-name»), what is unknown last; as they come where none does.

    A column has ``sort``, its name, and ``by``, the attribute to sort by («over_time.2.percent»; empty: as they come).
    """
    column = next((one for one in columns if one["sort"] == sort.removeprefix("-")), None)
    if column is None:
        return list(rows)
    if not column["by"]:
        return list(rows)[:: -1 if sort.startswith("-") else 1]
    return in_order(rows, make_attrgetter(environment, column["by"]), sort)


def _safe(html: str) -> Markup:
    cleaned = nh3.clean(html, tags=ALLOWED_TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https"})
    return Markup(cleaned)  # noqa: S704 cleaned in the line above
