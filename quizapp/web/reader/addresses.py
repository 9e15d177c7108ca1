"""The addresses of passages, for every page that leads to evidence."""

from __future__ import annotations

import uuid

from flask import url_for


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
    source, _, passage = ref.partition("/")
    whence = f"{attempt}.{slot}" if attempt and slot else None
    return url_for(
        "reader.passage",
        source_id=source,
        passage_id=passage,
        item=item,
        version=version,
        slot=whence,
        _anchor="evidence" if item else None,
    )
