"""A whole quiz as a QTI package: what is said comes back, what is not is reported, and others can read it."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.exchange import Arrivals, Defaults
from quizapp.domain.item import Item
from quizapp.domain.items import build
from quizapp.domain.quiz import Quiz
from quizapp.domain.quiz_outline import QuizOutline, outline
from quizapp.formats import registry, xml_tree
from quizapp.formats.evidence_lines import Links
from tests import small_bank

BANK: dict[str, Item] = {item.id: item for item in (build(small_bank.a_choice(number)) for number in range(1, 9))}
LINKS = Links("https://quiz.example")
DEFAULTS = Defaults("elsewhere")
SECTIONS = [
    {"title": "First", "items": ["choice-3", "choice-1"], "points": {"choice-1": "2.5"}},
    {"items": ["choice-2"]},
    {"title": "Drawn", "draw": 2, "from": {"difficulty": [1, 3]}},
]


def a_quiz(**changes: Any) -> Quiz:
    return Quiz.model_validate({"id": "tides-9", "title": "Tides & winds", "sections": SECTIONS, **changes})


def there_and_back(quiz: Quiz, name: str) -> tuple[QuizOutline, Arrivals]:
    sent = outline(quiz, BANK)
    back = registry.read(name, registry.written(name, list(BANK.values()), LINKS, sent), DEFAULTS)
    return sent, back


@pytest.mark.parametrize("name", ["qti2", "qti3"])
def test_sections_order_points_time_and_direction_come_back(name: str):
    quiz = a_quiz(mode="test", time_limit="20 min", navigation="one_way", description="Read <first>.",
                  shuffle={"items": True})  # fmt: skip
    sent, back = there_and_back(quiz, name)
    assert back.outline is not None
    assert (back.outline.title, back.outline.seconds) == ("Tides & winds", 1200)
    assert back.outline.description == "Read <first>."
    assert (back.outline.is_one_way, back.outline.is_practice) == (True, False)
    assert [one.title for one in back.outline.sections] == ["First", "", "Drawn"]
    assert [one.questions for one in back.outline.sections] == [one.questions for one in sent.sections]
    assert back.outline.sections[0].points == {"choice-1": Decimal("2.5")}
    assert back.outline.sections[2].draw == 2
    assert all(one.is_shuffled for one in back.outline.sections)
    assert {item.id for item in back.items} == set(BANK)


@pytest.mark.parametrize("name", ["qti2", "qti3"])
def test_a_package_without_a_quiz_is_as_it_was(name: str):
    data = registry.written(name, list(BANK.values()), LINKS)
    assert registry.read(name, data, DEFAULTS).outline is None
    assert "quiz.xml" not in zipfile.ZipFile(io.BytesIO(data)).namelist()


def test_what_a_package_cannot_say_of_a_quiz_is_in_the_report():
    quiz = a_quiz(password="tide", attempts=2, wait="1 d", pass_mark="60", access="class", shuffle={"options": False})
    report = registry.write("qti3", list(BANK.values()), LINKS, outline(quiz, BANK))
    said = " ".join(str(one) for one in report.lost)
    for words in ("the password", "how many attempts", "the wait", "passed", "for classes", "random draw", "options"):
        assert words in said
    assert b"tide<" not in zipfile.ZipFile(io.BytesIO(report.data)).read("quiz.xml")
    of_gift = registry.write("gift", list(BANK.values()), LINKS, outline(quiz, BANK))
    assert all(one.place in BANK for one in of_gift.lost)


def test_the_manifest_names_the_quiz_and_what_it_needs():
    data = registry.written("qti2", list(BANK.values()), LINKS, outline(a_quiz(), BANK))
    manifest = xml_tree.parse(zipfile.ZipFile(io.BytesIO(data)).read("imsmanifest.xml"))
    first = next(manifest.every("resource"))
    assert (first.get("type"), first.get("href")) == ("imsqti_test_xmlv2p1", "quiz.xml")
    named = {one.get("identifier") for one in manifest.every("resource")}
    assert {one.get("identifierref") for one in first.all("dependency")} == named - {"R-quiz"}


@given(st.permutations(sorted(BANK)), st.integers(1, 7), st.booleans())
def test_any_order_comes_back(order: list[str], cut: int, one_way: bool):
    sections = [{"items": order[:cut]}, {"items": order[cut:]}]
    quiz = a_quiz(sections=sections, navigation="one_way" if one_way else "free")
    _, back = there_and_back(quiz, "qti3")
    assert back.outline is not None
    assert [list(one.questions) for one in back.outline.sections] == [order[:cut], order[cut:]]
    assert back.outline.is_one_way == one_way


def package(test_xml: str) -> bytes:
    """A package of ours, with this in place of its quiz."""
    data = registry.written("qti2", list(BANK.values()), LINKS, outline(a_quiz(), BANK))
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, test_xml if name == "quiz.xml" else old.read(name))
    return stream.getvalue()


SECTION = '<assessmentSection identifier="s" title="S" visible="true">{}</assessmentSection>'
PART = f'<testPart identifier="p">{SECTION}</testPart>'
REF = '<assessmentItemRef identifier="a{0}" href="items/choice-{0}.xml"><weight value="{1}"/></assessmentItemRef>'


@pytest.mark.parametrize(
    "inside",
    [
        "",
        '<assessmentItemRef identifier="a" href="../../etc/passwd"/>',
        '<assessmentItemRef identifier="a" href="items/nowhere.xml"/>',
        '<selection select="-5"/><assessmentItemRef identifier="a" href="nowhere.xml"/>',
    ],
)
def test_a_quiz_without_any_question_of_the_package_is_none(inside: str):
    xml = f'<assessmentTest identifier="t" title="T">{PART.format(inside)}</assessmentTest>'
    assert registry.read("qti2", package(xml), DEFAULTS).outline is None


def test_nonsense_in_numbers_says_nothing_and_nested_sections_come_one_after_the_other():
    inner = SECTION.format(REF.format(2, "NaN"))
    inside = f'<selection select="many"/>{REF.format(1, "-1")}{inner}'
    xml = f'<assessmentTest identifier="t" title="T"><timeLimits maxTime="1e9"/>{PART.format(inside)}</assessmentTest>'
    found = registry.read("qti2", package(xml), DEFAULTS).outline
    assert found is not None
    assert [one.questions for one in found.sections] == [("choice-1",), ("choice-2",)]
    assert (found.seconds, found.sections[0].draw, found.sections[0].points) == (None, None, {})


def test_somebody_elses_converter_makes_the_same_quiz_of_the_other_version(tmp_path: Path):
    sent = outline(a_quiz(navigation="one_way", time_limit="20 min"), BANK)
    (tmp_path / "ours.zip").write_bytes(registry.written("qti2", list(BANK.values()), LINKS, sent))
    command = [sys.executable, "-m", "qti_convert.cli", "upgrade", "ours.zip", "theirs.zip"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()[-500:]
    back = registry.read("qti3", (tmp_path / "theirs.zip").read_bytes(), DEFAULTS).outline
    assert back is not None
    assert [one.questions for one in back.sections] == [one.questions for one in sent.sections]
    assert (back.seconds, back.is_one_way, back.sections[2].draw) == (1200, True, 2)
