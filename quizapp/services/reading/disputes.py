"""The disputes: in a list by kind, and one with its positions side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.domain.source import Dispute, DisputeKind
from quizapp.services.errors import NotFound
from quizapp.services.reading.dispute_lines import (
    KINDS,
    DisputeLine,
    PositionColumn,
    dispute_line,
    dispute_passages,
    position_column,
)
from quizapp.services.reading.matter import Question
from quizapp.services.reading.names import passage_names, source_names
from quizapp.services.reading.standing import OpenAttempt, Standing, standing
from quizapp.store import catalogue


@dataclass(frozen=True)
class DisputeGroup:
    """The disputes of a kind, with the kind explained."""

    kind: DisputeKind
    label: str
    meaning: str
    disputes: tuple[DisputeLine, ...]


@dataclass(frozen=True)
class DisputesPage:
    """All disputes that the reader may see now."""

    groups: tuple[DisputeGroup, ...]
    pending: tuple[OpenAttempt, ...]

    @property
    def number(self) -> int:
        """How many disputes there are to see."""
        return sum(len(group.disputes) for group in self.groups)


@dataclass(frozen=True)
class DisputePage:
    """A dispute as one reader may see it now; None for ``dispute`` while it is withheld from them."""

    dispute: Dispute | None
    label: str
    meaning: str
    positions: tuple[PositionColumn, ...]
    questions: tuple[tuple[Question, str], ...]  # with a passage to look at each from
    pending: tuple[OpenAttempt, ...]


def disputes_page(session: Session, *, user_id: int | None, now: datetime) -> DisputesPage:
    """Every dispute by kind; at most six queries. Raises ``SourcesClosed``."""
    reader = standing(session, user_id, now=now)
    found = catalogue.disputes(session)
    names = source_names(one.entry for one in found if one.kind == "source")
    disputes = [Dispute.model_validate(one.entry) for one in found if one.kind == "dispute"]
    shown = [dispute_line(one, names) for one in disputes if not reader.withheld.hides_dispute(one)]
    groups = (
        DisputeGroup(kind, label, meaning, tuple(one for one in shown if one.kind == kind))
        for kind, (label, meaning) in KINDS.items()
    )
    return DisputesPage(tuple(group for group in groups if group.disputes), reader.pending)


def dispute_page(session: Session, name: str, *, user_id: int | None, now: datetime) -> DisputePage:
    """One dispute; at most six queries. Raises ``NotFound``, ``SourcesClosed``."""
    reader = standing(session, user_id, now=now, named=f"dispute:{name}")
    found = catalogue.disputes(session)
    dispute = next(
        (Dispute.model_validate(one.entry) for one in found if (one.kind, one.name) == ("dispute", name)), None
    )
    if dispute is None:
        raise NotFound
    if reader.withheld.hides_dispute(dispute):
        return DisputePage(None, "", "", (), (), reader.pending)
    sources = source_names(one.entry for one in found if one.kind == "source")
    passages = passage_names(session, dispute_passages(dispute))
    label, meaning = KINDS[dispute.kind]
    return DisputePage(
        dispute=dispute,
        label=label,
        meaning=meaning,
        positions=tuple(position_column(one, passages, sources) for one in dispute.positions),
        questions=_questions(reader),
        pending=reader.pending,
    )


def dispute_questions(session: Session, names: Iterable[str]) -> dict[str, str]:
    """What the published disputes of these names are about; one query, none where nothing is asked."""
    wanted = set(names)
    return {one.name: one.entry["question"] for one in catalogue.named_disputes(session, wanted)} if wanted else {}


def _questions(reader: Standing) -> tuple[tuple[Question, str], ...]:
    return tuple(
        (Question(one.item.id, one.digest, one.item.stem), one.item.passages()[0])
        for one in reader.reviewed_once()
        if one.item.passages()
    )
