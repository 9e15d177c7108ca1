"""The JSON Schema accepts the whole bank, and refuses each of `bank check`'s mistakes that one parsed item shows."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from quizapp.config import ROOT
from quizapp.formats.bank_schema import KINDS, schema
from quizapp.formats.bank_yaml import DISPUTES, QUIZZES, VERIFIED
from quizapp.formats.yaml_tree import parse
from tests import own_bank
from tests.bank_mistakes import Spoilt
from tests.mistakes_beyond_schema import BEYOND_SCHEMA
from tests.mistakes_of_shape import OF_SHAPE

# What no schema of one parsed thing can see: the spelling of scalars, equality between parts, other things, documents.
NOT_SEEN = {
    "spelling": {
        "tab", "field twice", "anchor", "alias", "second document", "tag", "colon in text", "octal number",
        "time for text", "octal number for text", "number of YAML 1.2 for text", "date for text",
        "day of the Old Style for text",
    },
    "equality and arithmetic inside one item": {
        "equal options", "option id twice", "impossible date", "wrong answer that is right",
    },
    "other things": {
        "duplicate id", "unknown passage", "unknown passage where it would be right", "unknown dispute",
        "unknown item not to stand with", "item not to stand with itself", "passage that overlaps",
        "passage that ends before it starts", "unknown passage in the reading order", "duplicate passage",
        "unknown item in a quiz", "item twice in a quiz", "draw from too few",
        "draw of items that may not stand together",
    },
    "the document": {
        "quote that is not there", "quote in other capitals", "quote that cuts a word", "quote that stands twice",
        "occurrence that there is not", "quote that is a sentence", "quote of a list that is not there",
        "quote of a claim that is not there", "quote of a dispute that is not there", "passage beyond the end",
        "passage with another checksum", "quotes that adjoin",
    },
}  # fmt: skip
VALIDATORS = {kind: Draft202012Validator(schema(kind)) for kind in KINDS}
BANK = [path for folder in ("question_bank", "seeds") for path in sorted((ROOT / folder).glob("*.yaml"))]


def kind_of(name: str) -> str:
    folder, file = name.split("/")
    if folder == "question_bank":
        return "quizzes" if file == QUIZZES else "topic"
    return "disputes" if file == DISPUTES else "source"


def refusals(name: str, text: str) -> list[str]:
    return [error.message for error in VALIDATORS[kind_of(name)].iter_errors(yaml.safe_load(text))]


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_a_schema(kind: str) -> None:
    Draft202012Validator.check_schema(schema(kind))


@pytest.mark.parametrize("path", [path for path in BANK if path.name != VERIFIED], ids=lambda path: path.name)
def test_it_accepts_every_file_of_the_bank(path: Path) -> None:
    assert refusals(f"{path.parent.name}/{path.name}", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("name", own_bank.good_files())
def test_it_accepts_a_good_file(name: str) -> None:
    assert refusals(name, own_bank.good_files()[name]) == []


@pytest.mark.parametrize("spoilt", OF_SHAPE, ids=lambda one: one.name)
def test_it_refuses_what_one_parsed_thing_shows(spoilt: Spoilt) -> None:
    assert refusals(spoilt.file, spoilt.files()[spoilt.file]) != []


def test_what_it_does_not_see_is_listed_by_name() -> None:
    assert {one.name for one in OF_SHAPE if not one.seen_by_schema} == set()
    assert {one.name for one in BEYOND_SCHEMA} == set().union(*NOT_SEEN.values())


@pytest.mark.parametrize("name", sorted(set().union(*NOT_SEEN.values()) - NOT_SEEN["spelling"]))
def test_the_list_holds_nothing_that_it_could_refuse(name: str) -> None:
    spoilt = next(one for one in BEYOND_SCHEMA if one.name == name)
    tree = parse(spoilt.files()[spoilt.file], spoilt.file)
    assert list(VALIDATORS[kind_of(spoilt.file)].iter_errors(tree.value)) == []
