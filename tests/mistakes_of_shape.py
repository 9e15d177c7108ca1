"""Mistakes that one parsed item, quiz, source or dispute shows: `bank check` and the JSON Schema both see them."""

# ruff: noqa: E501 (texts of files stand as they are)

from __future__ import annotations

from tests.bank_mistakes import CLOCKS, DISPUTES, HALLOW, NOTHING, QUIZZES, Spoilt, stem, trap

KEBAB = "should be lower-case letters, digits and single hyphens, such as «brest-litovsk-signed»"
LONG = "The bells of Hallow rang the hours long before the town owned a"

OF_SHAPE = [
    Spoilt(
        "unknown field",
        CLOCKS,
        "    explanation: The chronicle gives the day.",
        "    ⟦explanaton: x\n    explanation: The chronicle gives the day.",
        "unknown field «explanaton»; did you mean «explanation»?",
    ),
    Spoilt(
        "unknown field of a file", CLOCKS, "title: The clock", "⟦author: me\ntitle: The clock", "unknown field «author»"
    ),
    Spoilt(
        "missing field",
        CLOCKS,
        "  - id: keeper-trust\n    type: true_false\n    stem: The keeper trusted the new clock.\n",
        "  - ⟦id: keeper-trust\n    type: true_false\n",
        "missing field «stem»",
    ),
    Spoilt(
        "missing title of a topic",
        CLOCKS,
        "topic: clocks\ntitle: The clock of Hallow\n",
        "⟦topic: clocks\n",
        "missing field «title»",
    ),
    Spoilt("id not in kebab-case", CLOCKS, "id: strike-effects", "id: ⟦Strike_Effects", KEBAB),
    Spoilt("difficulty out of range", CLOCKS, "difficulty: 4", "difficulty: ⟦9", "should be at most 5, not «9»"),
    Spoilt("difficulty in words", CLOCKS, "difficulty: 4", "difficulty: ⟦hard", "should be a whole number, not «hard»"),
    Spoilt("marks of nothing", CLOCKS, "marks: 2", "marks: ⟦0", "should be more than 0, not «0»"),
    Spoilt("empty text", CLOCKS, "stem: The keeper trusted the new clock.", 'stem: ⟦" "', "is empty; write text"),
    Spoilt(
        "item that is text",
        CLOCKS,
        "  - id: clock-order\n",
        "  - ⟦just text\n  - id: clock-order\n",
        "should be fields with names («name: value»)",
    ),
    Spoilt(
        "topic in an item",
        CLOCKS,
        "    type: true_false",
        "    type: true_false\n    ⟦topic: clocks",
        "the topic stands once, at the head of the file",
    ),
    Spoilt(
        "no key",
        CLOCKS,
        "    options:\n      - {id: sand, text: A glass of sand, correct: true}",
        "    ⟦options:\n      - {id: sand, text: A glass of sand, feedback: x}",
        "no key: mark the right option with «correct: true»",
    ),
    Spoilt(
        "two keys",
        CLOCKS,
        "feedback: He did not trust it., true_in: hallow/verdict",
        "correct: ⟦true",
        "a second key: one option only is correct here; use multiple_choice for several",
    ),
    Spoilt("empty option", CLOCKS, "text: A glass of sand", 'text: ⟦""', "is empty; write text"),
    Spoilt(
        "wrong answer without feedback",
        CLOCKS,
        "      - {id: silence, text: The bells fell silent, feedback: The keeper went on ringing.}",
        "      - ⟦{id: silence, text: The bells fell silent}",
        "a wrong answer without feedback; say why it is wrong",
    ),
    Spoilt(
        "foreseen answer without feedback",
        CLOCKS,
        "      - {answer: The keeper, feedback: He rang the bells.}",
        "      - ⟦{answer: The keeper}",
        "a wrong answer without feedback; say why it is wrong",
    ),
    Spoilt(
        "statement without a word on the other answer",
        CLOCKS,
        "  - id: keeper-trust\n    type: true_false\n    stem: The keeper trusted the new clock.\n    key: false\n    wrong:\n      - feedback: He said that he did not.\n        evidence:\n          - {passage: hallow/bells, quote: 'he \"did not trust'}\n",
        "  - ⟦id: keeper-trust\n    type: true_false\n    stem: The keeper trusted the new clock.\n    key: false\n",
        "say with «wrong» why the other answer is wrong: feedback, and evidence",
    ),
    Spoilt(
        "key without evidence",
        CLOCKS,
        "  - id: keeper-glass\n",
        "  - ⟦id: no-proof\n    type: true_false\n    stem: It rang.\n    key: true\n    wrong: [{feedback: It did.}]\n    difficulty: 1\n    skill: recall\n    explanation: It did.\n  - id: keeper-glass\n",
        "no evidence for the key; name the passage that proves it",
    ),
    Spoilt(
        "quote too long",
        CLOCKS,
        'quote: "turned a glass of sand"',
        f'quote: ⟦"{LONG}"',
        "a quote of 13 words; 12 at most",
    ),
    Spoilt("quote of nothing", CLOCKS, 'quote: "turned a glass of sand"', 'quote: ⟦""', "is empty; write text"),
    Spoilt(
        "passage without its source",
        CLOCKS,
        'passage: hallow/bells, quote: "turned',
        'passage: ⟦bells, quote: "turned',
        "should name a source and its passage, such as «columbia/brest-litovsk»",
    ),
    Spoilt(
        "occurrence of a list",
        CLOCKS,
        '      - {passage: hallow/strike, quote: ["raised his pay", "came twice"]}',
        '      - ⟦{passage: hallow/strike, quote: ["raised his pay", "came twice"], occurrence: 1}',
        "«occurrence» goes with a single quote; a list is for quotes that each occur once",
    ),
    Spoilt(
        "date in words",
        CLOCKS,
        '"1702-06-02"',
        '⟦"2 June 1702"',
        'should be a year, month or day in quotation marks, such as "1917", "1917-11" or "1917-11-07"',
    ),
    Spoilt(
        "unknown skill",
        CLOCKS,
        "skill: causation",
        "skill: ⟦guessing",
        "«guessing» is not one of recall, chronology, causation, significance, change, sourcing, corroboration, contextualisation, close_reading, interpretation",
    ),
    Spoilt(
        "section of neither kind",
        QUIZZES,
        "      - {title: Fixed, items: [keeper-glass, keeper-trust]}",
        "      - ⟦{title: Fixed}",
        "a section has either «items» or «draw» with «from»",
    ),
    Spoilt(
        "quiz without sections",
        QUIZZES,
        "    sections:\n      - {title: Fixed, items: [keeper-glass, keeper-trust]}\n      - {title: Drawn, draw: 2, from: {topic: clocks, difficulty: [2, 4]}}\n",
        "    ⟦sections: []\n",
        "give at least 1 here",
    ),
    Spoilt(
        "duration without unit",
        QUIZZES,
        "    mode: practice",
        '    mode: practice\n    time_limit: ⟦"15"',
        "should be a whole number and s, min, h or d, such as «15 min»",
    ),
    Spoilt(
        "unknown reliability",
        HALLOW,
        "reliability: medium",
        "reliability: ⟦fair",
        "«fair» is not one of high, medium, low",
    ),
    Spoilt(
        "passage without account",
        HALLOW,
        "    account: Our own account of it.\n    claims",
        "    ⟦account:\n    claims",
        NOTHING,
    ),
    Spoilt(
        "position without evidence",
        DISPUTES,
        '        evidence:\n          - {passage: hallow/verdict, quote: "two late bells"}',
        "        ⟦evidence: []",
        "give at least 1 here",
    ),
    Spoilt(
        "unknown type",
        CLOCKS,
        "type: true_false",
        "type: ⟦true-false",
        "unknown type «true-false»; did you mean «true_false»? There are single_choice, multiple_choice, true_false, "
        "short_answer, numerical, date, ordering, matching, evidence and corroboration",
    ),
    Spoilt(
        "list of no quotes",
        CLOCKS,
        'quote: ["raised his pay", "came twice"]',
        "⟦quote: []",
        "give at least 1 here",
    ),
    stem("truth value for text", "No", "a truth value"),
    stem("number for text", "1703", "a number"),
    Spoilt("nothing for text", CLOCKS, "    stem: The keeper trusted the new clock.", "    ⟦stem:", NOTHING),
    stem("tilde for text", "~", "nothing"),
    Spoilt("truth value for an option", CLOCKS, "text: A glass of sand", "text: ⟦Yes", trap("Yes", "a truth value")),
    Spoilt("truth value for a skill", CLOCKS, "skill: causation", "skill: ⟦off", trap("off", "a truth value")),
    Spoilt(
        "year for a date",
        CLOCKS,
        '{date: "1703", calendar: unstated}',
        "{date: ⟦1703, calendar: unstated}",
        trap("1703", "a number"),
    ),
]
