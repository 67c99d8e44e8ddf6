"""Tables of power and false alarms from a trial."""

from collections.abc import Sequence
from typing import Final

import polars as pl

from analysis.quality.simulation.frauds import KINDS

STRONG: Final = 0.25
LOUD: Final = (1, 2, 3, 4)
STRENGTHS: Final = ((0.0, 0.10), (0.10, 0.25), (0.25, 0.50), (0.50, 0.75), (0.75, 1e9))
SIZES: Final = ((1, 20), (20, 100), (100, 300), (300, 10**9))


def summarise_trial(trial: pl.DataFrame) -> dict[str, float]:
    """The figures of the promise.

    Returns
    -------
    dict
        power (of frauds 1 to 4 that add at least 25 % ratings), strong (how many counter-weeks
        that is), drip (power of the fifth at the same strength), false_alarms (share of honest
        counter-weeks that were flagged), honest (how many), flagged, and false_share (honest
        ones among the flagged).
    """
    strong = pl.col("added") >= STRONG
    honest = trial.filter(pl.col("kind") == 0)
    loud = trial.filter(strong & pl.col("kind").is_in(LOUD))
    drip = trial.filter(strong & (pl.col("kind") == 5))
    flagged = int(trial["flagged"].sum())
    return {
        "power": _share(loud["flagged"]),
        "strong": len(loud),
        "drip": _share(drip["flagged"]),
        "false_alarms": _share(honest["flagged"]),
        "honest": len(honest),
        "flagged": flagged,
        "false_share": int(honest["flagged"].sum()) / max(1, flagged),
    }


def tabulate_detectors(trial: pl.DataFrame) -> pl.DataFrame:
    """Per cent of counter-weeks that each detector flags by itself, by fraud of at least 25 %.

    A detector's own flags, not how often it was the first to see; the last row holds the honest
    counter-weeks, in which every flag is a false one.
    """
    names = [one.removeprefix("by_") for one in trial.columns if one.startswith("by_")]
    rows = [
        (name, trial.filter((pl.col("kind") == kind) & (pl.col("added") >= STRONG)))
        for kind, name in KINDS.items()
    ]
    strong = pl.col("added") >= STRONG
    rows.append(("1 to 4 together", trial.filter(pl.col("kind").is_in(LOUD) & strong)))
    rows.append(("honest", trial.filter(pl.col("kind") == 0)))
    return pl.DataFrame(
        [
            {"counter-weeks of": name, "number": len(part), "any": 100 * _share(part["flagged"])}
            | {one: 100 * _share(part[f"by_{one}"]) for one in names}
            for name, part in rows
        ]
    )


def tabulate_strengths(trial: pl.DataFrame) -> pl.DataFrame:
    """Per cent flagged and how many there were, by fraud and false taps to 100 honest ones."""
    parts = [
        (f"{100 * low:.0f} to {100 * high:.0f} %" if high < 9 else f"{100 * low:.0f} % or more",
         trial.filter((pl.col("added") >= low) & (pl.col("added") < high)))
        for low, high in STRENGTHS
    ]  # fmt: skip
    return _tabulate("added", parts)


def tabulate_sizes(trial: pl.DataFrame) -> pl.DataFrame:
    """Per cent flagged of frauds of at least 25 %, by the honest ratings of the week."""
    strong = trial.filter(pl.col("added") >= STRONG)
    parts = [
        (f"{low} to {high - 1}" if high < 10**6 else f"{low} or more",
         strong.filter((pl.col("honest") >= low) & (pl.col("honest") < high)))
        for low, high in SIZES
    ]  # fmt: skip
    return _tabulate("honest ratings a week", parts)


def tabulate_nulls(trial: pl.DataFrame) -> pl.DataFrame:
    """Per cent of honest counter-weeks whose p value is at most so small."""
    honest = trial.filter(pl.col("kind") == 0)
    names = [one for one in trial.columns if one.startswith("p_")]
    return pl.DataFrame(
        [
            {"detector": name.removeprefix("p_")}
            | {
                f"p <= {level:g}": 100 * _share(honest[name] <= level)
                for level in (0.01, 0.05, 0.1)
            }
            for name in names
        ]
    )


def _tabulate(label: str, parts: Sequence[tuple[str, pl.DataFrame]]) -> pl.DataFrame:
    """A row a part, a column a fraud."""
    rows = []
    for name, part in parts:
        row = {label: name}
        for kind in KINDS:
            own = part.filter(pl.col("kind") == kind)
            shown = f"{100 * _share(own['flagged']):.0f} % of {len(own)}" if len(own) else "-"
            row[f"fraud {kind}"] = shown
        rows.append(row)
    return pl.DataFrame(rows)


def _share(flags: pl.Series) -> float:
    """The share that is true; NaN of nothing."""
    return int(flags.sum()) / len(flags) if len(flags) else float("nan")
