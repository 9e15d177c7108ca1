"""Readers of exported files that this project did not write: where they are, or why a test of them is skipped."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent


def module(name: str) -> Path:
    """The folder of an installed reader; skips the test where it is missing, or fails it where it is required."""
    found = FOLDER / "node_modules" / name
    if found.is_dir() and shutil.which("node"):
        return found
    reason = f"{name} is not installed (npm ci --prefix tests/readers --ignore-scripts, or tools/install test)"
    if os.environ.get("QUIZAPP_REQUIRE_READERS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)
