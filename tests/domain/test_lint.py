"""Lint points at what may be guessed, misread or given away, and at nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.domain import lint
from quizapp.domain.item import Item
from quizapp.domain.items import build
from quizapp.domain.lint.readability import grade, syllables
from tests.builders import COMMON

PASSAGE = "almanac/clocks"


def an_item(kind: str, *, name: str = "it", stem: str = "Which clock is meant?", **more: Any) -> Item:
    return build({**COMMON, "id": name, "type": kind, "stem": stem, **more})


def a_choice(*texts: str, name: str = "choice", **more: Any) -> Item:
    options = [{"id": f"o{i}", "text": text, "correct": i == 0} for i, text in enumerate(texts)]
    return an_item("single_choice", name=name, options=options, **more)


def an_answer(text: str, *, name: str = "answer", stem: str = "Who made it?", **more: Any) -> Item:
    return an_item("short_answer", name=name, stem=stem, key={"text": text}, **more)


def a_statement(key: bool, stem: str = "") -> Item:
    return an_item("true_false", name=f"says-{key}".lower(), stem=stem or f"It is {key}.", key=key)


def a_date(date: str, stem: str, name: str = "date", **more: Any) -> Item:
    return an_item("date", name=name, stem=stem, key={"date": date, "calendar": "unstated"}, **more)


def an_order(*texts: str) -> Item:
    options = [{"id": f"o{i}", "text": text} for i, text in enumerate(texts)]
    return an_item("ordering", stem="Put them in order.", options=options)


def a_match(*pairs: tuple[str, str], wrong: tuple[str, ...] = ()) -> Item:
    options = [{"id": f"o{i}", "text": text, "match": match} for i, (text, match) in enumerate(pairs)]
    answers = [{"answer": text} for text in wrong]
    return an_item("matching", stem="Match them.", options=options, wrong=answers)


def quotes(*texts: str, stem: str = "Which words prove it?", **more: Any) -> Item:
    options = [{"id": f"o{i}", "passage": PASSAGE, "quote": text, "correct": i == 0} for i, text in enumerate(texts)]
    return an_item("evidence", stem=stem, options=options, **more)


def compared(*keys: str) -> Item:
    rows = [
        {"id": f"o{i}", "passage": f"almanac/p{i}", "key": key, **({} if key == "silent" else {"quote": "by night"})}
        for i, key in enumerate(keys)
    ]
    return an_item("corroboration", stem="Judge each passage.", claim="It struck.", options=rows)


def a_number(value: str, stem: str = "How many clocks struck?", **more: Any) -> Item:
    key = {"value": value, **more.pop("key", {})}
    return an_item("numerical", stem=stem, key=key, **{"wrong": [{"answer": "1"}], **more})


def told(*items: Item) -> list[tuple[str, str]]:
    return [(finding.item, finding.message) for finding in lint.findings(items)]


def rules(*items: Item) -> set[str]:
    return {finding.rule for finding in lint.findings(items)}


GOOD = a_choice("A sundial", "A candle", "A glass")


def test_good_items_give_nothing_to_tell() -> None:
    good = (
        GOOD,
        an_answer("Odile Varn"),
        a_statement(False, "Ten days vanished in 1751."),
        a_date("1752-09", "In which month did ten days vanish?"),
        an_order("Night falls", "Bells ring", "Mist comes", "Day breaks"),
        a_match(("Wax", "A candle"), ("Sand", "A glass"), ("Light", "A dial"), wrong=("A spring",)),
        quotes("by the sun", "by the sand", "by the bell", stem="Which quote shows how wax was used?"),
        compared("agrees", "silent"),
        a_number("7"),
    )
    assert told(*good) == []


HARD = "Which incontrovertible horological authorities deliberately repudiated mechanisation altogether?"
SUSPECT = {
    "negative": a_choice("A", "B", "C", stem="Which is not a clock?"),
    "long sentence": a_choice("A", "B", "C", stem=f"{'word ' * 29}word?"),
    "reading level": an_answer("Odile", stem=HARD),
    "no question": a_choice("A", "B", "C", stem="The clocks of the town."),
    "no statement": a_statement(True, "Is it true?"),
    "day, month or year": a_date("1752-09", "Say how it was with the missing clocks."),
    "sweeping word": a_choice("A sundial", "Always a candle", "A glass"),
    "lengths apart": a_choice("A", "A sundial on the southern wall", "B"),
    "length of the key": a_choice("A sundial on the southern wall", "A glass of sand", "Some old candle"),
    "form of the key": a_choice("Through shadows", "A candle", "The glass"),
    "echo in the key": a_choice("By its shadow", "By its wax", "By its sand", stem="How does a shadow clock work?"),
    "overlap": a_choice("1700–1750", "1740–1790", "1800–1850"),
    "all of the above": a_choice("A sundial", "A candle", "All of the above"),
    "repeated beginning": a_choice("It was made of wax", "It was made of sand", "It was made of iron"),
    "too few options": a_choice("A sundial", "A candle"),
    "dated texts": an_order("Night in 1752", "Bells", "Mist in 1753", "Day"),
    "«first», «finally»": an_order("First the night", "Bells", "Mist", "Day"),
    "too few rows": an_order("Night", "Bells", "Mist"),
    "lists of equal length": a_match(("Wax", "A candle"), ("Sand", "A glass"), ("Light", "A dial")),
    "echo in the row": a_match(("Sand", "A sand glass"), ("Wax", "A candle"), ("Light", "A dial"), wrong=("A bell",)),
    "one answer for all": compared("agrees", "agrees"),
    "number told or unsaid": a_number("7", stem="Of the 7 clocks, how many struck?"),
    "echo in the quote": quotes("the bell struck noon", "by the sand", "by wax", stem="Which tells of a noon bell?"),
    "length of the quote": quotes("by the light of the sun and of the moon", "by sand", "by wax"),
    "told by the view": an_answer("Odile Varn", attributed_to="Odile Varn, as the almanac quotes her"),
    "wordy key": an_answer("the clock on the southern wall of the town hall"),
}  # fmt: skip


@pytest.mark.parametrize("rule", SUSPECT)
def test_each_rule_finds_what_it_is_for(rule: str) -> None:
    assert rules(SUSPECT[rule]) >= {rule}


def test_every_rule_is_tried() -> None:
    assert {rule.name for rule in lint.RULES} - set(SUSPECT) == {"same stem", "told elsewhere", "confusable name"}


@pytest.mark.parametrize("stem", ["Which never stops?", "Which isn’t one?", "All except?", "Which is NOt it?"])
def test_negatives(stem: str) -> None:
    assert [message[:12] for _, message in told(a_choice("A", "B", "C", stem=stem))] == ["a negative, "]


@pytest.mark.parametrize(
    "stem",
    ["Which notary knotted a northern note?", "Which is **not** one?", "Which is NOT one?", "Who says «not now»?"],
)
def test_words_that_only_look_negative_and_negatives_that_are_seen(stem: str) -> None:
    assert told(a_choice("A", "B", "C", stem=stem)) == []


def test_lengths_of_options() -> None:
    [apart] = [one for one in told(a_choice("A", "A sundial on the southern wall", "B")) if "longest" in one[1]]
    assert apart[1] == "the longest option is 30.0 times as long as the shortest"
    long_key = a_choice("A sundial on the southern wall", "A glass of sand", "Some old candle")
    assert told(long_key) == [("choice", "the key is 2.0 times as long as its distractors")]
    short_key = a_choice("Some candle", "Glasses of finest sand", "An obelisk in the garden")
    assert told(short_key) == [("choice", "the distractors are 2.1 times as long as the key")]


def test_a_key_with_a_sweeping_word_is_no_clue_and_a_true_statement_may_sweep() -> None:
    assert rules(a_choice("Every sundial", "Every candle", "A glass")) == set()
    assert rules(a_statement(True, "It never stops, and **never** means never.")) == {"negative"}
    assert rules(a_statement(False, "It always stops.")) == {"sweeping word"}


def test_an_article_at_the_end_of_the_stem() -> None:
    assert rules(a_choice("apple", "pear", "plum", stem="He ate an …")) == {"form of the key"}
    assert rules(a_choice("apple", "orange", "olive", stem="He ate an …")) == set()


def test_an_echo_counts_only_where_no_distractor_echoes_as_much() -> None:
    stem = "How does a shadow clock tell the hours?"
    assert rules(a_choice("By its shadow", "By its clock face", "By its sand", stem=stem)) == set()


def test_an_option_that_holds_another() -> None:
    [(_, message)] = told(a_choice("The mill clock", "The mill", "The church", stem="Which one?"))
    assert message == "overlaps «The mill clock»: if one is right, so may be the other"


def test_the_same_stem_twice() -> None:
    assert told(GOOD, a_choice("Other", "Things", "Here", name="second", stem="Which clock is  meant")) == [
        ("second", "neither a question nor a task nor a sentence to complete; say what is wanted"),
        ("second", "the same stem as «choice»"),
    ]


def test_nearly_the_same_stem_twice() -> None:
    one = an_answer("Odile", stem="Who repaired the broken harbour clock of Skerry in winter?")
    other = an_answer("Varn", name="second", stem="In winter, who repaired the broken clock of Skerry harbour?")
    message = "asks nearly the same as «answer»; say so with «not_with», or ask something else"
    assert told(one, other) == [("second", message)]
    assert told(one, other.model_copy(update={"not_with": ("answer",)})) == []
    of_another_year = an_answer("Varn", name="second", stem="In 1752 and 1753, who repaired Skerry’s harbour clock?")
    assert told(one, of_another_year) == []


def test_names_that_a_slip_makes_the_key() -> None:
    others = (an_answer("Kamenew", name="other", stem="Who else?"), a_choice("Kamenjev’s", "Nobody", name="third"))
    message = "would be taken for the key with a slip; list it under «wrong»"
    found = [one for one in told(an_answer("Kamenev"), *others) if one[0] == "answer"]
    assert found == [("answer", f"«Kamenew» {message}"), ("answer", f"«Kamenjev» {message}")]
    known = an_answer("Kamenev", wrong=[{"answer": "Kamenew"}, {"answer": "Kamenjev"}])
    assert [one for one in told(known, *others) if one[0] == "answer"] == []
    assert [one for one in told(an_answer("Kamenev", near_miss="none"), *others) if one[0] == "answer"] == []


def test_items_that_give_each_other_away() -> None:
    telling = a_choice("A", "B", "C", name="telling", stem="What did Odile Varn mend?")
    assert told(an_answer("Odile Varn"), telling) == [
        ("answer", "the stem of «telling» tells the key; say so with «not_with»")
    ]
    assert told(an_answer("Odile Varn", not_with=["telling"]), telling) == []
    assert told(an_answer("Odile Varn"), telling.model_copy(update={"not_with": ("answer",)})) == []


def test_a_choice_or_a_date_is_told_by_an_item_on_the_same_passage_only() -> None:
    elsewhere = [{"passage": "almanac/bells"}]
    chosen = a_choice("A church bell", "A candle", "A glass", stem="What woke the town?")
    telling = an_answer("Odile", name="telling", stem="Who rang a church bell on 3 September 1752?")
    assert rules(chosen, telling) == {"told elsewhere"}
    assert rules(chosen, telling.model_copy(update={"evidence": build_evidence(elsewhere)})) == set()
    assert rules(a_date("1752-09-03", "On which day did it ring?"), telling) == {"told elsewhere"}


def test_whose_view_is_asked_about_may_repeat_the_stem_or_a_distractor() -> None:
    def found(*texts: str, **more: Any) -> bool:
        return "told by the view" in rules(a_choice(*texts, attributed_to="Odile Varn of Brill", **more))

    assert found("Odile Varn", "Jan Mole", "Ada Flint")
    assert not found("Varn’s clock", "A dial", "Sand", stem="What did Varn mend?")
    assert not found("Clocks in Brill", "Dials in Brill", "Some candles")
    assert not found("Jan Mole", "Odile Varn", "Ada Flint")


def build_evidence(entries: list[dict[str, Any]]) -> Any:
    return an_answer("Odile", evidence=entries).evidence


def test_what_a_topic_lacks() -> None:
    alone = [finding.message for finding in lint.topic_findings([GOOD])]
    assert alone == [
        "no hard item (difficulty from 4) in this topic",
        "1 skill in this topic; ask for 3 at least",
        "0% of this topic ask for more than recall; a third at least",
    ]
    skills = ("recall", "sourcing", "change")
    varied = [GOOD.model_copy(update={"skill": skill, "difficulty": 2 + i}) for i, skill in enumerate(skills)]
    assert list(lint.topic_findings(varied)) == []
    hard = [GOOD.model_copy(update={"skill": skill, "difficulty": 4}) for skill in skills]
    assert [one.message for one in lint.topic_findings(hard)] == ["no easy item (difficulty up to 2) in this topic"]


def test_grades_are_those_of_flesch_and_kincaid() -> None:
    assert [syllables(word) for word in ("clock", "candle", "made", "wanted", "authority")] == [1, 2, 1, 2, 4]
    assert grade("The clock was made of wax.") == pytest.approx(0.39 * 6 + 11.8 * 6 / 6 - 15.59)
    assert grade("An authority spoke. We listened.") == pytest.approx(0.39 * 2.5 + 11.8 * 9 / 5 - 15.59)
    assert grade("1752") is None


def test_figures() -> None:
    figures = lint.figures([GOOD, a_choice("Long key", "B", name="x"), a_statement(True), a_statement(False)])
    assert (figures.items, figures.single_choice, figures.longest, figures.true) == (4, 2, 1.0, 0.5)
    assert figures.longest_by_chance == pytest.approx((1 / 3 + 1 / 2) / 2)
    assert figures.shortest == 0
    assert figures.key_length == pytest.approx((9 / 7.5 + 8) / 2)
    assert figures.first_by_type == {"single_choice": 1.0}
    assert figures.beyond_recall == 0
    assert figures.guess_scores == {"single_choice": pytest.approx(5 / 12), "true_false": 0.5}
    empty = lint.figures([])
    assert (empty.longest, empty.key_length, empty.true, empty.words_a_sentence) == (None, None, None, None)


def test_figures_of_quotes_answers_and_sweeping_words() -> None:
    echoed = quotes("the bell struck", "by the sand", "by wax", stem="Which tells of a bell?")
    figures = lint.figures([echoed, compared("agrees", "silent"), SUSPECT["sweeping word"]])
    assert (figures.quote_echoes, figures.quote_echoes_by_chance) == (1, pytest.approx(1 / 3))
    assert figures.answers == {"agrees": 1, "is silent": 1}
    assert (figures.absolutes_in_keys, figures.absolutes_in_distractors) == (0, 0.5)


def test_rules_say_how_many_items_they_concern() -> None:
    counted = lint.looked_at([GOOD, a_statement(True), an_answer("Odile")])
    assert (counted["negative"], counted["lengths apart"], counted["sweeping word"]) == (3, 1, 2)
    assert counted["dated texts"] == 0
