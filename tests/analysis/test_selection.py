from collections.abc import Callable
from typing import Literal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design import Design, describe_design, narrow
from analysis.errors import DataError
from analysis.selection import (
    estimate_by_imputation,
    estimate_by_weighting,
    estimate_doubly_robust,
    fit_selection,
    impute_by_model,
    impute_by_neighbours,
)
from analysis.variance import estimate_covariance
from tests.analysis.selection_cases import FORMULA, METHODS, Drawn, draw, estimate_all, fit


def test_nothing_mends_volunteering_that_depends_on_the_answer_itself() -> None:
    drawn = draw(1, own_opinion=1.0)
    for found in estimate_all(drawn).values():
        low, _ = found.interval()
        assert low > drawn.truth, found.method


@pytest.mark.parametrize("method", METHODS)
def test_the_estimating_equation_is_solved(method: Literal["likelihood", "calibration"]) -> None:
    drawn = draw(2)
    found = fit_selection(drawn.volunteers, drawn.reference, FORMULA, method=method)
    total = found.score.sum(axis=0) + found.pair.weight @ found.counter_score
    assert total == pytest.approx(np.zeros(3), abs=1e-6)
    if method == "calibration":
        made = found.weight @ found.pair.volunteers
        assert made == pytest.approx(found.pair.weight @ found.pair.reference, rel=1e-10)


def test_a_constant_alone_gives_everybody_the_same_weight() -> None:
    drawn = draw(3)
    y = drawn.volunteers["y"].to_numpy()
    found = fit_selection(drawn.volunteers, drawn.reference, "1")
    assert found.weight == pytest.approx(np.full(len(y), 6_000 / len(y)), rel=1e-9)
    estimate = estimate_by_weighting(found, y)
    assert estimate.estimate == pytest.approx(y.mean(), rel=1e-12)
    outcome = impute_by_model(drawn.volunteers, drawn.reference, "1", y)
    assert estimate_by_imputation(outcome).estimate == pytest.approx(y.mean(), rel=1e-10)


def test_cells_give_the_post_stratified_mean() -> None:
    drawn = draw(4)
    means = drawn.volunteers.group_by("urban").agg(pl.col("y").mean())
    sizes = drawn.reference.data.group_by("urban").agg(pl.col("d").sum())
    joined = means.join(sizes, on="urban")
    expected = float(np.average(joined["y"].to_numpy(), weights=joined["d"].to_numpy()))
    y = drawn.volunteers["y"]
    selection = fit_selection(drawn.volunteers, drawn.reference, "urban")
    outcome = impute_by_model(drawn.volunteers, drawn.reference, "urban", y)
    for found in (
        estimate_by_weighting(selection, y),
        estimate_by_imputation(outcome),
        estimate_doubly_robust(selection, outcome),
    ):
        assert found.estimate == pytest.approx(expected, rel=1e-9), found.method


def test_equal_answers_are_certain_but_for_the_population_size() -> None:
    drawn = draw(5)
    ones = np.ones(len(drawn.volunteers))
    selection = fit_selection(drawn.volunteers, drawn.reference, FORMULA)
    found = estimate_by_weighting(selection, ones)
    assert found.estimate == pytest.approx(1, rel=1e-12)
    assert found.se == pytest.approx(0, abs=1e-9)
    assert estimate_by_weighting(selection, ones, denominator="population").se > 0


@given(st.integers(0, 500), st.floats(0.1, 10), st.floats(-3, 3))
@settings(max_examples=15, deadline=None)
def test_estimates_move_with_the_scale_of_the_answers(seed: int, unit: float, shift: float) -> None:
    drawn = draw(seed, size=2_000)
    y = drawn.volunteers["y"].to_numpy()
    first = estimate_all(drawn)
    moved = drawn.volunteers.with_columns(y=unit * y + shift)
    second = estimate_all(Drawn(moved, drawn.reference, 0.0))
    for name in ("weighting", "calibrated", "imputation", "robust"):
        expected = unit * first[name].estimate + shift
        assert second[name].estimate == pytest.approx(expected, rel=1e-7, abs=1e-7), name
        assert second[name].se == pytest.approx(unit * first[name].se, rel=1e-6), name


def test_the_order_of_rows_and_the_unit_of_a_variable_do_not_matter() -> None:
    drawn = draw(6)
    first = estimate_all(drawn)
    order = np.random.default_rng(1).permutation(len(drawn.volunteers))
    volunteers = drawn.volunteers[order].with_columns(x=pl.col("x") * 60)
    sample = drawn.reference.data.with_columns(x=pl.col("x") * 60)
    reference = describe_design(sample, strata=["urban"], weight="d")
    second = estimate_all(Drawn(volunteers, reference, 0.0))
    for name, found in first.items():
        assert second[name].estimate == pytest.approx(found.estimate, rel=1e-8), name
        assert second[name].se == pytest.approx(found.se, rel=1e-7), name


def test_rows_outside_the_reference_take_no_part() -> None:
    drawn = draw(7)
    data = drawn.reference.data
    rows = np.arange(len(data)) % 2 == 0
    part = describe_design(data.filter(pl.Series(rows)), strata=["urban"], weight="d")
    whole = narrow(drawn.reference, rows)
    y = drawn.volunteers["y"]
    one, other = (
        estimate_by_weighting(fit_selection(drawn.volunteers, side, FORMULA), y)
        for side in (part, whole)
    )
    assert one.estimate == pytest.approx(other.estimate, rel=1e-10)


def numeric_reference_variance(drawn: Drawn, estimate: Callable[[Design], float]) -> float:
    """Variance of the probability sample by changing each of its weights a little."""
    data = drawn.reference.data
    slopes = np.zeros(len(data))
    for row in range(len(data)):
        moved = []
        for step in (1e-3, -1e-3):
            d = data["d"].to_numpy().copy()
            d[row] += step
            design = describe_design(data.with_columns(d=d), strata=["urban"], weight="d")
            moved.append(estimate(design))
        slopes[row] = (moved[0] - moved[1]) / 2e-3
    return float(estimate_covariance(drawn.reference, slopes[:, None])[0, 0])


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("denominator", ["estimated", "population"])
def test_the_reference_part_is_the_derivative_by_its_weights(
    method: Literal["likelihood", "calibration"],
    denominator: Literal["estimated", "population"],
) -> None:
    drawn = draw(8, size=2_000, sampled=50)
    y = drawn.volunteers["y"]

    def by_weighting(design: Design) -> float:
        found = fit_selection(drawn.volunteers, design, FORMULA, method=method)
        return estimate_by_weighting(found, y, denominator=denominator).estimate

    selection = fit_selection(drawn.volunteers, drawn.reference, FORMULA, method=method)
    found = estimate_by_weighting(selection, y, denominator=denominator)
    numeric = numeric_reference_variance(drawn, by_weighting)
    assert found.variance_reference == pytest.approx(numeric, rel=1e-4)


def test_the_imputed_reference_part_is_the_derivative_by_its_weights() -> None:
    drawn = draw(9, size=2_000, sampled=50)
    y = (drawn.volunteers["y"] > 2.5).cast(pl.Float64)

    def by_imputation(design: Design) -> float:
        outcome = impute_by_model(drawn.volunteers, design, FORMULA, y, family="binomial")
        return estimate_by_imputation(outcome).estimate

    outcome = impute_by_model(drawn.volunteers, drawn.reference, FORMULA, y, family="binomial")
    found = estimate_by_imputation(outcome)
    numeric = numeric_reference_variance(drawn, by_imputation)
    assert found.variance_reference == pytest.approx(numeric, rel=1e-4)


def test_neighbours_predict_what_they_answered() -> None:
    volunteers = pl.DataFrame({"x": [0.0, 1, 2, 10, 11, 12]})
    sample = describe_design(pl.DataFrame({"x": [1.0, 11.0], "d": [30.0, 10.0]}), weight="d")
    y = [1.0, 2, 3, 7, 8, 9]
    outcome = impute_by_neighbours(volunteers, sample, "x", y, count=3)
    assert outcome.reference == pytest.approx([2, 8])
    assert estimate_by_imputation(outcome).estimate == pytest.approx((30 * 2 + 10 * 8) / 40)


@pytest.mark.parametrize("standardise", [True, False])
def test_standardising_frees_neighbours_from_units(standardise: bool) -> None:
    drawn = draw(10, size=2_000)
    both = drawn.volunteers.with_columns(z=pl.col("y") * 0.1), drawn.reference.data
    rng = np.random.default_rng(1)
    sample = both[1].with_columns(z=rng.normal(0.25, 0.1, len(both[1])))
    found = []
    for unit in (1.0, 1000.0):
        design = describe_design(sample.with_columns(x=pl.col("x") * unit), weight="d")
        volunteers = both[0].with_columns(x=pl.col("x") * unit)
        outcome = impute_by_neighbours(
            volunteers, design, "x + z", volunteers["y"], standardise=standardise
        )
        found.append(estimate_by_imputation(outcome).estimate)
    assert (found[0] == pytest.approx(found[1], rel=1e-12)) == standardise


def _drawn() -> Drawn:
    return draw(15, size=2_000)


def _misfit() -> object:
    drawn, other = _drawn(), draw(16, size=2_000)
    outcome = impute_by_model(other.volunteers, other.reference, FORMULA, other.volunteers["y"])
    return estimate_doubly_robust(fit(drawn), outcome)


def _with(drawn: Drawn, **columns: pl.Expr) -> Drawn:
    data = drawn.reference.data.with_columns(**columns)
    return Drawn(
        drawn.volunteers.with_columns(**columns), describe_design(data, weight="d"), drawn.truth
    )


@pytest.mark.parametrize(
    ("attempt", "says"),
    [
        (lambda: fit_selection(_drawn().volunteers, _drawn().reference, "nothing"), "no column"),
        (
            lambda: fit(_with(_drawn(), x=pl.when(pl.col("x") > 2).then(None).otherwise("x"))),
            "rows of the volunteers are incomplete",
        ),
        (
            lambda: fit_selection(
                _drawn().volunteers,
                _with(_drawn(), x=pl.when(pl.col("x") > 1).then(None).otherwise("x")).reference,
                FORMULA,
            ),
            "rows of the probability sample are incomplete",
        ),
        (
            lambda: fit_selection(
                _with(_drawn(), z=pl.col("x") * 2).volunteers,
                _with(_drawn(), z=pl.col("x") * 2).reference,
                "x + z",
            ),
            "Among the volunteers z says nothing",
        ),
        (
            lambda: fit_selection(_drawn().volunteers[:2], _drawn().reference, FORMULA),
            "2 volunteers are too few",
        ),
        (
            lambda: fit_selection(
                pl.concat([_drawn().volunteers] * 40), _drawn().reference, FORMULA
            ),
            "No propensities fit",
        ),
        (lambda: estimate_by_weighting(fit(_drawn()), [1.0]), "as many answers"),
        (
            lambda: estimate_by_weighting(fit(_drawn()), np.full(len(_drawn().volunteers), np.nan)),
            "rows of the answers are incomplete",
        ),
        (_misfit, "come from different samples"),
        (
            lambda: impute_by_neighbours(
                _drawn().volunteers[:6], _drawn().reference, FORMULA, np.ones(6), count=6
            ),
            "6 neighbours cannot be found among 6",
        ),
    ],
)
def test_samples_that_do_not_fit_are_refused_with_the_remedy(
    attempt: Callable[[], object], says: str
) -> None:
    with pytest.raises(DataError, match=says):
        attempt()
