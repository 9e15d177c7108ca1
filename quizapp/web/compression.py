"""Pages compressed on their way, since not everybody has a proxy that does it; assets are compressed once, at start."""

from __future__ import annotations

import secrets
import struct
import zlib

from flask import Flask, Response, request

try:  # it exists for the usual processors alone, and gets as far in a fifth of the time
    from isal.isal_zlib import compress, crc32

    LEVEL = 1
except ImportError:
    from zlib import compress, crc32

    LEVEL = 3  # more makes a page hardly smaller, and takes longer

TYPES = frozenset({"text/html", "text/csv", "application/json"})
LEAST = 1_000  # bytes: shorter answers fit into a packet as they are
HEAD = b"\x1f\x8b\x08\x08\0\0\0\0\0\xff"  # gzip, deflated, named, no time, no system
PADDING = 64  # the longest name


def init_app(app: Flask) -> None:
    """Compress what is worth it, for whoever takes it; registered first, so that it comes last."""
    app.after_request(_compress)


def gzipped(content: bytes) -> bytes:
    """The content as gzip, with a name of a random length.

    A page holds its form's token beside what an address may put there: where lengths tell nothing, nobody can guess
    the token from how well a page compresses (BREACH).
    """
    name = b"a" * secrets.randbelow(PADDING) + b"\0"
    ends = struct.pack("<II", crc32(content), len(content) & 0xFFFFFFFF)
    return b"".join((HEAD, name, compress(content, LEVEL, -zlib.MAX_WBITS), ends))


def _compress(response: Response) -> Response:
    if response.mimetype not in TYPES or response.is_streamed or "Content-Encoding" in response.headers:
        return response
    content = response.get_data()
    if len(content) < LEAST:
        return response
    response.headers.add("Vary", "Accept-Encoding")
    accepted = request.headers.get("Accept-Encoding", "").replace(" ", "")
    if "gzip" in accepted and "gzip;q=0" not in accepted.replace("gzip;q=0.", ""):
        response.set_data(gzipped(content))
        response.headers["Content-Encoding"] = "gzip"
    return response
