"""What the curated bank promises, as far as a machine can hold it to that: each promise names what breaks it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from statistics import mean

from quizapp.domain import lint
from quizapp.domain.item import Item
from quizapp.domain.quiz import Quiz, duration, may_stand_together
from quizapp.domain.source import Dispute, Source
from quizapp.formats.bank_yaml import BankFiles

TOPICS = {
    "1917", "assassination", "brest-litovsk", "early-life", "exile", "fourth-international", "iskra-and-the-split",
    "kronstadt-and-unions", "legacy", "lenins-illness", "moscow-trials", "oppositions-and-expulsion", "people",
    "permanent-revolution", "reading-sources", "red-army-and-civil-war", "revolution-of-1905",
    "revolutionary-beginnings", "second-emigration", "succession", "weighing-sources",
}  # fmt: skip
MANY_OF = ("ordering", "matching", "evidence", "corroboration")
ON_SOURCES = ("sourcing", "corroboration")
NEEDS_TWO = ("causation", "significance", "interpretation")
READ_WHOLE = ("columbia", "essay", "british-library")
COURSE = [f"reading-the-sources-{number}" for number in range(1, 6)]
KINDS_OF_DISPUTE = {"contradiction", "calendar", "emphasis", "corrupted_text", "error", "interpretation"}


@dataclass(frozen=True)
class Bank:
    """All that is published, without its files."""

    items: tuple[Item, ...]
    disputes: tuple[Dispute, ...]
    sources: tuple[Source, ...]
    quizzes: tuple[Quiz, ...]

    def quiz(self, name: str) -> Quiz | None:
        """The quiz of that id."""
        return next((quiz for quiz in self.quizzes if quiz.id == name), None)


def bank_of(files: BankFiles) -> Bank:
    """The bank that the files hold."""
    return Bank(
        tuple(one.thing for one in files.items),
        tuple(one.thing for one in files.disputes),
        tuple(one.thing for one in files.sources),
        tuple(one.thing for one in files.quizzes),
    )


Broken = Iterable[str]  # what breaks a promise, by name; nothing where it is kept


def four_hundred_items(bank: Bank) -> Broken:
    """At least 400 items."""
    return [f"{len(bank.items)} items"] if len(bank.items) < 400 else []


def every_topic_is_there(bank: Bank) -> Broken:
    """Every topic that the bank is about has items."""
    return sorted(TOPICS - {item.topic for item in bank.items})


def topics_go_from_easy_to_hard_over_several_skills(bank: Bank) -> Broken:
    """Each topic has easy and hard items, three skills at least and a third beyond recall."""
    return [f"{one.item}: {one.message}" for one in lint.topic_findings(bank.items)]


def a_third_asks_for_more_than_recall(bank: Bank) -> Broken:
    """A third of all items ask for more than recall."""
    share = mean(item.skill != "recall" for item in bank.items)
    return [f"{share:.0%} beyond recall"] if share < 1 / 3 else []


def twenty_of_each_newer_type(bank: Bank) -> Broken:
    """Twenty items each of ordering, matching, evidence, corroboration."""
    counted = Counter(item.type for item in bank.items)
    return [f"{counted[one]} of {one}" for one in MANY_OF if counted[one] < 20]


def forty_on_sourcing_and_corroboration(bank: Bank) -> Broken:
    """Forty items whose skill is sourcing or corroboration."""
    number = sum(item.skill in ON_SOURCES for item in bank.items)
    return [f"{number} on sourcing or corroboration"] if number < 40 else []


def keys_have_evidence_and_wrong_answers_feedback(bank: Bank) -> Broken:
    """Every key has evidence, every wrong answer feedback."""
    return [f"{item.id}: {gap.message}" for item in bank.items for gap in item.gaps()]


def four_in_five_wrong_answers_have_evidence(bank: Bank) -> Broken:
    """Four in five wrong answers have evidence of their own."""
    proofs = [proof for item in bank.items for _, _, proof in item.distractors() if proof is not None]
    return [f"{mean(proofs):.0%} proved"] if mean(proofs) < 0.8 else []


def causes_and_interpretations_rest_on_two_passages(bank: Bank) -> Broken:
    """Causation, significance and interpretation cite two passages or show one."""
    thinking = (item for item in bank.items if item.skill in NEEDS_TWO)
    return [item.id for item in thinking if len(item.passages()) < 2 and not item.show]


def interpretation_is_attributed(bank: Bank) -> Broken:
    """Items on interpretation say whose."""
    return [item.id for item in bank.items if item.skill == "interpretation" and not item.attributed_to]


def short_documents_are_asked_about_whole(bank: Bank) -> Broken:
    """Each content passage of the three short documents is cited by an item or a dispute."""
    cited = {ref for item in bank.items for ref in item.passages()}
    cited |= {one.passage for dispute in bank.disputes for side in dispute.positions for one in side.evidence}
    texts = {
        f"{source.id}/{passage.id}"
        for source in bank.sources
        if source.id in READ_WHOLE
        for passage in source.passages
        if passage.kind == "text"
    }
    return sorted(texts - cited)


def disputes_are_many_and_of_every_kind(bank: Bank) -> Broken:
    """Many dozens of disputes, of each kind, each between two positions at least."""
    lonely = [dispute.id for dispute in bank.disputes if len(dispute.positions) < 2]
    missing = KINDS_OF_DISPUTE - {dispute.kind for dispute in bank.disputes}
    few = [f"{len(bank.disputes)} disputes"] if len(bank.disputes) < 100 else []
    return [*lonely, *sorted(missing), *few]


def heritage_can_be_read_in_order(bank: Bank) -> Broken:
    """The scrambled document has a reading order of all its passages."""
    source = next(source for source in bank.sources if source.id == "heritage")
    return sorted({passage.id for passage in source.passages} ^ set(source.reading_order))


def lint_has_nothing_to_say(bank: Bank) -> Broken:
    """Nothing that lint would point at."""
    return [f"{one.item}: {one.message}" for one in lint.findings(bank.items)]


def each_topic_has_a_quiz(bank: Bank) -> Broken:
    """For each topic there is a quiz of its own."""
    own = [topics for topics in (_topics(quiz, bank.items) for quiz in bank.quizzes) if len(topics) == 1]
    return sorted({item.topic for item in bank.items} - {topic for topics in own for topic in topics})


def _topics(quiz: Quiz, items: Sequence[Item]) -> set[str]:
    """The topics that a quiz may ask about."""
    topic_of = {item.id: item.topic for item in items}
    fixed = {topic_of[one] for section in quiz.sections for one in section.items if one in topic_of}
    pools = [section.source for section in quiz.sections if section.source is not None]
    return fixed | {item.topic for pool in pools for item in items if pool.admits(item)}


def _is_drawn(quiz: Quiz) -> bool:
    return all(section.draw for section in quiz.sections)


def one_quiz_mixes_all_topics_at_random(bank: Bank) -> Broken:
    """A mixed practice quiz drawn at random over all topics."""
    quiz = bank.quiz("mixed")
    if quiz is None or quiz.mode != "practice" or not _is_drawn(quiz) or quiz.size() < 10:
        return ["mixed"]
    return sorted({item.topic for item in bank.items} - _topics(quiz, bank.items))


def the_mock_examination_is_one(bank: Bank) -> Broken:
    """A timed test of forty questions in titled sections, over all topics."""
    quiz = bank.quiz("mock-examination")
    if quiz is None or quiz.mode != "test" or quiz.limit() is None or quiz.size() != 40:
        return ["mock-examination"]
    untitled = [f"section {i}" for i, section in enumerate(quiz.sections) if not section.title]
    few = ["sections"] if len(quiz.sections) < 4 else []
    return [*untitled, *few, *sorted({item.topic for item in bank.items} - _topics(quiz, bank.items))]


def the_course_rises_from_the_easiest(bank: Bank) -> Broken:
    """Five quizzes on reading the sources, each harder than the one before, on sourcing and corroboration above all."""
    quizzes = [bank.quiz(name) for name in COURSE]
    if None in quizzes:
        return [name for name, quiz in zip(COURSE, quizzes, strict=True) if quiz is None]
    by_id = {item.id: item for item in bank.items}
    steps = [[by_id[one] for section in quiz.sections for one in section.items] for quiz in quizzes if quiz]
    levels = [mean(item.difficulty for item in step) for step in steps]
    falls = [name for name, low, high in zip(COURSE[1:], levels, levels[1:], strict=False) if high <= low]
    share = mean(item.skill in ON_SOURCES for step in steps for item in step)
    easiest = ["the first is not easy"] if levels[0] > 2 else []
    return [*falls, *easiest, *(["other skills"] if share < 2 / 3 else [])]


def fixed_questions_may_stand_together(bank: Bank) -> Broken:
    """No quiz sets two questions that give each other away, or whose keys rest on the same quote."""
    by_id = {item.id: item for item in bank.items}
    for quiz in bank.quizzes:
        fixed = [by_id[one] for section in quiz.sections for one in section.items if one in by_id]
        for one, other in combinations(fixed, 2):
            if not may_stand_together(one, other):
                yield f"{quiz.id}: {one.id} and {other.id}"


def the_daily_draw_takes_five_minutes(bank: Bank) -> Broken:
    """Five minutes a day, drawn from the whole bank."""
    quiz = bank.quiz("daily")
    if quiz is None or not _is_drawn(quiz) or quiz.limit() != duration("5 min") or quiz.size() > 6:
        return ["daily"]
    return sorted({item.topic for item in bank.items} - _topics(quiz, bank.items))


PROMISES: tuple[Callable[[Bank], Broken], ...] = (
    four_hundred_items,
    every_topic_is_there,
    topics_go_from_easy_to_hard_over_several_skills,
    a_third_asks_for_more_than_recall,
    twenty_of_each_newer_type,
    forty_on_sourcing_and_corroboration,
    keys_have_evidence_and_wrong_answers_feedback,
    four_in_five_wrong_answers_have_evidence,
    causes_and_interpretations_rest_on_two_passages,
    interpretation_is_attributed,
    short_documents_are_asked_about_whole,
    disputes_are_many_and_of_every_kind,
    heritage_can_be_read_in_order,
    lint_has_nothing_to_say,
    each_topic_has_a_quiz,
    one_quiz_mixes_all_topics_at_random,
    the_mock_examination_is_one,
    the_course_rises_from_the_easiest,
    fixed_questions_may_stand_together,
    the_daily_draw_takes_five_minutes,
)
