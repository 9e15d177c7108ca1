"""QTI packages: versions 2.1 and 3.0 out, 1.2, 2.x and 3.0 in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from quizapp.domain.exchange import Remark, UnreadableFile
from quizapp.domain.marking import FULL
from quizapp.domain.quiz_outline import QuizOutline
from quizapp.formats import qti_1, qti_quiz, qti_reading, xml_tree
from quizapp.formats.common_from_item import decimal_text
from quizapp.formats.common_question import CommonQuestion
from quizapp.formats.package import is_package, pack, unpack
from quizapp.formats.qti_writing import as_version_3, identifier, item
from quizapp.formats.xml_tree import Node, element

MANIFEST = "imsmanifest.xml"
TEST_FILE = "quiz.xml"
LONGEST_NAME = 40


@dataclass(frozen=True)
class _Version:
    """What differs between the versions besides names."""

    item_type: str
    test_type: str
    package: str
    schema: tuple[str, str]
    translate: Callable[[Node], Node]


_CP = "http://www.imsglobal.org/xsd"
TWO = _Version(
    "imsqti_item_xmlv2p1", "imsqti_test_xmlv2p1", f"{_CP}/imscp_v1p1", ("QTIv2.1 Package", "1.0.0"), lambda node: node
)
THREE = _Version(
    "imsqti_item_xmlv3p0", "imsqti_test_xmlv3p0", f"{_CP}/qti/qtiv3p0/imscp_v1p1", ("QTI Package", "3.0.0"),
    as_version_3,
)  # fmt: skip
LOM = f"{_CP}/imsmd_v1p2"


def refusal(_question: CommonQuestion) -> str | None:
    """Why QTI cannot say the question: it can say them all."""
    return None


def dump_2(questions: Iterable[CommonQuestion], outline: QuizOutline | None = None) -> bytes:
    """The questions as a package of version 2.1; with the quiz that sets them, if one is given."""
    return _package(questions, TWO, outline)


def dump_3(questions: Iterable[CommonQuestion], outline: QuizOutline | None = None) -> bytes:
    """The questions as a package of version 3.0; with the quiz that sets them, if one is given."""
    return _package(questions, THREE, outline)


def _package(questions: Iterable[CommonQuestion], version: _Version, outline: QuizOutline | None) -> bytes:
    files: dict[str, bytes] = {}
    names: dict[str, str] = {}
    resources = []
    for question in questions:
        name = names[question.name] = f"items/{question.name}.xml"
        files[name] = xml_tree.write(version.translate(item(question)))
        resources.append(_resource(question, name, version))
    if outline is not None:
        files[TEST_FILE] = xml_tree.write(version.translate(qti_quiz.written(outline.only(names), names)))
        resources.insert(0, _test_resource(resources, version))
    return pack({MANIFEST: xml_tree.write(_manifest(resources, version)), **files})


def _manifest(resources: Iterable[Node], version: _Version) -> Node:
    schema, number = version.schema
    return element(
        "manifest",
        {"xmlns": version.package, "xmlns:imsmd": LOM, "identifier": "MANIFEST-quizapp"},
        element("metadata", None, element("schema", None, schema), element("schemaversion", None, number)),
        element("organizations"),
        element("resources", None, *resources),
    )


def _resource(question: CommonQuestion, name: str, version: _Version) -> Node:
    """Where the item is, and its tags as keywords."""
    marks = () if question.marks == FULL else (f"marks:{decimal_text(question.marks)}",)
    tags = (f"topic:{question.topic}", *question.tags, *marks)
    keywords = (element("imsmd:keyword", None, element("imsmd:langstring", None, tag)) for tag in tags)
    lom = element("imsmd:lom", None, element("imsmd:general", None, *keywords))
    attributes = {"identifier": f"R{identifier(question.name)}", "type": version.item_type, "href": name}
    return element("resource", attributes, element("metadata", None, lom), element("file", {"href": name}))


def _test_resource(questions: Iterable[Node], version: _Version) -> Node:
    """Where the quiz is, and what it needs."""
    needs = [element("dependency", {"identifierref": one.get("identifier")}) for one in questions]
    attributes = {"identifier": "R-quiz", "type": version.test_type, "href": TEST_FILE}
    return element("resource", attributes, element("file", {"href": TEST_FILE}), *needs)


# --- in


def load(data: bytes) -> tuple[list[CommonQuestion], list[Remark]]:
    """The questions of a package, or of a single XML file, of any version."""
    return read(data)[:2]


def read(data: bytes) -> tuple[list[CommonQuestion], list[Remark], QuizOutline | None]:
    """The same with the quiz that the package holds; it names each question by its place in the list, from 0."""
    files = unpack(data, (".xml", ".qti")) if is_package(data) else {"": data}
    manifest = next((name for name in files if name.rpartition("/")[2] == MANIFEST), None)
    tags = _tags(xml_tree.parse(files.pop(manifest), manifest), manifest) if manifest is not None else {}
    questions: list[CommonQuestion] = []
    tests: dict[str, Node] = {}
    places: dict[str, str] = {}
    for name in _in_order(files, tags):
        root = xml_tree.parse(files[name], name)
        if root.tag in qti_quiz.TESTS:
            tests[name] = root
        found = list(_questions(name, root, tags.get(name, [])))
        places |= {name: str(len(questions))} if found else {}
        questions += found
    if not questions:
        raise UnreadableFile("This is no QTI: there is no assessment item in it.")
    remarks = [Remark(name, "a further test of the package is left out") for name in list(tests)[1:]]
    outlines = [qti_quiz.outline(root, name, places) for name, root in tests.items()]
    return questions, remarks, outlines[0] if outlines and outlines[0].sections else None


def _in_order(files: Mapping[str, bytes], tags: Mapping[str, list[str]]) -> list[str]:
    """The names of the files, those of the manifest first, in its order."""
    return [*(name for name in tags if name in files), *(name for name in files if name not in tags)]


def _tags(manifest: Node, name: str) -> dict[str, list[str]]:
    """File → the keywords that the manifest gives it."""
    folder = name.rpartition("/")[0]
    found = {}
    for resource in manifest.every("resource"):
        words = [" ".join(one.text.split()) for one in resource.every("keyword")]
        href = resource.get("href") or next((one.get("href") for one in resource.all("file")), "")
        found[f"{folder}/{href}" if folder else href] = [word for word in words if word]
    return found


def _questions(name: str, root: Node, tags: list[str]) -> Iterator[CommonQuestion]:
    if root.tag == "questestinterop":
        yield from qti_1.questions(root, _short(name))
        return
    named = root if root.tag in _ITEMS else None
    for node in [named] if named else list(root.every(*_ITEMS)):
        yield qti_reading.question(qti_reading.camel(node), _short(name), tags)


def _short(name: str) -> str:
    """The name of a file within the package, short enough to be read in a message."""
    last = name.rpartition("/")[2]
    return last if len(last) <= LONGEST_NAME else f"…{last[-LONGEST_NAME:]}"


_ITEMS = ("assessmentItem", "qti-assessment-item")
