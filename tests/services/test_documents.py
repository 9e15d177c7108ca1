"""Documents: recognised by checksum, refused when changed, recorded when every quote was found in them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.domain.entry import collective_digest, digest
from quizapp.services import authoring, checking, documents, edition
from quizapp.services.documents import Attached
from quizapp.store.tables import Document, Version
from tests import own_bank

NOON = datetime(2027, 3, 12, 12, 0, tzinfo=UTC)


@pytest.fixture
def own(tmp_path: Path) -> own_bank.Folders:
    return own_bank.write(tmp_path / "own")


def attach(session: Session, own: own_bank.Folders) -> Attached:
    return documents.attach(session, own.documents, checking.read(own.bank, own.seeds), now=NOON)


def recorded(own: own_bank.Folders) -> bool:
    found = edition.check(own.bank, own.seeds, own.documents)
    return edition.record(found, own.seeds, on=date(2027, 3, 12))


def test_a_document_is_recognised_whatever_its_name(session: Session, own: own_bank.Folders) -> None:
    assert attach(session, own) == Attached(new=("hallow",), unchanged=(), missing=(), refused=())
    kept = session.scalars(select(Document)).one()
    assert (kept.source, kept.text, kept.attached_at) == ("hallow", own_bank.DOCUMENT, NOON)
    assert attach(session, own) == Attached(new=(), unchanged=("hallow",), missing=(), refused=())


def test_line_ends_are_kept_as_they_are(session: Session, tmp_path: Path) -> None:
    text = own_bank.DOCUMENT.replace("\n", "\r\n")
    files = own_bank.good_files()
    files["seeds/hallow.yaml"] = files["seeds/hallow.yaml"].replace(
        own_bank.sha256(own_bank.DOCUMENT), own_bank.sha256(text)
    )
    own = own_bank.write(tmp_path, files, document=None)
    (own.documents / "x").write_bytes(text.encode())
    assert attach(session, own).new == ("hallow",)
    assert session.scalars(select(Document.text)).one() == text


def test_a_changed_document_is_refused_with_size_and_checksum(session: Session, own: own_bank.Folders) -> None:
    assert recorded(own)
    (own.documents / "any name.txt").unlink()
    (own.documents / "keeper.txt").write_text("something else", encoding="utf-8")
    done = attach(session, own)
    assert (done.new, done.missing) == ((), ("hallow",))
    size = len(own_bank.DOCUMENT.encode())
    [refusal] = done.refused
    assert refusal == (
        f"«keeper.txt» (hallow) has changed: expected {size:,} bytes and SHA-256 {own_bank.sha256(own_bank.DOCUMENT)}, "
        f"found 14 bytes and SHA-256 {own_bank.sha256('something else')}"
    )
    assert session.scalars(select(Document)).all() == []


def test_other_files_are_nobodys_business(session: Session, own: own_bank.Folders) -> None:
    (own.documents / "shopping.txt").write_text("bread", encoding="utf-8")
    assert attach(session, own).refused == ()


def test_a_folder_without_documents(session: Session, tmp_path: Path) -> None:
    own = own_bank.write(tmp_path, document=None)
    assert attach(session, own) == Attached(new=(), unchanged=(), missing=("hallow",), refused=())


def test_quotes_are_checked_against_what_is_attached(session: Session, own: own_bank.Folders, tmp_path: Path) -> None:
    attach(session, own)
    report = authoring.check(session, checking.read(own.bank, own.seeds), tmp_path / "nowhere")
    assert report.is_verified


def test_the_record_says_what_was_checked_and_where_quotes_stand(own: own_bank.Folders) -> None:
    assert recorded(own)
    record = checking.read(own.bank, own.seeds).record
    assert record is not None
    assert record.date == "2027-03-12"
    [document] = record.documents
    assert (document.sha256, document.bytes, document.words) == (
        own_bank.sha256(own_bank.DOCUMENT), len(own_bank.DOCUMENT.encode()), len(own_bank.DOCUMENT.split())
    )  # fmt: skip
    strike = record.passage("hallow/strike")
    assert strike is not None
    words = own_bank.PASSAGES["strike"].split()
    assert strike.words == len(words)
    assert [(one.quote, one.occurrence, " ".join(words[one.start : one.end])) for one in strike.quotes] == [
        ("the clock stopped", None, "the clock stopped"),
        ("raised his pay", None, "raised his pay,"),
        ("Odile Varn", None, "Odile Varn"),
        ("came twice", None, "came twice"),
        ("rang on", 2, "rang on."),
    ]


def test_the_bank_digest_is_that_of_items_passages_and_disputes_as_published(
    session: Session, own: own_bank.Folders
) -> None:
    recorded(own)
    files = checking.read(own.bank, own.seeds)
    authoring.publish(session, authoring.check(session, files, own.documents), now=NOON)
    versions = session.scalars(select(Version).where(Version.kind.in_(["item", "passage", "dispute"]))).all()
    assert {one.digest for one in versions} == {digest(one.entry) for one in versions}
    assert files.record is not None
    assert files.record.bank == collective_digest(one.digest for one in versions)


def test_the_record_is_stale_when_the_bank_moved_on(own: own_bank.Folders) -> None:
    assert edition.check(own.bank, own.seeds, own.documents).stale == "there is no edition record"
    recorded(own)
    assert edition.check(own.bank, own.seeds, own.documents).stale is None
    clocks = own.bank / "clocks.yaml"
    clocks.write_text(clocks.read_text(encoding="utf-8").replace("difficulty: 4", "difficulty: 5"), encoding="utf-8")
    stale = edition.check(own.bank, own.seeds, own.documents).stale
    assert stale == "the edition record of 2027-03-12 speaks of another state of the bank"


def test_nothing_goes_on_record_that_is_not_verified(own: own_bank.Folders) -> None:
    (own.documents / "any name.txt").unlink()
    assert not recorded(own)
    assert not (own.seeds / "verified.yaml").exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "outcome"),
    [
        ("seeds/hallow.yaml", "id: hallow", "id: hallow", "verified"),
        ("question_bank/clocks.yaml", '"kept his glass"', '"kept his mirror"', "broken"),
        ("seeds/hallow.yaml", own_bank.sha256(own_bank.PASSAGES["strike"]), "f" * 64, "broken"),
    ],
)
def test_each_source_is_verified_or_broken(tmp_path: Path, file: str, old: str, new: str, outcome: str) -> None:
    own = own_bank.write(tmp_path, own_bank.edited(file, old, new))
    [source] = edition.check(own.bank, own.seeds, own.documents).sources
    assert (source.outcome, source.words) == (outcome, 159)
