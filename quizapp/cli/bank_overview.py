"""`quizapp bank lint` and `quizapp bank coverage`: the bank looked over as a whole."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from quizapp.cli.terminal import count, follow, say_json, setting
from quizapp.domain.coverage import Coverage, SourceCoverage
from quizapp.domain.lint import Figures
from quizapp.services import checking, coverage, overview
from quizapp.services.coverage_tables import TABLES
from quizapp.services.overview import Lint


@click.command("lint")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@with_appcontext
def lint_command(as_json: bool) -> None:
    """Point out items that may be guessed, misread or given away, and show the bank in figures.

    The rules are those of Haladyna and others that can be measured; each says how many items it concerns.

    \b
    Example:
      quizapp bank lint
    """
    found = overview.look_over(setting("bank_dir"), setting("seeds_dir"))
    if as_json:
        say_json({**asdict(found), "findings": [str(one) for one in found.findings]})
    else:
        _say_lint(found)
    sys.exit(1 if found.findings else 0)


def _say_lint(found: Lint) -> None:
    for finding in found.findings:
        click.echo(finding)
    click.echo(f"{count(len(found.findings), 'finding')} in {count(found.figures.items, 'item')}.")
    for words, number in _lines(found.figures):
        click.echo(f"  {words:<58} {number:>6}")
    click.echo("Rules, the items that each concerns, and what it found")
    for one in found.rules:
        click.echo(f"  {one.rule:<24} {one.items:>6,} {one.found:>6,}")


def _lines(figures: Figures) -> list[tuple[str, str]]:
    firsts = figures.first_by_type.items()
    return [
        ("single-choice keys that are the longest option", _per_cent(figures.longest)),
        ("single-choice keys that are the shortest option", _per_cent(figures.shortest)),
        ("… by chance either would be", _per_cent(figures.longest_by_chance)),
        *((f"keys written first (options are shuffled): {kind}", _per_cent(share)) for kind, share in firsts),
        ("length of keys ÷ length of their distractors", _number(figures.key_length)),
        ("keys with a sweeping word", _per_cent(figures.absolutes_in_keys)),
        ("distractors with a sweeping word", _per_cent(figures.absolutes_in_distractors)),
        ("true-or-false statements that are true", _per_cent(figures.true)),
        ("right quotes that share most words with the question", _per_cent(figures.quote_echoes)),
        ("… by chance it would be", _per_cent(figures.quote_echoes_by_chance)),
        *((f"passages of which the key is «{key}»", f"{number:,}") for key, number in figures.answers.items()),
        ("items that ask for more than recall", _per_cent(figures.beyond_recall)),
        ("words a sentence in stems", _number(figures.words_a_sentence)),
        ("school grade of the questions (Flesch-Kincaid)", _number(figures.grade)),
        *((f"random guessing earns: {kind}", _per_cent(score)) for kind, score in figures.guess_scores.items()),
    ]


@click.command("coverage")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@with_appcontext
def coverage_command(as_json: bool) -> None:
    """Show which passages have questions, how topics, skills and difficulties are covered, and how much is quoted.

    \b
    Example:
      quizapp bank coverage
    """
    report = checking.check_folders(setting("bank_dir"), setting("seeds_dir"), setting("documents"), follow)
    found = coverage.of_report(report)
    say_json(_as_data(found)) if as_json else _say_coverage(found)


def _as_data(found: Coverage) -> dict[str, object]:
    return {
        "passages": {one.passage.ref: one.items for one in found.passages},
        "distractors": found.distractors,
        "distractors_with_evidence": found.proved,
        **{table.name: table.records(found) for table in TABLES.values() if table.name != "passages"},
        "each_passage": TABLES["passages"].records(found),
    }


def _say_coverage(found: Coverage) -> None:
    click.echo("Items by topic and skill, with the difficulties 1 to 5")
    for one in found.skills:
        levels = " ".join(f"{number:>2}" for number in one.levels)
        click.echo(f"  {one.topic:<28} {one.skill:<20} {one.items:>4}   {levels}")
    click.echo("Sources: passages with questions, passages, questions, mean difficulty")
    for source in found.sources:
        click.echo(
            f"  {source.source.id:<28} {source.used:>4} of {len(source.source.passages):<5} {source.items:>5} "
            f"{_number(source.difficulty):>5}"
        )
    click.echo(f"Passages without questions: {', '.join(found.unused()) or 'none'}")
    share = _per_cent(found.proved_share())
    click.echo(f"Distractors with evidence of their own: {found.proved} of {found.distractors} ({share})")
    for source in found.sources:
        _say_quoted(source)


def _say_quoted(source: SourceCoverage) -> None:
    if source.share is None:
        return
    told = ", as the edition record tells" if source.source.known_from == "record" else ""
    click.echo(
        f"Quoted of {source.source.id}: {source.source.quoted:,} of {source.source.words:,} words ({source.share:.0%}; "
        f"{_per_cent(source.limit)} at most{told})"
    )


def _per_cent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _number(number: float | None) -> str:
    return "–" if number is None else f"{number:.1f}"
