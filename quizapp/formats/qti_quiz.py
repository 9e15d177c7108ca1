"""A quiz as a QTI assessment test, in the names of version 2, and back."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

from quizapp.domain.quiz_outline import OutlineSection, QuizOutline
from quizapp.formats.common_from_item import decimal_text
from quizapp.formats.qti_reading import camel
from quizapp.formats.qti_writing import SCHEMA_2, identifier
from quizapp.formats.xml_tree import Node, element

TEST = "assessmentTest"
TESTS = (TEST, "qti-assessment-test")
LONGEST_TIME = 10 * 24 * 3600
MOST_POINTS = 100


def written(quiz: QuizOutline, files: Mapping[str, str]) -> Node:
    """The quiz as an assessment test; ``files`` says where each question is."""
    sections = [_section(number, one, files) for number, one in enumerate(quiz.sections, start=1)]
    limit = [element("timeLimits", {"maxTime": str(quiz.seconds)})] if quiz.seconds else []
    part = {"identifier": "part-1", "navigationMode": "linear" if quiz.is_one_way else "nonlinear"}
    part |= {"submissionMode": "individual" if quiz.is_practice else "simultaneous"}
    control = element("itemSessionControl", {"showFeedback": "true" if quiz.is_practice else "false"})
    return element(
        TEST,
        {"xmlns": SCHEMA_2, "identifier": identifier(quiz.name), "title": quiz.title},
        element(
            "outcomeDeclaration", {"identifier": "SCORE", "cardinality": "single", "baseType": "float"},
            element("defaultValue", None, element("value", None, "0")),
        ),
        *limit,
        element("testPart", part, control, *_described(quiz, sections)),
        element("outcomeProcessing", None, element("setOutcomeValue", {"identifier": "SCORE"}, _sum())),
    )  # fmt: skip


def _described(quiz: QuizOutline, sections: list[Node]) -> list[Node]:
    """The sections, the first with what the quiz is about; that stands before the questions."""
    if quiz.description and sections:
        rubric = element("rubricBlock", {"view": "candidate"}, element("p", None, quiz.description))
        questions = [one for one in sections[0].children if isinstance(one, Node) and one.tag == "assessmentItemRef"]
        before = [one for one in sections[0].children if one not in questions]
        sections[0].children = [*before, rubric, *questions]
    return sections


def _sum() -> Node:
    return element("sum", None, element("testVariables", {"variableIdentifier": "SCORE", "weightIdentifier": "POINTS"}))


def _section(number: int, section: OutlineSection, files: Mapping[str, str]) -> Node:
    selection = [element("selection", {"select": str(section.draw)})] if section.draw else []
    ordering = [element("ordering", {"shuffle": "true"})] if section.is_shuffled or section.draw else []
    refs = [_ref(number, one, files[one], section.points.get(one)) for one in section.questions]
    title = section.title or f"Section {number}"
    attributes = {"identifier": f"section-{number}", "title": title, "visible": "true" if section.title else "false"}
    return element("assessmentSection", attributes, *selection, *ordering, *refs)


def _ref(number: int, name: str, file: str, points: Decimal | None) -> Node:
    weight = [element("weight", {"identifier": "POINTS", "value": decimal_text(points)})] if points is not None else []
    return element("assessmentItemRef", {"identifier": f"s{number}-{name}", "href": file}, *weight)


# --- in


def outline(root: Node, place: str, names: Mapping[str, str]) -> QuizOutline:
    """The quiz that an assessment test says. ``place``: its file; ``names``: the questions' names by their files."""
    tree = camel(root)
    parts = tree.all("testPart")
    first = parts[0] if parts else Node("testPart")
    remarks: list[str] = []
    sections = [
        one for part in parts for node in part.all("assessmentSection") for one in _read(node, place, names, remarks)
    ]
    control = first.first("itemSessionControl")
    rubric = next(tree.every("rubricBlock"), None)
    if any(tree.every("preCondition", "branchRule")):
        remarks.append("conditions on which questions are asked are left out")
    if any(tree.every("assessmentSectionRef")):
        remarks.append("sections that stand in files of their own are left out")
    return QuizOutline(
        name=tree.get("identifier").removeprefix("_"),
        title=" ".join(tree.get("title").split())[:200],
        sections=tuple(one for one in sections if one.questions),
        seconds=_seconds(tree) or _seconds(first),
        is_practice=control is not None and control.get("showFeedback") == "true",
        is_one_way=first.get("navigationMode") == "linear",
        description=" ".join(rubric.text.split())[:1000] if rubric else "",
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _read(node: Node, place: str, names: Mapping[str, str], remarks: list[str]) -> Iterator[OutlineSection]:
    """The section and those in it, one after the other."""
    refs = [(_target(place, one.get("href")), one) for one in node.all("assessmentItemRef")]
    missing = sum(target not in names for target, _ in refs)
    if missing:
        remarks.append(f"{missing} questions that it names are not in the package")
    known = {names[target]: one for target, one in refs if target in names}
    selection, ordering = node.first("selection"), node.first("ordering")
    yield OutlineSection(
        title=" ".join(node.get("title").split())[:200] if node.get("visible") != "false" else "",
        questions=tuple(known),
        draw=_whole(selection.get("select")) if selection else None,
        is_shuffled=ordering is not None and ordering.get("shuffle") == "true",
        points={name: points for name, one in known.items() if (points := _points(one)) is not None},
    )
    for inner in node.all("assessmentSection"):
        yield from _read(inner, place, names, remarks)


def _target(place: str, href: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(place), href))


def _points(ref: Node) -> Decimal | None:
    weight = ref.first("weight")
    try:
        value = Decimal(weight.get("value")) if weight else None
    except InvalidOperation:
        return None
    return value if value is not None and value.is_finite() and 0 < value <= MOST_POINTS else None


def _seconds(node: Node) -> int | None:
    limits = node.first("timeLimits")
    return _whole(limits.get("maxTime").partition(".")[0]) if limits else None


def _whole(text: str) -> int | None:
    return (
        int(text) if text.isascii() and text.isdecimal() and len(text) < 8 and 0 < int(text) <= LONGEST_TIME else None
    )
