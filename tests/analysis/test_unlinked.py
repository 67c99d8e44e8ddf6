"""Taps without a right: counter-days as clusters, weighted to what was handed over."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design import describe_design
from analysis.estimates import estimate_means
from analysis.indices import share_unlinked
from analysis.intervals import bound_proportions


def make_days(seed: int, days: int = 12, agencies: int = 2) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    size = days * agencies
    ratings = rng.integers(1, 9, size)
    return pl.DataFrame(
        {
            "agency": np.repeat([f"A{number}" for number in range(agencies)], days),
            "counter": "C1",
            "day": np.tile(np.arange(days), agencies),
            "ratings": ratings,
            "satisfied": rng.binomial(ratings, 0.8),
            "handovers": rng.integers(5, 90, size),
        }
    )


@given(seed=st.integers(0, 10_000))
@settings(max_examples=25)
def test_share_and_interval_are_those_of_a_cluster_sample(seed: int) -> None:
    days = make_days(seed)
    taps = (
        days.with_columns(w=pl.col("handovers") / pl.col("ratings"))
        .with_columns(
            satisfied=pl.struct("ratings", "satisfied").map_elements(
                lambda day: [1] * day["satisfied"] + [0] * (day["ratings"] - day["satisfied"]),
                return_dtype=pl.List(pl.Int64),
            )
        )
        .explode("satisfied")
    )
    for row in share_unlinked(days).iter_rows(named=True):
        own = taps.filter(pl.col("agency") == row["agency"])
        design = describe_design(own, units=["day"], weight="w")
        (figure,) = estimate_means(design, ["satisfied"]).table.to_dicts()
        assert row["share"] == pytest.approx(figure["estimate"], abs=1e-12)
        lower, upper = bound_proportions(
            np.array([figure["estimate"]]), np.array([figure["se"]]), np.array([row["days"] - 1.0]),
            np.array([float(own.height)]),
        )  # fmt: skip
        assert (row["lower"], row["upper"]) == pytest.approx((lower[0], upper[0]), abs=1e-10)


def test_a_day_counts_by_what_was_handed_over_not_by_how_many_tapped() -> None:
    days = pl.DataFrame(
        {
            "agency": "A", "counter": "C", "ratings": [30, 1, 1, 1, 1], "handovers": [20] * 5,
            "satisfied": [30, 0, 0, 0, 0],
        }
    )  # fmt: skip
    (row,) = share_unlinked(days).to_dicts()
    assert (row["share"], row["handovers"], row["days"]) == (0.2, 100, 5)


def test_days_without_handovers_have_no_denominator() -> None:
    days = make_days(3)
    silent = days.with_columns(handovers=pl.lit(0), satisfied=pl.lit(0))
    assert share_unlinked(pl.concat([days, silent], how="vertical_relaxed")).equals(
        share_unlinked(days)
    )
    assert share_unlinked(silent).is_empty()


def test_four_days_are_too_few_and_all_satisfied_is_not_certain() -> None:
    (few,) = share_unlinked(make_days(1, days=4, agencies=1)).to_dicts()
    assert (few["share"], few["lower"], few["upper"], few["days"]) == (None, None, None, 4)
    days = make_days(2, agencies=1).with_columns(satisfied="ratings")
    (row,) = share_unlinked(days).to_dicts()
    assert (row["share"], row["upper"]) == (1, 1)
    assert row["lower"] < 0.98
