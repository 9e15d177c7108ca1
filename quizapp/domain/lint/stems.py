"""Stems that are misread: negatives, long sentences, hard words, no question at all."""

from __future__ import annotations

import re

from quizapp.domain.item import Item
from quizapp.domain.items.date import Date
from quizapp.domain.lint.bank import question
from quizapp.domain.lint.readability import grade, words_a_sentence
from quizapp.domain.lint.rule import Found

LONG_SENTENCE = 25  # words a sentence, on the average of a stem
HARDEST_GRADE = 12.0  # of a question: the last year of school, when most are eighteen; the bank’s mean is far below
ENOUGH_WORDS = 8  # a grade says nothing of fewer
_NEGATIVE = re.compile(r"\b(?:not|never|except|neither|nor|least|false|incorrect|cannot)\b|n['’]t\b", re.IGNORECASE)
_EMPHASISED = re.compile(r"\*\*.+?\*\*|__.+?__|«.+?»|“.+?”")
_TASK = re.compile(
    r"(?:^|[.?!:;,»”]\s+)(?:arrange|choose|complete|decide|fill|find|give|judge|mark|match|name|order|pair|pick|put|say|"
    r"select|sort|state|tick|type|write)\b",
    re.IGNORECASE,
)
_COMPLETION = re.compile(r"(?:…|\.\.\.|_{2,}|:)\s*$")
_WHEN = re.compile(r"\b(?:when|date|day|month|year|what time)\b", re.IGNORECASE)


def negatives(item: Item) -> Found:
    """A «not» that the eye passes over; one in bold type or capital letters, or inside a quote, is seen."""
    shown = _EMPHASISED.sub("", item.stem)
    for found in _NEGATIVE.finditer(shown):
        if not (found[0].isupper() and len(found[0]) > 1):
            yield ("stem",), f"a negative, «{found[0]}», is easily overlooked; ask it the other way round"
            return


def long_sentences(item: Item) -> Found:
    """More words a sentence than are read at once."""
    if (words := words_a_sentence(item.stem)) > LONG_SENTENCE:
        yield ("stem",), f"{words:.0f} words a sentence; {LONG_SENTENCE} are enough to read at once"


def reading_level(item: Item) -> Found:
    """A question that only adults read with ease."""
    text = question(item)
    level = grade(text)
    if level is not None and level > HARDEST_GRADE and len(text.split()) >= ENOUGH_WORDS:
        yield ("stem",), f"reads like school grade {level:.0f}; use shorter words and sentences"


def asked(item: Item) -> Found:
    """Neither a question, nor a task, nor a sentence to complete."""
    stem = item.stem
    if not ("?" in stem or _TASK.search(stem) or _COMPLETION.search(stem)):
        yield ("stem",), "neither a question nor a task nor a sentence to complete; say what is wanted"


def statement(item: Item) -> Found:
    """A statement to judge that is a question."""
    if "?" in item.stem:
        yield ("stem",), "a question; give a statement that is true or false"


def exactness(item: Item) -> Found:
    """A date whose stem does not say whether a day, a month or a year is wanted."""
    if isinstance(item, Date) and not _WHEN.search(item.stem):
        yield ("stem",), "does not say whether a day, a month or a year is wanted"
