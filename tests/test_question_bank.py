"""The curated bank: nothing wrong with it, verified where the documents are, and fair to those who answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from quizapp.config import ROOT
from quizapp.domain import lint
from quizapp.domain.item import Item
from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.quiz import Quiz, draw
from quizapp.services import checking, coverage, edition
from quizapp.services.checking import Report

BANK, SEEDS = ROOT / "question_bank", ROOT / "seeds"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The bank checked without documents."""
    return checking.check_folders(BANK, SEEDS, tmp_path_factory.mktemp("no-documents"))


@pytest.fixture(scope="module")
def items(report: Report) -> list[Item]:
    return [item.thing for item in report.files.items]


@pytest.fixture(scope="module")
def quizzes(report: Report) -> list[Quiz]:
    return [quiz.thing for quiz in report.files.quizzes]


def test_nothing_is_wrong_with_it(report: Report) -> None:
    assert [str(one) for one in report.mistakes] == []


@pytest.mark.documents
def test_every_quote_stands_in_its_document(documents: Path) -> None:
    verified = checking.check_folders(BANK, SEEDS, documents)
    assert [*map(str, verified.mistakes), *verified.refused] == []
    assert verified.is_verified
    assert {one.outcome for one in verified.verifications.values()} == {"verified"}


def test_the_edition_record_speaks_of_this_bank(report: Report) -> None:
    assert edition.staleness(report.files) is None


@pytest.mark.documents
def test_the_edition_record_says_what_is_found(documents: Path) -> None:
    found = edition.check(BANK, SEEDS, documents)
    record = found.report.files.record
    assert record is not None
    made = edition.edition(found.report, found.sizes, on=date.fromisoformat(record.date))
    assert made == record


def test_it_is_as_large_and_varied_as_promised(report: Report, items: list[Item], quizzes: list[Quiz]) -> None:
    assert len(items) >= 60
    assert len({item.topic for item in items}) >= 5
    assert {item.type for item in items} == set(ITEM_TYPES)
    assert len(quizzes) >= 5
    assert len(report.files.disputes) >= 8
    assert {source.thing.id for source in report.files.sources} == {
        "british-library", "columbia", "essay", "heritage", "mosaic"
    }  # fmt: skip
    pools = [section.source for quiz in quizzes for section in quiz.sections if section.source]
    assert any(pool.topic and pool.difficulty for pool in pools)


def test_there_is_one_example_of_each_type(report: Report) -> None:
    assert sorted(item.thing.type for item in report.files.examples) == sorted(ITEM_TYPES)


def test_recall_is_two_thirds_at_most_and_difficulties_are_spread(items: list[Item]) -> None:
    assert sum(item.skill == "recall" for item in items) <= len(items) * 2 / 3
    assert {item.difficulty for item in items} == {1, 2, 3, 4, 5}


def test_what_a_source_argues_is_attributed(items: list[Item]) -> None:
    assert [item.id for item in items if item.skill == "interpretation" and not item.attributed_to] == []


def test_keys_are_not_recognised_by_their_looks(items: list[Item]) -> None:
    figures = lint.figures(items)
    assert figures.longest is not None
    assert figures.longest_by_chance is not None
    assert figures.longest <= figures.longest_by_chance + 0.1
    assert figures.key_length is not None
    assert 0.8 <= figures.key_length <= 1.2
    assert figures.true is not None
    assert 0.35 <= figures.true <= 0.65


def test_most_wrong_answers_have_evidence_of_their_own(report: Report) -> None:
    share = coverage.of_report(report).proved_share()
    assert share is not None
    assert share > 0.5


def test_every_quiz_can_be_drawn_again_and_again(items: list[Item], quizzes: list[Quiz]) -> None:
    bank = {item.id: item for item in items}
    for quiz in quizzes:
        for seed in range(30):
            slots = draw(quiz, bank, str(seed))
            assert len({slot.item.id for slot in slots}) == quiz.size()
