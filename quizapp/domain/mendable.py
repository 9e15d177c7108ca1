"""What a regrade asks of an item: which parts it may name, and what an older answer earns by a version mended since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from quizapp.domain.marking import Mark

Ids = frozenset[str]


class CannotMark(Exception):
    """An answer cannot be held against this version; the message says why. ``options`` are those it trips over."""

    def __init__(self, why: str, options: Iterable[str] = ()) -> None:
        super().__init__(why)
        self.why, self.options = why, frozenset(options)


@dataclass(frozen=True)
class Part:
    """Something that a rule may name: an option, a row, a quote; ``key`` says whether it is (part of) the key."""

    id: str
    text: str
    key: bool
    droppable: bool = True  # may count no more, as if it had never stood there
    grantable: bool = True  # may count as right for all


class Mendable:
    """The verbs of a regrade. A type whose answers have no parts keeps these; none of them sees a blank."""

    def parts(self) -> tuple[Part, ...]:
        """What a rule may name; none where an answer is one whole."""
        return ()

    def carried(self, older: Self, response: Any) -> tuple[Self, Any]:  # noqa: ARG002
        """This version as far as the older one asked the same, and the answer in its terms. Raises ``CannotMark``."""
        return self, response

    def mark_without(self, ids: Ids, response: Any) -> Mark | None:
        """What the answer earns if these had not been there; None where it chose nothing else."""
        raise NotImplementedError

    def mark_granting(self, ids: Ids, response: Any) -> Mark:
        """What the answer earns if these count as right for everybody."""
        raise NotImplementedError

    def is_askable_without(self, ids: Ids) -> bool:  # noqa: ARG002
        """Whether there is still something to be right about without these."""
        return True


def named(texts: Iterable[str]) -> str:
    """Texts as a message names them."""
    return ", ".join(f"“{text}”" for text in texts)


NOT_OFFERED_NOW = "{} cannot be chosen any more"
NOT_OFFERED_THEN = "{}, which is right now, could not be chosen then"
