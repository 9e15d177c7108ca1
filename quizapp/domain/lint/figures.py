"""The bank in figures: how far keys, answers and stems stray from what chance and a sixteen-year-old would have."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import mean

from quizapp.domain.item import Item
from quizapp.domain.items.corroboration import WORDS, Corroboration
from quizapp.domain.items.evidence import EvidenceItem
from quizapp.domain.items.single_choice import SingleChoice
from quizapp.domain.lint.bank import question
from quizapp.domain.lint.options import ABSOLUTE, choices, key_is_longest, key_is_shortest, key_length, split
from quizapp.domain.lint.readability import grade, words_a_sentence
from quizapp.domain.lint.rows import shared_words


@dataclass(frozen=True)
class Figures:
    """The bank in figures; None where there is nothing to count.

    ``longest`` is the share of single-choice keys that are the longest option, ``shortest`` of those that are the
    shortest, ``longest_by_chance`` what chance gives for either; ``first`` the share of keys written first (options
    are shuffled unless a quiz says otherwise), ``first_by_type`` likewise for each type with options.
    """

    items: int
    single_choice: int
    longest: float | None
    shortest: float | None
    longest_by_chance: float | None
    first: float | None
    first_by_type: dict[str, float]
    key_length: float | None  # of the key ÷ the mean of its distractors
    absolutes_in_keys: float | None  # share of keys with a sweeping word
    absolutes_in_distractors: float | None
    true: float | None  # share of true-or-false statements that are true
    answers: dict[str, int]  # of corroboration items: how often each answer is the key
    quote_echoes: float | None  # share of evidence items whose right quote shares most words with the question
    quote_echoes_by_chance: float | None
    beyond_recall: float | None
    words_a_sentence: float | None
    grade: float | None  # mean Flesch-Kincaid grade of the questions
    guess_scores: dict[str, float]  # mean fraction of random guessing, by type


def figures(items: Sequence[Item]) -> Figures:
    """The bank in figures."""
    single = [item for item in items if isinstance(item, SingleChoice)]
    quotes = [item for item in items if isinstance(item, EvidenceItem)]
    keys, distractors = _texts(items)
    return Figures(
        items=len(items),
        single_choice=len(single),
        longest=_mean(key_is_longest(item) for item in single),
        shortest=_mean(key_is_shortest(item) for item in single),
        longest_by_chance=_mean(1 / len(item.options) for item in single),
        first=_mean(item.options[0].correct for item in single),
        first_by_type=_first_by_type(items),
        key_length=_mean(key_length(item) for item in single),
        absolutes_in_keys=_mean(bool(ABSOLUTE.search(text)) for text in keys),
        absolutes_in_distractors=_mean(bool(ABSOLUTE.search(text)) for text in distractors),
        true=_mean(bool(item.correct_response()) for item in items if item.type == "true_false"),
        answers=_answers(items),
        quote_echoes=_mean(_is_echoed(item) for item in quotes),
        quote_echoes_by_chance=_mean(mean(one.correct for one in item.options) for item in quotes),
        beyond_recall=_mean(item.skill != "recall" for item in items),
        words_a_sentence=_mean(words_a_sentence(item.stem) for item in items),
        grade=_mean(one for one in (grade(question(item)) for item in items) if one is not None),
        guess_scores=_guess_scores(items),
    )


def _answers(items: Sequence[Item]) -> dict[str, int]:
    rows = (option for item in items if isinstance(item, Corroboration) for option in item.options)
    found = Counter(option.key for option in rows)
    return {words: found[key] for key, words in WORDS.items() if found[key]}


def _mean(numbers: Iterable[float]) -> float | None:
    found = [float(number) for number in numbers]
    return mean(found) if found else None


def _texts(items: Sequence[Item]) -> tuple[list[str], list[str]]:
    """The texts of all keys and of all distractors."""
    both = [split(item) for item in items if choices(item)]
    return [text for keys, _ in both for text in keys], [text for _, others in both for text in others]


def _is_echoed(item: EvidenceItem) -> bool:
    """Whether a right quote shares more words with the question than any other."""
    shared = shared_words(item)
    best = max((number for number, correct in shared if not correct), default=0)
    return any(number > best for number, correct in shared if correct)


def _first_by_type(items: Sequence[Item]) -> dict[str, float]:
    """Type → the share of its items whose first option is a key; for evidence, the first quote."""
    found: defaultdict[str, list[bool]] = defaultdict(list)
    for item in items:
        shown = item.options if isinstance(item, EvidenceItem) else choices(item)
        if shown:
            found[item.type].append(shown[0].correct)
    return {name: mean(those) for name, those in sorted(found.items())}


def _guess_scores(items: Sequence[Item]) -> dict[str, float]:
    found: defaultdict[str, list[float]] = defaultdict(list)
    for item in items:
        score = item.guess_score()
        if score is not None:
            found[item.type].append(float(score))
    return {name: mean(those) for name, those in sorted(found.items())}
