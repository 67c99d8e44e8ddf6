"""What the ledger of devices found: numbers used twice, wrong signatures, numbers left out."""

import numpy as np
import polars as pl

from analysis.arrays import Ints
from analysis.quality.findings import Findings, make_findings
from analysis.quality.records import WEEK, QualityRecipe
from analysis.quality.sightings import Sightings
from analysis.quality.tails import clumped_tail, winsorised_mean

KINDS = ("conflicts", "bad_signatures", "missing")
CLUMP = 3.0
FLOOR = 0.004


def find_broken_devices(week: Sightings, recipe: QualityRecipe) -> Findings:
    """More conflicts, wrong signatures or missing numbers than accidents bring.

    Late delivery is no sign: a kiosk that was offline delivers late. Null of each kind: negative
    binomial, in clumps of `CLUMP`, with the province's mean (the highest twentieth cut down, at
    least `FLOOR` a counter-day); Bonferroni over the three.

    References
    ----------
    Quenouille (1949), Biometrics 5, 162-164; Dunn (1961), Journal of the American Statistical
    Association 56, 52-64.
    """
    del recipe
    rows = week.devices
    seen = np.bincount(rows.counter, minlength=week.size)
    taps = np.bincount(week.taps.counter, minlength=week.size)
    parts = [_judge_kind(week, kind, seen, taps) for kind in KINDS]
    worst = pl.concat([weekly for _, weekly in parts]).sort("p", "counter", maintain_order=True)
    daily = pl.concat([each for each, _ in parts]).sort("p", maintain_order=True)
    fewer = (pl.col("p") * len(KINDS)).clip(0, 1)
    return Findings(
        "devices",
        daily.unique(["counter", "day"], keep="first", maintain_order=True)
        .with_columns(p=fewer)
        .sort("counter", "day"),
        worst.unique("counter", keep="first", maintain_order=True)
        .with_columns(p=fewer)
        .sort("counter"),
    )


def _judge_kind(
    week: Sightings, kind: str, seen: Ints, taps: Ints
) -> tuple[pl.DataFrame, pl.DataFrame]:
    found: Ints = getattr(week.devices, kind)
    cell = week.devices.counter * WEEK + week.devices.day
    by_day = np.bincount(cell, found, minlength=week.size * WEEK).reshape(-1, WEEK)
    count = by_day.sum(axis=1)
    often = count / np.maximum(seen, 1)
    rate = max(FLOOR, 2 * winsorised_mean(often[seen > 0], above=0.95))
    clump = np.full(1, CLUMP)
    counter, day = np.divmod(np.unique(cell), WEEK)
    daily = make_findings(
        kind, counter=counter, day=day, statistic=by_day[counter, day],
        p=clumped_tail(by_day[counter, day], np.full(1, rate), clump),
    )  # fmt: skip
    weekly = make_findings(
        kind, counter=np.arange(week.size), statistic=count,
        p=clumped_tail(count, rate * seen, clump), observed=count, expected=rate * seen, total=taps,
    )  # fmt: skip
    return daily, weekly
