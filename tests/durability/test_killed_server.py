"""What was acknowledged survives `kill -9` of every server process, at any moment, under load, on both databases."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from quizapp.services import transactions
from tests import small_bank
from tests.durability import devices
from tests.durability.app_server import AppServer
from tests.durability.comparison import differences, rows_of
from tests.durability.devices import Device

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="gunicorn does not run on Windows"),
]
KILLS = 52  # on each database
ATTEMPTS, DEVICES = 3, 2
LONGEST_LIFE = 0.3  # seconds under load before the next kill


def environ(app: Flask, url: str) -> dict[str, str]:
    settings = app.config["SETTINGS"]
    return {
        "QUIZAPP_INSTANCE": str(settings.instance),
        "QUIZAPP_DATABASE_URL": url,
        "QUIZAPP_SECRET_KEY": settings.secret_key,
        "QUIZAPP_LOG_LEVEL": "ERROR",
    }


@pytest.fixture
def server(app: Flask, database_url: str, tmp_path: Path) -> Iterator[AppServer]:
    with app.app_context():
        small_bank.publish(transactions.session())
    one = AppServer(environ(app, database_url), tmp_path / "log")
    yield one
    one.kill()


def at_work(port: int) -> list[Device]:
    """Two devices at each of several attempts, saving."""
    visits = [devices.begin(port) for _ in range(ATTEMPTS)]
    made = [
        Device(f"device-{number}-{which}", visit, port, seed=10 * number + which)
        for number, visit in enumerate(visits)
        for which in range(DEVICES)
    ]
    for device in made:
        device.start()
    return made


def wait_for_more(at_work: list[Device]) -> None:
    """Until every attempt has had an answer acknowledged since now, so that each kill strikes a server at work."""
    before = [len(device.told) for device in at_work]
    end = time.monotonic() + 30
    while any(len(device.told) <= number for device, number in zip(at_work, before, strict=True)):
        assert not [problem for device in at_work for problem in device.problems]
        assert time.monotonic() < end, "nothing is acknowledged any more"
        time.sleep(0.005)


def stop(at_work: list[Device]) -> None:
    for device in at_work:
        device.stopping.set()
    for device in at_work:
        device.join(90)
        assert not device.is_alive()


def compared(at_work: list[Device], url: str) -> list[str]:
    told = [one for device in at_work for one in device.told]
    sent = [one for device in at_work for one in device.sent]
    rows = rows_of(url, {device.visit.attempt for device in at_work})
    return [*(problem for device in at_work for problem in device.problems), *differences(told, sent, rows)]


def kill_again_and_again(server: AppServer, at_work: list[Device], times: int) -> None:
    chance = random.Random(1918)
    for _ in range(times):
        wait_for_more(at_work)
        time.sleep(chance.uniform(0, LONGEST_LIFE))
        server.kill()
        server.start()


def test_what_was_acknowledged_survives_the_death_of_every_process(server: AppServer, database_url: str):
    server.start()
    working = at_work(server.port)
    kill_again_and_again(server, working, KILLS)
    stop(working)
    assert compared(working, database_url) == []
    for device in working:  # and whoever asks once more is answered as the first time
        last = device.told[-1]
        again = device.ask(last.sent)
        assert again is not None
        assert again.standing == last.standing
        device.connection.close()
    assert {one.standing for device in working for one in device.told} >= {"current", "conflict", "stale"}
    assert sum(device.resent for device in working) >= KILLS
    assert compared(working, database_url) == []


def test_a_server_that_acknowledges_too_early_would_be_caught(app: Flask, server: AppServer, database_url: str):
    server.command[-1] = "tests.durability.too_early:create_app()"
    server.start()
    working = at_work(server.port)
    kill_again_and_again(server, working, 6)
    stop(working)
    time.sleep(0.1)  # what it does after its last answers
    assert [line for line in compared(working, database_url) if line.startswith("lost")]
