"""A Word document (.docx) as blocks of text: its paragraphs, with those headings that are styled as such."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from quizapp.domain.exchange import UnreadableFile
from quizapp.domain.own_document import Block, OwnDocument, compose
from quizapp.formats.package import unpack

TEXT, STYLES, NOTES = "word/document.xml", "word/styles.xml", "word/footnotes.xml"
MOST_ELEMENTS, DEEPEST = 3_000_000, 200
OLD_WORD = b"\xd0\xcf\x11\xe0"
LOCKED = (
    "This is a locked Word document, or one of the old kind (.doc). Open it in Word or LibreOffice, save it as .docx "
    "without a password, and send that; or copy its text and paste it."
)


class _Bounded(ContentHandler):
    """Counts what it meets, and refuses what no document needs."""

    def __init__(self) -> None:
        super().__init__()
        self._met = self._depth = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 the parser calls it so
        self._met += 1
        self._depth += 1
        if self._met > MOST_ELEMENTS or self._depth > DEEPEST:
            raise UnreadableFile("This Word document is built in an absurd way. Copy its text and paste it instead.")
        self.begin(name.rpartition(":")[2], {key.rpartition(":")[2]: value for key, value in attrs.items()})

    def endElement(self, name: str) -> None:  # noqa: N802
        self._depth -= 1
        self.end(name.rpartition(":")[2])

    def begin(self, tag: str, given: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """An element ends."""


class _Styles(_Bounded):
    """The ids of styles that are headings: Word keeps their names in English in every language."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: set[str] = set()
        self._style = ""

    def begin(self, tag: str, given: Mapping[str, str]) -> None:
        if tag == "style":
            self._style = given.get("styleId", "")
        elif tag == "name" and given.get("val", "").casefold().startswith(("heading", "title")):
            self.headings.add(self._style)


class _Paragraphs(_Bounded):
    def __init__(self, headings: set[str]) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self._headings = headings
        self._open: list[tuple[list[str], bool]] = []  # paragraphs, one in another's text box
        self._is_text = False
        self._doubles = 0  # what stands there again, for older programs

    def begin(self, tag: str, given: Mapping[str, str]) -> None:
        self._doubles += tag == "Fallback"
        self._is_text = tag == "t"
        if tag == "p":
            self._open.append(([], False))
        elif tag == "pStyle" and self._open:
            self._open[-1] = (self._open[-1][0], given.get("val", "") in self._headings)
        elif tag in ("br", "cr", "tab") and self._open:
            self._open[-1][0].append(" " if tag == "tab" else "\n")

    def end(self, tag: str) -> None:
        self._doubles -= tag == "Fallback"
        self._is_text = False
        if tag == "p" and self._open:
            parts, is_heading = self._open.pop()
            self.blocks.append(Block("".join(parts), is_heading))

    def characters(self, content: str) -> None:
        if self._is_text and self._open and not self._doubles:
            self._open[-1][0].append(content)


def read(data: bytes) -> OwnDocument:
    """The document's text. Raises UnreadableFile."""
    if data.startswith(OLD_WORD):
        raise UnreadableFile(LOCKED)
    files = unpack(data, (TEXT, STYLES, NOTES))
    if TEXT not in files:
        raise UnreadableFile(f"This is no Word document: the archive holds no {TEXT}. Copy its text and paste it.")
    styles = _Styles()
    if STYLES in files:
        _parse(files[STYLES], STYLES, styles)
    found = _Paragraphs(styles.headings | {"Title", *(f"Heading{i}" for i in range(1, 7))})
    _parse(files[TEXT], TEXT, found)
    title = next((one.text for one in found.blocks if one.is_heading and one.text.strip()), "")
    return compose(found.blocks, title, ["Its footnotes are left out."] if NOTES in files else [])


def _parse(data: bytes, name: str, handler: ContentHandler) -> None:
    try:
        defusedxml.sax.parse(BytesIO(data), handler, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except SAXParseException as error:
        raise UnreadableFile(
            f"«{name}», line {error.getLineNumber()}: this is not XML. Save the document anew."
        ) from error
    except DefusedXmlException as error:
        raise UnreadableFile(f"«{name}» declares entities, which no Word document does. It is refused.") from error
    except (SAXException, ValueError, LookupError) as error:
        raise UnreadableFile(f"«{name}» cannot be read ({error}). Save the document anew.") from error
