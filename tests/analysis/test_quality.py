"""Each detector holds its null on honest people, and sees the fraud that it is for."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from analysis.quality import History, OpenHours, explain, judge
from analysis.quality.simulation import World, try_judge
from tests.analysis.quality_cases import (
    MONDAY,
    Week,
    cut_world,
    honest_world,
    p_of,
    pick,
    plant,
    row_of,
    stack,
    two_weeks_past,
)

DETECTORS = ("capture", "bursts", "hours", "gaps", "runs", "timing", "devices", "drift")
SEEDS = (5, 6, 7)
# A counter of ordinary size in the province of `planted`.
AT = 1


@pytest.fixture(scope="module")
def honest() -> pl.DataFrame:
    """Some twelve hundred honest counter-weeks, a campaign day in each province."""
    trials = [try_judge(honest_world(seed, counters=100, days=28)) for seed in SEEDS]
    return pl.concat(trials)


@pytest.mark.slow
@pytest.mark.parametrize("level", [0.01, 0.05, 0.10])
@pytest.mark.parametrize("detector", [*DETECTORS, "all"])
def test_honest_counters_have_a_small_p_value_no_more_often_than_it_says(
    honest: pl.DataFrame, detector: str, level: float
) -> None:
    p = honest["p" if detector == "all" else f"p_{detector}"].to_numpy()
    error = np.sqrt(level * (1 - level) / len(p))
    assert np.mean(p <= level) <= level + 3 * error


@pytest.mark.slow
def test_a_province_without_fraud_has_next_to_no_flags(honest: pl.DataFrame) -> None:
    assert honest["flagged"].mean() <= 0.004  # type: ignore[operator]


@pytest.fixture(scope="module")
def world() -> World:
    return honest_world(21)


@pytest.fixture(scope="module")
def past(world: World) -> History:
    return two_weeks_past(world)


@pytest.fixture(scope="module")
def week(world: World) -> Week:
    return cut_world(world, MONDAY, MONDAY + 5)


def make_fraud(detector: str, week: Week, rng: np.random.Generator) -> Week:
    """The week with a fraud at counter `AT` that the detector is there for."""
    taps, handovers, hours, devices = week
    morning = rng.uniform(8 * 3600, 11 * 3600, 100)
    days = MONDAY + np.arange(100) % 5
    mine = handovers.counter == AT
    if detector == "capture":
        taps = plant(taps, AT, days, morning)
    elif detector == "bursts":
        taps = plant(taps, AT, MONDAY + 1, rng.uniform(40_800, 41_400, 40), gap=400.0)
    elif detector == "hours":
        taps = plant(taps, AT, MONDAY, rng.uniform(19, 21, 20) * 3600)
    elif detector == "gaps":
        # Every third handover of the week is followed by a tap within two seconds.
        day, second = handovers.day[mine][::3], handovers.second[mine][::3]
        taps = plant(taps, AT, day, second + 1.5, gap=1.5)
    elif detector == "runs":
        # An officer whose other taps are half and half presses through one hour of the afternoon.
        level = np.where(
            (taps.counter == AT) & (np.arange(len(taps.level)) % 2 == 0), 3, taps.level
        )
        taps = replace(taps, level=level)
        taps = plant(
            taps, AT, MONDAY, 45_100 + 62 * np.arange(50) + rng.uniform(0, 9, 50), gap=90.0
        )
    elif detector == "timing":
        taps = plant(taps, AT, MONDAY, 50_000 + 61.0 * np.arange(30), gap=300.0)
    elif detector == "devices":
        row = np.flatnonzero(devices.counter == AT)[0]
        conflicts = devices.conflicts.copy()
        conflicts[row] += 20
        devices = replace(devices, conflicts=conflicts)
    else:
        many = 8 * int(((taps.counter == AT) & (taps.level == 5)).sum())
        second = rng.uniform(8 * 3600, 11 * 3600, many)
        taps = plant(taps, AT, MONDAY + np.arange(many) % 5, second, gap=200.0)
    return taps, handovers, hours, devices


@pytest.mark.parametrize("detector", DETECTORS)
def test_a_detector_sees_the_fraud_that_it_is_for(detector: str, week: Week, past: History) -> None:
    before = judge(*week, past)
    after = judge(*make_fraud(detector, week, np.random.default_rng(3)), past)
    assert p_of(before, AT, detector) > 0.01
    # Student's t with four degrees of freedom keeps drift from blaming anybody on its own.
    if detector == "drift":
        assert p_of(after, AT, detector) < 0.002
        return
    assert p_of(after, AT, detector) < 1e-4
    assert row_of(after, AT, "all")["flagged"]
    assert row_of(after, AT, detector)["flagged"]
    told = [explain(reason, "en") for reason in row_of(after, AT, "all")["reasons"]]
    assert explain(row_of(after, AT, detector)["reasons"][0], "en") in told


def test_the_reason_of_a_burst_names_the_ten_minutes_and_both_numbers(
    week: Week, past: History
) -> None:
    judgement = judge(*make_fraud("bursts", week, np.random.default_rng(3)), past)
    (reason,) = row_of(judgement, AT, "bursts")["reasons"]
    assert (reason["start"], reason["end"]) == (680, 690)
    assert reason["observed"] >= 40
    assert reason["expected"] < 8
    assert "11:20 đến 11:30" in explain(reason)


def test_late_delivery_is_no_sign(week: Week, past: History) -> None:
    taps, handovers, hours, devices = week
    late = replace(taps, received=taps.received + 86_400.0)
    many = replace(devices, late=devices.late + 50)
    assert judge(late, handovers, hours, many, past).weeks.equals(judge(*week, past).weeks)


def test_a_day_with_an_uncertain_clock_is_no_sign(week: Week, past: History) -> None:
    taps, handovers, hours, devices = week
    rows = (taps.counter == AT) & (taps.day == MONDAY + 1)
    second, gap = taps.second.copy(), taps.gap.copy()
    second[rows], gap[rows] = np.nan, np.nan
    judgement = judge(replace(taps, second=second, gap=gap), handovers, hours, devices, past)
    mine = judgement.weeks.filter(pl.col("counter") == AT)
    assert mine["p"].min() > 0.005  # type: ignore[operator]
    day = judgement.summaries.filter(
        (pl.col("counter") == AT) & (pl.col("day") == MONDAY + 1)
    ).to_dicts()[0]
    assert day["ratings"] == rows.sum()
    assert day["linked"] == 0


def test_a_campaign_that_doubles_every_counter_raises_no_flag(week: Week, past: History) -> None:
    taps, handovers, hours, devices = week
    moved = replace(taps, second=np.minimum(taps.second + 47.0, 86_000), number=taps.number + 10**6)
    flags = judge(stack(taps, moved), handovers, hours, devices, past).weeks
    share = flags.filter(pl.col("detector") == "all")["flagged"].mean()
    assert share <= 0.02  # type: ignore[operator]


def test_a_counter_that_works_outside_its_hours_with_handovers_is_not_off_hours(
    week: Week, past: History
) -> None:
    taps, handovers, hours, devices = week
    mine = hours.counter == AT
    shut = OpenHours(
        hours.counter, hours.day, np.where(mine, 3 * 3600.0, hours.opens),
        np.where(mine, 4 * 3600.0, hours.closes),
    )  # fmt: skip
    busy = (taps.counter == AT).sum()
    found = judge(taps, handovers, shut, devices, past).summaries.filter(pl.col("counter") == AT)
    assert found["off_hours"].sum() < 0.1 * busy


def test_without_any_past_and_without_rows_there_is_an_answer(week: Week) -> None:
    assert judge(*week, History.empty()).weeks.filter(pl.col("detector") == "all")["p"].min() > 0  # type: ignore[operator]
    nothing = leave_nothing(week)
    assert len(judge(*nothing, History.empty()).weeks) == 0


def leave_nothing(week: Week) -> Week:
    taps, handovers, hours, devices = week
    none = np.zeros(0, dtype=np.int64)
    return pick(taps, none), pick(handovers, none), pick(hours, none), pick(devices, none)
