"""A student's browser, as far as the server can tell: one connection kept open while it is used, cookies, timings."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import time
from dataclasses import dataclass, field

from tests.bench.load import answer_of

KEPT_OPEN = 3.0  # seconds without a request; the server's own limit is five
PATIENCE = 60.0


@dataclass(frozen=True)
class Answer:
    """What came back. Unpacked only for who reads it: on one machine that takes time from the server."""

    status: int
    head: bytes
    body: bytes

    @property
    def location(self) -> str:
        """Where it leads on; empty where it does not."""
        return _location(self.head)

    @property
    def text(self) -> str:
        """The body, uncompressed."""
        return (gzip.decompress(self.body) if b"Content-Encoding: gzip" in self.head else self.body).decode()


@dataclass
class Timings:
    """How long what kind of request took, in seconds."""

    kinds: dict[str, list[float]] = field(default_factory=dict)

    def note(self, kind: str, seconds: float) -> None:
        """One more of that kind."""
        self.kinds.setdefault(kind, []).append(seconds)


class Browser:
    """Asks one thing after the other, the connection's making included in its time."""

    def __init__(self, port: int, timings: Timings) -> None:
        """Nothing is open yet."""
        self.port, self.timings = port, timings
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._used = 0.0

    async def ask(self, kind: str, request: bytes) -> Answer:
        """The answer to a request, noted under its kind. Asks once more where a kept connection turns out closed."""
        begun = time.perf_counter()
        try:
            status, head, body = await asyncio.wait_for(self._exchange(request), PATIENCE)
        except (ConnectionError, asyncio.IncompleteReadError):
            self.drop()
            status, head, body = await asyncio.wait_for(self._exchange(request), PATIENCE)
        self._used = time.perf_counter()
        self.timings.note(kind, self._used - begun)
        return Answer(status, head, body)

    async def break_off(self, request: bytes, sent: int) -> None:
        """Send so many bytes of the request, then be gone without reading an answer."""
        _, writer = await self._open()
        writer.write(request[:sent])
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        self.drop()

    def drop(self) -> None:
        """Close the connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _exchange(self, request: bytes) -> tuple[int, bytes, bytes]:
        reader, writer = await self._open()
        writer.write(request)
        await writer.drain()
        return await answer_of(reader)

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if time.perf_counter() - self._used > KEPT_OPEN:
            self.drop()
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self._reader, self._writer


def _location(head: bytes) -> str:
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(": ")
        if name.lower() == "location":
            return value
    return ""
