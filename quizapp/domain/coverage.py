"""What of the sources a bank covers: how many items rest on each passage, how hard they are, how much is quoted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Literal

from quizapp.domain.item import Item
from quizapp.domain.quotation import share_allowed

LEVELS = range(1, 6)
FEW = 5  # answers, below which a share of missed ones is not told
Answers = Mapping[str, tuple[int, int]]  # item → how many answers, how many of them missed
NO_ANSWERS: Answers = {}


@dataclass(frozen=True)
class ListedPassage:
    """A passage to measure. ``quoted`` of its ``words`` stand in quotes; None where that is not known."""

    ref: str
    heading: str
    kind: str
    words: int | None = None
    quoted: int | None = None


@dataclass(frozen=True)
class ListedSource:
    """A source to measure, with the words of its whole document that are quoted, as far as known, and how that is."""

    id: str
    name: str
    passages: tuple[ListedPassage, ...]
    words: int | None = None
    quoted: int | None = None
    known_from: Literal["document", "record"] | None = None


@dataclass(frozen=True)
class PassageCoverage:
    """What rests on a passage; ``difficulty`` is the mean of its items, None without items.

    ``answers`` were given to its items, and ``missed`` of them were not right.
    """

    source: str
    passage: ListedPassage
    items: int
    disputes: int
    difficulty: float | None
    easiest: int | None
    hardest: int | None
    answers: int = 0
    missed: int = 0

    @property
    def missed_share(self) -> float | None:
        """The share of answers that were missed; None of few."""
        return self.missed / self.answers if self.answers >= FEW else None


@dataclass(frozen=True)
class SourceCoverage:
    """What rests on a source's passages; an item that names several of them counts once."""

    source: ListedSource
    used: int  # passages that an item names
    touched: int  # passages that an item or a dispute names
    items: int
    difficulty: float | None
    answers: int = 0
    missed: int = 0

    @property
    def missed_share(self) -> float | None:
        """The share of answers that were missed; None of few."""
        return self.missed / self.answers if self.answers >= FEW else None

    @property
    def share(self) -> float | None:
        """The share of the document's words that is quoted."""
        words, quoted = self.source.words, self.source.quoted
        return quoted / words if words and quoted is not None else None

    @property
    def limit(self) -> float | None:
        """The share that may be quoted."""
        return float(share_allowed(self.source.words)) if self.source.words else None


@dataclass(frozen=True)
class TopicCoverage:
    """What a topic asks; ``proved`` of its ``distractors`` have evidence of their own."""

    topic: str
    title: str
    levels: tuple[int, ...]  # items of difficulty 1 … 5
    skills: int
    beyond_recall: float
    distractors: int
    proved: int

    @property
    def items(self) -> int:
        """How many items there are."""
        return sum(self.levels)

    @property
    def proved_share(self) -> float | None:
        """The share of distractors with evidence of their own; None where there are no distractors."""
        return self.proved / self.distractors if self.distractors else None


@dataclass(frozen=True)
class SkillCoverage:
    """How a topic asks for one skill."""

    topic: str
    title: str
    skill: str
    levels: tuple[int, ...]

    @property
    def items(self) -> int:
        """How many items there are."""
        return sum(self.levels)


@dataclass(frozen=True)
class Coverage:
    """All of it, in the order of the files."""

    items: int
    sources: tuple[SourceCoverage, ...] = ()
    passages: tuple[PassageCoverage, ...] = ()
    topics: tuple[TopicCoverage, ...] = ()
    skills: tuple[SkillCoverage, ...] = ()
    distractors: int = 0  # that can have evidence of their own
    proved: int = 0  # those that have it

    def unused(self) -> list[str]:
        """The passages that no item names."""
        return [one.passage.ref for one in self.passages if not one.items]

    def proved_share(self) -> float | None:
        """The share of distractors with evidence of their own; None where there are no distractors."""
        return self.proved / self.distractors if self.distractors else None


def measure(
    items: Sequence[Item],
    disputed: Iterable[Iterable[str]],
    sources: Sequence[ListedSource],
    titles: Mapping[str, str],
    answers: Answers = NO_ANSWERS,
) -> Coverage:
    """What the items cover. ``disputed`` holds the passages that each dispute names; ``titles`` are the topics'.

    ``answers`` says how often each item was answered, and missed.
    """
    resting: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        for ref in item.passages():
            resting[ref].append(item)
    disputes = Counter(ref for refs in disputed for ref in set(refs))
    topics = _by_topic(items)
    proofs = {topic: _proofs(members) for topic, members in topics.items()}
    return Coverage(
        items=len(items),
        sources=tuple(_source(source, resting, disputes, answers) for source in sources),
        passages=tuple(
            _passage(source.id, one, resting, disputes, answers) for source in sources for one in source.passages
        ),
        topics=tuple(_topic(topic, titles, members, proofs[topic]) for topic, members in topics.items()),
        skills=tuple(one for topic, members in topics.items() for one in _skills(topic, titles, members)),
        distractors=sum(len(proof) for proof in proofs.values()),
        proved=sum(sum(proof) for proof in proofs.values()),
    )


def _source(
    source: ListedSource, resting: Mapping[str, list[Item]], disputes: Mapping[str, int], answers: Answers
) -> SourceCoverage:
    refs = [passage.ref for passage in source.passages]
    items = {item.id: item for ref in refs for item in resting.get(ref, ())}
    given, missed = _answers(items.values(), answers)
    return SourceCoverage(
        source=source,
        used=sum(bool(resting.get(ref)) for ref in refs),
        touched=sum(bool(resting.get(ref) or disputes.get(ref)) for ref in refs),
        items=len(items),
        difficulty=_mean_difficulty(items.values()),
        answers=given,
        missed=missed,
    )


def _passage(
    source: str,
    passage: ListedPassage,
    resting: Mapping[str, list[Item]],
    disputes: Mapping[str, int],
    answers: Answers,
) -> PassageCoverage:
    items = resting.get(passage.ref, [])
    given, missed = _answers(items, answers)
    levels = [item.difficulty for item in items]
    return PassageCoverage(
        source=source,
        passage=passage,
        items=len(items),
        disputes=disputes.get(passage.ref, 0),
        difficulty=_mean_difficulty(items),
        easiest=min(levels, default=None),
        hardest=max(levels, default=None),
        answers=given,
        missed=missed,
    )


def _answers(items: Iterable[Item], answers: Answers) -> tuple[int, int]:
    """How many answers were given to these items, and how many of them missed."""
    known = [answers[item.id] for item in items if item.id in answers]
    return sum(given for given, _ in known), sum(missed for _, missed in known)


def _mean_difficulty(items: Iterable[Item]) -> float | None:
    levels = [item.difficulty for item in items]
    return mean(levels) if levels else None


def _by_topic(items: Sequence[Item]) -> dict[str, list[Item]]:
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.topic, []).append(item)
    return found


def _proofs(items: Iterable[Item]) -> list[bool]:
    """For each distractor that can have evidence of its own, whether it has."""
    proofs = (has_evidence for item in items for _, _, has_evidence in item.distractors())
    return [one for one in proofs if one is not None]


def _topic(topic: str, titles: Mapping[str, str], items: Sequence[Item], proofs: Sequence[bool]) -> TopicCoverage:
    return TopicCoverage(
        topic=topic,
        title=titles.get(topic, topic),
        levels=_levels(items),
        skills=len({item.skill for item in items}),
        beyond_recall=mean(item.skill != "recall" for item in items),
        distractors=len(proofs),
        proved=sum(proofs),
    )


def _levels(items: Iterable[Item]) -> tuple[int, ...]:
    found = Counter(item.difficulty for item in items)
    return tuple(found[level] for level in LEVELS)


def _skills(topic: str, titles: Mapping[str, str], items: Sequence[Item]) -> Iterable[SkillCoverage]:
    for skill in sorted({item.skill for item in items}):
        yield SkillCoverage(
            topic, titles.get(topic, topic), skill, _levels(item for item in items if item.skill == skill)
        )
