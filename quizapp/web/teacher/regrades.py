"""Marking anew what was handed in: the dry run of a question, carrying it out, and the list of what was done."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import urlencode

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from quizapp.domain.regrade import NAMING, Rule, deed_named
from quizapp.services import reading, transactions
from quizapp.services.accounts import Mistakes
from quizapp.services.people import Person
from quizapp.services.regrading import planning, runs, tables
from quizapp.services.regrading.planning import DryRun
from quizapp.services.regrading.runs import LONGEST_WHY, Choice, DryRunChanged
from quizapp.web.downloads import download
from quizapp.web.identity import allowed
from quizapp.web.teacher import blueprint
from quizapp.web.teacher.classes import NUMBER, now

OF_A_QUESTION = "/regrade/<item>"
A_RUN = f"/regrade/runs/<{NUMBER}:run_id>"
MOST_OPTIONS = 100
WAYS = {"moves": "move", "stays": "stay"}


@blueprint.get(OF_A_QUESTION)
@allowed("regrade")
def regrade(item: str) -> str:
    """Whose marks a rule would move, from what to what; nothing is changed."""
    return _page(_dry_run(item))


@blueprint.post(OF_A_QUESTION)
@allowed("regrade")
def commit_regrade(item: str) -> ResponseReturnValue:
    """Carry out the dry run that was seen: all of it, or for those ticked."""
    why = request.form.get("why", "")
    ticked = request.form.get("whom") == "ticked"
    attempts = runs.choice_of(request.form.getlist("attempt")) if ticked else None
    choice = Choice(request.form.get("fingerprint", ""), attempts)
    try:
        done = runs.commit(transactions.session(), item, _rule(), choice, why, who=_who(), now=now())
    except Mistakes as mistakes:
        transactions.rollback()
        return _page(_dry_run(item), why=why, wrong=mistakes.fields), Mistakes.status
    except DryRunChanged as changed:
        transactions.rollback()
        return _page(_dry_run(item), why=why, changed=changed.message), DryRunChanged.status
    transactions.commit()
    flash(f"Marked anew: {_counted(done.moved, 'mark')}. The students find a note on their home page.", "right")
    return redirect(url_for("teacher.show_regrade", run_id=done.id), 303)


@blueprint.get(f"{OF_A_QUESTION}/rows.csv")
@allowed("regrade")
def export_dry_run(item: str) -> Response:
    """The whole dry run, or with ``?table=versions`` the versions in use, for a spreadsheet."""
    run = _dry_run(item)
    if request.args.get("table") == "versions":
        return download(tables.uses_csv(run), f"{item}-versions", "csv")
    return download(tables.dry_run_csv(run), f"{item}-dry-run", "csv")


@blueprint.get("/regrade")
@allowed("regrade")
def show_regrades() -> str:
    """The regrades that were carried out."""
    sort = request.args.get("sort", "-when")
    found = tables.by(runs.runs(transactions.session(), _who()), tables.RUNS, sort)
    return render_template("teacher/regrades.html", runs=found, sort=sort)


@blueprint.get("/regrade/runs.csv")
@allowed("regrade")
def export_regrades() -> Response:
    """The same as a table."""
    return download(tables.runs_csv(runs.runs(transactions.session(), _who())), "regrades", "csv")


@blueprint.get(A_RUN)
@allowed("regrade")
def show_regrade(run_id: int) -> str:
    """One regrade: by whom, why, and every mark that it moved."""
    found = runs.run_page(transactions.session(), run_id, _who())
    sort = request.args.get("sort", "student")
    part = tables.page_of(tables.by(found.lines, tables.LINES, sort), request.args.get("page", 1, type=int))
    return render_template("teacher/regrade_run.html", found=found, part=part, sort=sort, page_address=_numbered)


@blueprint.get(f"{A_RUN}.csv")
@allowed("regrade")
def export_regrade(run_id: int) -> Response:
    """The same as a table."""
    return download(tables.run_csv(runs.run_page(transactions.session(), run_id, _who())), f"regrade-{run_id}", "csv")


@blueprint.post(f"{A_RUN}/undo")
@allowed("regrade")
def undo_regrade(run_id: int) -> ResponseReturnValue:
    """Give the marks back as they were."""
    done = runs.undo(transactions.session(), run_id, who=_who(), now=now())
    transactions.commit()
    kept = f" {_counted(done.kept, 'mark')} had moved again since, and stays as it is." if done.kept == 1 else ""
    kept = f" {done.kept} marks had moved again since, and stay as they are." if done.kept > 1 else kept
    flash(f"Taken back: {_counted(done.put_back or 0, 'mark')}.{kept}", "partial" if done.kept else "right")
    return redirect(url_for("teacher.show_regrade", run_id=run_id), 303)


def _who() -> Person:
    return cast(Person, current_user)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _rule() -> Rule:
    """The rule that the address says; by the key where it says none. Options belong to those that ask for them."""
    given = request.args
    deed = deed_named(given.get("deed"))
    named = [name for value in given.getlist("option") for name in value.split(",") if name]
    options = tuple(dict.fromkeys(named))[:MOST_OPTIONS] if deed in NAMING else ()
    return Rule(deed, options, given.get("spare") == "1")


def _dry_run(item: str) -> DryRun:
    return planning.dry_run(transactions.session(), item, _rule(), who=_who())


def _page(run: DryRun, *, why: str = "", wrong: Any = None, changed: str = "") -> str:
    sort = request.args.get("sort", "student")
    show = request.args.get("show", "moves")
    rows = run.staying if show == "stays" else run.moving
    keep = _kept(run.rule)
    return render_template(
        "teacher/regrade.html",
        run=run,
        part=tables.page_of(tables.by(rows, tables.CASES, sort), request.args.get("page", 1, type=int)),
        uses=tables.by(run.uses, tables.USES, sort),
        sorts_uses=sort.removeprefix("-") in tables.USES,
        show="stays" if show == "stays" else "moves",
        sort=sort,
        keep=keep | ({"show": "stays"} if show == "stays" else {}),
        rows_address=url_for("teacher.export_dry_run", item=run.name, **keep),
        shown_address=lambda which: "?" + urlencode(keep | ({"show": which} if which == "stays" else {})),
        here=f"?{request.query_string.decode()}" if request.args else "",
        page_address=_numbered,
        named=_named(run),
        why=why,
        wrong=wrong or {},
        changed=changed,
        longest_why=LONGEST_WHY,
    )


def _kept(rule: Rule) -> dict[str, Any]:
    """The rule as an address carries it."""
    given: dict[str, Any] = {"deed": rule.deed, "option": ",".join(rule.options), "spare": "1" if rule.spare else ""}
    return {name: value for name, value in given.items() if value}


def _numbered(number: int) -> str:
    given = request.args.to_dict(flat=False) | {"page": [str(number)]}
    return f"?{urlencode(given, doseq=True)}"


def _named(run: DryRun) -> Any:
    """Turns the passages that a text names by reference into their names, where answers are about passages."""
    refs = set(run.item.passages()) if run.item.type == "corroboration" else set()
    names = reading.passage_names(transactions.session(), refs) if refs else {}

    def named(text: str) -> str:
        for ref, name in names.items():
            text = text.replace(ref, str(name))
        return text

    return named
