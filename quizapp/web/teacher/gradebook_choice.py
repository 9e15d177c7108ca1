"""What the address of a gradebook asks for: who, in which order, grouped by what."""

from __future__ import annotations

from typing import Any

from flask import request

from quizapp.services import gradebook, transactions
from quizapp.services.gradebook import Book, Dimension, QuizBook, Row, Shares, choosing
from quizapp.services.gradebook.choosing import Wanted

MOST_PAGES = 100_000


def wanted_of_address() -> Wanted:
    """The words, group, standing, order and page."""
    asked = request.args
    page = asked.get("page", "1")
    number = min(int(page), MOST_PAGES) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    standing = asked.get("standing", "")
    return Wanted(
        words=asked.get("words", "")[:100],
        group=asked.get("group", "")[:100],
        standing=standing if standing in choosing.STANDINGS else "",
        sort=asked.get("sort", "name")[:200],
        page=number,
    )


def with_own_quizzes() -> bool:
    """Whether quizzes that students took of themselves are wanted too."""
    return request.args.get("own") == "1"


def dimension() -> Dimension | None:
    """By what marks are put together; None for the quizzes themselves."""
    return next((one for one in gradebook.DIMENSIONS if one == request.args.get("by")), None)


def kept(wanted: Wanted, **more: str) -> dict[str, str]:
    """What was chosen, apart from order and page, as far as it says something."""
    chosen = {"words": wanted.words, "group": wanted.group, "standing": wanted.standing, **more}
    return {name: value for name, value in chosen.items() if value}


def rows_by_dimension(
    book: Book, found: list[Row], by: Dimension | None, wanted: Wanted
) -> tuple[Shares | None, list[Row]]:
    """The rows in order; the shares of all of them where one of these is what they are ordered by."""
    name = wanted.sort.removeprefix("-")
    if by is None or not name.startswith("in "):
        return None, choosing.in_order(book, found, wanted.sort)
    shares = gradebook.shares(transactions.session(), found, by)
    if name.removeprefix("in ") not in shares.names:
        return shares, found
    at = shares.names.index(name.removeprefix("in "))

    def share(row: Row) -> Any:
        one = shares.rows[row.student.id][at]
        return None if one is None else one.share

    return shares, choosing.by_share(found, share, down=wanted.sort.startswith("-"))


def rows_by_question(found: QuizBook, rows: list[Row], sort: str) -> list[Row]:
    """The rows in order, perhaps of the marks for a question, or of a part of all marks."""
    name, down = sort.removeprefix("-"), sort.startswith("-")
    lines = {line.row.student.id: line for line in found.rows}
    part = name.removeprefix("part ")
    if name.startswith("part ") and part in found.parts:
        return choosing.by_share(rows, lambda row: lines[row.student.id].part(part), down=down)
    number = name.removeprefix("question ")
    at = next((at for at, one in enumerate(found.questions) if str(one.number) == number), None)
    if at is None or not name.startswith("question "):
        return choosing.in_order(found.book, rows, sort)

    def share(row: Row) -> Any:
        one = lines[row.student.id].answers[at]
        return None if one is None else one.fraction

    return choosing.by_share(rows, share, down=down)
