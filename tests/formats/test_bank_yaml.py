"""Every mistake of the bank's files is told with its file, line and column, in words for a teacher."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.services import checking
from quizapp.services.checking import Report
from tests import own_bank
from tests.bank_mistakes import Spoilt, trap
from tests.mistakes_beyond_schema import BEYOND_SCHEMA
from tests.mistakes_of_shape import OF_SHAPE


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that the test works in, so that files are called by their short names."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def check(folder: Path, files: dict[str, str] | None = None) -> Report:
    folders = own_bank.write(folder, files)
    return checking.check_folders(folders.bank, folders.seeds, folders.documents)


def test_a_good_bank_is_well_and_verified(folder: Path) -> None:
    report = check(folder)
    assert [str(one) for one in report.mistakes] == []
    assert report.is_verified
    assert {item.thing.type for item in report.files.items} == {
        "date", "single_choice", "multiple_choice", "true_false", "short_answer"
    }  # fmt: skip


@pytest.mark.parametrize("spoilt", [*OF_SHAPE, *BEYOND_SCHEMA], ids=lambda one: one.name)
def test_each_mistake_is_told_where_it_stands(folder: Path, spoilt: Spoilt) -> None:
    file, line, column = spoilt.place()
    told = [str(one) for one in check(folder, spoilt.files()).mistakes]
    expected = f"{file}:{line}:{column}: {spoilt.message}"
    assert (expected in told) if spoilt.has_consequences else (told == [expected])


def test_all_mistakes_of_all_files_are_told_at_once(folder: Path) -> None:
    files = own_bank.good_files()
    for spoilt in (OF_SHAPE[0], OF_SHAPE[5]):
        files[spoilt.file] = files[spoilt.file].replace(spoilt.old, spoilt.new.replace("⟦", ""), 1)
    files["question_bank/quizzes.yaml"] = files["question_bank/quizzes.yaml"].replace("mode: practice", "mode: No")
    files["seeds/disputes.yaml"] = own_bank.DISPUTES.replace("    question:", "\t   question:")
    files["seeds/empty.yaml"] = ""
    told = [str(one) for one in check(folder, files).mistakes]
    expected = [
        "question_bank/clocks.yaml:15:5: unknown field «explanaton»; did you mean «explanation»?",
        "question_bank/clocks.yaml:69:17: should be at most 5, not «9»",
        f"question_bank/quizzes.yaml:4:11: {trap('No', 'a truth value')}",
        "seeds/disputes.yaml:3:1: a tab; use spaces",
        "seeds/empty.yaml:1:1: the file is empty",
    ]
    assert told == expected


def test_a_file_that_would_be_passed_over_is_told(folder: Path) -> None:
    told = check(folder, {**own_bank.good_files(), "question_bank/more.yml": "topic: more\n"}).mistakes
    assert [str(one) for one in told] == ["question_bank/more.yml:1:1: the file is not read; let its name end in .yaml"]


def test_a_file_that_is_no_utf_8_is_told_where(folder: Path) -> None:
    folders = own_bank.write(folder)
    (folders.bank / "odd.yaml").write_bytes(b"topic: odd\ntitle: Caf" + b"\xe9\n")
    report = checking.check_folders(folders.bank, folders.seeds, folders.documents)
    assert [str(one) for one in report.mistakes] == [
        "question_bank/odd.yaml:2:11: this is not UTF-8; save the file as UTF-8"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a list\n", "1:1: a file begins with fields («name: value»), not with a list or a text"),
        ("topic: x\ntitle: [y\n", "3:1: a list in square brackets is not closed, or lacks a comma"),
        ('topic: x\ntitle: "y\n', "3:1: a quotation mark is opened in or before this place and never closed"),
        ("topic: x\ntitle: @y\n", "2:8: text cannot begin with this character; put the text in quotation marks"),
        ("topic: x\ntitle: y\x07\n", "2:9: the character U+0007 may not stand in YAML"),
        ("topic: x\ntitle: y\nitems: []\n", "3:1: give at least 1 here"),
        ("topic: x\ntitle: y\nno: z\nitems: [{}]\n", "3:1: «no» cannot be the name of a field"),
    ],
)
def test_what_is_no_yaml_or_no_file_of_the_bank(folder: Path, text: str, message: str) -> None:
    told = [str(one) for one in check(folder, {**own_bank.good_files(), "question_bank/odd.yaml": text}).mistakes]
    assert f"question_bank/odd.yaml:{message}" in told


def test_quotes_of_a_document_cover_a_third_of_it_at_most(folder: Path) -> None:
    long = ["a visitor wrote that the whole town went by its", "Whom to believe is hard to"]
    long.append("No other book of those years names the keeper at all")
    more = "".join(f'\n      - {{passage: hallow/verdict, quote: "{quote}"}}' for quote in long)
    kept = '      - {passage: hallow/bells, quote: "kept his glass"}'
    told = check(folder, own_bank.edited("question_bank/clocks.yaml", kept, kept + more)).mistakes
    assert [str(one) for one in told] == [
        "seeds/hallow.yaml:1:5: the quotes of this document cover 63 of its 159 words; 53 at most"
    ]


def test_without_the_document_nothing_is_broken_and_nothing_verified(folder: Path) -> None:
    folders = own_bank.write(folder, document=None)
    report = checking.check_folders(folders.bank, folders.seeds, folders.documents)
    assert report.is_well
    assert not report.is_verified
    assert report.unattached == ("hallow",)
    assert report.verifications["item:keeper-glass"].outcome == "unattached"


def test_a_changed_document_is_refused_and_not_read(folder: Path) -> None:
    folders = own_bank.write(folder, document=None)
    (folders.documents / "keeper.txt").write_text(own_bank.DOCUMENT.replace("nine", "ten"), encoding="utf-8")
    report = checking.check_folders(folders.bank, folders.seeds, folders.documents)
    assert not report.is_well
    assert report.unattached == ("hallow",)
    [refusal] = report.refused
    assert own_bank.sha256(own_bank.DOCUMENT) in refusal


def test_plain_numbers_and_truth_values_are_fine_where_they_are_wanted(folder: Path) -> None:
    files = own_bank.edited("question_bank/clocks.yaml", "    key: false\n", "    key: no\n    marks: 1.5\n")
    report = check(folder, files)
    assert report.is_verified
    item = next(one.thing for one in report.files.items if one.thing.id == "keeper-trust")
    assert (item.correct_response(), str(item.marks)) == (False, "1.5")


def test_one_passage_with_a_mistake_makes_no_strangers_of_all_others(folder: Path) -> None:
    files = own_bank.edited("seeds/hallow.yaml", "    heading: strike\n", "")
    told = [str(one) for one in check(folder, files).mistakes]
    assert told == ["seeds/hallow.yaml:23:5: missing field «heading»"]
