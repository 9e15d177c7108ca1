"""The two-parameter logistic model: how hard each question is, and how sharply it tells students apart.

P(right | θ) = 1 ÷ (1 + exp(−a(θ − b))) (Birnbaum 1968, in Lord & Novick, Statistical Theories of Mental Test Scores),
with abilities θ from the standard normal. The parameters are those of marginal maximum likelihood, found by expectation
and maximisation over fixed quadrature points (Bock & Aitkin 1981, Psychometrika 46); the standard errors come from the
observed information of the marginal likelihood (Louis 1982, J. R. Statist. Soc. B 44), by the delta method for b.

Inside, a question is a slope a and an intercept d = −ab, which makes each maximisation a small logistic regression.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

FEWEST_ATTEMPTS = 200  # below about this many, two parameters a question are not worth their errors
POINTS = np.linspace(-6.0, 6.0, 61)
WEIGHTS = np.exp(-(POINTS**2) / 2) / np.exp(-(POINTS**2) / 2).sum()
DESIGN = np.stack([POINTS, np.ones_like(POINTS)])  # what a slope and an intercept are multiplied by
STEEPEST = 8.0  # a slope beyond this is data running away, not a question
TOLERANCE = 1e-6
MOST_ROUNDS = 2000


@dataclass(frozen=True)
class ItemParameters:
    """A question in the model, with standard errors; all None where the answers do not determine it."""

    discrimination: float | None
    difficulty: float | None
    discrimination_error: float | None
    difficulty_error: float | None


@dataclass(frozen=True)
class ResponseModel:
    """The fitted model: a question each, each student's ability with its error, and how well it fits."""

    items: tuple[ItemParameters, ...]
    abilities: tuple[float, ...]  # posterior means
    ability_errors: tuple[float, ...]  # posterior standard deviations
    log_likelihood: float
    rounds: int


UNKNOWN = ItemParameters(None, None, None, None)


def fit(answers: Sequence[Sequence[float | None]], fewest: int = FEWEST_ATTEMPTS) -> ResponseModel | None:
    """The model of a table of attempts × questions: 1 right, 0 not, None not set to this student.

    None where there are too few attempts, fewer than three questions that not everybody answered alike, or no settled
    answer. A question that all got right, or wrong, has no parameters.
    """
    table = np.array(answers, dtype=np.float64)  # None becomes NaN
    if table.ndim != 2 or len(table) < fewest:
        return None
    usable = _varies(table)
    if usable.sum() < 3:
        return None
    right, seen = _right_and_seen(table[:, usable])
    parameters, rounds = _maximise(right, seen)
    if rounds == MOST_ROUNDS:
        return None
    posterior, likelihood = _posterior(parameters, right, seen)
    means = posterior @ POINTS
    variances = posterior @ POINTS**2 - means**2
    return ResponseModel(
        items=tuple(_spread_out(_described(parameters, _information(parameters, posterior, right, seen)), usable)),
        abilities=tuple(map(float, means)),
        ability_errors=tuple(map(float, np.sqrt(np.maximum(variances, 0)))),
        log_likelihood=likelihood,
        rounds=rounds,
    )


def chance_of_right(one: ItemParameters, ability: float) -> float | None:
    """How likely a student of this ability answers right; None where the question's parameters are unknown."""
    if one.discrimination is None or one.difficulty is None:
        return None
    return float(1 / (1 + np.exp(-one.discrimination * (ability - one.difficulty))))


def information(items: Sequence[ItemParameters], ability: float) -> float:
    """How much the quiz tells about a student of this ability: Σ a² P (1 − P) (Birnbaum 1968)."""
    known = [(one.discrimination, chance_of_right(one, ability)) for one in items]
    return sum(a * a * p * (1 - p) for a, p in known if a is not None and p is not None)


def standard_error_at(items: Sequence[ItemParameters], ability: float) -> float | None:
    """The standard error of an ability estimate, 1 ÷ √information; None where the quiz tells nothing there."""
    told = information(items, ability)
    return float(1 / np.sqrt(told)) if told > 0 else None


def marginal_log_likelihood(parameters: Array, right: Array, seen: Array) -> float:
    """Σ over students of log ∫ P(answers | θ) φ(θ) dθ, by quadrature; ``parameters`` are slopes and intercepts."""
    return _posterior(parameters, right, seen)[1]


def _varies(table: Array) -> NDArray[np.bool_]:
    """Which questions have both right and wrong answers."""
    return np.asarray((table == 1).any(axis=0) & (table == 0).any(axis=0))


def _right_and_seen(table: Array) -> tuple[Array, Array]:
    seen = ~np.isnan(table)
    return np.where(seen, table, 0.0), seen.astype(np.float64)


def _probabilities(parameters: Array) -> Array:
    """Questions × points."""
    return np.asarray(1 / (1 + np.exp(-np.clip(parameters @ DESIGN, -35, 35))))


def _posterior(parameters: Array, right: Array, seen: Array) -> tuple[Array, float]:
    """Students × points: how likely each point is for each student; and the log likelihood of all answers."""
    chances = _probabilities(parameters)
    logs = right @ np.log(chances) + (seen - right) @ np.log1p(-chances) + np.log(WEIGHTS)
    highest = logs.max(axis=1, keepdims=True)
    weights = np.exp(logs - highest)
    sums = weights.sum(axis=1, keepdims=True)
    return weights / sums, float((highest + np.log(sums)).sum())


def _maximise(right: Array, seen: Array) -> tuple[Array, int]:
    """Rounds of expectation and maximisation until no parameter moves; the number of rounds that it took."""
    share = right.sum(axis=0) / seen.sum(axis=0)
    parameters = np.stack([np.ones_like(share), np.log(share / (1 - share))], axis=1)
    for rounds in range(1, MOST_ROUNDS):
        posterior, _ = _posterior(parameters, right, seen)
        stepped = _regressions(parameters, seen.T @ posterior, right.T @ posterior)
        moved = np.abs(stepped - parameters).max()
        parameters = stepped
        if moved < TOLERANCE:
            return parameters, rounds
    return parameters, MOST_ROUNDS


def _regressions(parameters: Array, expected: Array, expected_right: Array) -> Array:
    """One Newton step of each question's logistic regression on the points, with expected counts as weights."""
    chances = _probabilities(parameters)
    gradient = (expected_right - expected * chances) @ DESIGN.T
    curvature = np.einsum("jq,aq,bq->jab", expected * chances * (1 - chances), DESIGN, DESIGN)
    curvature += 1e-9 * np.eye(2)
    step = np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
    stepped = parameters + np.clip(step, -1.0, 1.0)
    bounds = np.array([STEEPEST, 4 * STEEPEST])
    return np.asarray(np.clip(stepped, -bounds, bounds))


def _information(parameters: Array, posterior: Array, right: Array, seen: Array) -> Array:
    """The observed information of all slopes and intercepts: −E[∂²ℓ] − Var(∂ℓ) of the complete data (Louis 1982)."""
    chances = _probabilities(parameters)
    questions, students = len(parameters), len(posterior)
    weight = (seen.T @ posterior) * chances * (1 - chances)
    blocks = np.einsum("jq,aq,bq->jab", weight, DESIGN, DESIGN)
    total = np.zeros((questions, 2, questions, 2))
    total[range(questions), :, range(questions), :] = blocks
    means = np.zeros((students, questions, 2))
    for q, design in enumerate(DESIGN.T):
        residual = (right - seen * chances[:, q]) * posterior[:, q : q + 1]
        means += residual[:, :, None] * design
        spread = residual.T @ (right - seen * chances[:, q])
        total -= np.einsum("jk,a,b->jakb", spread, design, design)
    total += np.einsum("ija,ikb->jakb", means, means, optimize=True)
    return total.reshape(2 * questions, 2 * questions)


def _described(parameters: Array, information: Array) -> list[ItemParameters]:
    """Slopes and intercepts as discrimination and difficulty, with errors; no errors where they are not determined."""
    covariance = _inverse(information)
    return [
        _one(slope, intercept, None if covariance is None else covariance[2 * j : 2 * j + 2, 2 * j : 2 * j + 2])
        for j, (slope, intercept) in enumerate(parameters)
    ]


def _inverse(information: Array) -> Array | None:
    """The inverse, if the information is positive definite: else the likelihood has no settled peak there."""
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return None
    return np.asarray(np.linalg.inv(information))


def _one(slope: float, intercept: float, covariance: Array | None) -> ItemParameters:
    if abs(slope) >= STEEPEST or abs(slope) < 1e-3:
        return UNKNOWN
    if covariance is None:
        return ItemParameters(float(slope), float(-intercept / slope), None, None)
    by_slope_and_intercept = np.array([intercept / slope**2, -1 / slope])
    of_difficulty = float(by_slope_and_intercept @ covariance @ by_slope_and_intercept)
    errors = float(np.sqrt(covariance[0, 0])), float(np.sqrt(of_difficulty))
    return ItemParameters(float(slope), float(-intercept / slope), *errors)


def _spread_out(found: Sequence[ItemParameters], usable: NDArray[np.bool_]) -> list[ItemParameters]:
    """The parameters in the places of all questions."""
    rest = iter(found)
    return [next(rest) if one else UNKNOWN for one in usable]
