"""When the bank's files are published: what changed in the catalogue, and what becomes of the questions."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy.orm import Session

from quizapp.domain.catalogue_change import Shift, Weight, passage_gone, passage_shift, source_gone, source_shift
from quizapp.formats.bank_yaml import BankFiles
from quizapp.services import edition
from quizapp.services.questions.provenance import Decide, Fate, by_weight
from quizapp.store import versions
from quizapp.store.tables import Content
from quizapp.store.versions import Name, Thing

SHIFT = {"passage": passage_shift, "source": source_shift}
GONE = {"passage": passage_gone, "source": source_gone}


def shifts(
    session: Session, things: Mapping[Name, Thing], contents: Mapping[Name, Content], verdicts: Mapping[Name, str]
) -> dict[Name, Shift]:
    """What of all that moves is felt by the questions that rest on it."""
    changed = [name for name, verdict in verdicts.items() if verdict == "changed" and name[0] in SHIFT]
    old = versions.entries(session, (contents[name].digest for name in changed))
    gone = [name for name, verdict in verdicts.items() if verdict == "retired" and name[0] in GONE]
    found = {name: SHIFT[name[0]](name[1], old[contents[name].digest], things[name].entry) for name in changed}
    felt = {name: shift for name, shift in found.items() if shift is not None}
    return felt | {name: GONE[name[0]](name[1]) for name in gone}


def deciding(
    files: BankFiles, things: Mapping[Name, Thing], contents: Mapping[Name, Content], looked_at: Collection[str], *,
    upgrade: bool,
) -> Decide:  # fmt: skip
    """What happens to each question. Those ``looked_at`` changed together with what they rest on.

    Who changes the catalogue has the files' own questions at hand, so what is said of a passage may change beside them;
    where the document's words are others, the edition record has to vouch that all was checked again. Questions written
    or changed here are drafts again; but an ``upgrade`` leaves them in use where a passage is only described otherwise.
    """
    own = {
        name for (kind, name), thing in things.items() if kind == "item" and _is_as(thing, contents.get((kind, name)))
    }
    is_vouched = edition.staleness(files) is None

    def fate(name: str, weight: Weight) -> Fate:
        if name in looked_at or (name in own and (weight == "account" or (weight == "text" and is_vouched))):
            return "stay"
        return "look" if weight == "account" and upgrade else by_weight(name, weight)

    return fate


def _is_as(thing: Thing, content: Content | None) -> bool:
    """Whether a question stands here as the files say."""
    return content is None or content.digest == thing.digest
