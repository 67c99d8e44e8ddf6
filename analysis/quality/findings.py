"""What one detector says about counters, by day and by week."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

SCHEMA: Final = {
    "counter": pl.Int64,
    "day": pl.Int64,
    "statistic": pl.Float64,
    "p": pl.Float64,
    "code": pl.String,
    "observed": pl.Float64,
    "expected": pl.Float64,
    "total": pl.Float64,
    "start": pl.Int64,
    "end": pl.Int64,
}


@dataclass(frozen=True)
class Findings:
    """Rows of `SCHEMA`: one a counter-day, and one a counter-week (day: of the evidence, or null)."""

    detector: str
    days: pl.DataFrame
    weeks: pl.DataFrame


def make_findings(code: str, **columns: npt.ArrayLike | None) -> pl.DataFrame:
    """Rows of `SCHEMA`; what is not given is null.

    Parameters
    ----------
    code : str
        Which sentence tells the evidence; see `explain`.
    **columns : (n,) arrays named as in `SCHEMA`
    """
    given = {name: np.asarray(value) for name, value in columns.items() if value is not None}
    size = len(given["counter"])
    frame = pl.DataFrame(
        {
            name: given[name] if name in given else pl.Series([None] * size, dtype=kind)
            for name, kind in SCHEMA.items()
            if name != "code"
        }
    ).with_columns(code=pl.lit(code))
    return frame.select(pl.col(name).cast(kind) for name, kind in SCHEMA.items())


def no_findings() -> pl.DataFrame:
    """No rows."""
    return pl.DataFrame(schema=SCHEMA)
