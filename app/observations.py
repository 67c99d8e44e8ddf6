"""What the window shows as columns for the detectors: taps, handovers, hours, devices, history."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, time
from itertools import pairwise
from typing import Any

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.quality import DeviceDays, Handovers, History, OpenHours, Taps
from surveys import calendars
from surveys.days import ZONE, local_day
from surveys.quality import days as kept
from surveys.quality import judging
from surveys.quality.judging import Seen, monday
from surveys.quality.sightings import CONFLICT, HANDOVER, TAP, Sighting

EPOCH = date(1970, 1, 1)
NAN = float("nan")


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
