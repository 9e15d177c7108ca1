"""XML from outside as a plain tree with line numbers, and trees as XML; no entities, no depths, no multitudes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.saxutils import escape, quoteattr

import defusedxml.sax
from defusedxml.common import DefusedXmlException

from quizapp.domain.exchange import UnreadableFile
from quizapp.formats.incoming_text import refuse_too_large

DEEPEST = 60
MOST_NODES = 150_000
_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass
class Node:
    """An element: its name without a namespace, its attributes, and what it contains, texts among it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    line: int = 0

    def get(self, name: str, otherwise: str = "") -> str:
        """An attribute."""
        return self.attributes.get(name, otherwise)

    def all(self, *tags: str) -> list[Node]:
        """The children of these names."""
        return [one for one in self.children if isinstance(one, Node) and one.tag in tags]

    def first(self, *way: str) -> Node | None:
        """The first child of the first name, in it the first of the second, and so on."""
        node: Node | None = self
        for tag in way:
            node = next(iter(node.all(tag)), None) if node else None
        return node

    def every(self, *tags: str) -> Iterator[Node]:
        """The elements of these names anywhere inside, in their order."""
        for one in self.children:
            if isinstance(one, Node):
                if one.tag in tags:
                    yield one
                yield from one.every(*tags)

    @property
    def text(self) -> str:
        """All text inside."""
        return "".join(one if isinstance(one, str) else one.text for one in self.children)

    def text_at(self, *way: str) -> str:
        """The text of the first element on that way; empty where there is none."""
        node = self.first(*way)
        return node.text.strip() if node else ""


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("")
        self._open = [self.root]
        self._nodes = 0
        self._at: Any = None

    def setDocumentLocator(self, locator: Any) -> None:  # noqa: N802 the parser calls it so
        self._at = locator

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        self._nodes += 1
        line = self._at.getLineNumber() or 0
        if len(self._open) > DEEPEST or self._nodes > MOST_NODES:
            what = f"nested more than {DEEPEST} deep" if len(self._open) > DEEPEST else f"over {MOST_NODES:,} elements"
            raise UnreadableFile(f"Line {line}: the XML has {what}. It is refused.")
        given = {_local(key): value for key, value in attrs.items() if not key.startswith("xmlns")}
        node = Node(_local(name), given, line=line)
        self._open[-1].children.append(node)
        self._open.append(node)

    def endElement(self, name: str) -> None:  # noqa: ARG002, N802
        self._open.pop()

    def characters(self, content: str) -> None:
        self._open[-1].children.append(content)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def parse(data: bytes, name: str = "") -> Node:
    """The root of the XML. Raises UnreadableFile with file and line for what is none, or declares entities."""
    refuse_too_large(data)
    builder = _Builder()
    where = f"«{name}», " if name else ""
    try:
        # A document type may name its file, as old QTI does: nothing is loaded, since no entity may be declared.
        defusedxml.sax.parse(BytesIO(data), builder, forbid_dtd=False, forbid_entities=True, forbid_external=False)
    except SAXParseException as error:
        message = f"{where}line {error.getLineNumber()}: this is not XML ({error.getMessage()}). Export it anew."
        raise UnreadableFile(message) from error
    except DefusedXmlException as error:
        message = f"{where}the XML declares entities ({type(error).__name__}). It is refused."
        raise UnreadableFile(message) from error
    except (SAXException, ValueError, LookupError, RecursionError) as error:
        raise UnreadableFile(f"{where}the XML cannot be read ({error}). Export it anew.") from error
    found = builder.root.all(*{one.tag for one in builder.root.children if isinstance(one, Node)})
    if not found:
        raise UnreadableFile(f"{where}there is no XML in it.")
    return found[0]


def element(tag: str, attributes: Mapping[str, str] | None = None, *children: Node | str) -> Node:
    """A new element."""
    return Node(tag, dict(attributes or {}), list(children))


def write(root: Node) -> bytes:
    """The tree as XML in UTF-8; elements that hold only elements stand in lines of their own."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{"".join(_written(root, 0))}\n'.encode()


def _written(node: Node, depth: int) -> Iterator[str]:
    attributes = "".join(f" {name}={_attribute(value)}" for name, value in node.attributes.items())
    if not node.children:
        yield f"<{node.tag}{attributes}/>"
        return
    yield f"<{node.tag}{attributes}>"
    is_mixed = any(isinstance(one, str) for one in node.children) or node.tag in INLINE
    for one in node.children:
        if not is_mixed:
            yield f"\n{'  ' * (depth + 1)}"
        yield from [escape(_sayable(one))] if isinstance(one, str) else _written(one, depth + 1)
    yield f"</{node.tag}>" if is_mixed else f"\n{'  ' * depth}</{node.tag}>"


INLINE = {"p", "span", "a", "em", "strong", "simpleChoice", "simpleAssociableChoice", "modalFeedback", "prompt"}
INLINE |= {f"qti-{name}" for name in ("simple-choice", "simple-associable-choice", "modal-feedback", "prompt")}


def _sayable(text: str) -> str:
    """The text without characters that XML has no way to say."""
    return _NOT_IN_XML.sub("", text)


def _attribute(text: str) -> str:
    return quoteattr(_sayable(text), {"\n": "&#10;", "\t": "&#9;"})
