"""GIFT, the plain-text format of Moodle and others: https://docs.moodle.org/en/GIFT_format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from quizapp.domain.exchange import Remark
from quizapp.domain.marking import FULL, ZERO, ratio
from quizapp.formats.common_from_item import decimal_text
from quizapp.formats.common_question import CommonAnswer, CommonQuestion, Kind
from quizapp.formats.html_text import text_of_html
from quizapp.formats.incoming_text import decode

SPECIAL = "~=#{}:\\"
_STAND_INS = {
    one: chr(14 + i) for i, one in enumerate(SPECIAL)
}  # for escaped characters while a question is taken apart
_BACK = str.maketrans({stand_in: one for one, stand_in in _STAND_INS.items()})
_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
_MARKUP = re.compile(r"\s*\[(html|moodle|plain|markdown)\]\s*")
_WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,7})?)%")
_META = re.compile(r"\[(id|tag):((?:\\\]|[^\]\[])+)\]")
_TRUTH = re.compile(r"\s*(T|TRUE|F|FALSE)\s*(?:#(.*))?", re.DOTALL | re.IGNORECASE)
_NUMBER = re.compile(r"\s*([-+.\d eE]{1,40}?)\s*(?:(:|\.\.)\s*([-+.\d eE]{1,40}?))?\s*")
GAP = "_____"


def refusal(question: CommonQuestion) -> str | None:
    """Why GIFT cannot say the question; None where it can."""
    return "GIFT has no question in two parts" if question.first else None


def dump(questions: Iterable[CommonQuestion]) -> bytes:
    """The questions as a GIFT file, each with its category, id and tags."""
    parts: list[str] = []
    topic = ""
    for question in questions:
        parts += [f"$CATEGORY: {question.topic}\n"] if question.topic != topic else []
        parts.append(_written(question))
        topic = question.topic
    return "\n".join(parts).encode()


def _written(question: CommonQuestion) -> str:
    marks = () if question.marks == FULL else (f"marks:{decimal_text(question.marks)}",)
    tags = "".join(f" [tag:{_tag(tag)}]" for tag in (*question.tags, *marks))
    head = f"// [id:{_tag(question.name)}]{tags}\n"
    answers = "".join(f"\n  {line}" for line in _answers(question))
    feedback = f"\n  ####{_escaped(question.feedback)}" if question.feedback else ""
    return f"{head}::{_escaped(question.name)}::{_escaped(question.stem)} {{{answers}{feedback}\n}}\n"


def _tag(text: str) -> str:
    return " ".join(text.split()).replace("[", "(").replace("]", "\\]")


def _escaped(text: str) -> str:
    return "".join("\\n" if c == "\n" else f"\\{c}" if c in SPECIAL else c for c in text)


def _answers(question: CommonQuestion) -> Iterator[str]:
    if question.kind == "true_false":
        yield _truth(question.answers)
    elif question.kind == "number":
        yield "#"
        yield from (_numeric(one) for one in question.answers)
    elif question.kind in ("matching", "order"):
        yield from (f"={_escaped(one.text)} -> {_escaped(one.match)}" for one in question.answers)
    elif question.kind == "text":
        yield from (f"={'' if one.is_right else '%0%'}{_with_feedback(one)}" for one in question.answers)
    elif question.kind == "choice":
        yield from (f"{'=' if one.is_right else '~'}{_with_feedback(one)}" for one in question.answers)
    else:
        yield from (f"~%{decimal_text(round(100 * one.fraction, 5))}%{_with_feedback(one)}" for one in question.answers)


def _with_feedback(answer: CommonAnswer) -> str:
    return f"{_escaped(answer.text)}{f'#{_escaped(answer.feedback)}' if answer.feedback else ''}"


def _numeric(answer: CommonAnswer) -> str:
    weight = "" if answer.is_right else "%0%"
    feedback = f"#{_escaped(answer.feedback)}" if answer.feedback else ""
    return f"={weight}{answer.text}:{decimal_text(answer.tolerance or ZERO)}{feedback}"


def _truth(answers: Sequence[CommonAnswer]) -> str:
    right = next(one for one in answers if one.is_right)
    wrong = next(one for one in answers if not one.is_right)
    return f"{right.text.upper()}{f'#{_escaped(wrong.feedback)}' if wrong.feedback else ''}"


@dataclass(frozen=True)
class _Block:
    """The lines of one question as one text, the line where it begins, and what the comments and category say."""

    line: int
    text: str
    comments: str
    category: str


def load(data: bytes) -> tuple[list[CommonQuestion], list[Remark]]:
    """The questions of a GIFT file, and what in it is none."""
    questions: list[CommonQuestion] = []
    remarks: list[Remark] = []
    for block in _blocks(decode(data)):
        made = _question(block)
        if isinstance(made, str):
            remarks.append(Remark(f"line {block.line}", made))
        else:
            questions.append(made)
    return questions, remarks


def _blocks(text: str) -> Iterator[_Block]:
    """The questions, which blank lines part; a blank line inside braces parts nothing, unless a new one begins."""
    category, depth, first = "", 0, 0
    comments: list[str] = []
    lines: list[str] = []
    for number, line in enumerate([*text.translate(_NO_CONTROLS).split("\n"), "", "::"], 1):
        bare = line.strip()
        begins = bare.startswith(("::", "//", "$CATEGORY:"))
        if lines and ((not bare and depth <= 0) or (begins and not lines[-1].strip())):
            yield _Block(first, "\n".join(lines), " ".join(comments), category)
            lines, comments, depth = [], [], 0
        if bare.startswith("//"):
            comments.append(bare)
        elif bare.startswith("$CATEGORY:"):
            category, comments = bare.removeprefix("$CATEGORY:").strip(), []
        elif bare or lines:
            first = first if lines else number
            lines.append(line)
            unescaped = _ESCAPED.sub("", line)
            depth += unescaped.count("{") - unescaped.count("}")


_NO_CONTROLS = {code: None for code in range(32) if chr(code) not in "\n\t"}


def _question(block: _Block) -> CommonQuestion | str:
    """The question; or, in words, why it is none."""
    text = _ESCAPED.sub(lambda found: "\n" if found[1] == "n" else _STAND_INS[found[1]], block.text).strip()
    name = ""
    if text.startswith("::") and (end := text.find("::", 2)) > 0:
        name, text = _plain(text[2:end]), text[end + 2 :].strip()
    start, end = text.find("{"), text.rfind("}")
    if start < 0 and end < 0:
        return "a text without a question is left out"
    if start < 0 or end < start:
        return "a curly bracket { or } without its partner: the question cannot be read"
    markup = _MARKUP.match(text)
    inside, after = text[start + 1 : end], text[end + 1 :].strip()
    before = text[markup.end() if markup else 0 : start].strip()
    stem = f"{before} {GAP} {after}" if after else before
    is_html = bool(markup and markup[1] == "html")
    meta = [(found[1], found[2].replace("\\]", "]")) for found in _META.finditer(block.comments)]
    read = _Reader(inside, is_html)
    kind, answers = read.answers()
    return CommonQuestion(
        kind=kind,
        name=next((value for key, value in meta if key == "id"), name),
        stem=read.text(stem),
        answers=answers,
        feedback=read.feedback,
        topic=_topic(block.category),
        tags=tuple(value for key, value in meta if key == "tag"),
        place=f"line {block.line}",
        remarks=tuple(read.remarks),
        faults=(Remark(f"line {block.line}", f"cannot be carried: {read.fault}"),) if read.fault else (),
    )


def _topic(category: str) -> str:
    return category.rpartition("/")[2].strip()


def _plain(text: str) -> str:
    return text.translate(_BACK).strip()


class _Reader:
    """What stands between the braces of a question."""

    def __init__(self, inside: str, is_html: bool) -> None:
        self.remarks: list[str] = []
        self.fault = ""
        self._is_html = is_html
        body, mark, feedback = inside.partition("####")
        self._body = body.strip()
        self.feedback = self.text(feedback) if mark else ""

    def text(self, raw: str) -> str:
        """The text as it is shown, without its markup."""
        markup = _MARKUP.match(raw)
        text = _plain(raw[markup.end() :] if markup else raw)
        if (markup[1] == "html") if markup else self._is_html:
            text, left_out = text_of_html(text)
            self.remarks += left_out
        return text

    def answers(self) -> tuple[Kind, tuple[CommonAnswer, ...]]:
        """What kind of question it is, and its answers."""
        if truth := _TRUTH.fullmatch(self._body):
            return "true_false", self._truth(truth)
        if self._body.startswith("#"):
            return "number", self._numbers(self._body[1:])
        parts = re.findall(r"([=~])([^=~]*)", self._body)
        if not parts:
            self.fault = "an essay question has no key to mark it by" if not self._body else "it gives no answers"
            return "text", ()
        if all(mark == "=" and "->" in rest for mark, rest in parts):
            return "matching", self._rows(parts)
        answers = tuple(self._answer(mark, rest) for mark, rest in parts)
        if all(mark == "=" for mark, _ in parts):
            return "text", answers
        return ("choice" if any(mark == "=" for mark, _ in parts) else "choices"), answers

    def _answer(self, mark: str, rest: str) -> CommonAnswer:
        weight = _WEIGHT.match(rest)
        text, _, feedback = (rest[weight.end() :] if weight else rest).partition("#")
        fraction = Decimal(weight[1]) / 100 if weight else FULL if mark == "=" else ZERO
        return CommonAnswer(self.text(text), fraction, self.text(feedback))

    def _rows(self, parts: Sequence[tuple[str, str]]) -> tuple[CommonAnswer, ...]:
        rows = [(self.text(text), self.text(match)) for text, _, match in (rest.partition("->") for _, rest in parts)]
        number = sum(1 for text, _ in rows if text)
        return tuple(CommonAnswer(text, ratio(1, number) if text else ZERO, match=match) for text, match in rows)

    def _truth(self, found: re.Match[str]) -> tuple[CommonAnswer, ...]:
        key = found[1].upper().startswith("T")
        wrong, _, right = (found[2] or "").partition("#")
        said = {key: self.text(right), (not key): self.text(wrong)}
        return tuple(CommonAnswer(str(one), FULL if one is key else ZERO, said[one]) for one in (True, False))

    def _numbers(self, body: str) -> tuple[CommonAnswer, ...]:
        parts = re.findall(r"=([^=]*)", body) or [body]
        answers = []
        for part in parts:
            answer = self._answer("=", part.replace("~", " "))
            answers.append(self._measured(answer))
        return tuple(answers)

    def _measured(self, answer: CommonAnswer) -> CommonAnswer:
        """The number with its tolerance: 5:1 or 4..6."""
        found = _NUMBER.fullmatch(answer.text)
        try:
            value, other = Decimal(found[1].strip()), Decimal((found[3] or "0").strip())  # type: ignore[index]
        except (TypeError, InvalidOperation):
            return answer
        if found and found[2] == "..":
            value, other = (value + other) / 2, abs(other - value) / 2
        return CommonAnswer(decimal_text(value), answer.fraction, answer.feedback, tolerance=other)
