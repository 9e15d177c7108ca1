"""A quiz as a PDF, where this machine can make one."""

from __future__ import annotations

from quizapp.formats import pdf
from quizapp.services.errors import Unavailable

MISSING = (
    "This machine cannot make a PDF: the library Pango is missing (apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
    "fonts-dejavu-core). Your browser’s own print command makes one of this page."
)


def why_not() -> str:
    """Why there is no PDF here, for whoever looks after the machine; empty where there is."""
    return "" if pdf.is_possible() else MISSING


def document(html: str, style: str) -> bytes:
    """The page as a tagged PDF. Raises ``Unavailable``."""
    if not pdf.is_possible():
        raise Unavailable(MISSING)
    return pdf.write(html, style)
