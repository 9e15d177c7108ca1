"""The curated bank: nothing wrong with it, verified where the documents are, and fair to those who answer."""

from __future__ import annotations

import re
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
SENTENCE_END = re.compile(r"""\d{1,2} [A-Z][a-z]+ \d{4}$|[.!?…:]['")\]’”]*(?:\[[^\]\s]*\])*['")\]’”]*$""")
NO_SENTENCES = ("caption-", "infobox-", "note-")


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


def test_every_item_type_and_every_document_is_in_it(report: Report, items: list[Item]) -> None:
    assert {item.type for item in items} == set(ITEM_TYPES)
    assert {source.thing.id for source in report.files.sources} == {
        "british-library", "columbia", "essay", "heritage", "mosaic"
    }  # fmt: skip


@pytest.mark.documents
def test_nine_tenths_of_each_document_stand_in_passages(documents: Path) -> None:
    """What is left out is navigation and plain bibliography."""
    for source in coverage.of_report(checking.check_folders(BANK, SEEDS, documents)).sources:
        catalogued = sum(passage.words or 0 for passage in source.source.passages)
        assert source.source.words is not None
        assert catalogued >= 0.9 * source.source.words, source.source.id


@pytest.mark.documents
def test_passages_end_where_a_sentence_ends(documents: Path) -> None:
    """Or with a signature's day. Captions, notes and boxes have no sentences; damage is said where it is."""
    report = checking.check_folders(BANK, SEEDS, documents)
    cut = []
    for source in (placed.thing for placed in report.files.sources):
        for passage in source.passages:
            text = report.library.passage_text(f"{source.id}/{passage.id}")
            assert text is not None
            is_whole = SENTENCE_END.search(text.text) or passage.damage or passage.id.startswith(NO_SENTENCES)
            if passage.kind == "text" and not is_whole:
                cut.append(f"{source.id}/{passage.id}")
    assert cut == []


def test_there_is_one_example_of_each_type(report: Report) -> None:
    assert sorted(item.thing.type for item in report.files.examples) == sorted(ITEM_TYPES)


def test_every_difficulty_is_there(items: list[Item]) -> None:
    assert {item.difficulty for item in items} == {1, 2, 3, 4, 5}


def test_keys_are_not_recognised_by_their_looks(items: list[Item]) -> None:
    figures = lint.figures(items)
    assert figures.longest is not None
    assert figures.longest_by_chance is not None
    assert figures.longest <= figures.longest_by_chance + 0.1
    assert figures.key_length is not None
    assert 0.8 <= figures.key_length <= 1.2
    assert figures.shortest is not None
    assert figures.shortest <= figures.longest_by_chance + 0.1
    assert figures.true is not None
    assert 0.35 <= figures.true <= 0.65
    assert figures.quote_echoes is not None
    assert figures.quote_echoes_by_chance is not None
    assert figures.quote_echoes <= figures.quote_echoes_by_chance
    assert figures.grade is not None
    assert figures.grade <= 10, "a sixteen-year-old should read the questions with ease"
    assert set(figures.answers) == {"agrees", "disagrees", "says it less exactly", "is silent"}


def test_every_quiz_can_be_drawn_again_and_again(items: list[Item], quizzes: list[Quiz]) -> None:
    bank = {item.id: item for item in items}
    for quiz in quizzes:
        for seed in range(30):
            slots = draw(quiz, bank, str(seed))
            assert len({slot.item.id for slot in slots}) == quiz.size()
