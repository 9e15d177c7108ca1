"""Bytes from outside as text: which encoding, how long, and what is wrong, said with byte and line."""

from __future__ import annotations

import codecs

from quizapp.domain.exchange import UnreadableFile

LARGEST = 8 * 1024 * 1024  # bytes of a file of questions
LONGEST_LINE = 100_000  # characters; a question with all its feedback in one line has a few thousand
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


def decode(data: bytes) -> str:
    """The text, with newlines alone between lines. UTF-8, or UTF-16 where its mark stands at the beginning."""
    refuse_too_large(data)
    mark, encoding = next((one for one in _MARKS if data.startswith(one[0])), (b"", "utf-8"))
    try:
        text = data[len(mark) :].decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(_not_decodable(data, len(mark) + error.start, _NAMES[encoding])) from error
    return _checked(text.replace("\r\n", "\n").replace("\r", "\n"))


def refuse_too_large(data: bytes) -> None:
    """Raises UnreadableFile for a file beyond what any set of questions needs, and for an empty one."""
    if not data.strip():
        raise UnreadableFile("The file is empty. Choose another, or look whether it was saved.")
    if len(data) > LARGEST:
        raise UnreadableFile(
            f"The file has {len(data) / 1024 / 1024:.1f} MB; {LARGEST // 1024 // 1024} MB is the most that is read. "
            "Split it into several."
        )


def _not_decodable(data: bytes, at: int, encoding: str) -> str:
    line = data[:at].count(b"\n") + 1
    return (
        f"This is not {encoding}: byte {at + 1} (line {line}) is 0x{data[at]:02X}, which has no meaning there. "
        "Save the file as UTF-8 (in Excel: “CSV UTF-8”) and try again."
    )


def _checked(text: str) -> str:
    if (at := text.find("\0")) >= 0:
        line = text.count("\n", 0, at) + 1
        raise UnreadableFile(f"Character {at + 1} (line {line}) is a zero byte: this is no text. Save it as UTF-8.")
    for number, content in enumerate(text.split("\n"), 1):
        if len(content) > LONGEST_LINE:
            raise UnreadableFile(
                f"Line {number} has {len(content):,} characters; {LONGEST_LINE:,} is the most that is read. "
                "Is this really a file of questions?"
            )
    return text
