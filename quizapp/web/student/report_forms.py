"""The forms by which students report a problem, or challenge a key or a judgement."""

from __future__ import annotations

from typing import Any

from flask import request
from wtforms import RadioField, SelectChoice, SelectField, StringField, TextAreaField

from quizapp.domain.problem_report import CHALLENGE, LONGEST_COMMENT, PROBLEMS
from quizapp.services import transactions
from quizapp.services.questions import evidence
from quizapp.services.reports import filing
from quizapp.services.reports.filing import CounterEvidence
from quizapp.web.account.forms import AccountForm

LONGEST_SEARCH, LONGEST_REF = 200, 160
IS_WRONG = {CHALLENGE: "The answer marked as right is wrong"}  # which leads to the form of a challenge
OFFERED = {**{one: words for one, words in PROBLEMS.items() if one != "other"}, **IS_WRONG, "other": PROBLEMS["other"]}


class ProblemForm(AccountForm):
    """What is wrong with a question."""

    kind = RadioField(
        "What is it?", choices=[SelectChoice(*one) for one in OFFERED.items()], validate_choice=False, default=""
    )
    comment = TextAreaField("What is wrong?", render_kw={"maxlength": LONGEST_COMMENT, "rows": 4})


class ChallengeForm(AccountForm):
    """Counter-evidence, and why it speaks against the key."""

    search = StringField("Search the passages")
    passage = SelectField("Or choose one from the list", validate_choice=False, choices=[])
    quote = StringField("The words that speak against it")
    comment = TextAreaField("Why do they speak against it?", render_kw={"maxlength": LONGEST_COMMENT, "rows": 4})

    def counter(self) -> CounterEvidence:
        """The counter-evidence as it was typed."""
        return CounterEvidence(filing.one_line(self.passage.data)[:LONGEST_REF], filing.one_line(self.quote.data))

    def press(self) -> str:
        """What the button that was pressed asks for: search, show, check or send; a passage that was pressed is put in.

        Enter in a field presses the first button, which looks: for what is searched for, else at the words.
        """
        deed, _, ref = request.form.get("change", "").partition(":")
        if deed == "choose":
            self.passage.data = ref[:LONGEST_REF]
            return "show"
        if deed == "look":
            return "search" if self.search.data != request.form.get("searched", "") else "check"
        return deed

    def shows(self, deed: str) -> dict[str, Any]:
        """What the page shows beside the fields: what was found, the passage chosen, what checking its words gave."""
        session, counter = transactions.session(), self.counter()
        words = filing.one_line(self.search.data)[:LONGEST_SEARCH]
        self.passage.choices = {"": [SelectChoice("", "Choose a passage …")], **_offered()}
        return {
            "hits": evidence.search(session, words, with_claims=False) if words and deed == "search" else (),
            "searched": words,
            "picked": evidence.shown(session, counter.passage) if counter.passage else None,
            "check": filing.check(session, counter) if counter.quote else None,
            "focus": self._focus(deed),
            "deed": deed,
        }

    def _focus(self, deed: str) -> str:
        """Where to go on: what is wrong first."""
        wrong = [name for name in ("passage", "quote", "comment") if self[name].errors]
        return wrong[0] if wrong else {"search": "search", "show": "passage", "check": "quote"}.get(deed, "")


def _offered() -> dict[str, list[SelectChoice]]:
    offered: dict[str, list[SelectChoice]] = {}
    for title, held in filing.passages(transactions.session()):
        offered.setdefault(title, []).extend(SelectChoice(ref, heading) for ref, heading in held)
    return offered
