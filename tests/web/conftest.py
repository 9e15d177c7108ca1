"""What most tests of pages begin with: a small bank, a teacher, a student."""

from __future__ import annotations

import pytest
from flask import Flask

from quizapp.services import transactions
from tests import small_bank
from tests.web.sittings import Taker, new_taker


@pytest.fixture
def bank(app: Flask) -> None:
    """Five questions on tides, a practice quiz and a test; a file that wants others has a fixture of this name.

    A file whose tests all want it says so once: ``pytestmark = pytest.mark.usefixtures("bank")``.
    """
    with app.app_context():
        small_bank.publish(transactions.session())


@pytest.fixture
def teacher(app: Flask) -> Taker:
    """Somebody who teaches."""
    return new_taker(app, "teacher")


@pytest.fixture
def student(app: Flask) -> Taker:
    """Somebody who is signed in and has taken nothing yet."""
    return new_taker(app, "student")
