"""Things to put in their order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise
from typing import Any, ClassVar, Literal, Self

from pydantic import ConfigDict, StrictBool

from quizapp.domain.entry import Entry, Id, Place, Problem, Text, shuffled
from quizapp.domain.guessing import as_decimal, chance_of_right_order, mean_of_floored_tau
from quizapp.domain.item import Form, Item, Order, Response, Review, ReviewLine, asks
from quizapp.domain.marking import ZERO, Mark, ratio, share
from quizapp.domain.mendable import CannotMark, Ids, Part
from quizapp.domain.option import EVIDENCE_SOMEWHERE, option_problems, rows_evidence
from quizapp.domain.source import Evidence

Credit = Literal["kendall_tau", "adjacent_pairs", "all_or_nothing"]
RULES: dict[Credit, str] = {
    "kendall_tau": (
        "Put all of them in order. Every two that stand the right way round count, every two the wrong way round take "
        "as much away, and the mark never falls below 0."
    ),
    "adjacent_pairs": "Put all of them in order. Each one counts that directly follows the one it should follow.",
    "all_or_nothing": "Put all of them in order. Only exactly the right order earns the mark.",
}
TRIES = 100  # shuffles to look through for one that is neither the right order nor its reverse


class OrderedOption(Entry):
    """A thing in its right place; ``tie`` gives it the rank of the one before it."""

    id: Id
    text: Text
    evidence: tuple[Evidence, ...] = ()
    tie: StrictBool = False


class Ordering(Item):
    """The options are written in the right order. A response is the list of their ids, first place first.

    While it isn't complete, a place left empty holds null, and one given to several holds the list of their ids.
    """

    model_config = ConfigDict(json_schema_extra=asks(EVIDENCE_SOMEWHERE, {"properties": {"options": {"minItems": 3}}}))

    type: Literal["ordering"]
    options: tuple[OrderedOption, ...]
    credit: Credit = "kendall_tau"
    label: ClassVar[str] = "Ordering"

    def problems(self) -> Iterable[Problem]:
        yield from option_problems(self.options, least="three")
        if self.options and self.options[0].tie:
            yield Problem(("options", 0, "tie"), "the first has nothing before it to share its rank with")
        if len(self.options) > 1 and all(option.tie for option in self.options[1:]):
            yield Problem(("options",), "all share one rank, so that there is no order to find")

    def _ranks(self) -> tuple[int, ...]:
        """The rank of each option, from 0; those that tie share theirs."""
        ranks: list[int] = []
        for option in self.options:
            ranks.append(ranks[-1] + (not option.tie) if ranks else 0)
        return tuple(ranks)

    def _rank_sizes(self) -> list[int]:
        ranks = self._ranks()
        return [ranks.count(rank) for rank in sorted(set(ranks))]

    def read(self, form: Form, order: Order) -> Response:
        places: list[list[str]] = [[] for _ in self.options]
        numbers = {str(number): number for number in range(1, len(self.options) + 1)}
        for i, position in sorted((i, position) for position, i in enumerate(order)):
            number = numbers.get("".join(form.get(f"answer-{position}", ())[:1]))
            if number:
                places[number - 1].append(self.options[i].id)
        return [_written(place) for place in places] if any(places) else None

    def form(self, response: Response, order: Order) -> dict[str, list[str]]:
        at = self._places(response)
        shown = ((position, at.get(i)) for position, i in enumerate(order))
        return {f"answer-{position}": [str(place + 1)] for position, place in shown if place is not None}

    def _places(self, response: Response) -> dict[int, int]:
        """The place, from 0, given to each option, by index; those without one are missing."""
        index = {option.id: i for i, option in enumerate(self.options)}
        held = ((place, ids if isinstance(ids, list) else [ids]) for place, ids in enumerate(response or ()))
        return {index[one]: place for place, ids in held for one in ids if one in index}

    def mark(self, response: Response) -> Mark:
        if not response:
            return Mark(ZERO, "No answer was given.")
        places = self._places(response)
        right, wrong, pairs = self._pairs(places)
        if self.credit == "kendall_tau":
            earned = max(right - wrong, 0)
            return Mark(ratio(earned, pairs), f"{_tally(right, wrong, pairs)}: {share(earned, pairs)}.")
        if self.credit == "adjacent_pairs":
            part, whole = self._neighbours(places), len(self.options) - 1
            return Mark(
                ratio(part, whole), f"{part} of {whole} directly follow the one they should: {share(part, whole)}."
            )
        return Mark(ratio(right == pairs, 1), "The right order." if right == pairs else "Not the right order.")

    def _pairs(self, places: dict[int, int]) -> tuple[int, int, int]:
        """How many pairs stand the right way round, how many the wrong way, and how many count: no ties."""
        ranks = self._ranks()
        counted = [(a, b) for a, b in combinations(range(len(ranks)), 2) if ranks[a] < ranks[b]]
        placed = [(places[a], places[b]) for a, b in counted if a in places and b in places]
        return sum(a < b for a, b in placed), sum(a > b for a, b in placed), len(counted)

    def _neighbours(self, places: dict[int, int]) -> int:
        """How many stand alone in the place after one of their own rank or of the rank before."""
        ranks = self._ranks()
        held = [[i for i, place in places.items() if place == number] for number in range(len(self.options))]
        alone = [ranks[place[0]] if len(place) == 1 else None for place in held]
        return sum(a is not None and b is not None and b - a in (0, 1) for a, b in pairwise(alone))

    def correct_response(self) -> Response:
        return [option.id for option in self.options]

    def sample_responses(self) -> Iterable[Response]:
        ids = [option.id for option in self.options]
        return [ids[::-1], [ids[1], ids[0], *ids[2:]], [*ids[:2], *ids[:1:-1]]]

    def review(self, response: Response, order: Order) -> Review:
        places = self._places(response)
        listed = sorted(order, key=lambda i: places.get(i, len(self.options)))
        texts = tuple(option.text for option in self.options)
        return Review(
            given="; ".join(texts[i] for i in listed if i in places),
            key="; ".join(texts),
            lines=tuple(self._line(i, places.get(i)) for i in listed),
            key_parts=texts,
        )

    def _line(self, i: int, place: int | None) -> ReviewLine:
        """A thing with the place given to it beside its right one."""
        ranks = self._ranks()
        right = [number for number, rank in enumerate(ranks) if rank == ranks[i]]
        return ReviewLine(
            text=self.options[i].text,
            chosen=place is not None,
            correct=place in right,
            given=None if place is None else str(place + 1),
            key=" or ".join(str(number + 1) for number in right),
            evidence=self.options[i].evidence,
        )

    def credit_rule(self) -> str:
        return RULES[self.credit]

    def option_texts(self, order: Order) -> tuple[str, ...]:
        return tuple(self.options[i].text for i in order)

    def default_order(self) -> tuple[int, ...]:
        """Shuffled all the same, since the options as written are the key."""
        return self.shuffled_order(self.id)

    def shuffled_order(self, seed: str) -> tuple[int, ...]:
        """An order that follows from the seed; neither the right one nor its reverse where there is another."""
        orders = (tuple(shuffled(range(len(self.options)), f"{seed}:{turn}")) for turn in range(TRIES))
        return next(
            (one for one in orders if not self._is_telling(one)), tuple(shuffled(range(len(self.options)), seed))
        )

    def _is_telling(self, order: Sequence[int]) -> bool:
        right, wrong, pairs = self._pairs({i: place for place, i in enumerate(order)})
        return pairs in (right, wrong)

    def guess_score(self) -> Decimal:
        """The mean over all complete orders, each as likely as the others."""
        sizes, ranks = self._rank_sizes(), self._ranks()
        if self.credit == "kendall_tau":
            return as_decimal(mean_of_floored_tau(sizes))
        if self.credit == "all_or_nothing":
            return as_decimal(chance_of_right_order(sizes))
        following = sum(ranks[b] - ranks[a] in (0, 1) for a in range(len(ranks)) for b in range(len(ranks)) if a != b)
        return as_decimal(Fraction(following, len(ranks) * (len(ranks) - 1)))

    def key_evidence(self) -> tuple[tuple[Place, Evidence], ...]:
        return (*super().key_evidence(), *rows_evidence(self.options))

    def parts(self) -> tuple[Part, ...]:
        """Whatever is put in order may be dropped; by itself, no place in an order is right."""
        return tuple(Part(one.id, one.text, True, grantable=False) for one in self.options)

    def carried(self, older: Self, response: Response) -> tuple[Self, Response]:
        shared = frozenset(one.id for one in self.options) & {one.id for one in older.options}
        if not self._is_an_order(shared):
            raise CannotMark("Too little of what was put in order then is asked now")
        if not (rest := _left(response, shared)):
            raise CannotMark("What was given places is not asked any more")
        return self._of(shared), rest

    def _of(self, ids: Ids) -> Self:
        """The order of these alone; ties are kept among those that are left."""
        ranks = {one.id: rank for one, rank in zip(self.options, self._ranks(), strict=True)}
        kept = [one for one in self.options if one.id in ids]
        ties = [i > 0 and ranks[one.id] == ranks[kept[i - 1].id] for i, one in enumerate(kept)]
        options = tuple(one.model_copy(update={"tie": tie}) for one, tie in zip(kept, ties, strict=True))
        return self.model_copy(update={"options": options})

    def _is_an_order(self, ids: Ids) -> bool:
        ranks = {rank for one, rank in zip(self.options, self._ranks(), strict=True) if one.id in ids}
        return len(ranks) > 1

    def mark_without(self, ids: Ids, response: Response) -> Mark | None:
        others = frozenset(one.id for one in self.options) - ids
        rest = _left(response, others)
        return self._of(others).mark(rest) if rest else None

    def is_askable_without(self, ids: Ids) -> bool:
        return self._is_an_order(frozenset(one.id for one in self.options) - ids)


def _written(place: list[str]) -> str | list[str] | None:
    return place if len(place) > 1 else place[0] if place else None


def _tally(right: int, wrong: int, pairs: int) -> str:
    left = pairs - right - wrong
    unsaid = f", {left} not said" if left else ""
    return f"{right} of {pairs} pairs stand the right way round, {wrong or 'none'} the wrong way{unsaid}"


def _left(response: Sequence[Any], ids: Ids) -> list[Any]:
    """The answer as it stands with these alone: the places of the others close up; none where nothing is placed."""
    places = [[one for one in (held if isinstance(held, list) else [held]) if one in ids] for held in response]
    rest = [_written(place) for place, held in zip(places, response, strict=True) if place or held is None]
    while len(rest) > len(ids):
        rest.remove(None)
    return rest if any(places) else []
