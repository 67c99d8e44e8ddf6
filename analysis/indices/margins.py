"""Margins that the ratings are raked to, and how a margin gives way when it cannot be met."""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.calibration import Raking, rake_cells
from analysis.indices.collapse import ALL, OTHER, UNKNOWN, pool_levels
from analysis.indices.recipe import IndexRecipe

RAKED = ("channel", "on_time")
GROUP = "agency_field"
SWEEPS = 300
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Margin:
    """One margin over the cells that have ratings.

    Attributes
    ----------
    level : (K,) int
        Level of each cell.
    labels : (L,) list of str
    totals : (L,) float
        Dossiers that each level should stand for.
    """

    name: str
    level: Ints
    labels: tuple[str, ...]
    totals: Floats


def form_margin(cells: pl.DataFrame, name: str, recipe: IndexRecipe) -> tuple[Margin, pl.DataFrame]:
    """Dossier totals by channel or on-time class, thin levels pooled; and what was pooled.

    A rating whose level is unknown stands, within its cell, for the same share of every level;
    the known levels keep what is left.
    """
    known = pl.col(name) != UNKNOWN
    hidden = pl.col("ratings").filter(~known).sum().over("cell")
    share = hidden / pl.col("ratings").sum().over("cell")
    shares = cells.with_columns(kept=pl.col("target") * (1 - share), lost=pl.col("target") * share)
    lost = float(shares["lost"].sum())
    levels = (
        shares.group_by(name).agg(pl.col("ratings").sum(), dossiers=pl.col("kept").sum()).sort(name)
    )
    if lost:
        levels = _add_hidden(levels, name, lost)
    pooled = pool_levels(levels, [], name, recipe.minimum_cell)
    totals = pooled.group_by("group").agg(pl.col("dossiers").sum()).sort("group")
    label = dict(pooled.select(name, "group").iter_rows())
    order = {group: position for position, group in enumerate(totals["group"])}
    level = [order[label[value]] for value in cells.filter(pl.col("ratings") > 0)[name]]
    margin = Margin(
        name, np.array(level, dtype=np.int64), tuple(totals["group"]), totals["dossiers"].to_numpy()
    )
    return margin, _note_pooled(pooled, name)


def _add_hidden(levels: pl.DataFrame, name: str, lost: float) -> pl.DataFrame:
    extra = pl.DataFrame(
        {name: [UNKNOWN], "ratings": [0], "dossiers": [lost]}, schema=levels.schema
    )
    both = pl.concat([levels, extra]).group_by(name)
    return both.agg(pl.col("ratings").sum(), pl.col("dossiers").sum()).sort(name)


def _note_pooled(pooled: pl.DataFrame, name: str) -> pl.DataFrame:
    return (
        pooled.filter(pl.col("reason") != "")
        .sort(name)
        .select(
            agency=pl.lit(None, pl.String),
            step=pl.lit(f"margin_{name}"),
            what=pl.col(name),
            into=pl.col("group"),
            ratings="ratings",
            dossiers=pl.col("dossiers").round(0).cast(pl.Int64),
            reason="reason",
        )
    )


def group_margin(cells: pl.DataFrame) -> Margin:
    """Dossier totals by agency and field, as merged."""
    totals = cells.group_by("group").agg(
        pl.col("target").sum(), pl.col("unit").first(), pl.col("field_group").first()
    )
    totals = totals.sort("group")
    labels = [
        f"{unit[1:]} / {field}" for unit, field in totals.select("unit", "field_group").rows()
    ]
    level = cells.filter(pl.col("ratings") > 0)["group"].to_numpy().astype(np.int64)
    return Margin(GROUP, level, tuple(labels), totals["target"].to_numpy())


def rake_margins(
    start: Floats, margins: list[Margin], ratings: Ints, recipe: IndexRecipe
) -> tuple[Raking, list[Margin], list[dict[str, object]]]:
    """Rake; while no acceptable weights meet every margin, merge the level that fits worst.

    The last margin, agency by field, never gives way, so this ends.
    """
    notes: list[dict[str, object]] = []
    while True:
        raking = rake_cells(
            start,
            [margin.level for margin in margins],
            [margin.totals for margin in margins],
            tolerance=TOLERANCE,
            sweeps=SWEEPS,
        )
        if (raking.converged and _is_moderate(raking.factor, recipe)) or len(margins) == 1:
            return raking, margins, notes
        margins, note = _coarsen(margins, start * raking.factor, start, ratings)
        notes.append(note)


def _is_moderate(factor: Floats, recipe: IndexRecipe) -> bool:
    limit = recipe.largest_adjustment
    return bool(factor.max() <= limit and factor.min() >= 1 / limit)


def _coarsen(
    margins: list[Margin], weight: Floats, start: Floats, ratings: Ints
) -> tuple[list[Margin], dict[str, object]]:
    """Merge the level whose weights moved most with the smallest other level of its margin."""
    worst, victim, furthest = 0, 0, -1.0
    for position, margin in enumerate(margins[:-1]):
        before = np.bincount(margin.level, start)
        attained = np.bincount(margin.level, weight)
        strain = np.abs(np.log(np.maximum(attained, 1e-300) / before))
        strain += np.abs(np.log(np.maximum(margin.totals, 1e-300) / before))
        if strain.max() > furthest:
            worst, victim, furthest = position, int(strain.argmax()), float(strain.max())
    margin = margins[worst]
    counts = np.bincount(margin.level, ratings, minlength=len(margin.labels))
    counts[victim] = np.inf
    partner = int(counts.argmin())
    return _merge(margins, worst, victim, partner, ratings)


def _merge(
    margins: list[Margin], position: int, victim: int, partner: int, ratings: Ints
) -> tuple[list[Margin], dict[str, object]]:
    margin = margins[position]
    into = ALL if len(margin.labels) == 2 else OTHER
    note: dict[str, object] = {
        "agency": None,
        "step": f"margin_{margin.name}",
        "what": f"{margin.labels[victim]} + {margin.labels[partner]}",
        "into": into,
        "ratings": int(ratings[np.isin(margin.level, (victim, partner))].sum()),
        "dossiers": round(float(margin.totals[victim] + margin.totals[partner])),
        "reason": "margin_not_met",
    }
    keep, gone = sorted((victim, partner))
    totals = margin.totals.copy()
    totals[keep] += totals[gone]
    labels = list(margin.labels)
    labels[keep] = into
    level = np.where(margin.level == gone, keep, margin.level)
    level = np.where(level > gone, level - 1, level)
    merged = replace(
        margin,
        level=level,
        totals=np.delete(totals, gone),
        labels=tuple(label for place, label in enumerate(labels) if place != gone),
    )
    rest = (
        margins[:position] + ([merged] if len(merged.labels) > 1 else []) + margins[position + 1 :]
    )
    return rest, note
