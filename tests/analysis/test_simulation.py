"""A short run of the simulation: no bias, honest errors, intervals that hold.

`python -m tests.analysis.simulation` does 2,000 draws; 200 tell a variance to about 10 %.
"""

import numpy as np
import polars as pl
import pytest

from tests.analysis.simulation import draw_sample, make_province, simulate, weigh_sample


@pytest.fixture(scope="module")
def outcome() -> tuple[pl.DataFrame, float]:
    return simulate(200)


@pytest.mark.slow
def test_estimates_have_no_bias_to_speak_of(outcome: tuple[pl.DataFrame, float]) -> None:
    assert (outcome[0]["bias"].abs() < 0.25).all()


@pytest.mark.slow
def test_variances_are_right_on_average(outcome: tuple[pl.DataFrame, float]) -> None:
    variance = outcome[0]["variance"].to_numpy()
    assert np.abs(variance).max() < 0.3
    assert abs(variance.mean()) < 0.1


@pytest.mark.slow
def test_intervals_hold_as_often_as_they_say(outcome: tuple[pl.DataFrame, float]) -> None:
    coverage = outcome[0]["coverage"].to_numpy()
    assert coverage.min() > 0.89
    assert 0.925 < coverage.mean() < 0.975


@pytest.mark.slow
def test_rank_sets_hold_jointly(outcome: tuple[pl.DataFrame, float]) -> None:
    assert outcome[1] >= 0.93


def test_a_draw_can_be_looked_at_again() -> None:
    province = make_province()
    first, second = (draw_sample(province, np.random.default_rng([7, 3])) for _ in range(2))
    assert first.equals(second)
    design = weigh_sample(province, first)
    assert design.weights.final.sum() == pytest.approx(len(province.adults))
