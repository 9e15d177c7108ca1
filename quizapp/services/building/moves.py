"""What the builder's buttons do to a draft: «up:0:2» moves the third question of the first section up."""

from __future__ import annotations

import re
from typing import Any

from quizapp.services.building.draft import MOST_ITEMS, MOST_SECTIONS, Draft, a_section

MOVE = re.compile(r"(up|down|drop):([0-9]{1,2})(?::([0-9]{1,3}))?")
NEW = {"add:items": "items", "add:draw": "draw"}


def moved(draft: Draft, move: str) -> str | None:
    """Does it, if it is one of these and can be done; where the eye should rest then, as an id on the page."""
    if move in NEW and len(draft["sections"]) < MOST_SECTIONS:
        draft["sections"].append(a_section(NEW[move]))
        return f"section-{len(draft['sections']) - 1}"
    found = MOVE.fullmatch(move)
    if found is None or int(found[2]) >= len(draft["sections"]):
        return None
    what, section = found[1], int(found[2])
    if found[3] is None:
        place = _move(draft["sections"], what, section)
        return f"section-{place}"
    return _move_item(draft["sections"][section], what, section, int(found[3]))


def _move_item(section: Draft, what: str, number: int, item: int) -> str | None:
    if item >= len(section["items"]):
        return None
    place = _move(section["items"], what, item)
    _move(section["points"], what, item)
    return f"section-{number}-item-{place}"


def _move(things: list[Any], what: str, place: int) -> int:
    """Moves or drops one thing; its place then, or that of what follows."""
    thing = things.pop(place)
    if what == "drop":
        return max(0, min(place, len(things) - 1))
    place = max(0, place - 1) if what == "up" else min(len(things), place + 1)
    things.insert(place, thing)
    return place


def add_items(draft: Draft, section: int, items: list[str]) -> int:
    """Puts questions at the end of a section, each once in the quiz; how many came in."""
    if section >= len(draft["sections"]):
        return 0
    there = {one for part in draft["sections"] for one in part["items"]}
    new = [one for one in dict.fromkeys(items) if one not in there]
    part = draft["sections"][section]
    new = new[: MOST_ITEMS - len(part["items"])]
    part["items"] = [*part["items"], *new]
    part["points"] = [*part["points"], *[""] * len(new)]
    return len(new)
