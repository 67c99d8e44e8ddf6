"""Small random samples for the laws that estimators must obey."""

from typing import Any

import numpy as np
import polars as pl
from hypothesis import strategies as st

from analysis.design import Design, describe_design


def make_sample(seed: int, *, strata: int = 4, units: int = 3, rows: int = 5) -> pl.DataFrame:
    """Rows in units in strata with categories, numbers, gaps and population counts."""
    rng = np.random.default_rng(seed)
    size = strata * units * rows
    unit = np.repeat(np.arange(strata * units), rows)
    score = rng.normal(3.5, 0.8, size) + rng.normal(0, 0.4, strata * units)[unit]
    return pl.DataFrame(
        {
            "stratum": [f"S{number:02d}" for number in unit // units],
            "unit": [f"U{number:03d}" for number in unit],
            "person": np.arange(size),
            "w": rng.uniform(0.5, 4, size),
            "N_unit": np.repeat(rng.integers(units, 4 * units, strata), units * rows),
            "N_person": np.repeat(rng.integers(rows, 5 * rows, strata * units), rows),
            "agency": rng.choice(["A", "B", "C"], size),
            "sex": rng.choice(["F", "M"], size),
            "age": rng.choice(["18-29", "30-59", "60+"], size),
            "score": score,
            "visits": rng.poisson(1.5, size) + 1,
            "fee": rng.gamma(2, 10, size),
            "satisfied": (score > 3.4).astype(np.int64),
            "gap": np.where(rng.random(size) < 0.1, np.nan, score),
        }
    )


def make_clusters(seed: int = 1, **options: Any) -> Design:
    """One stage of units in strata, with replacement."""
    return describe_clusters(make_sample(seed, **options))


def describe_clusters(frame: pl.DataFrame, **options: Any) -> Design:
    """The design of a sample's first stage."""
    return describe_design(
        frame, units=["unit"], strata=["stratum"], weight="w", nest=True, **options
    )


def make_stages(seed: int = 1, **options: Any) -> Design:
    """Two stages with finite populations."""
    return describe_design(
        make_sample(seed, **options),
        units=["unit", "person"],
        strata=["stratum"],
        populations=["N_unit", "N_person"],
        weight="w",
        nest=True,
    )


seeds = st.integers(0, 10_000)
