"""A month of simulated ratings with one fraud in it, so that the pages of flags have something.

It goes through the same judge as real sightings, week after week. Nothing of it enters the index:
only what is kept of days, verdicts and flags is written, never a rating.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any, TypeVar

import numpy as np

from analysis.arrays import Bools
from analysis.quality import DeviceDays, Handovers, OpenHours, QualityRecipe, Taps, judge
from analysis.quality.simulation.province import FIRST_DAY
from analysis.quality.simulation.world import World, simulate_world
from app.judging import keep_days, store_week
from app.observations import EPOCH, read_history
from surveys.quality import judging
from surveys.transactions import fetch

SEED = 20_210_301
WEEKS = 4
COUNTERS = 80
# The lunch-time fraud: forty presses of the highest level within ten minutes.
PRESSES, FIRST_SECOND, LAST_SECOND = 40, 11 * 3600 + 20 * 60, 11 * 3600 + 30 * 60

# Counters of the register, those of one agency first.
CHOOSE = """
SELECT id FROM counter ORDER BY agency <> $1, id LIMIT $2
"""

Rows = TypeVar("Rows", Taps, Handovers, OpenHours, DeviceDays)
Week = tuple[Taps, Handovers, OpenHours, DeviceDays]


async def plant_month(first: date, agency: int, few: int) -> int:
    """Judge a simulated month from a Monday on; returns how many flags it brought.

    The first counter of the agency cheats in the last two weeks.
    """
    counters = [row["id"] for row in await fetch(CHOOSE, agency, COUNTERS)]
    if (await judging.judged_weeks()) or not counters:
        return 0
    world = simulate_world(
        np.random.default_rng(SEED), counters=COUNTERS, days=7 * WEEKS, share=0.0
    )
    shift = (first - EPOCH).days - FIRST_DAY
    flagged = 0
    for place in range(WEEKS):
        seen = _see_week(world, FIRST_DAY + 7 * place, cheats=place >= WEEKS - 2)
        week = _move_week(seen, counters, shift)
        flagged += await _judge_week(week, first + timedelta(days=7 * place), few)
    return flagged


async def _judge_week(seen: Week, monday: date, few: int) -> int:
    recipe = QualityRecipe(few=few)
    end = monday + timedelta(days=7)
    found = judge(*seen, await read_history(monday, seen[0].levels), recipe=recipe)
    await keep_days(found, {}, monday, end, few)
    return await store_week(found, monday, end, recipe)


def _see_week(world: World, monday: int, *, cheats: bool) -> Week:
    taps = _cut(world.taps, monday)
    return (
        _press_before_lunch(taps, monday) if cheats else taps,
        _cut(world.handovers, monday),
        _cut(world.hours, monday),
        _cut(world.devices, monday),
    )


def _move_week(seen: Week, counters: Sequence[int], shift: int) -> Week:
    taps, handovers, hours, devices = seen
    return (
        _move(taps, counters, shift),
        _move(handovers, counters, shift),
        _move(hours, counters, shift),
        _move(devices, counters, shift),
    )


def _cut(rows: Rows, monday: int) -> Rows:
    return _pick(rows, (rows.day >= monday) & (rows.day < monday + 7))


def _pick(rows: Rows, chosen: Bools) -> Rows:
    columns = {
        one.name: getattr(rows, one.name)[chosen]
        for one in fields(rows)
        if isinstance(getattr(rows, one.name), np.ndarray)
    }
    return replace(rows, **columns)


def _move(rows: Rows, counters: Sequence[int], shift: int) -> Rows:
    """The same rows at counters of the register, in the demo's month."""
    known = _pick(rows, rows.counter < len(counters))
    return replace(known, counter=np.array(counters)[known.counter], day=known.day + shift)


def _press_before_lunch(taps: Taps, monday: int) -> Taps:
    rng = np.random.default_rng(SEED + monday)
    day = np.repeat(monday + np.arange(5), PRESSES)
    second = np.sort(rng.uniform(FIRST_SECOND, LAST_SECOND, (5, PRESSES)), axis=1).ravel()
    many = len(day)
    nothing = np.full(many, np.nan)
    false = {
        "counter": np.zeros(many, dtype=np.int64), "day": day, "second": second,
        "level": np.full(many, taps.levels), "gap": nothing, "received": np.full(many, 1.0),
        "device": np.zeros(many, dtype=np.int64),
        "number": int(taps.number.max()) + 1 + np.arange(many),
    }  # fmt: skip
    columns = {name: np.concatenate([getattr(taps, name), false[name]]) for name in false}
    order = np.lexsort((columns["second"], columns["day"], columns["counter"]))
    ordered: dict[str, Any] = {name: values[order] for name, values in columns.items()}
    return replace(taps, **ordered)
