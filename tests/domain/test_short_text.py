from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.domain.short_text import confusable, distance, folded, is_near, is_same, nearest, slips_allowed, typed


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Leon Trotsky", "leon  trotsky"),
        ("Leon Trotsky", "Léon Trotský!"),
        ("The Red Army", "red army"),
        ("A pamphlet", "pamphlet"),
        ("Brest-Litovsk", "Brest Litovsk"),
        ("Brest–Litovsk", "brestlitovsk"),
        ("U.S.S.R.", "USSR"),
        ("Lenin's", "Lenin’s"),
        ("Троцкий", "ТРОЦКИЙ"),
        ("Пётр", "Петр"),
        ("Łódź", "Lodz"),
        ("STRASSE", "Straße"),
        ("１９１７", "1917"),
        ("Ænigma", "aenigma"),
    ],
)
def test_the_same_once_folded(one: str, other: str) -> None:
    assert is_same(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Trotsky", "Троцкий"), ("The", ""), ("!", "?"), ("Red Army", "White Army"), ("Order 1", "Order 2"), ("", "")],
)
def test_not_the_same(one: str, other: str) -> None:
    assert not is_same(one, other)


def test_an_article_alone_is_a_word() -> None:
    assert folded("The") == "the"
    assert folded("A") == "a"


@pytest.mark.parametrize(
    ("answer", "slips"),
    [("Cheka", 1), ("Baku", 0), ("Bronstein", 2), ("Kerensky", 1), ("The Baku", 0), ("1917 1918 1919", 0)],
)
def test_slips_by_length(answer: str, slips: int) -> None:
    assert slips_allowed(answer) == slips


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("Trotzky", "Trotsky"),
        ("Trotky", "Trotsky"),
        ("Trotksy", "Trotsky"),  # two neighbours swapped are one slip
        ("Bronnstien", "Bronstein"),
        ("Петросавет", "Петросовет"),
    ],
)
def test_near(response: str, answer: str) -> None:
    assert is_near(response, answer)


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("Baky", "Baku"),
        ("Trrotzky", "Trotsky"),
        ("Order 228", "Order 227"),  # a number never slips
        ("Petrograd 17", "Petrograd 71"),
        ("Stalin", "Lenin"),
    ],
)
def test_not_near(response: str, answer: str) -> None:
    assert not is_near(response, answer)


def test_nearest_takes_the_nearer_one() -> None:
    assert nearest("Kamenew", ["Zinoviev", "Kamenev"]) == "Kamenev"
    assert nearest("Martof", ["Martow", "Martov"]) == "Martow"
    assert nearest("Lenin", ["Zinoviev"]) is None


def test_confusable_names_what_a_slip_could_turn_into_the_answer() -> None:
    assert confusable("Martov", ["Martow", "MARTOV", "Lenin", "Mártov"]) == ["Martow"]
    assert confusable("Baku", ["Baky"]) == []


def test_typed_is_trimmed_cut_and_free_of_control_characters() -> None:
    assert typed("  Leon\x00Trotsky\n ") == "Leon Trotsky"
    assert typed("x" * 5000) == "x" * 1000
    assert typed("\ud800") == ""


@given(st.text(max_size=60))
def test_folding_and_typing_twice_changes_nothing_more(text: str) -> None:
    assert typed(typed(text)) == typed(text)
    assert is_same(text, text) == bool(folded(text))
    assert folded(text).isspace() is False


@given(st.text(max_size=30), st.text(max_size=30))
def test_distance_is_the_same_both_ways(one: str, other: str) -> None:
    assert distance(one, other) == distance(other, one)
