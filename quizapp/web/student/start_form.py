"""What is asked before an attempt begins."""

from __future__ import annotations

from wtforms import StringField

from quizapp.web.account.forms import AccountForm


class StartForm(AccountForm):
    """The password of a quiz that has one."""

    password = StringField("Password of this quiz", description="Your teacher says it. Capitals do not matter.")
