"""Pages compressed on their way, since not everybody has a proxy that does it; assets are compressed once, at start."""

from __future__ import annotations

import secrets
import struct
import zlib

from flask import Flask, Response, request

TYPES = frozenset({"text/html", "text/csv", "application/json"})
LEAST = 1_000  # bytes: shorter answers fit into a packet as they are
LEVEL = 3  # 0.03 ms for a page of 14 kB; more makes it hardly smaller
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
    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    name = b"a" * secrets.randbelow(PADDING) + b"\0"
    ends = struct.pack("<II", zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return b"".join((HEAD, name, packer.compress(content), packer.flush(), ends))


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
