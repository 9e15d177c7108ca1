"""Every item that we export as QTI 3, played in a player that we did not write: right answers score 1, wrong ones 0."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from quizapp.domain.items import ITEM_TYPES
from quizapp.formats import registry
from quizapp.formats.evidence_lines import Links
from tests import readers
from tests.builders import an_item

# By type: responses with the score that they earn. Matches are numbered in the order in which they are first named.
RESPONSES: dict[str, list[tuple[dict[str, Any], float]]] = {
    "single_choice": [({"RESPONSE": "sundial"}, 1), ({"RESPONSE": "candle"}, 0)],
    "multiple_choice": [
        ({"RESPONSE": ["water", "hourglass", "pendulum"]}, 1), ({"RESPONSE": ["water", "hourglass", "shadow"]}, 1 / 3),
        ({"RESPONSE": ["none"]}, 0),
    ],
    "true_false": [({"RESPONSE": "true"}, 1), ({"RESPONSE": "false"}, 0)],
    "short_answer": [
        ({"RESPONSE": "pope gregory"}, 1), ({"RESPONSE": "Gregorius"}, 1), ({"RESPONSE": "Julius Caesar"}, 0),
    ],
    "numerical": [({"RESPONSE": "1500"}, 1), ({"RESPONSE": "1540"}, 1), ({"RESPONSE": "500"}, 0)],
    "date": [({"RESPONSE": "14 June 1905"}, 1), ({"RESPONSE": "1 June 1905"}, 1), ({"RESPONSE": "4 July 1905"}, 0)],
    "ordering": [({"RESPONSE": "all"}, 1), ({"RESPONSE": "reversed"}, 0)],
    "matching": [({"RESPONSE": "pairs"}, 1), ({"RESPONSE": ["x match-1"]}, 0)],
    "evidence": [({"RESPONSE": "keys", "RESPONSE_A": "first"}, 1), ({"RESPONSE": "keys", "RESPONSE_A": "other"}, 0)],
    "corroboration": [({"RESPONSE": "pairs"}, 1), ({"RESPONSE": ["x match-1"]}, 0)],
}  # fmt: skip
PLAY = """async ([xml, given]) => {
  const here = document.querySelector("#here");
  const text = new XMLSerializer().serializeToString(new DOMParser().parseFromString(xml, "text/xml").documentElement);
  here.innerHTML = text.replace(/ xmlns="[^"]*"/, "").replace(/<([a-z0-9-]+)((?:\\s[^<>]*)?)\\/>/g, "<$1$2></$1>");
  await new Promise((resolve) => setTimeout(resolve, 100));
  const item = here.querySelector("qti-assessment-item");
  return given.map((responses) => {
    for (const [name, value] of Object.entries(responses)) item.updateResponseVariable(name, value);
    item.processResponse();
    return Number(item.getOutcome("SCORE").value);
  });
}"""


@pytest.fixture(scope="module")
def player(browser: Browser) -> Page:
    """A page with the player."""
    library = readers.module("@citolab/qti-components") / "cdn" / "index.global.js"
    page = browser.new_page()
    page.set_content("<!doctype html><title>Player</title><div id=here></div>")
    page.add_script_tag(path=str(library))
    return page


@pytest.mark.parametrize("item_type", list(ITEM_TYPES))
def test_the_player_scores_as_we_do(player: Page, item_type: str) -> None:
    item = an_item(item_type)
    with zipfile.ZipFile(io.BytesIO(registry.written("qti3", [item], Links()))) as archive:
        xml = archive.read(f"items/{item.id}.xml").decode().partition("?>")[2]
    given = [{name: meant(item, value) for name, value in one.items()} for one, _ in RESPONSES[item_type]]
    scores = player.evaluate(PLAY, [xml, given])
    assert scores == pytest.approx([score for _, score in RESPONSES[item_type]], abs=0.001)


def meant(item: Any, value: Any) -> Any:
    """A response by what it is of this item; what is no such word is the response itself."""
    words = {
        "all": lambda: [one.id for one in item.options],
        "reversed": lambda: [one.id for one in item.options][::-1],
        "pairs": lambda: pairs(item),
        "keys": lambda: keys(item),
        "first": lambda: next(one.id for one in item.answer.options if one.correct),
        "other": lambda: next(one.id for one in item.answer.options if not one.correct),
    }
    return words[value]() if isinstance(value, str) and value in words else value


def keys(item: Any) -> Any:
    found = [one.id for one in item.options if one.correct]
    return found if len(found) > 1 else found[0]


def pairs(item: Any) -> list[str]:
    """Each row with its match, as the file numbers them."""
    matches = [getattr(one, "match", None) or one.key for one in item.options]
    numbers = {match: i for i, match in enumerate(dict.fromkeys(matches), 1)}
    return [f"{one.id} match-{numbers[match]}" for one, match in zip(item.options, matches, strict=True)]
