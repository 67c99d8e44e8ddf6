"""Synthetic dossiers and ratings with a known truth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

CELL = ["agency", "field", "channel", "on_time"]
FACTORS = ("access", "procedures", "officials", "result", "feedback")


def make_population(agencies: int, rng: np.random.Generator, *, largest: int = 400) -> pl.DataFrame:
    """Dossiers by agency, five fields, three channels and on-time status."""
    codes = pl.DataFrame({"agency": [f"A{number:04d}" for number in range(agencies)]})
    cells = (
        codes.join(
            pl.DataFrame({"field": ["đất đai", "hộ tịch", "xây dựng", "y tế", "thuế"]}), how="cross"
        )
        .join(pl.DataFrame({"channel": ["counter", "online", "post"]}), how="cross")
        .join(pl.DataFrame({"on_time": [True, False]}), how="cross")
    )
    return cells.with_columns(dossiers=pl.Series(rng.integers(5, largest, len(cells))))


def make_ratings(population: pl.DataFrame, ratings: int, rng: np.random.Generator) -> pl.DataFrame:
    """Ratings that fall on the dossiers at random, a fifth of every answer missing.

    `make_ratings(make_population(1200, rng), 300_000, rng)` is the size of the index benchmark.
    """
    share = population["dossiers"] / population["dossiers"].sum()
    drawn = population[rng.choice(len(population), ratings, p=share.to_numpy())].drop("dossiers")
    answers = {name: _draw_codes(ratings, rng) for name in ("overall", *FACTORS)}
    return drawn.with_columns(**answers)


def _draw_codes(ratings: int, rng: np.random.Generator) -> pl.Series:
    codes = rng.choice(np.arange(1.0, 6), ratings, p=[0.04, 0.06, 0.15, 0.4, 0.35])
    codes[rng.random(ratings) < 0.2] = np.nan
    return pl.Series(codes).fill_nan(None).cast(pl.Int8)


@dataclass(frozen=True)
class Town:
    """Every dossier of a small province, with the answers its citizen would give.

    Attributes
    ----------
    dossiers : polars.DataFrame
        One row a dossier: cell, `overall` and the factor columns, complete.
    chance : (N,) float
        Probability that the citizen answers.
    """

    dossiers: pl.DataFrame
    chance: NDArray[np.float64]

    @property
    def population(self) -> pl.DataFrame:
        """Dossiers by cell."""
        return self.dossiers.group_by(CELL).agg(dossiers=pl.len())

    def collect(self, rng: np.random.Generator) -> pl.DataFrame:
        """The ratings of those who answer this time."""
        return self.dossiers.filter(pl.Series(rng.random(len(self.chance)) < self.chance))

    def truth(self, items: Sequence[str] = FACTORS) -> dict[str | None, float]:
        """Share of satisfied answers by agency and (None) in the province, 0 to 100."""
        satisfied = pl.mean_horizontal(pl.col(items) >= 4) * 100
        by = self.dossiers.group_by("agency").agg(satisfied.mean().alias("index"))
        whole = self.dossiers.select(satisfied.mean()).item()
        return {**dict(by.iter_rows()), None: whole}


def make_town(rng: np.random.Generator, *, dissatisfied_answer_less: bool = False) -> Town:
    """Eight agencies whose on-time and online dossiers please more and are rated more.

    With `dissatisfied_answer_less` the unhappy also stay away within every cell.
    """
    size = 14_000
    agency = rng.integers(0, 8, size)
    field = rng.choice(3, size, p=[0.5, 0.3, 0.2])
    online = rng.random(size) < np.where(field == 0, 0.2, 0.5)
    on_time = rng.random(size) < 0.65 + 0.03 * agency
    mood = rng.normal(0, 0.8, size) + 0.9 * on_time + 0.4 * online - 0.3 * field + 0.05 * agency
    codes = {
        name: np.digitize(mood + rng.normal(0, 0.7, size), [-1.5, -0.8, 0.1, 1.2]) + 1
        for name in ("overall", *FACTORS)
    }
    logit = -2.6 + 1.1 * on_time + 0.7 * online - 0.4 * field
    if dissatisfied_answer_less:
        logit = logit + 0.9 * (mood - mood.mean())
    frame = pl.DataFrame(
        {
            "agency": [f"A{number}" for number in agency],
            "field": [("đất đai", "hộ tịch", "y tế")[number] for number in field],
            "channel": np.where(online, "online", "counter"),
            "on_time": on_time,
            **codes,
        }
    )
    return Town(frame, 1 / (1 + np.exp(-logit)))
