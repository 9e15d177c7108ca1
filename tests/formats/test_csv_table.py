"""Tables that spreadsheets open."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

from quizapp.formats import csv_table


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix(csv_table.BYTE_ORDER_MARK))))


def test_accents_commas_and_quotation_marks_come_through():
    rows = [["Trotskiï, «é»", 'say "no"', Decimal("66.7"), None]]
    text = csv_table.dump(["a", "b", "c", "d"], rows)
    assert text.startswith("\ufeff")
    assert read(text) == [["a", "b", "c", "d"], ["Trotskiï, «é»", 'say "no"', "66.7", ""]]


def test_no_text_is_taken_for_a_formula_and_numbers_stay_numbers():
    rows = [["=1+1", "+1", "-Ann", "@x", "\tx", -3, Decimal("-0.5")]]
    assert read(csv_table.dump(["h"], rows))[1] == ["'=1+1", "'+1", "'-Ann", "'@x", "'\tx", "-3", "-0.5"]
