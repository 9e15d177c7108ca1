"""What the figures of a quiz mean, in plain words that a teacher acts on, each with its numbers.

A finding is said only where chance alone would rarely show it: correlations are held against their error (one side,
10 %), shares against that of a share. Below ``FEWEST`` attempts nothing is said of questions, but that they are few.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

from quizapp.domain.statistics.items import ItemFigures, correlation_is_above, correlation_is_below
from quizapp.domain.statistics.options import OptionFigures
from quizapp.domain.statistics.quizzes import GOOD, POOR, QuizFigures
from quizapp.domain.statistics.sitting import Changes

Kind = Literal[
    "key", "misleads", "against", "guessed", "draws_strong", "too_easy", "flat", "nobody", "changed", "slow",
    "few", "unreliable", "reliable", "student_guessed", "misread", "sure_unread",
]  # fmt: skip

FEWEST = 15  # attempts, below which figures say too little (Moodle's advice and ours)
TOO_EASY = 0.95
FLAT = 0.2  # a discrimination that, errors allowed for, stays below this tells few students apart
ONE_SIDED = 1.645
SLOW = 3.0
FEWEST_CHANGES = 5
HARDLY = 0.2  # a correlation below which easy questions were hardly done better than hard ones
FEWEST_QUESTIONS = 8  # below which a student's marks do not show guessing
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LONGEST_NAME = 60
NO_CHANGES = Changes()


@dataclass(frozen=True)
class Finding:
    """What was found, the numbers that show it, and what to do about it.

    ``option`` is the letter of one, if any; ``attempt`` the id of the attempt that shows it, where it is one.
    """

    kind: Kind
    says: str
    numbers: str
    advice: str = ""
    option: str | None = None
    attempt: str | None = None

    @property
    def urgent(self) -> bool:
        """Whether marks may be wrong as long as nobody looks."""
        return self.kind in ("key", "misleads", "against")


@dataclass(frozen=True)
class Question:
    """All that is known of a question: its figures, its options, who changed answers and how long it took."""

    figures: ItemFigures
    options: Sequence[OptionFigures] = ()
    groups: Sequence[int] = ()  # how many students are in each third
    changes: Changes = NO_CHANGES
    seconds: float | None = None  # the median time spent
    usual_seconds: float | None = None  # the median of the quiz's questions


def of_question(asked: Question) -> list[Finding]:
    """What to say of a question, the most pressing first; nothing where too few answered."""
    if asked.figures.students < FEWEST:
        return []
    return [*_about_marks(asked), *_about_options(asked), *_about_sitting(asked)]


def of_quiz(figures: QuizFigures) -> list[Finding]:
    """What to say of the whole quiz."""
    if figures.attempts < FEWEST:
        return [few(figures.attempts)]
    found = figures.consistency
    if found is None:
        return []
    numbers = f"Internal consistency {found:.2f}; {GOOD} and more is good, under {POOR} is poor."
    if found < POOR:
        says = "The marks say little about who knows more: another set of such questions would rank them otherwise"
        return [Finding("unreliable", says, numbers, "More questions help, and mending those named below.")]
    return [Finding("reliable", "The marks can be relied upon", numbers)] if found >= GOOD else []


def few(attempts: int) -> Finding:
    """That there are too few attempts."""
    says = f"{attempts} {'attempt' if attempts == 1 else 'attempts'}: too few to say"
    return Finding("few", says, f"From {FEWEST} attempts on, this page says what stands out.")


def of_student(name: str, score: float, guess: float | None, fit: float | None, questions: int) -> list[Finding]:
    """Whether a student's marks look guessed: no better than blind guessing earns, and no better on easy questions.

    ``fit`` is the correlation of the student's marks with how easy the questions were for the others (the personal
    biserial of Donlon & Fischer 1968, as a product-moment correlation).
    """
    if guess is None or questions < FEWEST_QUESTIONS:
        return []
    chance = sqrt(guess * (1 - guess) / questions)
    if score > guess + chance or (fit is not None and fit > HARDLY):
        return []
    easy = "Easy questions were missed as often as hard ones."
    numbers = (
        f"{_percent(score)} right, where blind guessing earns {_percent(guess)}. {easy if fit is not None else ''}"
    )
    return [Finding("student_guessed", f"{name} may have guessed", numbers.strip(), "Ask before you mark.")]


def option_name(position: int, label: str) -> str:
    """An option as findings name it: its letter on the page, and how it begins."""
    short = label if len(label) <= LONGEST_NAME else label[: LONGEST_NAME - 1].rstrip() + "…"
    return f"{LETTERS[position % len(LETTERS)]} (“{short}”)"


def _about_marks(asked: Question) -> list[Finding]:
    """What the marks suggest, of the key and the wording first; only the first that holds."""
    checks = (_key, _too_easy, _misleads, _against, _guessed, _flat)
    return next(([found] for check in checks if (found := check(asked))), [])


def _about_options(asked: Question) -> Iterator[Finding]:
    keys = [one for one in asked.options if one.key]
    suspected = _suspect(asked)
    for position, one in enumerate(asked.options):
        if one.key or not keys:
            continue
        if not one.chosen:
            yield _nobody(position, one, asked.figures.students)
        elif position != suspected and _draws_strong(one, asked):
            yield _strong(position, one, asked)


def _about_sitting(asked: Question) -> Iterator[Finding]:
    changes, seconds, usual = asked.changes, asked.seconds, asked.usual_seconds
    if changes.right_to_wrong >= FEWEST_CHANGES and changes.right_to_wrong > 2 * changes.wrong_to_right:
        numbers = f"{changes.right_to_wrong} from right to wrong, {changes.wrong_to_right} from wrong to right."
        yield Finding("changed", "Second thoughts lead away from the key", numbers, "Is the wording clear?")
    if seconds and usual and seconds >= SLOW * usual:
        numbers = f"Half of them took {seconds:.0f} seconds or more; the usual question here takes {usual:.0f}."
        yield Finding("slow", "It takes much longer than the others", numbers)


def _suspect(asked: Question) -> int | None:
    """The position of a wrong option that the strongest third choose more than the key, and the stronger the more."""
    keys = [one for one in asked.options if one.key]
    if len(keys) != 1 or not keys[0].thirds:
        return None
    key = keys[0]
    if (key.point_biserial or 0) > 0:
        return None
    better = [
        (one.thirds[-1], position)
        for position, one in enumerate(asked.options)
        if not one.key and one.thirds[-1] > key.thirds[-1] and _is_drawn_by_strength(one, asked)
    ]
    return max(better)[1] if better else None


def _key(asked: Question) -> Finding | None:
    position = _suspect(asked)
    if position is None:
        return None
    one, key = asked.options[position], next(option for option in asked.options if option.key)
    letter = LETTERS[position % len(LETTERS)]
    numbers = (
        f"Of the {asked.groups[-1]} strongest, {one.thirds[-1]} chose {option_name(position, one.label)} and "
        f"{key.thirds[-1]} the key; of the {asked.groups[0]} weakest, {one.thirds[0]} and {key.thirds[0]}."
    )
    says = f"The strongest students choose {letter}: is the key right?"
    return Finding("key", says, numbers, "Read the evidence again; if the key is wrong, mend it and regrade.", letter)


def _misleads(asked: Question) -> Finding | None:
    """Fewer right than blind guessing would get, by more than chance."""
    figures = asked.figures
    if figures.guess is None or figures.facility is None:
        return None
    if figures.facility + ONE_SIDED * _error(figures) >= figures.guess:
        return None
    return Finding(
        "misleads",
        "Fewer are right than blind guessing would be: something misleads them",
        f"{_percent(figures.facility)} right; blind guessing earns {_percent(figures.guess)}.",
        "Look at what they choose instead.",
    )


def _against(asked: Question) -> Finding | None:
    figures = asked.figures
    if not correlation_is_below(figures.discrimination, figures.students, 0.0):
        return None
    return Finding(
        "against",
        "Those who do well elsewhere miss it",
        f"Discrimination {_signed(figures.discrimination)}: below 0 it works against the rest of the quiz.",
        "Is the key right, and does the question have one reading only?",
    )


def _guessed(asked: Question) -> Finding | None:
    """Right as often as by blind guessing, and not more by the strong than by the weak."""
    figures = asked.figures
    if not figures.guess or figures.facility is None:
        return None
    near = abs(figures.facility - figures.guess) <= ONE_SIDED * _error(figures)
    if not near or correlation_is_above(figures.discrimination, figures.students, 0.0):
        return None
    return Finding(
        "guessed",
        "Guessed",
        f"{_percent(figures.facility)} right, where blind guessing earns {_percent(figures.guess)}; the strong do no "
        "better than the weak.",
        "Was it taught, and does the source say it where they look?",
    )


def _too_easy(asked: Question) -> Finding | None:
    facility = asked.figures.facility
    if facility is None or facility < TOO_EASY:
        return None
    numbers = f"{_percent(facility)} of the marks were earned by {asked.figures.students} students."
    return Finding("too_easy", "Too easy to tell anyone apart", numbers, "Good as a start; it measures nothing.")


def _flat(asked: Question) -> Finding | None:
    figures = asked.figures
    if not correlation_is_below(figures.discrimination, figures.students, FLAT):
        return None
    numbers = f"Discrimination {_signed(figures.discrimination)} over {figures.students} students."
    return Finding("flat", "The strong do hardly better than the weak", numbers, "Look at the options below.")


def _nobody(position: int, one: OptionFigures, students: int) -> Finding:
    letter = LETTERS[position % len(LETTERS)]
    numbers = f"{option_name(position, one.label)}: 0 of {students}."
    return Finding("nobody", f"Nobody chooses {letter}", numbers, "A nearer wrong answer would ask more.", letter)


def _draws_strong(one: OptionFigures, asked: Question) -> bool:
    return one.chosen >= FEWEST_CHANGES and _is_drawn_by_strength(one, asked)


def _is_drawn_by_strength(one: OptionFigures, asked: Question) -> bool:
    return correlation_is_above(one.point_biserial, asked.figures.students, 0.0)


def _strong(position: int, one: OptionFigures, asked: Question) -> Finding:
    letter = LETTERS[position % len(LETTERS)]
    numbers = (
        f"{option_name(position, one.label)}: {one.thirds[-1]} of the {asked.groups[-1]} strongest and {one.thirds[0]} "
        f"of the {asked.groups[0]} weakest."
    )
    return Finding("draws_strong", f"{letter} draws the stronger students", numbers, "Is it wrong enough?", letter)


def _error(figures: ItemFigures) -> float:
    """The standard error of the facility, never less than one more or one fewer student in it would make."""
    return max((figures.deviation or 0.0) / sqrt(figures.students), 1 / (2 * figures.students))


def _percent(part: float) -> str:
    return f"{100 * part:.0f}%"


def _signed(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.2f}".replace("-", "−")
