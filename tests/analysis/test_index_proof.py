"""A town whose truth is known: what weighting mends, and what it does not."""

import numpy as np
import polars as pl
import pytest

from analysis.indices import IndexRecipe, compute_index
from tests.analysis.populations import FACTORS, Town, make_town

DRAWS = 240
ITEMS = FACTORS[:2]


def draw_indices(town: Town, draws: int, seed: int) -> pl.DataFrame:
    """The index rows of many runs, each on the ratings of another draw, with the truth."""
    population = town.population
    rng = np.random.default_rng(seed)
    frames = []
    for _ in range(draws):
        ratings = town.collect(rng).with_columns(overall=pl.lit(None, pl.Int8))
        result = compute_index(population, ratings, IndexRecipe(), factors=ITEMS)
        frames.append(result.figures.filter(pl.col("measure") == "index"))
    truth = town.truth(ITEMS)
    known = pl.DataFrame({"agency": list(truth), "truth": list(truth.values())})
    return pl.concat(frames).join(known, on="agency", nulls_equal=True)


def summarise(figures: pl.DataFrame) -> pl.DataFrame:
    inside = (pl.col("lower") <= pl.col("truth")) & (pl.col("truth") <= pl.col("upper"))
    return figures.group_by("agency").agg(
        plain_bias=(pl.col("unweighted") - pl.col("truth")).mean(),
        bias=(pl.col("estimate") - pl.col("truth")).mean(),
        coverage=inside.mean(),
        error=((pl.col("se") ** 2).mean() / pl.col("estimate").var()),
    )


@pytest.mark.slow
def test_weighting_mends_what_depends_on_the_cell() -> None:
    summary = summarise(draw_indices(make_town(np.random.default_rng(7)), DRAWS, seed=20210331))
    province = summary.filter(pl.col("agency").is_null()).row(0, named=True)
    agencies = summary.filter(pl.col("agency").is_not_null())

    assert province["plain_bias"] > 5
    assert abs(province["bias"]) <= province["plain_bias"] / 5
    assert 0.92 <= province["coverage"] <= 0.98
    assert (agencies["bias"].abs() <= agencies["plain_bias"].abs() / 5).all()
    assert 0.92 <= float(agencies["coverage"].to_numpy().mean()) <= 0.98
    assert province["error"] == pytest.approx(1, abs=0.15)


def test_weighting_does_not_mend_silence_within_cells() -> None:
    town = make_town(np.random.default_rng(7), dissatisfied_answer_less=True)
    summary = summarise(draw_indices(town, 20, seed=20210331))
    province = summary.filter(pl.col("agency").is_null()).row(0, named=True)
    assert province["plain_bias"] > 10
    assert province["bias"] > province["plain_bias"] / 2
    assert province["coverage"] < 0.5
