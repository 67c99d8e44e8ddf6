"""Estimates: laws that need no oracle, the policy on missing values, and the index."""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.design import Design, describe_design
from analysis.errors import DataError
from analysis.estimates import (
    estimate_coded_means,
    estimate_covariances,
    estimate_index,
    estimate_level_shares,
    estimate_level_totals,
    estimate_means,
    estimate_ratios,
    estimate_top_boxes,
    estimate_totals,
    estimate_variances,
)
from analysis.weighting import rake
from tests.analysis.samples import describe_clusters, make_clusters, make_sample, make_stages, seeds

AGES = ("18-29", "30-59", "60+")
FACTORS = {"one": ["q1", "q2"], "two": ["q3"]}


def with_columns(design: Design, **columns: Any) -> Design:
    return replace(design, data=design.data.with_columns(**columns))


def make_answers(seed: int = 1) -> Design:
    rng = np.random.default_rng(seed)
    answers = rng.integers(1, 6, (60, 3)).astype(float)
    answers[rng.random((60, 3)) < 0.2] = np.nan
    frame = make_sample(seed).with_columns(
        **{f"q{place + 1}": answers[:, place] for place in range(3)}
    )
    return describe_clusters(frame)


@settings(max_examples=20, deadline=None)
@given(seeds, st.floats(0.01, 100))
def test_the_scale_of_the_weights_moves_totals_only(seed: int, scale: float) -> None:
    frame = make_sample(seed)
    design = describe_clusters(frame)
    scaled = describe_clusters(frame.with_columns(w=pl.col("w") * scale))
    mean, other = estimate_means(design, ["score"]), estimate_means(scaled, ["score"])
    assert other.estimate == pytest.approx(mean.estimate, rel=1e-12)
    assert other.se == pytest.approx(mean.se, rel=1e-10)
    total, other = estimate_totals(design, ["score"]), estimate_totals(scaled, ["score"])
    assert other.estimate == pytest.approx(scale * total.estimate, rel=1e-12)
    assert other.se == pytest.approx(scale * total.se, rel=1e-10)


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    frame = make_sample(seed)
    order = np.random.default_rng(seed).permutation(len(frame))
    for describe in (describe_clusters, describe_deep):
        first = estimate_means(describe(frame), ["score", "fee"], ["agency"])
        second = estimate_means(describe(frame[order]), ["score", "fee"], ["agency"])
        assert second.estimate == pytest.approx(first.estimate, rel=1e-12)
        assert second.se == pytest.approx(first.se, rel=1e-10)


def describe_deep(frame: pl.DataFrame) -> Design:
    return describe_design(
        frame,
        units=["unit", "person"],
        strata=["stratum"],
        populations=["N_unit", "N_person"],
        weight="w",
        nest=True,
    )


@settings(max_examples=20, deadline=None)
@given(seeds, st.floats(-50, 50), st.floats(-20, 20).filter(lambda b: abs(b) > 1e-3))
def test_a_linear_change_of_scale_scales_the_error(seed: int, shift: float, slope: float) -> None:
    design = make_clusters(seed)
    moved = with_columns(design, moved=shift + slope * pl.col("score"))
    plain, other = estimate_means(design, ["score"]), estimate_means(moved, ["moved"])
    assert other.estimate == pytest.approx(shift + slope * plain.estimate, rel=1e-9, abs=1e-9)
    assert other.se == pytest.approx(abs(slope) * plain.se, rel=1e-9)


def test_rows_without_weight_change_nothing_but_the_count() -> None:
    frame = make_sample(2)
    silent = frame.head(5).with_columns(w=pl.lit(0.0), score=pl.lit(99.0), unit=pl.lit("U000"))
    plain = estimate_means(describe_clusters(frame), ["score"])
    other = estimate_means(describe_clusters(pl.concat([frame, silent])), ["score"])
    assert other.estimate == pytest.approx(plain.estimate, rel=1e-13)
    assert other.se == pytest.approx(plain.se, rel=1e-12)
    assert other.table["n"][0] == 60


def test_domain_totals_add_up_to_the_total() -> None:
    design = make_stages(3)
    parts = estimate_totals(design, ["fee"], ["agency", "sex"])
    whole = estimate_totals(design, ["fee"])
    assert parts.estimate.sum() == pytest.approx(whole.estimate[0], rel=1e-12)
    assert np.sqrt(parts.covariance().sum()) == pytest.approx(whole.se[0], rel=1e-9)


def test_a_ratio_to_one_is_a_mean() -> None:
    design = with_columns(make_clusters(3), one=pl.lit(1.0))
    ratio, mean = estimate_ratios(design, [("fee", "one")]), estimate_means(design, ["fee"])
    assert ratio.estimate == pytest.approx(mean.estimate, rel=1e-13)
    assert ratio.se == pytest.approx(mean.se, rel=1e-11)


def test_shares_of_levels_are_means_of_indicators_and_sum_to_one() -> None:
    design = with_columns(make_clusters(4), young=(pl.col("age") == "18-29").cast(pl.Int64))
    shares = estimate_level_shares(design, ["age"])
    assert shares.estimate.sum() == pytest.approx(1)
    young = estimate_means(design, ["young"])
    place = shares.find("age18-29")
    assert shares.estimate[place] == pytest.approx(young.estimate[0])
    assert shares.se[place] == pytest.approx(young.se[0])
    counts = estimate_level_totals(design, ["age"])
    assert counts.estimate.sum() == pytest.approx(design.weights.final.sum())


def test_a_top_box_is_the_share_at_or_above_its_lowest_value() -> None:
    design = make_clusters(4)
    box = estimate_top_boxes(design, ["visits"], lowest=3)
    share = estimate_means(
        with_columns(design, top=(pl.col("visits") >= 3).cast(pl.Int64)), ["top"]
    )
    assert box.estimate == pytest.approx(share.estimate)
    assert box.se == pytest.approx(share.se)
    assert 0 <= box.table["lower"][0] <= box.estimate[0] <= box.table["upper"][0] <= 1


def test_a_variance_is_the_covariance_with_itself() -> None:
    design = make_clusters(5)
    both = estimate_covariances(design, ["score", "fee"])
    assert both.table["component"].to_list() == ["score", "score:fee", "fee"]
    single = estimate_variances(design, ["score"])
    assert both.estimate[0] == pytest.approx(single.estimate[0])
    matrix = np.cov(
        design.data.select("score", "fee").to_numpy().T, aweights=design.weights.final, ddof=0
    )
    assert both.estimate == pytest.approx(matrix[np.triu_indices(2)] * 60 / 59)


def test_small_spread_around_a_large_mean_keeps_its_digits() -> None:
    design = make_clusters(6)
    large = with_columns(design, large=pl.col("score") + 1e8)
    exact, shifted = estimate_means(design, ["score"]).se, estimate_means(large, ["large"]).se
    assert shifted == pytest.approx(exact, rel=1e-6)


def test_missing_values_fail_unless_a_policy_is_chosen() -> None:
    design = make_clusters(7)
    with pytest.raises(DataError, match=r"gap is missing in \d+ rows; pass missing='available'"):
        estimate_means(design, ["gap"])
    with pytest.raises(DataError, match="Unknown policy"):
        estimate_means(design, ["gap"], missing="drop")  # type: ignore[arg-type]


def test_policies_differ_in_the_rows_they_use_and_say_how_many() -> None:
    design = make_clusters(7)
    lacking = int(design.data["gap"].is_null().sum())
    available = estimate_means(design, ["gap", "fee"], missing="available").table
    complete = estimate_means(design, ["gap", "fee"], missing="complete").table
    assert available["n"].to_list() == [60 - lacking, 60]
    assert available["missing"].to_list() == [lacking, 0]
    assert complete["n"].to_list() == [60 - lacking] * 2


def test_rows_without_a_domain_are_a_domain_of_their_own() -> None:
    frame = make_sample(8).with_columns(
        agency=pl.when(pl.col("person") < 6).then(None).otherwise("agency")
    )
    table = estimate_totals(with_ones(describe_clusters(frame)), ["one"], ["agency"]).table
    assert table["agency"].to_list() == ["A", "B", "C", None]
    assert table["n"].sum() == 60


def with_ones(design: Design) -> Design:
    return with_columns(design, one=pl.lit(1.0))


def test_a_domain_in_one_unit_has_no_interval_and_says_why() -> None:
    frame = make_sample(9).with_columns(
        place=pl.when(pl.col("unit") == "U000").then(pl.lit("here")).otherwise(pl.lit("there"))
    )
    row = estimate_means(describe_clusters(frame), ["score"], ["place"]).table.row(0, named=True)
    assert (row["place"], row["df"], row["flag"]) == ("here", 0.0, "no_df")
    assert (row["lower"], row["upper"]) == (None, None)
    shares = estimate_top_boxes(describe_clusters(frame), ["score"], ["place"], lowest=3).table
    assert shares.row(0, named=True)["lower"] is None


def test_text_cannot_be_averaged_and_unknown_columns_are_named() -> None:
    with pytest.raises(DataError, match="Column sex holds String"):
        estimate_means(make_clusters(1), ["sex"])
    with pytest.raises(DataError, match="no column wait"):
        estimate_means(make_clusters(1), ["wait"])
    with pytest.raises(DataError, match="no column province"):
        estimate_means(make_clusters(1), ["score"], ["province"])


def test_an_unweighted_sample_of_everybody_has_no_design_effect() -> None:
    frame = make_sample(1).with_columns(w=pl.lit(1.0))
    table = estimate_means(describe_design(frame, weight="w"), ["score"], deff="with").table
    assert table["deff"][0] == pytest.approx(1)
    census = estimate_means(describe_design(frame, weight="w"), ["score"], deff="without").table
    assert census["deff"][0] is None
    with pytest.raises(DataError, match="Unknown design effect"):
        estimate_means(describe_design(frame), ["score"], deff="kish")


@pytest.mark.parametrize("aggregation", ["pooled_answers", "mean_of_items", "mean_of_factors"])
def test_the_index_is_what_its_definition_says(aggregation: Any) -> None:
    design = make_answers()
    weight = design.weights.final
    answers = design.data.select("q1", "q2", "q3").to_numpy()
    good = np.where(np.isnan(answers), 0, answers >= 4) * weight[:, None]
    asked = ~np.isnan(answers) * weight[:, None]
    shares = good.sum(axis=0) / asked.sum(axis=0)
    first = good[:, :2].sum() / asked[:, :2].sum()
    expected = {
        "pooled_answers": good.sum() / asked.sum(),
        "mean_of_items": shares.mean(),
        "mean_of_factors": (first + shares[2]) / 2,
    }[aggregation]
    index = estimate_index(design, FACTORS, aggregation=aggregation)
    assert index.estimate[index.find("index")] == pytest.approx(100 * expected)
    assert index.estimate[index.find("one")] == pytest.approx(100 * first)


@pytest.mark.parametrize("aggregation", ["pooled_answers", "mean_of_items", "mean_of_factors"])
def test_the_error_of_the_index_follows_from_its_influence(aggregation: Any) -> None:
    design = rake(make_answers(3), {"sex": {"F": 90.0, "M": 90.0}})
    index = estimate_index(design, FACTORS, ["agency"], aggregation=aggregation)
    step = 1e-6
    rows = np.arange(60)
    influence = np.zeros((60, 3))
    for row in rows:
        bumped = design.weights.final.copy()
        bumped[row] += step
        moved = replace(design, weights=replace(design.weights, final=bumped))
        again = estimate_index(moved, FACTORS, ["agency"], aggregation=aggregation)
        influence[row] = (again.estimate[:3] - index.estimate[:3]) / step
    from analysis.variance import estimate_covariance

    numeric = np.sqrt(np.diag(estimate_covariance(design, influence)))
    assert index.se[:3] == pytest.approx(numeric, rel=1e-4)


def test_the_design_effect_of_an_index_of_one_item_is_that_of_its_top_box() -> None:
    design = make_answers(3)
    index = estimate_index(design, {"one": ["q1"]}, ["agency"], deff="with").table
    box = estimate_top_boxes(design, ["q1"], ["agency"], missing="available", deff="with").table
    assert index.filter(component="one")["deff"].to_list() == pytest.approx(box["deff"].to_list())


def test_an_index_of_equal_rows_drawn_one_by_one_has_a_design_effect_of_one() -> None:
    frame = pl.DataFrame({"a": [5, 1, 4, 3, 2, 5], "b": [4, 2, None, 4, 1, 3], "w": [2.0] * 6})
    design = describe_design(frame, weight="w")
    table = estimate_index(design, {"one": ["a"], "two": ["b"]}, deff="with").table
    assert table["deff"][0] == pytest.approx(1)


def test_the_interval_of_an_index_stays_between_0_and_100_if_asked_to() -> None:
    design = make_answers(3)
    plain = estimate_index(design, FACTORS, ["agency"])
    bounded = estimate_index(design, FACTORS, ["agency"], interval="wilson")
    assert bounded.estimate.tolist() == plain.estimate.tolist()
    assert bounded.se.tolist() == plain.se.tolist()
    assert bounded.table["lower"].is_between(0, 100).all()
    assert bounded.table["upper"].is_between(0, 100).all()
    t = estimate_index(design, FACTORS, ["agency"], interval="t").table
    assert t["lower"].to_list() == pytest.approx(plain.table["lower"].to_list())


def test_the_wilson_interval_of_an_index_rests_on_its_effective_size() -> None:
    table = estimate_index(make_answers(3), FACTORS, interval="wilson").table
    p, v = table["estimate"][0] / 100, (table["se"][0] / 100) ** 2
    t = stats.t.ppf(0.975, table["df"][0])
    # Both limits solve (p - x)^2 = t^2 x (1 - x) / n with n = p (1 - p) / v.
    for x in (table["lower"][0] / 100, table["upper"][0] / 100):
        assert (p - x) ** 2 == pytest.approx(t**2 * x * (1 - x) * v / (p * (1 - p)))


def test_an_index_needs_items() -> None:
    with pytest.raises(DataError, match="at least one item each"):
        estimate_index(make_answers(), {"one": []})
    with pytest.raises(DataError, match="Unknown aggregation"):
        estimate_index(make_answers(), FACTORS, aggregation="median")  # type: ignore[arg-type]


def test_an_estimate_is_found_by_its_domain() -> None:
    estimates = estimate_means(make_clusters(1), ["score", "fee"], ["agency"])
    place = estimates.find("fee", agency="B")
    assert estimates.table["agency"][place] == "B"
    assert estimates.table["component"][place] == "fee"
    with pytest.raises(DataError, match="3 estimates match"):
        estimates.find("fee")


def test_covariances_can_be_had_for_some_estimates() -> None:
    estimates = estimate_means(make_clusters(1), ["score", "fee"], ["agency"])
    whole, part = estimates.covariance(), estimates.covariance([4, 1])
    np.testing.assert_allclose(part, whole[np.ix_([4, 1], [4, 1])], rtol=1e-12)


@settings(max_examples=15, deadline=None)
@given(seeds, st.booleans())
def test_coded_means_equal_means_by_name(seed: int, raked: bool) -> None:
    design = make_clusters(seed)
    if raked:
        design = rake(design, {"sex": {"F": 90.0, "M": 80.0}, "age": dict.fromkeys(AGES, 170 / 3)})
    domain = np.unique(design.data["agency"].to_numpy(), return_inverse=True)[1]
    scores = design.data.select("score", "fee").to_numpy()
    coded = estimate_coded_means(design, domain, 4, scores)
    named = estimate_means(design, ["score", "fee"], ["agency"])
    np.testing.assert_allclose(coded.estimate[:3].T.ravel(), named.estimate, rtol=1e-12)
    np.testing.assert_allclose(coded.se[:3].T.ravel(), named.se, rtol=1e-8)
    assert coded.df[:3].tolist() == named.table["df"].to_list()[:3]
    assert np.isnan(coded.estimate[3]).all()
    assert coded.weight[3] == 0
