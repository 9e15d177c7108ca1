"""The figures of a question's options: who chose which, and whether the strong or the weak did.

Sources: Canvas's «Item analysis» (point-biserial of each option) and Moodle's «Analysis of responses» (count, share);
the table of thirds is that of Haladyna, Developing and Validating Multiple-Choice Test Items (2004), chapter 9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.domain.statistics.moments import Values, correlation, mean

GROUPS = ("weakest third", "middle third", "strongest third")


@dataclass(frozen=True)
class OptionFigures:
    """Who chose an option. ``thirds``: of the weakest, middle and strongest third, how many chose it, and what share.

    ``rest`` is the mean of what those who chose it earned on the rest of the quiz.
    """

    label: str
    key: bool
    chosen: int
    share: float | None
    rest: float | None
    point_biserial: float | None
    thirds: tuple[int, ...] = ()
    shares: tuple[float | None, ...] = ()


def option_figures(label: str, key: bool, chosen: Sequence[bool], rests: Values) -> OptionFigures:
    """The figures of one option from who chose it and what each student earned on the rest of the quiz."""
    groups = ability_groups(rests)
    by_group = [[taken for taken, group in zip(chosen, groups, strict=True) if group == i] for i in range(len(GROUPS))]
    return OptionFigures(
        label=label,
        key=key,
        chosen=sum(chosen),
        share=mean(chosen),
        rest=mean([rest for taken, rest in zip(chosen, rests, strict=True) if taken]),
        point_biserial=point_biserial(chosen, rests),
        thirds=tuple(map(sum, by_group)),
        shares=tuple(mean(group) for group in by_group),
    )


def point_biserial(chosen: Sequence[bool], rests: Values) -> float | None:
    """The correlation of choosing the option with the mark on the rest: above 0 where the strong choose it."""
    return correlation([float(taken) for taken in chosen], rests)


def ability_groups(rests: Values) -> list[int]:
    """Each student's third: 0 the weakest, 1 the middle, 2 the strongest. Equal marks stand in the same group.

    A student's place is the mean rank of all who earned the same (Kendall's mid-rank); so the groups are thirds as
    nearly as ties allow, and the order of equals decides nothing.
    """
    places = _mid_ranks(rests)
    return [min(2, int(3 * place / len(rests))) for place in places]


def group_sizes(rests: Values) -> tuple[int, ...]:
    """How many students are in each third."""
    groups = ability_groups(rests)
    return tuple(groups.count(group) for group in range(len(GROUPS)))


def _mid_ranks(values: Values) -> list[float]:
    """Each value's rank from 0.5 up, ties at their mean: 0.5, 1.5 … for distinct values."""
    ordered = sorted(values)
    first = {value: rank for rank, value in reversed(list(enumerate(ordered)))}
    last = {value: rank for rank, value in enumerate(ordered)}
    return [(first[value] + last[value] + 1) / 2 for value in values]
