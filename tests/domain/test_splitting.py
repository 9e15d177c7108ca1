"""A text is cut between sentences, into passages of sensible sizes; with another text, what stays keeps its id."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.own_document import blocks_of_text, compose
from quizapp.domain.own_source import Part, beginnings, divided, merged, parts_of
from quizapp.domain.sentence import sentences
from quizapp.domain.splitting import MOST, Old, carried_over, split, words
from tests.own_documents import LANTERN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He came. She went.", ["He came.", "She went."]),
        ("Mr. V. I. Vane met Dr. Stone on p. 5. He left.", ["Mr. V. I. Vane met Dr. Stone on p. 5.", "He left."]),
        ("“Stop!” he cried. “Why?” Nobody knew…", ["“Stop!” he cried.", "“Why?”", "Nobody knew…"]),
        ("It was so.[1] Then it was not.", ["It was so.[1]", "Then it was not."]),
        ("One paragraph\n\nand another. And more", ["One paragraph", "and another.", "And more"]),
        ("He paid 3.50 for it. Really.", ["He paid 3.50 for it.", "Really."]),
    ],
)  # fmt: skip
def test_sentences(text: str, expected: list[str]) -> None:
    assert [text[a:b] for a, b in sentences(text, 0, len(text))] == expected


PIECES = ["It rained. ", "Mr. Vane left! ", "a list of things\n", "A Heading\n\n", "word ", "\n\n", "… ", "“Yes.” "]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)


@given(TEXTS)
def test_no_word_is_lost_but_headings_and_nothing_overlaps(text: str) -> None:
    made = compose(blocks_of_text(text))
    cuts = split(made.text, made.headings)
    spans = sorted([(one.start, one.end) for one in cuts] + list(made.headings))
    assert " ".join(made.text[a:b] for a, b in spans).split() == made.text.split()
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(one.heading.strip() and words(made.text, one.start, one.end) for one in cuts)


@given(
    st.integers(1, 1500), st.sampled_from(["word ", "A line\n", "It rained. ", "It rained.\n\n", "word " * 200 + "\n"])
)
def test_passages_have_sensible_sizes_whatever_the_text(number: int, unit: str) -> None:
    made = compose(blocks_of_text(unit * number))
    assert all(words(made.text, one.start, one.end) <= MOST for one in split(made.text))


@given(TEXTS, st.data())
def test_any_correction_keeps_every_word_in_order(text: str, data: st.DataObject) -> None:
    whole = compose(blocks_of_text(text)).text
    parts = parts_of(split(whole))
    before = "".join(whole[one.start : one.end] for one in parts).split()
    for number in range(6):
        at = data.draw(st.integers(0, max(0, len(parts) - 1)))
        places = [place for place, _ in beginnings(parts[at], whole)] if parts else []
        if places and data.draw(st.booleans()):
            parts = divided(parts, at, data.draw(st.sampled_from(places)), whole, f"n{number}")
        else:
            parts = merged(parts, at)
        assert all(one.end <= other.start for one, other in pairwise(parts))
        assert len({one.id for one in parts}) == len(parts)
    after = "".join(whole[one.start : one.end] for one in parts)
    assert "".join(before) == "".join(after.split())


def test_a_split_elsewhere_than_at_a_sentence_changes_nothing() -> None:
    parts = (Part(id="p1", start=0, end=18, heading="x"),)
    assert divided(parts, 0, 3, "He came. She went.", "p2") == parts
    assert merged(parts, 0) == parts
    assert [one.end for one in divided(parts, 0, 9, "He came. She went.", "p2")] == [8, 18]


def placed(text: str, old: tuple[Part, ...], before: str) -> list[tuple[str | None, str]]:
    found = carried_over([Old(one.id, before[one.start : one.end]) for one in old], text, ())
    return [(one.id, text[one.cut.start : one.cut.end]) for one in found]


def test_what_stays_word_for_word_keeps_its_id_and_a_new_stretch_gets_none() -> None:
    before = LANTERN
    old = parts_of(split(before, compose(blocks_of_text(before)).headings))
    after = f"A preface that nobody asked for.\n\n{before}\n\nAn afterword, late and long."
    found = placed(after, old, before)
    assert [one for one, _ in found if one] == ["p1", "p2", "p3"]
    assert (found[0][0], found[-1]) == (None, (None, "An afterword, late and long."))


def test_words_that_stand_twice_are_not_found_again_by_guess() -> None:
    old = (Part(id="p1", start=0, end=8, heading="x"), Part(id="p2", start=10, end=19, heading="y"))
    found = placed("He came.\n\nHe came.\n\nShe went.", old, "He came.\n\nShe went.")
    assert found[-1] == ("p2", "She went.")
    assert found[0] == ("p1", "He came.\n\nHe came.")
