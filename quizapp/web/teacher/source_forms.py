"""The forms about sources that teachers add."""

from __future__ import annotations

from typing import get_args

from flask import request
from wtforms import FileField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, Regexp

from quizapp.domain.source import Reliability
from quizapp.services import transactions
from quizapp.services.own_sources import receiving
from quizapp.services.own_sources.receiving import Sent
from quizapp.web.account.forms import AccountForm

RELIABILITIES = [SelectChoice("", "Choose …"), *(SelectChoice(one, one.capitalize()) for one in get_args(Reliability))]


class TextForm(AccountForm):
    """A document: a file, or a text that is pasted."""

    file = FileField(
        "File", description="A text (.txt, .md), a web page (.html), Word (.docx) or a PDF with text; 8 MB."
    )
    encoding = SelectField(
        "Encoding",
        choices=[SelectChoice("", "UTF-8, or as the file says"), *(SelectChoice(*one) for one in
                 receiving.ENCODINGS.items() if one[0] != "utf-8")],
        default="",
        description="Only for a text or a web page whose letters come out wrong.",
    )  # fmt: skip
    pasted = TextAreaField("Or paste the text here", description="A blank line between paragraphs.")

    def sent(self) -> Sent:
        """What was sent, read out of the request before any lock is taken."""
        file = request.files.get(self.file.name)
        data = file.read() if file is not None else b""
        name = (file.filename or "") if file is not None else ""
        return Sent(name, data, self.pasted.data or "", self.encoding.data or "")


class NewSourceForm(TextForm):
    """A document that becomes a source."""

    title = StringField("Title", description="Blank: as the document says itself.")


class PanelForm(AccountForm):
    """What to know of a source before trusting it."""

    title = StringField("Title")
    publisher = StringField("Who made or published it", description="“unknown” where nobody is named.")
    year = StringField("When", description="A year, or as near as is known: “about 1930”; “undated”.")
    kind = StringField("What it is", description="Such as: memoir, newspaper article, letter, law, textbook chapter.")
    language = StringField(
        "Language", [Optional(), Regexp(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", message="Two letters, such as en or ru.")],
        description="Two letters: en, ru, de. A screen reader needs them.",
    )  # fmt: skip
    rights = TextAreaField("Rights", description="Whose it is, and why it may stand here.")
    find = TextAreaField(
        "How to find it", description="So that somebody else can look at it: book and page, or address."
    )
    reliability = SelectField("How far to trust it", choices=RELIABILITIES, default="")
    good_for = TextAreaField(
        "Good for", description="Trust is for a question, not for a whole source. On what is it good?"
    )
    poor_for = TextAreaField("Poor for", description="On what would you not follow it?")
    assessment = TextAreaField(
        "Assessment", description="Who made it, for whom, why? What did they know, what did they want?"
    )


def let_go() -> None:
    """Ends the request's transaction: reading a large document takes seconds, in which others want to write."""
    transactions.rollback()


def go_on() -> None:
    """Begins another one, to write."""
    transactions.begin(read_only=False)
