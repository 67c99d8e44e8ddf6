"""More top ratings for each handover than the counter used to have."""

import numpy as np
from scipy import stats

from analysis.arrays import Bools, Floats, Numbers
from analysis.quality.findings import Findings, make_findings, no_findings
from analysis.quality.past import sum_past
from analysis.quality.records import QualityRecipe
from analysis.quality.sightings import Sightings

ENOUGH_DAYS, ENOUGH_TAPS, ENOUGH_COUNTERS = 4, 30, 30
DEGREES = 4


def find_more_tops(week: Sightings, recipe: QualityRecipe) -> Findings:
    """Top ratings for each handover against the counter's own earlier weeks.

    A campaign raises every counter; what the province's middle counter did is taken off. More
    raters raise the other levels too; what these tell is taken off as a line through all
    counters. Null: what is left, over its sampling error and the counters' own wandering, follows
    Student's t with four degrees of freedom; its scale is read off the lower side, where no
    fraud stands. Counters need a week of history.

    References
    ----------
    Shewhart (1931), Economic Control of Quality of Manufactured Product, for the chart; Lange,
    Little & Taylor (1989), Journal of the American Statistical Association 84, 881-896, for t as
    a null with heavy tails; Efron (2004), Journal of the American Statistical Association 99,
    96-104, for reading it off one side.
    """
    del recipe
    past = sum_past(week)
    handed = np.bincount(week.handovers.counter, minlength=week.size)
    taps = np.bincount(week.taps.counter, minlength=week.size)
    tops = np.bincount(week.taps.counter[week.top], minlength=week.size)
    usable = (past.days >= ENOUGH_DAYS) & (past.taps >= ENOUGH_TAPS) & (handed > 0) & (taps > 0)
    p = np.ones(week.size)
    pace = np.log(np.maximum(handed, 1) / np.maximum(past.handovers, 1))
    rise = _rise(tops, past.tops) - pace
    others = _rise(taps - tops, past.taps - past.tops) - pace
    left = np.zeros(week.size)
    if usable.sum() >= ENOUGH_COUNTERS:
        left = _take_off(rise, others, usable)
        noise = 1 / (tops + 1.0) + 1 / (past.tops + 1.0)
        p[usable] = _judge(left, noise, usable)
    expected = tops / np.exp(left)
    return Findings(
        "drift",
        no_findings(),
        make_findings(
            "more_tops", counter=np.arange(week.size), statistic=left, p=p, observed=tops,
            expected=expected, total=taps,
        ),
    )  # fmt: skip


def _rise(now: Numbers, before: Numbers) -> Floats:
    return np.asarray(np.log((now + 0.5) / (before + 0.5)))


def _take_off(rise: Floats, others: Floats, usable: Bools) -> Floats:
    """What is left of the rise after the line through the middle nine tenths of the counters."""
    x, y = others[usable], rise[usable]
    inner = (np.abs(x - np.median(x)) <= np.quantile(np.abs(x - np.median(x)), 0.9)) & (
        np.abs(y - np.median(y)) <= np.quantile(np.abs(y - np.median(y)), 0.9)
    )
    slope = float(np.clip(np.cov(x[inner], y[inner])[0, 1] / max(np.var(x[inner]), 1e-9), 0, 1))
    rest = rise - slope * others
    return np.asarray(rest - np.median(rest[usable]))


def _judge(left: Floats, noise: Floats, usable: Bools) -> Floats:
    """P values with the variance of wandering that puts an eighth of the counters below."""
    low = stats.t.ppf(0.125, DEGREES)
    for wander in np.geomspace(0.02, 1.0, 24):
        scale = np.sqrt(noise[usable] + wander**2) / np.sqrt(DEGREES / (DEGREES - 2))
        if np.mean(left[usable] < low * scale) <= 0.125:
            break
    return np.asarray(stats.t.sf(left[usable] / scale, DEGREES))
