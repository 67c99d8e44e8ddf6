"""Top ratings that follow one another as evenly as a machine's."""

import numpy as np

from analysis.arrays import Bools, Ints
from analysis.quality.combination import join_days
from analysis.quality.findings import Findings, make_findings
from analysis.quality.records import WEEK, QualityRecipe
from analysis.quality.sightings import Sightings, line_up

EVEN = 0.9
SHORTEST, LONGEST = 8.0, 1800.0
FLOOR = 0.12


def find_even_steps(week: Sightings, recipe: QualityRecipe) -> Findings:
    """The longest row of steps between top ratings in which each is within 10 % of the one before.

    Null: between people, a step is even with the one before with a chance that hardly depends on
    how busy the counter is (1/19 for exponential steps of one pace). Taken is how often honest
    counters go on once two steps were even, the third quartile of the province and at least
    `FLOOR`; a row of k even pairs then has at most n chances of `FLOOR` ** k. Steps under eight
    seconds (families, a child) and over half an hour are no steps.

    References
    ----------
    Cox & Lewis (1966), The Statistical Analysis of Series of Events, ch. 6 (orders of intervals);
    Balakrishnan & Koutras (2002), Runs and Scans with Applications, ch. 5, for the bound.
    """
    del recipe
    cell, even = _pair_steps(week)
    size = week.size * WEEK
    pairs = np.bincount(cell, minlength=size)
    row = _longest_rows(cell, even, size)
    chance = _fit_chance(cell, even, week.size)
    p_day = np.minimum(1.0, np.where(row > 0, pairs * chance ** row.astype(float), 1.0))
    p_day, rows = p_day.reshape(-1, WEEK), row.reshape(-1, WEEK)
    present = pairs.reshape(-1, WEEK) > 0
    counter, day = np.nonzero(present)
    worst = p_day.argmin(axis=1)
    own = np.arange(week.size)
    many = pairs.reshape(-1, WEEK)[own, worst]
    return Findings(
        "timing",
        make_findings(
            "regular", counter=counter, day=day, statistic=rows[counter, day],
            p=p_day[counter, day],
        ),
        make_findings(
            "regular", counter=own, day=worst, statistic=rows[own, worst],
            p=join_days(p_day, present), observed=rows[own, worst] + (rows[own, worst] > 0),
            expected=np.log(np.maximum(many, 1)) / -np.log(chance), total=many + 1,
        ),
    )  # fmt: skip


def _pair_steps(week: Sightings) -> tuple[Ints, Bools]:
    """Counter-day of each pair of steps that follow one another, and whether they are even."""
    taps = week.taps
    kept = np.flatnonzero(week.top & ~np.isnan(taps.second))
    moment = line_up(taps.counter, taps.day, taps.second)[kept]
    cell = taps.counter[kept] * WEEK + taps.day[kept]
    if len(kept) < 3:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool)
    step = np.diff(moment)
    first, second = step[:-1], step[1:]
    same = cell[2:] == cell[:-2]
    low, high = np.minimum(first, second), np.maximum(first, second)
    even = (low >= SHORTEST) & (high <= LONGEST) & (low >= EVEN * high)
    return cell[2:][same], even[same]


def _longest_rows(cell: Ints, even: Bools, size: int) -> Ints:
    longest = np.zeros(size, dtype=np.int64)
    if not len(cell):
        return longest
    start = np.flatnonzero(np.r_[True, (cell[1:] != cell[:-1]) | (even[1:] != even[:-1])])
    length = np.diff(np.r_[start, len(cell)])
    rows = even[start]
    np.maximum.at(longest, cell[start[rows]], length[rows])
    return longest


def _fit_chance(cell: Ints, even: Bools, size: int) -> float:
    """How often an even pair follows an even pair, at the third quartile of counters."""
    if len(cell) < 2:
        return FLOOR
    next_one = even[:-1] & (cell[1:] == cell[:-1])
    counter = cell[:-1] // WEEK
    asked = np.bincount(counter[next_one], minlength=size)
    again = np.bincount(counter[next_one & even[1:]], minlength=size)
    usable = asked >= 8
    if usable.sum() < 20:
        return FLOOR
    return float(np.clip(np.quantile(again[usable] / asked[usable], 0.75), FLOOR, 0.3))
