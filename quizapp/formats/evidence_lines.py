"""Evidence as lines of text that people can read and follow elsewhere, and that say the same here when they return.

Evidence: “was signed on 3 March” – The vote, https://school.example/sources/heritage/brest-litovsk-vote
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from quizapp.domain.entry import KEBAB
from quizapp.domain.source import Evidence

BETWEEN = "” … “"
_QUOTED = r"(?:“(?P<quotes>.*)”(?: \(occurrence (?P<occurrence>[1-9]\d{0,3})\))? – )?"
_PLACE = rf"(?:https?://\S*?/sources/)?(?P<passage>{KEBAB}/{KEBAB})(?:[?#]\S*)?"
_CITED = re.compile(rf"{_QUOTED}(?:.*?, )?{_PLACE}")


@dataclass(frozen=True)
class Links:
    """Where the reader's pages are, and what passages are called."""

    base: str = "https://quizapp.example"
    names: Mapping[str, str] = field(default_factory=dict)

    def passage(self, ref: str) -> str:
        """The passage's name, where it has one, and its address."""
        name = self.names.get(ref, "").replace("\n", " ").replace("”", "").replace("“", "")
        return f"{name}, {self.address(ref)}" if name else self.address(ref)

    def address(self, ref: str) -> str:
        """The passage's address."""
        return f"{self.base.rstrip('/')}/sources/{ref}"


def cite(evidence: Evidence, links: Links) -> str:
    """The evidence as a citation: the words, the passage and its address."""
    quotes = f"“{BETWEEN.join(evidence.quotes)}”" if evidence.quotes else ""
    which = f" (occurrence {evidence.occurrence})" if evidence.occurrence else ""
    return f"{quotes}{which}{' – ' if quotes else ''}{links.passage(evidence.passage)}"


def cited(text: str) -> dict[str, Any] | None:
    """The entry of the evidence that a citation gives, by address or «source/passage» alone; None for other text."""
    found = _CITED.fullmatch(text.strip()) if len(text) < 2000 else None
    if found is None:
        return None
    entry: dict[str, Any] = {"passage": found["passage"]}
    if found["quotes"]:
        quotes = found["quotes"].split(BETWEEN)
        entry["quote"] = quotes[0] if len(quotes) == 1 else quotes
    if found["occurrence"]:
        entry["occurrence"] = int(found["occurrence"])
    return entry


def lines(label: str, evidence: Iterable[Evidence], links: Links) -> list[str]:
    """A line for each piece of evidence."""
    return [f"{label}: {cite(one, links)}" for one in evidence]


def taken(text: str, label: str) -> tuple[str, list[dict[str, Any]]]:
    """The text without the lines of this label that cite evidence, and what they cite."""
    kept: list[str] = []
    found: list[dict[str, Any]] = []
    for line in text.split("\n"):
        entry = cited(line.removeprefix(f"{label}: ")) if line.startswith(f"{label}: ") else None
        kept += [line] if entry is None else []
        found += [] if entry is None else [entry]
    return "\n".join(kept), found
