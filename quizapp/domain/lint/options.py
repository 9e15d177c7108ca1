"""Options that tell the key by their looks: length, form, sweeping words, echoes of the stem, overlap."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from statistics import mean

from quizapp.domain.item import Item
from quizapp.domain.items.evidence import EvidenceItem
from quizapp.domain.items.multiple_choice import MultipleChoice
from quizapp.domain.items.single_choice import SingleChoice
from quizapp.domain.items.true_false import TrueFalse
from quizapp.domain.lint.bank import Bank
from quizapp.domain.lint.rule import Found
from quizapp.domain.lint.words import root, roots
from quizapp.domain.option import Choice

LENGTHS_APART = 2.5  # longest ÷ shortest option
KEY_APART = 1.5  # length of the key ÷ the mean of its distractors, or the other way round
SHORT = 20  # characters; options no longer than that are names, and may differ
FEWEST = 3  # options
RARE = 4  # a word that so many questions have is no clue
REPEATED = 4  # words with which all options begin
ABSOLUTE = re.compile(
    r"""\b(?:absolutely|(?<!nearly\ )(?<!almost\ )(?<!at\ )(?<!after\ )all|always|completely|entirely|every|everybody
      |everyone|everything|exclusively|impossible|invariably|never|nobody|none|nothing|solely|totally|utterly
      |without\ exception)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_ABOVE = re.compile(
    r"\b(?:all|none|any|both|neither|either) of (?:the (?:above|others|options|answers)|these|them)\b|"
    r"^(?:all|none|both|neither)$|\bboth a and b\b|\bdon['’]t know\b",
    re.IGNORECASE,
)
_ARTICLE_AT_END = re.compile(r"\b(an?)\s*(?:…|\.\.\.|:|_+)?\s*$", re.IGNORECASE)
_RANGE = re.compile(r"(\d[\d,]*)\s*(?:–|-|to|and)\s*(\d[\d,]*)")
_FORMS = (
    ("a number", re.compile(r"[\d£$€]")),
    ("an article", re.compile(r"(?:an?|the)\s", re.IGNORECASE)),
    ("a preposition", re.compile(r"(?:in|at|on|by|from|for|with|as|of|after|before|during)\s", re.IGNORECASE)),
    ("«to»", re.compile(r"to\s", re.IGNORECASE)),
    ("a pronoun", re.compile(r"(?:he|she|it|they|his|her|its|their)\s", re.IGNORECASE)),
    ("a conjunction", re.compile(r"(?:because|since|so|that|if|when|while)\s", re.IGNORECASE)),
)


def choices(item: Item) -> Sequence[Choice]:
    """The options among which one chooses; in evidence those of the part A."""
    if isinstance(item, EvidenceItem):
        return item.answer.options if item.answer is not None else ()
    return item.options if isinstance(item, SingleChoice | MultipleChoice) else ()


def place_of_choices(item: Item) -> tuple[str, ...]:
    """Where those options stand in the entry."""
    return ("answer", "options") if isinstance(item, EvidenceItem) else ("options",)


def split(item: Item) -> tuple[list[str], list[str]]:
    """The texts of the keys and of the distractors."""
    options = choices(item)
    return [one.text for one in options if one.correct], [one.text for one in options if not one.correct]


def lengths(item: Item) -> Found:
    """Options of very different length."""
    sizes = [len(option.text) for option in choices(item)]
    if sizes and max(sizes) > LENGTHS_APART * min(sizes) and max(sizes) > SHORT:
        message = f"the longest option is {max(sizes) / min(sizes):.1f} times as long as the shortest"
        yield place_of_choices(item), message


def key_is_longest(item: Item) -> bool:
    """Whether the one key is longer than every distractor."""
    keys, others = split(item)
    return bool(others) and len(keys) == 1 and len(keys[0]) > max(map(len, others))


def key_is_shortest(item: Item) -> bool:
    """Whether the one key is shorter than every distractor."""
    keys, others = split(item)
    return bool(others) and len(keys) == 1 and len(keys[0]) < min(map(len, others))


def key_length(item: Item) -> float:
    """The mean length of the keys ÷ that of the distractors."""
    keys, others = split(item)
    return mean(map(len, keys)) / mean(map(len, others))


def key_lengths(item: Item) -> Found:
    """A key that is by far the longest or the shortest."""
    keys, others = split(item)
    if not keys or not others or max(map(len, (*keys, *others))) <= SHORT:
        return
    apart = key_length(item)
    if key_is_longest(item) and apart > KEY_APART:
        yield place_of_choices(item), f"the key is {apart:.1f} times as long as its distractors"
    if key_is_shortest(item) and apart < 1 / KEY_APART:
        yield place_of_choices(item), f"the distractors are {1 / apart:.1f} times as long as the key"


def absolutes(item: Item) -> Found:
    """Sweeping words («always», «never»), which give a wrong option or a false statement away."""
    if isinstance(item, TrueFalse):
        if not item.correct_response() and (found := ABSOLUTE.search(item.stem)):
            yield ("stem",), f"«{found[0]}» makes a statement look false; say it without"
        return
    keys, others = split(item)
    if any(ABSOLUTE.search(key) for key in keys):
        return
    for i, option in enumerate(choices(item)):
        if option.text in others and (found := ABSOLUTE.search(option.text)):
            yield (*place_of_choices(item), i), f"«{found[0]}» makes an option look wrong; say it without"


def of_the_above(item: Item) -> Found:
    """«All of the above» and its kin."""
    for i, option in enumerate(choices(item)):
        if found := _ABOVE.search(option.text):
            yield (*place_of_choices(item), i), f"«{found[0]}» tests logic, not history; offer an option of its own"


def form(text: str) -> str:
    """How an option begins, as far as grammar goes."""
    return next((name for name, pattern in _FORMS if pattern.match(text)), "another word")


def grammar(item: Item) -> Found:
    """A stem's last «a» or «an» that only some options fit; a key of another form than all its distractors."""
    place = place_of_choices(item)
    if article := _ARTICLE_AT_END.search(item.stem):
        wanted = article[1].casefold() == "an"
        if len({(option.text[:1].casefold() in "aeiou") == wanted for option in choices(item)}) > 1:
            yield ("stem",), f"«{article[1]}» fits only some of the options; write «a(n)», or move it into them"
    keys, others = split(item)
    forms = {form(text) for text in others}
    if len(keys) == 1 and len(others) >= FEWEST - 1 and len(forms) == 1 and form(keys[0]) not in forms:
        yield place, f"the key begins with {form(keys[0])}, every distractor with {forms.pop()}; give them one form"


def echoes(item: Item, bank: Bank) -> Found:
    """A rare word of the stem that comes back in the key, while no distractor has as many echoes of its own."""
    keys, others = split(item)
    if not keys:
        return
    asked = roots(item.answer.stem if isinstance(item, EvidenceItem) and item.answer else item.stem)
    told = frozenset.intersection(*map(roots, keys)) & asked - frozenset().union(*map(roots, others))
    if any(len(roots(text) & asked) >= len(told) for text in others):
        return
    for word in sorted(told):
        if len(bank.asking.get(word, ())) <= RARE:
            yield place_of_choices(item), f"«{_whole(word, keys[0])}» stands in the stem and only in the key"


def _whole(wanted: str, text: str) -> str:
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text)
    return next((word for word in words if root(word) == wanted), wanted)


def overlaps(item: Item) -> Found:
    """Options that are right together: numbers or years that overlap, a text that holds another whole."""
    if not isinstance(item, SingleChoice | EvidenceItem):
        return
    options = choices(item)
    for i, j in combinations(range(len(options)), 2):
        one, other = options[i].text, options[j].text
        if _share_numbers(one, other):
            yield (*place_of_choices(item), j), f"the numbers overlap those of «{one}»"
        elif _holds(one, other) or _holds(other, one):
            yield (*place_of_choices(item), j), f"overlaps «{one}»: if one is right, so may be the other"


def _share_numbers(one: str, other: str) -> bool:
    first, second = _range(one), _range(other)
    return first is not None and second is not None and first[0] < second[1] and second[0] < first[1]


def _range(text: str) -> tuple[float, float] | None:
    if not (found := _RANGE.search(text)):
        return None
    low, high = (float(number.replace(",", "")) for number in found.groups())
    return (low, high) if low < high else None


def _holds(one: str, other: str) -> bool:
    words, others = one.casefold().split(), other.casefold().split()
    return len(words) > len(others) > 1 and " ".join(others) in " ".join(words)


def repetitions(item: Item) -> Found:
    """Words with which every option begins, and that belong in the stem."""
    texts = [option.text.split() for option in choices(item)]
    if len(texts) >= FEWEST and (same := list(_common(texts))) and len(same) >= REPEATED:
        yield place_of_choices(item), f"every option begins «{' '.join(same)}»; say that once, in the stem"


def _common(texts: Sequence[Sequence[str]]) -> Iterator[str]:
    for words in zip(*texts, strict=False):
        if len({word.casefold() for word in words}) > 1:
            return
        yield words[0]


def too_few(item: Item) -> Found:
    """Fewer options than make guessing pointless."""
    if 0 < len(choices(item)) < FEWEST:
        yield place_of_choices(item), f"{len(choices(item))} options; with {FEWEST} guessing pays less"


def key_places(items: Sequence[Item]) -> Counter[int]:
    """How often the single key is written first, second …"""
    return Counter(i for item in items for i, option in enumerate(choices(item)) if option.correct)
