"""Where a teacher looks at an attempt."""

from __future__ import annotations

import uuid

from flask import url_for


def attempt_address(attempt_id: uuid.UUID | str) -> str:
    """The address of the attempt's page for a teacher."""
    return url_for("teacher.show_attempt", attempt_id=attempt_id)
