"""Weighting steps: margins met, bounds kept, and refusals that say what to do."""

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.calibration import Distance, measure_feasibility, rake_cells, solve_calibration
from analysis.design import Design, describe_design, narrow
from analysis.errors import CalibrationError, DataError
from analysis.weighting import (
    adjust_by_propensity,
    adjust_nonresponse,
    calibrate,
    poststratify,
    rake,
    report_weights,
    trim,
    trim_and_repeat,
)
from tests.analysis.samples import make_clusters, make_sample, seeds

AGE = {"18-29": 60.0, "30-59": 70.0, "60+": 50.0}
SEX = {"F": 100.0, "M": 80.0}
KNOWN = {"(Intercept)": 180.0, "sexM": 80.0, "age30-59": 70.0, "age60+": 50.0}


def add_up(design: Design, variable: str) -> dict[str, float]:
    frame = design.data.with_columns(weight=design.weights.final)
    return dict(frame.group_by(variable).agg(pl.col("weight").sum()).iter_rows())


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_raking_meets_every_margin_in_any_order_and_only_once(seed: int) -> None:
    design = make_clusters(seed)
    raked = rake(design, {"age": AGE, "sex": SEX})
    assert add_up(raked, "age") == pytest.approx(AGE, rel=1e-10)
    assert add_up(raked, "sex") == pytest.approx(SEX, rel=1e-10)
    turned = rake(design, {"sex": SEX, "age": AGE})
    np.testing.assert_allclose(turned.weights.final, raked.weights.final, rtol=1e-9)
    again = rake(raked, {"age": AGE, "sex": SEX})
    np.testing.assert_allclose(again.weights.final, raked.weights.final, rtol=1e-10)


@settings(max_examples=25, deadline=None)
@given(seeds, st.sampled_from(["linear", "raking", "logit"]))
def test_calibration_meets_its_totals_within_its_bounds(seed: int, method: Any) -> None:
    design = make_clusters(seed, strata=8)
    scale = float(design.weights.final.sum()) / 180
    totals = {name: total * scale for name, total in KNOWN.items()}
    made = calibrate(design, "sex + age", totals, method=method, bounds=(0.2, 4))
    assert add_up(made, "sex") == pytest.approx({k: v * scale for k, v in SEX.items()}, rel=1e-10)
    assert add_up(made, "age") == pytest.approx({k: v * scale for k, v in AGE.items()}, rel=1e-10)
    factor = made.weights.final / design.weights.final
    assert factor.min() >= 0.2 - 1e-12
    assert factor.max() <= 4 + 1e-12


def test_raking_equals_calibration_with_the_exponential_distance() -> None:
    design = make_clusters(3)
    raked = rake(design, {"age": AGE, "sex": SEX})
    calibrated = calibrate(design, "age + sex", KNOWN, method="raking")
    np.testing.assert_allclose(calibrated.weights.final, raked.weights.final, rtol=1e-9)


def test_poststratification_equals_linear_calibration_on_one_category() -> None:
    design = make_clusters(3)
    one = poststratify(design, "age", AGE)
    known = {name: total for name, total in KNOWN.items() if name != "sexM"}
    other = calibrate(design, "age", known)
    np.testing.assert_allclose(other.weights.final, one.weights.final, rtol=1e-11)


def test_numbers_are_calibrated_to_their_totals() -> None:
    design = make_clusters(4)
    made = calibrate(
        design, "fee + sex:fee", {"(Intercept)": 150.0, "fee": 3100.0, "fee:sexM": 1400.0}
    )
    fee, weight = design.data["fee"].to_numpy(), made.weights.final
    male = (design.data["sex"] == "M").to_numpy()
    assert weight.sum() == pytest.approx(150)
    assert weight @ fee == pytest.approx(3100)
    assert (weight * male) @ fee == pytest.approx(1400)


def test_collinear_columns_do_no_harm_when_their_totals_agree() -> None:
    design = make_clusters(4)
    totals = {"(Intercept)": 180.0, "sexF:age18-29": 30, "sexM:age18-29": 30.0}
    totals |= {"sexF:age30-59": 40.0, "sexM:age30-59": 30, "sexF:age60+": 30, "sexM:age60+": 20}
    made = calibrate(design, "sex:age", totals)
    assert add_up(made, "age") == pytest.approx(AGE, rel=1e-9)


def test_margins_that_disagree_are_told_by_how_much() -> None:
    with pytest.raises(CalibrationError, match=r"sex add up to 181.00 .* 180.00, \+1.00 apart"):
        rake(make_clusters(1), {"age": AGE, "sex": {"F": 101, "M": 80}})


def test_a_level_without_respondents_is_named() -> None:
    with pytest.raises(CalibrationError, match="age has no respondents in 90"):
        rake(make_clusters(1), {"age": {**AGE, "90+": 5.0}, "sex": {"F": 105.0, "M": 80.0}})


def test_a_level_without_a_total_is_named() -> None:
    with pytest.raises(CalibrationError, match=r"age has no total for 60\+"):
        poststratify(make_clusters(1), "age", {"18-29": 60, "30-59": 70})


def test_a_total_of_zero_for_respondents_is_refused() -> None:
    with pytest.raises(CalibrationError, match="asks for a total of 0 in M"):
        poststratify(make_clusters(1), "sex", {"F": 60, "M": 0})


def test_missing_categories_are_counted() -> None:
    frame = make_sample(1).with_columns(
        sex=pl.when(pl.col("person") < 2).then(None).otherwise("sex")
    )
    design = describe_design(frame, weight="w")
    with pytest.raises(CalibrationError, match="sex is missing in 2 rows"):
        poststratify(design, "sex", SEX)
    with pytest.raises(CalibrationError, match="sex are not all there in 2 rows"):
        calibrate(design, "sex", {"(Intercept)": 180.0, "sexM": 80})


def test_margins_that_cannot_be_met_together_name_the_worst_level() -> None:
    frame = pl.DataFrame({"a": ["x", "x", "y"], "b": ["u", "u", "v"], "w": [1.0, 1, 1]})
    with pytest.raises(CalibrationError, match="cannot be met together"):
        rake(
            describe_design(frame, weight="w"),
            {"a": {"x": 2, "y": 1}, "b": {"u": 1, "v": 2}},
            sweeps=50,
        )


def test_bounds_that_are_too_tight_are_proved_so() -> None:
    design = make_clusters(2)
    with pytest.raises(CalibrationError, match=r"No weights between 0.99 and 1.01 times"):
        calibrate(design, "sex + age", KNOWN, method="logit", bounds=(0.99, 1.01))


def test_a_method_that_cannot_reach_possible_totals_says_so() -> None:
    mass, values = np.ones(2), np.array([[1.0], [1.0]])
    proof = measure_feasibility(mass, values, np.array([2.0]), 0.5, 2.0)
    assert proof.gap == pytest.approx(0, abs=1e-12)
    apart = measure_feasibility(mass, values, np.array([8.0]), 0.5, 2.0)
    assert apart.attained == pytest.approx([4.0])
    assert apart.gap == pytest.approx(0.5)


def test_bounds_must_lie_around_one() -> None:
    with pytest.raises(CalibrationError, match="either side of 1"):
        Distance("linear", 1.1, 2)
    with pytest.raises(CalibrationError, match="two finite bounds"):
        Distance("logit", 0.5)
    with pytest.raises(CalibrationError, match="Unknown method"):
        Distance("cubic")  # type: ignore[arg-type]


def test_totals_must_fit_the_columns() -> None:
    with pytest.raises(
        CalibrationError, match="missing for sexM and given without a column for men"
    ):
        calibrate(make_clusters(1), "sex", {"(Intercept)": 180.0, "men": 80.0})


@pytest.mark.parametrize("method", ["linear", "raking", "logit"])
def test_the_derivative_of_a_distance_is_right(method: Any) -> None:
    distance = Distance(method, 0.3, 3.0)
    u = np.linspace(-0.6, 0.9, 31)
    _, slope = distance.weigh(u)
    numeric = (distance.weigh(u + 1e-6)[0] - distance.weigh(u - 1e-6)[0]) / 2e-6
    np.testing.assert_allclose(slope, numeric, rtol=1e-6, atol=1e-8)


def test_a_solution_reports_what_it_could_not_reach() -> None:
    solution = solve_calibration(
        np.ones(3), np.eye(3), np.array([1.0, 1, 9]), Distance("linear", 0.5, 2)
    )
    assert not solution.converged
    assert np.abs(solution.error).max() > 0.5


def test_raking_on_cells_stops_after_its_sweeps() -> None:
    raking = rake_cells(
        np.ones(2),
        [np.array([0, 1]), np.array([0, 1])],
        [np.array([1.0, 1]), np.array([0.5, 1.5])],
        sweeps=7,
    )
    assert (raking.sweeps, raking.converged) == (7, False)


@settings(max_examples=25, deadline=None)
@given(seeds, st.booleans())
def test_trimming_keeps_the_sum(seed: int, strict: bool) -> None:
    design = make_clusters(seed)
    weight = design.weights.final
    upper, lower = np.quantile(weight, 0.9), np.quantile(weight, 0.1)
    made = trim(design, upper=float(upper), lower=float(lower), strict=strict).weights.final
    assert made.sum() == pytest.approx(weight.sum(), rel=1e-12)
    if strict:
        assert made.max() <= upper * (1 + 1e-12)
        assert made.min() >= lower * (1 - 1e-12)


def test_limits_that_leave_nothing_to_share_with_are_refused() -> None:
    with pytest.raises(CalibrationError, match="leave no weights to share with"):
        trim(make_clusters(1), upper=0.1)
    with pytest.raises(CalibrationError, match="in no order"):
        trim(make_clusters(1), upper=1.0, lower=2.0)


def test_trimming_and_raking_in_turn_meets_both() -> None:
    design = make_clusters(5, strata=8)
    margins: Any = {"age": AGE, "sex": SEX}
    raked = rake(design, margins)
    upper = float(np.quantile(raked.weights.final, 0.95))
    both = trim_and_repeat(raked, lambda one: rake(one, margins), upper=upper)
    assert both.weights.final.max() <= upper * (1 + 1e-6)
    assert add_up(both, "age") == pytest.approx(AGE, rel=1e-9)
    with pytest.raises(CalibrationError, match="After 3 rounds"):
        trim_and_repeat(
            raked, lambda one: rake(one, margins), upper=float(raked.weights.final.mean()), rounds=3
        )


def make_gross(seed: int = 1) -> Design:
    frame = make_sample(seed, strata=8)
    answered = np.random.default_rng(seed).random(len(frame)) < 0.7
    return describe_design(
        frame.with_columns(resp=answered.astype(int)),
        units=["unit"],
        strata=["stratum"],
        weight="w",
        nest=True,
    )


def test_respondents_stand_for_everybody_in_their_cell() -> None:
    design = make_gross()
    adjusted = adjust_nonresponse(design, "resp", ["sex", "age"])
    assert add_up(adjusted, "age") == pytest.approx(add_up(design, "age"))
    assert adjusted.size == design.data["resp"].sum()
    assert (adjusted.weights.final[~adjusted.inside] == 0).all()


def test_classes_of_propensity_keep_the_total() -> None:
    design = make_gross()
    adjusted = adjust_by_propensity(design, "resp", "sex + fee", classes=4)
    assert adjusted.weights.final.sum() == pytest.approx(design.weights.final.sum())


def test_a_cell_where_nobody_answered_is_named() -> None:
    design = make_gross()
    silent = design.data.with_columns(
        resp=pl.when(pl.col("age") == "60+").then(0).otherwise("resp")
    )
    with pytest.raises(CalibrationError, match=r"Nobody answered in 60\+"):
        adjust_nonresponse(describe_design(silent, weight="w"), "resp", ["age"])


def test_response_is_zero_or_one_and_nothing_else() -> None:
    unclear = make_gross().data.with_columns(
        resp=pl.when(pl.col("person") == 0).then(None).otherwise("resp")
    )
    with pytest.raises(DataError, match="resp must be 1 for respondents and 0"):
        adjust_nonresponse(describe_design(unclear, weight="w"), "resp", ["age"])


def test_steps_after_a_subset_weigh_only_what_is_left() -> None:
    design = make_clusters(3)
    subset = narrow(design, (design.data["agency"] != "A").to_numpy())
    made = poststratify(subset, "sex", SEX)
    assert made.weights.final[~subset.inside].sum() == 0
    assert made.weights.final.sum() == pytest.approx(180)


def test_the_report_tells_what_every_step_changed() -> None:
    raked = trim(rake(make_clusters(3), {"age": AGE, "sex": SEX}), upper=9.0)
    report = report_weights(raked, ["agency"])
    assert report.steps["step"].to_list() == ["rake", "trim"]
    assert report.summary["sum"] == pytest.approx(180)
    weight = raked.weights.final
    expected = weight.sum() ** 2 / (weight @ weight)
    assert report.summary["n_eff"] == pytest.approx(expected)
    assert report.domains["n"].sum() == 60
    assert report.margins["after"].to_list() == pytest.approx(report.margins["total"].to_list())
    assert report.describe().startswith("n 60, effective size")
