"""What may not reach a browser while a question is open, and where in an answer it does."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser

from werkzeug.test import TestResponse

from quizapp.domain.entry import plain
from quizapp.domain.item import Item
from quizapp.domain.items import item_digest

# What the template writes by itself: a label says again what is offered, data-press names the page's own buttons.
NOT_OF_THE_KEY = ("class", "method", "type", "aria-label", "data-press")
NAME = re.compile(r"[\w-]+")
TELLING = re.compile(r"\b(correct|right|wrong|key|distractor|pin|true_in|explanation|feedback)\b")


def words(text: str) -> str:
    """The text as it is compared: entities, tags and marks of emphasis away, white space folded, small letters."""
    plain = re.sub(r"[*_`]|</?(?:em|strong|i|b)>", "", html.unescape(text))
    return " ".join(plain.translate(str.maketrans("’‘“”–—", "''\"\"--")).split()).casefold()


VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


class Page(HTMLParser):
    """What a page says: its text, the text in places that quote or mark, and the attributes of the question's form."""

    QUOTING = frozenset({"blockquote", "mark", "q"})
    QUOTING_CLASSES = frozenset({"evidence-quote", "row-quote"})
    GIVEN = frozenset({"shown-passage", "beside-passage"})  # a passage that the question itself gives to read

    def __init__(self, text: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.quoting: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.open: list[tuple[str, bool, bool]] = []  # tag, whether it quotes, whether it gives to read
        self.form = ""
        self.feed(text)
        self.text = words(" ".join(self.pieces))
        self.quoted = words(" ".join(self.quoting))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "form":
            self.form = dict(attrs).get("id") or "another"
        if self.form == "answer-form":
            self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in VOID:
            return
        classes = set((dict(attrs).get("class") or "").split())
        quotes = tag in self.QUOTING or bool(classes & self.QUOTING_CLASSES)
        self.open.append((tag, quotes, bool(classes & self.GIVEN)))

    def handle_endtag(self, tag: str) -> None:
        while any(name == tag for name, _, _ in self.open) and self.open.pop()[0] != tag:
            pass  # what HTML lets stand open
        if tag == "form":
            self.form = ""

    def handle_data(self, data: str) -> None:
        self.pieces.append(data)
        if any(quotes for _, quotes, _ in self.open) and not any(given for _, _, given in self.open):
            self.quoting += [data, "|"]


# A page without any of these quotes nothing.
MAY_QUOTE = re.compile("|".join([*(rf"<{tag}\b" for tag in Page.QUOTING), *Page.QUOTING_CLASSES]), re.IGNORECASE)


@dataclass(frozen=True)
class Received:
    """One answer as the browser got it; ``item`` where it is one question's page.

    ``asked_with``: the quotes that a checked question had asked with, which its review shows again.
    """

    address: str
    response: TestResponse
    item: Item | None = None
    asked_with: frozenset[str] = frozenset()

    @property
    def whole(self) -> str:
        """Headers and body, without the address that the browser itself asked for."""
        head = "\n".join(f"{name}: {value}" for name, value in self.response.headers)
        body = html.unescape(self.response.get_data().decode(errors="replace"))
        return f"{head}\n{body}".replace(self.address.rstrip("?"), "")

    @property
    def is_html(self) -> bool:
        return self.response.mimetype == "text/html"


@dataclass(frozen=True)
class Secrets:
    """What one open item keeps back."""

    item: Item
    sentences: frozenset[str]  # explanation and feedback
    quotes: frozenset[str]
    names: frozenset[str]  # the item's id and digest, its disputes
    typed: frozenset[str]  # what a student would have to type
    option_ids: frozenset[str]

    @classmethod
    def of(cls, item: Item) -> Secrets:
        lines = item.review(None, item.default_order()).lines
        sentences = {item.explanation, *(line.feedback for line in lines if line.feedback)}
        return cls(
            item,
            frozenset(words(one) for one in sentences),
            frozenset(words(quote) for _, one in item.all_evidence() for quote in one.quotes),
            frozenset({item.id, item_digest(item), *item.disputes}),
            frozenset(_typed(item)),
            frozenset(option.id for option in getattr(item, "options", ())),
        )


def _typed(item: Item) -> Iterator[str]:
    if item.type == "short_answer":
        yield from (words(one) for one in (item.key.text, *item.key.accept))  # type: ignore[attr-defined]
    if item.type == "date":
        yield words(item.review(None, ()).key or "")
        yield item.key.date  # type: ignore[attr-defined]


class Phrases:
    """Phrases to look for in many texts: where a phrase's longest inner word is no word of a text, it is not there."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_word: dict[str, list[str]] = defaultdict(list)
        for one in phrases:
            self._by_word[max(one.split(" ")[1:-1], key=len, default="")].append(one)

    def within(self, text: str) -> list[str]:
        """Those that stand in the text; it and they as ``words`` gives them."""
        there = self._by_word.keys() & {"", *text.split(" ")}
        return sorted(one for word in there for one in self._by_word[word] if one in text)


def told_anywhere(received: Iterable[Received], secrets: Iterable[Secrets], known: frozenset[str]) -> list[str]:
    """Where any answer tells what an item keeps back; ``known`` are names that others have too (of passages)."""
    kept = list(secrets)
    sentences = {one: secret.item.id for secret in kept for one in secret.sentences}
    quotes = {one: secret.item.id for secret in kept for one in secret.quotes}
    names = {one for secret in kept for one in secret.names} - known
    assert all(map(NAME.fullmatch, names))
    said, quoted = Phrases(sentences), Phrases(quotes)
    found = []
    for one in received:
        whole = one.whole
        found += [f"{one.address}: names {name}" for name in sorted(names.intersection(NAME.findall(whole)))]
        found += [f"{one.address}: says «{told}» ({sentences[told]})" for told in said.within(words(whole))]
        if one.is_html and MAY_QUOTE.search(whole):
            told_in = quoted.within(Page(whole).quoted)
            told_in = [told for told in told_in if not any(told in given for given in one.asked_with)]
            found += [f"{one.address}: quotes «{told}» ({quotes[told]})" for told in told_in]
    return found


def told_by_question(page: Page, secret: Secrets, shown: Iterable[str]) -> list[str]:
    """What a question's own page tells beyond the question: typed keys, quotes, option ids, telling attributes."""
    rest = page.text
    for piece in sorted((words(one) for one in shown), key=len, reverse=True):
        rest = rest.replace(piece, "|")
    who = secret.item.id
    found = [
        f"{who}: says «{told}»" for told in secret.typed | secret.quotes if re.search(rf"\b{re.escape(told)}\b", rest)
    ]
    positions = {str(at) for at in range(len(secret.option_ids))}
    for tag, name, value in page.attributes:
        if set(value.split()) & (secret.option_ids - positions) and name not in NOT_OF_THE_KEY:
            found.append(f"{who}: an option's id stands in <{tag} {name}={value!r}>")
        if TELLING.search(name) or (name in ("class", "id") and TELLING.search(value)):
            found.append(f"{who}: telling attribute <{tag} {name}={value!r}>")
    return found


def rotated(item: Item) -> dict[str, object]:
    """The entry of an item that looks the same and has another key, other feedback, explanation and evidence."""
    entry = {**plain(item), "explanation": "Something else.", "evidence": [], "disputes": []}
    return {**entry, **_ROTATED[item.type](entry)}


def _options(entry: Mapping) -> dict:
    was = [bool(option.get("correct")) for option in entry["options"]]
    now = [was[-1], *was[:-1]]
    keep = ("id", "text", "pin")
    return {
        "options": [
            {**{name: option[name] for name in keep if name in option}, **({"correct": True} if correct else {})}
            for option, correct in zip(entry["options"], now, strict=True)
        ]
    }


def _ordering(entry: Mapping) -> dict:
    return {"options": [{"id": one["id"], "text": one["text"]} for one in entry["options"][::-1]]}


def _matching(entry: Mapping) -> dict:
    matches = [one["match"] for one in entry["options"]]
    moved = zip(entry["options"], [*matches[1:], matches[0]], strict=True)
    rows = [{"id": one["id"], "text": one["text"], "match": match} for one, match in moved]
    return {"options": rows, "wrong": [{"answer": one["answer"]} for one in entry.get("wrong", ())]}


def _evidence(entry: Mapping) -> dict:
    quotes = [{**one, "text": one["id"]} for one in entry["options"]]
    correct = [one.get("correct", False) for one in _options({"options": quotes})["options"]]
    kept = [{name: one[name] for name in ("id", "passage", "quote", "occurrence") if name in one} for one in quotes]
    options = [{**one, "correct": is_key} for one, is_key in zip(kept, correct, strict=True)]
    first = entry.get("answer")
    return {"options": options, **({"answer": {**first, **_options(first)}} if first else {})}


def _corroboration(entry: Mapping) -> dict:
    def turned(key: str) -> dict:
        return {"key": "agrees", "quote": "other words"} if key == "silent" else {"key": "silent"}

    return {"options": [{"id": one["id"], "passage": one["passage"], **turned(one["key"])} for one in entry["options"]]}


def _numerical(entry: Mapping) -> dict:
    return {"key": {**entry["key"], "value": "123456789"}, "wrong": []}


def _date(entry: Mapping) -> dict:
    def moved(text: str) -> str:
        return "-".join(["1801", *text.split("-")[1:]])

    key = entry["key"]
    accept = [{**one, "date": moved(one["date"])} for one in key.get("accept", ())]
    return {"key": {"date": moved(key["date"]), "calendar": "gregorian", "accept": accept}, "wrong": []}


_ROTATED = {
    "single_choice": _options,
    "multiple_choice": _options,
    "true_false": lambda entry: {"key": not entry["key"], "wrong": []},
    "short_answer": lambda _entry: {"key": {"text": "Something else"}, "wrong": []},
    "date": _date,
    "numerical": _numerical,
    "ordering": _ordering,
    "matching": _matching,
    "evidence": _evidence,
    "corroboration": _corroboration,
}
