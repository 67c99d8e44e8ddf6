"""Intervals for proportions: bounds, mirrors, and the ends of the scale."""

from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from analysis.errors import DataError
from analysis.intervals import (
    ProportionMethod,
    bound_by_wilson,
    bound_proportions,
    find_critical_value,
    find_effective_size,
)

METHODS = get_args(ProportionMethod)
WITHIN = [method for method in METHODS if method != "t"]


def bound(method: Any, share: float, se: float, df: float = 30, rows: float = 200) -> list[float]:
    lower, upper = bound_proportions(
        *(np.array([one]) for one in (share, se, df, rows)), method=method
    )
    return [float(lower[0]), float(upper[0])]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(WITHIN), st.floats(0.01, 0.99), st.floats(0.005, 0.08), st.integers(1, 500))
def test_limits_hold_the_share_within_the_scale(
    method: str, share: float, se: float, df: int
) -> None:
    lower, upper = bound(method, share, se, df)
    assert 0 <= lower <= share <= upper <= 1
    assert lower < upper


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(METHODS), st.floats(0.02, 0.98), st.floats(0.005, 0.08))
def test_the_complement_has_the_mirrored_interval(method: str, share: float, se: float) -> None:
    lower, upper = bound(method, share, se)
    other = bound(method, 1 - share, se)
    assert other == pytest.approx([1 - upper, 1 - lower], abs=1e-8)


@pytest.mark.parametrize("method", ["wilson", "korn_graubard", "likelihood"])
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_nobody_and_everybody_have_an_interval_with_width(method: str, share: float) -> None:
    lower, upper = bound(method, share, 0.0)
    assert upper - lower > 0.01
    assert (lower if share == 0 else upper) == share


def test_korn_graubard_of_a_simple_sample_is_clopper_pearson() -> None:
    share, rows = 0.3, 50
    se = np.sqrt(share * 0.7 / rows)
    expected = proportion_confint(15, 50, method="beta")
    assert bound("korn_graubard", share, se, rows - 1, rows) == pytest.approx(expected)


def test_wilson_of_a_simple_sample_is_wilson() -> None:
    share, rows = 0.3, 50
    se = np.sqrt(share * 0.7 / rows)
    expected = proportion_confint(15, 50, method="wilson")
    assert bound("wilson", share, se, np.inf, rows) == pytest.approx(expected)


@pytest.mark.parametrize("method", METHODS)
def test_without_degrees_of_freedom_there_is_no_interval(method: str) -> None:
    assert np.isnan(bound(method, 0.4, 0.05, df=0)).all()


def test_the_effective_size_is_capped_at_the_rows() -> None:
    share, se, rows = np.array([0.5, 0.5, 1.0]), np.array([0.01, 0.2, 0.0]), np.full(3, 100.0)
    assert find_effective_size(share, se, rows).tolist() == pytest.approx([100, 6.25, 100])
    assert find_effective_size(share, se, rows, capped=False)[0] == pytest.approx(2500)


def test_wilson_never_has_zero_width() -> None:
    lower, upper = bound_by_wilson(np.array([0.0, 1.0]), np.array([1e6, 1.0]), 1.96)
    assert (upper > lower).all()


def test_critical_values_are_students() -> None:
    values = find_critical_value(0.95, np.array([1, 30, np.inf, 0, -1, np.nan]))
    assert values[:3] == pytest.approx([12.7062047, 2.0422725, 1.9599640], rel=1e-7)
    assert np.isnan(values[3:]).all()


def test_an_unknown_interval_is_refused() -> None:
    with pytest.raises(DataError, match="Unknown interval"):
        bound("bayes", 0.4, 0.05)


def test_korn_graubard_mostly_contains_wilson() -> None:
    rng = np.random.default_rng(4)
    share, se = rng.uniform(0.02, 0.98, 500), rng.uniform(0.01, 0.08, 500)
    df, rows = np.full(500, 40.0), np.full(500, 300.0)
    wide = bound_proportions(share, se, df, rows, method="korn_graubard")
    narrow = bound_proportions(share, se, df, rows, method="wilson")
    held = (wide[0] <= narrow[0]) & (narrow[1] <= wide[1])
    assert held.mean() > 0.85
