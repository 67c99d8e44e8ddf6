"""Weights of a self-selected set of ratings: propensity within cells, then raking to dossiers."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.indices.collapse import KEYS, plan_cells
from analysis.indices.margins import RAKED, Margin, form_margin, group_margin, rake_margins
from analysis.indices.recipe import IndexRecipe
from analysis.variance import Layout

MARGIN_COLUMNS = {
    "margin": pl.String,
    "level": pl.String,
    "ratings": pl.Int64,
    "dossiers": pl.Float64,
    "before": pl.Float64,
    "after": pl.Float64,
}


@dataclass(frozen=True)
class WeightSet:
    """Ratings that answered, with their weights and what a variance needs.

    Attributes
    ----------
    rows : polars.DataFrame
        Distinct ratings in a fixed order, each with `count`.
    base, weight : (R,) float
        Dossiers that one rating of the row stands for, before and after raking.
    group : (R,) int
        Agency by field, after merging.
    columns : (R, q) float
        Indicators of the other margins, one level of each left out.
    layout : Layout
        Propensity cells as strata, with their finite-population factors.
    """

    rows: pl.DataFrame
    base: Floats
    weight: Floats
    group: Ints
    columns: Floats
    layout: Layout
    sweeps: int
    error: float
    collapses: pl.DataFrame
    margins: pl.DataFrame


def weigh_ratings(rows: pl.DataFrame, population: pl.DataFrame, recipe: IndexRecipe) -> WeightSet:
    """Weights that make the ratings stand for the dossiers.

    Parameters
    ----------
    rows : polars.DataFrame
        Sorted distinct ratings with the cell keys and `count`.
    population : polars.DataFrame
        Dossiers by the cell keys.

    References
    ----------
    Propensity within cells: Little (1986), International Statistical Review 54, 139-157, and for
    self-selected samples Elliott & Valliant (2017), Statistical Science 32, 249-264. Raking:
    Deming & Stephan (1940), Annals of Mathematical Statistics 11, 427-444.
    """
    plan = plan_cells(_count_keys(rows, population), recipe)
    if rows.is_empty():
        return _weigh_nothing(rows, plan.collapses)
    cells = _number_cells(plan.keys)
    formed = [form_margin(cells, name, recipe) for name in RAKED]
    margins = [margin for margin, _ in formed if len(margin.labels) > 1] + [group_margin(cells)]
    present = cells.filter(pl.col("ratings") > 0)
    counts = present["ratings"].to_numpy()
    start = (present["base"] * present["ratings"]).to_numpy()
    raking, margins, merged = rake_margins(start, margins, counts, recipe)
    present = present.with_columns(factor=raking.factor, place=pl.int_range(pl.len()))
    joined = rows.join(present, on=list(KEYS), how="left", maintain_order="left")
    place = joined["place"].to_numpy()
    base = joined["base"].to_numpy()
    notes = pl.DataFrame(merged, schema=plan.collapses.schema)
    return WeightSet(
        rows=rows,
        base=base,
        weight=base * raking.factor[place],
        group=joined["group"].to_numpy().astype(np.int64),
        columns=_indicate(margins[:-1], place),
        layout=_lay_out(cells, joined),
        sweeps=raking.sweeps,
        error=raking.error,
        collapses=pl.concat([plan.collapses, *(note for _, note in formed), notes]),
        margins=_compare_margins(margins, start, start * raking.factor, counts),
    )


def _weigh_nothing(rows: pl.DataFrame, collapses: pl.DataFrame) -> WeightSet:
    """The weights of a set without ratings: none."""
    none, nowhere = np.zeros(0), np.zeros(0, dtype=np.int64)
    return WeightSet(
        rows=rows,
        base=none,
        weight=none,
        group=nowhere,
        columns=np.zeros((0, 0)),
        layout=Layout(nowhere, none, none, none),
        sweeps=0,
        error=0.0,
        collapses=collapses,
        margins=_compare_margins([], none, none, nowhere),
    )


def _count_keys(rows: pl.DataFrame, population: pl.DataFrame) -> pl.DataFrame:
    keys = list(KEYS)
    counted = rows.select(*keys, ratings="count", dossiers=pl.lit(0, pl.Int64))
    listed = population.select(*keys, ratings=pl.lit(0, pl.Int64), dossiers="dossiers")
    both = pl.concat([counted, listed]).group_by(keys)
    return both.agg(pl.col("ratings").sum(), pl.col("dossiers").sum()).sort(keys)


def _number_cells(keys: pl.DataFrame) -> pl.DataFrame:
    """Keys with the numbers of their group and cell, base weight and calibration target."""
    group = ["unit", "field_group"]
    cell = [*group, "channel_group", "on_time_group"]
    target = pl.col("dossiers") * pl.col("scale")
    return (
        keys.sort([*cell, *KEYS])
        .with_columns(
            group=pl.struct(group).rle_id().cast(pl.Int64),
            cell=pl.struct(cell).rle_id().cast(pl.Int64),
            target=target,
        )
        .with_columns(
            base=pl.col("target").sum().over("cell") / pl.col("ratings").sum().over("cell")
        )
    )


def _lay_out(cells: pl.DataFrame, joined: pl.DataFrame) -> Layout:
    """Cells as strata drawn without replacement from their dossiers.

    A cell with one rating cannot show its spread; its deviation from zero stands in, which is
    harmless since it happens only where a whole set has almost no ratings.
    """
    sums = (
        cells.group_by("cell").agg(pl.col("ratings").sum(), pl.col("dossiers").sum()).sort("cell")
    )
    size = sums["ratings"].to_numpy().astype(np.float64)
    dossiers = sums["dossiers"].to_numpy().astype(np.float64)
    left = np.clip(1 - size / np.maximum(dossiers, 1), 0, 1)
    factor = left * size / np.maximum(size - 1, 1)
    return Layout(
        stratum=joined["cell"].to_numpy().astype(np.int64),
        factor=factor,
        size=np.where(size == 1, np.inf, size),
        repeats=joined["count"].to_numpy().astype(np.float64),
    )


def _indicate(margins: list[Margin], place: Ints) -> Floats:
    blocks = [
        (margin.level[:, None] == np.arange(1, len(margin.labels))).astype(np.float64)
        for margin in margins
    ]
    if not blocks:
        return np.zeros((len(place), 0))
    return np.hstack(blocks)[place]


def _compare_margins(
    margins: list[Margin], before: Floats, after: Floats, counts: Ints
) -> pl.DataFrame:
    frames = [pl.DataFrame(schema=MARGIN_COLUMNS)]
    for margin in margins:
        levels = len(margin.labels)
        frames.append(
            pl.DataFrame(
                {
                    "margin": [margin.name] * levels,
                    "level": list(margin.labels),
                    "ratings": np.bincount(margin.level, counts, levels).astype(np.int64),
                    "dossiers": margin.totals,
                    "before": np.bincount(margin.level, before, levels),
                    "after": np.bincount(margin.level, after, levels),
                }
            )
        )
    return pl.concat(frames)
