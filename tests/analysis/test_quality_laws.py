"""Laws of the judge of ratings, and its parts against slow or textbook computations."""

import itertools
import math
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.compare.multiplicity import adjust_p_values
from analysis.errors import DataError
from analysis.quality import History, Taps, explain, judge
from analysis.quality.binning import merge_bins
from analysis.quality.combination import join_days, join_detectors
from analysis.quality.discovery import find_q_values
from analysis.quality.explanation import SENTENCES
from analysis.quality.runs import longest_run_tail
from analysis.quality.simulation.rights import take_rights
from analysis.quality.tails import clumped_tail, shared_tail
from app.__main__ import main
from tests.analysis.quality_cases import MONDAY, Week, cut_world, honest_world, pick

FEW = settings(max_examples=5, deadline=None)


@pytest.fixture(scope="module")
def week() -> Week:
    return cut_world(honest_world(31, counters=25, days=21), MONDAY, MONDAY + 3)


@FEW
@given(st.randoms(use_true_random=False))
def test_names_of_counters_mean_nothing(week: Week, random: object) -> None:
    names = np.array(random.sample(range(500), 25))  # type: ignore[attr-defined]
    taps, handovers, hours, devices = (
        pick(one, np.argsort(one.counter, kind="stable"))
        for one in (replace(rows, counter=names[rows.counter]) for rows in week)
    )
    old = judge(*week, History.empty()).weeks
    new = judge(taps, handovers, hours, devices, History.empty()).weeks
    old = old.with_columns(counter=pl.Series(names[old["counter"].to_numpy()]))
    old, new = (frame.sort("counter", "detector") for frame in (old, new))
    assert np.allclose(old["p"].to_numpy(), new["p"].to_numpy(), rtol=1e-9)
    assert old["flagged"].equals(new["flagged"])


@FEW
@given(st.integers(-100, 100))
def test_the_date_of_a_week_means_nothing(week: Week, weeks: int) -> None:
    taps, handovers, hours, devices = week
    moved = (
        replace(taps, day=taps.day + 7 * weeks), replace(handovers, day=handovers.day + 7 * weeks),
        replace(hours, day=hours.day + 7 * weeks), replace(devices, day=devices.day + 7 * weeks),
    )  # fmt: skip
    old, new = judge(*week, History.empty()), judge(*moved, History.empty())
    assert np.array_equal(old.weeks["p"].to_numpy(), new.weeks["p"].to_numpy())
    assert (new.weeks["week"] - old.weeks["week"]).unique().to_list() == [7 * weeks]
    assert (new.summaries["day"] - old.summaries["day"]).unique().to_list() == [7 * weeks]


def test_a_level_outside_the_scale_is_refused(week: Week) -> None:
    taps: Taps = week[0]
    with pytest.raises(DataError, match="Levels run from 1 to 5"):
        judge(replace(taps, level=taps.level + 1), *week[1:], History.empty())


def test_summaries_hold_every_tap_and_no_thin_stretch(week: Week) -> None:
    summaries = judge(*week, History.empty()).summaries
    assert summaries["ratings"].sum() == len(week[0].level)
    assert summaries["handovers"].sum() == len(week[1].day)
    assert (summaries["counts"].list.sum() == summaries["ratings"]).all()
    for row in summaries.iter_rows(named=True):
        assert sum(row["bin_handovers"]) == row["handovers"]
        assert min(row["bin_handovers"], default=0) >= min(5, row["handovers"])


@given(
    st.lists(st.integers(0, 4), min_size=12, max_size=12),
    st.lists(st.integers(0, 3), min_size=12, max_size=12),
    st.integers(1, 8),
)
def test_stretches_hold_enough_handovers_and_lose_nothing(
    handed: list[int], taps: list[int], few: int
) -> None:
    start, end, held, counts = merge_bins(np.array(handed), np.array(taps)[:, None], few=few)
    assert sum(held) == sum(handed)
    assert sum(one for (one,) in counts) == sum(taps)
    assert start[1:] == end[:-1]
    assert all(one >= min(few, sum(handed)) for one in held)


@given(st.integers(1, 9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))))
def test_the_chance_of_a_long_run_is_that_of_counting_all_orders(sizes: tuple[int, int]) -> None:
    total, tops = sizes
    orders = list(itertools.combinations(range(total), tops))
    longest = [_longest(order) for order in orders]
    for length in range(1, tops + 1):
        exact = sum(one >= length for one in longest) / math.comb(total, tops)
        found = longest_run_tail(*(np.array([one]) for one in (length, tops, total)))
        assert found[0] == pytest.approx(exact, abs=1e-9)


def _longest(places: tuple[int, ...]) -> int:
    best = run = 0
    for place, before in zip(places, (None, *places), strict=False):
        run = run + 1 if before is not None and place == before + 1 else 1
        best = max(best, run)
    return best


@given(st.integers(0, 30), st.integers(0, 30), st.floats(0.01, 0.9), st.floats(2, 500))
def test_the_tail_of_a_share_is_the_beta_binomial_one(
    count: int, more: int, mean: float, precision: float
) -> None:
    found = shared_tail(
        np.array([count]), np.array([count + more]), np.array([mean]), np.array([precision])
    )
    law = stats.betabinom(count + more, mean * precision, (1 - mean) * precision)
    assert found[0] == pytest.approx(law.sf(count - 1), abs=1e-9)


def test_clumps_have_the_variance_that_they_are_named_for() -> None:
    tails = clumped_tail(np.arange(1, 2000), np.array([6.0]), np.array([2.5]))
    mean = tails.sum()
    second = ((2 * np.arange(1, 2000) - 1) * tails).sum()
    assert mean == pytest.approx(6.0)
    assert (second - mean**2) / mean == pytest.approx(2.5)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_q_values_are_those_of_benjamini_and_hochberg(p: list[float]) -> None:
    assert np.allclose(find_q_values(np.array(p)), adjust_p_values(p, "bh"))


def test_joined_p_values_are_small_no_more_often_than_they_say() -> None:
    rng = np.random.default_rng(4)
    p = rng.random((20_000, 7))
    present = rng.random((20_000, 7)) < 0.8
    shared = np.repeat(rng.random((20_000, 1)), 5, axis=1)
    for level in (0.01, 0.05, 0.1):
        error = 3 * np.sqrt(level / 20_000)
        assert np.mean(join_days(p, present) <= level) <= level + error
        assert np.mean(join_detectors(p) <= level) <= level + error
        assert np.mean(join_detectors(shared) <= level) <= level + error


@given(
    st.lists(st.floats(0, 3000), max_size=15).map(sorted),
    st.lists(st.floats(0, 3000), max_size=15).map(sorted),
)
def test_a_tap_takes_the_oldest_open_right_and_no_right_is_taken_twice(
    taps: list[float], handed: list[float]
) -> None:
    days, given_days = np.zeros(len(taps), dtype=int), np.zeros(len(handed), dtype=int)
    found = take_rights(days, np.array(taps), given_days, np.array(handed), seconds=600.0)
    free = list(handed)
    for tap, gap in zip(taps, found.tolist(), strict=True):
        open_rights = [one for one in free if tap - 600 <= one <= tap]
        if open_rights:
            assert gap == pytest.approx(tap - open_rights[0], abs=1e-6)
            free.remove(open_rights[0])
        else:
            assert math.isnan(gap)


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_every_reason_is_a_sentence_in_both_languages(code: str) -> None:
    reason = {"code": code, "day": 20_822, "observed": 12.0, "expected": 1.5, "total": 40.0,
              "start": 680, "end": 690}  # fmt: skip
    vietnamese, english = explain(reason), explain(reason, "en")
    assert "12" in vietnamese
    assert "1,5" in vietnamese
    assert "1.5" in english
    assert vietnamese != english


@pytest.mark.slow
def test_the_command_prints_power_and_false_alarms(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["simulate", "fraud", "--seed", "3", "--counters", "60", "--days", "21", "--share"]
    assert main([*asked, "0.05"]) == 0
    printed = capsys.readouterr().out
    assert "burst: presses 5 between 11:20 and 11:30" in printed
    power = float(printed.split("add 25 % or more: ")[1].split("%")[0])
    alarms = float(printed.split("Honest counter-weeks flagged: ")[1].split("%")[0])
    assert power >= 50
    assert alarms <= 1
