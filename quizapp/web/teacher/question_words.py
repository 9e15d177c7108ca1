"""What the fields of a question are called on the page, and what was wrong with them, in plain words."""

from __future__ import annotations

import re

from quizapp.domain.typed import Field

# name: label, help
WORDS: dict[str, tuple[str, str]] = {
    "stem": ("Question", "What students read. *Emphasis* with asterisks, [links](https://…) with brackets."),
    "explanation": ("Why the answer is right", "Students read it after answering."),
    "evidence": ("Evidence", "The passage that proves it and, where the exact words matter, up to twelve of them."),
    "unsourced": (
        "No source: why?",
        "Only where there is no evidence: students read “No source given” and your reason.",
    ),
    "topic": ("Topic", ""),
    "difficulty": ("Difficulty", ""),
    "skill": ("Skill", ""),
    "tags": ("Tags", "One a line."),
    "options": ("Options", ""),
    "text": ("Text", ""),
    "correct": ("This one is right", ""),
    "feedback": ("What to say to those who choose it", "Why it is wrong, or well done."),
    "true_in": ("Right by another passage", "Where a source says so: its passage, such as columbia/brest-litovsk."),
    "pin": ("Place", ""),
    "credit": ("How marks are given", ""),
    "key": ("Right answer", ""),
    "wrong": ("Wrong answers that you expect", "Each with what to say to those who give it. May stay empty."),
    "answer": ("Answer", ""),
    "accept": ("Also right", "Other ways to write it, one a line."),
    "near_miss": ("A small spelling slip", ""),
    "value": ("Number", ""),
    "tolerance": ("Give or take", "How far off is still right; 0 where it must be exact."),
    "unit": ("Unit", "Such as km; may stay empty."),
    "date": ("Date", "Year, month or day, as precise as it should be: 1917, November 1917 or 7 November 1917."),
    "calendar": ("Calendar", ""),
    "tie": ("At the same time as the one before", ""),
    "match": ("Belongs to", ""),
    "passage": ("Passage", "Find it, or type its name: source/passage."),
    "quote": ("Words of the passage", "Exactly as they stand there, twelve words at most. One quote a line."),
    "occurrence": ("Which time", "Only where the words stand there more than once: 1, 2 …"),
    "claim": ("Claim", "One statement to which each passage is compared."),
    "disputes": ("Disputes", "The ids of disputes to show with the answer, one a line."),
    "show": ("Passages shown with the question", "One a line: source/passage."),
    "not_with": ("Not together with", "The names of questions that give this one away, one a line."),
    "attributed_to": ("Whose view it asks about", ""),
    "needs_text": ("Only where the document is attached", ""),
    "note": ("Content note", "A warning that students read first."),
    "marks": ("Marks", ""),
    "hint": ("Hint", ""),
    "because": (
        "Ask for a reason in a sentence or two",
        "Half of the mark in a class’s test, where you mark it 0, 1 or 2; elsewhere compared with the explanation.",
    ),
}
# type: what it asks for, an example
TYPES: dict[str, tuple[str, str]] = {
    "single_choice": ("Several options, one of them right.", "Which port was meant? One of four."),
    "multiple_choice": ("Several options, two or more of them right.", "Which of these cities are ports? Tick three."),
    "true_false": ("A statement: is it true or false?", "“The harbour was closed in winter.” True or false?"),
    "matching": ("Two lists: what belongs to what?", "Four people, each with the office that they held."),
    "ordering": ("Things to put in order, the earliest first.", "Four events of one year, from first to last."),
    "numerical": ("A number, exact or within a margin that you set.", "How many ships? 12, give or take 1."),
    "date": ("A year, a month or a day, in the Old or the New Style.", "When did it begin? November 1905."),
    "short_answer": ("A word or a name that students type.", "Which city? “Odessa”; you list other spellings."),
    "evidence": ("An answer, and the quotes that prove it.", "Who ordered it? Then: which of these lines shows that?"),
    "corroboration": (
        "A claim, and passages that agree, disagree or are silent.",
        "Which of three witnesses support it?",
    ),
}
CHOICES = {
    "true": "True", "false": "False", "1": "1 – easy", "2": "2", "3": "3", "4": "4", "5": "5 – hard",
    "first": "Always first", "last": "Always last", "full": "forgiven", "half": "costs half the mark",
    "none": "counts as wrong", "julian": "Old Style (Julian)", "gregorian": "New Style (Gregorian)",
    "unstated": "Not stated", "right_minus_wrong": "Right minus wrong, never below 0",
    "each_option": "Each option counts", "all_or_nothing": "All or nothing",
    "kendall_tau": "Pairs in the right order", "adjacent_pairs": "Neighbours in the right order",
}  # fmt: skip
BLANK = {"pin": "Shuffled with the others", "credit": "As usual", "near_miss": "forgiven (as usual)"}
FILL_IN, CHOOSE = "Fill this in.", "Choose one."
long_texts = frozenset({"stem", "explanation", "feedback", "unsourced", "note", "hint"})
PLAIN = (
    (r"^missing field «\w+».*", "Fill this in."),
    (r"^no key: mark the right option.*", "Say which option is right: tick it."),
    (r"^no key: mark each right option.*", "Say which options are right: tick them."),
    (r"^a second key: one option only.*", "Only one option may be right here. For several, use multiple choice."),
    (r"^one right option only;.*", "Tick every option that is right. If it is only one, use single choice."),
    (
        r"^should be a year, month or day.*",
        "Write a year, month or day, the month by its name: 1917, November 1917 or 7 November 1917, not 7/11/1917.",
    ),
    (r"^should name a source and its passage.*", "Choose a passage: this is not the name of one."),
    (r"^(?:is empty; write text|nothing is written here).*", "Fill this in."),
    (r"^give at least (\d+) here.*", r"Give at least \1."),
    (r"^«occurrence» goes with a single quote.*", "“Which time” goes with a single quote: leave it empty."),
    (r"; quote more words, or say which with «occurrence»", ". Quote more words, or say below which time is meant"),
    (r"; use multiple_choice for several|, or use single_choice", ""),
    (r"^say with «wrong» why", "Say why"),
    (r"^should be lower-case letters.*", "Use lower-case letters, digits and hyphens."),
)


def type_words(name: str) -> tuple[str, str]:
    """What a type of question asks for, and a tiny example; blank for a type that is new here."""
    return TYPES.get(name, ("", ""))


def label(name: str) -> tuple[str, str]:
    """What a field is called, and its line of help."""
    return WORDS.get(name) or (name.replace("_", " ").capitalize(), "")


def choice_words(field: Field) -> list[tuple[str, str]]:
    """The values that can be chosen, with their labels; blank first."""
    blank = BLANK.get(field.name, "Choose …" if field.is_required else "–")
    named = [(value, CHOICES.get(value, value.replace("_", " ").capitalize())) for value in field.choices]
    return [("", blank), *named]


def plain_words(message: str) -> str:
    """A message of those who check entries, in the words of somebody who never saw one."""
    for pattern, words in PLAIN:
        message = re.sub(pattern, words, message)
    message = message.replace("«", "“").replace("»", "”")
    message = message[:1].upper() + message[1:]
    return message if message.endswith((".", "!", "?", "”")) else f"{message}."
