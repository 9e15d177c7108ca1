"""A date as people type it, in the form that entries keep: «26 November 1905» is 1905-11-26."""

from __future__ import annotations

import re

from quizapp.domain.historical_date import MONTHS

_DAY, _YEAR = r"(?P<day>\d{1,2})", r"(?P<year>\d{4})"
_NAME = r"(?P<name>[A-Za-z]{3,9})\.?"
_ISO = re.compile(rf"{_YEAR}(?:-(?P<month>\d{{1,2}})(?:-{_DAY})?)?")
_DOTTED = re.compile(rf"{_DAY}\s*\.\s*(?P<month>\d{{1,2}})\s*\.\s*{_YEAR}")
_NAMED = re.compile(rf"(?:{_DAY}(?:st|nd|rd|th|\.)?\s+)?(?:of\s+)?{_NAME},?\s+{_YEAR}", re.IGNORECASE)
_NAME_FIRST = re.compile(rf"{_NAME}\s+{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}", re.IGNORECASE)


def iso(text: str) -> str:
    """The year, month or day that is meant, as «1905», «1905-11» or «1905-11-26»; what is none stays as it was typed.

    Numbers between slashes stay too: in some places the day comes first there, in others the month.
    """
    plain = " ".join(text.split())
    for pattern in (_ISO, _DOTTED, _NAMED, _NAME_FIRST):
        found = pattern.fullmatch(plain)
        if found:
            return _joined(found) or text
    return text


def _joined(found: re.Match[str]) -> str:
    parts = found.groupdict()
    month = _month(parts["name"]) if parts.get("name") else parts.get("month")
    if parts.get("name") and not month:
        return ""
    given = (parts["year"], month, parts.get("day"))
    return "-".join(part.zfill(2) for part in given if part)


def _month(name: str) -> str:
    """Its number; «» for a word that begins no month's name, or that of several."""
    wanted = "sep" if name.casefold() == "sept" else name.casefold()
    fit = [number for number, month in enumerate(MONTHS, start=1) if month.casefold().startswith(wanted)]
    return str(fit[0]) if len(fit) == 1 else ""
