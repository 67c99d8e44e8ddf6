"""A population, whoever volunteers of it, and a sample of it."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from scipy.special import expit

from analysis.design import Design, describe_design
from analysis.selection import (
    Selection,
    VolunteerEstimate,
    estimate_by_imputation,
    estimate_by_weighting,
    estimate_doubly_robust,
    fit_selection,
    impute_by_model,
)

FORMULA = "x + urban"
METHODS: tuple[Literal["likelihood", "calibration"], ...] = ("likelihood", "calibration")


@dataclass(frozen=True)
class Drawn:
    volunteers: pl.DataFrame
    reference: Design
    truth: float


def draw(
    seed: int,
    *,
    size: int = 6_000,
    own_opinion: float = 0.0,
    curved: float = 0.0,
    sampled: int = 300,
) -> Drawn:
    """A population, whoever volunteers of it, and a stratified sample."""
    rng = np.random.default_rng(seed)
    urban = rng.random(size) < 0.4
    x = rng.normal(size=size) + 0.5 * urban
    y = 2 + x + 0.6 * urban + curved * x**2 + rng.normal(size=size)
    lean = -2.2 + 0.5 * x + 0.7 * urban + own_opinion * (y - 2.5)
    joined = rng.random(size) < expit(lean)
    frame = pl.DataFrame({"x": x, "urban": np.where(urban, "yes", "no"), "y": y})
    picked, weight = [], []
    for name, count in (("yes", 2 * sampled // 5), ("no", 3 * sampled // 5)):
        rows = np.flatnonzero(frame["urban"].to_numpy() == name)
        picked.append(rng.choice(rows, count, replace=False))
        weight.append(np.full(count, len(rows) / count))
    sample = frame[np.concatenate(picked)].drop("y").with_columns(d=np.concatenate(weight))
    reference = describe_design(sample, strata=["urban"], weight="d")
    return Drawn(frame.filter(pl.Series(joined)), reference, float(y.mean()))


def estimate_all(drawn: Drawn) -> dict[str, VolunteerEstimate]:
    y = drawn.volunteers["y"]
    selection = fit_selection(drawn.volunteers, drawn.reference, FORMULA)
    calibrated = fit_selection(drawn.volunteers, drawn.reference, FORMULA, method="calibration")
    outcome = impute_by_model(drawn.volunteers, drawn.reference, FORMULA, y)
    return {
        "weighting": estimate_by_weighting(selection, y),
        "population": estimate_by_weighting(selection, y, denominator="population"),
        "calibrated": estimate_by_weighting(calibrated, y),
        "imputation": estimate_by_imputation(outcome),
        "robust": estimate_doubly_robust(selection, outcome),
        "robust population": estimate_doubly_robust(selection, outcome, denominator="population"),
    }


def fit(drawn: Drawn) -> Selection:
    return fit_selection(drawn.volunteers, drawn.reference, FORMULA)
