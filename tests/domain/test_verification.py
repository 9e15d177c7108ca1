"""A quote stands in its passage exactly, or it does not: nothing is guessed."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.quotation import quoted_words, runs, share_allowed, too_long_together
from quizapp.domain.source import Evidence, Source
from quizapp.domain.verification import (
    ChangedDocument,
    Library,
    Text,
    Verification,
    is_whole_sentence,
    occurrences,
    passage_problems,
    read_document,
    verify,
)

TEXT = "Before. The “old” bell —\n  it’s cracked — rang. The bell rang on.[12] It rang on. CongressThen all went home"


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def a_source(text: str, *places: tuple[int, int], **changes: Any) -> Source:
    fields: dict[str, Any] = dict.fromkeys(
        ("title", "publisher", "year", "kind", "rights", "language", "find", "good_for", "poor_for", "assessment"), "x"
    )
    passages = [
        {"id": f"p{i}", "heading": "x", "start": start, "end": end, "sha256": sha256(text[start:end]), "account": "x"}
        for i, (start, end) in enumerate(places)
    ]
    fields |= {"id": "tale", "file": "tale.txt", "sha256": sha256(text), "reliability": "low", "passages": passages}
    return Source.model_validate({**fields, **changes})


def checked(quote: object, text: str = TEXT, **more: Any) -> Verification:
    library = Library([a_source(text, (8, len(text)))], {"tale": text})
    return verify([(("evidence", 0), Evidence.model_validate({"passage": "tale/p0", "quote": quote, **more}))], library)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ('"old" bell', "“old” bell"),
        ("“old” bell", "“old” bell"),
        ("bell - it's", "bell —\n  it’s"),
        ("it’s cracked", "it’s cracked"),
        ("Congress", "Congress"),
        ("Then all", "Then all"),
        ("bell rang on.[12]", "bell rang on.[12]"),
    ],
)
def test_white_space_quotation_marks_and_dashes_are_folded(quote: str, found: str) -> None:
    verification = checked(quote)
    assert verification.outcome == "verified"
    [span] = verification.spans
    assert TEXT[span.start : span.end] == found


def test_words_are_counted_in_the_passage_from_0() -> None:
    [span] = checked('"old" bell').spans
    assert (span.words, span.passage_words) == (range(1, 3), len(TEXT[8:].split()))
    [glued] = checked("Then all").spans
    assert [TEXT[8:].split()[i] for i in glued.words] == ["CongressThen", "all"]


@pytest.mark.parametrize(
    ("quote", "more", "reason"),
    [
        ("the old bell", {}, "does not stand in this passage"),
        ("Old bell", {}, "does not stand in this passage"),
        ("old bel", {}, "does not stand in this passage"),
        ("Before", {}, "does not stand in this passage"),
        ("rang on", {}, "stands 2 times"),
        ("rang on", {"occurrence": 3}, "stands only 2 times"),
        ("ang on", {"occurrence": 1}, "inside a word"),
        ("The bell rang on", {}, "whole sentence"),
        ("It rang on.", {}, "whole sentence"),
    ],
)
def test_what_does_not_stand_there_exactly_once_is_broken(quote: str, more: dict[str, int], reason: str) -> None:
    verification = checked(quote, **more)
    assert verification.outcome == "broken"
    assert verification.spans == ()
    assert [(one.place, reason in one.message) for one in verification.reasons] == [(("evidence", 0, "quote"), True)]


def test_an_occurrence_says_which_one() -> None:
    [second] = checked("rang on", occurrence=2).spans
    assert second.start == TEXT.rindex("rang on")


def test_each_quote_of_a_list_has_its_own_span_or_reason() -> None:
    verification = checked(["cracked", "missing", "went home"])
    assert [span.quote for span in verification.spans] == ["cracked", "went home"]
    assert [one.place for one in verification.reasons] == [("evidence", 0, "quote", 1)]


def test_without_the_text_it_is_unattached_and_broken_outweighs_that() -> None:
    library = Library([a_source(TEXT, (0, 7))], {})
    known = ((), Evidence(passage="tale/p0", quote="never there"))
    unknown = (("evidence", 1), Evidence(passage="tale/p9"))
    assert verify([known], library).outcome == "unattached"
    verification = verify([known, unknown], library)
    assert (verification.outcome, len(verification.reasons)) == ("broken", 1)
    assert verify([], library).outcome == "verified"


def test_a_changed_document_is_refused_with_what_was_expected_and_found() -> None:
    source = a_source(TEXT, (0, 7))
    assert read_document(source, TEXT.encode()) == TEXT
    with pytest.raises(ChangedDocument) as refusal:
        read_document(source, b"other", expected_bytes=1234)
    for part in ("tale.txt", "1,234 bytes", "5 bytes", source.sha256, hashlib.sha256(b"other").hexdigest()):
        assert part in str(refusal.value)


def test_passages_do_not_overlap_and_fit_their_document() -> None:
    assert passage_problems(a_source(TEXT, (0, 7), (8, 20)), TEXT) == []
    told = passage_problems(a_source(TEXT, (0, 7), (5, 20), (21, 21), (22, 9999)), TEXT)
    assert [(one.place[1], one.place[2]) for one in told] == [(2, "end"), (3, "end"), (1, "start")]
    assert [one.place for one in passage_problems(a_source(TEXT, (0, 7)), TEXT.replace("B", "b"))] == [
        ("passages", 0, "sha256")
    ]


@pytest.mark.parametrize(
    ("quote", "whole"),
    [("Then all went home", False), ("rang on", False), ("It rang on", True), ("The bell rang on.[12]", True)],
)
def test_a_sentence_is_whole_from_its_beginning_to_its_end(quote: str, whole: bool) -> None:
    text = Text(TEXT)
    start = TEXT.index(quote)
    assert is_whole_sentence(text, start, start + len(quote)) is whole


@given(st.text("ab -—'’\n", min_size=1, max_size=30), st.data())
def test_every_stretch_of_words_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    words = Text(text)
    if not words.starts:
        return
    first = data.draw(st.integers(0, len(words.starts) - 1))
    last = data.draw(st.integers(first, len(words.starts) - 1))
    start, end = words.starts[first], words.ends[last]
    assert (start, end) in occurrences(words, " ".join(text[start:end].split()))
    assert words.words(start, end) == range(first, last + 1)


SPACES = "ab'’ \n\t\u00a0\u2003\x1c"


@given(st.text(SPACES, max_size=40), st.text(SPACES, max_size=6))
def test_a_quote_is_found_wherever_a_search_with_white_space_folded_finds_it(text: str, quote: str) -> None:
    words = quote.replace("’", "'").split()
    pattern = r"\s+".join(map(re.escape, words))
    searched = re.finditer(f"(?=({pattern}))", text.replace("’", "'")) if words else ()
    assert occurrences(Text(text), quote) == [found.span(1) for found in searched]


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 12)).map(lambda one: range(one[0], sum(one)))))
def test_quotes_that_touch_are_one_and_words_count_once(quoted: list[range]) -> None:
    found = runs(quoted)
    assert quoted_words(quoted) == len({word for words in quoted for word in words})
    assert all(one.stop < other.start for one, other in pairwise(found))
    groups = too_long_together(quoted, 12)
    assert sorted(i for group in groups for i in group) == sorted(
        i for i, words in enumerate(quoted) if any(len(run) > 12 and words.start in run for run in found)
    )


def test_short_documents_may_be_quoted_more() -> None:
    assert (int(499 * share_allowed(499)), int(500 * share_allowed(500))) == (166, 100)
