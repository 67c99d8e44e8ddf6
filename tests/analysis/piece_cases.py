"""A three-stage survey that lies in memory, in files and with workers at once."""

from pathlib import Path

import numpy as np
import polars as pl

from analysis.design import Design, describe_design
from analysis.pieces import Survey, condense
from analysis.weighting import adjust_nonresponse, calibrate, rake

UNITS, STRATA, POPULATIONS = ["commune", "hamlet"], ["stratum"], ["communes", "hamlets"]
KEEP = ["responded", "age", "sex", "area", "gender"]
FACTORS = {"access": ["a1", "a2"], "officials": ["c1", "c2", "c3"]}
AGES = {"18-29": 26_000.0, "30-59": 60_000.0, "60+": 30_000.0}
SEX = {("F", "urban"): 30_000.0, ("M", "urban"): 28_000.0, ("F", "rural"): 31_000.0,
       ("M", "rural"): 27_000.0}  # fmt: skip


def make_rows(seed: int, rows: int) -> pl.DataFrame:
    """Households in hamlets in communes in eight strata, with gaps in answers and in agencies."""
    rng = np.random.default_rng(seed)
    commune = rng.integers(0, 40, rows)
    hamlet = rng.integers(0, 3, rows)
    answers = {
        name: np.where(rng.random(rows) < 0.1, np.nan, rng.integers(1, 6, rows).astype(float))
        for name in ("a1", "a2", "c1", "c2", "c3")
    }
    frame = pl.DataFrame(
        {
            "stratum": [f"S{code % 8}" for code in commune],
            "commune": commune,
            "hamlet": hamlet,
            "communes": 30,
            "hamlets": 9,
            "w": rng.uniform(1, 5, rows),
            "responded": (rng.random(rows) < 0.8).astype(int),
            "age": rng.choice(list(AGES), rows),
            "sex": rng.choice(["F", "M"], rows),
            "area": rng.choice(["rural", "urban"], rows),
            "gender": choose(rng, ["a", "b", None], rows, [0.5, 0.4, 0.1]),
            "agency": choose(rng, ["A", "B", "C", None], rows, [0.4, 0.3, 0.25, 0.05]),
            "year": rng.choice([2024, 2025], rows),
            "visits": rng.poisson(3, rows).astype(float) + 1,
            "fee": rng.gamma(2, 50, rows),
            **answers,
        }
    )
    # One agency's answers are all the same: its standard error is 0, not nearly 0.
    flat = pl.when(pl.col("agency") == "C").then(4.0).otherwise(pl.col("c3"))
    return frame.with_columns(c3=flat)


def choose(
    rng: np.random.Generator, labels: list[str | None], rows: int, chances: list[float]
) -> list[str | None]:
    """Labels drawn with these chances; None is a gap."""
    return [labels[place] for place in rng.choice(len(labels), rows, p=chances)]


def describe(frame: pl.DataFrame) -> Design:
    """The survey from all rows at once, weighted."""
    design = describe_design(
        frame, units=UNITS, strata=STRATA, populations=POPULATIONS, weight="w", nest=True
    )
    return weigh(design)


def describe_in_pieces(source: object) -> Survey:
    """The same from pieces."""
    survey = condense(
        source,  # type: ignore[arg-type]
        units=UNITS,
        strata=STRATA,
        populations=POPULATIONS,
        weight="w",
        keep=KEEP,
        nest=True,
    )
    return survey.weigh(weigh)


def weigh(design: Design) -> Design:
    """Nonresponse, raking with a crossed margin, and a calibration on top."""
    answered = adjust_nonresponse(design, "responded", ["area"])
    raked = rake(answered, {"age": AGES, ("sex", "area"): SEX})
    total = sum(AGES.values())
    return calibrate(raked, "area", {"(Intercept)": total, "areaurban": 0.55 * total})


def write_files(frame: pl.DataFrame, folder: Path, files: int = 3) -> list[Path]:
    """The rows in several files of several row groups each."""
    paths = []
    for number, part in enumerate(np.array_split(np.arange(len(frame)), files)):
        path = folder / f"rows-{number}.parquet"
        frame[part].write_parquet(path, row_group_size=max(1, len(part) // 3))
        paths.append(path)
    return paths
