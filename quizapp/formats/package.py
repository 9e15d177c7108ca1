"""Zip archives from outside: nothing is written to disk, and what inflates too far is refused while it inflates."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from quizapp.domain.exchange import UnreadableFile
from quizapp.formats.incoming_text import refuse_too_large

MOST_FILES = 3000
LARGEST_TOTAL = 40 * 1024 * 1024  # bytes, inflated
LARGEST_RATIO = 150  # inflated ÷ packed, of what is larger than CHUNK
CHUNK = 256 * 1024
MAGIC = b"PK"
_UNSAFE = re.compile(r"(^|[/\\])\.\.([/\\]|$)|^[/\\]|^[A-Za-z]:|[\0-\x1f]")
_ONE_TIME = datetime(1980, 1, 1).timetuple()[:6]  # noqa: DTZ001 the same bytes whenever a package is made


def is_package(data: bytes) -> bool:
    """Whether the bytes begin like a zip archive."""
    return data.startswith(MAGIC)


def unpack(data: bytes, wanted: Iterable[str] = ()) -> dict[str, bytes]:
    """Name → bytes of the files whose names end in one of ``wanted`` (all, where none is named).

    Raises UnreadableFile for what is no archive, or a hostile one.
    """
    refuse_too_large(data)
    endings = tuple(wanted)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            listed = archive.infolist()
            _refuse_unsafe(listed)
            return _inflated(archive, [o for o in listed if not endings or o.filename.lower().endswith(endings)])
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError) as error:
        raise UnreadableFile(
            f"This is not a zip archive that can be read ({error}). Export or save it anew."
        ) from error


def _refuse_unsafe(listed: list[zipfile.ZipInfo]) -> None:
    if len(listed) > MOST_FILES:
        raise UnreadableFile(f"The archive holds {len(listed)} files; {MOST_FILES} are the most that is read.")
    for one in listed:
        if not one.filename:
            raise UnreadableFile("The archive holds a file without a name. Export or save it anew.")
        if _UNSAFE.search(one.filename):
            raise UnreadableFile(f"The archive names a file outside of itself: «{one.filename[:80]}». It is refused.")
        if one.flag_bits & 1:
            raise UnreadableFile(f"«{one.filename[:80]}» is locked with a password. Export it without one.")


def _inflated(archive: zipfile.ZipFile, listed: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    total = 0
    for one in listed:
        if one.is_dir():
            continue
        parts: list[bytes] = []
        size = 0
        with archive.open(one) as stream:
            while part := stream.read(CHUNK):
                parts.append(part)
                size += len(part)
                total += len(part)
                _refuse_bomb(one, size, total)
        found[one.filename] = b"".join(parts)
    return found


def _refuse_bomb(one: zipfile.ZipInfo, size: int, total: int) -> None:
    too_dense = size > CHUNK and size > LARGEST_RATIO * max(1, one.compress_size)
    if too_dense or total > LARGEST_TOTAL:
        raise UnreadableFile(
            f"«{one.filename[:80]}» inflates to far more than such a file needs. The archive is refused."
        )


def pack(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip archive; the same files make the same bytes."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ONE_TIME), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
