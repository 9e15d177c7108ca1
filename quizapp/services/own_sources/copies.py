"""A teacher's own copy of a catalogued document, whose bytes are others: attached as such, never as the document."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from quizapp.domain.other_copy import NotThere, stretch
from quizapp.domain.own_document import OwnDocument
from quizapp.domain.own_source import sha256
from quizapp.domain.permissions import may
from quizapp.domain.source import Dispute, Passage, Source, is_own
from quizapp.services import audit
from quizapp.services.accounts import Mistakes
from quizapp.services.errors import NotAllowed, NotFound
from quizapp.services.own_sources.receiving import Sent
from quizapp.services.people import Person, person
from quizapp.services.reading.other_copy import quotes_of, text_of
from quizapp.store import bank, catalogue, own_sources, questions, versions
from quizapp.store.catalogue import Published
from quizapp.store.own_source_tables import OtherCopy

NOBODY = "an account that is gone"
ANOTHER_TEXT = (
    "No passage of this source can be told in it: of each, a quote is missing, or stands there more than once. "
    "Is it the right document?"
)
ONLY_ITS_TEACHER = "Who attached this copy can replace it or take it away, or an administrator."


@dataclass(frozen=True)
class PassageLine:
    """A passage of the document: whether it is shown from the copy or, if not, why."""

    ref: str
    heading: str
    is_shown: bool
    why_not: str = ""


@dataclass(frozen=True)
class CopyPage:
    """A catalogued source and the other copy of its document, if there is one."""

    source: Source
    is_attached: bool
    copy: OtherCopy | None
    by: str
    may_change: bool
    lines: tuple[PassageLine, ...]

    @property
    def shown(self) -> int:
        """How many passages are shown from it."""
        return sum(one.is_shown for one in self.lines)


def page(session: Session, source: str, asking: Person) -> CopyPage:
    """The page of a source's other copy. Raises ``NotFound``, also for a teacher's own source."""
    found = _catalogued(session, source)
    built = Source.model_validate(next(one.entry for one in found if (one.kind, one.name) == ("source", source)))
    copy = own_sources.copy(session, source)
    by = questions.names_of(session, [copy.attached_by]) if copy else {}
    return CopyPage(
        source=built,
        is_attached=source in bank.attached_sources(session),
        copy=copy,
        by=person(next(iter(by.values()))).name if by else NOBODY,
        may_change=copy is None or _may_change(copy, asking),
        lines=_lines(session, source, found, copy) if copy else (),
    )


def _catalogued(session: Session, source: str) -> list[Published]:
    found, _ = catalogue.around(session, source) if not is_own(source) and "\0" not in source else ([], False)
    if not any((one.kind, one.name) == ("source", source) for one in found):
        raise NotFound("There is no source of this name in the question bank.")
    return found


def _lines(session: Session, source: str, found: Sequence[Published], copy: OtherCopy) -> tuple[PassageLine, ...]:
    items = [item for item in bank.current_items(session).values() if _rests_on(item.passages(), source)]
    disputes = [Dispute.model_validate(one.entry) for one in found if one.kind == "dispute"]
    made = []
    for one in found:
        if one.kind == "passage":
            passage = Passage.model_validate(one.entry)
            quotes = quotes_of(one.name, passage, disputes, items)
            try:
                stretch(text_of(copy), quotes, passage.end - passage.start)
                made.append(PassageLine(one.name, passage.heading, is_shown=True))
            except NotThere as reason:
                made.append(PassageLine(one.name, passage.heading, is_shown=False, why_not=str(reason)))
    return tuple(made)


def _rests_on(refs: Sequence[str], source: str) -> bool:
    return any(ref.startswith(f"{source}/") for ref in refs)


def attach(
    session: Session, source: str, sent: Sent, made: OwnDocument, *, asking: Person, now: datetime
) -> Literal["document", "copy"]:
    """Keeps the copy in place of any other. The very bytes of the document are attached as the document, and nothing
    else ever is. Raises ``Mistakes``, ``NotFound``, ``NotAllowed``.
    """
    found = _catalogued(session, source)
    entry = next(one.entry for one in found if (one.kind, one.name) == ("source", source))
    to_change(session, source, asking)
    if hashlib.sha256(sent.data).hexdigest() == entry["sha256"]:
        versions.attach(session, source, entry["sha256"], sent.data.decode("utf-8"), now)
        audit.record(session, asking.id, "attach document", "source", source, None, {"file": sent.name}, now=now)
        return "document"
    copy = OtherCopy(
        source=source, sha256=sha256(made.text), text=made.text, file_name=sent.name, attached_by=asking.id,
        attached_at=now,
    )  # fmt: skip
    if not any(one.is_shown for one in _lines(session, source, found, copy)):
        raise Mistakes({"file" if sent.data else "pasted": [ANOTHER_TEXT]})
    own_sources.put_copy(session, copy)
    said = {"sha256": copy.sha256[:12], "file": sent.name}
    audit.record(session, asking.id, "attach copy", "source", source, None, said, now=now)
    return "copy"


def to_change(session: Session, source: str, asking: Person) -> OtherCopy | None:
    """The copy that there is, for who may replace it. Raises ``NotAllowed``."""
    kept = own_sources.copy(session, source)
    if kept is not None and not _may_change(kept, asking):
        raise NotAllowed(ONLY_ITS_TEACHER)
    return kept


def _may_change(copy: OtherCopy, asking: Person) -> bool:
    return copy.attached_by == asking.id or may(asking.role, "change any source")


def remove(session: Session, source: str, *, asking: Person, now: datetime) -> None:
    """Takes the copy away. Raises ``NotFound``, ``NotAllowed``."""
    kept = to_change(session, source, asking) if "\0" not in source else None
    if kept is None:
        raise NotFound("There is no other copy of this document any more.")
    own_sources.drop_copy(session, kept)
    old = {"sha256": kept.sha256[:12], "file": kept.file_name}
    audit.record(session, asking.id, "remove copy", "source", source, old, None, now=now)
