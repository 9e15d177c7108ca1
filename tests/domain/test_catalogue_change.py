"""What of the catalogue questions feel when it changes, and how heavily."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.domain.catalogue_change import panel_shift, passage_shift, source_shift
from quizapp.domain.own_source import BEGINS

PASSAGE: dict[str, Any] = {
    "id": "bells", "heading": "The bells", "start": 3, "end": 90, "sha256": "a" * 64,
    "account": "The chronicle tells of a keeper, who “rang on”.",
    "claims": [{"says": "he was proud", "speaker": "the council", "quote": "never late"}],
}  # fmt: skip
SOURCE: dict[str, Any] = {
    "id": "hallow", "file": "a.txt", "sha256": "b" * 64, "title": "The Glass", "publisher": "nobody", "year": "1704",
    "kind": "chronicle", "rights": "ours", "language": "en", "find": "Ask.", "reliability": "medium",
    "good_for": "bells", "poor_for": "clocks", "assessment": "A chronicle.", "reading_order": ["bells"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "weight"),
    [
        ({"start": 4}, "text"),
        ({"end": 91}, "text"),
        ({"sha256": "c" * 64, "account": "It tells of two keepers."}, "text"),
        ({"account": "It tells of two keepers."}, "account"),
        ({"damage": "The end is cut."}, "account"),
        ({"kind": "paratext"}, "account"),
        ({"claims": []}, "account"),
        ({"claims": [{"says": "he was proud", "speaker": "the council", "quote": "never once late"}]}, "account"),
        ({"claims": [{"says": "he was proud", "speaker": "the keeper", "quote": "never late"}]}, "account"),
        ({"heading": "The tower"}, None),
        ({"account": "The chronicle tells of a keeper who 'rang on'"}, None),
        ({"account": "The Chronicle  tells of a\nkeeper, who “rang on”."}, None),
    ],
)
def test_a_passage(changed: dict[str, Any], weight: str | None) -> None:
    shift = passage_shift("hallow/bells", PASSAGE, {**PASSAGE, **changed})
    assert (shift and shift.weight) == weight


def test_a_first_account_of_a_teachers_own_passage_contradicts_nothing() -> None:
    bare = {**PASSAGE, "account": f"{BEGINS}The bells of”"}
    assert passage_shift("own-a/p1", bare, PASSAGE) is None
    assert passage_shift("own-a/p1", PASSAGE, bare) is not None


@pytest.mark.parametrize(
    ("changed", "weight"),
    [
        ({"sha256": "c" * 64}, "text"),
        ({"reliability": "low"}, "panel"),
        ({"title": "The Bells"}, "panel"),
        ({"poor_for": "clocks and dates"}, "panel"),
        ({"find": "Ask twice."}, None),
        ({"file": "b.txt"}, None),
        ({"reading_order": []}, None),
        ({"assessment": "a chronicle"}, None),
    ],
)
def test_a_source(changed: dict[str, Any], weight: str | None) -> None:
    shift = source_shift("hallow", SOURCE, {**SOURCE, **changed})
    assert (shift and shift.weight) == weight


def test_the_reason_names_what_changed() -> None:
    shift = panel_shift(SOURCE, {**SOURCE, "title": "The Bells", "reliability": "low"})
    assert shift is not None
    assert shift.why == "The source “The Bells” is described otherwise now: title, reliability."
