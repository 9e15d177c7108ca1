"""A bank of our own as files, about a document of our own: tests of checking and publishing write it, and spoil it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

PASSAGES = {
    "bells": (
        "The bells of Hallow rang the hours long before the town owned a clock. The keeper turned a glass of sand, and "
        "when it was empty he pulled the rope. On 2 June 1702 the council bought a clock in the harbour city. "
        "The keeper said he “did not trust a machine” and kept his glass."
    ),
    "strike": (
        "In the winter of 1703 the clock stopped for nine days. Nobody noticed — the keeper rang on. The council "
        "raised his pay, and the clock maker Odile Varn came twice to mend it. The keeper rang on."
    ),
    "verdict": (
        "Old people still say that the keeper was never late. The council book tells of two late bells in one year, "
        "and a visitor wrote that the whole town went by its stomach. Whom to believe is hard to say. No other book "
        "of those years names the keeper at all, and the tower burned down with its own papers in 1761."
    ),
}
DOCUMENT = "The Keeper's Glass\n\n" + "\n\n".join(PASSAGES.values()) + "\n"

CLOCKS = """\
topic: clocks
title: The clock of Hallow
items:
  - id: clock-bought
    type: date
    stem: On which day did the council buy the clock?
    key: {date: "1702-06-02", calendar: gregorian}
    wrong:
      - answer: {date: "1703", calendar: unstated}
        feedback: In that year it stopped.
        evidence:
          - {passage: hallow/strike, quote: "the clock stopped"}
    difficulty: 2
    skill: recall
    explanation: The chronicle gives the day.
    evidence:
      - {passage: hallow/bells, quote: "On 2 June 1702"}
    not_with: [clock-order]
  - id: keeper-glass
    type: single_choice
    stem: What did the keeper measure the hours with?
    options:
      - {id: sand, text: A glass of sand, correct: true}
      - id: sun
        text: The shadow of the tower
        feedback: The chronicle names no shadow.
        evidence:
          - {passage: hallow/bells}
      - {id: machine, text: The new machine, feedback: He did not trust it., true_in: hallow/verdict}
    difficulty: 1
    skill: recall
    explanation: He turned a glass.
    evidence:
      - {passage: hallow/bells, quote: "turned a glass of sand"}
  - id: strike-effects
    type: multiple_choice
    stem: What followed when the clock stopped?
    options:
      - {id: pay, text: The keeper was paid more, correct: true}
      - {id: mending, text: The clock was mended, correct: true}
      - {id: silence, text: The bells fell silent, feedback: The keeper went on ringing.}
    difficulty: 3
    skill: causation
    explanation: The chronicle tells of both.
    evidence:
      - {passage: hallow/strike, quote: ["raised his pay", "came twice"]}
    disputes: [late-bells]
    marks: 2
  - id: keeper-trust
    type: true_false
    stem: The keeper trusted the new clock.
    key: false
    wrong:
      - feedback: He said that he did not.
        evidence:
          - {passage: hallow/bells, quote: 'he "did not trust'}
    difficulty: 2
    skill: close_reading
    explanation: He kept his glass.
    evidence:
      - {passage: hallow/bells, quote: "kept his glass"}
  - id: clock-order
    type: short_answer
    stem: Who came to mend the clock?
    key: {text: Odile Varn, accept: [Varn]}
    wrong:
      - {answer: The keeper, feedback: He rang the bells.}
    difficulty: 4
    skill: recall
    explanation: The clock maker is named.
    evidence:
      - {passage: hallow/strike, quote: "Odile Varn"}
      - {passage: hallow/strike, quote: "rang on", occurrence: 2}
"""
QUIZZES = """\
quizzes:
  - id: clocks
    title: Clocks
    mode: practice
    sections:
      - {title: Fixed, items: [keeper-glass, keeper-trust]}
      - {title: Drawn, draw: 2, from: {topic: clocks, difficulty: [2, 4]}}
"""
DISPUTES = """\
disputes:
  - id: late-bells
    question: Was the keeper ever late?
    kind: contradiction
    positions:
      - who: Old people
        says: He was never late
        evidence:
          - {passage: hallow/verdict, quote: "never late"}
      - who: The council book
        says: He was late twice
        evidence:
          - {passage: hallow/verdict, quote: "two late bells"}
    judgement: The book was written at the time.
"""
PANEL = """\
id: hallow
file: keeper.txt
sha256: {sha256}
title: The Keeper's Glass
publisher: nobody
year: undated
kind: chronicle
rights: ours
language: en
find: It is made up.
reliability: medium
good_for: tests
poor_for: history
reading_order: [strike, bells]
assessment: A made-up chronicle.
passages:
"""
PASSAGE = """\
  - id: {id}
    heading: {id}
    start: {start}
    end: {end}
    sha256: {sha256}
    account: Our own account of it.
"""
CLAIM = """\
    claims:
      - {says: he was proud, speaker: the chronicle, quote: "the keeper was never"}
"""


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def source_file() -> str:
    parts = [PANEL.format(sha256=sha256(DOCUMENT))]
    for name, text in PASSAGES.items():
        start = DOCUMENT.index(text)
        parts.append(PASSAGE.format(id=name, start=start, end=start + len(text), sha256=sha256(text)))
    return "".join(parts) + CLAIM


def good_files() -> dict[str, str]:
    """The files of a bank with nothing wrong."""
    return {
        "question_bank/clocks.yaml": CLOCKS,
        "question_bank/quizzes.yaml": QUIZZES,
        "seeds/hallow.yaml": source_file(),
        "seeds/disputes.yaml": DISPUTES,
    }


@dataclass(frozen=True)
class Folders:
    """Where a bank was written."""

    root: Path

    @property
    def bank(self) -> Path:
        return self.root / "question_bank"

    @property
    def seeds(self) -> Path:
        return self.root / "seeds"

    @property
    def documents(self) -> Path:
        return self.root / "documents"


def write(root: Path, files: dict[str, str] | None = None, document: str | None = DOCUMENT) -> Folders:
    """Writes a bank, and its document under another name than the catalogue's; without ``files`` a good one."""
    for name, text in (files or good_files()).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    folders = Folders(root)
    folders.documents.mkdir(exist_ok=True)
    if document is not None:
        (folders.documents / "any name.txt").write_text(document, encoding="utf-8", newline="\n")
    return folders


def edited(file: str, old: str, new: str) -> dict[str, str]:
    """The good files with one edit; ``old`` must stand there."""
    files = good_files()
    assert old in files[file], f"{old!r} does not stand in {file}"
    return {**files, file: files[file].replace(old, new, 1)}
