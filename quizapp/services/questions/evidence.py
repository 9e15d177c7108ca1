"""Evidence for a question that is being written: passages found, one shown, quotes checked at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from quizapp.domain.entry import Problem, explain
from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.source import Evidence, Passage, Source
from quizapp.domain.typed import Typed, untyped
from quizapp.domain.verification import Library, verify
from quizapp.services.questions.listing import folded
from quizapp.services.reading.names import passage_names
from quizapp.services.reading.shown import ShownPassage, shown_passages
from quizapp.store import bank, catalogue, versions

MOST_FOUND = 12
TOLD = {
    "verified": "Checked: it stands in the passage, word for word.",
    "named": "The passage is named, without words of it.",
    "unattached": "Not checked: this document is not attached here. Type the words exactly as they stand in it.",
}


@dataclass(frozen=True)
class Check:
    """What checking one piece of evidence gave: verified | named | unattached | broken, and that in words."""

    outcome: str
    message: str


@dataclass(frozen=True)
class Hit:
    """A passage that was found: its reference, what it is called, and the beginning of our account of it."""

    ref: str
    name: str
    account: str


def library(session: Session, refs: Iterable[str]) -> Library:
    """The passages of the sources referred to, with the texts of those documents that are attached."""
    wanted = {ref.split("/")[0] for ref in refs}
    published = catalogue.everything(session) if wanted else []
    passages: dict[str, list[Passage]] = {}
    for one in published:
        if one.kind == "passage" and one.name.split("/")[0] in wanted:
            passages.setdefault(one.name.split("/")[0], []).append(Passage.model_validate(one.entry))
    sources = [
        Source.model_validate({**one.entry}).model_copy(update={"passages": tuple(passages.get(one.name, ()))})
        for one in published
        if one.kind == "source" and one.name in wanted
    ]
    checksums = {source.id: source.sha256 for source in sources}
    documents = versions.documents(session) if sources else {}
    texts = {name: one.text for name, one in documents.items() if checksums.get(name) == one.sha256}
    return Library(sources, texts)


def check(entry: Mapping[str, Any], known: Library) -> Check | None:
    """Whether this piece of evidence holds; None where nothing is given yet."""
    if not entry.get("passage"):
        return Check("broken", "Choose the passage that these words stand in.") if entry.get("quote") else None
    try:
        evidence = Evidence.model_validate({k: v for k, v in entry.items() if k in Evidence.model_fields})
    except ValidationError as error:
        return Check("broken", _told(explain(error)))
    found = verify([((), evidence)], known)
    if found.outcome == "broken":
        return Check("broken", _told(found.reasons))
    outcome = "named" if not evidence.quotes else found.outcome
    return Check(outcome, TOLD[outcome])


def _told(problems: Iterable[Problem]) -> str:
    words = (one.message.replace("«", "“").replace("»", "”") for one in problems)
    return " ".join(f"{text[0].upper()}{text[1:]}." for text in words)


def checks_of_typed(session: Session, type_name: str, given: Typed) -> dict[str, Check]:
    """The same of what is typed."""
    return checks(session, untyped(given, ITEM_TYPES[type_name]))


def checks(session: Session, entry: Mapping[str, Any]) -> dict[str, Check]:
    """Place («options-0-evidence-1») → what checking the evidence there gave."""
    placed = dict(_evidence_in(entry, ""))
    known = library(session, [str(one.get("passage")) for one in placed.values() if one.get("passage")])
    checked = {place: check(one, known) for place, one in placed.items()}
    return {place: one for place, one in checked.items() if one is not None}


def _evidence_in(value: Any, place: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Everything that names a passage or a quote, with its place as the form calls it."""
    if isinstance(value, Mapping):
        if "passage" in value or "quote" in value:
            yield place, value
        for name, held in value.items():
            yield from _evidence_in(held, f"{place}-{name}" if place else str(name))
    elif isinstance(value, list):
        for i, held in enumerate(value):
            yield from _evidence_in(held, f"{place}-{i}")


def search(session: Session, text: str, *, with_claims: bool = True) -> tuple[Hit, ...]:
    """Passages in whose heading, account, claims or attached text every word stands; those with more of it first.

    ``with_claims`` is not for students: a claim may be withheld from them.
    """
    words = folded(text[:200]).split()
    if not words:
        return ()
    published = catalogue.everything(session)
    names = {one.name: one for one in published if one.kind == "passage"}
    texts = {source: one.text for source, one in versions.documents(session).items()}
    scored = [(_score(words, one.entry, texts.get(ref.split("/")[0]), with_claims), ref) for ref, one in names.items()]
    best = [ref for score, ref in sorted(scored, key=lambda one: (-one[0], one[1])) if score][:MOST_FOUND]
    called = passage_names(session, best)
    return tuple(Hit(ref, str(called.get(ref, ref)), names[ref].entry["account"]) for ref in best)


def _score(words: list[str], entry: Mapping[str, Any], document: str | None, with_claims: bool) -> int:
    own = document[entry["start"] : entry["end"]] if document else ""
    told = entry.get("claims", ()) if with_claims else ()
    claims = " ".join(str(value) for claim in told for value in claim.values())
    parts = (folded(entry["heading"]), folded(f"{entry['account']} {claims}"), folded(own))
    if not all(any(word in part for part in parts) for word in words):
        return 0
    return sum(weight * sum(word in part for word in words) for weight, part in zip((4, 2, 1), parts, strict=True))


def shown(session: Session, ref: str) -> tuple[str, ShownPassage] | None:
    """A passage by its name, with its text or our account of it; None where there is none."""
    digests = bank.current_digests(session, "passage", [ref])
    if not digests:
        return None
    return str(passage_names(session, [ref]).get(ref, ref)), shown_passages(session, digests)[0]
