"""Estimates, a standard and mergers that tests of comparison share."""

import numpy as np
import polars as pl

from analysis.arrays import Floats
from analysis.compare import (
    Figures,
)
from analysis.estimates import Estimates, estimate_means
from tests.analysis.survey_cases import make_design


def estimate(by: list[str]) -> Estimates:
    return estimate_means(make_design(), ["score"], by)


def make_figures(labels: dict[str, list[object]], estimate: list[float], vcov: Floats) -> Figures:
    size = len(estimate)
    return Figures(pl.DataFrame(labels), np.array(estimate), vcov, np.full(size, 20.0))


def standard(land: float) -> pl.DataFrame:
    return pl.DataFrame({"field": ["land", "other"], "share": [land, 1 - land]})


LINKS = pl.DataFrame(
    {
        "before": ["A", "B", "B", "C"],
        "after": ["X", "X", "Y", "Y"],
        "population": [300.0, 100.0, 200.0, 200.0],
        "assumed": [False, True, True, False],
    }
)
