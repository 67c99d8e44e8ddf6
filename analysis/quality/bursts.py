"""Top ratings crowded into minutes in which the handovers do not bring them."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.quality.combination import join_days
from analysis.quality.findings import Findings, make_findings
from analysis.quality.records import WEEK, QualityRecipe
from analysis.quality.sightings import Sightings
from analysis.quality.tails import clumped_tail

CELL = 300.0
CELLS = 288
WIDE = 2
# Share of the taps of people handed a result in each cell of five minutes from then on.
AFTER = np.array([0.72, 0.17, 0.04, 0.03, 0.02, 0.02])
STRANGERS, ANYTIME = 0.09, 0.01
LEAST = 3
FLOOR = 1.4


@dataclass(frozen=True)
class Scan:
    """Windows of `WIDE` cells, one row a counter-day or counter: what came, what was expected."""

    seen: Floats
    expected: Floats
    windows: Ints

    def pick(self, rows: Ints) -> "Scan":
        """Some of the rows."""
        return Scan(self.seen[rows], self.expected[rows], self.windows[rows])


def find_bursts(week: Sightings, recipe: QualityRecipe) -> Findings:
    """The most crowded ten minutes of each day, and of the same minutes on all days of the week.

    A scan statistic: given how many top ratings the counter had, and when it handed results over,
    the chance of so many within a window of ten minutes, on a grid of five; Bonferroni over the
    windows of the day. Expected is the pace of handovers, spread over the minutes after each,
    with a tenth for people who were handed nothing. Groups (families, a child at the kiosk) make
    counts spread more: the windows' variance over their mean is taken from the third quartile of
    counters with as many ratings, at least `FLOOR`.

    References
    ----------
    Naus (1965), Journal of the American Statistical Association 60, 532-538; Kulldorff (1997),
    Communications in Statistics - Theory and Methods 26, 1481-1496; Glaz, Naus & Wallenstein
    (2001), Scan Statistics, ch. 2, for the bound by single windows; Quenouille (1949), Biometrics
    5, 162-164, for clumps.
    """
    del recipe
    tops, pace = _count_cells(week)
    expected = pace * tops.sum(axis=2, keepdims=True)
    clump = _fit_clumps(tops, expected)
    days = _scan(tops.reshape(-1, CELLS), expected.reshape(-1, CELLS))
    p_day, at_day = _judge(days, np.repeat(clump, WEEK))
    weekly = _scan(tops.sum(axis=1), expected.sum(axis=1))
    p_week, at_week = _judge(weekly, clump)
    present = tops.sum(axis=2) > 0
    p_day, at_day = p_day.reshape(-1, WEEK), at_day.reshape(-1, WEEK)
    counter, day = np.nonzero(present)
    window = at_day[counter, day]
    daily = make_findings(
        "burst", counter=counter, day=day, statistic=days.seen[counter * WEEK + day, window],
        p=p_day[counter, day],
    )  # fmt: skip
    single = join_days(p_day, present)
    both = np.minimum(1.0, 2 * np.minimum(single, p_week))
    by_day, own = single < p_week, np.arange(week.size)
    worst = p_day.argmin(axis=1)
    told = [
        _tell("burst", both, days.pick(own * WEEK + worst), at_day[own, worst], worst),
        _tell("burst_week", both, weekly, at_week, None),
    ]
    chosen = [told[0].filter(pl.Series(by_day)), told[1].filter(pl.Series(~by_day))]
    return Findings("bursts", daily, pl.concat(chosen).sort("counter"))


def _tell(code: str, p: Floats, scan: Scan, window: Ints, day: Ints | None) -> pl.DataFrame:
    """One row a counter: the most crowded window, its ends rounded outwards to ten minutes."""
    own = np.arange(len(p))
    return make_findings(
        code,
        counter=own,
        day=day,
        p=p,
        statistic=scan.seen[own, window],
        observed=scan.seen[own, window],
        expected=scan.expected[own, window],
        total=scan.seen[own, ::WIDE].sum(axis=1),
        start=window * 5 // 10 * 10,
        end=-(-(window + WIDE) * 5 // 10) * 10,
    )


def _count_cells(week: Sightings) -> tuple[Floats, Floats]:
    """(C, 7, 288) top ratings, and the share of a day's ratings that each cell is expected to have."""
    chosen = week.top & ~np.isnan(week.taps.second) & ~week.off
    tops = _cells(week, week.taps.counter[chosen], week.taps.day[chosen], week.taps.second[chosen])
    hand = week.handovers
    handed = _cells(week, hand.counter, hand.day, hand.second)
    pace = np.zeros_like(handed)
    for later, share in enumerate(AFTER):
        pace[..., later:] += share * handed[..., : CELLS - later]
    pace /= np.maximum(pace.sum(axis=2, keepdims=True), 1e-9)
    open_cells = _open_cells(handed)
    spread = open_cells / np.maximum(open_cells.sum(axis=2, keepdims=True), 1)
    return tops, (1 - STRANGERS - ANYTIME) * pace + STRANGERS * spread + ANYTIME * 2 / CELLS


def _cells(week: Sightings, counter: Ints, day: Ints, second: Floats) -> Floats:
    cell = np.clip(second // CELL, 0, CELLS - 1).astype(np.int64)
    flat = np.bincount((counter * WEEK + day) * CELLS + cell, minlength=week.size * WEEK * CELLS)
    return flat.reshape(week.size, WEEK, CELLS).astype(np.float64)


def _open_cells(handed: Floats) -> Floats:
    """From the day's first handover to its last."""
    begun = np.maximum.accumulate(handed > 0, axis=2)
    going = np.maximum.accumulate((handed > 0)[..., ::-1], axis=2)[..., ::-1]
    return (begun & going).astype(np.float64)


def _fit_clumps(tops: Floats, expected: Floats) -> Floats:
    """(C,) Variance over mean of windows of a day, by quarters of counters of like size."""
    shape = (*tops.shape[:2], CELLS // WIDE, WIDE)
    seen, mean = tops.reshape(shape).sum(axis=3), expected.reshape(shape).sum(axis=3)
    many = tops.sum(axis=(1, 2))
    spread = ((seen - mean) ** 2).sum(axis=(1, 2)) / np.maximum(mean.sum(axis=(1, 2)), 1e-9)
    clump = np.full(len(many), FLOOR)
    usable = np.flatnonzero(many >= 20)
    for group in np.array_split(usable[np.argsort(many[usable], kind="stable")], 4):
        if len(group) >= 5:
            clump[group] = max(FLOOR, float(np.quantile(spread[group], 0.75)))
    return clump


def _scan(seen: Floats, expected: Floats) -> Scan:
    total = _windows(expected)
    # A window outside the pace of handovers has next to no chance; it counts for nothing.
    windows = (total > 4 * ANYTIME / CELLS * expected.sum(axis=1, keepdims=True)).sum(axis=1)
    return Scan(_windows(seen), total, np.maximum(windows, 1))


def _windows(values: Floats) -> Floats:
    sums = np.concatenate([np.zeros((len(values), 1)), values.cumsum(axis=1)], axis=1)
    return np.asarray(sums[:, WIDE:] - sums[:, :-WIDE])


def _judge(scan: Scan, clump: Floats) -> tuple[Floats, Ints]:
    """The smallest p value of each row, times its windows, and where it is."""
    p = np.ones_like(scan.seen)
    row, window = np.nonzero((scan.seen >= LEAST) & (scan.seen > scan.expected))
    p[row, window] = clumped_tail(scan.seen[row, window], scan.expected[row, window], clump[row])
    best = p.argmin(axis=1)
    return np.minimum(1.0, p[np.arange(len(p)), best] * (scan.windows + 10)), best
