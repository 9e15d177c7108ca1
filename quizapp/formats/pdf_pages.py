"""The pages of a PDF as text, as a process of its own: ``python -m quizapp.formats.pdf_pages`` reads a PDF from its
input and writes JSON. A file that means harm uses up that process' time and memory, and nobody else's.
"""

from __future__ import annotations

import json
import logging
import sys
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

MOST_PAGES = 500
SECONDS = 25  # of the processor
MEMORY = 1024 * 1024 * 1024  # bytes of addresses


def pages(data: bytes) -> dict[str, Any]:
    """What a PDF holds: ``pages`` (texts), ``title`` and ``pictures``; or ``refused``, with a word why."""
    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            return {"refused": "locked"}
        if len(reader.pages) > MOST_PAGES:
            return {"refused": "pages", "number": len(reader.pages)}
        return {"pages": [one.extract_text() for one in reader.pages], "title": _title(reader)}
    except MemoryError:
        return {"refused": "too much"}
    except PyPdfError as error:
        word = "locked" if type(error).__name__ in ("FileNotDecryptedError", "DependencyError") else "damaged"
        return {"refused": word}
    except Exception as error:  # noqa: BLE001 a damaged file breaks the reader in every possible way
        return {"refused": "locked" if type(error).__name__ == "DependencyError" else "damaged"}


def _title(reader: PdfReader) -> str:
    found = reader.metadata
    return str(found.title or "") if found is not None else ""


def limit() -> None:
    """Bounds what this process may use, where the system can."""
    try:
        import resource  # noqa: PLC0415 there is none on Windows
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Reads, and writes."""
    limit()
    logging.disable(logging.CRITICAL)
    found = pages(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
