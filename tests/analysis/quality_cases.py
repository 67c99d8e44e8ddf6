"""A small made-up province for tests of `analysis.quality`, and hands that plant a fraud in it."""

from dataclasses import fields, replace
from typing import Any

import numpy as np
import polars as pl

from analysis.arrays import Numbers
from analysis.quality import DeviceDays, Handovers, History, Judgement, OpenHours, Taps, judge
from analysis.quality.simulation import World, simulate_world
from analysis.quality.simulation.province import FIRST_DAY

MONDAY = FIRST_DAY + 14
Week = tuple[Taps, Handovers, OpenHours, DeviceDays]


def cut(rows: Any, first: int, last: int) -> Any:
    """Rows of the days from `first` up to `last`."""
    chosen = (rows.day >= first) & (rows.day < last)
    return pick(rows, chosen)


def pick(rows: Any, chosen: Any) -> Any:
    columns = {
        one.name: value[chosen]
        for one in fields(rows)
        if isinstance(value := getattr(rows, one.name), np.ndarray)
    }
    return replace(rows, **columns)


def cut_world(world: World, first: int, last: int) -> Week:
    return (
        cut(world.taps, first, last), cut(world.handovers, first, last),
        cut(world.hours, first, last), cut(world.devices, first, last),
    )  # fmt: skip


def honest_world(seed: int, *, counters: int = 60, days: int = 21) -> World:
    return simulate_world(np.random.default_rng(seed), counters=counters, days=days, share=0.0)


def two_weeks_past(world: World) -> History:
    past = judge(*cut_world(world, FIRST_DAY, MONDAY), History.empty())
    return History.from_summaries(past.summaries)


def plant(taps: Taps, counter: int, day: Any, second: Numbers, gap: Any = np.nan) -> Taps:
    """More top ratings at a counter, unlinked unless a gap is given."""
    size = len(second)
    new = Taps(
        counter=np.full(size, counter),
        day=np.broadcast_to(np.asarray(day, dtype=np.int64), size).copy(),
        second=second,
        level=np.full(size, taps.levels),
        levels=taps.levels,
        gap=np.broadcast_to(np.asarray(gap, dtype=float), size).copy(),
        received=np.ones(size),
        device=np.full(size, counter),
        number=100_000 + np.arange(size),
    )
    return stack(taps, new)


def stack(first: Taps, second: Taps) -> Taps:
    columns: dict[str, Any] = {
        one.name: np.concatenate([getattr(first, one.name), getattr(second, one.name)])
        for one in fields(first)
        if one.name != "levels"
    }
    every = replace(first, **columns)
    moment = np.nan_to_num(every.second, nan=1e6)
    return pick(every, np.lexsort((moment, every.day, every.counter)))  # type: ignore[no-any-return]


def p_of(judgement: Judgement, counter: int, detector: str) -> float:
    return float(row_of(judgement, counter, detector)["p"])


def row_of(judgement: Judgement, counter: int, detector: str) -> dict[str, Any]:
    rows = judgement.weeks.filter(
        (pl.col("counter") == counter) & (pl.col("detector") == detector)
    ).to_dicts()
    assert len(rows) == 1
    return rows[0]
