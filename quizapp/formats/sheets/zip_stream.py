"""A zip archive that is sent while it is made: what was written so far is taken away, chunk by chunk."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator

from quizapp.formats.sheets import CHUNK, in_chunks

LEVEL = 1  # of compression: 6 takes three times as long for a tenth less
STAMP = (1980, 1, 1, 0, 0, 0)  # the same rows make the same file
Entry = tuple[str, Iterable[str]]  # the name in the archive, and what it holds, part by part


class _Pipe:
    """Takes what a zip file writes, and gives it on; it cannot seek, so that sizes stand after each entry."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        """Hold the bytes until they are taken."""
        self._held.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """There is nothing to let go of."""

    def take(self) -> bytes:
        """What was written since the last time."""
        data = b"".join(self._held)
        self._held.clear()
        self.size = 0
        return data


def stream(entries: Iterable[Entry], stored: Iterable[tuple[str, str]] = ()) -> Iterator[bytes]:
    """The archive: first what stands in it as it is, then the entries, each asked for when the ones before are sent."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w") as archive:
        for name, content in stored:
            archive.writestr(zipfile.ZipInfo(name, STAMP), content)
        for name, parts in entries:
            yield from _written(archive, pipe, name, parts)
    yield pipe.take()


def _written(archive: zipfile.ZipFile, pipe: _Pipe, name: str, parts: Iterable[str]) -> Iterator[bytes]:
    info = zipfile.ZipInfo(name, STAMP)
    info.compress_type = zipfile.ZIP_DEFLATED
    info._compresslevel = LEVEL  # type: ignore[attr-defined]  # noqa: SLF001  a name of its own since Python 3.13
    with archive.open(info, "w") as entry:
        for chunk in in_chunks(parts):
            entry.write(chunk)
            if pipe.size >= CHUNK:
                yield pipe.take()
    yield pipe.take()
