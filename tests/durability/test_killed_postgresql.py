"""What was acknowledged survives the death of PostgreSQL itself, and the app serves again without being restarted."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from quizapp import create_app
from quizapp.services import transactions
from tests import databases, small_bank
from tests.conftest import settings_for
from tests.durability.app_server import AppServer
from tests.durability.test_killed_server import at_work, compared, environ, pytestmark, stop, wait_for_more

pytestmark = [*pytestmark, pytest.mark.postgresql]
KILL, STOP = databases.Server.kill, databases.Server.stop
DEATHS: tuple[Callable[[databases.Server], None], ...] = (*(KILL for _ in range(17)), STOP) * 3  # kills: 51


@pytest.fixture
def cluster(postgresql_server: databases.Server) -> Iterator[databases.Server]:
    """A PostgreSQL to be killed, which writes through to the disk as one in earnest does."""
    with databases.server(durable=True) as running:
        yield running


def test_what_was_acknowledged_survives_the_death_of_postgresql(cluster: databases.Server, tmp_path: Path):
    url = cluster.url(cluster.create())
    app = create_app(settings_for(tmp_path, url))
    with app.app_context():
        transactions.upgrade()
        small_bank.publish(transactions.session())
        databases.close(app)
    server = AppServer(environ(app, url), tmp_path / "log")
    server.start()
    try:
        working = at_work(server.port)
        chance = random.Random(1917)
        for die in DEATHS:
            wait_for_more(working)
            time.sleep(chance.uniform(0, 0.2))
            die(cluster)
            cluster.start()
        wait_for_more(working)
        stop(working)
        assert compared(working, url) == []
        assert sum(device.resent for device in working) >= len(DEATHS)
    finally:
        server.kill()
