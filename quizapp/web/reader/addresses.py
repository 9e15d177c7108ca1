"""The addresses of passages, for every page that leads to evidence."""

from __future__ import annotations

import uuid
from urllib.parse import quote, urlencode

from quizapp.web.requests import address


def passage_address(
    ref: str,
    item: str | None = None,
    version: str | None = None,
    attempt: uuid.UUID | None = None,
    slot: int | None = None,
) -> str:
    """The address of a passage («source/passage»).

    With an item it leads to that item's evidence; with attempt and slot, which are recorded, it says whence one comes.
    """
    whence = f"{attempt}.{slot}" if attempt and slot else None
    asked = {"item": item, "version": version, "slot": whence}
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    return address(f"/sources/{quote(ref)}") + (f"?{query}" if query else "") + ("#evidence" if item else "")
