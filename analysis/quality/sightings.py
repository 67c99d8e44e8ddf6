"""One week as the detectors look at it: counters numbered from 0, days from 0 (Monday) to 6."""

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.quality.records import (
    WEEK,
    DeviceDays,
    Handovers,
    History,
    OpenHours,
    QualityRecipe,
    Taps,
)

# Longer than a day, so that moments of different counter-days stand in order on one line.
SPAN = 200_000.0
# Taps that follow one another so soon are of one group of people.
TOGETHER = 20.0


Rows = TypeVar("Rows", Taps, Handovers, OpenHours, DeviceDays, History)


@dataclass(frozen=True)
class Sightings:
    """A week. `counter` and `day` inside are numbered from 0; `labels` and `monday` lead back.

    Parameters
    ----------
    labels : (C,) int
        The caller's index of each counter that was seen in the week.
    monday : int
    taps, handovers, hours, devices
        Rows of the week, sorted by counter, day and second.
    history : History
        Of earlier days, days as the caller counts them.
    recent : (n,) float
        Seconds from the last handover at the counter that day to the tap; NaN if there was none
        or the time is uncertain.
    off : (n,) bool
        Given outside office hours, and no handover near.
    alone : (n,) bool
        At a certain time, and not within `TOGETHER` seconds of the tap before: the first of a
        family, or of a child's play.
    """

    labels: Ints
    monday: int
    taps: Taps
    handovers: Handovers
    hours: OpenHours
    devices: DeviceDays
    history: History
    recent: Floats
    off: Bools
    alone: Bools

    @property
    def size(self) -> int:
        """How many counters."""
        return len(self.labels)

    @property
    def top(self) -> Bools:
        """(n,) Which taps chose the highest level."""
        return np.asarray(self.taps.level == self.taps.levels)


def observe(
    taps: Taps,
    handovers: Handovers,
    hours: OpenHours,
    devices: DeviceDays,
    history: History,
    *,
    week: int,
    recipe: QualityRecipe,
) -> Sightings:
    """Cut one week out of everything and find what several detectors need."""
    own_taps = _pick(taps, _within(taps.day, week))
    own_handovers = _pick(handovers, _within(handovers.day, week))
    own_devices = _pick(devices, _within(devices.day, week))
    labels = np.unique(
        np.concatenate([own_taps.counter, own_handovers.counter, own_devices.counter])
    )
    own_hours = _pick(hours, _within(hours.day, week) & np.isin(hours.counter, labels))
    old = _pick(history, (history.day < week) & np.isin(history.counter, labels))
    own_taps = _sort(_number(own_taps, labels, week))
    own_handovers = _sort(_number(own_handovers, labels, week))
    own_hours = _number(own_hours, labels, week)
    recent = _since_handover(own_taps, own_handovers)
    off = _is_off(own_taps, own_hours, len(labels), recipe.grace_seconds)
    return Sightings(
        labels=labels,
        monday=week,
        taps=own_taps,
        handovers=own_handovers,
        hours=own_hours,
        devices=_number(own_devices, labels, week),
        history=_number(old, labels, 0),
        recent=recent,
        off=off & ~(recent <= recipe.grace_seconds),
        alone=_is_alone(own_taps),
    )


def line_up(counter: Ints, day: Ints, second: Floats) -> Floats:
    """Moments of all counter-days on one line."""
    return np.asarray((counter * WEEK + day) * SPAN + second, dtype=np.float64)


def _within(day: Ints, week: int) -> Bools:
    return np.asarray((day >= week) & (day < week + WEEK))


def _pick(rows: Rows, chosen: Bools | Ints) -> Rows:
    """The chosen rows of a record of columns."""
    columns: dict[str, Any] = {
        one.name: value[chosen]
        for one in fields(rows)
        if isinstance(value := getattr(rows, one.name), np.ndarray)
    }
    return replace(rows, **columns)


def _number(rows: Rows, labels: Ints, week: int) -> Rows:
    counter = np.searchsorted(labels, rows.counter).astype(np.int64)
    return replace(rows, counter=counter, day=rows.day - week)


Timed = TypeVar("Timed", Taps, Handovers)


def _sort(rows: Timed) -> Timed:
    """By counter, day and second; an uncertain second comes last, then the running number tells."""
    second = np.nan_to_num(rows.second, nan=SPAN - 1.0)
    tie = rows.number if isinstance(rows, Taps) else second
    return _pick(rows, np.lexsort((tie, second, rows.day, rows.counter)))


def _since_handover(taps: Taps, handovers: Handovers) -> Floats:
    given = line_up(taps.counter, taps.day, taps.second)
    handed = line_up(handovers.counter, handovers.day, handovers.second)
    place = np.searchsorted(handed, given, side="right") - 1
    same_day = (place >= 0) & ~np.isnan(given)
    since = np.full(len(given), np.nan)
    since[same_day] = given[same_day] - handed[place[same_day]]
    return np.where(since < SPAN / 2, since, np.nan)


def _is_off(taps: Taps, hours: OpenHours, size: int, grace: float) -> Bools:
    """Outside every stretch of the day, stretched by the grace; unknown hours blame nobody."""
    order = np.lexsort((hours.opens, hours.day, hours.counter))
    opens = line_up(hours.counter, hours.day, hours.opens - grace)[order]
    closes = np.maximum.accumulate(line_up(hours.counter, hours.day, hours.closes + grace)[order])
    given = line_up(taps.counter, taps.day, taps.second)
    place = np.searchsorted(opens, given, side="right") - 1
    inside = np.zeros(len(given), dtype=bool)
    some = place >= 0
    inside[some] = given[some] <= closes[place[some]]
    known = np.bincount(hours.counter, minlength=size)[taps.counter] > 0
    return np.asarray(known & ~inside & ~np.isnan(given))


def _is_alone(taps: Taps) -> Bools:
    given = line_up(taps.counter, taps.day, taps.second)
    timed = np.flatnonzero(~np.isnan(given))
    alone = np.zeros(len(given), dtype=bool)
    alone[timed] = np.diff(given[timed], prepend=-np.inf) >= TOGETHER
    return alone
