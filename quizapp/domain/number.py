"""Numbers as people write them: commas or points, separators of thousands, words such as «million», a unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

SIGNS = str.maketrans({"−": "-", "–": "-", "‒": "-", "’": "'", "‘": "'", "٬": "'"})
WORDS = {"hundred": 10**2, "thousand": 10**3, "million": 10**6, "billion": 10**9}
NUMBER = re.compile(r"(?P<before>[^\d+\-.,]*?)\s*(?P<number>[+-]?\s?[.,]?\d[\d.,' ]*)(?P<after>\D*)", re.ASCII)
THOUSANDS = re.compile(r"\d{1,3}(?:([ '.,])\d{3})(?:\1\d{3})*")


@dataclass(frozen=True)
class Written:
    """A number as written: every value that its separators allow («1.500» is 1500 or 1.5), and its unit."""

    values: tuple[Decimal, ...]
    unit: str


def read(text: str) -> Written | None:
    """The number that the text says; None where it says none, or more than one."""
    plain = unicodedata.normalize("NFKC", text).translate(SIGNS).strip()
    found = NUMBER.fullmatch(" ".join(plain.split()))
    if found is None:
        return None
    digits = found["number"].strip().rstrip(".,'")
    values = tuple(dict.fromkeys(_values(digits.lstrip("+-").strip())))
    times, after = _times(found["after"].strip())
    sign = -1 if digits.startswith("-") else 1
    unit = f"{found['before'].strip()} {after}".strip()
    return Written(tuple(sign * times * value for value in values), unit) if values else None


def _values(digits: str) -> Iterator[Decimal]:
    """What the digits with their separators can mean."""
    whole, point, rest = _cut_at_point(digits)
    grouped = THOUSANDS.fullmatch(digits)
    if grouped:
        yield Decimal(re.sub(r"\D", "", digits))
    if point and rest.isdigit() and (whole.isdigit() or not whole or THOUSANDS.fullmatch(whole)):
        yield Decimal("".join(c for c in whole if c.isdigit()) + f".{rest}")
    elif not point and digits.isdigit():
        yield Decimal(digits)


def _cut_at_point(digits: str) -> tuple[str, str, str]:
    """The digits before and after the decimal point or comma: a separator that stands once, last of all."""
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0 or digits.count(digits[last]) > 1:
        return digits, "", ""
    return digits[:last], digits[last], digits[last + 1 :]


def _times(after: str) -> tuple[int, str]:
    """By what a word after the number multiplies it, and what stands after that word."""
    first, _, rest = after.partition(" ")
    times = WORDS.get(first.casefold())
    return (times, rest.strip()) if times else (1, after)


def is_same_unit(one: str, other: str) -> bool:
    """Whether two units are one, without regard to case, accents, points and a plural s."""
    return _folded(one) == _folded(other)


def _folded(unit: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFKD", unit).casefold() if unicodedata.category(c)[0] != "M")
    return bare.replace(".", "").replace(" ", "").removesuffix("s")


def shown(value: Decimal, unit: str | None = None) -> str:
    """The number for reading: digits in threes from ten thousand on, without needless zeros, and its unit."""
    plain = f"{value:f}"
    number = plain.rstrip("0").rstrip(".") if "." in plain else plain
    whole, _, rest = number.partition(".")
    grouped = f"{int(whole):,}" if len(whole.lstrip("-")) > 4 else whole
    return " ".join(filter(None, (f"{grouped}.{rest}" if rest else grouped, unit)))
