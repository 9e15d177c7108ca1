"""Turns to write: SQLite has one lock for all who write, and who finds it taken sleeps, longer each time, and may sleep
on while it is free. Who waits here is next as soon as it is.

This is courtesy: what keeps writers apart is SQLite's own lock, and where no turn is to be had they go on to that.
"""

from __future__ import annotations

import contextlib
import os
import threading
import time

try:
    from fcntl import LOCK_EX, LOCK_NB, LOCK_UN, flock
except ImportError:  # no Unix: SQLite's lock alone
    flock = None  # type: ignore[assignment]

PATIENCE = 1.0  # seconds; whoever has the turn for longer does something large, for which one may as well sleep
A_MOMENT = 0.0002  # seconds, between two looks at whether another process is done


class Turns:
    """The turns at one database file, for all threads of all processes; one object for each process and engine.

    Threads of a process wait for one another; the one whose turn it is then waits for the other processes: first to be
    next, then for its turn, which lets another be next. So two processes alternate, however soon one wants to write
    again.
    """

    def __init__(self, database: str) -> None:
        self._paths = (f"{database}-next", f"{database}-turn")
        self._ours = threading.Lock()
        self._files: list[int] = []

    def take(self) -> bool:
        """Wait for the turn. False where it does not come: then nothing is to be given back."""
        end = time.monotonic() + PATIENCE
        if not self._ours.acquire(timeout=PATIENCE):
            return False
        if self._opened() and self._comes_before(end):
            return True
        self._ours.release()
        return False

    def give_back(self) -> None:
        """Let the next one write."""
        for file in self._files[1:]:
            flock(file, LOCK_UN)
        self._ours.release()

    def close(self) -> None:
        """Close the files, and with them give up the turn; the next ``take`` opens them again."""
        while self._files:
            os.close(self._files.pop())

    def _opened(self) -> bool:
        if not self._files and flock is not None:
            with contextlib.suppress(OSError):
                for path in self._paths:
                    self._files.append(os.open(path, os.O_RDONLY | os.O_CREAT, 0o644))
        return len(self._files) == len(self._paths)

    def _comes_before(self, end: float) -> bool:
        being_next, turn = self._files
        if not _locked(being_next, end):
            return False
        try:
            return _locked(turn, end)
        finally:
            flock(being_next, LOCK_UN)


def _locked(file: int, end: float) -> bool:
    """Whether the lock was got until then; not on a file system that knows none."""
    while True:
        try:
            flock(file, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                return False
            time.sleep(A_MOMENT)
        except OSError:
            return False
        else:
            return True
