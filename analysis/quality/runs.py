"""Long rows of the same highest rating."""

import numpy as np
from scipy import special

from analysis.arrays import Bools, Floats, Ints, Numbers
from analysis.quality.findings import Findings, make_findings
from analysis.quality.records import WEEK, QualityRecipe
from analysis.quality.sightings import Sightings, line_up

NOON = 12.5 * 3600
# Taps so close and alike are one family.
TOGETHER = 60.0
HALVES = 2


def find_long_runs(week: Sightings, recipe: QualityRecipe) -> Findings:
    """The longest row of top ratings in a half-day, given how many there are.

    Null: the order of a half-day's ratings is exchangeable given its counts, so that a counter's
    satisfaction, and moods of a half-day, take no part. Taps alike within a minute count as one.
    The chance is exact: placing m tops into the n - m + 1 places between the others, none with
    more than L - 1, counted by inclusion and exclusion. Days join by Sidak.

    References
    ----------
    Bradley (1968), Distribution-free Statistical Tests, ch. 12; Bateman (1948), Biometrika 35,
    97-112 (longest run given the counts); Feller (1968), An Introduction to Probability Theory,
    vol. 1, 3rd ed., sect. II.5.
    """
    del recipe
    cell, top = _declump(week)
    size = week.size * WEEK * HALVES
    total = np.bincount(cell, minlength=size)
    tops = np.bincount(cell[top], minlength=size)
    longest = _longest_runs(cell, top, size)
    p = longest_run_tail(longest, tops, total)
    halves = p.reshape(-1, HALVES)
    used = (total.reshape(-1, HALVES) > 0).sum(axis=1)
    p_day = _sidak(halves.min(axis=1), used)
    place = halves.argmin(axis=1) + HALVES * np.arange(len(halves))
    days_used = (used > 0).reshape(-1, WEEK)
    counter, day = np.nonzero(days_used)
    flat = counter * WEEK + day
    by_week = p_day.reshape(-1, WEEK)
    worst = by_week.argmin(axis=1)
    at = place[np.arange(week.size) * WEEK + worst]
    return Findings(
        "runs",
        make_findings(
            "long_run", counter=counter, day=day, statistic=longest[place[flat]], p=p_day[flat]
        ),
        make_findings(
            "long_run", counter=np.arange(week.size), day=worst, statistic=longest[at],
            p=_sidak(by_week.min(axis=1), days_used.sum(axis=1)), observed=longest[at],
            expected=_typical_run(tops[at], total[at]), total=total[at],
        ),
    )  # fmt: skip


def longest_run_tail(longest: Ints, tops: Ints, total: Ints) -> Floats:
    """P(longest run of tops >= longest), all orders of `tops` among `total` alike likely."""
    p = np.ones(len(longest))
    rows = np.flatnonzero((longest > 1) & (tops < total))
    if not len(rows):
        return p
    places = (total - tops + 1)[rows].astype(np.float64)
    m, length = tops[rows].astype(np.float64), longest[rows].astype(np.float64)
    p[rows] = 0.0
    every = _log_choose(total[rows], m)
    # At least one place with `length`, by inclusion and exclusion; the first term bounds it.
    bound = np.exp(np.log(places) + _log_choose(m - length + places - 1, places - 1) - every)
    exact = np.zeros(len(rows))
    for many in range(1, int((m // length).max()) + 1):
        fits = (many * length <= m) & (many <= places)
        term = np.exp(
            _log_choose(places, np.full(len(rows), float(many)))
            + _log_choose(m - many * length + places - 1, places - 1) - every
        )  # fmt: skip
        exact += np.where(fits, term if many % 2 else -term, 0.0)
    # Alternating sums of large terms lose their digits; the bound is then 1 in any case.
    p[rows] = np.where(bound > 50, 1.0, np.clip(np.minimum(exact, bound), 0.0, 1.0))
    return p


def _log_choose(n: Numbers, k: Numbers) -> Floats:
    with np.errstate(invalid="ignore"):
        found = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return np.where(n >= k, found, -np.inf)


def _declump(week: Sightings) -> tuple[Ints, Bools]:
    """Half-day and top or not of every tap that is not the companion of the one before."""
    taps = week.taps
    timed = np.flatnonzero(~np.isnan(taps.second))
    moment = line_up(taps.counter, taps.day, taps.second)[timed]
    level = taps.level[timed]
    alike = np.zeros(len(timed), dtype=bool)
    if len(timed):
        alike[1:] = (np.diff(moment) < TOGETHER) & (level[1:] == level[:-1])
    kept = timed[~alike]
    half = (taps.second[kept] >= NOON).astype(np.int64)
    cell = (taps.counter[kept] * WEEK + taps.day[kept]) * HALVES + half
    return cell, week.top[kept]


def _longest_runs(cell: Ints, top: Bools, size: int) -> Ints:
    longest = np.zeros(size, dtype=np.int64)
    if not len(cell):
        return longest
    breaks = np.r_[True, (cell[1:] != cell[:-1]) | (top[1:] != top[:-1])]
    start = np.flatnonzero(breaks)
    length = np.diff(np.r_[start, len(cell)])
    runs = top[start]
    np.maximum.at(longest, cell[start[runs]], length[runs])
    return longest


def _sidak(p: Floats, tests: Ints) -> Floats:
    found = -np.expm1(np.maximum(tests, 1) * np.log1p(-np.minimum(p, 1 - 1e-16)))
    return np.where(tests > 0, np.minimum(found, 1.0), 1.0)


def _typical_run(tops: Ints, total: Ints) -> Floats:
    """About how long the longest row is by chance: log of the others, to the base of the share."""
    share = np.clip(tops / np.maximum(total, 1), 0.05, 0.99)
    others = np.maximum(total * (1 - share), 1.0)
    return np.minimum(np.maximum(np.log(others) / -np.log(share), 1.0), tops)
