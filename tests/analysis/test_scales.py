from typing import Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.arrays import Floats
from analysis.errors import DataError
from analysis.scales import (
    check_sphericity,
    compare_eigenvalues,
    estimate_alpha,
    fit_factors,
    measure_adequacy,
    weigh_items,
)

LOADINGS = np.array(
    [[0.8, 0.0], [0.7, 0.0], [0.6, 0.0], [0.0, 0.75], [0.0, 0.65], [0.0, 0.6], [0.0, 0.5]]
)


def make_items(seed: int, count: int = 200, k: int = 5, shared: float = 0.6) -> Floats:
    rng = np.random.default_rng(seed)
    common = rng.normal(size=(count, 1))
    own = rng.normal(size=(count, k))
    return np.asarray(np.sqrt(shared) * common + np.sqrt(1 - shared) * own)


def make_correlation(loadings: Floats) -> Floats:
    matrix = loadings @ loadings.T
    np.fill_diagonal(matrix, 1.0)
    return matrix


def test_alpha_of_two_items_has_a_closed_form() -> None:
    items = np.array([[1.0, 2], [2, 2], [3, 5], [4, 4], [5, 4]])
    spread = np.cov(items.T)
    alpha = estimate_alpha(items)
    assert alpha.alpha == pytest.approx(4 * spread[0, 1] / spread.sum(), rel=1e-14)
    r = spread[0, 1] / np.sqrt(spread[0, 0] * spread[1, 1])
    assert alpha.standardised == pytest.approx(2 * r / (1 + r), rel=1e-14)
    assert alpha.item_rest == pytest.approx([r, r], rel=1e-14)
    assert np.isnan(alpha.if_dropped).all()


def test_equal_items_have_alpha_one_without_doubt() -> None:
    column = np.array([1.0, 2, 5, 3, 4])
    for interval in ("feldt", "linearised"):
        alpha = estimate_alpha(np.column_stack([column] * 4), interval=interval)
        assert (alpha.alpha, alpha.lower, alpha.upper) == pytest.approx((1, 1, 1), abs=1e-7)


@given(st.integers(0, 9_999), st.floats(0.1, 50), st.floats(-5, 5))
@settings(max_examples=40, deadline=None)
def test_alpha_does_not_know_unit_order_or_weight_scale(
    seed: int, unit: float, shift: float
) -> None:
    rng = np.random.default_rng(seed)
    items, weight = make_items(seed, 60), rng.uniform(0.2, 3, 60)
    order = rng.permutation(60)
    first = estimate_alpha(items, weight)
    second = estimate_alpha(unit * items[order][:, ::-1] + shift, 7 * weight[order])
    assert second.alpha == pytest.approx(first.alpha, rel=1e-9)
    assert second.se == pytest.approx(first.se, rel=1e-9)
    assert second.if_dropped[::-1] == pytest.approx(first.if_dropped, rel=1e-9)


def test_whole_weights_are_copies() -> None:
    items = make_items(3, 50)
    copies = np.random.default_rng(3).integers(1, 4, 50)
    weighted, copied = (
        estimate_alpha(items, copies),
        estimate_alpha(np.repeat(items, copies, axis=0)),
    )
    assert weighted.alpha == pytest.approx(copied.alpha, rel=1e-12)
    assert weighted.if_dropped == pytest.approx(copied.if_dropped, rel=1e-12)
    assert weighted.size < copied.size


def test_an_item_dropped_gives_the_alpha_of_the_others() -> None:
    items = make_items(5)
    whole = estimate_alpha(items)
    for item in range(5):
        rest = np.delete(items, item, axis=1)
        assert whole.if_dropped[item] == pytest.approx(estimate_alpha(rest).alpha, rel=1e-12)
        r = np.corrcoef(items[:, item], rest.sum(axis=1))[0, 1]
        assert whole.item_rest[item] == pytest.approx(r, rel=1e-12)


def test_rows_with_a_missing_answer_or_no_weight_are_left_out() -> None:
    items, weight = make_items(6, 40), np.ones(40)
    holes = items.copy()
    holes[3, 1], weight[7] = np.nan, 0.0
    alpha = estimate_alpha(holes, weight)
    assert alpha.used.sum() == 38
    assert alpha.alpha == pytest.approx(estimate_alpha(np.delete(items, [3, 7], axis=0)).alpha)
    assert alpha.influence[[3, 7]].tolist() == [0, 0]


def test_the_influence_is_the_derivative_by_weight() -> None:
    items, weight = make_items(7, 30), np.random.default_rng(7).uniform(0.5, 2, 30)
    influence = estimate_alpha(items, weight).influence
    assert weight @ influence == pytest.approx(0, abs=1e-13)
    for row in (0, 11, 29):
        up, down = weight.copy(), weight.copy()
        up[row] += 1e-6
        down[row] -= 1e-6
        slope = (estimate_alpha(items, up).alpha - estimate_alpha(items, down).alpha) / 2e-6
        assert influence[row] == pytest.approx(slope, abs=1e-9)


@pytest.mark.parametrize("interval", ["feldt", "linearised"])
def test_the_interval_of_alpha_covers_the_truth(
    interval: Literal["feldt", "linearised"],
) -> None:
    truth = 5 / 4 * (1 - 5 / (5 + 20 * 0.6))
    held = 0
    for seed in range(600):
        alpha = estimate_alpha(make_items(seed, 80), interval=interval)
        held += alpha.lower <= truth <= alpha.upper
    assert 0.92 <= held / 600 <= 0.98


def test_unequal_weights_widen_the_interval() -> None:
    items = make_items(8)
    weight = np.random.default_rng(8).lognormal(0, 1, 200)
    even, uneven = estimate_alpha(items), estimate_alpha(items, weight)
    assert uneven.upper - uneven.lower > even.upper - even.lower


def test_adequacy_of_equally_correlated_items_has_a_closed_form() -> None:
    k, r = 4, 0.5
    matrix = np.full((k, k), r) + (1 - r) * np.eye(k)
    partial = r / (1 + (k - 2) * r)
    expected = r**2 / (r**2 + partial**2)
    kmo = measure_adequacy(matrix)
    assert kmo.overall == pytest.approx(expected, rel=1e-12)
    assert kmo.items == pytest.approx(np.full(k, expected), rel=1e-12)


def test_sphericity_of_two_items_is_their_correlation() -> None:
    result = check_sphericity([[1, 0.3], [0.3, 1]], 100)
    assert result.statistic == pytest.approx(-(99 - 9 / 6) * np.log(1 - 0.09))
    assert result.df == 1
    assert 0 < result.p_value < 0.01


def test_unrelated_items_show_no_factor_and_two_groups_show_two() -> None:
    rng = np.random.default_rng(1)
    noise = weigh_items(np.random.default_rng(2).normal(size=(300, 8)))
    assert compare_eigenvalues(noise.correlation, 300, rng=rng).factors == 0
    assert compare_eigenvalues(make_correlation(LOADINGS), 300, rng=rng).factors == 2


def test_chance_eigenvalues_are_those_of_simulated_answers() -> None:
    rng = np.random.default_rng(5)
    found = compare_eigenvalues(np.eye(4), 50, rng=rng, draws=4_000, quantile=0.5).chance
    simulated = [
        np.linalg.eigvalsh(np.corrcoef(rng.normal(size=(50, 4)).T))[::-1] for _ in range(4_000)
    ]
    assert found == pytest.approx(np.median(simulated, axis=0), abs=0.01)


def test_the_seed_decides_chance() -> None:
    one, two = (
        compare_eigenvalues(np.eye(4), 50, rng=np.random.default_rng(9)).chance for _ in range(2)
    )
    assert (one == two).all()


def test_an_exact_factor_model_is_found_again() -> None:
    one = np.array([[0.9], [0.8], [0.7], [0.6], [0.5]])
    factors = fit_factors(make_correlation(one), 1, 500)
    assert factors.loadings == pytest.approx(one, abs=1e-6)
    assert factors.statistic == pytest.approx(0, abs=1e-6)
    assert factors.p_value == pytest.approx(1)
    assert not factors.heywood
    two = fit_factors(make_correlation(LOADINGS), 2, 500)
    assert two.loadings == pytest.approx(LOADINGS[:, ::-1], abs=1e-3)
    assert two.explained == pytest.approx([(LOADINGS[:, 1] ** 2).sum() / 7, 1.49 / 7], abs=1e-3)


@pytest.mark.parametrize("rotation", ["none", "varimax", "promax"])
def test_factors_reproduce_the_variances_however_they_are_turned(
    rotation: Literal["none", "varimax", "promax"],
) -> None:
    matrix = weigh_items(make_items(11, 300, 8, 0.5)).correlation
    factors = fit_factors(matrix, 2, 300, rotation=rotation)
    made = factors.loadings @ factors.correlation @ factors.loadings.T
    assert np.diagonal(made) + factors.uniqueness == pytest.approx(np.ones(8), abs=1e-5)
    plain = fit_factors(matrix, 2, 300, rotation="none")
    assert made == pytest.approx(plain.loadings @ plain.loadings.T, abs=1e-9)
    assert np.diagonal(factors.correlation) == pytest.approx([1, 1])
    assert (factors.loadings.sum(axis=0) >= 0).all()


def test_correlated_groups_are_let_go_of_the_right_angle() -> None:
    mixed = np.array([[1.0, 0.5], [0.5, 1.0]])
    matrix = LOADINGS @ mixed @ LOADINGS.T
    np.fill_diagonal(matrix, 1.0)
    factors = fit_factors(matrix, 2, 500, rotation="promax")
    upright = fit_factors(matrix, 2, 500)
    assert 0.35 < factors.correlation[0, 1] < 0.6
    assert (
        np.abs(factors.loadings).min(axis=1).max()
        < 0.6 * np.abs(upright.loadings).min(axis=1).max()
    )


def test_varimax_gains_nothing_from_any_further_turn() -> None:
    loadings = fit_factors(weigh_items(make_items(4, 300, 8, 0.5)).correlation, 2, 300).loadings
    unit = loadings / np.sqrt((loadings**2).sum(axis=1, keepdims=True))

    def simplicity(angle: float) -> float:
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        return float(((unit @ turn) ** 2).var(axis=0).sum())

    assert simplicity(0.0) >= max(simplicity(angle) for angle in np.linspace(0, np.pi, 721)) - 1e-9


def test_the_order_of_items_does_not_matter() -> None:
    matrix = weigh_items(make_items(12, 300, 7, 0.5)).correlation
    order = np.random.default_rng(1).permutation(7)
    first, second = fit_factors(matrix, 2, 300), fit_factors(matrix[np.ix_(order, order)], 2, 300)
    assert second.uniqueness == pytest.approx(first.uniqueness[order], abs=1e-6)
    assert second.statistic == pytest.approx(first.statistic, abs=1e-6)


def test_an_item_explained_wholly_is_flagged() -> None:
    matrix = make_correlation(np.array([[0.999], [0.7], [0.6], [0.5]]))
    assert fit_factors(matrix, 1, 300).heywood


GOOD = np.array([[1.0, 2], [2, 3], [3, 3], [4, 1]])


@pytest.mark.parametrize(
    ("items", "weight", "says"),
    [
        (GOOD[:, :1], None, "at least two items"),
        (GOOD, np.ones(3), "one weight per row"),
        (GOOD, np.array([1.0, -1, 1, 1]), "not negative"),
        (GOOD, np.array([1.0, 1, 0, 0]), "Only 2 respondents"),
        (np.where(GOOD == 4, np.nan, 1.0), None, "Item 0 has one answer only"),
        (np.column_stack([GOOD[:, 0], -GOOD[:, 0]]), None, "reverse the items"),
    ],
)
def test_items_that_make_no_scale_are_refused(
    items: Floats, weight: Floats | None, says: str
) -> None:
    with pytest.raises(DataError, match=says):
        estimate_alpha(items, weight)


def test_matrices_that_cannot_be_used_are_refused() -> None:
    with pytest.raises(DataError, match="at least two items"):
        measure_adequacy(np.ones((1, 1)))
    with pytest.raises(DataError, match="symmetric with ones"):
        measure_adequacy([[1, 0.5], [0.4, 1]])
    with pytest.raises(DataError, match="repeat others"):
        measure_adequacy([[1, 1], [1, 1]])
    with pytest.raises(DataError, match="No two items"):
        measure_adequacy(np.eye(3))
    with pytest.raises(DataError, match="too few to test"):
        check_sphericity(np.eye(3), 2)
    with pytest.raises(DataError, match="more respondents"):
        compare_eigenvalues(np.eye(5), 6, rng=np.random.default_rng(1))
    with pytest.raises(DataError, match="cannot carry 2 factors"):
        fit_factors(np.eye(4), 2, 100)
    with pytest.raises(DataError, match="between 0 and 1"):
        estimate_alpha(GOOD, confidence=95)
