"""Names as a list of names has them."""

from __future__ import annotations

from quizapp.domain.collation import collated, in_order


def test_a_mark_on_a_letter_does_not_send_a_name_to_the_end():
    names = ["Zeller", "Åberg", "Østby", "Brandt", "Łuczak", "Béart", "Abel", "Yılmaz", "Olsen", "Lund"]
    in_order = ["Abel", "Åberg", "Béart", "Brandt", "Łuczak", "Lund", "Olsen", "Østby", "Yılmaz", "Zeller"]
    assert sorted(names, key=collated) == in_order


def test_case_does_not_count():
    assert collated("VAN DER Berg") == collated("van der berg")


def test_what_is_unknown_comes_last_either_way_and_equals_stay_as_they_are():
    rows = [("Lund", 1), ("Łuczak", 2), (None, 3), ("Åberg", 4), ("Lund", 5)]
    upwards = [4, 2, 1, 5, 3]
    assert [number for _, number in in_order(rows, lambda row: row[0], "name")] == upwards
    assert [number for _, number in in_order(rows, lambda row: row[0], "-name")] == [1, 5, 2, 4, 3]
