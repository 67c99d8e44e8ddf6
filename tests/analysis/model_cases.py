"""A clustered sample with answers of every kind, and a model of each."""

from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from analysis.design import Design, describe_design
from analysis.models import Model, fit_ordinal, fit_regression


def make_frame(seed: int = 1, rows: int = 120) -> pl.DataFrame:
    """Clustered answers of every kind that depend on a number and a category."""
    rng = np.random.default_rng(seed)
    cluster = np.arange(rows) % 24
    x = rng.normal(size=rows)
    group = rng.choice(["a", "b", "c"], rows)
    eta = 0.4 * x + 0.8 * (group == "b") + rng.normal(0, 0.3, 24)[cluster]
    return pl.DataFrame(
        {
            "stratum": cluster % 4,
            "cluster": cluster,
            "w": rng.uniform(0.5, 3, rows),
            "x": x,
            "group": group,
            "y": 2 + eta + rng.normal(size=rows),
            "yes": (eta + rng.logistic(size=rows) > 0).astype(float),
            "visits": rng.poisson(np.exp(eta)).astype(float),
            "level": np.digitize(eta + rng.logistic(size=rows), [-1.5, 0, 1.5]) + 1.0,
        }
    )


def make_design(frame: pl.DataFrame | None = None) -> Design:
    data = make_frame() if frame is None else frame
    return describe_design(data, units=["cluster"], strata=["stratum"], weight="w", nest=True)


FITS: dict[str, Callable[[Design], Model]] = {
    "gaussian": lambda design: fit_regression(design, "y ~ x + group + x:group"),
    "binomial": lambda design: fit_regression(design, "yes ~ x + group + x:group", "binomial"),
    "poisson": lambda design: fit_regression(design, "visits ~ x + group + x:group", "poisson"),
    "ordinal-logit": lambda design: fit_ordinal(design, "level ~ x + group + x:group"),
    "ordinal-probit": lambda design: fit_ordinal(design, "level ~ x + group + x:group", "probit"),
    "ordinal-cloglog": lambda design: fit_ordinal(design, "level ~ x + group + x:group", "cloglog"),
}
EVERY_KIND = pytest.mark.parametrize("kind", list(FITS))
