"""Sample responses to an item, for the page that shows each type blank, right, half right and wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from quizapp.domain.item import Form, Item, Response, is_blank
from quizapp.domain.marking import FULL, ZERO


def sample_responses(item: Item) -> dict[str, Response]:
    """Responses by what they are: «blank», «right», «half right» and «wrong».

    Half right is anything between none and all; where an item cannot be that, or wrong, it is left out.
    """
    named = {"blank": None, "right": item.correct_response()}
    for name, fits in SORTS.items():
        found = [one for one in _attempts(item) if not is_blank(one) and fits(item.mark(one).fraction or ZERO)]
        if found:
            named[name] = found[0]
    return named


SORTS: dict[str, Callable[[Decimal], bool]] = {
    "half right": lambda fraction: ZERO < fraction < FULL,
    "wrong": lambda fraction: fraction == ZERO,
}


def _attempts(item: Item) -> Iterator[Response]:
    """Responses that may be wrong: those that the type gives, then what some plain forms say to it."""
    yield from item.sample_responses()
    for form in _forms(item):
        yield item.read(form, item.default_order())


def _forms(item: Item) -> Iterator[Form]:
    order = item.default_order()
    right = item.form(item.correct_response(), order).get("answer", [])
    positions = [str(position) for position in range(len(order))]
    yield {"answer": [one for one in positions if one not in right]}
    for position in positions:
        yield {"answer": [position]}
    yield {"answer": [text + text[-1] for text in right]}
    yield {"answer": ["something else"], "answer-year": ["1000"]}
    yield {"answer": ["true"]}
    yield {"answer": ["false"]}
