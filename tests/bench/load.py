"""A load of students on one machine: each keeps a connection open and asks again as soon as it is answered.

All have connected before the first asks, so that times say what answers take, and not who came to the door first.
"""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Request = Callable[[int, int], bytes]  # (student, how many times before) → the bytes of an HTTP request
Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter | None]
SETTLING = 0.2  # seconds, until the server has taken all connections


@dataclass
class Measured:
    """What a run gave: answers a second, their times in seconds, and what was not 2xx."""

    students: int
    seconds: float = 0
    times: list[float] = field(default_factory=list)
    failures: dict[int, int] = field(default_factory=dict)
    bytes_read: int = 0
    asked: int = 0  # the warm-up included
    begun: float = 0  # by the clock of ``perf_counter``

    def add(self, other: Measured) -> None:
        """Count another run's answers in."""
        self.seconds += other.seconds
        self.times += other.times
        self.bytes_read += other.bytes_read
        self.asked += other.asked
        for status, number in other.failures.items():
            self.failures[status] = self.failures.get(status, 0) + number

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    @property
    def bytes_each(self) -> float:
        """Bytes of an answer, its headers included."""
        return self.bytes_read / len(self.times) if self.times else float("nan")

    def percentile(self, share: float) -> float:
        """The time, in milliseconds, within which that share of the answers came."""
        return percentile(self.times, share)


def percentile(times: list[float], share: float) -> float:
    """The time, in milliseconds, within which that share of the times, in seconds, lies."""
    ordered = sorted(times)
    return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


async def answer_of(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    """Status, head and body of the next answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        if line.lower().startswith(b"content-length:"):
            length = int(line[15:])
    body = await reader.readexactly(length) if length else b""
    return int(head[9:12]), head, body


async def _student(
    number: int, port: int, ask: Request, runs: Callable[[Measured], bool], measured: Measured, connected: Connection
) -> None:
    reader, writer = connected
    turn = 0
    while runs(measured):
        if writer is None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        begun = time.perf_counter()
        try:
            writer.write(ask(number, turn))
            measured.asked += 1
            status, head, body = await answer_of(reader)
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()
            writer = None
            continue
        turn += 1
        _note(measured, begun, status, len(head) + len(body))
    if writer is not None:
        writer.close()


def _note(measured: Measured, begun: float, status: int, size: int) -> None:
    measured.times.append(time.perf_counter() - begun)
    measured.bytes_read += size
    if status >= 300:
        measured.failures[status] = measured.failures.get(status, 0) + 1


async def _run(port: int, ask: Request, students: int, runs: Callable[[Measured], bool]) -> Measured:
    connected = [await asyncio.open_connection("127.0.0.1", port) for _ in range(students)]
    await asyncio.sleep(SETTLING)
    measured = Measured(students, begun=time.perf_counter())
    await asyncio.gather(*(_student(number, port, ask, runs, measured, one) for number, one in enumerate(connected)))
    measured.seconds = time.perf_counter() - measured.begun
    return measured


def run(port: int, ask: Request, students: int, seconds: float) -> Measured:
    """So many students for so many seconds; ``ask`` says what each sends."""
    return asyncio.run(_run(port, ask, students, lambda measured: time.perf_counter() < measured.begun + seconds))


def run_times(port: int, ask: Request, students: int, times: int) -> Measured:
    """So many students until so many requests have been sent."""
    return asyncio.run(_run(port, ask, students, lambda measured: measured.asked < times))


def body_of(port: int, request: bytes) -> str:
    """What is answered to one request, uncompressed."""

    async def ask() -> str:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        _, head, body = await answer_of(reader)
        writer.close()
        return (gzip.decompress(body) if b"Content-Encoding: gzip" in head else body).decode()

    return asyncio.run(ask())
