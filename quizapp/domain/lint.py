"""Signs that an item can be answered without knowing, misread, or given away: figures and findings, never refusals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean

from quizapp.domain.entry import Place
from quizapp.domain.item import Item
from quizapp.domain.items.multiple_choice import MultipleChoice
from quizapp.domain.items.short_answer import ShortAnswer
from quizapp.domain.items.single_choice import SingleChoice
from quizapp.domain.short_text import confusable, folded, is_same

LENGTHS_APART = 2.5  # longest ÷ shortest option
LONG_SENTENCE = 25  # words a sentence, on the average of a stem
NAME_WORDS = 4  # a longer option is no name
TOLD_LETTERS = 5  # a shorter key stands in too many stems by chance
COMMON = 4  # a key that stands in so many other stems gives nothing away
_NEGATIVE = re.compile(r"\b(?:not|never|except|neither|nor|least|false|incorrect|cannot)\b|n['’]t\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")
_SENTENCE = re.compile(r"[.!?…]+(?=\s|$)")


@dataclass(frozen=True)
class Finding:
    """Something about an item that its author should look at, and where in its entry."""

    item: str
    place: Place
    message: str


@dataclass(frozen=True)
class Figures:
    """The bank in figures; None where there is nothing to count.

    ``longest`` is the share of single-choice keys that are the longest option, ``longest_by_chance`` what chance gives;
    ``first`` likewise for keys written first (options are shuffled unless a quiz says otherwise).
    """

    items: int
    single_choice: int
    longest: float | None
    longest_by_chance: float | None
    first: float | None
    key_length: float | None  # of the key ÷ the mean of its distractors
    true: float | None  # share of true-or-false statements that are true
    words_a_sentence: float | None


def figures(items: Sequence[Item]) -> Figures:
    """The bank in figures."""
    single = [item for item in items if isinstance(item, SingleChoice)]
    statements = [bool(item.correct_response()) for item in items if item.type == "true_false"]
    return Figures(
        items=len(items),
        single_choice=len(single),
        longest=_mean([float(_key_is_longest(item)) for item in single]),
        longest_by_chance=_mean([1 / len(item.options) for item in single]),
        first=_mean([float(item.options[0].correct) for item in single]),
        key_length=_mean([_key_length(item) for item in single]),
        true=_mean([float(one) for one in statements]),
        words_a_sentence=_mean([words_a_sentence(item.stem) for item in items]),
    )


def _mean(numbers: Sequence[float]) -> float | None:
    return mean(numbers) if numbers else None


def _key_is_longest(item: SingleChoice) -> bool:
    return all(len(_key(item)) > len(option.text) for option in item.options if not option.correct)


def _key(item: SingleChoice) -> str:
    return next(option.text for option in item.options if option.correct)


def _key_length(item: SingleChoice) -> float:
    return len(_key(item)) / mean(len(option.text) for option in item.options if not option.correct)


def words_a_sentence(text: str) -> float:
    """How many words a sentence of the text has on average."""
    return len(text.split()) / max(1, len(_SENTENCE.findall(text)))


def findings(items: Sequence[Item]) -> Iterator[Finding]:
    """What an author should look at, item by item."""
    names = _names(items)
    stems: dict[str, str] = {}
    for item in items:
        yield from _wording(item)
        yield from _lengths(item)
        yield from _confusable(item, names)
        yield from _given_away(item, items)
        first = stems.setdefault(folded(item.stem), item.id)
        if first != item.id:
            yield Finding(item.id, ("stem",), f"the same stem as «{first}»")


def _wording(item: Item) -> Iterator[Finding]:
    if found := _NEGATIVE.search(item.stem):
        yield Finding(item.id, ("stem",), f"a negative, «{found[0]}», is easily overlooked; ask it the other way round")
    if (words := words_a_sentence(item.stem)) > LONG_SENTENCE:
        yield Finding(item.id, ("stem",), f"{words:.0f} words a sentence; {LONG_SENTENCE} are enough to read at once")


def _lengths(item: Item) -> Iterator[Finding]:
    if not isinstance(item, SingleChoice | MultipleChoice):
        return
    lengths = [len(option.text) for option in item.options]
    if max(lengths) > LENGTHS_APART * min(lengths) and max(lengths) > 20:
        message = f"the longest option is {max(lengths) / min(lengths):.1f} times as long as the shortest"
        yield Finding(item.id, ("options",), message)
    if isinstance(item, SingleChoice) and _key_is_longest(item) and _key_length(item) > 1.5:
        yield Finding(item.id, ("options",), f"the key is {_key_length(item):.1f} times as long as its distractors")


def _names(items: Sequence[Item]) -> list[str]:
    """Every answer and every short option of the bank, each once."""
    found: list[str] = []
    for item in items:
        if isinstance(item, ShortAnswer):
            found += [*item.answers(), *(wrong.answer for wrong in item.wrong)]
        elif isinstance(item, SingleChoice | MultipleChoice):
            found += [option.text for option in item.options if len(option.text.split()) <= NAME_WORDS]
    bare = [_POSSESSIVE.sub("", name) for name in found]
    return list({folded(name): name for name in bare}.values())


def _confusable(item: Item, names: Sequence[str]) -> Iterator[Finding]:
    """Other names of the bank that a slip turns into an answer, and that the item's own ``wrong`` does not know."""
    if not isinstance(item, ShortAnswer) or item.near_miss == "none":
        return
    known = [*item.answers(), *(wrong.answer for wrong in item.wrong)]
    near = {name for answer in item.answers() for name in confusable(answer, names)}
    for name in sorted(near):
        if not any(is_same(name, one) for one in known):
            yield Finding(item.id, ("key",), f"«{name}» would be taken for the key with a slip; list it under «wrong»")


def _given_away(item: Item, items: Sequence[Item]) -> Iterator[Finding]:
    """Stems of other items that hold the key of this one."""
    if not isinstance(item, ShortAnswer) or len(folded(item.key.text)) < TOLD_LETTERS:
        return
    key = re.compile(rf"\b{re.escape(item.key.text)}\b", re.IGNORECASE)
    telling = [other for other in items if other is not item and key.search(other.stem)]
    if len(telling) < COMMON:
        for other in telling:
            if other.id not in item.not_with and item.id not in other.not_with:
                yield Finding(item.id, ("key",), f"the stem of «{other.id}» tells the key; say so with «not_with»")
