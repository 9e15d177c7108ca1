"""What we export, read by programs that we did not write; and what such programs write, read by us."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from quizapp.domain.exchange import Defaults, losses
from quizapp.domain.item import Item
from quizapp.domain.items import ITEM_TYPES, build, entry
from quizapp.formats import registry
from quizapp.formats.evidence_lines import Links
from tests import readers
from tests.builders import an_item

SAMPLES = Path(__file__).parent / "samples"
KIND_IN_GIFT = {
    "single_choice": "MC", "multiple_choice": "MC", "true_false": "TF", "short_answer": "Short", "date": "Short",
    "numerical": "Numerical", "ordering": "Matching", "matching": "Matching", "corroboration": "Matching",
}  # fmt: skip
TRICKY = "Is 1 = 1 {or} ~2~ # 50% : “quoted” \\ > https://a.example/?b=c#d"


def read_by_gift_pegjs(items: list[Item]) -> list[dict[str, Any]]:
    """The questions that gift-pegjs finds in our GIFT."""
    readers.module("gift-pegjs")
    data = registry.written("gift", items, Links())
    done = subprocess.run(
        ["node", str(readers.FOLDER / "gift.js")], input=data, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr.decode()[:500]
    return [one for one in json.loads(done.stdout) if one["type"] != "Category"]


@pytest.mark.parametrize("item_type", list(KIND_IN_GIFT))
def test_gift_pegjs_reads_every_type_that_gift_can_say(item_type: str) -> None:
    item = an_item(item_type)
    (found,) = read_by_gift_pegjs([item])
    assert found["type"] == KIND_IN_GIFT[item_type]
    assert (found["id"], found["title"]) == (item.id, item.id)
    assert found["stem"]["text"].startswith(item.stem)
    assert f"skill:{item.skill}" in found["tags"]
    feedback = found["globalFeedback"]["text"]
    assert feedback.startswith(item.explanation)
    assert "/sources/almanac/calendars" in feedback


def test_gift_pegjs_finds_the_right_answers_and_the_feedback_of_the_wrong() -> None:
    item = an_item("single_choice")
    (found,) = read_by_gift_pegjs([item])
    assert [one["isCorrect"] for one in found["choices"]] == [True, False, False, False]
    assert [one["text"]["text"] for one in found["choices"]] == [one.text for one in item.options]  # type: ignore[attr-defined]
    assert "an inch an hour" in found["choices"][1]["feedback"]["text"]
    (several,) = read_by_gift_pegjs([an_item("multiple_choice")])
    weights = [one["weight"] for one in several["choices"]]
    assert weights == [-33.33333, 33.33333, -33.33333, 33.33333, 33.33333, -33.33333]


def test_gift_pegjs_reads_every_sign_that_gift_uses_itself() -> None:
    options = [{"id": "a", "text": f"Yes. {TRICKY}", "correct": True}, {"id": "b", "text": f"No. {TRICKY}"}]
    item = build({**entry(an_item("single_choice")), "stem": TRICKY, "options": options, "explanation": TRICKY})
    (found,) = read_by_gift_pegjs([item])
    assert found["stem"]["text"] == TRICKY
    assert [one["text"]["text"] for one in found["choices"]] == [f"Yes. {TRICKY}", f"No. {TRICKY}"]


def test_openpyxl_reads_the_workbook_as_text_and_finds_no_formula() -> None:
    options = [{"id": "a", "text": "=1+1", "correct": True}, {"id": "b", "text": "-5", "feedback": "@a"}]
    item = build({**entry(an_item("single_choice")), "options": options})
    book = openpyxl.load_workbook(io.BytesIO(registry.written("xlsx", [item], Links())))
    assert book.sheetnames == ["Questions", "How to"]
    cells = {cell.value: cell.data_type for row in book["Questions"].iter_rows() for cell in row if cell.value}
    assert cells["=1+1"] == cells["-5"] == cells["@a"] == "s"
    assert "f" not in cells.values()


@pytest.mark.parametrize(("name", "way", "other"), [("qti2", "upgrade", "qti3"), ("qti3", "downgrade", "qti2")])
def test_qti_convert_turns_our_packages_into_the_other_version_without_loss(
    name: str, way: str, other: str, tmp_path: Path
) -> None:
    items = [an_item(item_type) for item_type in ITEM_TYPES]
    (tmp_path / "ours.zip").write_bytes(registry.written(name, items, Links()))
    command = [sys.executable, "-m", "qti_convert.cli", way, "ours.zip", "theirs.zip"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()[-500:]
    back = registry.read(other, (tmp_path / "theirs.zip").read_bytes(), Defaults("somewhere-else", 5, "change"))
    assert list(losses(items, back.items)) == []


# --- files of others

CLOCKS: dict[str, Any] = {
    "mc": {"type": "single_choice", "options": ["A sundial", "A candle", "An hourglass"], "right": [0]},
    "ma": {"type": "multiple_choice", "options": ["A water clock", "An hourglass", "A sundial"], "right": [0, 1]},
    "fib": {"type": "short_answer", "answers": ("Pope Gregory", "Gregorius")},
    "num": {"type": "numerical", "key": (Decimal(1500), Decimal(50))},
    "match": {"type": "matching", "pairs": [("Sundial", "Sun"), ("Water clock", "Water"), ("Hourglass", "Sand")]},
    "order": {"type": "ordering", "options": ["Sundial", "Water clock", "Pendulum clock"]},
}


def the_only_item(path: Path, name: str) -> Item:
    found = registry.read(name, path.read_bytes(), Defaults("clocks"))
    assert [str(one) for question in found.questions for one in question.problems] == []
    (item,) = found.items
    return item


def says(item: Any, expected: dict[str, Any]) -> None:
    """Whether the item is what the program was told to write."""
    assert item.type == expected["type"]
    if "right" in expected:
        assert [one.text for one in item.options] == expected["options"]
        assert [i for i, one in enumerate(item.options) if one.correct] == expected["right"]
    elif "options" in expected:
        assert [one.text for one in item.options] == expected["options"]
    if "answers" in expected:
        assert item.answers() == expected["answers"]
    if "key" in expected:
        assert (item.key.value, item.key.tolerance) == expected["key"]
    if "pairs" in expected:
        assert [(one.text, one.match) for one in item.options] == expected["pairs"]


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*_v*.zip")), ids=lambda path: path.stem)
def test_what_qti_package_maker_writes_is_read_without_loss(path: Path) -> None:
    says(the_only_item(path, "qti2"), CLOCKS[path.stem.rpartition("-")[2]])


def test_the_aiken_of_qti_package_maker_is_read() -> None:
    says(the_only_item(SAMPLES / "moodle_aiken-mc.txt", "aiken"), CLOCKS["mc"])


def test_what_text2qti_writes_is_read_without_loss_but_for_the_essay() -> None:
    found = registry.read("qti2", (SAMPLES / "text2qti.zip").read_bytes(), Defaults("clocks"))
    items: list[Any] = list(found.items)
    for item, name in zip((items[0], items[1], items[3], items[4]), ("mc", "ma", "fib", "num"), strict=True):
        says(item, CLOCKS[name])
    assert (items[2].type, items[2].key) == ("true_false", True)
    assert [one.feedback for one in items[0].options] == ["It needs no fuel.", "It burns down.", None]
    assert items[0].explanation.endswith("The almanac says so.")
    (essay,) = [one for one in found.questions if one.item is None]
    assert "essay" in str(essay.problems[0])


def test_no_type_is_forgotten() -> None:
    assert set(KIND_IN_GIFT) | {"evidence"} == set(ITEM_TYPES)
