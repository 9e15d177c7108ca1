"""How hard a text is to read, as a school grade."""

from __future__ import annotations

import re
from functools import lru_cache

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"[.!?…]+(?=\s|$)")
_SOUND = re.compile(r"[aeiouy]+")


def words_a_sentence(text: str) -> float:
    """How many words a sentence of the text has on average."""
    return len(text.split()) / max(1, len(_SENTENCE.findall(text)))


@lru_cache(maxsize=50_000)
def syllables(word: str) -> int:
    """How many syllables an English word probably has: its groups of vowels, without a silent e; at least one."""
    plain = word.casefold()
    sounds = len(_SOUND.findall(plain))
    silent = plain.endswith(("e", "es", "ed")) and not plain.endswith(("le", "les", "ted", "ded", "ses", "ces", "ges"))
    return max(1, sounds - (silent and sounds > 1))


def grade(text: str) -> float | None:
    """The Flesch-Kincaid grade: years of school in the United States after which a text is read with ease.

    0.39 × words a sentence + 11.8 × syllables a word − 15.59 (Kincaid, Fishburne, Rogers and Chissom, Derivation of new
    readability formulas for Navy enlisted personnel, 1975). Names, which are what is learnt, count as two syllables at
    most; None where there are no words.
    """
    words = _WORD.findall(text)
    if not words:
        return None
    sentences = max(1, len(_SENTENCE.findall(text)))
    spoken = sum(min(syllables(word), 2) if word[0].isupper() else syllables(word) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * spoken / len(words) - 15.59
