"""What is dumped loads to the same things, and `bank check` finds nothing wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from quizapp.config import ROOT
from quizapp.formats.bank_dump import Bank, dump
from quizapp.formats.bank_yaml import BankFiles
from quizapp.services import checking
from tests import own_bank


def as_bank(files: BankFiles) -> Bank:
    return Bank(
        topics=[topic.thing for topic in files.topics],
        items=[item.thing for item in files.items],
        quizzes=[quiz.thing for quiz in files.quizzes],
        sources=[source.thing for source in files.sources],
        disputes=[dispute.thing for dispute in files.disputes],
        record=files.record,
    )


def dumped_again(files: BankFiles, folder: Path) -> Bank:
    own = own_bank.write(folder, dump(as_bank(files)), document=None)
    again = checking.read(own.bank, own.seeds)
    assert [str(one) for one in again.mistakes] == []
    return as_bank(again)


@pytest.mark.parametrize("which", ["own", "curated"])
def test_a_dump_loads_to_the_same_things(which: str, tmp_path: Path) -> None:
    own = own_bank.write(tmp_path / "own")
    bank, seeds = (own.bank, own.seeds) if which == "own" else (ROOT / "question_bank", ROOT / "seeds")
    files = checking.read(bank, seeds)
    assert dumped_again(files, tmp_path / "dump") == as_bank(files)


def test_a_dump_is_checked_and_verified_like_the_files(tmp_path: Path) -> None:
    own = own_bank.write(tmp_path / "own")
    files = dump(as_bank(checking.read(own.bank, own.seeds)))
    again = own_bank.write(tmp_path / "dump", files)
    report = checking.check_folders(again.bank, again.seeds, again.documents)
    assert [str(one) for one in report.mistakes] == []
    assert report.is_verified


def test_lines_are_short_and_items_begin_with_what_they_ask(tmp_path: Path) -> None:
    files = dump(as_bank(checking.read(ROOT / "question_bank", ROOT / "seeds")))
    assert {name: line for name, text in files.items() for line in text.splitlines() if len(line) > 120} == {}
    own = own_bank.write(tmp_path)
    text = dump(as_bank(checking.read(own.bank, own.seeds)))["question_bank/clocks.yaml"]
    assert text.splitlines()[:8] == [
        "topic: clocks",
        "title: The clock of Hallow",
        "items:",
        "  - id: clock-bought",
        "    type: date",
        "    stem: On which day did the council buy the clock?",
        "    key:",
        '      date: "1702-06-02"',
    ]
