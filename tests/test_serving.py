"""The server that `make run` starts, as a process of its own."""

import gc
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select

from quizapp.config import ROOT
from quizapp.services import transactions
from quizapp.serving import server_command
from quizapp.store.tables import Slot
from tests import databases
from tests.bench import saves, service, students

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="gunicorn does not run on Windows")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def server(port: int, tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """gunicorn, from the moment when it says that it answers."""
    environ = {key: value for key, value in os.environ.items() if not key.startswith("QUIZAPP_")}
    environ |= {"QUIZAPP_INSTANCE": str(tmp_path), "PORT": str(port)}
    command = server_command("127.0.0.1", port, workers=2, threads=4)
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"quizapp answers at http://127.0.0.1:{port}/ (Ctrl-C stops it)\n"
        yield process
        process.kill()


def status(port: int, path: str, timeout: float, **headers: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)) as connection:
        connection.request("GET", path, headers=headers)
        with connection.getresponse() as answer:
            return answer.status


def test_ten_idle_connections_do_not_stop_it(server: subprocess.Popen[str], port: int) -> None:
    assert status(port, "/healthz", timeout=20) == 200  # the workers have started
    with ExitStack() as idle:
        for _ in range(10):
            idle.enter_context(socket.create_connection(("127.0.0.1", port)))
        time.sleep(0.5)  # each worker has taken its share of them
        started = time.monotonic()
        assert [status(port, "/healthz", timeout=5) for _ in range(20)] == [200] * 20
        assert time.monotonic() - started < 5


def which_worker(_environ: object, start_response: Callable[..., object]) -> list[bytes]:
    """An app that says which process answers."""
    body = str(os.getpid()).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def burst(port: int, number: int) -> Counter[bytes]:
    """How many of so many who connect in one instant each process answers."""
    with ExitStack() as open_ones:
        connect = partial(socket.create_connection, ("127.0.0.1", port), timeout=20)
        connections = [open_ones.enter_context(connect()) for _ in range(number)]
        for one in connections:
            one.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return Counter(map(_body, connections))


def _body(connection: socket.socket) -> bytes:
    answer = http.client.HTTPResponse(connection)
    answer.begin()
    with answer:
        return answer.read()


def frozen(_environ: object, start_response: Callable[..., object]) -> list[bytes]:
    """An app that says how many objects the worker never looks through again."""
    body = str(gc.get_freeze_count()).encode()
    start_response("200 OK", [("Content-Length", str(len(body)))])
    return [body]


def test_a_worker_never_looks_through_the_app_itself_for_what_is_unused(port: int) -> None:
    command = [*server_command("127.0.0.1", port, workers=1, threads=1)[:-1], "tests.test_serving:frozen"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        [told] = burst(port, 1)
        process.kill()
    assert int(told) > 10_000


def test_no_worker_takes_all_who_connect_in_one_instant(port: int) -> None:
    command = [*server_command("127.0.0.1", port, workers=2, threads=4)[:-1], "tests.test_serving:which_worker"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        end = time.monotonic() + 20
        while len(burst(port, 16)) < 2 and time.monotonic() < end:  # until both workers have started
            time.sleep(0.05)
        bursts = [burst(port, 64) for _ in range(40)]  # left to chance, one in some ten goes to one worker alone
        process.kill()
    assert [one for one in bursts if len(one) < 2 or min(one.values()) < 8] == []


def test_it_stops_when_told(server: subprocess.Popen[str], port: int) -> None:
    assert status(port, "/healthz", timeout=20) == 200
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=20) == 0
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))


def test_an_ipv6_address_stands_in_brackets() -> None:
    assert "--bind=[::1]:8000" in server_command("::1", 8000, workers=1, threads=1)


def test_a_server_that_ends_writes_what_it_noted(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'quizapp.sqlite'}"
    app, environ, [asking] = saves.prepare(tmp_path, url, f"sqlite:///{tmp_path / 'floor.sqlite'}", 1)
    with app.app_context():
        students.have_seen(transactions.session(), every_question=False)
        databases.close(app)
    with service.running(service.APP, environ) as ours:
        cookie = f"quizapp={asking.cookie}"
        assert status(ours.port, f"/attempts/{asking.attempt}/2", timeout=20, Cookie=cookie) == 200
    with app.app_context():
        seen = select(Slot.number).where(Slot.first_shown_at.is_not(None))
        assert list(transactions.session().scalars(seen)) == [2]
        databases.close(app)
