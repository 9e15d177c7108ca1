"""A source that a teacher adds to this installation: its name, its parts and how they are corrected."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from pydantic import StrictBool, StrictStr

from quizapp.domain.entry import Entry, Id
from quizapp.domain.sentence import sentences
from quizapp.domain.source import OWN, Passage, Position_
from quizapp.domain.splitting import Cut, first_words

BEGINS = "It begins: “"
OPENING = 150  # characters of a passage that stand in for an account of it


class Part(Entry):
    """A passage to be: where it stands, what it is called, and our account of it, which may be blank."""

    id: Id
    start: Position_
    end: Position_
    heading: StrictStr
    account: StrictStr = ""
    kind: Literal["text", "paratext"] = "text"
    left_out: StrictBool = False


def new_name(title: str, taken: Collection[str]) -> str:
    """An id for a source of this title that no other has."""
    plain = unicodedata.normalize("NFKD", title.casefold())
    words = "-".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode())[:6])[:50].strip("-")
    name = f"{OWN}{words or 'source'}"
    return name if name not in taken else next(f"{name}-{i}" for i in range(2, 100_000) if f"{name}-{i}" not in taken)


def parts_of(cuts: Iterable[Cut], first: int = 1) -> tuple[Part, ...]:
    """Parts for these cuts, numbered from ``first`` on."""
    return tuple(
        Part(id=f"p{number}", start=one.start, end=one.end, heading=one.heading)
        for number, one in enumerate(cuts, start=first)
    )


def sha256(text: str) -> str:
    """The checksum of a text encoded as UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def passage(part: Part, text: str) -> Passage:
    """The part as a passage of its source; without an account of ours, the beginning of its words stands in for one."""
    own = text[part.start : part.end]
    return Passage(
        id=part.id,
        heading=part.heading.strip() or first_words(own),
        kind=part.kind,
        start=part.start,
        end=part.end,
        sha256=sha256(own),
        account=part.account.strip() or f"{BEGINS}{_opening(own)}”",
    )


def has_account(passage: Passage) -> bool:
    """Whether somebody has written an account of the passage."""
    return not passage.account.startswith(BEGINS)


def _opening(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= OPENING else f"{flat[:OPENING].rsplit(' ', 1)[0]} …"


# --- correcting the split --------------------------------------------------------------------------------------------


def merged(parts: Sequence[Part], at: int) -> tuple[Part, ...]:
    """The part and the next one as one, with all that stands between them; unchanged where there is no next one."""
    if not 0 <= at < len(parts) - 1:
        return tuple(parts)
    one, other = parts[at], parts[at + 1]
    account = "\n".join(text for text in (one.account.strip(), other.account.strip()) if text)
    joined = one.model_copy(update={"end": other.end, "account": account, "left_out": False})
    return (*parts[:at], joined, *parts[at + 2 :])


def beginnings(part: Part, text: str) -> tuple[tuple[int, str], ...]:
    """Where the part may be split: the beginning of each of its sentences but the first, with its first words."""
    return tuple((a, first_words(text[a:b])) for a, b in sentences(text, part.start, part.end)[1:])


def divided(parts: Sequence[Part], at: int, where: int, text: str, new_id: str) -> tuple[Part, ...]:
    """The part as two, the second beginning with the sentence at ``where``; unchanged where none begins there."""
    if not 0 <= at < len(parts) or where not in dict(beginnings(parts[at], text)):
        return tuple(parts)
    one = parts[at]
    end = one.start + len(text[one.start : where].rstrip())
    rest = Part(id=new_id, start=where, end=one.end, heading=first_words(text[where : one.end]), kind=one.kind)
    return (*parts[:at], one.model_copy(update={"end": end}), rest, *parts[at + 1 :])
