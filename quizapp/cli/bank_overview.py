"""`quizapp bank lint` and `quizapp bank coverage`: the bank looked over as a whole."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict

import click
from flask.cli import with_appcontext

from quizapp.cli.terminal import count, follow, say_json, setting
from quizapp.domain.lint import Figures
from quizapp.services import checking, overview
from quizapp.services.overview import Coverage, Lint


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
    return [
        ("single-choice keys that are the longest option", _per_cent(figures.longest)),
        ("single-choice keys that are the shortest option", _per_cent(figures.shortest)),
        ("… by chance either would be", _per_cent(figures.longest_by_chance)),
        ("single-choice keys written first (options are shuffled)", _per_cent(figures.first)),
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
    found = overview.coverage(report)
    say_json(_as_data(found)) if as_json else _say_coverage(found)


def _as_data(found: Coverage) -> dict[str, object]:
    return {
        "passages": found.questions,
        "items": [
            {"topic": topic, "skill": skill, "difficulty": difficulty, "items": number}
            for (topic, skill, difficulty), number in sorted(found.cells.items())
        ],
        "distractors": found.distractors,
        "distractors_with_evidence": found.proved,
        "quoted": [asdict(share) for share in found.shares],
    }


def _say_coverage(found: Coverage) -> None:
    click.echo("Items by topic and skill, with the difficulties 1 to 5")
    for topic, skill in sorted({(topic, skill) for topic, skill, _ in found.cells}):
        numbers = [found.cells.get((topic, skill, difficulty), 0) for difficulty in range(1, 6)]
        click.echo(f"  {topic:<28} {skill:<20} {sum(numbers):>4}   {' '.join(f'{number:>2}' for number in numbers)}")
    click.echo("Passages with questions")
    for source, (used, every) in _by_source(found).items():
        click.echo(f"  {source:<28} {used} of {every}")
    click.echo(f"Passages without questions: {', '.join(found.unused()) or 'none'}")
    share = _per_cent(found.proved_share())
    click.echo(f"Distractors with evidence of their own: {found.proved} of {found.distractors} ({share})")
    for one in found.shares:
        click.echo(f"Quoted of {one.source}: {one.quoted:,} of {one.words:,} words ({one.quoted / one.words:.0%})")


def _by_source(found: Coverage) -> dict[str, tuple[int, int]]:
    every = Counter(passage.partition("/")[0] for passage in found.questions)
    used = Counter(passage.partition("/")[0] for passage, number in found.questions.items() if number)
    return {source: (used[source], number) for source, number in every.items()}


def _per_cent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def _number(number: float | None) -> str:
    return "–" if number is None else f"{number:.1f}"
