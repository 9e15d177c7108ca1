"""Keys that are told: by another item, by the line on whose view is asked about, or by a name that a slip confuses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.domain.item import Item
from quizapp.domain.items.date import Date
from quizapp.domain.items.multiple_choice import MultipleChoice
from quizapp.domain.items.short_answer import ShortAnswer
from quizapp.domain.items.single_choice import SingleChoice
from quizapp.domain.lint.bank import Bank
from quizapp.domain.lint.rule import Found
from quizapp.domain.lint.words import roots
from quizapp.domain.short_text import confusable, folded, is_same

TOLD_LETTERS = 5  # a shorter key stands in too many stems by chance
COMMON = 4  # a key that stands in so many other stems gives nothing away
CANDIDATES = 200  # questions looked through for a key whose rarest word they share


def same_stem(item: Item, bank: Bank) -> Found:
    """A question that another item asks already, in the same words or nearly."""
    at = bank.at[item.id]
    if (first := bank.first_with_question[folded(bank.questions[at])]) != at:
        yield ("stem",), f"the same stem as «{bank.items[first].id}»"
        return
    for other in bank.near_duplicates.get(at, ()):
        if not excluded(item, bank.items[other]):
            message = f"asks nearly the same as «{bank.items[other].id}»; say so with «not_with», or ask something else"
            yield ("stem",), message


def excluded(item: Item, other: Item) -> bool:
    """Whether the two never stand in one draw."""
    return other.id in item.not_with or item.id in other.not_with


def told_elsewhere(item: Item, bank: Bank) -> Found:
    """Stems of other items that hold the key of this one."""
    key = told_key(item)
    if key is None:
        return
    pattern = re.compile(rf"(?<!\w){re.escape(key)}(?!\w)", re.IGNORECASE)
    telling = [other for other in _candidates(item, key, bank) if pattern.search(bank.questions[other])]
    if len(telling) >= COMMON:
        return
    for other in telling:
        if not excluded(item, bank.items[other]) and (isinstance(item, ShortAnswer) or _shares(item, other, bank)):
            yield ("key",), f"the stem of «{bank.items[other].id}» tells the key; say so with «not_with»"


def told_key(item: Item) -> str | None:
    """The key as another stem would print it; None where that says nothing."""
    if isinstance(item, ShortAnswer):
        return item.key.text if len(folded(item.key.text)) >= TOLD_LETTERS else None
    if isinstance(item, SingleChoice):
        key = next(option.text for option in item.options if option.correct)
        return key if len(folded(key)) >= TOLD_LETTERS else None
    if isinstance(item, Date):
        date = item.key.parsed()
        return None if date.month is None else str(date).partition(" (")[0]
    return None


def _candidates(item: Item, key: str, bank: Bank) -> Iterator[int]:
    """The other items, by index, whose questions have every meaningful word of the key."""
    lists = sorted((bank.asking.get(word, []) for word in roots(key)), key=len)
    if lists and len(lists[0]) <= CANDIDATES:
        at = bank.at[item.id]
        yield from (i for i in lists[0] if i != at)


def _shares(item: Item, other: int, bank: Bank) -> bool:
    """Whether both rest on a passage: then what one tells is what the other asks."""
    return bool(bank.passages[bank.at[item.id]] & bank.passages[other])


def attribution(item: Item) -> Found:
    """A line «asks about the view of …» that holds a word of the key which neither the stem nor a distractor has."""
    keys, distractors = _offered(item)
    known = roots(item.stem) | roots(" ".join(distractors))
    words = (roots(item.attributed_to or "") & roots(" ".join(keys))) - known
    if words:
        yield ("attributed_to",), f"whose view is asked about tells the key («{min(words)}»); say it without"


def _offered(item: Item) -> tuple[list[str], list[str]]:
    """The keys and the distractors of a choice; the accepted answers of a short one."""
    if isinstance(item, ShortAnswer):
        return list(item.answers()), []
    if isinstance(item, SingleChoice | MultipleChoice):
        correct = [option.text for option in item.options if option.correct]
        return correct, [option.text for option in item.options if not option.correct]
    return [], []


def names(item: Item, bank: Bank) -> Found:
    """Other names of the bank that a slip turns into an answer, and that the item's own ``wrong`` does not know."""
    if not isinstance(item, ShortAnswer) or item.near_miss == "none":
        return
    known = [*item.answers(), *(wrong.answer for wrong in item.wrong)]
    near = {name for answer in item.answers() for name in confusable(answer, bank.names_near(answer))}
    for name in sorted(near):
        if not any(is_same(name, one) for one in known):
            yield ("key",), f"«{name}» would be taken for the key with a slip; list it under «wrong»"
