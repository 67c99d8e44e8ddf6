"""The judge put to the test: which counter-weeks of a made-up province it flags."""

from dataclasses import fields, replace
from typing import Any, TypeVar

import numpy as np
import polars as pl

from analysis.arrays import Bools
from analysis.quality.judgement import judge
from analysis.quality.records import DeviceDays, Handovers, History, OpenHours, QualityRecipe, Taps
from analysis.quality.simulation.province import FIRST_DAY
from analysis.quality.simulation.world import World, added_share

Rows = TypeVar("Rows", Taps, Handovers, OpenHours, DeviceDays)


def try_judge(world: World, recipe: QualityRecipe | None = None) -> pl.DataFrame:
    """Judge week after week as it happens, each with the unflagged past; one row a counter-week.

    Returns
    -------
    polars.DataFrame
        counter, week (from 0), kind of fraud (0: honest), added (false taps over honest ones),
        honest (taps), flagged, p, and for each detector its p (`p_<detector>`) and whether it
        carried a flag (`by_<detector>`).
    """
    last = int(world.taps.day.max())
    kept: list[pl.DataFrame] = []
    found = []
    for monday in range(FIRST_DAY, last + 1, 7):
        past = pl.concat(kept[-8:]) if kept else pl.DataFrame()
        judgement = judge(
            _cut(world.taps, monday),
            _cut(world.handovers, monday),
            _cut(world.hours, monday),
            _cut(world.devices, monday),
            History.from_summaries(past),
            recipe=recipe,
        )
        verdict = judgement.weeks.filter(pl.col("detector") == "all")
        flagged = verdict.filter("flagged")["counter"]
        kept.append(judgement.summaries.filter(~pl.col("counter").is_in(flagged.implode())))
        found.append(_widen(judgement.weeks).with_columns(week=pl.lit((monday - FIRST_DAY) // 7)))
    return _add_truth(pl.concat(found, how="diagonal"), world)


def _widen(weeks: pl.DataFrame) -> pl.DataFrame:
    """A column a detector."""
    wide = weeks.pivot(on="detector", index="counter", values=["p", "flagged"])
    names = {"p_all": "p", "flagged_all": "flagged"}
    names |= {one: one.replace("flagged_", "by_") for one in wide.columns if one not in names}
    return wide.rename(names | {"counter": "counter"})


def _cut(rows: Rows, monday: int) -> Rows:
    chosen: Bools = (rows.day >= monday) & (rows.day < monday + 7)
    columns: dict[str, Any] = {
        one.name: getattr(rows, one.name)[chosen]
        for one in fields(rows)
        if isinstance(getattr(rows, one.name), np.ndarray)
    }
    return replace(rows, **columns)


def _add_truth(found: pl.DataFrame, world: World) -> pl.DataFrame:
    added, honest = added_share(world)
    truth = pl.DataFrame(
        {
            "counter": world.plan.counter,
            "week": world.plan.week,
            "kind": world.plan.kind,
            "added": added,
            "honest": honest,
        }
    ).filter(pl.col("added") > 0)
    week = pl.col("week").cast(pl.Int64)
    return (
        found.with_columns(week)
        .join(truth, on=["counter", "week"], how="left")
        .with_columns(pl.col("kind").fill_null(0), pl.col("added").fill_null(0.0))
    )
