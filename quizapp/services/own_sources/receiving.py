"""A document that a teacher sends or pastes: read as text, or refused beside the field with what to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from quizapp.domain.exchange import UnreadableFile
from quizapp.domain.own_document import OwnDocument
from quizapp.formats import document_text
from quizapp.services.accounts import Mistakes

ENCODINGS = document_text.ENCODINGS
ACCEPTED = ",".join(document_text.ENDINGS)
PASTED = "pasted text"


@dataclass(frozen=True)
class Sent:
    """What a form brings: a file with its name, or a pasted text; ``encoding`` is what its sender says of it."""

    file_name: str = ""
    data: bytes = b""
    pasted: str = ""
    encoding: str = ""

    @property
    def name(self) -> str:
        """What to call it; never a path."""
        return Path(self.file_name.replace("\\", "/")).name.replace("\0", "")[-200:] if self.data else PASTED


def read(sent: Sent) -> OwnDocument:
    """The text of it. Raises ``Mistakes``."""
    if sent.data and sent.pasted.strip():
        raise Mistakes({"pasted": ["There is a file and a pasted text, too. Send one of them."]})
    if not sent.data and not sent.pasted.strip():
        message = "The file is empty." if sent.file_name else "Choose a file, or paste the text below."
        raise Mistakes({"file": [message]})
    try:
        if sent.data:
            return document_text.read(sent.name, sent.data, sent.encoding)
        return document_text.of_pasted(sent.pasted)
    except UnreadableFile as error:
        message = str(error).replace("«", "“").replace("»", "”")
        raise Mistakes({"file" if sent.data else "pasted": [message]}) from error
