"""Which cells are too thin to stand alone, and what they join.

The rule, from the top: an agency with fewer than `minimum_agency` ratings joins the pooled rest;
within an agency (or the rest) a field with fewer than `minimum_field` ratings joins `other`;
within a field a channel, and within a channel an on-time class, with fewer than `minimum_cell`
ratings joins `other`. Where `other` is itself too small it takes in the smallest neighbour.
Levels that nobody knows (ratings whose cell was hidden for privacy) always stand in `other`.
A rest that is too small to estimate a propensity borrows the whole province's.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analysis.arrays import Bools, Floats, Ints
from analysis.indices.recipe import IndexRecipe

KEYS = ("agency", "field", "channel", "on_time")
UNKNOWN = ""
OTHER = "other"
ALL = "all"
REST = "rest"
PROVINCE = "province"


@dataclass(frozen=True)
class CellPlan:
    """Cells of a weight set.

    Attributes
    ----------
    keys : polars.DataFrame
        One row per original cell with `ratings`, `dossiers`, the merged names (`unit`,
        `field_group`, `channel_group`, `on_time_group`) and `scale`, by which its dossiers count.
    collapses : polars.DataFrame
        What was merged into what, and why.
    """

    keys: pl.DataFrame
    collapses: pl.DataFrame


def plan_cells(keys: pl.DataFrame, recipe: IndexRecipe) -> CellPlan:
    """Merge thin cells from the agency down to the on-time class."""
    table, notes = _assign_units(keys, recipe)
    listed = [notes]
    table, notes = _scale_dossiers(table, recipe)
    listed.append(notes)
    parents = ["unit"]
    minima = (recipe.minimum_field, recipe.minimum_cell, recipe.minimum_cell)
    for level, minimum in zip(KEYS[1:], minima, strict=True):
        pooled = pool_levels(table, parents, level, minimum)
        listed.append(_note_levels(pooled, parents, level))
        group = pooled.select(*parents, level, pl.col("group").alias(f"{level}_group"))
        table = table.join(group, on=[*parents, level], how="left", maintain_order="left")
        parents.append(f"{level}_group")
    return CellPlan(table, pl.concat(listed))


def pool_levels(table: pl.DataFrame, parents: list[str], level: str, minimum: int) -> pl.DataFrame:
    """Group the levels within each parent so that every group has ratings and dossiers.

    Returns one row per parent and level with `ratings`, `dossiers`, `group` and `reason` (empty
    where the level stands alone).
    """
    weak = (pl.col("ratings") < minimum) | (pl.col("dossiers") <= 0) | (pl.col(level) == UNKNOWN)
    table = (
        table.group_by([*parents, level])
        .agg(pl.col("ratings").sum(), pl.col("dossiers").sum())
        .with_columns(weak.alias("weak"))
        .sort(
            [*parents, "weak", "ratings", "dossiers", level],
            descending=[*[False] * len(parents), True, False, False, False],
        )
    )
    first, length = _find_runs(table, parents)
    merged, whole = _choose_merged(table, first, length, minimum)
    into = np.where(whole, ALL, OTHER)
    group = np.where(merged, into, table[level].to_numpy())
    reason = np.where(merged, _explain(table, level), "")
    return table.drop("weak").with_columns(
        group=pl.Series(group, dtype=pl.String), reason=pl.Series(reason, dtype=pl.String)
    )


def _find_runs(table: pl.DataFrame, parents: list[str]) -> tuple[Ints, Ints]:
    """Position of the first row of each row's parent, and how many rows the parent has."""
    if not parents:
        rows = len(table)
        return np.zeros(rows, dtype=np.int64), np.full(rows, rows)
    run = table.select(pl.struct(parents).rle_id()).to_series().to_numpy().astype(np.int64)
    lengths = np.bincount(run)
    starts = np.cumsum(lengths) - lengths
    return starts[run], lengths[run]


def _choose_merged(
    table: pl.DataFrame, first: Ints, length: Ints, minimum: int
) -> tuple[Bools, Bools]:
    """Which levels merge, and whether their whole parent does."""
    ratings, dossiers = _sum_before(table, "ratings", first), _sum_before(table, "dossiers", first)
    short = (np.arange(len(table)) > first) & ((ratings < minimum) | (dossiers <= 0))
    pooled = table["weak"].to_numpy() | short
    members = np.bincount(first, pooled, minlength=len(table))[first]
    return pooled & (members > 1), members == length


def _sum_before(table: pl.DataFrame, name: str, first: Ints) -> Floats:
    """Sums of the rows above within the same parent."""
    total = np.concatenate([[0.0], np.cumsum(table[name].to_numpy().astype(np.float64))])
    return np.asarray(total[:-1] - total[first])


def _explain(table: pl.DataFrame, level: str) -> NDArray[np.str_]:
    return np.select(
        [
            (table[level] == UNKNOWN).to_numpy(),
            table["dossiers"].to_numpy() <= 0,
            table["ratings"].to_numpy() == 0,
            table["weak"].to_numpy(),
        ],
        ["unknown_cell", "no_dossiers", "no_ratings", "few_ratings"],
        default="smallest_neighbour",
    )


def _assign_units(keys: pl.DataFrame, recipe: IndexRecipe) -> tuple[pl.DataFrame, pl.DataFrame]:
    small = pl.col("ratings").sum().over("agency") < recipe.minimum_agency
    table = keys.with_columns(
        unit=pl.when(small).then(pl.lit(REST)).otherwise("agency"), small=small
    )
    # An agency that is itself called "rest" must not be mixed with the pool.
    table = table.with_columns(unit=pl.concat_str(pl.col("small").cast(pl.Int8), "unit"))
    agencies = (
        table.filter("small")
        .group_by("agency")
        .agg(pl.col("ratings").sum(), pl.col("dossiers").sum())
        .sort("agency")
    )
    reason = (
        pl.when(pl.col("ratings") == 0).then(pl.lit("no_ratings")).otherwise(pl.lit("few_ratings"))
    )
    notes = agencies.select(
        "agency",
        step=pl.lit("agency"),
        what=pl.col("agency"),
        into=pl.lit(REST),
        ratings=pl.col("ratings"),
        dossiers=pl.col("dossiers"),
        reason=reason,
    )
    return table, notes


def _scale_dossiers(table: pl.DataFrame, recipe: IndexRecipe) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Let a rest without a propensity of its own weigh what the whole province's gives it."""
    sums = table.group_by("small").agg(pl.col("ratings").sum(), pl.col("dossiers").sum())
    found = {row["small"]: row for row in sums.iter_rows(named=True)}
    rest, covered = found.get(True), found.get(False)
    notes = table.clear().select(
        "agency",
        step="agency",
        what="agency",
        into="agency",
        ratings="ratings",
        dossiers="dossiers",
        reason="agency",
    )
    if rest is None or covered is None or rest["ratings"] >= recipe.minimum_cell:
        return table.with_columns(scale=pl.lit(1.0)), notes
    everything = rest["dossiers"] + covered["dossiers"]
    borrowed = rest["ratings"] * everything / (rest["ratings"] + covered["ratings"])
    kept = min(borrowed, float(rest["dossiers"]))
    low = kept / rest["dossiers"] if rest["dossiers"] else 0.0
    high = (everything - kept) / covered["dossiers"]
    scale = pl.when("small").then(pl.lit(low)).otherwise(pl.lit(high))
    reason = "few_ratings" if rest["ratings"] else "no_ratings"
    row = {
        "agency": None,
        "step": REST,
        "what": REST,
        "into": PROVINCE,
        "ratings": rest["ratings"],
        "dossiers": rest["dossiers"],
        "reason": reason,
    }
    scaled = table.with_columns(scale=scale)
    if not rest["ratings"]:
        scaled = scaled.filter(~pl.col("small"))
    return scaled, pl.DataFrame([row], schema=notes.schema)


def _note_levels(pooled: pl.DataFrame, parents: list[str], level: str) -> pl.DataFrame:
    own = pl.col("unit").str.starts_with("0")
    path = [pl.col(name) for name in parents[1:]]
    return (
        pooled.filter(pl.col("reason") != "")
        .sort([*parents, level])
        .select(
            agency=pl.when(own).then(pl.col("unit").str.slice(1)),
            step=pl.lit(level),
            what=pl.concat_str([*path, pl.col(level)], separator=" / "),
            into=pl.concat_str([*path, pl.col("group")], separator=" / "),
            ratings="ratings",
            dossiers="dossiers",
            reason="reason",
        )
    )
