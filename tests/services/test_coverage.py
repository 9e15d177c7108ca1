"""Coverage measures what rests on each passage: from the files, as published, with documents and without."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from quizapp import store
from quizapp.domain.coverage import Coverage
from quizapp.services import authoring, checking, coverage, documents, edition
from quizapp.services.coverage_tables import PASSAGES, SKILLS, SOURCES, TABLES, TOPICS, Wanted
from tests import own_bank
from tests.conftest import NOON
from tests.databases import count_queries


def of_files(own: own_bank.Folders) -> Coverage:
    return coverage.of_report(checking.check_folders(own.bank, own.seeds, own.documents))


def publish(session: Session, own: own_bank.Folders, *, attach: bool) -> None:
    report = checking.check_folders(own.bank, own.seeds, own.documents)
    authoring.publish(session, report, now=NOON)
    if attach:
        documents.attach(session, own.documents, report.files, now=NOON)


def recorded(own: own_bank.Folders) -> None:
    assert edition.record(edition.check(own.bank, own.seeds, own.documents), own.seeds, on=date(2027, 3, 12))


def test_what_rests_on_passages(tmp_path: Path) -> None:
    found = of_files(own_bank.write(tmp_path))
    assert [(one.passage.ref, one.items, one.disputes, one.easiest, one.hardest) for one in found.passages] == [
        ("hallow/bells", 3, 0, 1, 2),
        ("hallow/strike", 3, 0, 2, 4),
        ("hallow/verdict", 1, 1, 1, 1),
    ]
    [source] = found.sources
    assert (source.used, source.touched, source.items) == (3, 3, 5)
    assert (source.source.quoted, source.source.words, source.source.known_from) == (36, 159, "document")
    assert (found.proved, found.distractors) == (4, 6)


def test_topics_and_skills(tmp_path: Path) -> None:
    found = of_files(own_bank.write(tmp_path))
    [topic] = found.topics
    assert (topic.title, topic.items, sum(topic.levels)) == ("The clock of Hallow", 5, 5)
    assert (topic.proved_share, topic.skills) == (4 / 6, len(found.skills))
    assert sum(one.items for one in found.skills) == 5


def test_an_unused_passage_is_named(tmp_path: Path) -> None:
    own = own_bank.write(tmp_path)
    report = checking.check_folders(own.bank, own.seeds, own.documents)
    report.files.items = [one for one in report.files.items if "hallow/verdict" not in one.thing.passages()]
    found = coverage.of_report(report)
    assert found.unused() == ["hallow/verdict"]
    assert [row.passage.ref for row in found.passages if Wanted(gaps="questions").admits(row)] == ["hallow/verdict"]
    assert [row for row in found.passages if Wanted(gaps="anything").admits(row)] == []
    assert [row for row in found.passages if Wanted(source="other").admits(row)] == []


def test_what_is_published_is_measured_as_its_files_are(session: Session, tmp_path: Path) -> None:
    own = own_bank.write(tmp_path / "own")
    publish(session, own, attach=True)
    assert coverage.published(session) == of_files(own)


def test_without_documents_the_edition_record_tells(session: Session, tmp_path: Path) -> None:
    own = own_bank.write(tmp_path / "own")
    publish(session, own, attach=False)
    [unknown] = coverage.published(session).sources
    assert (unknown.share, unknown.source.quoted, unknown.source.known_from) == (None, None, None)
    recorded(own)
    publish(session, own, attach=False)
    [source] = coverage.published(session).sources
    assert (source.source.quoted, source.source.words, source.source.known_from) == (36, 159, "record")
    (own.documents / "any name.txt").unlink()
    assert of_files(own).sources == (source,)


def test_few_queries_however_large_the_bank(session: Session, tmp_path: Path) -> None:
    publish(session, own_bank.write(tmp_path / "own"), attach=True)
    with count_queries(store.db.engine) as statements:
        coverage.published(session)
    assert len(statements) <= 4


def test_tables_sort_by_any_column_and_leave_what_is_unknown_last(tmp_path: Path) -> None:
    found = of_files(own_bank.write(tmp_path))
    for table in TABLES.values():
        for column in table.columns:
            up, down = (table.sorted_rows(found, sign + column.name) for sign in ("", "-"))
            assert len(up) == len(down) == len(table.rows(found))
    items = [row.items for row in PASSAGES.sorted_rows(found, "-items")]
    assert items == sorted(items, reverse=True)
    assert [row.passage.ref for row in PASSAGES.sorted_rows(found, "nonsense")] == [
        "hallow/bells", "hallow/strike", "hallow/verdict"
    ]  # fmt: skip


def test_tables_as_csv_have_a_head_and_every_row(tmp_path: Path) -> None:
    found = of_files(own_bank.write(tmp_path))
    lines = SOURCES.csv(SOURCES.rows(found)).lstrip("\ufeff").splitlines()
    assert lines[0].startswith("Source,Passages,With questions,With questions or disputes,Questions,Mean difficulty")
    assert lines[1].startswith("hallow,3,3,3,5,")
    assert lines[1].endswith(",36,159,0.2264,0.3333")
    assert len(TOPICS.csv(TOPICS.rows(found)).splitlines()) == 2
    assert len(SKILLS.csv(SKILLS.rows(found)).splitlines()) == 1 + len(found.skills)
