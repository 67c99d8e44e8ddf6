"""Dossiers, ratings and runs that the tests of the index share."""

from typing import Any

import polars as pl

from analysis.indices import IndexRecipe, IndexResult, compute_index

ANSWERS = {"overall": 5, "a": 4, "b": 2}


def make_cells(*rows: tuple[object, ...]) -> pl.DataFrame:
    schema = {
        "agency": pl.String,
        "field": pl.String,
        "channel": pl.String,
        "on_time": pl.Boolean,
        "dossiers": pl.Int64,
    }
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def make_rows(*rows: dict[str, object]) -> pl.DataFrame:
    schema = {
        "agency": pl.String,
        "field": pl.String,
        "channel": pl.String,
        "on_time": pl.Boolean,
        "overall": pl.Int8,
        "a": pl.Int8,
        "b": pl.Int8,
        "count": pl.Int64,
    }
    blank = {"field": "f", "channel": "counter", "on_time": True, **ANSWERS, "count": 1}
    return pl.DataFrame([{**blank, **row} for row in rows], schema=schema)


def run(population: pl.DataFrame, ratings: pl.DataFrame, **options: object) -> IndexResult:
    return compute_index(population, ratings, IndexRecipe(**options), factors=("a", "b"))  # type: ignore[arg-type]


def pick(result: IndexResult, agency: str | None, measure: str) -> dict[str, Any]:
    rows = result.figures.filter(
        pl.col("agency").eq_missing(pl.lit(agency)) & (pl.col("measure") == measure)
    )
    return rows.row(0, named=True)


ONE = make_cells(("x", "f", "counter", True, 400))
