"""A load of students on one machine: each keeps a connection open and asks again as soon as it is answered."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Request = Callable[[int, int], bytes]  # (student, how many times before) → the bytes of an HTTP request


@dataclass
class Measured:
    """What a run gave: answers a second, their times in seconds, and what was not 2xx."""

    students: int
    seconds: float
    times: list[float] = field(default_factory=list)
    failures: dict[int, int] = field(default_factory=dict)
    bytes_read: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """The time, in milliseconds, within which that share of the answers came."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    head = await reader.readuntil(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n")[1:]:
        if line.lower().startswith(b"content-length:"):
            length = int(line[15:])
    body = await reader.readexactly(length) if length else b""
    return int(head[9:12]), len(head) + len(body)


async def _student(
    number: int, port: int, ask: Request, end: float, measured: Measured, counts: Callable[[], bool]
) -> None:
    reader = writer = None
    turn = 0
    while time.perf_counter() < end:
        if writer is None or reader is None:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
        begun = time.perf_counter()
        try:
            writer.write(ask(number, turn))
            status, size = await _answer(reader)
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()
            writer = None
            continue
        turn += 1
        if not counts():
            continue
        measured.times.append(time.perf_counter() - begun)
        measured.bytes_read += size
        if status >= 300:
            measured.failures[status] = measured.failures.get(status, 0) + 1
    if writer is not None:
        writer.close()


async def _run(port: int, ask: Request, students: int, seconds: float, warm_up: float) -> Measured:
    measured = Measured(students, seconds)
    begun = time.perf_counter()
    end = begun + warm_up + seconds

    def counts() -> bool:
        return time.perf_counter() - begun > warm_up

    await asyncio.gather(*(_student(n, port, ask, end, measured, counts) for n in range(students)))
    return measured


def run(port: int, ask: Request, students: int, seconds: float = 4, warm_up: float = 1) -> Measured:
    """So many students for so many seconds; ``ask`` says what each sends."""
    return asyncio.run(_run(port, ask, students, seconds, warm_up))
