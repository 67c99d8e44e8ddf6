"""Ratings so soon after a handover that nobody can have walked to the kiosk."""

import numpy as np

from analysis.quality.findings import Findings, make_findings
from analysis.quality.past import count_days, sum_past
from analysis.quality.records import GAP_EDGES, WEEK, QualityRecipe
from analysis.quality.shares import expect_shares
from analysis.quality.sightings import Sightings


def find_short_gaps(week: Sightings, recipe: QualityRecipe) -> Findings:
    """More taps within five seconds of a handover than at honest counters like this one.

    The gap runs from the counter's last handover, not from the one whose right the tap took: the
    oldest right of a busy counter is minutes old whoever taps. Null: given how many taps follow a
    handover that day, those within five seconds are beta-binomial about a share that the
    counter's past and the province tell; a busy counter reaches some by coincidence.

    References
    ----------
    Skellam (1948), Journal of the Royal Statistical Society B 10, 257-261; Efron (2004), Journal
    of the American Statistical Association 99, 96-104.
    """
    del recipe
    known = ~np.isnan(week.recent)
    soon = known & (week.recent < GAP_EDGES[1])
    by_day, soon_by_day = count_days(week, known), count_days(week, soon)
    total, count = by_day.sum(axis=1), soon_by_day.sum(axis=1)
    past = sum_past(week)
    expected = expect_shares(count, total, past.prompt, past.gaps)
    counter, day = np.nonzero(by_day)
    rows = np.repeat(np.arange(week.size), WEEK)
    p_day = expected.tail(soon_by_day.ravel(), by_day.ravel(), rows).reshape(-1, WEEK)
    share = soon_by_day / np.maximum(by_day, 1)
    return Findings(
        "gaps",
        make_findings(
            "short_gaps", counter=counter, day=day, statistic=share[counter, day],
            p=p_day[counter, day],
        ),
        make_findings(
            "short_gaps", counter=np.arange(week.size), statistic=count / np.maximum(total, 1),
            p=expected.tail(count, total), observed=count, expected=total * expected.mean,
            total=total,
        ),
    )  # fmt: skip
