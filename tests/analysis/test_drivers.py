from collections.abc import Callable
from itertools import permutations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.arrays import Floats
from analysis.charts import importance_performance_chart
from analysis.design import Design, describe_design
from analysis.drivers import Drivers, find_drivers, share_by_averaging, share_by_weights
from analysis.errors import DataError
from analysis.estimates import estimate_means, estimate_top_boxes
from analysis.models import fit_regression
from analysis.variance import estimate_covariance

FACTORS = ["access", "procedures", "officials", "result"]


def make_ratings(seed: int = 1, rows: int = 300) -> pl.DataFrame:
    """Clustered ratings of four factors; the overall one follows officials most."""
    rng = np.random.default_rng(seed)
    cluster = np.arange(rows) % 30
    common = rng.normal(size=(rows, 1)) + rng.normal(0, 0.4, 30)[cluster, None]
    factors = 0.6 * common + 0.8 * rng.normal(size=(rows, 4))
    overall = factors @ [0.1, 0.3, 0.7, 0.2] + 0.6 * rng.normal(size=rows)
    codes = np.clip(np.round(3.8 + np.column_stack([factors, overall])), 1, 5)
    codes[:, 1] = np.maximum(codes[:, 1] - 1, 1)
    return pl.DataFrame(
        {
            **dict(zip([*FACTORS, "overall"], codes.T, strict=True)),
            "cluster": cluster,
            "w": rng.uniform(0.5, 2, rows),
        }
    )


def make_design(frame: pl.DataFrame | None = None) -> Design:
    data = make_ratings() if frame is None else frame
    return describe_design(data, units=["cluster"], weight="w")


def make_covariance(seed: int, factors: int = 4) -> Floats:
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(factors + 1, factors + 3))
    return np.asarray(root @ root.T)


def explain(matrix: Floats, chosen: tuple[int, ...]) -> float:
    """R squared of some factors."""
    inside = list(chosen)
    if not inside:
        return 0.0
    slope = np.linalg.solve(matrix[np.ix_(inside, inside)], matrix[inside, -1])
    return float(slope @ matrix[inside, -1] / matrix[-1, -1])


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_averaging_is_the_mean_gain_over_all_orders(seed: int) -> None:
    matrix = make_covariance(seed)
    gains = np.zeros(4)
    for order in permutations(range(4)):
        for place, factor in enumerate(order):
            gains[factor] += explain(matrix, order[: place + 1]) - explain(matrix, order[:place])
    assert share_by_averaging(matrix) == pytest.approx(gains / 24, abs=1e-10)


@pytest.mark.parametrize("share", [share_by_averaging, share_by_weights])
@given(seed=st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_shares_add_up_to_what_is_explained(share: Callable[[Floats], Floats], seed: int) -> None:
    matrix = make_covariance(seed, 6)
    shares = share(matrix)
    assert (shares >= -1e-12).all()
    assert shares.sum() == pytest.approx(explain(matrix, tuple(range(6))), rel=1e-8)


@pytest.mark.parametrize("share", [share_by_averaging, share_by_weights])
def test_uncorrelated_factors_have_their_squared_correlations(
    share: Callable[[Floats], Floats],
) -> None:
    matrix = np.diag([4.0, 9.0, 1.0, 25.0])
    matrix[:3, 3] = matrix[3, :3] = [4, 3, 2]
    assert share(matrix) == pytest.approx([16 / 100, 9 / 225, 4 / 25])


@pytest.mark.parametrize("share", [share_by_averaging, share_by_weights])
def test_shares_do_not_know_units_or_order(share: Callable[[Floats], Floats]) -> None:
    matrix = make_covariance(5)
    scale = np.array([1.0, 10.0, 0.1, 3.0, 7.0])
    assert share(matrix * np.outer(scale, scale)) == pytest.approx(share(matrix), rel=1e-8)
    order = [2, 0, 3, 1, 4]
    assert share(matrix[np.ix_(order, order)]) == pytest.approx(share(matrix)[order[:4]], rel=1e-8)


def test_twelve_factors_are_averaged_and_thirteen_are_not() -> None:
    assert share_by_averaging(make_covariance(3, 12)).sum() < 1
    with pytest.raises(DataError, match="use share_by_weights"):
        share_by_averaging(make_covariance(3, 13))
    assert share_by_weights(make_covariance(3, 13)).sum() < 1


def test_the_factor_that_moves_most_comes_first() -> None:
    drivers = find_drivers(make_design(), "overall", FACTORS)
    table = drivers.to_frame()
    assert table["factor"][0] == "officials"
    assert drivers.importance.sum() == pytest.approx(1)
    assert 0.3 < drivers.r_squared < 0.9
    assert (table["importance_lower"] < table["importance"]).all()
    assert (table["importance_upper"] > table["importance"]).all()


@pytest.mark.parametrize("method", ["averaging", "weights"])
def test_the_standard_error_is_that_of_changing_every_weight(method: str) -> None:
    frame = make_ratings(rows=60)
    design = make_design(frame)
    influence = np.zeros((60, 4))
    for row in range(60):
        moved = []
        for step in (1e-4, -1e-4):
            w = frame["w"].to_numpy().copy()
            w[row] += step
            other = make_design(frame.with_columns(w=w))
            moved.append(find_drivers(other, "overall", FACTORS, method=method).importance)  # type: ignore[arg-type]
        influence[row] = (moved[0] - moved[1]) / 2e-4
    found = find_drivers(design, "overall", FACTORS, method=method)  # type: ignore[arg-type]
    expected = estimate_covariance(design, influence)
    assert found.importance_vcov == pytest.approx(expected, rel=1e-4, abs=1e-10)


def test_performance_is_the_published_share_or_the_mean() -> None:
    design = make_design()
    shares = find_drivers(design, "overall", FACTORS)
    assert shares.performance == pytest.approx(estimate_top_boxes(design, FACTORS).estimate)
    means = find_drivers(design, "overall", FACTORS, satisfied_from=None)
    assert means.performance == pytest.approx(estimate_means(design, FACTORS).estimate)
    assert means.performance_se == pytest.approx(estimate_means(design, FACTORS).se)


def test_coefficients_are_those_of_the_regression() -> None:
    design = make_design()
    drivers = find_drivers(design, "overall", FACTORS)
    model = fit_regression(design, "overall ~ access + procedures + officials + result")
    assert drivers.model.coefficients == pytest.approx(model.coefficients)
    assert drivers.r_squared == pytest.approx(_r_squared(design, drivers))


def _r_squared(design: Design, drivers: Drivers) -> float:
    y = design.data["overall"].to_numpy()
    fitted = (
        drivers.model.coefficients[0]
        + design.data.select(FACTORS).to_numpy() @ (drivers.model.coefficients[1:])
    )
    w = design.weights.final
    return float(1 - w @ (y - fitted) ** 2 / (w @ (y - np.average(y, weights=w)) ** 2))


def test_what_matters_and_is_done_badly_is_to_improve() -> None:
    frame = make_ratings().with_columns(officials=pl.col("officials") - 1)
    drivers = find_drivers(make_design(frame), "overall", FACTORS)
    priority = dict(zip(drivers.names, drivers.priority, strict=True))
    assert priority["officials"] == "improve"
    assert priority["access"] == "maintain"


def test_rows_with_a_gap_are_left_out_and_counted() -> None:
    frame = make_ratings()
    holes = frame.with_columns(access=pl.when(pl.col("cluster") < 3).then(None).otherwise("access"))
    drivers = find_drivers(make_design(holes), "overall", FACTORS)
    assert drivers.dropped == 30
    assert drivers.used.sum() == 270
    # The other factors' performance still knows everybody.
    whole = find_drivers(make_design(frame), "overall", FACTORS)
    assert drivers.performance[1:] == pytest.approx(whole.performance[1:])


def test_names_with_spaces_are_names() -> None:
    frame = make_ratings().rename({"access": "Tiếp cận dịch vụ", "overall": "Mức hài lòng chung"})
    drivers = find_drivers(
        make_design(frame), "Mức hài lòng chung", ["Tiếp cận dịch vụ", *FACTORS[1:]]
    )
    assert drivers.names[0] == "Tiếp cận dịch vụ"


def test_drivers_can_be_drawn() -> None:
    drivers = find_drivers(make_design(), "overall", FACTORS)
    reach = 2 * drivers.importance_se
    figure = importance_performance_chart(
        drivers.names,
        drivers.importance,
        100 * drivers.performance,
        interval=(drivers.importance - reach, drivers.importance + reach),
        title="Yếu tố tác động",
    )
    assert figure.axes


@pytest.mark.parametrize(
    ("attempt", "says"),
    [
        (lambda: find_drivers(make_design(), "overall", ["nothing"]), "no column nothing"),
        (lambda: find_drivers(make_design(), "overall", ["overall"]), "named twice"),
        (
            lambda: find_drivers(
                make_design(make_ratings().with_columns(copy=pl.col("access"))),
                "overall",
                ["access", "copy"],
            ),
            "repeat others",
        ),
        (
            lambda: find_drivers(
                make_design(make_ratings().with_columns(access=pl.lit(3.0))), "overall", FACTORS
            ),
            "Rating 0 of 5 has one value only",
        ),
        (lambda: find_drivers(make_design(make_ratings(rows=5)), "overall", FACTORS), "too few"),
        (lambda: share_by_averaging(np.ones(3)), "covariances of factors and outcome"),
    ],
)
def test_drivers_that_cannot_be_told_are_refused(attempt: Callable[[], object], says: str) -> None:
    with pytest.raises(DataError, match=says):
        attempt()
