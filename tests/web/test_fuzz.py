"""Every form, found by walking the app's addresses and reading its pages, filled in with whatever hypothesis likes."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from quizapp.services import transactions
from quizapp.store.tables import Content
from quizapp.web.limits import limiter
from tests.web import everything
from tests.web.addresses import Places, get_rules, post_rules
from tests.web.sittings import Taker
from tests.web.test_access import asked, somebody

EXAMPLES = 7  # of each form, on each database
RENEWED_AFTER = 12  # posts, since some of them end the attempt, the session or the account
ENDPOINTS_WITHOUT_A_PAGE_OF_THEIR_OWN = {
    "attempts.check", "attempts.flag", "attempts.retry", "progress.practise", "teacher.import_these",
    "teacher.undo_import",
}  # fmt: skip

WORDS_BEFORE_IDS = {
    "classes": "school_class", "assignments": "assignment", "students": "student", "groups": "group",
    "reports": "report",
}  # fmt: skip


@dataclass(frozen=True)
class Form:
    """Where a form goes, and what its page offers to fill in: names, with the values that are there to choose."""

    action: str
    fields: dict[str, tuple[str, ...]] = field(default_factory=dict)
    files: frozenset[str] = frozenset()  # the fields that take a file


class Forms(HTMLParser):
    """The forms of a page."""

    def __init__(self, address: str, page: str) -> None:
        super().__init__()
        self.address = address
        self.found: list[tuple[str, dict[str, list[str]]]] = []
        self.files: set[str] = set()
        self.inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = known.get("method", "").lower() == "post"
            if self.inside:
                self.found.append((known.get("action") or self.address, {}))
        elif self.inside and tag in ("input", "select", "textarea", "button"):
            if action := known.get("formaction"):
                self.found.append((action, dict(self.found[-1][1])))
            if name := known.get("name"):
                self.found[-1][1].setdefault(name, []).append(known.get("value", ""))
                self.files |= {name} if known.get("type") == "file" else set()

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "form"


def forms_of(app: Flask, person: Taker, at: Places) -> list[Form]:
    """Every form on every page that this person may see, and every address that answers POST, form or not."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    files: set[str] = set()
    for rule in get_rules(app):
        for method, path in asked(rule, at):
            answer = person.get(path) if method == "GET" else None
            if answer is not None and answer.mimetype == "text/html":
                forms = Forms(path, answer.text)
                files |= forms.files
                for action, fields in forms.found:
                    kept = found.setdefault(action.partition("#")[0], {})
                    kept.update({name: tuple(values) for name, values in fields.items() if name != "csrf_token"})
    for rule in post_rules(app):
        for method, path in asked(rule, at):
            if method == "POST":
                found.setdefault(path, {})
    return [Form(action, fields, frozenset(files & set(fields))) for action, fields in sorted(found.items())]


CHARACTERS = st.characters(exclude_categories=["Cs"])
WORDS = st.one_of(
    st.text(CHARACTERS, max_size=40),
    st.sampled_from(
        ["", "0", "1", "-1", "7", "99999999999", "1917-11-07", "a\0b", "٣", "x" * 5000, "phone-0001", "phone-0001:1"]
    ),
    st.integers().map(str),
)
NAMES = ("answer", "client", "sequence", "base", "go", "flagged", "certainty", "next", "unchanged", "give_up")


FILES = st.tuples(
    st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode), st.just(b"items:\n  - id: one\n")),
    st.one_of(st.sampled_from(["bank.yaml", "class.csv", "quiz.xlsx", "qti.zip", "", "../../etc/passwd"]), st.text()),
)


@st.composite
def filled(draw: st.DrawFn, form: Form) -> tuple[str, dict[str, list[Any]], bool]:
    """What somebody put into the form: what it offers, made-up values, several of a name, other names, files."""
    values: dict[str, list[Any]] = {}
    for name, offered in form.fields.items():
        one: st.SearchStrategy[Any] = st.one_of(WORDS, st.sampled_from(offered)) if offered else WORDS
        one = st.one_of(one, FILES) if name in form.files else one
        values[name] = draw(st.lists(one, max_size=3))
    for name in draw(
        st.lists(st.one_of(st.sampled_from(NAMES), st.text(CHARACTERS, min_size=1, max_size=12)), max_size=4)
    ):
        values[name] = draw(st.lists(WORDS, max_size=3))
    return form.action, values, draw(st.booleans())


def as_sent(value: Any) -> Any:
    """A field's value as the browser sends it; bytes and a name are a file."""
    return (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value


def of_another(action: str, old: Places, new: Places) -> str:
    """The address with one person's things in the place of another's."""
    action = action.replace(old.running, new.running).replace(old.finished, new.finished)
    action = action.replace(old.own_source, new.own_source)
    for word, name in WORDS_BEFORE_IDS.items():
        action = re.sub(rf"(?<=/{word}/){getattr(old, name)}(?=/|$)", str(getattr(new, name)), action)
    return action


class Fuzzer:
    """Sends forms as a teacher who has an attempt under way and a class, renewed now and then."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.renew()
        self.first = self.at

    def renew(self) -> None:
        with self.app.app_context():
            limiter.reset()
            session = transactions.session()  # what an earlier form retired or made a draft of is ready again
            session.execute(update(Content).values(retired_at=None, set_aside=None, set_aside_reason=None))
            transactions.commit()
        self.person = somebody(self.app, "teacher", attempts=True)
        self.at = everything.of(self.person, self.app)
        self.posts = 0

    def send(self, action: str, values: dict[str, list[str]], scripted: bool) -> Any:
        if self.posts >= RENEWED_AFTER:
            self.renew()
        self.posts += 1
        action = of_another(action, self.first, self.at)
        headers = {"Accept": "application/json"} if scripted else {}
        data = {name: [as_sent(one) for one in several] for name, several in values.items()}
        data["csrf_token"] = [self.person.token("/sources")]
        return self.person.client.post(action, data=data, headers=headers)


@pytest.fixture
def app(app: Flask) -> Flask:
    """The app with the small bank, which answers a mistake of ours with a page instead of raising it."""
    everything.publish(app)
    app.testing = False
    return app


def test_every_address_that_takes_a_form_is_found_on_a_page(app: Flask):
    """So what is filled in below is what people can fill in; the others below have buttons alone, or rare pages."""
    person = somebody(app, "teacher", attempts=True)
    at = everything.of(person, app)
    with_fields = {path_of(app, form) for form in forms_of(app, person, at) if form.fields}
    without = {rule.endpoint for rule in post_rules(app)} - with_fields
    assert without - {
        *ENDPOINTS_WITHOUT_A_PAGE_OF_THEIR_OWN, "account.become_first_teacher", "account.end_sessions",
        "account.sign_out", "account.sign_in", "attempts.submit", "quizzes.start", "assignments.start",
        "teacher.archive_class", "teacher.change_code", "teacher.remove_teacher", "teacher.withdraw_assignment",
        "teacher.bring_back_student", "teacher.keep_student", "teacher.remove_student", "teacher.delete_student",
        "teacher.delete_group", "teacher.new_slips", "teacher.confirm_roster", "teacher.reopen_attempt",
        "account.first_password", "account.stay",
        "teacher.drop_quiz_draft", "teacher.duplicate_quiz", "teacher.new_quiz", "teacher.restore_quiz",
        "teacher.discard_draft", "teacher.still_right", "teacher.restore_question", "teacher.keep_draft",
        "teacher.preview_question", "teacher.undo_regrade", "teacher.make_source_ready",
        "teacher.retire_source", "teacher.remove_copy",
        "teacher.apply_accepted", "teacher.withdraw_accepted", "joining.leave",
        "teacher.begin_trial", "teacher.end_trial", "teacher.take_back_mark", "notes.put_away", "reports.withdraw",
    } == set()  # fmt: skip
    assert {"attempts.save", "account.show", "account.sign_up", "preferences.change"} <= with_fields


@pytest.mark.slow
def test_no_form_breaks_the_app_whatever_is_put_into_it(app: Flask, caplog: pytest.LogCaptureFixture):
    fuzzer = Fuzzer(app)
    forms = forms_of(app, fuzzer.person, fuzzer.at)

    assert {path_of(app, form) for form in forms} == {rule.endpoint for rule in post_rules(app)}
    for form in forms:
        fuzz(fuzzer, form, caplog)


def path_of(app: Flask, form: Form) -> str:
    """The endpoint that the form is for."""
    return str(app.url_map.bind("localhost").match(form.action.partition("?")[0], "POST")[0])


def fuzz(fuzzer: Fuzzer, form: Form, caplog: pytest.LogCaptureFixture) -> None:
    """Fill in the form again and again; whatever comes back, it is no mistake of ours."""

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(filled(form))
    def send(sent: tuple[str, dict[str, list[Any]], bool]) -> None:
        answer = fuzzer.send(*sent)
        assert answer.status_code < 500, (sent, caplog.records[-1].exc_info)

    send()
