"""How mistakes of the bank are told: one edit of a good file each, where it stands, and what is said of it.

In an edit's new text «⟦» marks the place that the report must name; the mark itself is not written.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests import own_bank

MARK = "⟦"
CLOCKS, QUIZZES = "question_bank/clocks.yaml", "question_bank/quizzes.yaml"
HALLOW, DISPUTES = "seeds/hallow.yaml", "seeds/disputes.yaml"


@dataclass(frozen=True)
class Spoilt:
    """A mistake. ``seen_by_schema`` says whether one parsed item (quiz, source, dispute) shows it."""

    name: str
    file: str
    old: str
    new: str
    message: str
    seen_by_schema: bool = True
    has_consequences: bool = False  # other things are reported too, which would be well without it

    def files(self) -> dict[str, str]:
        """The files with the mistake in them."""
        return own_bank.edited(self.file, self.old, self.new.replace(MARK, ""))

    def place(self) -> tuple[str, int, int]:
        """File, line and column, from 1, that the report must name."""
        text = own_bank.edited(self.file, self.old, self.new)[self.file]
        before = text[: text.index(MARK)]
        return self.file, before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1


def trap(typed: str, taken_for: str) -> str:
    return f'YAML takes «{typed}» for {taken_for}, but text is wanted; put it in quotation marks: "{typed}"'


def stem(name: str, typed: str, taken_for: str, seen: bool = True) -> Spoilt:
    message = trap(typed, taken_for)
    return Spoilt(name, CLOCKS, "stem: The keeper trusted the new clock.", f"stem: ⟦{typed}", message, seen)


NOTHING = "nothing is written here; write the value, or leave the field out"
