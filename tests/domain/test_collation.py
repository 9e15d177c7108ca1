"""Names as a list of names has them."""

from __future__ import annotations

from quizapp.domain.collation import collated


def test_a_mark_on_a_letter_does_not_send_a_name_to_the_end():
    names = ["Zeller", "Åberg", "Østby", "Brandt", "Łuczak", "Béart", "Abel", "Yılmaz", "Olsen", "Lund"]
    in_order = ["Abel", "Åberg", "Béart", "Brandt", "Łuczak", "Lund", "Olsen", "Østby", "Yılmaz", "Zeller"]
    assert sorted(names, key=collated) == in_order


def test_case_does_not_count():
    assert collated("VAN DER Berg") == collated("van der berg")
