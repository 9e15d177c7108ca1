"""A real Chromium and a real server: the true bank in a file database, with the documents attached and without."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from quizapp import create_app
from tests import databases, real_bank
from tests.browser.person import Person, Watch
from tests.browser.site import Site
from tests.conftest import settings_for

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
)
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True,
}  # fmt: skip
# A machine that does other things besides takes its time; what comes at once costs no time to wait for.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser; what fails there gets one more try, which the summary tells."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium as the system has it; skipped where it has none."""
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        reason = f"no Chromium on the PATH ({', '.join(CHROMIUM)})"
        if os.environ.get("QUIZAPP_REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    switches = [*browser_type_launch_args.get("args", ()), *SWITCHES]
    if os.geteuid() == 0:
        switches.append("--no-sandbox")
    return {**browser_type_launch_args, "executable_path": path, "args": switches}


class Quiet(WSGIRequestHandler):
    """Writes no line for each request; the app has a log of its own."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Nothing."""


def serving(folder: Path, documents: Path | None) -> Iterator[Site]:
    """The app with the bank published, answering at an address of its own until the tests are over."""
    app = create_app(settings_for(folder))
    real_bank.publish(app, documents)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join(10)
    server.server_close()
    _close(app)


def _close(app: Flask) -> None:
    with app.app_context():
        databases.close(app)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site as most people have it: without the documents."""
    yield from serving(tmp_path_factory.mktemp("site"), None)


@pytest.fixture(scope="session")
def site_with_documents(documents: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with the documents attached; skipped where there are none."""
    yield from serving(tmp_path_factory.mktemp("site-with-documents"), documents)


@pytest.fixture
def fresh_site(tmp_path: Path) -> Iterator[Site]:
    """A site of the test's own, on which nobody has an account yet."""
    yield from serving(tmp_path, None)


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Sees what goes wrong in any page of the test; the test fails for it, unless it said what to expect."""
    watching = Watch()
    yield watching
    assert watching.problems() == []


Somebody = Callable[..., Person]


@pytest.fixture
def somebody(browser: Browser, site: Site, watch: Watch) -> Iterator[Somebody]:
    """Makes people, each with a browser of their own: a phone, unless a desktop is asked for."""
    contexts: list[BrowserContext] = []

    def new(*, javascript: bool = True, device: dict[str, Any] = PHONE, at: Site = site, **options: Any) -> Person:
        context = browser.new_context(base_url=at.url, java_script_enabled=javascript, **{**device, **options})
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch.look_at(page)
        return Person(page, at, javascript, watch)

    yield new
    for context in contexts:
        context.close()


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def visitor(request: pytest.FixtureRequest, somebody: Somebody) -> Person:
    """Somebody with a phone, with JavaScript and without."""
    return somebody(javascript=request.param)
