from itertools import product
from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.arrays import Floats
from analysis.errors import DataError
from analysis.small_areas import benchmark, fit_fay_herriot, smooth_variances
from analysis.small_areas.components import Areas, Method, fit_at, log_likelihood

METHODS: tuple[Method, ...] = ("reml", "ml", "fh", "pr", "dl")


def make_areas(
    seed: int, count: int = 40, sigma2: float = 0.04
) -> tuple[Floats, Floats, Floats, Floats]:
    """Truth, direct estimates, their variances and one covariate."""
    rng = np.random.default_rng(seed)
    x = rng.uniform(size=count)
    psi = rng.uniform(0.01, 0.12, count)
    truth = 3 + x + rng.normal(0, np.sqrt(sigma2), count)
    return truth, truth + rng.normal(0, np.sqrt(psi)), psi, x


@pytest.mark.parametrize("method", METHODS)
def test_equal_variances_have_a_closed_form(method: Method) -> None:
    y, psi = np.array([1.0, 2, 4, 7, 9, 3]), np.full(6, 1.5)
    expected = y.var(ddof=0 if method == "ml" else 1) - 1.5
    areas = fit_fay_herriot(y, psi, method=method)
    assert areas.sigma2 == pytest.approx(expected, rel=1e-12)
    gamma = expected / (expected + 1.5)
    assert areas.estimate == pytest.approx(gamma * y + (1 - gamma) * y.mean(), rel=1e-12)


def test_the_error_of_prasad_and_rao_has_a_closed_form() -> None:
    y, psi = np.array([1.0, 2, 4, 7, 9, 3]), np.full(6, 1.5)
    sigma2 = y.var(ddof=1) - 1.5
    v = sigma2 + 1.5
    b = 1.5 / v
    areas = fit_fay_herriot(y, psi, method="pr")
    assert areas.mse == pytest.approx(sigma2 * b + b**2 * v / 6 + 2 * b**2 / v * 2 * v**2 / 6)


@pytest.mark.parametrize(("restricted", "adjusted"), list(product([True, False], repeat=2)))
def test_no_other_variance_is_more_likely(restricted: bool, adjusted: bool) -> None:
    for seed in range(15):
        _, y, psi, x = make_areas(seed, count=12, sigma2=0.02)
        found = fit_fay_herriot(
            y, psi, x, method="reml" if restricted else "ml", adjusted=adjusted
        ).sigma2
        areas = Areas(y, psi, np.column_stack([np.ones(12), x]))

        def height(sigma2: float, areas: Areas = areas) -> float:
            extra = np.log(sigma2) if adjusted and sigma2 else 0.0
            return extra + log_likelihood(areas, fit_at(areas, sigma2), restricted=restricted)

        best = max(height(place) for place in np.geomspace(1e-6, 10, 2_000))
        assert height(found) >= best - 1e-12


def test_the_highest_of_two_maxima_is_taken() -> None:
    y = np.array([0.0, 0.02, -0.02, 0.01, -0.01, 3.0, -3.0])
    psi = np.array([1e-4, 1e-4, 1e-4, 1e-4, 1e-4, 8.0, 8.0])
    sigma2 = fit_fay_herriot(y, psi, method="ml").sigma2
    areas = Areas(y, psi, np.ones((7, 1)))
    grid = [log_likelihood(areas, fit_at(areas, place)) for place in np.geomspace(1e-9, 50, 3_000)]
    assert log_likelihood(areas, fit_at(areas, sigma2)) >= max(grid) - 1e-12


@given(st.integers(0, 10_000), st.sampled_from(METHODS))
@settings(max_examples=60, deadline=None)
def test_predictions_lie_between_direct_and_synthetic(seed: int, method: Method) -> None:
    _, y, psi, x = make_areas(seed, count=20)
    areas = fit_fay_herriot(y, psi, x, method=method)
    assert ((areas.gamma >= 0) & (areas.gamma <= 1)).all()
    slack = 1e-12
    assert (areas.estimate >= np.minimum(y, areas.synthetic) - slack).all()
    assert (areas.estimate <= np.maximum(y, areas.synthetic) + slack).all()


@given(st.integers(0, 10_000), st.sampled_from(METHODS), st.floats(0.01, 1000))
@settings(max_examples=40, deadline=None)
def test_the_unit_of_measurement_does_not_matter(seed: int, method: Method, unit: float) -> None:
    _, y, psi, x = make_areas(seed, count=15)
    areas, scaled = (
        fit_fay_herriot(k * y + 5 * k, k**2 * psi, x, method=method) for k in (1.0, unit)
    )
    assert scaled.sigma2 == pytest.approx(unit**2 * areas.sigma2, rel=1e-6, abs=1e-14 * unit**2)
    assert scaled.estimate == pytest.approx(unit * areas.estimate, rel=1e-7)
    assert scaled.mse == pytest.approx(unit**2 * areas.mse, rel=1e-6)


@given(st.integers(0, 10_000), st.sampled_from(METHODS))
@settings(max_examples=30, deadline=None)
def test_the_order_of_areas_and_the_coding_of_covariates_do_not_matter(
    seed: int, method: Method
) -> None:
    _, y, psi, x = make_areas(seed, count=15)
    order = np.random.default_rng(seed).permutation(15)
    first = fit_fay_herriot(y, psi, x, method=method)
    second = fit_fay_herriot(y[order], psi[order], 7 - 3 * x[order], method=method)
    assert second.estimate == pytest.approx(first.estimate[order], rel=1e-8)
    assert second.mse == pytest.approx(first.mse[order], rel=1e-6)


def test_sure_direct_estimates_are_left_alone() -> None:
    _, y, psi, x = make_areas(1)
    areas = fit_fay_herriot(y, psi * 1e-9, x)
    assert areas.estimate == pytest.approx(y, abs=1e-6)
    assert areas.mse == pytest.approx(psi * 1e-9, rel=0.01)


def test_without_differences_between_areas_all_is_synthetic_and_said_so() -> None:
    x = np.linspace(0, 1, 10)
    areas = fit_fay_herriot(3 + x, np.full(10, 0.2), x)
    assert areas.at_zero
    assert areas.estimate == pytest.approx(3 + x)
    assert set(areas.to_frame()["kind"]) == {"synthetic"}


@pytest.mark.parametrize("method", ["reml", "ml"])
def test_the_adjusted_likelihood_never_says_zero(method: Method) -> None:
    x = np.linspace(0, 1, 10)
    areas = fit_fay_herriot(3 + x, np.full(10, 0.2), x, method=method, adjusted=True)
    assert areas.sigma2 > 0
    assert set(areas.to_frame()["kind"]) == {"modelled"}


def test_areas_without_own_data_get_the_regression_and_a_larger_error() -> None:
    _, y, psi, x = make_areas(3)
    y[0], psi[1], psi[2] = np.nan, np.nan, 0.0
    areas = fit_fay_herriot(y, psi, x)
    rest = fit_fay_herriot(y[3:], psi[3:], x[3:])
    assert areas.sigma2 == pytest.approx(rest.sigma2, rel=1e-10)
    assert areas.estimate[:3] == pytest.approx(areas.synthetic[:3])
    assert areas.estimate[3:] == pytest.approx(rest.estimate)
    assert areas.mse[:3].min() > areas.sigma2
    assert areas.to_frame()["kind"].to_list()[:4] == ["synthetic"] * 3 + ["modelled"]


@pytest.mark.parametrize("method", METHODS)
def test_the_stated_error_is_the_error_made(method: Method) -> None:
    made, stated, direct = [], [], []
    for seed in range(400):
        truth, y, psi, x = make_areas(seed, count=30)
        areas = fit_fay_herriot(y, psi, x, method=method)
        made.append(((areas.estimate - truth) ** 2).mean())
        stated.append(areas.mse.mean())
        direct.append(((y - truth) ** 2).mean())
    assert np.mean(stated) == pytest.approx(np.mean(made), rel=0.08)
    assert np.mean(made) < 0.8 * np.mean(direct)


def test_smooth_variances_keep_their_sum_and_follow_the_sample_size() -> None:
    rng = np.random.default_rng(5)
    n = rng.integers(3, 200, 60).astype(float)
    noisy = 0.25 / n * rng.chisquare(n) / n
    smooth = smooth_variances(noisy, n)
    assert smooth.sum() == pytest.approx(noisy.sum(), rel=1e-12)
    assert (np.diff(smooth[np.argsort(n)]) <= 1e-15).all()
    assert np.abs(np.log(smooth * n / 0.25)).max() < np.abs(np.log(noisy * n / 0.25)).max()


def test_an_exact_variance_function_is_found_exactly() -> None:
    n = np.array([5.0, 10, 20, 40, 80])
    p = np.array([0.2, 0.5, 0.9, 0.6, 0.3])
    truth = 1.3 * p * (1 - p) / n
    assert smooth_variances(truth, n, np.log(p * (1 - p))) == pytest.approx(truth, rel=1e-10)


def test_zero_and_missing_variances_get_a_smooth_value() -> None:
    n = np.array([5.0, 10, 20, 40, 0, 80])
    smooth = smooth_variances([0.2, 0.0, 0.05, np.nan, 0.1, 0.01], n)
    assert np.isnan(smooth[4])
    assert (np.delete(smooth, 4) > 0).all()


@pytest.mark.parametrize("method", ["difference", "ratio"])
def test_benchmarked_areas_meet_every_total(method: Literal["difference", "ratio"]) -> None:
    _, y, psi, x = make_areas(8)
    areas = fit_fay_herriot(y, psi, x)
    share = np.random.default_rng(1).uniform(size=40)
    group = np.arange(40) % 3
    moved = benchmark(areas, share, group=group, method=method)
    assert np.bincount(group, share * moved.estimate) == pytest.approx(
        np.bincount(group, share * y), rel=1e-12
    )
    assert moved.mse == pytest.approx(areas.mse + (moved.estimate - areas.estimate) ** 2)
    assert set(moved.to_frame()["benchmarked"]) == {method}
    once_more = benchmark(moved, share, group=group, method=method)
    assert once_more.estimate == pytest.approx(moved.estimate, rel=1e-12)


def test_you_and_rao_meet_the_direct_total_by_themselves() -> None:
    _, y, psi, x = make_areas(8)
    share = np.random.default_rng(1).uniform(size=40)
    moved = benchmark(fit_fay_herriot(y, psi, x), share, method="you-rao")
    assert share @ moved.estimate == pytest.approx(share @ y, rel=1e-12)


def test_the_difference_moves_the_surest_area_least() -> None:
    _, y, psi, x = make_areas(8)
    areas = fit_fay_herriot(y, psi, x)
    moved = benchmark(areas, np.ones(40), total=float(areas.estimate.sum()) + 4)
    move = moved.estimate - areas.estimate
    assert (move > 0).all()
    assert np.argmin(move) == np.argmin(areas.mse)


def test_areas_outside_the_total_do_not_move() -> None:
    _, y, psi, x = make_areas(8)
    y[0] = np.nan
    areas = fit_fay_herriot(y, psi, x)
    moved = benchmark(areas, np.r_[0.0, np.ones(39)])
    assert moved.estimate[0] == areas.estimate[0]
    assert moved.estimate[1:].sum() == pytest.approx(y[1:].sum())


COLUMN = np.arange(6.0)


@pytest.mark.parametrize(
    ("direct", "variance", "covariates", "says"),
    [
        (COLUMN, COLUMN[:3], None, "one variance per direct"),
        (COLUMN, -COLUMN, None, "variance of area 1 is negative"),
        (COLUMN, COLUMN, COLUMN[:4], "one complete row per area"),
        (COLUMN, COLUMN, np.full(6, np.nan), "one complete row per area"),
        (COLUMN, COLUMN + 1, np.ones(6), "collinear"),
        (COLUMN, np.r_[0, 0, 0, 0, 1, 1], None, "2 areas with a variance"),
    ],
)
def test_areas_that_cannot_be_modelled_are_refused(
    direct: Floats, variance: Floats, covariates: Floats | None, says: str
) -> None:
    with pytest.raises(DataError, match=says):
        fit_fay_herriot(direct, variance, covariates)


def test_a_moment_estimator_is_not_adjusted() -> None:
    with pytest.raises(DataError, match="Only 'reml' and 'ml'"):
        fit_fay_herriot(COLUMN, COLUMN + 1, method="fh", adjusted=True)


def test_benchmarks_that_cannot_be_met_are_refused() -> None:
    _, y, psi, x = make_areas(8, count=10)
    areas = fit_fay_herriot(y, psi, x)
    with pytest.raises(DataError, match="one share and one group"):
        benchmark(areas, np.ones(3))
    with pytest.raises(DataError, match="negative or missing"):
        benchmark(areas, -np.ones(10))
    with pytest.raises(DataError, match="whole numbers"):
        benchmark(areas, np.ones(10), group=np.full(10, 0.5))
    with pytest.raises(DataError, match="2 groups need as many totals"):
        benchmark(areas, np.ones(10), group=np.arange(10) % 2, total=3.0)
    with pytest.raises(DataError, match="Group 1 has no area that may move"):
        benchmark(areas, np.r_[np.ones(9), 0.0], group=np.r_[np.zeros(9, int), 1], total=[3.0, 3.0])
    with pytest.raises(DataError, match="Group 0 sums to zero"):
        benchmark(areas, np.zeros(10), total=3.0, method="ratio")
    with pytest.raises(DataError, match="You-Rao meets the direct total"):
        benchmark(areas, np.ones(10), total=3.0, method="you-rao")
    y[4] = np.nan
    with pytest.raises(DataError, match="Area 4 has no direct estimate"):
        benchmark(fit_fay_herriot(y, psi, x), np.ones(10))


@pytest.mark.parametrize(
    ("variance", "size", "covariates", "says"),
    [
        (COLUMN, COLUMN[:2], None, "one sample size per variance"),
        (COLUMN, COLUMN, COLUMN[:2], "one complete row per area"),
        (np.zeros(6), COLUMN, None, "Only 0 areas have a variance"),
    ],
)
def test_variances_that_cannot_be_smoothed_are_refused(
    variance: Floats, size: Floats, covariates: Floats | None, says: str
) -> None:
    with pytest.raises(DataError, match=says):
        smooth_variances(variance, size, covariates)
