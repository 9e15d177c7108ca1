"""The curated bank keeps its promises; and each promise notices when it is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from quizapp.config import ROOT
from quizapp.domain.item import Item
from quizapp.services import checking
from tests import bank_promises
from tests.bank_promises import COURSE, PROMISES, TOPICS, Bank

Spoil = Callable[[Bank], Bank]


@pytest.fixture(scope="module")
def bank() -> Bank:
    return bank_promises.bank_of(checking.read(ROOT / "question_bank", ROOT / "seeds"))


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_the_bank_keeps_its_promise(promise: Callable[[Bank], Any], bank: Bank) -> None:
    assert list(promise(bank)) == []


def items_where(keep: Callable[[Item], bool]) -> Spoil:
    return lambda bank: replace(bank, items=tuple(item for item in bank.items if keep(item)))


def changed_items(which: Callable[[Item], bool], **changes: Any) -> Spoil:
    def spoil(bank: Bank) -> Bank:
        return replace(
            bank, items=tuple(item.model_copy(update=changes) if which(item) else item for item in bank.items)
        )

    return spoil


def changed_quiz(name: str, **changes: Any) -> Spoil:
    def spoil(bank: Bank) -> Bank:
        quizzes = (quiz.model_copy(update=changes) if quiz.id == name else quiz for quiz in bank.quizzes)
        return replace(bank, quizzes=tuple(quizzes))

    return spoil


def without_quizzes(*names: str) -> Spoil:
    return lambda bank: replace(bank, quizzes=tuple(quiz for quiz in bank.quizzes if quiz.id not in names))


def without_evidence_of_wrong_answers(bank: Bank) -> Bank:
    def bare(item: Item) -> Item:
        options = tuple(
            one.model_copy(update={"evidence": (), "true_in": None})
            for one in (item.options if item.type == "single_choice" else ())  # type: ignore[attr-defined]
        )
        return item.model_copy(update={"options": options}) if options else item

    return replace(bank, items=tuple(map(bare, bank.items)))


def without_feedback(bank: Bank) -> Bank:
    first = next(item for item in bank.items if item.type == "true_false")
    wrong = tuple(one.model_copy(update={"feedback": None}) for one in first.wrong)  # type: ignore[attr-defined]
    return changed_items(lambda item: item.id == first.id, wrong=wrong)(bank)


def with_one_passage(bank: Bank) -> Bank:
    first = next(item for item in bank.items if item.type == "true_false" and len(item.passages()) == 1)
    return changed_items(lambda item: item.id == first.id, skill="causation", show=())(bank)


def without_any_word_on_rabbits(bank: Bank) -> Bank:
    return items_where(lambda item: "british-library/fact-farming" not in item.passages())(bank)


def with_a_lonely_position(bank: Bank) -> Bank:
    first, *others = bank.disputes
    return replace(bank, disputes=(first.model_copy(update={"positions": first.positions[:1]}), *others))


def without_reading_order(bank: Bank) -> Bank:
    return replace(bank, sources=tuple(source.model_copy(update={"reading_order": ()}) for source in bank.sources))


def turned_about(bank: Bank) -> Bank:
    """The course with its first and last steps exchanged."""
    first, last = bank.quiz(COURSE[0]), bank.quiz(COURSE[-1])
    assert first is not None
    assert last is not None
    spoilt = changed_quiz(COURSE[0], sections=last.sections)(bank)
    return changed_quiz(COURSE[-1], sections=first.sections)(spoilt)


SPOILT: dict[str, Spoil] = {
    "four_hundred_items": lambda bank: replace(bank, items=bank.items[:399]),
    "every_topic_is_there": items_where(lambda item: item.topic != "kronstadt-and-unions"),
    "topics_go_from_easy_to_hard_over_several_skills": items_where(
        lambda item: item.topic != "people" or item.difficulty < 4
    ),
    "a_third_asks_for_more_than_recall": changed_items(lambda item: item.type != "evidence", skill="recall"),
    "twenty_of_each_newer_type": items_where(lambda item: item.type != "matching"),
    "forty_on_sourcing_and_corroboration": changed_items(
        lambda item: item.skill in bank_promises.ON_SOURCES, skill="recall"
    ),
    "keys_have_evidence_and_wrong_answers_feedback": without_feedback,
    "four_in_five_wrong_answers_have_evidence": without_evidence_of_wrong_answers,
    "causes_and_interpretations_rest_on_two_passages": with_one_passage,
    "interpretation_is_attributed": changed_items(lambda item: item.skill == "interpretation", attributed_to=None),
    "short_documents_are_asked_about_whole": without_any_word_on_rabbits,
    "disputes_are_many_and_of_every_kind": with_a_lonely_position,
    "heritage_can_be_read_in_order": without_reading_order,
    "lint_has_nothing_to_say": changed_items(lambda item: item.topic == "exile", stem="This is not it."),
    "each_topic_has_a_quiz": without_quizzes("people"),
    "one_quiz_mixes_all_topics_at_random": without_quizzes("mixed"),
    "the_mock_examination_is_one": changed_quiz("mock-examination", time_limit=None),
    "the_course_rises_from_the_easiest": turned_about,
    "fixed_questions_may_stand_together": changed_items(
        lambda item: item.id == "weighing-paratext", not_with=("weighing-kinds",)
    ),
    "the_daily_draw_takes_five_minutes": changed_quiz("daily", time_limit="10 min"),
}


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
def test_a_broken_promise_is_noticed(promise: Callable[[Bank], Any], bank: Bank) -> None:
    assert list(promise(SPOILT[promise.__name__](bank)))


def test_other_ways_to_break_them_are_noticed(bank: Bank) -> None:
    assert bank_promises.disputes_are_many_and_of_every_kind(replace(bank, disputes=bank.disputes[:99]))
    assert bank_promises.the_mock_examination_is_one(changed_quiz("mock-examination", mode="practice")(bank))
    assert bank_promises.the_course_rises_from_the_easiest(without_quizzes(COURSE[2])(bank)) == [COURSE[2]]
    assert bank_promises.one_quiz_mixes_all_topics_at_random(
        changed_quiz("mixed", sections=bank.quiz("exile").sections)(bank)  # type: ignore[union-attr]
    )
    assert {item.topic for item in bank.items} == TOPICS
