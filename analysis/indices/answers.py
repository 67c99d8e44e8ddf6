"""Rows as they come, checked and put in an order that does not depend on theirs."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analysis.codes import to_frame
from analysis.errors import DataError
from analysis.indices.collapse import KEYS, UNKNOWN
from analysis.indices.recipe import IndexRecipe


@dataclass(frozen=True)
class Answers:
    """Distinct ratings by cell and by what they answered.

    Attributes
    ----------
    rows : polars.DataFrame
        The cell keys as text (empty where unknown), 1 or 0 for satisfied or not in every answer
        column (null where unanswered), and `count`.
    columns : tuple of str
        The answer columns.
    """

    rows: pl.DataFrame
    columns: tuple[str, ...]

    def keep(self, columns: Sequence[str]) -> "Answers":
        """The ratings that answered at least one of these columns, without the others."""
        answered = pl.any_horizontal(pl.col(list(columns)).is_not_null())
        return Answers(_gather(self.rows.filter(answered), columns), tuple(columns))


def read_population(population: pl.DataFrame) -> pl.DataFrame:
    """Dossiers by cell, with text keys, each cell once and none without dossiers."""
    _require(population, (*KEYS, "dossiers"), "The population")
    keyed = _name_keys(population, "The population").with_columns(pl.col("dossiers").cast(pl.Int64))
    if keyed["dossiers"].null_count() or (keyed["dossiers"] < 0).any():
        raise DataError("The population has dossiers that are missing or negative; correct them.")
    summed = keyed.group_by(KEYS).agg(pl.col("dossiers").sum()).sort(KEYS)
    return summed.filter(pl.col("dossiers") > 0)


def read_ratings(ratings: pl.DataFrame, items: Sequence[str], recipe: IndexRecipe) -> Answers:
    """Ratings by cell, each answer reduced to satisfied or not."""
    columns = ("overall", *items)
    _require(ratings, (*KEYS, *columns), "The ratings")
    keyed = _name_keys(ratings, "The ratings")
    count = pl.col("count").cast(pl.Int64) if "count" in ratings.columns else pl.lit(1, pl.Int64)
    satisfied = [(pl.col(name) >= recipe.satisfied_from).cast(pl.Int8) for name in columns]
    rows = keyed.select(*KEYS, *satisfied, count.alias("count"))
    if rows["count"].null_count() or (rows["count"] < 0).any():
        raise DataError("The ratings have counts that are missing or negative; correct them.")
    return Answers(_gather(rows.filter(pl.col("count") > 0), columns), columns)


def _gather(rows: pl.DataFrame, columns: Sequence[str]) -> pl.DataFrame:
    keys = [*KEYS, *columns]
    return rows.group_by(keys).agg(pl.col("count").sum()).sort(keys)


def _require(frame: pl.DataFrame, columns: Sequence[str], whose: str) -> None:
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise DataError(f"{whose} has no column {', '.join(missing)}; add it (it may be empty).")


def _name_keys(frame: pl.DataFrame, whose: str) -> pl.DataFrame:
    # A NaN is an answer that is not there; left in, it would pass for the highest of all.
    named = to_frame(frame).with_columns(
        pl.col(name).cast(pl.String).fill_null(UNKNOWN) for name in KEYS
    )
    if (named["agency"] == UNKNOWN).any():
        raise DataError(f"{whose} has rows without an agency; give each its agency's code.")
    return named
