"""Files to download: what they are called and what they are."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Response

A_FILE = "<any(csv, xlsx):ending>"  # the end of an address
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(data: str | bytes, name: str, ending: str) -> Response:
    """The file, its name with the day in it and without anything that a header or a disk would not take."""
    plain = "".join(one if one.isascii() and one.isalnum() else "-" for one in name)
    headers = {"Content-Disposition": f'attachment; filename="{plain}-{datetime.now(UTC):%Y-%m-%d}.{ending}"'}
    return Response(data, mimetype=MEDIA_TYPES[ending], headers=headers)
