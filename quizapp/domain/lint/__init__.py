"""Signs that an item can be answered without knowing, misread, or given away: figures and findings, never refusals.

The rules are those of Haladyna, Downing and Rodriguez (A review of multiple-choice item-writing guidelines, 2002) that
can be measured, and what they mean for the other item types.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from quizapp.domain.item import Item
from quizapp.domain.lint import options, rows, stems, telling, topics
from quizapp.domain.lint.bank import Bank
from quizapp.domain.lint.figures import Figures, figures
from quizapp.domain.lint.rule import Finding, Rule, alone

__all__ = ["RULES", "Figures", "Finding", "Rule", "figures", "findings", "looked_at", "topic_findings"]

CHOICE = ("single_choice", "multiple_choice", "evidence")
NO_STATEMENT = (
    "single_choice", "multiple_choice", "short_answer", "numerical", "date", "ordering", "matching", "evidence",
    "corroboration",
)  # fmt: skip
RULES = (
    Rule("negative", (), alone(stems.negatives)),
    Rule("long sentence", (), alone(stems.long_sentences)),
    Rule("reading level", (), alone(stems.reading_level)),
    Rule("no question", NO_STATEMENT, alone(stems.asked)),
    Rule("no statement", ("true_false",), alone(stems.statement)),
    Rule("day, month or year", ("date",), alone(stems.exactness)),
    Rule("sweeping word", (*CHOICE, "true_false"), alone(options.absolutes)),
    Rule("lengths apart", CHOICE, alone(options.lengths)),
    Rule("length of the key", CHOICE, alone(options.key_lengths)),
    Rule("form of the key", CHOICE, alone(options.grammar)),
    Rule("echo in the key", CHOICE, options.echoes),
    Rule("overlap", ("single_choice", "evidence"), alone(options.overlaps)),
    Rule("all of the above", CHOICE, alone(options.of_the_above)),
    Rule("repeated beginning", CHOICE, alone(options.repetitions)),
    Rule("too few options", CHOICE, alone(options.too_few)),
    Rule("dated texts", ("ordering",), alone(rows.dated)),
    Rule("«first», «finally»", ("ordering",), alone(rows.sequence_words)),
    Rule("too few rows", ("ordering", "matching", "evidence"), alone(rows.few_rows)),
    Rule("lists of equal length", ("matching",), alone(rows.elimination)),
    Rule("echo in the row", ("matching",), alone(rows.row_echoes)),
    Rule("one answer for all", ("corroboration",), alone(rows.one_answer)),
    Rule("number told or unsaid", ("numerical",), alone(rows.number_told)),
    Rule("echo in the quote", ("evidence",), alone(rows.quote_echoes)),
    Rule("length of the quote", ("evidence",), alone(rows.quote_lengths)),
    Rule("wordy key", ("short_answer",), alone(rows.wordy_key)),
    Rule("same stem", (), telling.same_stem),
    Rule("told elsewhere", ("short_answer", "single_choice", "date"), telling.told_elsewhere),
    Rule("told by the view", ("short_answer", "single_choice", "multiple_choice"), alone(telling.attribution)),
    Rule("confusable name", ("short_answer",), telling.names),
)


def findings(items: Sequence[Item]) -> Iterator[Finding]:
    """What an author should look at, item by item."""
    bank = Bank(items)
    for item in items:
        for rule in RULES:
            if rule.concerns(item):
                for place, message in rule.find(item, bank):
                    yield Finding(item.id, place, message, rule.name)


def topic_findings(items: Sequence[Item]) -> Iterator[Finding]:
    """What each topic as a whole lacks; ``item`` names the topic."""
    return topics.findings(items)


def looked_at(items: Sequence[Item]) -> dict[str, int]:
    """How many items each rule concerns."""
    by_type = Counter(item.type for item in items)
    return {rule.name: sum(by_type[one] for one in rule.types or by_type) for rule in RULES}
