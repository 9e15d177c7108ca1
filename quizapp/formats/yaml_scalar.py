"""What the characters of a plain YAML scalar mean, to YAML 1.1 and to YAML 1.2, and when they are no safe text."""

from __future__ import annotations

import re
from dataclasses import dataclass

_TRUE = r"y|Y|yes|Yes|YES|true|True|TRUE|on|On|ON"
_FALSE = r"n|N|no|No|NO|false|False|FALSE|off|Off|OFF"
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOLEAN = re.compile(rf"(?:(?P<true>{_TRUE})|{_FALSE})")
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FRACTION = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.[0-9]+")
_OTHER_NUMBER = re.compile(
    r"""[-+]?0b[01_]+ | [-+]?0o?[0-7_]+ | [-+]?0x[0-9a-fA-F_]+ | [-+]?[0-9][0-9_]*
      | [-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+ | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*
      | [-+]?(?:[0-9][0-9_]*)?\.[0-9_][0-9_.]*(?:[eE][-+]?[0-9]+)? | [-+]?[0-9][0-9_]*\.?(?:[eE][-+]?[0-9]+)?
      | [-+]?\.(?:inf|Inf|INF) | \.(?:nan|NaN|NAN)""",
    re.VERBOSE,
)
_DATE = re.compile(
    r"""[0-9]{4}-[0-9]{2}-[0-9]{2}
      | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?
        (?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?""",
    re.VERBOSE,
)
_SIGN = re.compile(r"<<|=")


@dataclass(frozen=True)
class Trap:
    """A plain scalar, as typed, that no field accepts: two readers of YAML may take it for different things."""

    raw: str

    def __repr__(self) -> str:
        return self.raw or "nothing"


def read_plain(raw: str) -> str | int | float | bool | Trap:
    """The value of a plain scalar: plainly a truth value or a number, a trap, or else text."""
    if found := _BOOLEAN.fullmatch(raw):
        return bool(found["true"])
    if _INTEGER.fullmatch(raw):
        return int(raw)
    if _FRACTION.fullmatch(raw):
        return float(raw)
    return Trap(raw) if what_it_is_taken_for(raw) else raw


def what_it_is_taken_for(raw: str) -> str | None:
    """What YAML 1.1 or 1.2 takes a plain scalar for, in words; None for text."""
    for pattern, words in (
        (_NULL, "nothing"),
        (_BOOLEAN, "a truth value"),
        (_DATE, "a date"),
        (_OTHER_NUMBER, "a number"),
        (_FRACTION, "a number"),
        (_SIGN, "a sign of its own"),
    ):
        if pattern.fullmatch(raw):
            return words
    return None
