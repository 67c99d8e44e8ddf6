from collections.abc import Callable
from typing import Literal

import numpy as np
import polars as pl
import pytest
from scipy import stats

from analysis.arrays import Floats
from analysis.compare import check_association, check_mean, compare_means, compare_ranks
from analysis.design import describe_design
from analysis.errors import DataError
from analysis.estimates import estimate_means
from tests.analysis.survey_cases import make_design, make_survey

STATISTICS: tuple[Literal["second-order", "first-order", "wald", "adjusted-wald"], ...] = (
    "second-order",
    "first-order",
    "wald",
    "adjusted-wald",
)


def make_plain(rows: int = 300, seed: int = 4) -> pl.DataFrame:
    """Independent rows, all of weight 1."""
    rng = np.random.default_rng(seed)
    return pl.DataFrame(
        {
            "g": rng.choice(["a", "b", "c"], rows),
            "h": rng.choice(["x", "y"], rows),
            "y": rng.normal(size=rows),
            "level": rng.integers(1, 6, rows).astype(float),
        }
    )


def split(frame: pl.DataFrame, column: str) -> tuple[Floats, Floats]:
    """A column of either group."""
    first, second = (
        np.asarray(frame.filter(h=level)[column], dtype=np.float64) for level in ("x", "y")
    )
    return first, second


def test_in_a_plain_sample_the_second_order_test_is_pearsons() -> None:
    frame = make_plain(3_000)
    test = check_association(describe_design(frame), "g", "h")
    crossed = frame.pivot("h", index="g", values="y", aggregate_function="len").drop("g")
    pearson = stats.chi2_contingency(crossed.to_numpy(), correction=False)
    assert test.statistic * test.df[0] == pytest.approx(pearson.statistic, rel=0.02)
    assert test.p_value == pytest.approx(pearson.pvalue, abs=0.01)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_which_variable_comes_first_does_not_matter(
    statistic: Literal["second-order", "first-order", "wald", "adjusted-wald"],
) -> None:
    one = check_association(make_design(), "agency", "sat", statistic=statistic)
    other = check_association(make_design(), "sat", "agency", statistic=statistic)
    assert one.statistic == pytest.approx(other.statistic, rel=1e-9)
    assert one.p_value == pytest.approx(other.p_value, rel=1e-8)


def test_two_levels_each_make_all_tests_alike() -> None:
    design = make_design()
    t = compare_means(
        design, "y", "field", response=(design.data["sat"] == "yes").cast(float).to_numpy()
    )
    second = check_association(design, "field", "sat")
    wald = check_association(design, "field", "sat", statistic="wald")
    assert second.df[0] == pytest.approx(1)
    assert second.statistic == pytest.approx(t.statistic**2, rel=0.15)
    assert wald.statistic == pytest.approx(t.statistic**2, rel=0.15)


def test_shares_of_the_table_are_the_estimated_ones() -> None:
    data = make_survey()
    table = check_association(make_design(data), "agency", "sat").table
    expected = data.group_by("agency", "sat").agg(share=pl.col("w").sum() / data["w"].sum())
    both = table.join(expected, on=["agency", "sat"])
    assert both["share"].to_numpy() == pytest.approx(both["share_right"].to_numpy())
    assert table["share"].sum() == pytest.approx(1)


def test_rows_with_a_gap_are_left_out_of_a_table() -> None:
    data = make_survey()
    holes = data.with_columns(sat=pl.when(pl.col("cluster") == 7).then(None).otherwise("sat"))
    test = check_association(make_design(holes), "agency", "sat")
    assert test.table["share"].sum() == pytest.approx(1)
    assert test.table["sat"].null_count() == 0


def test_an_empty_cell_is_a_cell_without_people() -> None:
    data = make_survey().filter((pl.col("agency") != "A") | (pl.col("sat") == "yes"))
    test = check_association(make_design(data), "agency", "sat")
    assert test.table.filter(agency="A", sat="no")["share"][0] == 0
    assert 0 <= test.p_value < 0.01


def test_independent_variables_are_rejected_as_often_as_promised() -> None:
    rejected = np.zeros(2)
    for seed in range(200):
        rng = np.random.default_rng(seed)
        cluster = np.arange(320) % 32
        lean = rng.normal(0, 0.8, 32)[cluster]
        frame = pl.DataFrame(
            {
                "c": cluster,
                "a": np.where(lean + rng.logistic(size=320) > 0, "yes", "no"),
                "b": rng.choice(["x", "y", "z"], 320),
            }
        )
        design = describe_design(frame, units=["c"])
        rejected += [
            check_association(design, "a", "b").p_value < 0.05,
            check_association(design, "a", "b", statistic="adjusted-wald").p_value < 0.05,
        ]
    assert (rejected / 200 >= 0.015).all()
    assert (rejected / 200 <= 0.1).all()


def test_a_difference_of_means_is_that_of_the_estimates() -> None:
    design = make_design()
    test = compare_means(design, "score", "field")
    found = estimate_means(design, ["score"], ["field"])
    assert test.estimate == pytest.approx(found.estimate[1] - found.estimate[0])
    assert test.lower < test.estimate < test.upper
    assert list(test.df) == [design.df - 1]


def test_in_a_plain_sample_the_t_test_is_welchs() -> None:
    frame = make_plain(2_000)
    test = compare_means(describe_design(frame), "y", "h")
    x, y = split(frame, "y")
    assert abs(test.statistic) == pytest.approx(
        abs(stats.ttest_ind(x, y, equal_var=False).statistic), rel=1e-3
    )


def test_three_groups_are_compared_by_f() -> None:
    test = compare_means(make_design(), "score", "agency")
    assert list(test.df) == [2, make_design().df - 2]
    assert np.isnan(test.estimate)
    assert test.p_value < 0.05


def test_a_mean_is_tested_against_a_value() -> None:
    design = make_design()
    mean = float(estimate_means(design, ["score"]).estimate[0])
    assert check_mean(design, "score", null=mean).p_value == pytest.approx(1)
    test = check_mean(design, "score", null=mean - 1)
    assert test.p_value < 1e-6
    assert list(test.df) == [design.df]
    assert check_mean(design, "score", df=3).upper > test.upper


def test_in_a_plain_sample_the_rank_test_is_wilcoxons() -> None:
    frame = make_plain(2_000)
    test = compare_ranks(describe_design(frame), "level", "h")
    x, y = split(frame, "level")
    assert test.p_value == pytest.approx(stats.mannwhitneyu(x, y).pvalue, abs=0.01)


def test_in_a_plain_sample_the_normal_scores_are_van_der_waerdens() -> None:
    frame = make_plain(1_000)
    test = compare_ranks(describe_design(frame), "y", "g", score="van-der-waerden")
    rank = stats.rankdata(frame["y"].to_numpy())
    score = stats.norm.ppf((rank - 0.5) / 1_000)
    parts = [score[frame["g"].to_numpy() == g] for g in "abc"]
    assert test.p_value == pytest.approx(stats.f_oneway(*parts).pvalue, abs=0.02)


@pytest.mark.parametrize("score", ["wilcoxon", "van-der-waerden", "median"])
def test_ranks_do_not_know_the_scale_or_the_order_of_rows(
    score: Literal["wilcoxon", "van-der-waerden", "median"],
) -> None:
    data = make_survey()
    order = np.random.default_rng(1).permutation(len(data))
    stretched = data[order].with_columns(rating=pl.col("rating").exp())
    one = compare_ranks(make_design(data), "rating", "field", score=score)
    other = compare_ranks(make_design(stretched), "rating", "field", score=score)
    assert one.statistic == pytest.approx(other.statistic, rel=1e-9)


def test_ties_in_the_order_of_rows_are_the_same_without_ties() -> None:
    half = compare_ranks(make_design(), "score", "field")
    order = compare_ranks(make_design(), "score", "field", ties="order")
    assert half.statistic == pytest.approx(order.statistic, rel=1e-12)
    tied = compare_ranks(make_design(), "rating", "field", ties="order")
    assert tied.statistic == pytest.approx(
        compare_ranks(make_design(), "rating", "field").statistic, rel=0.1
    )


@pytest.mark.parametrize(
    ("attempt", "says"),
    [
        (lambda: check_association(make_design(), "agency", "nothing"), "no column nothing"),
        (
            lambda: check_association(
                make_design(make_survey().filter(sat="yes")), "agency", "sat"
            ),
            "need two levels each",
        ),
        (
            lambda: check_association(
                describe_design(make_survey(), units=["stratum"], weight="w"),
                "cluster",
                "agency",
                statistic="wald",
            ),
            "do not carry a Wald test",
        ),
        (lambda: compare_means(make_design(), "score", "cluster"), "turn it into text"),
        (lambda: compare_ranks(make_design(), "score", "nothing"), "no column nothing"),
    ],
)
def test_tests_that_make_no_sense_are_refused_with_the_remedy(
    attempt: Callable[[], object], says: str
) -> None:
    with pytest.raises(DataError, match=says):
        attempt()
