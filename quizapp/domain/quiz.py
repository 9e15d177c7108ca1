"""What is set: a quiz with its sections of fixed items and random draws, and how a seed turns it into slots."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from hmac import compare_digest
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StrictBool, StrictInt, StrictStr, StringConstraints, model_validator

from quizapp.domain.entry import Amount, Entry, Id, Text, shuffled
from quizapp.domain.item import Item
from quizapp.domain.review_policy import Aspect, Moment

Duration = Annotated[StrictStr, StringConstraints(pattern=r"^[0-9]+ ?(s|min|h|d)$")]
SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
Level = Annotated[StrictInt, Field(ge=1, le=5)]
Points = Annotated[Amount, Field(gt=0, le=100)]
Spread = Literal["topic", "skill", "difficulty"]
Password = Annotated[Text, StringConstraints(max_length=80)]
DRAW_TRIES = 50
FIXED: dict[str, Any] = {"required": ["items"], "properties": {"items": {"minItems": 1}}, "not": {"required": ["draw"]}}
DRAWN: dict[str, Any] = {"required": ["draw", "from"], "properties": {"items": {"maxItems": 0}}}


def duration(text: str) -> timedelta:
    """The length of time that ``text`` («15 min», «2 h») says."""
    number, unit = re.fullmatch(r"([0-9]+) ?(s|min|h|d)", text).groups()  # type: ignore[union-attr]
    return timedelta(seconds=int(number) * SECONDS[unit])


def in_words(length: timedelta) -> str:
    """A length of time rounded up to whole minutes, hours or days, as a person says it."""
    minutes = -(-int(length.total_seconds()) // 60) or 1
    for size, unit in ((1440, "day"), (60, "hour"), (1, "minute")):
        if minutes >= size:
            count = -(-minutes // size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "a minute"


class Pool(Entry):
    """What a random draw chooses from: every condition given must hold."""

    topic: Id | tuple[Id, ...] | None = None
    skill: Text | tuple[Text, ...] | None = None
    difficulty: Level | tuple[Level, Level] | None = None
    type: Text | tuple[Text, ...] | None = None
    tag: Text | None = None
    source: Id | tuple[Id, ...] | None = None  # a source of which the item names a passage

    def admits(self, item: Item) -> bool:
        """Whether the item meets every condition."""
        return (
            _among(item.topic, self.topic)
            and _among(item.skill, self.skill)
            and _among(item.type, self.type)
            and (self.tag is None or self.tag in item.tags)
            and (self.source is None or any(_among(ref.partition("/")[0], self.source) for ref in item.passages()))
            and self._admits_difficulty(item.difficulty)
        )

    def _admits_difficulty(self, level: int) -> bool:
        if self.difficulty is None:
            return True
        low, high = (self.difficulty, self.difficulty) if isinstance(self.difficulty, int) else self.difficulty
        return low <= level <= high


def _among(value: str, wanted: str | tuple[str, ...] | None) -> bool:
    if wanted is None:
        return True
    return value == wanted if isinstance(wanted, str) else value in wanted


class Section(Entry):
    """Fixed items, or a number drawn at random from a pool."""

    title: Text | None = None
    items: tuple[Id, ...] = ()
    draw: Annotated[StrictInt, Field(ge=1)] | None = None
    source: Pool | None = Field(default=None, alias="from")
    spread: Spread | None = None  # a draw takes of each as evenly as it can
    each: Points | None = None  # points of each of its questions, instead of the question's own marks
    points: Mapping[Id, Points] = Field(default_factory=dict)  # of single questions of the section

    model_config = ConfigDict(populate_by_name=True, json_schema_extra={"oneOf": [FIXED, DRAWN]})

    @model_validator(mode="after")
    def _one_kind(self) -> Section:
        if bool(self.items) == (self.draw is not None):
            raise ValueError("a section has either «items» or «draw» with «from»")
        if self.draw is not None and self.source is None:
            raise ValueError("say with «from» what «draw» chooses from")
        return self

    def marks_of(self, item: Item) -> Decimal:
        """What the item is worth here."""
        return self.points.get(item.id) or self.each or item.marks


class Shuffle(Entry):
    """What is put in a new order for each attempt."""

    items: StrictBool = False
    options: StrictBool = True


class Quiz(Entry):
    """A quiz as set, in all its settings."""

    id: Id
    title: Text
    description: Text | None = None
    mode: Literal["practice", "test"] = "practice"
    access: Literal["open", "class"] = "open"
    sources: Literal["open", "closed"] = "open"
    password: Password | None = None  # a word for the classroom, readable here; asked before an attempt begins
    navigation: Literal["free", "one_way"] = "free"  # one_way: a question that was left stays closed
    time_limit: Duration | None = None
    grace: Duration = "1 min"
    attempts: Annotated[StrictInt, Field(ge=1)] | None = None
    wait: Duration | None = None  # from handing in until the next attempt may begin
    grading: Literal["best", "last", "first", "average"] = "best"
    pass_mark: Annotated[Amount, Field(ge=0, le=100)] | None = None  # per cent of the marks available
    shuffle: Shuffle = Shuffle()
    certainty: StrictBool = False
    review: Mapping[Moment, tuple[Aspect, ...]] = Field(default_factory=dict)
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]

    def limit(self) -> timedelta | None:
        """The time limit; None where there is none."""
        return duration(self.time_limit) if self.time_limit else None

    def opens(self, said: str) -> bool:
        """Whether these words are its password, if it has one; capitals and spaces around them do not matter."""
        return self.password is None or compare_digest(_heard(said), _heard(self.password))

    @property
    def is_one_way(self) -> bool:
        """Whether a question that was left stays closed."""
        return self.navigation == "one_way"

    @property
    def draws(self) -> bool:
        """Whether any of its questions are drawn at random."""
        return any(section.draw for section in self.sections)

    def size(self) -> int:
        """How many questions an attempt has."""
        return sum(section.draw or len(section.items) for section in self.sections)


def _heard(password: str) -> bytes:
    """A password as it is compared: phones begin with a capital, and spell é in two ways."""
    return unicodedata.normalize("NFKC", " ".join(password.split())).casefold().encode()


@dataclass(frozen=True)
class Drawn:
    """A slot to be: the item, the section it belongs to, the order of its options, and its points if not its own."""

    item: Item
    section: int
    order: tuple[int, ...] = field(default=())
    points: Decimal | None = None

    @property
    def marks(self) -> Decimal:
        """What it is worth."""
        return self.item.marks if self.points is None else self.points


class CannotDraw(Exception):
    """The bank holds too few items for a draw, or lacks a fixed item; the message says which."""


def draw(quiz: Quiz, bank: Mapping[str, Item], seed: str) -> list[Drawn]:
    """The slots of an attempt, all following from the seed.

    A draw never takes an item that is set already, two items that are ``not_with`` each other, or two that share a
    key's quote. Raises ``CannotDraw``.
    """
    for turn in range(DRAW_TRIES):
        chosen = _choose(quiz, bank, f"{seed}:{turn}")
        if chosen is not None:
            return _arrange(quiz, chosen, seed)
    raise CannotDraw(f"quiz «{quiz.id}»: the bank has too few questions that may stand together for its draws")


def _choose(quiz: Quiz, bank: Mapping[str, Item], seed: str) -> list[list[Item]] | None:
    fixed = {one: _known(quiz, bank, one) for section in quiz.sections for one in section.items}
    taken: list[Item] = list(fixed.values())
    sections: list[list[Item]] = []
    for number, section in enumerate(quiz.sections):
        if section.draw is None or section.source is None:
            sections.append([fixed[one] for one in section.items])
            continue
        found = _pick(section, bank.values(), taken, f"{seed}:{number}")
        if found is None:
            return None
        taken += found
        sections.append(found)
    return sections


def _known(quiz: Quiz, bank: Mapping[str, Item], item_id: str) -> Item:
    if item_id not in bank:
        raise CannotDraw(f"quiz «{quiz.id}» sets the question «{item_id}», which the bank does not hold")
    return bank[item_id]


def _pick(section: Section, items: Iterable[Item], taken: Sequence[Item], seed: str) -> list[Item] | None:
    pool = section.source or Pool()
    candidates = sorted((item for item in items if pool.admits(item)), key=lambda item: item.id)
    found: list[Item] = []
    for item in _evenly(shuffled(candidates, seed), section.spread):
        if all(may_stand_together(item, other) for other in (*taken, *found)):
            found.append(item)
            if len(found) == section.draw:
                return found
    return None


def _evenly(items: Sequence[Item], spread: Spread | None) -> Sequence[Item]:
    """The items in rounds: the first of each topic (skill, difficulty), then the second of each, and so on."""
    if spread is None:
        return items
    met: Counter[str] = Counter()
    rounds: list[tuple[int, Item]] = []
    for item in items:
        stratum = str(getattr(item, spread))
        rounds.append((met[stratum], item))
        met[stratum] += 1
    return [item for _, item in sorted(rounds, key=lambda one: one[0])]


def may_stand_together(one: Item, other: Item) -> bool:
    """Whether two different items may be in one attempt: neither gives the other away."""
    if one.id == other.id or one.id in other.not_with or other.id in one.not_with:
        return False
    return not (_key_quotes(one) & _key_quotes(other))


def _key_quotes(item: Item) -> set[tuple[str, str]]:
    return {(evidence.passage, quote) for _, evidence in item.key_evidence() for quote in evidence.quotes}


def _arrange(quiz: Quiz, sections: Sequence[Sequence[Item]], seed: str) -> list[Drawn]:
    slots: list[Drawn] = []
    for number, items in enumerate(sections):
        ordered = shuffled(items, f"{seed}:items:{number}") if quiz.shuffle.items else items
        for item in ordered:
            order = item.shuffled_order(f"{seed}:{item.id}") if quiz.shuffle.options else item.default_order()
            marks = quiz.sections[number].marks_of(item)
            slots.append(Drawn(item, number, tuple(order), marks))
    return slots


# What the app itself sets: the questions whose last answer was not right, whatever quiz they come from.
MISTAKES = Quiz.model_validate(
    {"id": "your-mistakes", "title": "Your mistakes", "mode": "practice", "sections": [{"draw": 10, "from": {}}]}
)
TRIAL = "your-trial"  # what a teacher takes as a student would: of no quiz that anybody counts
TRIAL_NUMBER = -1
RESERVED = frozenset({MISTAKES.id, TRIAL})


def marks_available(slots: Iterable[Drawn]) -> Decimal:
    """The sum of the marks of the slots."""
    return sum((slot.marks for slot in slots), Decimal(0))


def grade(percents: Sequence[Decimal], grading: str) -> Decimal | None:
    """The grade that the attempts' percentages (in the order started) make; None where there are none."""
    if not percents:
        return None
    if grading == "average":
        return sum(percents, Decimal(0)) / len(percents)
    return {"best": max(percents), "last": percents[-1], "first": percents[0]}[grading]
