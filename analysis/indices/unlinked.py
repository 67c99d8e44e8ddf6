"""Taps without a right: weighted to their counter's day, and shown apart from every index.

Such a tap belongs to no dossier, so nothing is known of it but counter and day. The taps of a
counter's day stand for the results that were handed over there on that day.
"""

import numpy as np
import polars as pl

from analysis.intervals import bound_proportions

FEWEST_DAYS = 5


def share_unlinked(days: pl.DataFrame, *, confidence: float = 0.95) -> pl.DataFrame:
    """Share of satisfied taps by agency, each counter-day weighted by its handovers.

    Parameters
    ----------
    days : polars.DataFrame
        One row a counter's day: `agency`, `counter`, `ratings` (with an answer), `satisfied`
        (among them) and `handovers`.

    Returns
    -------
    polars.DataFrame
        One row an agency, in order: `agency`, `days` and `handovers` that the share rests on,
        `share`, `lower`, `upper` (0 to 1). Days without handovers have no denominator and are
        left out; with fewer than five days left the share is null, since days are what varies.

    Notes
    -----
    A ratio of totals over counter-days as clusters, drawn with replacement within each agency.

    References
    ----------
    Cochran (1977), Sampling Techniques, 3rd ed., section 9A.9 (clusters of unequal size).
    """
    known = days.filter((pl.col("handovers") > 0) & (pl.col("ratings") > 0)).with_columns(
        tops=pl.col("handovers") * pl.col("satisfied") / pl.col("ratings")
    )
    by_agency = known.group_by("agency").agg(
        pl.len().alias("days"), pl.col("handovers", "tops", "ratings").sum()
    )
    spread = (
        known.join(by_agency.select("agency", share=pl.col("tops") / pl.col("handovers")), "agency")
        .group_by("agency")
        .agg(squares=((pl.col("tops") - pl.col("share") * pl.col("handovers")) ** 2).sum())
    )
    table = by_agency.join(spread, "agency").sort("agency")
    m, handed = table["days"].to_numpy().astype(float), table["handovers"].to_numpy().astype(float)
    share, squares = table["tops"].to_numpy() / handed, table["squares"].to_numpy()
    enough = m >= FEWEST_DAYS
    df = np.where(enough, m - 1, np.nan)
    se = np.sqrt(np.where(enough, m / np.maximum(m - 1, 1), np.nan) * squares) / handed
    lower, upper = bound_proportions(
        share, se, df, table["ratings"].to_numpy().astype(float), confidence=confidence
    )
    figures = {"share": np.where(enough, share, np.nan), "lower": lower, "upper": upper}
    return table.select("agency", "days", "handovers").with_columns(
        pl.Series(name, values).fill_nan(None) for name, values in figures.items()
    )
