"""Answers that nobody foresaw, put together: the most frequent first, near ones beside each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from quizapp.domain.short_text import folded, slips_allowed

COMPARED = 500  # groups, the most frequent; the others stand behind them by number alone


@dataclass(frozen=True)
class AnswerGroup:
    """Answers that fold to the same text. ``text`` is the spelling given most; ``near`` is that of the group beside."""

    text: str
    count: int
    spellings: tuple[tuple[str, int], ...]
    near: str | None = None

    @property
    def says_something(self) -> bool:
        """Whether it has a letter or digit, so that it can be compared with an answer."""
        return bool(folded(self.text))


def grouped(texts: Iterable[str]) -> list[AnswerGroup]:
    """The groups of these answers, the most frequent first, each followed by the rarer ones that are near it."""
    spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        spellings[folded(text) or text.strip()][text.strip()] += 1
    ordered = sorted(spellings, key=lambda key: (-spellings[key].total(), key))
    return [_group(spellings, key, near) for key, near in _beside(ordered)]


def _group(spellings: dict[str, Counter[str]], key: str, near: str | None) -> AnswerGroup:
    given = _by_number(spellings[key])
    leader = None if near is None else _by_number(spellings[near])[0][0]
    return AnswerGroup(given[0][0], spellings[key].total(), tuple(given), leader)


def _by_number(given: Counter[str]) -> list[tuple[str, int]]:
    return sorted(given.items(), key=lambda pair: (-pair[1], pair[0]))


def _beside(ordered: list[str]) -> Iterable[tuple[str, str | None]]:
    """The keys in the order shown, each with the key that it stands beside."""
    waiting = dict.fromkeys(ordered[:COMPARED])
    while waiting:
        leader = next(iter(waiting))
        del waiting[leader]
        yield leader, None
        for other in [one for one in waiting if _is_near(leader, one)]:
            del waiting[other]
            yield other, leader
    yield from ((key, None) for key in ordered[COMPARED:])


def _is_near(one: str, other: str) -> bool:
    """Whether the one is the other with no more slips than the longer's length forgives; numbers never slip."""
    slips = max(slips_allowed(one), slips_allowed(other))
    if _digits(one) != _digits(other):
        return False
    return OSA.distance(one, other, score_cutoff=slips) <= slips


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())
