"""What a change in the catalogue means for the questions that rest on it.

A document's words, what is said of a passage, what is said of a source: each weighs differently. Headings, the order of
passages and where a document is found weigh nothing; nor do commas, capitals and white space.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from quizapp.domain.own_source import BEGINS

Weight = Literal["text", "account", "panel"]

PLACE = ("start", "end", "sha256")
ACCOUNT = {"account": "the account", "claims": "the claims", "damage": "what is damaged", "kind": "its kind"}
PANEL = {
    "title": "title", "publisher": "publisher", "year": "year", "kind": "kind", "reliability": "reliability",
    "good_for": "what it is good for", "poor_for": "what it is poor for", "assessment": "our assessment",
}  # fmt: skip
A_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Shift:
    """A change that questions feel: what it weighs, and why somebody should look at them.

    ``text``: the document's words are others, or gone; ``account``: what is said of a passage; ``panel``: of a source.
    """

    weight: Weight
    why: str


def passage_shift(ref: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Shift | None:
    """What it means that the entry of a passage changed; None where it means nothing."""
    if any(old.get(field) != new.get(field) for field in PLACE):
        return Shift("text", f"The place or text of passage “{ref}” has changed.")
    told = [words for field, words in ACCOUNT.items() if _differs(old, new, field)]
    if not has_account(old):  # the first account of a teacher's own passage contradicts nothing
        told = [words for words in told if words != ACCOUNT["account"]]
    return Shift("account", f"Passage “{ref}” is described otherwise now: {', '.join(told)}.") if told else None


def passage_gone(ref: str) -> Shift:
    """What it means that there is no such passage any more."""
    return Shift("text", f"The passage “{ref}” is gone.")


def source_shift(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Shift | None:
    """What it means that the document of a source, or what is said of the source, changed."""
    if old.get("sha256") != new.get("sha256"):
        return Shift("text", f"The document of “{name}” has changed.")
    return panel_shift(old, new)


def panel_shift(old: Mapping[str, Any], new: Mapping[str, Any]) -> Shift | None:
    """What it means that what is said of a source changed, whatever became of its document."""
    told = [words for field, words in PANEL.items() if _differs(old, new, field)]
    if not told:
        return None
    return Shift("panel", f"The source “{new.get('title')}” is described otherwise now: {', '.join(told)}.")


def source_gone(name: str) -> Shift:
    """What it means that a source is in the catalogue no more."""
    return Shift("text", f"The source “{name}” is gone from the catalogue.")


def has_account(entry: Mapping[str, Any]) -> bool:
    """Whether somebody has written an account of the passage; else its first words stand in for one."""
    return not str(entry.get("account", "")).startswith(BEGINS)


def _differs(old: Mapping[str, Any], new: Mapping[str, Any], field: str) -> bool:
    return _words(old.get(field)) != _words(new.get(field))


def _words(value: Any) -> list[str]:
    """The words of a text, or of all that an entry holds, in their order."""
    if isinstance(value, Mapping):
        return [word for name in sorted(value) for word in (name, *_words(value[name]))]
    if isinstance(value, list | tuple):
        return [word for one in value for word in _words(one)]
    return A_WORD.findall(str(value).casefold()) if value is not None else []
