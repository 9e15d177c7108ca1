"""Pages as a PDF that screen readers can read: tagged, with language and title (PDF/UA-1). WeasyPrint writes it.

WeasyPrint needs the library Pango of the operating system. Without it the app runs all the same: ``is_possible`` says.
It is imported when first asked for, since that takes half a second and most processes never do.
"""

from __future__ import annotations

import logging
from functools import cache
from importlib import import_module
from typing import Any

VARIANT = "pdf/ua-1"


@cache
def _weasyprint() -> Any:
    """The library; None where it, or the Pango that it needs, is not installed."""
    try:
        return import_module("weasyprint")
    except (ImportError, OSError):
        return None


def is_possible() -> bool:
    """Whether PDFs can be made on this machine."""
    return _weasyprint() is not None


def write(html: str, style: str) -> bytes:
    """The page as a PDF. Nothing that the page names is fetched, neither from the network nor from files."""
    library = _weasyprint()
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    fetcher = _refusing(library)
    document = library.HTML(string=html, url_fetcher=fetcher)
    sheet = library.CSS(string=style, url_fetcher=fetcher)
    made: bytes = document.write_pdf(stylesheets=[sheet], pdf_variant=VARIANT, pdf_tags=True)
    return made


def _refusing(library: Any) -> Any:
    return library.urls.URLFetcher(allowed_protocols=())
