"""The builder's form. All that is typed is text, so that a draft can hold it, right or wrong; services say what is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)

from quizapp.domain.review_policy import ASPECTS, MOMENTS
from quizapp.services.building.draft import Draft, Problems
from quizapp.services.building.pool import Choices
from quizapp.web.account.forms import AccountForm
from quizapp.web.teacher.class_forms import ChecksField, choices

MODES = (
    ("practice", "Practice: each answer is checked at once, with its evidence"),
    ("test", "Test: answers and evidence are shown after handing in"),
)
ACCESS = (
    ("open", "Everybody who comes here"),
    ("class", "Classes alone: students find it when it is set to theirs"),
)
SOURCES = (("open", "Open: students may look things up"), ("closed", "Closed to whoever takes it, until they hand in"))
NAVIGATION = (
    ("free", "Free: students go back and forth as they like"),
    ("one_way", "One way: a question that was left stays closed"),
)
GRADING = (
    ("best", "The best attempt"),
    ("last", "The last one"),
    ("first", "The first one"),
    ("average", "Their average"),
)
REVIEWS = (
    ("mode", "As its kind says: practice at once, a test after handing in"),
    ("exam", "Examination: the score after handing in; keys, feedback and evidence once it is closed"),
    ("own", "My own choice, in the grid below"),
)
SPREADS = (("", "as it comes"), ("topic", "evenly over the topics"), ("skill", "evenly over the skills"),
           ("difficulty", "evenly over the difficulties"))  # fmt: skip
LEVELS = (("", "any"), ("1", "1 easy"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5 hard"))
MOMENT_WORDS = {
    "during": "During practice, once checked",
    "right_after": "Right after handing in",
    "while_open": "Later, while it is open",
    "after_close": "Once it is closed",
}
GRID = [(f"{moment}:{aspect}", f"{aspect} {MOMENT_WORDS[moment]}") for moment in MOMENTS for aspect in ASPECTS]


NOT_TYPED = ("csrf_token", "window", "seen")


class TextsField(Field):
    """Several texts under one name, in their order."""

    def process_data(self, value: Any) -> None:
        """What the draft holds."""
        self.data = list(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """What was sent."""
        self.data = [one for one in valuelist if isinstance(one, str)]


def _checks(label: str) -> ChecksField:
    return ChecksField(label, choices=[], validate_choice=False)


class SectionForm(Form):
    """A section of chosen questions, or of a random draw."""

    kind = HiddenField()
    title = StringField("Heading of the section")
    items = TextsField("Questions")
    points = TextsField("Points")
    draw = StringField("How many questions")
    each = StringField("Points for each question")
    spread = SelectField("Take them", choices=choices(SPREADS), validate_choice=False)
    low = SelectField("Difficulty from", choices=choices(LEVELS), validate_choice=False)
    high = SelectField("to", choices=choices(LEVELS), validate_choice=False)
    topic = _checks("Topics")
    skill = _checks("Skills")
    type = _checks("Types of question")
    source = _checks("Sources")
    tag = SelectField("Tag", choices=[], validate_choice=False)


class QuizForm(AccountForm):
    """A quiz in all its settings."""

    title = StringField("Title")
    description = TextAreaField("Description", description="Students see it in the list. It may stay empty.")
    mode = RadioField("Kind", choices=choices(MODES), validate_choice=False)
    access = RadioField("Who may take it?", choices=choices(ACCESS), validate_choice=False)
    sources = RadioField("The sources meanwhile", choices=choices(SOURCES), validate_choice=False)
    password = StringField(
        "Password",
        description="Asked before an attempt begins; capitals do not matter. Say it in class. Empty: none.",
    )
    navigation = RadioField("Going through the questions", choices=choices(NAVIGATION), validate_choice=False)
    certainty = BooleanField("Ask “How sure are you?” with each answer; it is never marked")
    time_limit = StringField("Time limit", description="Such as 20 min or 1 h. Empty: none.")
    grace = StringField(
        "Grace", description="What arrives so much later still counts, for slow networks. Empty: 1 min."
    )
    attempts = StringField("Attempts", description="Empty: as many as they like.")
    wait = StringField("Wait between attempts", description="Such as 1 d, from handing in. Empty: none.")
    grading = SelectField("What counts of several attempts", choices=choices(GRADING), validate_choice=False)
    pass_mark = StringField("Passed from, in per cent", description="Empty: nobody passes or fails.")
    shuffle_items = BooleanField("Put the questions of each section in a new order for each attempt")
    shuffle_options = BooleanField("Put the options in a new order for each attempt; pinned options stay in place")
    review_kind = RadioField("What students see, and when", choices=choices(REVIEWS), validate_choice=False)
    review = ChecksField("What is shown when", choices=choices(GRID), validate_choice=False)
    sections = FieldList(FormField(SectionForm))
    window = HiddenField()
    seen = HiddenField()

    def offer(self, known: Choices) -> None:
        """Offer these topics, skills, types, sources and tags in each draw."""
        for section in self.sections:
            section.form.topic.choices = choices(known.topics)
            section.form.skill.choices = choices(known.skills)
            section.form.type.choices = choices(known.types)
            section.form.source.choices = choices(known.sources)
            section.form.tag.choices = choices([("", "any"), *known.tags])

    def draft(self) -> Draft:
        """What is filled in."""
        return {name: value for name, value in self.data.items() if name not in NOT_TYPED}

    def say(self, problems: Problems) -> None:
        """Say beside each field what is wrong with it."""
        for place, messages in problems.items():
            field = self._at(place)
            field.errors = [*field.errors, *messages]

    def _at(self, place: str) -> Any:
        steps = place.split("-")
        if len(steps) == 3 and steps[1].isdigit() and int(steps[1]) < len(self.sections):
            section = self.sections[int(steps[1])].form
            name = steps[2] if steps[2] in section else "title"
            return section[name]
        known = place if place in self else "title"
        return self[known]


def wrong_fields(form: QuizForm) -> list[tuple[str, str]]:
    """The id and the message of each field that is wrong, in the order of the page."""
    own: Iterable[Any] = [field for field in form if field.name != "sections"]
    inner = [field for section in form.sections for field in section.form]
    return [(field.id, " ".join(field.errors)) for field in (*own, *inner) if _texts(field.errors)]


def _texts(errors: Collection[Any]) -> bool:
    return bool(errors) and all(isinstance(one, str) for one in errors)
