"""The laws of answers put together."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.answer_groups import grouped
from quizapp.domain.short_text import folded

TEXTS = st.lists(st.one_of(st.sampled_from(["Lenin", "lenin", "Lenjin", "Lenins", "Stalin", "1905", "1906", "?"]),
                           st.text(min_size=1, max_size=8).filter(str.strip)), max_size=40)  # fmt: skip


@given(texts=TEXTS)
def test_every_answer_is_in_one_group(texts: list[str]) -> None:
    groups = grouped(texts)
    given_texts = Counter(text.strip() for text in texts)
    assert sum((Counter(dict(group.spellings)) for group in groups), Counter()) == given_texts
    assert [group.count for group in groups] == [sum(n for _, n in group.spellings) for group in groups]
    keys = [folded(group.text) or group.text for group in groups]
    assert len(set(keys)) == len(keys)


@given(texts=TEXTS)
def test_leaders_go_from_frequent_to_rare_and_near_ones_follow_their_leader(texts: list[str]) -> None:
    groups = grouped(texts)
    leaders = [group.count for group in groups if group.near is None]
    assert leaders == sorted(leaders, reverse=True)
    leader = None
    for group in groups:
        leader = group if group.near is None else leader
        assert group.near in (None, leader.text if leader else None)
        assert leader is not None
        assert group.count <= leader.count


def test_slips_stand_beside_what_they_slip_from_and_numbers_never_do() -> None:
    texts = ["Kronstadt"] * 3 + ["Odessa"] * 2 + ["kronstad", "Kronshtadt", "1905", "1906", "the Kronstadt"]
    told = [(group.text, group.count, group.near) for group in grouped(texts)]
    assert told == [
        ("Kronstadt", 4, None), ("Kronshtadt", 1, "Kronstadt"), ("kronstad", 1, "Kronstadt"), ("Odessa", 2, None),
        ("1905", 1, None), ("1906", 1, None),
    ]  # fmt: skip


def test_what_has_no_letter_says_nothing() -> None:
    assert [group.says_something for group in grouped(["???", "Odessa"])] == [False, True]


def test_thousands_of_different_answers_are_put_together() -> None:
    groups = grouped([f"answer {number}" for number in range(3000)] + ["Odessa", "Odesa"] * 2)
    assert len(groups) == 3002
    assert [group.text for group in groups[:2]] == ["Odesa", "Odessa"]
