"""Simulated citizens: who rates the service they got, and what they answer.

Everybody has an opinion; only some answer. Whether someone answers depends on the dossier's
cell (agency, field, channel, on time), not on the opinion inside the cell, so that weighting
can mend the plain mean. All of it is invented; every page of the demo says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from app.demo import sentences
from app.demo.opinions import FACTORS, NOT_APPLICABLE, agency_effects, effects, form_opinions
from app.demo.register import read_counters, read_returned

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

ANSWERING = -0.6
ANSWER_BY_LEVEL = {"district": -0.2}
ANSWER_BY_FIELD = {"DAT-DAI": -0.45, "CHUNG-THUC": 0.15, "HO-TICH": 0.1}
ANSWER_BY_CHANNEL = {"online": -1.25, "post": -1.0}
ANSWER_LATE = -0.6
ANSWER_AMONG_AGENCIES = 0.35

GOES_ON = {"kiosk": 0.62, "online": 0.93}
"""Chance that someone who gave the overall rating goes on to the factors."""
ITEM_GIVEN = 0.97
REASONS_GIVEN = 0.45
UNLINKED = 0.012
"""Taps without a right, beside the ratings at kiosks."""

REASONS = {
    "waiting": (pl.col("access") <= 3, 0.45, 0.03),
    "unclear_guidance": (pl.col("officials") <= 3, 0.4, 0.02),
    "extra_papers": (pl.col("procedures") <= 3, 0.4, 0.02),
    "attitude": (pl.col("officials") <= 2, 0.5, 0.01),
    "fee": (pl.col("procedures") <= 2, 0.2, 0.01),
    "late_result": (~pl.col("on_time"), 0.7, 0.005),
    "facilities": (pl.col("access") <= 3, 0.35, 0.02),
    "good_guidance": (pl.col("officials").is_between(4, 5), 0.4, 0.03),
    "quick": (pl.col("on_time") & (pl.col("overall") >= 4), 0.45, 0.02),
}
"""Code of the form, when it holds, and its chance then and otherwise."""

WRITES = {"satisfied": 0.03, "neutral": 0.1, "dissatisfied": 0.3, "late": 0.35}
WORDS = {
    "satisfied": sentences.SATISFIED,
    "neutral": sentences.NEUTRAL,
    "dissatisfied": sentences.DISSATISFIED,
    "late": sentences.LATE,
}


@dataclass(frozen=True)
class Temper:
    """How a quarter differs from the first: everybody's mood, and readiness to answer."""

    mood: float = 0.0
    eagerness: float = 0.0


TEMPERS = {"2021-Q1": Temper(), "2025-Q3": Temper(mood=0.12, eagerness=0.6)}


@dataclass(frozen=True)
class Citizens:
    """What everybody thinks, and what some of them said.

    `opinions` has one row a dossier handed over: `dossier_code`, `agency_code`, `mode`,
    `counter_code`, `answered`, and the true `overall` and five factors (98: not applicable).
    `ratings` has one row a rating, in the order of handing over, unlinked taps last:
    `dossier_code` (null if unlinked), `mode`, `counter_code` (null if online), `overall`,
    the factors (null if left blank), `reasons` and `reflection`.
    """

    opinions: pl.DataFrame
    ratings: pl.DataFrame


class Given(NamedTuple):
    """One rating as `POST /api/ratings` takes its answers."""

    dossier_code: str | None
    mode: str
    counter: str | None
    answers: dict[str, int | str | list[str]]


def simulate_quarter(folder: Path, period: str, *, seed: int = 2021) -> Citizens:
    """Citizens of a period whose files `write_files` has written."""
    dossiers = read_returned(folder, period)
    rng = np.random.default_rng([seed, *period.encode()])
    return simulate_citizens(dossiers, read_counters(folder), rng, TEMPERS[period])


def simulate_citizens(
    dossiers: pl.DataFrame,
    counters: pl.DataFrame,
    rng: np.random.Generator,
    temper: Temper | None = None,
) -> Citizens:
    """Opinions of all, ratings of some. `dossiers` as `read_returned` gives them."""
    temper = temper or Temper()
    opinions = pl.concat(
        [
            dossiers.select(
                pl.col("code").alias("dossier_code"),
                "agency_code",
                "on_time",
                pl.when(pl.col("channel") == "counter")
                .then(pl.lit("kiosk"))
                .otherwise(pl.lit("online"))
                .alias("mode"),
            ),
            form_opinions(dossiers, rng, temper.mood),
        ],
        how="horizontal",
    ).with_columns(
        counter_code=_counter(dossiers["agency_code"], counters, rng),
        answered=pl.Series(_answers(dossiers, rng, temper.eagerness)),
    )
    opinions = opinions.with_columns(
        counter_code=pl.when(pl.col("mode") == "kiosk").then("counter_code")
    )
    ratings = _ratings(opinions.filter("answered"), rng)
    return Citizens(opinions.drop("on_time"), pl.concat([ratings, _unlinked(ratings, rng)]))


def list_given(ratings: pl.DataFrame) -> Iterator[Given]:
    """Ratings one by one; what was left blank is absent from the answers."""
    for row in ratings.iter_rows(named=True):
        answers = {name: row[name] for name in ("overall", *FACTORS) if row[name] is not None}
        answers |= {name: row[name] for name in ("reasons", "reflection") if row[name]}
        yield Given(row["dossier_code"], row["mode"], row["counter_code"], answers)


def compare_means(citizens: Citizens) -> pl.DataFrame:
    """Truth beside the plain mean of the linked ratings, in percent satisfied.

    One row an agency, and one with `agency_code` null for all. `overall` is the share of 4
    and 5 of the overall level; `index` the same of all factor answers pooled.
    """
    true = citizens.opinions
    said = citizens.ratings.drop_nulls("dossier_code").join(
        true.select("dossier_code", "agency_code"), on="dossier_code"
    )
    parts = []
    for by in ([pl.lit(None, pl.String).alias("agency_code")], ["agency_code"]):
        truth = true.group_by(by).agg(dossiers=pl.len(), **_shares("true"))
        plain = said.group_by(by).agg(ratings=pl.len(), **_shares("plain"))
        parts.append(truth.join(plain, on="agency_code", how="left", nulls_equal=True))
    return pl.concat(parts).sort("agency_code", nulls_last=False)


def _shares(prefix: str) -> dict[str, pl.Expr]:
    valid = [pl.col(name).filter(pl.col(name) != NOT_APPLICABLE) for name in FACTORS]
    satisfied = pl.sum_horizontal([(column >= 4).sum() for column in valid])
    given = pl.sum_horizontal([column.len() for column in valid])
    return {
        f"{prefix}_overall": 100 * (pl.col("overall") >= 4).mean(),
        f"{prefix}_index": 100 * satisfied / given,
    }


def _answers(dossiers: pl.DataFrame, rng: np.random.Generator, eagerness: float) -> Bools:
    odds = (
        ANSWERING
        + eagerness
        + effects(dossiers["level"], ANSWER_BY_LEVEL)
        + effects(dossiers["field_code"], ANSWER_BY_FIELD)
        + effects(dossiers["channel"], ANSWER_BY_CHANNEL)
        + ANSWER_LATE * ~dossiers["on_time"].to_numpy()
        + agency_effects(dossiers, rng, ANSWER_AMONG_AGENCIES)
    )
    return rng.random(dossiers.height) < 1 / (1 + np.exp(-odds))


def _counter(agencies: pl.Series, counters: pl.DataFrame, rng: np.random.Generator) -> pl.Series:
    """One of the agency's counters for each dossier."""
    own = counters.sort("code").group_by("agency_code", maintain_order=True).agg("code")
    joined = agencies.to_frame().join(own, on="agency_code", how="left", maintain_order="left")
    among = joined["code"].list.len().to_numpy()
    return joined["code"].list.get(pl.Series((rng.random(len(among)) * among).astype(np.int64)))


def _ratings(said: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    number = said.height
    goes_on = rng.random(number) < effects(said["mode"], GOES_ON)
    blanks = {
        factor: pl.when(pl.Series(goes_on & (rng.random(number) < ITEM_GIVEN))).then(factor)
        for factor in FACTORS
    }
    return said.select(
        "dossier_code",
        "mode",
        "counter_code",
        "overall",
        **blanks,
        reasons=_reasons(said, goes_on & (rng.random(number) < REASONS_GIVEN), rng),
        reflection=_reflection(said, goes_on, rng),
    )


def _reasons(said: pl.DataFrame, given: Bools, rng: np.random.Generator) -> pl.Series:
    named = []
    for code, (holds, chance, otherwise) in REASONS.items():
        likely = (
            said.select(pl.when(holds).then(chance).otherwise(otherwise)).to_series().to_numpy()
        )
        chosen = pl.Series(given & (rng.random(said.height) < likely))
        named.append(pl.when(chosen).then(pl.lit(code)))
    return said.select(pl.concat_list(named).list.drop_nulls()).to_series()


def _reflection(said: pl.DataFrame, goes_on: Bools, rng: np.random.Generator) -> pl.Series:
    tone = said.select(
        pl.when(~pl.col("on_time") & (pl.col("overall") <= 3))
        .then(pl.lit("late"))
        .when(pl.col("overall") <= 2)
        .then(pl.lit("dissatisfied"))
        .when(pl.col("overall") == 3)
        .then(pl.lit("neutral"))
        .otherwise(pl.lit("satisfied"))
    ).to_series()
    writes = goes_on & (rng.random(said.height) < effects(tone, WRITES))
    draw = rng.random(said.height)
    text = [
        WORDS[mood][int(luck * len(WORDS[mood]))] if write else None
        for mood, luck, write in zip(tone, draw, writes, strict=True)
    ]
    return pl.Series(text, dtype=pl.String)


def _unlinked(ratings: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Taps of people in passing: an overall level at a counter, and nothing else."""
    kiosk = ratings.filter(pl.col("mode") == "kiosk")
    number = round(kiosk.height * UNLINKED)
    taps = kiosk["counter_code"].gather(rng.integers(0, kiosk.height, number))
    level = rng.choice([1, 2, 3, 4, 5], number, p=[0.06, 0.02, 0.04, 0.08, 0.8])
    blank = dict.fromkeys(ratings.columns, None)
    columns = blank | {"mode": "kiosk", "counter_code": taps, "overall": level}
    return pl.DataFrame(columns, schema=ratings.schema)
