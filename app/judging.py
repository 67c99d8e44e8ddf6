"""The nightly judge from the sealed window to flags: open, compute, write, let ratings go.

Only jobs and commands import this: numpy and scipy take seconds to load, and no process that
takes ratings should wait for them, nor hold the key.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.quality import (
    DeviceDays,
    Handovers,
    History,
    Judgement,
    OpenHours,
    QualityRecipe,
    Taps,
    judge,
)
from app.quality_keys import quality_key
from app.settings import Settings
from surveys import calendars
from surveys.days import ZONE, local_day
from surveys.quality import days as kept
from surveys.quality import judging
from surveys.quality.judging import Result, Seen, Verdict, monday
from surveys.quality.sightings import CONFLICT, HANDOVER, TAP, Sighting

EPOCH = date(1970, 1, 1)
NAN = float("nan")


async def judge_window(settings: Settings, now: datetime | None = None) -> dict[str, int]:
    """Judge what the window shows of ended days and weeks; safe to run again at any time."""
    today = local_day(now or datetime.now(UTC))
    first = today - timedelta(days=settings.window_days)
    recipe = QualityRecipe(few=settings.batch_others)
    sightings = await judging.open_window(quality_key(settings), today)
    seen = [one for one in await place(sightings) if one.day < today]
    found = judge(*await columns(seen, first), recipe=recipe)
    whole = [one for one in _kept_days(found, seen) if first <= one.day < today]
    hidden = [kept.hide_few(one, settings.batch_others) for one in whole]
    await kept.store_days(hidden, today - timedelta(days=1))
    flagged = 0
    for week in await weeks_to_judge(seen, first, today):
        flagged += await store_week(found, week, today, recipe)
    released = await judging.release(seen, monday(first))
    lost = await judging.release_lost(first - timedelta(days=1))
    await judging.close_window(first)
    return {"days": len(hidden), "flagged": flagged, "released": released + lost}


async def place(sightings: Iterable[Sighting]) -> list[Seen]:
    """Each sighting at its counter and on its day; those of unknown counters are left out."""
    by_code = {row["code"]: row["id"] for row in await judging.list_counters()}
    by_device = await judging.device_counters()
    found = []
    for one in sightings:
        counter = by_device.get(one.device) if one.device else by_code.get(one.counter)
        if counter is not None:
            found.append(Seen(one, counter, local_day(one.given_at or one.received_at)))
    return found


async def weeks_to_judge(seen: Sequence[Seen], first: date, today: date) -> list[date]:
    """Mondays of ended weeks that the window still shows, and that were not judged."""
    ended = {monday(one.day) for one in seen if monday(one.day) + judging.WEEK <= today}
    known = await judging.judged_weeks()
    return sorted(week for week in ended - known if week >= monday(first))


async def columns(
    seen: Sequence[Seen], first: date
) -> tuple[Taps, Handovers, OpenHours, DeviceDays, History]:
    """What the detectors are given."""
    taps = [one for one in seen if one.sighting.kind == TAP and one.sighting.level]
    levels = max((one.sighting.levels for one in taps), default=5)
    handed = [one for one in seen if one.sighting.kind == HANDOVER]
    rows = await kept.read_history(monday(first))
    return (
        _taps(taps, levels),
        Handovers(_counters(handed), _days(handed), _floats(handed, _second)),
        await open_hours(seen),
        _devices(seen, await kept.bad_signatures(first)),
        _history(rows, levels),
    )


def _taps(seen: Sequence[Seen], levels: int) -> Taps:
    devices: dict[object, int] = {}
    index = [devices.setdefault(one.sighting.device, len(devices)) for one in seen]
    return Taps(
        counter=_counters(seen),
        day=_days(seen),
        second=_floats(seen, _second),
        level=_ints(_rank(one.sighting, levels) for one in seen),
        levels=levels,
        gap=_floats(seen, lambda one: NAN if one.gap is None else one.gap),
        received=_floats(seen, _delay),
        device=_ints(index),
        number=_ints(one.sighting.number for one in seen),
    )


def _devices(seen: Sequence[Seen], wrong: Sequence[dict[str, Any]]) -> DeviceDays:
    counts = device_counts(seen)
    for row in wrong:
        counts.setdefault((row["counter"], row["day"]), [0, 0, 0, 0])[3] += row["bad_signatures"]
    rows = [(counter, (day - EPOCH).days, *four) for (counter, day), four in counts.items()]
    table = np.array(rows, dtype=np.int64).reshape(-1, 6)
    return DeviceDays(*(table[:, column] for column in range(6)))


def device_counts(seen: Sequence[Seen]) -> dict[tuple[int, date], list[int]]:
    """Missing, late and repeated numbers and bad signatures by counter and day of receipt."""
    counts: dict[tuple[int, date], list[int]] = {}
    by_device: dict[object, list[Seen]] = {}
    for one in seen:
        if one.sighting.device is None:
            continue
        by_device.setdefault(one.sighting.device, []).append(one)
        counts.setdefault((one.counter, _received(one)), [0, 0, 0, 0])
    for rows in by_device.values():
        highest = 0
        for one in sorted(rows, key=lambda one: (one.sighting.received_at, one.sighting.number)):
            cell = counts[one.counter, _received(one)]
            cell[1] += one.sighting.kind != CONFLICT and one.sighting.number < highest
            cell[2] += one.sighting.kind == CONFLICT
            highest = max(highest, one.sighting.number)
        _count_missing(rows, counts)
    return counts


def _count_missing(rows: Sequence[Seen], counts: dict[tuple[int, date], list[int]]) -> None:
    """Numbers that never came count on the day of the next one that did."""
    numbers = {one.sighting.number: one for one in rows if one.sighting.kind != CONFLICT}
    ordered = sorted(numbers)
    for before, number in pairwise(ordered):
        one = numbers[number]
        counts[one.counter, _received(one)][0] += number - before - 1


async def open_hours(seen: Sequence[Seen]) -> OpenHours:
    """The stretches in which each seen counter was open; a counter without hours has none."""
    agencies = {row["id"]: row["agency"] for row in await judging.list_counters()}
    pairs = sorted({(one.counter, one.day) for one in seen})
    known = await calendars.load_calendars({agencies[counter] for counter, _day in pairs})
    rows = [
        (counter, (day - EPOCH).days, _clock(opens), _clock(closes))
        for counter, day in pairs
        if known[agencies[counter]].timetables
        for opens, closes in calendars.hours_of(known[agencies[counter]], day)
    ]
    table = np.array(rows, dtype=np.float64).reshape(-1, 4)
    whole = table[:, :2].astype(np.int64)
    return OpenHours(whole[:, 0], whole[:, 1], table[:, 2], table[:, 3])


def _history(rows: Sequence[dict[str, Any]], levels: int) -> History:
    # A form with another scale starts a history of its own.
    same = [row for row in rows if len(row["levels"]) == levels]
    if not same:
        return History.empty(levels)
    classes = History.empty(levels).gap_classes.shape[1]
    return History(
        counter=_ints(row["counter"] for row in same),
        day=_ints((row["day"] - EPOCH).days for row in same),
        handovers=_ints(row["handovers"] for row in same),
        counts=np.array([row["levels"] for row in same], dtype=np.int64),
        linked=_ints(row["linked"] for row in same),
        gap_classes=np.array([row["gaps"] or [0] * classes for row in same], dtype=np.int64),
    )


def _kept_days(found: Judgement, seen: Sequence[Seen]) -> list[kept.CounterDay]:
    counts = device_counts(seen)
    days = []
    for row in found.summaries.iter_rows(named=True):
        day = EPOCH + timedelta(days=row["day"])
        missing, late, conflicts, _bad = counts.get((row["counter"], day), [0, 0, 0, 0])
        stretches = zip(
            row["bin_start"], row["bin_end"], row["bin_handovers"], row["bin_counts"], strict=True
        )
        days.append(
            kept.CounterDay(
                counter=row["counter"],
                day=day,
                handovers=row["handovers"],
                ratings=row["ratings"],
                linked=row["linked"],
                off_hours=row["off_hours"],
                missing=missing,
                late=late,
                conflicts=conflicts,
                levels=row["counts"],
                gaps=row["gap_classes"],
                bins=[kept.Stretch(*one) for one in stretches],
            )
        )
    return days


async def store_week(found: Judgement, week: date, today: date, recipe: QualityRecipe) -> int:
    """Write what was found in one week; returns how many counters were flagged."""
    number = (week - EPOCH).days
    weeks = found.weeks.filter(pl.col("week") == number)
    days = found.days.filter(pl.col("day").is_between(number, number + 6))
    verdicts = list(_verdicts(weeks))
    stored = await judging.store_verdicts(
        week,
        [*_day_results(days), *_week_results(weeks)],
        verdicts,
        judged_on=today,
        counters=weeks["counter"].n_unique(),
        recipe=asdict(recipe),
    )
    return len(verdicts) if stored else 0


def _verdicts(weeks: pl.DataFrame) -> Iterable[Verdict]:
    carried = weeks.filter(pl.col("flagged") & (pl.col("detector") != "all"))
    for row in weeks.filter(pl.col("flagged") & (pl.col("detector") == "all")).iter_rows(
        named=True
    ):
        mine = carried.filter(pl.col("counter") == row["counter"]).sort("p")
        yield Verdict(
            row["counter"], mine["detector"].to_list(), row["q"], {"reasons": row["reasons"]}
        )


def _day_results(days: pl.DataFrame) -> list[Result]:
    return [
        Result(row["counter"], row["detector"], _share(row["p"]),
               EPOCH + timedelta(days=row["day"]), row["statistic"])
        for row in days.iter_rows(named=True)
    ]  # fmt: skip


def _week_results(weeks: pl.DataFrame) -> list[Result]:
    return [
        Result(row["counter"], row["detector"], _share(row["p"]), q=row["q"])
        for row in weeks.iter_rows(named=True)
    ]


def _share(p: float) -> float:
    return min(max(p, 0.0), 1.0)


def _rank(one: Sighting, levels: int) -> int:
    """The level on the widest scale; the ends of every scale are the same."""
    if one.levels in {levels, 0, 1}:
        return min(one.level, levels)
    return 1 + round((one.level - 1) * (levels - 1) / (one.levels - 1))


def _second(one: Sighting) -> float:
    return NAN if one.given_at is None else _clock(one.given_at.astimezone(ZONE).time())


def _delay(one: Sighting) -> float:
    return NAN if one.given_at is None else (one.received_at - one.given_at).total_seconds()


def _clock(moment: time) -> float:
    return moment.hour * 3600 + moment.minute * 60 + moment.second + moment.microsecond / 1e6


def _received(one: Seen) -> date:
    return local_day(one.sighting.received_at)


def _counters(seen: Sequence[Seen]) -> Ints:
    return _ints(one.counter for one in seen)


def _days(seen: Sequence[Seen]) -> Ints:
    return _ints((one.day - EPOCH).days for one in seen)


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), dtype=np.int64)


def _floats(seen: Sequence[Seen], value: Callable[[Sighting], float]) -> Floats:
    return np.array([value(one.sighting) for one in seen], dtype=np.float64)
