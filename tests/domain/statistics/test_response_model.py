"""The two-parameter model against girth, against numerical differentiation, and against students who are simulated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from quizapp.domain.statistics import response_model

QUESTIONS = 20


def simulated(seed: int, students: int) -> tuple[Any, Any, Any, Any]:
    """Known slopes, difficulties and abilities, and the answers that they give."""
    chance = np.random.default_rng(seed)
    slopes, difficulties = chance.uniform(0.7, 2.0, QUESTIONS), chance.normal(0, 1, QUESTIONS)
    abilities = chance.normal(size=students)
    likely = 1 / (1 + np.exp(-slopes * (abilities[:, None] - difficulties)))
    return slopes, difficulties, abilities, (chance.random((students, QUESTIONS)) < likely).astype(float)


def found_in(model: response_model.ResponseModel) -> Any:
    """A row a question: slope, difficulty and both errors."""
    rows = [(one.discrimination, one.difficulty, one.discrimination_error, one.difficulty_error) for one in model.items]
    return np.array(rows, dtype=float)


def fitted(answers: Any) -> response_model.ResponseModel:
    model = response_model.fit(answers.tolist())
    assert model is not None
    return model


@pytest.mark.parametrize("seed", [7, 1917])
def test_it_agrees_with_girth_and_is_never_less_likely(seed: int):
    from girth import twopl_mml

    *_, answers = simulated(seed, 1000)
    found = found_in(fitted(answers))
    other = twopl_mml(answers.T.astype(int), {"max_iteration": 500})
    assert np.abs(found[:, 0] - other["Discrimination"]).max() < 0.02
    assert np.abs(found[:, 1] - other["Difficulty"]).max() < 0.02
    right, seen = answers, np.ones_like(answers)
    theirs = np.stack([other["Discrimination"], -other["Discrimination"] * other["Difficulty"]], axis=1)
    ours = np.stack([found[:, 0], -found[:, 0] * found[:, 1]], axis=1)
    likelihood = response_model.marginal_log_likelihood
    assert likelihood(ours, right, seen) >= likelihood(theirs, right, seen) - 1e-6


def test_it_recovers_what_was_put_in_within_the_errors_that_it_states():
    distances = []
    for seed in range(6):
        slopes, difficulties, abilities, answers = simulated(seed, 1500)
        model = fitted(answers)
        found = found_in(model)
        distances += [*(found[:, 0] - slopes) / found[:, 2], *(found[:, 1] - difficulties) / found[:, 3]]
        assert np.corrcoef(model.abilities, abilities)[0, 1] > 0.88
        misses = (np.array(model.abilities) - abilities) / np.array(model.ability_errors)
        assert 0.9 < np.sqrt((misses**2).mean()) < 1.1
    assert abs(np.mean(distances)) < 0.25  # 240 standard normals, if the errors are right
    assert 0.85 < np.std(distances) < 1.15
    assert np.mean(np.abs(distances) < 1.96) > 0.91


def test_the_peak_is_a_peak_and_the_errors_are_those_of_its_curvature():
    *_, answers = simulated(3, 400)
    answers = answers[:, :5]
    answers[::7, 0] = np.nan  # questions that a student was not set
    right, seen = response_model._right_and_seen(answers)
    parameters, _ = response_model._maximise(right, seen)
    posterior, _ = response_model._posterior(parameters, right, seen)
    stated = response_model._information(parameters, posterior, right, seen)

    def likelihood(flat: Any) -> float:
        return response_model.marginal_log_likelihood(flat.reshape(-1, 2), right, seen)

    flat, step = parameters.ravel(), 1e-3
    steps = np.eye(len(flat)) * step
    slopes = [(likelihood(flat + one) - likelihood(flat - one)) / (2 * step) for one in steps]
    assert np.abs(slopes).max() < 1e-2
    curved = [
        [
            (
                likelihood(flat + one + other)
                - likelihood(flat + one - other)
                - likelihood(flat - one + other)
                + likelihood(flat - one - other)
            )
            / (4 * step * step)
            for other in steps
        ]
        for one in steps
    ]
    assert np.abs(-np.array(curved) - stated).max() < 1e-3 * np.abs(stated).max()


def test_it_says_nothing_where_the_data_cannot():
    *_, answers = simulated(1, 300)
    assert response_model.fit(answers[:199].tolist()) is None
    assert response_model.fit([]) is None
    assert response_model.fit(answers[:, :2].tolist()) is None
    answers[:, 0] = 1
    model = fitted(answers)
    assert model.items[0] == response_model.UNKNOWN
    assert model.items[1].difficulty is not None


def test_information_is_where_the_questions_are():
    one = response_model.ItemParameters(2.0, 1.0, None, None)
    assert response_model.chance_of_right(one, 1.0) == 0.5
    assert response_model.information([one], 1.0) == pytest.approx(2.0**2 / 4)
    assert response_model.standard_error_at([one], 1.0) == pytest.approx(1.0)
    assert response_model.information([one], -3) < 0.01
    assert response_model.standard_error_at([response_model.UNKNOWN], 0.0) is None
