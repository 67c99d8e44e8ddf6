"""What people think of the service they got, whether or not they say so."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

FACTORS = ("access", "procedures", "officials", "result", "feedback")
NOT_APPLICABLE = 98

CUTS = np.array([-1.35, -0.65, 0.0, 1.2])
"""Where satisfaction passes from one of the five levels to the next."""

MOOD = 1.2
BY_LEVEL = {"province": -0.1, "district": -0.3, "commune": 0.0}
BY_FIELD = {"DAT-DAI": -0.4, "XAY-DUNG": -0.25, "DAU-TU": -0.3, "BAO-TRO": -0.1, "CHUNG-THUC": 0.15}
BY_CHANNEL = {"counter": 0.0, "online": -0.55, "post": -0.2}
AMONG_AGENCIES = 0.28
LATE = {
    "overall": -1.6,
    "access": -0.2,
    "procedures": -1.0,
    "officials": -0.7,
    "result": -1.5,
    "feedback": -0.8,
}
BY_FACTOR = {
    "access": 0.05,
    "procedures": -0.1,
    "officials": 0.2,
    "result": 0.15,
    "feedback": -0.35,
}
SHARED = 0.75
"""How much of a person's view of each factor is the person's own general view."""

NO_VISIT = {"access": 0.5, "officials": 0.3}
"""Chance that a factor does not apply to someone who never came to the counter."""
ANYBODY = {"feedback": 0.35, "procedures": 0.01, "result": 0.01, "access": 0.01, "officials": 0.01}


def form_opinions(dossiers: pl.DataFrame, rng: np.random.Generator, mood: float) -> pl.DataFrame:
    """The overall level and the five factors (1-5, or 98) that everybody would give.

    `dossiers` has `agency_code`, `level`, `field_code`, `channel` and `on_time`, a row a
    dossier; `mood` moves everybody.
    """
    common = MOOD + mood + _common(dossiers, rng)
    late = ~dossiers["on_time"].to_numpy()
    person = rng.standard_normal(dossiers.height)
    answers = {"overall": _level(common + late * LATE["overall"] + person)}
    away = (dossiers["channel"] != "counter").to_numpy()
    for factor in FACTORS:
        own = rng.standard_normal(dossiers.height) * np.sqrt(1 - SHARED**2)
        view = common + BY_FACTOR[factor] + late * LATE[factor] + SHARED * person + own
        none = rng.random(dossiers.height) < np.where(
            away, NO_VISIT.get(factor, ANYBODY[factor]), ANYBODY[factor]
        )
        answers[factor] = np.where(none, NOT_APPLICABLE, _level(view))
    return pl.DataFrame(answers)


def agency_effects(dossiers: pl.DataFrame, rng: np.random.Generator, spread: float) -> Floats:
    """One normal draw per agency, given to each of its dossiers."""
    codes = dossiers["agency_code"].unique().sort()
    draws = rng.standard_normal(len(codes)) * spread
    table = dict(zip(codes.to_list(), draws.tolist(), strict=True))
    return effects(dossiers["agency_code"], table)


def effects(values: pl.Series, table: dict[str, float]) -> Floats:
    """The table's number for each value, 0 for a value that it does not name."""
    return values.replace_strict(table, default=0.0, return_dtype=pl.Float64).to_numpy()


def _common(dossiers: pl.DataFrame, rng: np.random.Generator) -> Floats:
    return (
        effects(dossiers["level"], BY_LEVEL)
        + effects(dossiers["field_code"], BY_FIELD)
        + effects(dossiers["channel"], BY_CHANNEL)
        + agency_effects(dossiers, rng, AMONG_AGENCIES)
    )


def _level(satisfaction: Floats) -> Ints:
    return np.searchsorted(CUTS, satisfaction).astype(np.int64) + 1
