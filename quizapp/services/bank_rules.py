"""What the files of the bank must fulfil together, apart from evidence: ids, references, completeness, quizzes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from quizapp.domain.entry import Place
from quizapp.domain.item import Item
from quizapp.domain.quiz import RESERVED, CannotDraw, Quiz, Section, draw
from quizapp.domain.source import OWN, Source
from quizapp.formats.bank_yaml import BankFiles, Placed
from quizapp.formats.yaml_tree import Mistake

WHAT = {"topic": "topic", "quiz": "quiz", "dispute": "dispute", "source": "source", "passage": "passage"}


def mistakes(files: BankFiles) -> Iterator[Mistake]:
    """Every mistake that shows only when all files are seen together."""
    yield from _duplicates(files)
    for placed in files.all_items():
        yield from _references(files, placed)
        yield from _completeness(placed)
    for source in files.sources:
        yield from _reading_order(files, source)
        if source.thing.is_own:
            message = f"ids that begin with «{OWN}» are those of sources that teachers add; choose another"
            yield Mistake(source.spot(("id",)), message)
    for quiz in files.quizzes:
        if quiz.thing.id in RESERVED:
            yield Mistake(quiz.spot(("id",)), f"«{quiz.thing.id}» is a quiz of the app's own; choose another id")
        yield from _fixed_items(files, quiz)
    yield from _draws(files)


def _duplicates(files: BankFiles) -> Iterator[Mistake]:
    items = {**files.named.get("item", {})}
    for name, spots in files.named.get("example", {}).items():
        items[name] = [*items.get(name, []), *spots]
    for kind, names in {**{kind: files.named.get(kind, {}) for kind in WHAT}, "item": items}.items():
        for name, (first, *others) in names.items():
            for spot in others:
                yield Mistake(spot, f"there is a{'n' * (kind == 'item')} {kind} «{name}» already, at {first}")


def _references(files: BankFiles, placed: Placed[Item]) -> Iterator[Mistake]:
    item = placed.thing
    for i, dispute in enumerate(item.disputes):
        if not files.is_named("dispute", dispute):
            yield Mistake(placed.spot(("disputes", i)), f"unknown dispute «{dispute}»")
    for i, other in enumerate(item.not_with):
        if other == item.id:
            yield Mistake(placed.spot(("not_with", i)), "an item stands with itself; name the others")
        elif not (files.is_named("item", other) or files.is_named("example", other)):
            yield Mistake(placed.spot(("not_with", i)), f"unknown item «{other}»")


def _completeness(placed: Placed[Item]) -> Iterator[Mistake]:
    for gap in placed.thing.gaps():
        yield Mistake(placed.spot(gap.place), gap.message)


def _reading_order(files: BankFiles, placed: Placed[Source]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for i, passage in enumerate(placed.thing.reading_order):
        if not files.is_named("passage", f"{placed.thing.id}/{passage}"):
            yield Mistake(placed.spot(("reading_order", i)), f"unknown passage «{passage}»")
        elif passage in seen:
            yield Mistake(placed.spot(("reading_order", i)), f"«{passage}» stands twice in the reading order")
        seen.add(passage)


def _fixed_items(files: BankFiles, placed: Placed[Quiz]) -> Iterator[Mistake]:
    seen: set[str] = set()
    for number, section in enumerate(placed.thing.sections):
        for i, item in enumerate(section.items):
            place: Place = ("sections", number, "items", i)
            if not files.is_named("item", item):
                yield Mistake(placed.spot(place), f"unknown item «{item}»")
            elif item in seen:
                yield Mistake(placed.spot(place), f"«{item}» stands twice in this quiz")
            seen.add(item)
        for item in section.points:
            if item not in section.items:
                place = ("sections", number, "points", item)
                yield Mistake(placed.spot(place), f"points for «{item}», which this section does not set")


def _draws(files: BankFiles) -> Iterator[Mistake]:
    """Draws that cannot be met; asked only where every item could be built: others may be what is missing."""
    bank = {item.thing.id: item.thing for item in files.items}
    named = files.named.get("item", {})
    if "item" in files.unreadable or set(bank) != set(named) or len(files.items) != len(named):
        return
    by_topic: dict[str, list[Item]] = {}
    for item in bank.values():
        by_topic.setdefault(item.topic, []).append(item)
    for placed in files.quizzes:
        yield from _draws_of(placed, _within_reach(placed.thing, bank, by_topic))


def _within_reach(quiz: Quiz, bank: Mapping[str, Item], by_topic: Mapping[str, Sequence[Item]]) -> Mapping[str, Item]:
    """The items that a quiz sets or may draw, and perhaps others: all of the bank only where a pool names no topic."""
    pools = [section.source for section in quiz.sections if section.source is not None]
    if any(pool.topic is None for pool in pools):
        return bank
    topics = {topic for pool in pools for topic in ((pool.topic,) if isinstance(pool.topic, str) else pool.topic or ())}
    found = {item: bank[item] for section in quiz.sections for item in section.items if item in bank}
    return found | {item.id: item for topic in topics for item in by_topic.get(topic, ())}


def _draws_of(placed: Placed[Quiz], bank: Mapping[str, Item]) -> Iterator[Mistake]:
    short = [number for number, section in enumerate(placed.thing.sections) if _too_few(section, bank.values())]
    for number in short:
        message = _shortage(placed.thing.sections[number], bank.values())
        yield Mistake(placed.spot(("sections", number, "draw")), message)
    if not short and all(item in bank for section in placed.thing.sections for item in section.items):
        try:
            draw(placed.thing, bank, "check")
        except CannotDraw as error:
            yield Mistake(placed.spot(("sections",)), str(error))


def _too_few(section: Section, items: Collection[Item]) -> bool:
    return section.source is not None and _admitted(section, items) < (section.draw or 0)


def _admitted(section: Section, items: Collection[Item]) -> int:
    return sum(1 for item in items if section.source is not None and section.source.admits(item))


def _shortage(section: Section, items: Collection[Item]) -> str:
    number = _admitted(section, items)
    return f"draws {section.draw}, but only {number} of the bank's items {'is' if number == 1 else 'are'} like that"
