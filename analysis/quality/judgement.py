"""From taps and handovers to flags: every detector, their combination, and what is kept."""

from collections.abc import Callable

import numpy as np
import polars as pl

from analysis.errors import DataError
from analysis.quality.binning import summarise_days
from analysis.quality.bursts import find_bursts
from analysis.quality.capture import find_surplus
from analysis.quality.combination import combine_detectors
from analysis.quality.devices import find_broken_devices
from analysis.quality.drift import find_more_tops
from analysis.quality.findings import Findings, no_findings
from analysis.quality.gaps import find_short_gaps
from analysis.quality.hours import find_off_hours
from analysis.quality.records import (
    DeviceDays,
    Handovers,
    History,
    Judgement,
    OpenHours,
    QualityRecipe,
    Taps,
    week_of,
)
from analysis.quality.runs import find_long_runs
from analysis.quality.sightings import Sightings, observe
from analysis.quality.timing import find_even_steps

Detector = Callable[[Sightings, QualityRecipe], Findings]
DETECTORS: tuple[Detector, ...] = (
    find_surplus,
    find_bursts,
    find_off_hours,
    find_short_gaps,
    find_long_runs,
    find_even_steps,
    find_broken_devices,
    find_more_tops,
)


def judge(
    taps: Taps,
    handovers: Handovers,
    hours: OpenHours,
    devices: DeviceDays,
    history: History,
    *,
    recipe: QualityRecipe | None = None,
) -> Judgement:
    """Judge every counter-week in what is given, each week by itself.

    Parameters
    ----------
    taps, handovers, hours, devices
        Of whole weeks.
    history : History
        Of earlier days; days that are being judged are left out of it.
    recipe : QualityRecipe, optional
    """
    recipe = recipe or QualityRecipe()
    _check(taps)
    mondays = np.unique(week_of(np.concatenate([taps.day, handovers.day, devices.day])))
    parts = [
        _judge_week(observe(taps, handovers, hours, devices, history, week=one, recipe=recipe),
                    recipe)
        # Without any rows, a week long past gives the frames their columns.
        for one in mondays.tolist() or [4]
    ]  # fmt: skip
    return Judgement(
        days=pl.concat([part.days for part in parts]),
        weeks=pl.concat([part.weeks for part in parts]),
        summaries=pl.concat([part.summaries for part in parts]),
    )


def _judge_week(week: Sightings, recipe: QualityRecipe) -> Judgement:
    found = [detect(week, recipe) for detect in DETECTORS]
    counter, day = pl.col("counter"), pl.col("day")
    labels = pl.Series(week.labels, dtype=pl.Int64)
    days = pl.concat(
        [one.days.with_columns(detector=pl.lit(one.detector)) for one in found]
        or [no_findings().with_columns(detector=pl.lit(""))]
    )
    days = days.with_columns(day + week.monday, counter=labels.gather(days["counter"]))
    summaries = summarise_days(week.taps, week.handovers, week.off, week.recent, few=recipe.few)
    summaries = summaries.with_columns(
        day + week.monday, counter=labels.gather(summaries["counter"])
    )
    return Judgement(
        days=days.select("counter", "day", "detector", "statistic", "p"),
        weeks=combine_detectors(week, found, recipe),
        summaries=summaries.sort(counter, day),
    )


def _check(taps: Taps) -> None:
    if len(taps.level) and (taps.level.min() < 1 or taps.level.max() > taps.levels):
        raise DataError(f"Levels run from 1 to {taps.levels}; give the rank of each answer.")
