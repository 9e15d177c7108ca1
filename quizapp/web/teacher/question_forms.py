"""The form of a question, made from the model of its type: a new type, or a new field, gets its form by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)  # fmt: skip
from wtforms import Field as Control
from wtforms.validators import Optional

from quizapp.domain.entry import Entry, Place, Problem
from quizapp.domain.items import ITEM_TYPES
from quizapp.domain.typed import Field, Typed, fields
from quizapp.web.teacher.question_words import CHOOSE, FILL_IN, choice_words, label, long_texts, plain_words

MAIN = ("stem",)
ABOUT = ("topic", "difficulty", "skill", "tags")
ABOUT_IT = {"feedback", "evidence", "true_in", "pin"}
ONE_OF = {"options": "Option", "wrong": "Wrong answer", "accept": "Answer"}
AFTER = ("explanation", "evidence", "unsourced")


class QuestionForm(FlaskForm):
    """A question; the fields of its type are added by ``form_of``."""

    revision = HiddenField()
    base = HiddenField()
    new_topic = StringField("New topic", [Optional()], description="Instead of one from the list: its title.")

    def typed(self, model: type[Entry]) -> Typed:
        """Everything as it was typed."""
        given = {field.name: self[field.name].data for field in fields(model)}
        return {**given, "new_topic": self.new_topic.data or ""}


@cache
def _form_class(type_name: str) -> type[QuestionForm]:
    controls = {field.name: _control(field) for field in fields(ITEM_TYPES[type_name])}
    controls["topic"] = SelectField("Topic", choices=[], validate_choice=False)
    return type(f"{type_name.title().replace('_', '')}Form", (QuestionForm,), controls)


@cache
def _part_class(model: type[Entry]) -> type[Form]:
    ordered = sorted(fields(model), key=lambda field: field.name in ABOUT_IT)  # what it is, then what is said of it
    return type(f"{model.__name__}Part", (Form,), {field.name: _control(field) for field in ordered})


def _control(field: Field) -> Any:
    title, help_text = label(field.name)
    optional = () if field.is_required else (Optional(),)
    if field.inner is not None:
        part = FormField(_part_class(field.inner), title)
        return part if field.kind == "entry" else FieldList(part, title, description=help_text)
    if field.kind == "id":
        return HiddenField()
    if field.kind == "flag":
        return BooleanField(title, description=help_text)
    if field.kind in ("choice", "level", "truth"):
        choices = [SelectChoice(value, text) for value, text in choice_words(field)]
        return SelectField(title, optional, description=help_text, choices=choices, validate_choice=False)
    is_long = field.kind in ("lines", "quotes") or field.name in long_texts
    return (TextAreaField if is_long else StringField)(title, optional, description=help_text)


def form_of(type_name: str, given: Typed | None, topics: Mapping[str, str]) -> QuestionForm:
    """The form of this type: as it was sent, or with this typed into it."""
    made = _form_class(type_name)
    form = made() if given is None else made(formdata=None, data=given)
    chosen = form["topic"].data or ""
    offered = {"": "Choose a topic …", **topics, **({chosen: chosen} if chosen not in topics and chosen else {})}
    form["topic"].choices = [SelectChoice(value, text) for value, text in offered.items()]
    return form


def parts(form: QuestionForm, type_name: str) -> dict[str, list[Control]]:
    """The form's fields by the part of the page that they belong to."""
    own = [one.name for one in fields(ITEM_TYPES[type_name]) if one.name not in _common()]
    rest = [name for name in _common() if name not in (*MAIN, *AFTER, *ABOUT, "id")]
    groups = {"main": (*MAIN, *own), "after": AFTER, "about": ABOUT, "more": rest}
    return {group: [form[name] for name in names] for group, names in groups.items()}


@cache
def _common() -> tuple[str, ...]:
    shared = set.intersection(*({one.name for one in fields(kind)} for kind in ITEM_TYPES.values()))
    first = next(iter(ITEM_TYPES.values()))
    return tuple(one.name for one in fields(first) if one.name in shared and one.name != "options")


def folded(row: Any) -> list[Control]:
    """Of the row of an option what is rarely needed, to stand behind one line; nothing of any other row."""
    is_option = isinstance(row, FormField) and "-options-" in f"-{row.id}" and row.id.split("-")[-2] == "options"
    return [one for one in row.form if one.short_name in ABOUT_IT] if is_option else []


def folded_title(controls: Iterable[Control]) -> str:
    """What that line says."""
    names = {one.short_name for one in controls}
    said = [word for name, word in (("feedback", "feedback"), ("evidence", "source")) if name in names]
    return f"{' and '.join(said).capitalize()} for this option"


def must_show(controls: Iterable[Control], *, told: Iterable[str], places: Iterable[str]) -> bool:
    """Whether something is typed into these, or is wrong there, or somebody goes on typing there."""
    ids = [place for place in (*told, *places) if place]
    return any(_is_filled(one.data) or any(f"{id_}-".startswith(f"{one.id}-") for id_ in ids) for one in controls)


def _is_filled(data: Any) -> bool:
    if isinstance(data, Mapping):
        return any(_is_filled(held) for held in data.values())
    if isinstance(data, list):
        return any(map(_is_filled, data))
    return bool(str(data or "").strip())


def messages(form: QuestionForm, problems: Iterable[Problem]) -> dict[str, list[str]]:
    """What is wrong, in plain words, by the id of the field that it stands beside; «» for what belongs to none."""
    told: dict[str, list[str]] = {}
    for problem in problems:
        control = _beside(form, problem.place)
        message = plain_words(problem.message)
        if message == FILL_IN and isinstance(control, SelectField):
            message = CHOOSE
        beside = told.setdefault(control.id if control is not None else "", [])
        if message not in beside:
            beside.append(message)
    return told


def _beside(form: Any, place: Place) -> Control | None:
    found = None
    here = form
    for part in place:
        here = _inside(here, part)
        if here is None:
            break
        found = here
    return found


def summary(form: QuestionForm, told: Mapping[str, list[str]]) -> list[tuple[str, str]]:
    """What is wrong, each with the id and the name of its field: «Topic: choose one.»"""
    return [(id_, _named(_title(form, id_), " ".join(said))) for id_, said in told.items()]


def _named(title: str, said: str) -> str:
    return f"{title}: {said[:1].lower()}{said[1:]}" if title else said


def _title(form: QuestionForm, id_: str) -> str:
    """What the field of this id is called, and where it stands: «Option 2, text»."""
    titles: list[str] = []
    here: Any = form
    for part in id_.split("-") if id_ else ():
        name = getattr(here, "short_name", "")
        here = _inside(here, int(part) if part.isdecimal() else part)
        if here is None:
            break
        if part.isdecimal():
            titles[-1:] = [f"{ONE_OF.get(name, titles[-1])} {int(part) + 1}"]
        else:
            titles.append(str(here.label.text))
    return ", ".join([*titles[:1], *(title.lower() for title in titles[1:])])


def _inside(held: Any, part: str | int) -> Any:
    if isinstance(held, FieldList):
        return held.entries[part] if isinstance(part, int) and part < len(held.entries) else None
    inner = held.form if isinstance(held, FormField) else held
    return inner[part] if isinstance(inner, Form) and part in inner else None
