"""Moodle XML: https://docs.moodle.org/en/Moodle_XML_format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation

from quizapp.domain.exchange import Remark, UnreadableFile
from quizapp.domain.marking import FULL, ZERO, ratio
from quizapp.formats import xml_tree
from quizapp.formats.common_from_item import decimal_text
from quizapp.formats.common_question import CommonAnswer, CommonQuestion, Kind, tag_values
from quizapp.formats.html_text import html_of_text, text_of_html
from quizapp.formats.xml_tree import Node, element

NAMES: dict[Kind, str] = {
    "choice": "multichoice", "choices": "multichoice", "true_false": "truefalse", "text": "shortanswer",
    "number": "numerical", "matching": "matching", "order": "ordering",
}  # fmt: skip
GRADING = {"all_or_nothing": "ALL_OR_NOTHING", "adjacent_pairs": "RELATIVE_NEXT_EXCLUDE_LAST"}
GRADING_OF_ALL_PAIRS = "RELATIVE_ALL_PREVIOUS_AND_NEXT"
PLAIN = {"moodle_auto_format", "plain_text", "markdown"}


def refusal(question: CommonQuestion) -> str | None:
    """Why Moodle cannot say the question; None where it can."""
    return "Moodle has no question in two parts" if question.first else None


# --- out


def dump(questions: Iterable[CommonQuestion]) -> bytes:
    """The questions as Moodle XML, each topic a category."""
    quiz = element("quiz")
    topic = None
    for question in questions:
        if question.topic != topic:
            topic = question.topic
            category = element("category", None, _text(f"$course$/top/{topic}"))
            quiz.children.append(element("question", {"type": "category"}, category))
        quiz.children.append(_question_out(question))
    return xml_tree.write(quiz)


def _question_out(question: CommonQuestion) -> Node:
    ranks = [one.match for one in question.answers]
    ties = question.kind == "order" and len(set(ranks)) < len(ranks)
    kind: Kind = "matching" if ties else question.kind
    return element(
        "question",
        {"type": NAMES[kind]},
        element("name", None, _text(question.name)),
        _html("questiontext", question.stem),
        _html("generalfeedback", question.feedback),
        element("defaultgrade", None, decimal_text(question.marks)),
        element("penalty", None, "0"),
        element("hidden", None, "0"),
        element("idnumber", None, question.name),
        *_BODIES[kind](question),
        element("tags", None, *(element("tag", None, _text(tag)) for tag in question.tags)),
    )


def _text(text: str) -> Node:
    return element("text", None, text)


def _html(tag: str, text: str) -> Node:
    return element(tag, {"format": "html"}, _text(html_of_text(text)))


def _choice_body(question: CommonQuestion) -> Iterator[Node]:
    yield element("single", None, "true" if question.kind == "choice" else "false")
    yield element("shuffleanswers", None, "true")
    yield element("answernumbering", None, "abc")
    for one in question.answers:
        attributes = {"fraction": decimal_text(round(100 * one.fraction, 5)), "format": "html"}
        yield element("answer", attributes, _text(html_of_text(one.text)), _html("feedback", one.feedback))


def _plain_body(question: CommonQuestion) -> Iterator[Node]:
    """Answers that are typed, or true and false: their texts are no HTML."""
    if question.kind == "text":
        yield element("usecase", None, "0")
    for one in question.answers:
        text = one.text.lower() if question.kind == "true_false" else one.text
        attributes = {"fraction": decimal_text(round(100 * one.fraction, 5)), "format": "moodle_auto_format"}
        tolerance = [element("tolerance", None, decimal_text(one.tolerance))] if one.tolerance is not None else []
        yield element("answer", attributes, _text(text), _html("feedback", one.feedback), *tolerance)


def _matching_body(question: CommonQuestion) -> Iterator[Node]:
    yield element("shuffleanswers", None, "true")
    for one in question.answers:
        answer = element("answer", None, _text(one.match))
        yield element("subquestion", {"format": "html"}, _text(html_of_text(one.text)), answer)


def _order_body(question: CommonQuestion) -> Iterator[Node]:
    credit = next(iter(tag_values(question.tags, "credit")), "")
    said = {"layouttype": "VERTICAL", "selecttype": "ALL", "selectcount": "0"}
    said |= {"gradingtype": GRADING.get(credit, GRADING_OF_ALL_PAIRS), "showgrading": "SHOW"}
    yield from (element(name, None, value) for name, value in said.items())
    for i, one in enumerate(question.answers, 1):
        yield element("answer", {"fraction": str(i), "format": "html"}, _text(html_of_text(one.text)))


_BODIES: dict[Kind, Callable[[CommonQuestion], Iterator[Node]]] = {
    "choice": _choice_body,
    "choices": _choice_body,
    "true_false": _plain_body,
    "text": _plain_body,
    "number": _plain_body,
    "matching": _matching_body,
    "order": _order_body,
}

# --- in


def load(data: bytes) -> tuple[list[CommonQuestion], list[Remark]]:
    """The questions of a Moodle XML file, and what in it is none."""
    root = xml_tree.parse(data)
    if root.tag != "quiz":
        raise UnreadableFile(f"This is not Moodle XML: it begins with <{root.tag[:40]}>, not with <quiz>.")
    questions: list[CommonQuestion] = []
    remarks: list[Remark] = []
    category = ""
    for node in root.all("question"):
        if node.get("type") == "category":
            category = node.text_at("category", "text").rpartition("/")[2].strip()
        elif node.get("type") == "description":
            remarks.append(Remark(f"line {node.line}", "a text without a question is left out"))
        else:
            questions.append(_Reader(node).question(category))
    return questions, remarks


class _Reader:
    """One question of the file."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._remarks: list[str] = []
        self._place = f"line {node.line}"

    def question(self, category: str) -> CommonQuestion:
        """The question, with the reason why it cannot come in where it cannot."""
        node = self._node
        kind, answers, faults = self._body()
        marks = _decimal(node.text_at("defaultgrade")) or FULL
        return CommonQuestion(
            kind=kind,
            name=node.text_at("idnumber") or node.text_at("name", "text"),
            stem="\n".join([self._said("questiontext"), *self._below()]),
            answers=answers,
            feedback=self._said("generalfeedback"),
            topic=category,
            tags=tuple(tag.text_at("text") for tags in node.all("tags") for tag in tags.all("tag")),
            marks=marks if 0 < marks <= 100 else FULL,
            place=self._place,
            remarks=tuple(self._remarks),
            faults=faults,
        )

    def _said(self, *way: str) -> str:
        node = self._node.first(*way)
        return self._shown(node) if node else ""

    def _shown(self, node: Node) -> str:
        """The text of an element in the markup that it names."""
        text = node.text_at("text")
        if node.get("format", "html") in PLAIN:
            return text
        shown, left_out = text_of_html(text)
        self._remarks += left_out
        return shown

    def _below(self) -> list[str]:
        """What stands below the stem: a hint, the unit."""
        hints = [self._shown(one) for one in self._node.all("hint")]
        units = [one.text_at("unit_name") for unit in self._node.all("units") for one in unit.all("unit")]
        if len(hints) > 1 or len(units) > 1:
            self._remarks.append("only the first of its hints and units is taken")
        found = [("Hint", hints), ("Unit", units)]
        return (
            ["", *(f"{name}: {listed[0]}" for name, listed in found if listed and listed[0])] if hints or units else []
        )

    def _body(self) -> tuple[Kind, tuple[CommonAnswer, ...], tuple[Remark, ...]]:
        """What kind of question it is and its answers."""
        name = self._node.get("type")
        if name == "multichoice":
            is_single = self._node.text_at("single").casefold() in ("true", "1", "")
            return ("choice" if is_single else "choices"), self._answers(), ()
        if name == "truefalse":
            return "true_false", self._answers(), ()
        if name in ("shortanswer", "numerical"):
            if self._node.text_at("usecase") == "1":
                self._remarks.append("capital and small letters count there; here they never do")
            return ("text" if name == "shortanswer" else "number"), self._answers(is_plain=True), ()
        if name == "matching":
            return "matching", self._rows(), ()
        if name == "ordering":
            return "order", self._answers(), ()
        return "text", (), (Remark(self._place, f"questions of Moodle’s type «{name[:40]}» cannot be carried"),)

    def _answers(self, *, is_plain: bool = False) -> tuple[CommonAnswer, ...]:
        return tuple(
            CommonAnswer(
                text=node.text_at("text") if is_plain else self._shown(node),
                fraction=(_decimal(node.get("fraction")) or ZERO) / 100,
                feedback=self._shown(feedback) if (feedback := node.first("feedback")) else "",
                tolerance=_decimal(node.text_at("tolerance")),
            )
            for node in self._node.all("answer")
        )

    def _rows(self) -> tuple[CommonAnswer, ...]:
        rows = [(self._shown(node), node.text_at("answer", "text")) for node in self._node.all("subquestion")]
        number = sum(1 for text, _ in rows if text)
        return tuple(CommonAnswer(text, ratio(1, number) if text else ZERO, match=match) for text, match in rows)


def _decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text.strip()) if len(text) < 40 else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() and abs(value) < Decimal(10) ** 15 else None
