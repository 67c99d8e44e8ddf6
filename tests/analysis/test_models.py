from collections.abc import Callable
from typing import Literal

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.miscmodels.ordinal_model import OrderedModel

from analysis.arrays import Floats
from analysis.design import Design, describe_design, narrow
from analysis.errors import DataError
from analysis.models import (
    average_effects,
    check_terms,
    fit_ordinal,
    fit_regression,
)
from analysis.models.families import LINKS, Link
from analysis.models.likelihood import CumulativeLikelihood
from tests.analysis.model_cases import EVERY_KIND, FITS, make_design, make_frame


def test_the_coefficient_of_a_group_is_the_difference_of_means() -> None:
    frame = make_frame()
    model = fit_regression(make_design(frame), "y ~ group")
    y, w, group = (frame[name].to_numpy() for name in ("y", "w", "group"))
    means = [np.average(y[group == g], weights=w[group == g]) for g in "abc"]
    expected = [means[0], means[1] - means[0], means[2] - means[0]]
    assert model.coefficients == pytest.approx(expected, rel=1e-12)
    assert model.names == ("(Intercept)", "groupb", "groupc")


def test_the_coefficient_of_a_group_is_the_log_odds_ratio() -> None:
    frame = make_frame().filter(pl.col("group") != "c")
    model = fit_regression(make_design(frame), "yes ~ group", "binomial")
    yes, w, group = (frame[name].to_numpy() for name in ("yes", "w", "group"))
    share = [np.average(yes[group == g], weights=w[group == g]) for g in "ab"]
    odds = [p / (1 - p) for p in share]
    assert model.coefficients == pytest.approx([np.log(odds[0]), np.log(odds[1] / odds[0])])


def test_simple_random_sampling_has_the_closed_form_of_white() -> None:
    frame = make_frame()
    model = fit_regression(describe_design(frame), "y ~ x")
    matrix = np.column_stack([np.ones(120), frame["x"]])
    bread = np.linalg.inv(matrix.T @ matrix)
    residual = frame["y"].to_numpy() - matrix @ (bread @ matrix.T @ frame["y"].to_numpy())
    meat = (matrix * (residual**2)[:, None]).T @ matrix * 120 / 119
    assert model.vcov == pytest.approx(bread @ meat @ bread, rel=1e-10)


def test_ordered_answers_agree_with_statsmodels() -> None:
    frame = make_frame()
    matrix = np.column_stack([frame["x"], frame["group"] == "b", frame["group"] == "c"]).astype(
        float
    )
    level = pl.Series(frame["level"]).cast(pl.Int64).to_numpy()
    for link in ("logit", "probit"):
        oracle = OrderedModel(level, matrix, distr=link).fit(method="newton", disp=0, tol=1e-9)
        first, *steps = oracle.params[3:]
        cuts = first + np.concatenate([[0], np.cumsum(np.exp(steps))])
        model = fit_ordinal(describe_design(frame), "level ~ x + group", link)
        assert model.coefficients == pytest.approx([*oracle.params[:3], *cuts], abs=1e-6)
        assert model.names[-3:] == ("1|2", "2|3", "3|4")


@pytest.mark.parametrize("link", list(LINKS))
def test_score_and_information_are_derivatives(link: Link) -> None:
    rng = np.random.default_rng(3)
    code = rng.integers(0, 4, 50)
    likelihood = CumulativeLikelihood(rng.normal(size=(50, 2)), code, 4, LINKS[link])
    weight = rng.uniform(0.5, 2, 50)
    theta = np.array([0.3, -0.2, -1.0, 0.1, 0.9])
    scores, information = likelihood.derive(theta, weight)
    steps = 1e-5 * np.eye(5)
    slope = [
        likelihood.value(theta + h, weight) - likelihood.value(theta - h, weight) for h in steps
    ]
    assert weight @ scores == pytest.approx(np.array(slope) / 2e-5, abs=1e-6)
    bend = [
        weight @ (likelihood.derive(theta + h, weight)[0] - likelihood.derive(theta - h, weight)[0])
        for h in steps
    ]
    assert information == pytest.approx(-np.array(bend) / 2e-5, abs=1e-5)


@EVERY_KIND
def test_the_influence_is_the_derivative_by_weight(kind: str) -> None:
    frame = make_frame(rows=72)
    model = FITS[kind](make_design(frame))
    for row in (0, 17, 71):
        moved = []
        for step in (1e-4, -1e-4):
            w = frame["w"].to_numpy().copy()
            w[row] += step
            moved.append(FITS[kind](make_design(frame.with_columns(w=w))).coefficients)
        assert model.influence[row] == pytest.approx((moved[0] - moved[1]) / 2e-4, abs=1e-6)
    assert make_design(frame).weights.final @ model.influence == pytest.approx(0, abs=1e-8)


@EVERY_KIND
@given(seed=st.integers(0, 10_000), unit=st.floats(0.01, 100))
@settings(max_examples=8, deadline=None)
def test_weight_scale_and_row_order_do_not_matter(kind: str, seed: int, unit: float) -> None:
    frame = make_frame(seed)
    order = np.random.default_rng(seed).permutation(len(frame))
    first = FITS[kind](make_design(frame))
    second = FITS[kind](make_design(frame[order].with_columns(w=pl.col("w") * unit)))
    assert second.coefficients == pytest.approx(first.coefficients, rel=1e-7, abs=1e-8)
    assert second.se == pytest.approx(first.se, rel=1e-6)


@EVERY_KIND
def test_the_unit_of_a_variable_only_scales_its_coefficient(kind: str) -> None:
    first = FITS[kind](make_design())
    second = FITS[kind](make_design(make_frame().with_columns(x=pl.col("x") * 1000)))
    place = first.names.index("x")
    assert second.coefficients[place] * 1000 == pytest.approx(first.coefficients[place], rel=1e-8)
    assert second.se[place] * 1000 == pytest.approx(first.se[place], rel=1e-8)


def test_incomplete_rows_are_left_out_counted_and_keep_their_cluster() -> None:
    frame = make_frame()
    holes = frame.with_columns(
        y=pl.when(pl.col("cluster") == 3).then(None).otherwise(pl.col("y")),
        group=pl.when(pl.col("cluster") == 5).then(None).otherwise(pl.col("group")),
    )
    design = make_design(holes)
    model = fit_regression(design, "y ~ x + group")
    assert model.dropped == 10
    assert model.used.sum() == 110
    rest = fit_regression(narrow(make_design(frame), model.used), "y ~ x + group")
    assert model.coefficients == pytest.approx(rest.coefficients, rel=1e-12)
    assert model.se == pytest.approx(rest.se, rel=1e-12)
    assert model.df == 18


def test_rows_without_weight_change_nothing() -> None:
    frame = make_frame()
    extra = frame.with_columns(w=pl.lit(0.0), y=pl.lit(99.0))
    first = fit_regression(make_design(frame), "y ~ x")
    second = fit_regression(make_design(pl.concat([frame, extra])), "y ~ x")
    assert second.coefficients == pytest.approx(first.coefficients, rel=1e-12)
    assert second.se == pytest.approx(first.se, rel=1e-12)


def test_a_test_of_one_coefficient_is_its_t_squared() -> None:
    model = fit_regression(make_design(), "y ~ x + group")
    test = check_terms(model, ["x"])
    row = model.to_frame().row(1, named=True)
    assert test.statistic == pytest.approx(row["t"] ** 2)
    assert test.p_value == pytest.approx(row["p_value"])
    assert (test.df_numerator, test.df_denominator) == (1, model.df_residual)
    assert (
        check_terms(fit_regression(make_design(), "y ~ x * group"), ["group:x"]).df_numerator == 2
    )


def test_how_a_category_is_coded_does_not_change_its_test() -> None:
    renamed = make_frame().with_columns(pl.col("group").replace({"a": "z"}))
    first = check_terms(fit_regression(make_design(), "y ~ x + group"), ["group"])
    second = check_terms(fit_regression(make_design(renamed), "y ~ x + group"), ["group"])
    assert second.statistic == pytest.approx(first.statistic, rel=1e-9)


def test_without_degrees_of_freedom_there_is_no_interval() -> None:
    frame = make_frame(rows=24)
    design = describe_design(frame, units=["stratum"], weight="w")
    table = fit_regression(design, "y ~ x + group + visits").to_frame()
    assert table["lower"].is_nan().all()
    assert table["p_value"].is_nan().all()


def test_a_response_of_ones_own_replaces_the_column() -> None:
    frame = make_frame()
    centred = frame["y"].to_numpy() - 2
    first = fit_regression(make_design(frame), "y ~ x")
    second = fit_regression(make_design(frame), "y ~ x", response=centred)
    assert second.coefficients == pytest.approx(first.coefficients - [2, 0], rel=1e-10)


def _separated() -> Design:
    frame = make_frame().with_columns(yes=(pl.col("x") > 0).cast(pl.Float64))
    level = np.digitize(frame["x"].to_numpy(), [-0.5, 0.5]) + 1.0
    return make_design(frame.with_columns(level=level))


@pytest.mark.parametrize(
    ("fit", "says"),
    [
        (lambda: fit_regression(_separated(), "yes ~ x", "binomial"), "separated"),
        (lambda: fit_ordinal(_separated(), "level ~ x"), "separated"),
        (lambda: fit_regression(make_design(), "y ~ x", "binomial"), "needs 0 and 1 in y"),
        (lambda: fit_ordinal(make_design(), "yes ~ x"), "has 2 answers"),
        (lambda: fit_regression(make_design(), "y ~ nothing"), "no column nothing"),
        (
            lambda: fit_regression(
                make_design(make_frame().with_columns(z=pl.col("x") * 3 - 1)), "y ~ x + z"
            ),
            "Column z says nothing",
        ),
        (
            lambda: fit_ordinal(
                make_design(make_frame().with_columns(z=pl.lit(1.0))), "level ~ x + z"
            ),
            "Column z says nothing",
        ),
        (
            lambda: fit_regression(make_design(), "y ~ x", response=[1.0]),
            "1,.* values for 120 rows",
        ),
        (lambda: check_terms(fit_regression(make_design(), "y ~ x"), ["group"]), "no term 'group'"),
        (
            lambda: average_effects(
                fit_regression(make_design(), "y ~ x"), make_design(), ["group"]
            ),
            "group is not in the model",
        ),
        (
            lambda: average_effects(
                fit_regression(make_design(), "y ~ x"), make_design(make_frame(rows=48))
            ),
            "other rows than the model",
        ),
    ],
)
def test_what_cannot_be_fitted_is_refused_with_the_remedy(
    fit: Callable[[], object], says: str
) -> None:
    with pytest.raises(DataError, match=says):
        fit()


def test_too_many_terms_for_the_clusters_are_not_tested() -> None:
    frame = make_frame(rows=96)
    design = describe_design(frame, units=["stratum"], weight="w")
    model = fit_regression(design, "y ~ group + x + visits + yes")
    with pytest.raises(DataError, match="covariance of lower rank"):
        check_terms(model, ["group", "x", "visits", "yes"])


@pytest.mark.parametrize("family", ["gaussian", "binomial"])
def test_coverage_of_the_interval_in_clustered_samples(
    family: Literal["gaussian", "binomial"],
) -> None:
    rng = np.random.default_rng(20250702)
    held, draws, slope = 0, 300, 0.7
    for _ in range(draws):
        cluster = np.repeat(np.arange(30), 12)
        x = rng.normal(size=30)[cluster] + rng.normal(size=360)
        eta = -0.2 + slope * x
        y = eta + rng.normal(size=360) if family == "gaussian" else eta + rng.logistic(size=360) > 0
        frame = pl.DataFrame({"c": cluster, "x": x, "y": np.asarray(y, dtype=float)})
        row = fit_regression(describe_design(frame, units=["c"]), "y ~ x", family).to_frame().row(1)
        held += row[5] <= slope <= row[6]
    assert 0.92 <= held / draws <= 0.98


def test_arrays_given_are_not_changed() -> None:
    frame = make_frame()
    response: Floats = frame["y"].to_numpy().copy()
    design = make_design(frame)
    weight = design.weights.final.copy()
    fit_regression(design, "y ~ x", response=response)
    assert (response == frame["y"].to_numpy()).all()
    assert (weight == design.weights.final).all()


def test_a_column_that_repeats_others_is_dropped_on_request() -> None:
    frame = make_frame().with_columns(z=pl.col("x") * 3 - 1)
    dropped = fit_regression(make_design(frame), "y ~ x + z", collinear="drop")
    plain = fit_regression(make_design(frame), "y ~ x")
    assert dropped.names == plain.names
    assert dropped.coefficients == pytest.approx(plain.coefficients, rel=1e-12)
    with pytest.raises(DataError, match="0 coefficients"):
        check_terms(dropped, ["z"])
