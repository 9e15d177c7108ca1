"""Questions that ask nearly the same, found without comparing each with every other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from math import ceil

ALIKE = 0.8  # share of their words that near duplicates have in common (Jaccard)
FEWEST_ALIKE = 5  # words; of shorter questions only equal ones count


def near_duplicates(questions: Sequence[frozenset[str]]) -> dict[int, list[int]]:
    """For each question, by index: those before it that share most of its words.

    Two sets can only be that much alike if they share one of their rarest few words, so only those are compared
    (Chaudhuri, Ganti and Kaushik, A primitive operator for similarity joins in data cleaning, 2006: prefix filtering).
    """
    often = Counter(word for words in questions for word in words)
    starting: defaultdict[str, list[int]] = defaultdict(list)
    found: dict[int, list[int]] = {}
    for i, words in enumerate(questions):
        if len(words) < FEWEST_ALIKE:
            continue
        rarest = sorted(words, key=lambda word: (often[word], word))[: len(words) - ceil(ALIKE * len(words)) + 1]
        candidates = {j for word in rarest for j in starting[word]}
        alike = [j for j in candidates if _are_alike(words, questions[j])]
        if alike:
            found[i] = sorted(alike)
        for word in rarest:
            starting[word].append(i)
    return found


def _are_alike(one: frozenset[str], other: frozenset[str]) -> bool:
    shared = len(one & other)
    return shared >= ALIKE * (len(one) + len(other) - shared)
