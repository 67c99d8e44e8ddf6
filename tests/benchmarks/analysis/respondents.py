"""Synthetic respondents: a stratified sample of units with 22 answers, drawn from a seed.

The margins of the population differ from the sample's, and age, sex and area hang together, so
that raking has work to do. Rows come in no order, and most agencies are rated in most strata:
nothing in the data makes it easier than a real file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.design import Design, describe_design
from analysis.estimates import DomainMeans, estimate_coded_means
from analysis.weighting import Margin, match_margin, rake_coded

AGENCIES, STRATA, UNITS = 1_200, 102, 2_448
FACTORS = {
    "access": 4, "procedures": 4, "officials": 5, "result": 5, "feedback": 4,
}  # fmt: skip
ITEMS = {
    factor: [f"{factor}_{number}" for number in range(1, size + 1)]
    for factor, size in FACTORS.items()
}
SCORES = ("overall", *FACTORS)
KNOWN = {
    "age": {
        "18-24": 0.13, "25-34": 0.22, "35-44": 0.21, "45-54": 0.18, "55-64": 0.15, "65+": 0.11,
    },
    "sex": {"F": 0.51, "M": 0.49},
    "area": {"city": 0.38, "lowland": 0.42, "upland": 0.20},
}  # fmt: skip
SATISFIED = 4


@dataclass(frozen=True, eq=False)
class Respondents:
    """The rows as they come, and what is known of the population.

    Attributes
    ----------
    frame : polars.DataFrame
        Labels of stratum, unit, agency, age, sex and area; the weight `w`; items 1 to 5.
    totals : mapping of variable to totals by level
    """

    frame: pl.DataFrame
    totals: Mapping[str | tuple[str, ...], Mapping[Any, float]]


@dataclass(frozen=True, eq=False)
class Coded:
    """The same with integer codes: what the job starts from.

    Attributes
    ----------
    agency : (n,) int
    agencies : int
    """

    design: Design
    margins: tuple[Margin, ...]
    agency: Ints
    agencies: int


def draw_respondents(
    rows: int, *, agencies: int = AGENCIES, strata: int = STRATA, units: int = UNITS, seed: int = 7
) -> Respondents:
    """As many respondents, at least one in every unit."""
    rng = np.random.default_rng(seed)
    unit = rng.permutation(np.arange(rows) % units)
    stratum = unit * strata // units
    city = rng.random(rows) < 0.2 + 0.5 * (stratum % 3 == 0)
    area = np.where(city, 0, 1 + (rng.random(rows) < 0.3))
    sex = (rng.random(rows) < 0.40 + 0.05 * area).astype(np.int64)
    age = np.minimum(rng.integers(0, 6, rows) + (rng.random(rows) < 0.2 * (1 + sex)), 5)
    size = rng.lognormal(0, 1, agencies)
    agency = rng.choice(agencies, rows, p=size / size.sum())
    weight = rng.lognormal(0, 0.5, rows) * (1 + stratum % 5)
    mood = rng.normal(0, 0.4, units)[unit] + rng.normal(0, 0.3, agencies)[agency] + 0.08 * age
    codes = {"stratum": stratum, "unit": unit, "agency": agency}
    levels = {"age": age, "sex": sex, "area": area}
    frame = pl.DataFrame(
        {name: pl.Series(code.astype(np.int32)) for name, code in codes.items()}
        | {
            name: pl.Series(levels[name].astype(np.uint32)).replace_strict(
                dict(enumerate(known)), return_dtype=pl.Enum(list(known))
            )
            for name, known in KNOWN.items()
        }
        | {"w": weight}
        | {
            item: _answer(mood + shift, rng)
            for items, shift in zip(ITEMS.values(), (0.1, -0.2, 0.2, 0.0, -0.3), strict=True)
            for item in items
        }
    )
    whole = float(weight.sum())
    totals: dict[str | tuple[str, ...], dict[str, float]] = {
        name: {level: share * whole for level, share in known.items()}
        for name, known in KNOWN.items()
    }
    return Respondents(frame, totals)


def _answer(mood: Floats, rng: np.random.Generator) -> pl.Series:
    felt = mood + rng.standard_normal(len(mood), dtype=np.float32)
    return pl.Series((1 + np.digitize(felt, [-1.8, -1.1, -0.4, 0.8])).astype(np.int8))


def code_columns(people: Respondents) -> Coded:
    """Units nested in strata, levels matched to their totals, agencies numbered."""
    design = describe_design(
        people.frame.select("stratum", "unit", "age", "sex", "area", "w"),
        units=["unit"], strata=["stratum"], weight="w",
    )  # fmt: skip
    margins = tuple(match_margin(design, name, known) for name, known in people.totals.items())
    agency = people.frame["agency"].cast(pl.Int64).to_numpy()
    return Coded(design, margins, agency, int(agency.max()) + 1)


def score_items(people: Respondents) -> Floats:
    """Share of satisfied answers, 0 to 100, over all items and by factor, (n, 6)."""
    satisfied = {
        factor: pl.sum_horizontal((pl.col(item) >= SATISFIED).cast(pl.UInt8) for item in items)
        for factor, items in ITEMS.items()
    }
    counts = people.frame.select(**satisfied)
    scores = np.empty((len(counts), len(SCORES)))
    for place, factor in enumerate(FACTORS, start=1):
        np.multiply(counts[factor].to_numpy(), 100 / FACTORS[factor], out=scores[:, place])
    every = counts.select(pl.sum_horizontal(pl.all().cast(pl.UInt8))).to_series().to_numpy()
    np.multiply(every, 100 / sum(FACTORS.values()), out=scores[:, 0])
    return scores


def estimate_indices(coded: Coded, scores: Floats) -> DomainMeans:
    """The job: rake on the margins, then every index of every agency with its error."""
    raked = rake_coded(coded.design, coded.margins)
    return estimate_coded_means(raked, coded.agency, coded.agencies, scores)
