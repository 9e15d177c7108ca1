"""What is said of somebody's progress, and when it is too early: the thresholds, and the words."""

from __future__ import annotations

from decimal import Decimal
from typing import get_args

import pytest

from quizapp.domain import progress
from quizapp.domain.item import Skill
from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.progress import CLASS, SOMEBODY, YOU, Outlook, outlook, stands_above
from quizapp.domain.strands import Share, Strand, together


def a_strand(key: str, *parts: tuple[int, int], name: str = "") -> Strand:
    """A group with (right, answers) in each period."""
    shares = [Share(name or key, answered, Decimal(right), Decimal(answered)) for right, answered in parts]
    return Strand(key, name or key, tuple(shares))


def looked_at(*skills: Strand, **others: tuple[Strand, ...]) -> Outlook:
    everything = Strand("", "all", (together("all", (one.share for one in skills)),))
    return outlook({"skills": skills, **others}, everything)  # type: ignore[dict-item]


def test_below_ten_answers_it_is_too_early():
    found = looked_at(a_strand("close_reading", (5, 5)), a_strand("chronology", (0, 4)))
    assert found.is_early
    assert found.headline(YOU) == (
        "It is too early to say: 9 answers so far, "
        "and it takes at least 10, with 5 or more of each of two kinds to compare."
    )
    assert found.more(YOU) == []
    assert looked_at(a_strand("recall", (1, 1))).headline(YOU).startswith("It is too early to say: 1 answer so far")


def test_with_one_group_alone_there_is_nothing_to_compare():
    assert looked_at(a_strand("recall", (0, 30))).is_early
    assert looked_at(a_strand("recall", (0, 30)), a_strand("change", (4, 4))).is_early
    assert looked_at(a_strand("recall", (0, 30))).headline(YOU) == (
        "It is too early to say: 30 answers so far, and it takes 5 or more of each of two kinds to compare."
    )
    assert not looked_at(a_strand("recall", (15, 30)), a_strand("change", (3, 5))).is_early


def test_a_strength_and_what_costs_most_are_said_to_each_in_their_person():
    found = looked_at(a_strand("close_reading", (10, 10)), a_strand("chronology", (2, 10)), a_strand("recall", (6, 10)))
    assert found.headline(YOU) == "You read sources closely and well; the order of events costs you most."
    assert found.headline(CLASS) == "The class reads sources closely and well; the order of events costs it most."
    assert found.headline(SOMEBODY) == "Reads sources closely and well; the order of events costs most."
    assert ("You read sources closely and well.", "100% of the marks in 10 answers, 40% in all others") in found.more(
        YOU
    )


def test_plural_nouns_cost():
    kinds = (a_strand("date", (1, 8)), a_strand("single_choice", (14, 16)))
    found = looked_at(a_strand("recall", (8, 12)), a_strand("sourcing", (7, 12)), kinds=kinds)
    assert found.headline(YOU).endswith("dates cost you most.")


def test_equal_shares_say_that_nothing_stands_out():
    found = looked_at(a_strand("recall", (7, 10)), a_strand("sourcing", (7, 10)))
    assert found.headline(YOU) == "Nothing stands out yet: as far as 20 answers can tell, all goes about equally well."
    assert found.best is None
    assert found.least is None


def test_a_difference_that_chance_often_makes_is_not_called_a_strength_but_the_best_is_named():
    found = looked_at(a_strand("recall", (5, 5)), a_strand("sourcing", (4, 6)))
    assert not found.strong
    assert found.best is not None
    assert found.best.strand.key == "recall"
    assert found.least is not None
    assert found.least.strand.key == "sourcing"


def test_what_is_only_better_than_very_weak_is_not_done_well():
    found = looked_at(a_strand("recall", (18, 30)), a_strand("sourcing", (0, 30)))
    assert not found.strong
    assert [one.strand.key for one in found.next] == ["sourcing"]
    assert [
        one.strand.key for one in looked_at(a_strand("recall", (21, 30)), a_strand("sourcing", (0, 30))).strong
    ] == ["recall"]


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        ((4, 4), (0, 30), False),  # four answers are too few
        ((5, 5), (10, 30), True),
        ((590, 1000), (500, 1000), False),  # certain, but not by much
        ((600, 1000), (500, 1000), True),
        ((6, 10), (5, 10), False),  # by much, but not certain
        ((5, 10), (9, 10), False),
    ],
)
def test_a_share_stands_above_another_by_enough_and_by_more_than_chance(
    one: tuple[int, int], other: tuple[int, int], says: bool
):
    assert stands_above(a_strand("a", one).share, a_strand("b", other).share) is says


def test_a_change_is_said_where_both_halves_can_tell():
    found = looked_at(
        a_strand("recall", (2, 10), (9, 10)), a_strand("change", (9, 10), (2, 10)), a_strand("sourcing", (5, 10))
    )
    assert [one.strand.key for one in found.better] == ["recall"]
    assert [one.strand.key for one in found.worse] == ["change"]
    assert (
        "Getting better: remembering facts.",
        "20% of the marks in 10 answers before, 90% in 10 since",
    ) in found.more(YOU)
    uneven = looked_at(a_strand("recall", (70, 100), (0, 8)), a_strand("sourcing", (60, 100)))
    assert not uneven.worse  # eight answers beside a hundred


def test_the_same_answers_are_spoken_of_once():
    same = (a_strand("date", (0, 10)), a_strand("single_choice", (18, 20)))
    found = looked_at(a_strand("chronology", (0, 10)), a_strand("recall", (18, 20)), kinds=same)
    assert len(found.next) == 1
    assert len(found.strong) == 1


def test_every_skill_and_every_type_has_words():
    assert set(progress.SKILLS) == set(get_args(Skill))
    assert set(progress.KINDS) == set(ITEM_TYPES)


def test_topics_and_sources_are_called_by_their_names():
    topics = (a_strand("t1", (9, 10), name="Harbours"), a_strand("t2", (2, 10), name="Lamps"))
    found = looked_at(a_strand("recall", (6, 10)), a_strand("sourcing", (5, 10)), topics=topics)
    assert found.headline(YOU) == "You know “Harbours” well; “Lamps” costs you most."
    sources = (a_strand("s1", (9, 10), name="Tide Press"), a_strand("s2", (2, 10), name="Dock News"))
    found = looked_at(a_strand("recall", (6, 10)), a_strand("sourcing", (5, 10)), sources=sources)
    assert found.headline(SOMEBODY) == "Does well where Tide Press is the source; questions on Dock News cost most."
