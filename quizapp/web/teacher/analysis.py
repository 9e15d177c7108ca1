"""Which questions work: the item analysis of a quiz, of one question in it, and its tables to download."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from math import ceil
from typing import Any, cast
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from flask_login import current_user

from quizapp.services import analysis, transactions
from quizapp.services.analysis import COUNTING, Analysis, Choice, tables
from quizapp.services.gradebook.seeing import those_seen_by
from quizapp.services.people import Person
from quizapp.web.downloads import download
from quizapp.web.filters import number, percent
from quizapp.web.identity import allowed
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.attempt_addresses import attempt_address

OF_A_QUIZ = "/analysis/<quiz>"


@blueprint.get("/analysis")
@allowed("see teaching pages")
def choose_analysis() -> str:
    """The quizzes that have been taken."""
    session = transactions.session()
    choice = _choice()
    sort = request.args.get("sort", "")
    keep = _kept(choice)
    return render_template(
        "teacher/analyses.html",
        quizzes=_sorted(analysis.counted(session, choice.whose), sort),
        choice=choice,
        sort=sort,
        keep=keep,
        export=url_for("teacher.export_analyses", **keep),
    )


@blueprint.get("/analysis.csv")
@allowed("see teaching pages")
def export_analyses() -> Response:
    """The same as a table."""
    data = analysis.counted_csv(analysis.counted(transactions.session(), _choice().whose))
    return download(data, "quizzes-taken", "csv")


@blueprint.get(OF_A_QUIZ)
@allowed("see teaching pages")
def show_analysis(quiz: str) -> str:
    """The quiz as a whole: what stands out, each question's figures, what was read."""
    found = _analysed(quiz)
    sort = request.args.get("sort", "")
    keep = _kept(found.choice)
    return render_template(
        "teacher/analysis.html",
        found=found,
        counting=COUNTING,
        table=tables.QUESTIONS,
        rows=tables.QUESTIONS.sorted_rows(found, sort),
        of_passages=tables.PASSAGES,
        passage_rows=tables.PASSAGES.sorted_rows(found, sort),
        figures=tables.WHOLE.sorted_rows(found, sort),
        shares=tables.SHARES,
        meanings=tables.MEANINGS,
        sort=sort,
        keep=keep,
        scores=_scores(found),
        curve=(curve := _curve(found)),
        highest=4 * max(1, ceil(max((point["value"] for point in curve), default=0) / 4)),  # quarters are whole numbers
        exports={name: _download(quiz, name, keep, sort) for name in tables.TABLES},
        workbook=url_for("teacher.export_workbook", quiz=quiz, **keep),
        attempt_address=_attempt_address(found),
    )


@blueprint.get(f"{OF_A_QUIZ}/questions/<item>")
@allowed("see teaching pages")
def show_question_analysis(quiz: str, item: str) -> str:
    """One question beside its figures: who chose what, the strong or the weak, and how to mend it."""
    found = _analysed(quiz)
    sort = request.args.get("sort", "")
    keep = _kept(found.choice)
    return render_template(
        "teacher/question_analysis.html",
        found=found,
        lines=found.of_item(item),
        keep=keep,
        sort=sort,
        options_of=lambda line: tables.OPTIONS.of_line(found, line, sort),
        answers_of=lambda line: tables.ANSWERS.of_line(found, line, sort),
        option_columns=tables.OPTIONS.columns[3:],
        exports={name: _download(quiz, name, {**keep, "item": item}, "") for name in ("options", "answers")},
    )


@blueprint.get(f"{OF_A_QUIZ}/tables.csv")
@allowed("see teaching pages")
def export_analysis(quiz: str) -> Response:
    """One of the tables whole, or with ``?item=`` what it says of one question, for a spreadsheet."""
    found = _analysed(quiz)
    if item := request.args.get("item"):
        found = replace(found, questions=tuple(found.of_item(item)))
    table = tables.TABLES.get(request.args.get("table", ""), tables.QUESTIONS)
    data = table.csv(found, request.args.get("sort", ""))
    return download(data, f"{quiz}-{table.name}", "csv")


@blueprint.get(f"{OF_A_QUIZ}/workbook.xlsx")
@allowed("see teaching pages")
def export_workbook(quiz: str) -> Response:
    """Every table, a sheet each."""
    return download(tables.workbook(_analysed(quiz)), f"{quiz}-analysis", "xlsx")


def _choice() -> Choice:
    asked = request.args
    who = cast(Person, current_user)
    return analysis.choose(transactions.session(), who, asked.get("which", ""), asked.get("group", ""))


def _analysed(quiz: str) -> Analysis:
    return analysis.analyse(transactions.session(), quiz, _choice())


def _kept(choice: Choice) -> dict[str, Any]:
    """What was chosen, as far as it differs from what goes without saying."""
    which: dict[str, Any] = {} if choice.which == "first" else {"which": choice.which}
    return which | ({"group": choice.group.id} if choice.group.id else {})


def _sorted(found: list[analysis.QuizCount], sort: str) -> list[analysis.QuizCount]:
    keys: dict[str, Any] = {
        "quiz": lambda one: one.quiz.title.casefold(),
        "attempts": lambda one: one.attempts,
        "students": lambda one: one.students,
    }
    key = keys.get(sort.removeprefix("-"))
    return sorted(found, key=key, reverse=sort.startswith("-")) if key else found


def _attempt_address(found: Analysis) -> Callable[[str], str | None]:
    """From an attempt that a finding names to its page; None where it is not for this teacher to see."""
    named = [uuid.UUID(one.attempt) for one in found.findings if one.attempt]
    seen = those_seen_by(transactions.session(), named, current_user.id)
    return lambda attempt_id: attempt_address(attempt_id) if uuid.UUID(attempt_id) in seen else None


def _scores(found: Analysis) -> list[dict[str, Any]]:
    """How many attempts lie in each tenth of the marks."""
    steps = len(found.distribution)
    bounds = [(percent(step / steps), percent((step + 1) / steps)) for step in range(steps)]
    return [
        {"label": f"{low} to {high}", "value": count, "shown": number(count)}
        for (low, high), count in zip(bounds, found.distribution, strict=True)
    ]


def _curve(found: Analysis) -> list[dict[str, Any]]:
    """How much the quiz tells about students of each ability, and the error of what it tells."""
    return [
        {"label": number(ability), "value": value, "shown": f"{number(value)} (error {number(error)})"}
        for ability, value, error in tables.curve(found)
    ]


def _download(quiz: str, table: str, keep: dict[str, Any], sort: str) -> str:
    given = {"table": table, **keep, **({"sort": sort} if sort and table == "questions" else {})}
    return f"{url_for('teacher.export_analysis', quiz=quiz)}?{urlencode(given)}"
