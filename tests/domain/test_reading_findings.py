"""Which passages are called misread, and what is said of sure answers that were wrong and unread."""

from __future__ import annotations

from quizapp.domain.reading_findings import Certain, PassageLine, of_reading


def a_passage(name: str, **numbers: int) -> PassageLine:
    return PassageLine(f"almanac/{name}", name, **numbers)  # type: ignore[arg-type]


def test_a_passage_that_its_readers_miss_more_than_others_is_misread():
    found = of_reading(
        [a_passage("ships", before=20, misread=12), a_passage("pilots", before=40, misread=6)], Certain()
    )
    assert [one.says for one in found] == ["Misread: ships"]
    assert found[0].numbers.startswith("12 of the 20 answers after reading it were not right")
    assert "15% missed" in found[0].numbers


def test_few_readers_and_what_chance_makes_are_not_told():
    assert (
        of_reading([a_passage("ships", before=4, misread=4), a_passage("pilots", before=40, misread=6)], Certain())
        == []
    )
    assert (
        of_reading([a_passage("ships", before=10, misread=4), a_passage("pilots", before=40, misread=12)], Certain())
        == []
    )
    assert of_reading([a_passage("ships", before=10, misread=9)], Certain()) == []  # nothing to compare it with


def test_sure_wrong_and_unread_are_counted_by_answers_and_named_by_passages():
    passages = [a_passage("ships", sure_unread=4), a_passage("pilots", sure_unread=2)]
    [found] = of_reading(passages, Certain(given=30, wrong=9, unread=6))
    assert found.says == "Sure, wrong and unread"
    assert "Of 30 answers given as sure, 9 were not right, and 6 of these" in found.numbers
    assert "Most often: ships (4)." in found.numbers
    assert "pilots" not in found.numbers
    assert of_reading(passages, Certain(given=4, wrong=4, unread=4)) == []
    assert of_reading(passages, Certain(given=30, wrong=3, unread=0)) == []
