"""Aiken, the plainest format: a question in a line, its options by letters, the letter of the right one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_uppercase

from quizapp.domain.exchange import Remark
from quizapp.domain.marking import FULL, ZERO
from quizapp.formats.common_question import CommonAnswer, CommonQuestion
from quizapp.formats.incoming_text import decode

_OPTION = re.compile(r"([A-Z])[.)]\s+(\S.*)")
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*?)\s*", re.IGNORECASE)


def refusal(question: CommonQuestion) -> str | None:
    """Why Aiken cannot say the question; None where it can."""
    if question.kind not in ("choice", "true_false") or question.first:
        return "Aiken has questions with one right option only"
    if len(question.answers) > len(ascii_uppercase):
        return "Aiken has letters for 26 options only"
    return None


def dump(questions: Iterable[CommonQuestion]) -> bytes:
    """The questions as an Aiken file: nothing but their texts, options and keys."""
    return "\n".join(_written(question) for question in questions).encode()


def _written(question: CommonQuestion) -> str:
    lettered = list(zip(ascii_uppercase, question.answers, strict=False))
    options = [f"{letter}. {_in_a_line(one.text)}" for letter, one in lettered]
    right = next(letter for letter, one in lettered if one.is_right)
    return "\n".join([_in_a_line(question.stem), *options, f"ANSWER: {right}", ""])


def _in_a_line(text: str) -> str:
    return " ".join(text.split())


def load(data: bytes) -> tuple[list[CommonQuestion], list[Remark]]:
    """The questions of an Aiken file, and the lines of it that belong to none."""
    questions: list[CommonQuestion] = []
    remarks: list[Remark] = []
    lines: list[tuple[int, str]] = []
    for number, line in enumerate(decode(data).split("\n"), 1):
        if answer := _ANSWER.fullmatch(line.strip()):
            questions.append(_question(lines or [(number, "")], answer[1].strip(".) ")))
            lines = []
        elif line.strip():
            lines.append((number, line.strip()))
    if lines:
        remarks.append(Remark(f"line {lines[0][0]}", f"no line «ANSWER:» follows: {lines[0][1][:60]}"))
    return questions, remarks


def _question(lines: list[tuple[int, str]], key: str) -> CommonQuestion:
    options = [(found[1], found[2]) for _, line in lines if (found := _OPTION.fullmatch(line))]
    stem = [line for _, line in lines if not _OPTION.fullmatch(line)]
    answers = tuple(CommonAnswer(text, FULL if letter == key.upper() else ZERO) for letter, text in options)
    is_truth = [text.casefold() for _, text in options] == ["true", "false"]
    known = any(letter == key.upper() for letter, _ in options)
    return CommonQuestion(
        kind="true_false" if is_truth else "choice",
        name="",
        stem="\n".join(stem),
        answers=answers,
        place=f"line {lines[0][0]}",
        remarks=() if known else (f"the answer «{key[:20]}» is none of its options",),
    )
