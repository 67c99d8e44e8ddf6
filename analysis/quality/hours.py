"""Ratings when the counter is closed and no handover is near."""

import numpy as np

from analysis.quality.findings import Findings, make_findings
from analysis.quality.past import count_days
from analysis.quality.records import QualityRecipe
from analysis.quality.sightings import Sightings
from analysis.quality.tails import clumped_tail, winsorised_mean

CLUMP = 2.5
FLOOR = 0.02


def find_off_hours(week: Sightings, recipe: QualityRecipe) -> Findings:
    """More taps out of office hours than the province has.

    The last people of a queue and counters that work longer than they say are no sign: a tap
    counts only beyond the grace after closing and after any handover. Null: negative binomial, in
    clumps of `CLUMP`, with the province's mean (the highest tenth cut down, at least `FLOOR` a
    counter-day).

    References
    ----------
    Quenouille (1949), Biometrics 5, 162-164, for the negative binomial as clumps.
    """
    del recipe
    by_day, off = count_days(week, ~np.isnan(week.taps.second)), count_days(week, week.off)
    seen = (by_day > 0).sum(axis=1)
    often = off.sum(axis=1) / np.maximum(seen, 1)
    rate = max(FLOOR, 2 * winsorised_mean(often[seen > 0], above=0.95))
    counter, day = np.nonzero(by_day)
    clump = np.full(1, CLUMP)
    return Findings(
        "hours",
        make_findings(
            "off_hours", counter=counter, day=day, statistic=off[counter, day],
            p=clumped_tail(off[counter, day], np.full(1, rate), clump),
        ),
        make_findings(
            "off_hours", counter=np.arange(week.size), statistic=off.sum(axis=1),
            p=clumped_tail(off.sum(axis=1), rate * seen, clump), observed=off.sum(axis=1),
            expected=rate * seen, total=by_day.sum(axis=1),
        ),
    )  # fmt: skip
