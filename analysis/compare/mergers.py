"""Figures of units that were merged or split, carried over to their successors."""

from collections.abc import Mapping
from itertools import product

import numpy as np
import polars as pl

from analysis.arrays import Floats
from analysis.codes import Columns, require, to_frame
from analysis.compare.contrasts import combine
from analysis.compare.figures import Figures, pick
from analysis.errors import DataError
from analysis.estimates import Estimates


def carry_over(
    source: Estimates | Figures, links: Columns, *, unit: str, minimum_cover: float = 1.0
) -> Figures:
    """What the units of today would have had before, from their predecessors' figures.

    Each is the mean of its predecessors' figures, weighted by the people (dossiers) that came
    from them. Then `subtract` or `compare_levels` gives the change.

    Parameters
    ----------
    source : Estimates or Figures
        Means or shares by unit as it was.
    links : frame or mapping of columns
        `before`, `after`, `population` (what passes from one to the other), and `assumed`: True
        where the split of a unit is not published but estimated.
    unit : str
        Label column of the units.
    minimum_cover : float
        Share of a successor's population that must come from units with figures; below it the
        figure is unknown (NaN).

    Returns
    -------
    Figures
        Labelled like the source, the unit replaced by its successor, with `units` (how many
        predecessors), `assumed` (whether any split was estimated) and `cover` (0 to 1). Figures
        of successors that share a predecessor are correlated, and the covariance says so. The
        shares count as known: where `assumed` is True the standard error is too small.

    Raises
    ------
    DataError
        If a column is missing, a population is negative or absent, or a link is named twice.

    References
    ----------
    A linear combination with known shares: Cochran (1977), Sampling Techniques, section 5.3.
    """
    figures = pick(source)
    frame = _check(figures.labels, links, unit)
    others = [name for name in figures.labels.columns if name != unit]
    rest = figures.labels.select(others).unique(maintain_order=True)
    successors = frame["after"].unique(maintain_order=True)
    places = {
        (row[unit], tuple(row[name] for name in others)): place
        for place, row in enumerate(figures.labels.rows(named=True))
    }
    rows: list[dict[str, object]] = []
    matrix: list[Floats] = []
    groups = frame.partition_by("after", as_dict=True)
    for key, successor in product(rest.rows(), successors):
        group = groups[successor,]
        found = {
            before: places[before, key] for before in group["before"] if (before, key) in places
        }
        weights, cover = _mix(group, found, figures.estimate)
        labels = {unit: successor, **dict(zip(others, key, strict=True))}
        assumed = bool(group["assumed"].any())
        rows.append({**labels, "units": len(group), "assumed": assumed, "cover": cover})
        matrix.append(weights if cover >= minimum_cover * (1 - 1e-12) else np.zeros_like(weights))
    mixed = np.array(matrix)
    carried = combine(figures, mixed, pl.DataFrame(rows))
    lost = ~mixed.any(axis=1)
    estimate, vcov = carried.estimate.copy(), carried.vcov.copy()
    estimate[lost], vcov[lost], vcov[:, lost] = np.nan, np.nan, np.nan
    return Figures(carried.labels, estimate, vcov, np.where(lost, 0.0, carried.df))


def _mix(
    group: pl.DataFrame, found: Mapping[object, int], estimate: Floats
) -> tuple[Floats, float]:
    """Shares of the predecessors that have figures, and what part of the whole they are."""
    weights = np.zeros(len(estimate))
    for before, population in group.select("before", "population").rows():
        place = found.get(before)
        if place is not None and np.isfinite(estimate[place]):
            weights[place] += population
    known, whole = float(weights.sum()), float(group["population"].sum())
    return (weights / known if known else weights), (known / whole if whole else 0.0)


def _check(labels: pl.DataFrame, links: Columns, unit: str) -> pl.DataFrame:
    frame = to_frame(links)
    if "assumed" not in frame.columns:
        frame = frame.with_columns(assumed=pl.lit(value=False))
    require(frame, ["before", "after", "population"])
    if unit not in labels.columns:
        raise DataError(f"There is no label {unit}; there are {', '.join(labels.columns)}.")
    if not (frame["population"].fill_null(-1) >= 0).all():
        raise DataError("Every link needs the population that passes over it, not negative.")
    if frame.select("before", "after").is_duplicated().any():
        raise DataError("A link from one unit to another is named twice: add its populations up.")
    return frame
