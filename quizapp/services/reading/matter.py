"""A question that the reader has seen reviewed, beside a passage: what it asks, and what its evidence is for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from quizapp.domain.item import Item, ReviewLine
from quizapp.domain.source import Evidence
from quizapp.services.reading.names import PassageName
from quizapp.services.reading.strip import Kind


@dataclass(frozen=True)
class EvidenceLine:
    """One piece of an item's evidence: for the right answer (``key``) or about another one, which is ``about``."""

    evidence: Evidence
    kind: Kind
    about: str | None = None
    feedback: str | None = None


@dataclass(frozen=True)
class Question:
    """A reviewed question in one line, with what its address needs."""

    item: str
    version: str
    stem: str


@dataclass(frozen=True)
class Matter:
    """A reviewed question with its answer and its evidence: ``here`` in the passage shown, or in others (``names``)."""

    item: str
    version: str
    stem: str
    answer: str | None
    here: tuple[EvidenceLine, ...]
    elsewhere: tuple[EvidenceLine, ...]
    names: Mapping[str, PassageName]
    has_changed: bool


def matter(
    item: Item,
    version: str,
    ref: str,
    names: Mapping[str, PassageName],
    *,
    has_changed: bool,
    hides: Callable[[Evidence], bool],
) -> Matter:
    """The item with its evidence, seen from the passage ``ref``; ``names`` are those of the other passages.

    Evidence that ``hides`` says is withheld, for another question that shares its words, is left out.
    """
    lines = [line for line in evidence_lines(item) if not hides(line.evidence)]
    return Matter(
        item=item.id,
        version=version,
        stem=item.stem,
        answer=_with_names(item.review(None, item.default_order()).key, item, names),
        here=tuple(line for line in lines if line.evidence.passage == ref),
        elsewhere=tuple(line for line in lines if line.evidence.passage != ref),
        names=names,
        has_changed=has_changed,
    )


def evidence_lines(item: Item) -> tuple[EvidenceLine, ...]:
    """All evidence of the item with what it is for: first what supports the key, then option by option."""
    review = item.review(None, item.default_order())
    particular = [line for one in review.lines for line in _of_line(one)]
    told = [line.evidence for line in particular if line.kind == "key"]
    general = [EvidenceLine(one, "key") for _, one in item.key_evidence() if one not in told]
    return (*general, *particular)


def _of_line(line: ReviewLine) -> list[EvidenceLine]:
    """The evidence of an option; or that of a row, which supports the row's own answer."""
    is_row = line.key is not None
    kind: Kind = "key" if is_row or line.correct else "other"
    about = None if is_row and line.passage else line.text
    found = [EvidenceLine(one, kind, about, line.feedback) for one in line.evidence]
    if line.true_in:
        found.append(EvidenceLine(Evidence(passage=line.true_in), kind, about, line.feedback))
    return found


def _with_names(text: str | None, item: Item, names: Mapping[str, PassageName]) -> str | None:
    """The text with passages called by their names instead of their references."""
    for ref in item.passages():
        if text and ref in names:
            text = text.replace(ref, str(names[ref]))
    return text
