"""Devices that save answers over HTTP as the page's script does, and remember what they were told."""

from __future__ import annotations

import http.client
import json
import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from urllib.parse import urlencode

SLOTS = (1, 2)
POSITIONS = 3
PATIENCE = 60


@dataclass(frozen=True)
class Sent:
    """A save as it goes out, and when it did so first."""

    attempt: str
    slot: int
    client: str
    sequence: int
    base: str
    answer: int
    at: float

    @property
    def stamp(self) -> str:
        return f"{self.client}:{self.sequence}"


@dataclass(frozen=True)
class Told:
    """What the server acknowledged, and when that arrived."""

    sent: Sent
    standing: str
    current: str
    at: float


@dataclass(frozen=True)
class Visit:
    """An attempt that a guest has begun: what a browser keeps of it."""

    attempt: str
    cookie: str
    token: str


def begin(port: int) -> Visit:
    """Begin an attempt as a new guest."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        _, cookie, page = _ask(connection, "GET", "/quizzes/harbours")
        data = urlencode({"csrf_token": _token(page)})
        location, cookie, _ = _ask(connection, "POST", "/quizzes/harbours/attempts", data, cookie)
        _, cookie, page = _ask(connection, "GET", "/quizzes", cookie=cookie)
        return Visit(location.rpartition("/")[2], cookie, _token(page))


def _ask(
    connection: http.client.HTTPConnection, method: str, path: str, data: str = "", cookie: str = ""
) -> tuple[str, str, str]:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    connection.request(method, path, data, headers)
    with connection.getresponse() as answer:
        assert answer.status in (200, 302), answer.status
        text = answer.read().decode()
        set_cookie = answer.getheader("Set-Cookie", "").partition(";")[0]
        return answer.getheader("Location", ""), set_cookie or cookie, text


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found
    return found[1]


class Device(threading.Thread):
    """One of the devices on an attempt: saves one answer after the other, each until it is told what became of it."""

    def __init__(self, name: str, visit: Visit, port: int, seed: int) -> None:
        super().__init__(name=name, daemon=True)
        self.visit, self.port, self.chance = visit, port, random.Random(seed)
        self.stopping = threading.Event()
        self.bases = dict.fromkeys(SLOTS, "")
        self.told: list[Told] = []
        self.sent: list[Sent] = []
        self.resent = 0
        self.problems: list[str] = []
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def run(self) -> None:
        for sequence in sequences():
            if self.stopping.is_set() or self.problems:
                break
            self._save(sequence)
        self.connection.close()

    def _save(self, sequence: int) -> None:
        slot = self.chance.choice(SLOTS)
        answer = self.chance.randrange(POSITIONS)
        sent = Sent(self.visit.attempt, slot, self.name, sequence, self.bases[slot], answer, time.monotonic())
        self.sent.append(sent)
        told = self.ask(sent)
        if told is not None:
            self.told.append(told)
            self.bases[slot] = told.current

    def ask(self, sent: Sent) -> Told | None:
        """Send it, with the same stamp and base, until there is an answer."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                status, text = self._post(sent)
            except (OSError, http.client.HTTPException):
                self.connection.close()
                status = 503
            if status in (200, 409):
                said = json.loads(text)
                return Told(sent, said["standing"], said["current"], time.monotonic())
            if status != 503:
                break
            self.resent += 1
            time.sleep(0.02)
        self.problems.append(f"{sent}: no answer but {status}")
        return None

    def _post(self, sent: Sent) -> tuple[int, str]:
        fields = {
            "csrf_token": self.visit.token, "client": sent.client, "sequence": sent.sequence, "base": sent.base,
            "answer": sent.answer,
        }  # fmt: skip
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self.visit.cookie,
        }
        self.connection.request("POST", f"/attempts/{sent.attempt}/{sent.slot}", urlencode(fields), headers)
        with self.connection.getresponse() as answer:
            return answer.status, answer.read().decode()


def sequences() -> Iterator[int]:
    """1, 2, 4, 3, 5, 6, 8, 7 …: now and then one overtakes the one before, as a closing page's last save may."""
    first = 1
    while True:
        yield from (first, first + 1, first + 3, first + 2)
        first += 4
