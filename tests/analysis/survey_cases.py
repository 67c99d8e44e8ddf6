"""A clustered survey of two years and three agencies that tests of comparison share."""

import numpy as np
import polars as pl

from analysis.design import Design, describe_design


def make_survey(seed: int = 1, rows: int = 480) -> pl.DataFrame:
    """Rows of both years in the same clusters, with answers that depend on agency and field."""
    rng = np.random.default_rng(seed)
    cluster = np.arange(rows) % 40
    year = rng.choice(["2024", "2025"], rows)
    agency = rng.choice(["A", "B", "C"], rows)
    field = np.where(rng.random(rows) < np.where(agency == "A", 0.7, 0.4), "land", "other")
    level = 3 + 0.4 * (agency == "B") + 0.3 * (year == "2025") - 0.5 * (field == "land")
    score = level + rng.normal(0, 0.5, 40)[cluster] + rng.normal(size=rows)
    return pl.DataFrame(
        {
            "stratum": cluster % 4,
            "cluster": cluster,
            "w": rng.uniform(0.5, 2, rows),
            "year": year,
            "agency": agency,
            "field": field,
            "score": score,
            "sat": np.where(score > 3.2, "yes", "no"),
            "rating": np.clip(np.round(score), 1, 5),
        }
    )


def make_design(frame: pl.DataFrame | None = None) -> Design:
    """Clusters in strata, with replacement."""
    data = make_survey() if frame is None else frame
    return describe_design(data, units=["cluster"], strata=["stratum"], weight="w", nest=True)
