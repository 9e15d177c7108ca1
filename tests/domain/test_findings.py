"""What is planted is found and said: a bad key, a dead distractor, a guessing student, and nothing of a fair quiz."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest

from quizapp.domain import findings
from quizapp.domain.findings import Finding, Question
from quizapp.domain.statistics.items import item_figures
from quizapp.domain.statistics.options import group_sizes, option_figures
from quizapp.domain.statistics.quizzes import quiz_figures
from quizapp.domain.statistics.sitting import Changes

STUDENTS = 60
ABILITIES = [n / STUDENTS for n in range(STUDENTS)]


def asked(chosen: Sequence[int], key: int, number: int = 4, **more: float | Changes) -> Question:
    """A question with so many options, of which each student, from weak to strong, chose one."""
    rests = ABILITIES[: len(chosen)]
    marks = [float(one == key) for one in chosen]
    options = [option_figures(f"option {i}", i == key, [one == i for one in chosen], rests) for i in range(number)]
    figures = item_figures(marks, rests, 1 / number)
    return Question(figures, options, group_sizes(rests), **more)  # type: ignore[arg-type]


def kinds(found: Sequence[Finding]) -> list[str]:
    return [one.kind for one in found]


def test_a_wrong_key_is_suspected_with_the_numbers():
    chosen = [(0, 2, 3)[n % 3] if n < 25 else 1 for n in range(STUDENTS)]  # the strong all choose the second
    [found, *others] = findings.of_question(asked(chosen, key=0))
    assert found.says == "The strongest students choose B: is the key right?"
    assert found.numbers == "Of the 20 strongest, 20 chose B (“option 1”) and 0 the key; of the 20 weakest, 0 and 7."
    assert found.urgent
    assert "draws_strong" not in kinds(others)  # said once


def test_a_dead_distractor_is_named():
    chosen = [0 if n % 3 else 1 + n % 2 for n in range(STUDENTS)]
    found = findings.of_question(asked(chosen, key=0))
    assert [(one.says, one.numbers) for one in found if one.kind == "nobody"] == [
        ("Nobody chooses D", "D (“option 3”): 0 of 60.")
    ]


def test_too_easy_and_guessed():
    easy = findings.of_question(asked([0] * 58 + [1, 2], key=0, number=3))
    assert "Too easy to tell anyone apart" in [one.says for one in easy]
    guessed = findings.of_question(asked([(n * 7) % 4 for n in range(STUDENTS)], key=0))
    assert kinds(guessed) == ["guessed"]
    assert guessed[0].numbers.startswith("25% right, where blind guessing earns 25%")


def test_misleading_and_slow_and_second_thoughts():
    misled = findings.of_question(asked([1 + n % 3 if n % 20 else 0 for n in range(STUDENTS)], key=0))
    assert kinds(misled) == ["misleads"]
    chosen = [0 if n > 20 else 1 + n % 3 for n in range(STUDENTS)]
    later = findings.of_question(asked(chosen, 0, changes=Changes(8, 2, 0), seconds=90.0, usual_seconds=30.0))
    assert kinds(later) == ["changed", "slow"]


def test_a_good_question_has_nothing_said_of_it():
    assert findings.of_question(asked([0 if n > 20 else 1 + n % 3 for n in range(STUDENTS)], key=0)) == []


def test_chance_alone_seldom_says_anything():
    """Fair questions answered by simulated students: urgent findings are rare."""
    chance = random.Random(1917)
    urgent = 0
    for _ in range(300):
        chosen = [0 if chance.random() < 0.3 + 0.6 * able else chance.randrange(1, 4) for able in ABILITIES[::2]]
        urgent += any(one.urgent for one in findings.of_question(asked(chosen, key=0)))
    assert urgent <= 6


@pytest.mark.parametrize("attempts", [0, 1, 12, 14])
def test_few_attempts_say_that_they_are_few_and_nothing_else(attempts: int):
    quiz = quiz_figures([n / 20 for n in range(attempts)], None)
    [found] = findings.of_quiz(quiz)
    assert found.says == f"{attempts} attempt{'' if attempts == 1 else 's'}: too few to say"
    assert findings.of_question(asked([1] * attempts, key=0)) == []


def test_a_quiz_that_ranks_by_chance_says_so():
    columns = [[float((n * k) % 7 < 3) for n in range(40)] for k in (1, 2, 3, 5)]
    totals = [sum(row) / 4 for row in zip(*columns, strict=True)]
    assert kinds(findings.of_quiz(quiz_figures(totals, columns))) == ["unreliable"]
    same = [[float(n > 20) for n in range(40)]] * 4
    assert kinds(findings.of_quiz(quiz_figures([float(n > 20) for n in range(40)], same))) == ["reliable"]


def test_a_guessing_student_is_told_from_a_weak_one():
    [found] = findings.of_student("Guy", score=0.3, guess=0.25, fit=-0.1, questions=12)
    assert found.says == "Guy may have guessed"
    assert (
        found.numbers == "30% right, where blind guessing earns 25%. Easy questions were missed as often as hard ones."
    )
    assert findings.of_student("Weak", score=0.3, guess=0.25, fit=0.7, questions=12) == []
    assert findings.of_student("Good", score=0.8, guess=0.25, fit=0.0, questions=12) == []
    assert findings.of_student("Short", score=0.2, guess=0.25, fit=0.0, questions=4) == []
    assert findings.of_student("Free text", score=0.2, guess=None, fit=0.0, questions=12) == []
