"""What the judge is given, what it answers, and the numbers it works by.

Days are days since 1970-01-01 and seconds are seconds after midnight, both in Viet Nam. Counters
are indices: what they stand for is the caller's knowledge.
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints

# Class c holds taps from GAP_EDGES[c] up to GAP_EDGES[c + 1] seconds after the counter's last
# handover of the day, whoever's it was; the last class is open.
GAP_EDGES: Final = (0.0, 5.0, 30.0, 120.0, 300.0)
WEEK: Final = 7

REASON: Final = pl.Struct(
    {
        "code": pl.String,
        "day": pl.Int64,
        "observed": pl.Float64,
        "expected": pl.Float64,
        "total": pl.Float64,
        "start": pl.Int64,
        "end": pl.Int64,
    }
)


def week_of(day: Ints) -> Ints:
    """The Monday of each day, as a day; 1970-01-01 was a Thursday."""
    return np.asarray(day - (day + 3) % WEEK, dtype=np.int64)


@dataclass(frozen=True)
class Taps:
    """One row a tap of a device, linked or unlinked, sorted by counter, then day and second.

    Parameters
    ----------
    counter, day : (n,) int
    second : (n,) float
        When it was given; NaN where the device's clock was not certain.
    level : (n,) int
        1 to `levels`, the rank of the overall rating from lowest to highest.
    levels : int
    gap : (n,) float
        Seconds from the handover whose right it took; NaN when unlinked.
    received : (n,) float
        Seconds from given to received; NaN where that is uncertain.
    device, number : (n,) int
        Index of the device and its running number.
    """

    counter: Ints
    day: Ints
    second: Floats
    level: Ints
    levels: int
    gap: Floats
    received: Floats
    device: Ints
    number: Ints


@dataclass(frozen=True)
class Handovers:
    """One row a result that was handed over at a counter."""

    counter: Ints
    day: Ints
    second: Floats


@dataclass(frozen=True)
class OpenHours:
    """Stretches in which a counter is open, in seconds after midnight; several a day."""

    counter: Ints
    day: Ints
    opens: Floats
    closes: Floats


@dataclass(frozen=True)
class DeviceDays:
    """What the ledger of a counter's devices found on a day, as counts."""

    counter: Ints
    day: Ints
    missing: Ints
    late: Ints
    conflicts: Ints
    bad_signatures: Ints


@dataclass(frozen=True)
class History:
    """Daily summaries of earlier weeks, one row a counter-day: what outlives the window.

    `counts` is (m, levels) and holds all taps, `linked` how many of them had a right,
    `gap_classes` is (m, len(GAP_EDGES)) and holds those after a handover of the day. Leave out
    counter-weeks that were flagged and not dismissed, so that a fraud does not become the norm.
    """

    counter: Ints
    day: Ints
    handovers: Ints
    counts: Ints
    linked: Ints
    gap_classes: Ints

    @classmethod
    def empty(cls, levels: int = 5) -> Self:
        """No earlier weeks."""
        none = np.empty(0, dtype=np.int64)
        counts = np.empty((0, levels), dtype=np.int64)
        return cls(none, none, none, counts, none, np.empty((0, len(GAP_EDGES)), dtype=np.int64))

    @classmethod
    def from_summaries(cls, summaries: pl.DataFrame, levels: int = 5) -> Self:
        """The history that `Judgement.summaries`, one or several stacked, will be."""
        if not len(summaries):
            return cls.empty(levels)
        plain = {
            name: summaries[name].to_numpy().astype(np.int64)
            for name in ("counter", "day", "handovers", "linked")
        }
        counts = np.array(summaries["counts"].to_list(), dtype=np.int64)
        classes = np.array(summaries["gap_classes"].to_list(), dtype=np.int64)
        return cls(**plain, counts=counts, gap_classes=classes)


@dataclass(frozen=True)
class QualityRecipe:
    """How strictly to judge.

    Parameters
    ----------
    false_share : float
        Expected share of honest counter-weeks among the flagged ones, at most.
    largest_p : float
        No counter-week is flagged above this p value, however many others are.
    few : int
        Handovers that a kept stretch of minutes holds at least.
    right_seconds : float
        How long a handover keeps its right open at the kiosk.
    grace_seconds : float
        After closing, before opening and after a handover, in which a tap is not off-hours.
    """

    false_share: float = 0.05
    largest_p: float = 0.002
    few: int = 5
    right_seconds: float = 600.0
    grace_seconds: float = 1200.0


@dataclass(frozen=True)
class Judgement:
    """What the detectors found.

    Parameters
    ----------
    days : polars.DataFrame
        counter, day, detector, statistic, p: one row a counter-day that a detector could judge.
    weeks : polars.DataFrame
        counter, week (its Monday), detector or "all", p, q, flagged, reasons. `flagged` of "all"
        is the verdict; that of a detector says which ones carry it. `reasons` is a list of
        `REASON`: code, day (null: the week), observed, expected, total, and start and end in
        minutes after midnight rounded outwards to ten; see `explain`.
    summaries : polars.DataFrame
        One row a counter-day: counter, day, handovers, ratings, linked, off_hours, counts (by
        level), gap_classes, and stretches of 10-minute bins merged until each holds `few`
        handovers: bin_start and bin_end (minutes), bin_handovers, bin_counts (by level). Taps
        of an uncertain time are in `counts` and in no bin.
    """

    days: pl.DataFrame
    weeks: pl.DataFrame
    summaries: pl.DataFrame
