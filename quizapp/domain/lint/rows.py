"""Ordering, matching, corroboration, numbers and quotes: ways to the answer past the question."""

from __future__ import annotations

import re

from quizapp.domain.item import Item
from quizapp.domain.items.corroboration import WORDS, Corroboration
from quizapp.domain.items.evidence import EvidenceItem
from quizapp.domain.items.matching import Matching
from quizapp.domain.items.numerical import Numerical
from quizapp.domain.items.ordering import Ordering
from quizapp.domain.items.short_answer import ShortAnswer
from quizapp.domain.lint.bank import question
from quizapp.domain.lint.rule import Found
from quizapp.domain.lint.words import roots
from quizapp.domain.number import shown

FEWEST_ROWS = 3
FEWEST_TO_ORDER = 4  # three things have six orders only
WIDE = 4  # a tolerance of more than the value ÷ 4 takes almost anything
ECHO = 2  # words that the right quote shares with the question beyond any other quote
QUOTE_APART = 2.0  # length of the right quotes ÷ that of the others
KEY_WORDS = 5  # a longer short answer is a matter of wording
RARE = 4
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATED = re.compile(rf"\b(?:1[5-9]|20)\d\d\b|\b(?:{_MONTHS})\b")
_COUNTED = re.compile(r"\b(?:how (?:many|old|much|long)|number|share|per cent|which)\b", re.IGNORECASE)
_SEQUENCE = re.compile(
    r"^(?:first|then|next|later|afterwards|finally|at last|last|in the end|after that|second|third|eventually)\b",
    re.IGNORECASE,
)


def dated(item: Item) -> Found:
    """Things to put in order that carry their dates."""
    if isinstance(item, Ordering):
        carrying = [i for i, option in enumerate(item.options) if _DATED.search(option.text)]
        if len(carrying) > 1:
            yield ("options", carrying[0]), f"{len(carrying)} of the texts carry their dates; take them out"


def sequence_words(item: Item) -> Found:
    """Things to put in order that say «first» or «finally»."""
    if isinstance(item, Ordering):
        for i, option in enumerate(item.options):
            if found := _SEQUENCE.match(option.text):
                yield ("options", i, "text"), f"«{found[0]}» tells its place"


def few_rows(item: Item) -> Found:
    """So few rows that guessing pays."""
    least = FEWEST_TO_ORDER if isinstance(item, Ordering) else FEWEST_ROWS
    if isinstance(item, Ordering | Matching | EvidenceItem) and len(item.options) < least:
        yield ("options",), f"{len(item.options)} only; with {least} guessing pays less"


def elimination(item: Item) -> Found:
    """Two lists of equal length: the last pair is left over without knowing."""
    if isinstance(item, Matching) and not item.wrong:
        matches = {option.match for option in item.options}
        if len(matches) == len(item.options):
            yield ("options",), "as many answers as rows, each for one: the last is left over; add one that fits none"


def row_echoes(item: Item) -> Found:
    """A row that shares a rare word with its own answer and with no other."""
    if not isinstance(item, Matching):
        return
    offered = [(option.match, roots(option.match)) for option in item.options]
    offered += [(wrong.answer, roots(wrong.answer)) for wrong in item.wrong]
    for i, option in enumerate(item.options):
        others = frozenset().union(*(words for text, words in offered if text != option.match))
        if told := (roots(option.text) & roots(option.match)) - others:
            yield ("options", i), f"«{min(told)}…» stands in the row and only in its answer"


def one_answer(item: Item) -> Found:
    """One answer for every passage."""
    if isinstance(item, Corroboration) and len({option.key for option in item.options}) == 1:
        yield ("options",), f"every passage «{WORDS[item.options[0].key]}»; add one that does not"


def number_told(item: Item) -> Found:
    """A number that stands in its own stem, that almost anything meets, or whose unit is not said."""
    if not isinstance(item, Numerical):
        return
    value, tolerance = item.key.value, item.key.tolerance
    written = re.findall(r"\d[\d,]*(?:\.\d+)?", item.stem)
    if shown(value).replace(",", "") in {number.replace(",", "") for number in written}:
        yield ("stem",), f"the stem has the answer, {shown(value)}"
    if tolerance * WIDE > abs(value) and tolerance > 1:
        yield ("key", "tolerance"), f"{shown(tolerance)} more or less of {shown(value)} takes almost anything"
    if item.key.unit is None and not _COUNTED.search(item.stem):
        yield ("key",), "does not say what is counted: give a unit, or ask «how many …»"
    if not item.wrong:
        yield ("key",), "no wrong number is foreseen; say what a student may take it for"


def quote_echoes(item: Item) -> Found:
    """A right quote that is found by comparing words with the question."""
    if not isinstance(item, EvidenceItem):
        return
    shared = shared_words(item)
    best = max((number for number, correct in shared if not correct), default=0)
    told = [number for number, correct in shared if correct]
    if min(told) >= best + ECHO:
        yield ("options",), f"the right quote shares {min(told)} words with the question, no other more than {best}"


def shared_words(item: EvidenceItem) -> list[tuple[int, bool]]:
    """For each quote: how many words it shares with the question (and the key of part A), and whether it is right."""
    asked = roots(question(item))
    if item.answer is not None:
        asked |= roots(next(option.text for option in item.answer.options if option.correct))
    return [(len(roots(option.text) & asked), option.correct) for option in item.options]


def quote_lengths(item: Item) -> Found:
    """Right quotes that are by far the longest."""
    if not isinstance(item, EvidenceItem):
        return
    right = [len(option.text) for option in item.options if option.correct]
    wrong = [len(option.text) for option in item.options if not option.correct]
    if min(right) > QUOTE_APART * max(wrong):
        yield ("options",), f"the right quote is {min(right) / max(wrong):.1f} times as long as any other"


def wordy_key(item: Item) -> Found:
    """A short answer that is a matter of wording."""
    if isinstance(item, ShortAnswer) and len(item.key.text.split()) > KEY_WORDS:
        yield ("key",), f"{len(item.key.text.split())} words to guess letter by letter; ask for a name or a term"
