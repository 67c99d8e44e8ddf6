"""Ratings above handovers: taps that no handover stands behind."""

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.quality.findings import Findings, make_findings
from analysis.quality.past import count_days, sum_past
from analysis.quality.records import QualityRecipe
from analysis.quality.shares import expect_shares
from analysis.quality.sightings import Sightings


def find_surplus(week: Sightings, recipe: QualityRecipe) -> Findings:
    """More taps without a handover than the counter's past and the province let expect.

    A handover opens one right and a tap takes one, so a tap is unlinked exactly when ratings
    outrun the handovers of the last minutes. Null: given how many taps came, the unlinked ones
    are beta-binomial about a share that the counter's past and the province tell. A campaign
    raises taps and handed results alike and leaves the share as it is.

    The day's statistic is the capture ratio, ratings over handovers.

    References
    ----------
    Skellam (1948), Journal of the Royal Statistical Society B 10, 257-261 (beta-binomial); Efron
    (2004), Journal of the American Statistical Association 99, 96-104 (the null from the middle
    of many cases).
    """
    del recipe
    timed = ~np.isnan(week.taps.second)
    loose = timed & np.isnan(week.taps.gap)
    by_day, loose_by_day = count_days(week, timed), count_days(week, loose)
    total, count = by_day.sum(axis=1), loose_by_day.sum(axis=1)
    past = sum_past(week)
    expected = expect_shares(count, total, past.taps - past.linked, past.taps)
    p = expected.tail(count, total)
    return Findings(
        "capture",
        _days(week, by_day, expected.tail(loose_by_day.ravel(), by_day.ravel(), _rows(week))),
        make_findings(
            "unlinked",
            counter=np.arange(week.size),
            statistic=count / np.maximum(total, 1),
            p=p,
            observed=count,
            expected=total * expected.mean,
            total=total,
        ),
    )


def _rows(week: Sightings) -> Ints:
    return np.repeat(np.arange(week.size), 7)


def _days(week: Sightings, by_day: Ints, p: Floats) -> pl.DataFrame:
    handed = np.zeros((week.size, 7), dtype=np.int64)
    np.add.at(handed, (week.handovers.counter, week.handovers.day), 1)
    counter, day = np.nonzero(by_day)
    ratio = by_day[counter, day] / np.maximum(handed[counter, day], 1)
    return make_findings(
        "unlinked", counter=counter, day=day, statistic=ratio, p=p.reshape(-1, 7)[counter, day]
    )
