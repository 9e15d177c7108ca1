"""The invented bank that benchmarks run on gives every rule something to do, and every rule is met."""

from __future__ import annotations

from pathlib import Path

from quizapp.domain.items import ITEM_TYPES
from quizapp.services import checking
from tests.bench import synthetic_bank


def test_the_invented_bank_is_well_verified_and_has_every_type(tmp_path: Path) -> None:
    folders = synthetic_bank.write(tmp_path, 60)
    report = checking.check_folders(folders.bank, folders.seeds, folders.documents)
    assert [*map(str, report.mistakes)] == []
    assert report.is_verified
    assert {item.thing.type for item in report.files.items} == set(ITEM_TYPES)
    assert (len(report.files.items), len(report.files.disputes), len(report.files.quizzes)) == (60, 12, 3)
    assert len(report.quoted) > 5 * 60


def test_a_spoilt_quote_is_found_in_it(tmp_path: Path) -> None:
    folders = synthetic_bank.write(tmp_path, 60)
    topic = folders.bank / "topic-0.yaml"
    quote = synthetic_bank.quote(3, 0)["quote"]
    topic.write_text(topic.read_text(encoding="utf-8").replace(quote, quote[::-1]), encoding="utf-8")
    report = checking.check_folders(folders.bank, folders.seeds, folders.documents)
    assert any("does not stand in this passage" in one.message for one in report.mistakes)
