from itertools import permutations
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from analysis.arrays import Floats
from analysis.errors import DataError
from analysis.ranks import bands, joint_rank_sets, rank_sets, simultaneous_intervals

Drawn = tuple[Floats, Floats]
Method = Literal["max-t", "sidak", "pairwise"]

figures = st.integers(1, 12).flatmap(
    lambda k: st.tuples(
        arrays(float, k, elements=st.integers(0, 20).map(float)),
        arrays(float, k, elements=st.integers(0, 8).map(float)),
    )
)


def test_three_separate_intervals_have_one_place_each() -> None:
    low, high = rank_sets([10, 50, 30], [20, 60, 40])
    assert low.tolist() == [3, 1, 2]
    assert high.tolist() == [3, 1, 2]


def test_intervals_that_only_touch_are_not_told_apart() -> None:
    low, high = rank_sets([0, 1], [1, 2])
    assert low.tolist() == [1, 1]
    assert high.tolist() == [2, 2]


def test_an_unknown_interval_may_hold_any_place_and_widens_the_others() -> None:
    low, high = rank_sets([50, np.nan, 10], [60, np.nan, 20])
    assert low.tolist() == [1, 1, 2]
    assert high.tolist() == [2, 3, 3]


def test_nobody_gives_nothing() -> None:
    low, high = rank_sets([], [])
    assert low.size == high.size == 0
    assert bands([], []).shape == (0, 0)


@pytest.mark.parametrize(
    ("lower", "upper", "says"),
    [([1, 2], [3], "one lower and one upper"), ([0, 3], [1, 2], "Interval 1 is upside down")],
)
def test_intervals_that_make_no_sense_are_refused(
    lower: list[float], upper: list[float], says: str
) -> None:
    with pytest.raises(DataError, match=says):
        rank_sets(lower, upper)


@given(figures)
def test_sets_agree_with_counting_every_pair(drawn: Drawn) -> None:
    centre, half = drawn
    lower, upper = centre - half, centre + half
    low, high = rank_sets(lower, upper)
    above = (lower[:, None] > upper).sum(axis=0)
    below = (upper[:, None] < lower).sum(axis=0)
    assert (low == 1 + above).all()
    assert (high == len(centre) - below).all()


@given(figures)
def test_each_set_holds_the_rank_of_the_estimate(drawn: Drawn) -> None:
    centre, half = drawn
    low, high = rank_sets(centre - half, centre + half)
    best = stats.rankdata(-centre, method="min")
    worst = stats.rankdata(-centre, method="max")
    assert (low <= best).all()
    assert (worst <= high).all()


@given(figures)
def test_turning_the_scale_around_turns_the_places_around(drawn: Drawn) -> None:
    centre, half = drawn
    low, high = rank_sets(centre - half, centre + half)
    low_turned, high_turned = rank_sets(-centre - half, -centre + half)
    assert (low_turned == len(centre) + 1 - high).all()
    assert (high_turned == len(centre) + 1 - low).all()


@given(figures)
def test_wider_intervals_never_narrow_a_set(drawn: Drawn) -> None:
    centre, half = drawn
    low, high = rank_sets(centre - half, centre + half)
    wider = rank_sets(centre - half - 1, centre + half + 1)
    assert (wider[0] <= low).all()
    assert (wider[1] >= high).all()


@given(figures)
def test_agencies_share_a_band_exactly_when_their_intervals_meet(drawn: Drawn) -> None:
    centre, half = drawn
    lower, upper = centre - half, centre + half
    groups = bands(lower, upper).astype(int)
    meet = (lower[:, None] <= upper) & (lower <= upper[:, None])
    assert ((groups.T @ groups > 0) == meet).all()
    inside = (groups @ (1 - groups).T) == 0  # row is a part of column
    assert (inside == np.eye(len(groups), dtype=bool)).all(), "a band lies within another"


def test_bands_run_from_the_highest_to_the_lowest() -> None:
    groups = bands([8, 5, 1, np.nan], [9, 8.5, 2, np.nan])
    assert groups.tolist() == [[True, True, False, True], [False, False, True, True]]


def test_sidak_intervals_have_the_closed_form_width() -> None:
    lower, upper = simultaneous_intervals([1.0, 2.0, 3.0], [1.0, 4.0, 9.0], level=0.9)
    z = stats.norm.ppf((1 + 0.9 ** (1 / 3)) / 2)
    assert upper - lower == pytest.approx([2 * z, 4 * z, 6 * z], rel=1e-12)


def test_one_figure_keeps_its_ordinary_t_interval() -> None:
    lower, upper = simultaneous_intervals([5.0], [[4.0]], df=7)
    assert upper[0] - lower[0] == pytest.approx(4 * stats.t.ppf(0.975, 7), rel=1e-12)


def test_independent_figures_simulate_to_sidak(rng: np.random.Generator) -> None:
    variance = np.arange(1.0, 9.0)
    sidak = simultaneous_intervals(np.zeros(8), variance)[1]
    simulated = simultaneous_intervals(np.zeros(8), variance, rng=rng, draws=60_000)[1]
    full = simultaneous_intervals(np.zeros(8), np.diag(variance), rng=rng, draws=60_000)[1]
    assert simulated == pytest.approx(sidak, rel=0.01)
    assert full == pytest.approx(sidak, rel=0.01)


def test_own_degrees_of_freedom_simulate_to_sidak(rng: np.random.Generator) -> None:
    df = np.array([3.0, 10.0, 50.0, np.inf])
    sidak = simultaneous_intervals(np.zeros(4), np.ones(4), df=df)[1]
    simulated = simultaneous_intervals(np.zeros(4), np.ones(4), df=df, rng=rng, draws=60_000)[1]
    assert simulated == pytest.approx(sidak, rel=0.03)


def test_figures_that_move_together_need_no_widening(rng: np.random.Generator) -> None:
    upper = simultaneous_intervals(np.zeros(5), np.ones((5, 5)), rng=rng, draws=60_000)[1]
    assert upper == pytest.approx(np.full(5, 1.96), rel=0.01)


def test_the_largest_difference_is_tukeys_studentised_range(rng: np.random.Generator) -> None:
    k, df = 4, 12
    critical = stats.studentized_range.ppf(0.95, k, df)
    estimate = np.array([critical, 0, 0, 0])
    for factor, expected in ((0.97, [1, 1, 1, 1]), (1.03, [1, 2, 2, 2])):
        low, _ = joint_rank_sets(
            factor * estimate, np.ones(k), method="pairwise", df=df, rng=rng, draws=60_000
        )
        assert low.tolist() == expected


def test_differences_know_what_the_figures_share(rng: np.random.Generator) -> None:
    shared = np.full((3, 3), 100.0) + np.diag([0.01, 0.01, 0.01])
    estimate = [3.0, 2.0, 1.0]
    low, high = joint_rank_sets(estimate, shared, method="pairwise", rng=rng)
    assert low.tolist() == high.tolist() == [1, 2, 3]
    low, high = joint_rank_sets(estimate, shared, method="max-t", rng=rng)
    assert (low == 1).all()
    assert (high == 3).all()


@pytest.mark.parametrize("method", ["max-t", "sidak", "pairwise"])
def test_equal_figures_may_hold_every_place(method: Method, rng: np.random.Generator) -> None:
    low, high = joint_rank_sets(np.ones(6), np.ones(6), method=method, rng=rng)
    assert (low == 1).all()
    assert (high == 6).all()


@pytest.mark.parametrize("method", ["max-t", "sidak", "pairwise"])
def test_figures_known_exactly_have_one_place_each(
    method: Method, rng: np.random.Generator
) -> None:
    low, high = joint_rank_sets([1.0, 3.0, 2.0], np.zeros(3), method=method, rng=rng)
    assert low.tolist() == high.tolist() == [3, 1, 2]


@pytest.mark.parametrize("method", ["max-t", "sidak", "pairwise"])
def test_a_figure_without_variance_may_hold_any_place(
    method: Method, rng: np.random.Generator
) -> None:
    low, high = joint_rank_sets([1.0, 99.0, 50.0], [0.1, np.nan, 0.1], method=method, rng=rng)
    assert low.tolist() == [2, 1, 1]
    assert high.tolist() == [3, 3, 2]


@pytest.mark.parametrize("method", ["max-t", "sidak", "pairwise"])
def test_without_degrees_of_freedom_nothing_is_ranked(
    method: Method, rng: np.random.Generator
) -> None:
    low, high = joint_rank_sets([1.0, 9.0], [0.1, 0.1], method=method, df=0, rng=rng)
    assert low.tolist() == [1, 1]
    assert high.tolist() == [2, 2]


def test_the_same_seed_gives_the_same_sets() -> None:
    vcov = np.diag(np.linspace(0.1, 1, 15)) + 0.05
    estimate = np.linspace(0, 5, 15)
    first, second = (
        simultaneous_intervals(estimate, vcov, rng=np.random.default_rng(3)) for _ in range(2)
    )
    assert (first[0] == second[0]).all()


def test_true_places_lie_in_all_sets_as_often_as_promised() -> None:
    rng = np.random.default_rng(20250701)
    k, repeats, level = 8, 400, 0.9
    truth = np.linspace(0, 3, k)
    places = np.arange(k, 0, -1)
    root = rng.normal(size=(k, k)) / 4
    vcov = root @ root.T + np.diag(np.linspace(0.05, 0.6, k))
    held: dict[Method, int] = {"max-t": 0, "sidak": 0, "pairwise": 0}
    for estimate in rng.multivariate_normal(truth, vcov, size=repeats):
        for method in held:
            low, high = joint_rank_sets(
                estimate, vcov, method=method, level=level, rng=rng, draws=1_000
            )
            held[method] += bool(((low <= places) & (places <= high)).all())
    assert min(held.values()) / repeats >= level - 0.02, held


def test_pairwise_sets_are_the_smallest(rng: np.random.Generator) -> None:
    estimate = np.linspace(0, 12, 12)
    sizes: dict[Method, int] = {"pairwise": 0, "sidak": 0}
    for method in sizes:
        low, high = joint_rank_sets(estimate, np.ones(12), method=method, rng=rng)
        sizes[method] = (high - low + 1).sum()
    assert sizes["pairwise"] < sizes["sidak"]


@pytest.mark.parametrize(
    ("arguments", "options", "says"),
    [
        (([1.0, 2.0], [[1.0]]), {"method": "sidak"}, "need vcov"),
        (([1.0], [-1.0]), {"method": "sidak"}, "negative"),
        (([1.0], [1.0]), {"method": "sidak", "level": 95}, "level between 0 and 1"),
        (([1.0], [1.0]), {"method": "max-t"}, "pass rng"),
        (([1.0, 2.0], [1.0, 1.0]), {"method": "sidak", "df": [1, 2, 3]}, "one df, or one per"),
        (
            ([1.0, 2.0], [1.0, 1.0]),
            {"method": "pairwise", "df": [5, 6], "rng": np.random.default_rng(1)},
            "one df for all",
        ),
        (
            ([1.0, 2.0], [[1.0, np.nan], [np.nan, 1.0]]),
            {"method": "max-t", "rng": np.random.default_rng(1)},
            "covariance is missing",
        ),
    ],
)
def test_what_cannot_be_ranked_is_refused_with_the_remedy(
    arguments: Any, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(DataError, match=says):
        joint_rank_sets(*arguments, **options)


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_a_permutation_of_agencies_permutes_their_places() -> None:
    lower, upper = np.array([0.0, 2, 4, 1]), np.array([1.0, 3, 6, 5])
    low, high = rank_sets(lower, upper)
    for order in permutations(range(4)):
        index = list(order)
        moved = rank_sets(lower[index], upper[index])
        assert (moved[0] == low[index]).all()
        assert (moved[1] == high[index]).all()
