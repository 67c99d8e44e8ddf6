"""From days to a week, and from several detectors to one p value of a counter-week."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy import stats

from analysis.arrays import Bools, Floats
from analysis.quality.discovery import find_q_values
from analysis.quality.findings import Findings
from analysis.quality.records import REASON, QualityRecipe
from analysis.quality.sightings import Sightings


def join_days(p: Floats, present: Bools) -> Floats:
    """One p value a counter from those of its days: a single bad day, or a little every day.

    Twice the smaller of Sidak's (smallest p of k days) and Fisher's (sum of logarithms). Both
    hold for independent days whose p values are uniform or larger, so discrete and conservative
    ones are safe.

    Parameters
    ----------
    p : (C, 7) float
    present : (C, 7) bool
        Which days were judged; a counter without any gets 1.

    References
    ----------
    Fisher (1932), Statistical methods for research workers, 4th ed., sect. 21.1; Sidak (1967),
    Journal of the American Statistical Association 62, 626-633.
    """
    days = present.sum(axis=1)
    safe = np.where(present, np.clip(p, 1e-300, 1.0), 1.0)
    smallest = -np.expm1(np.maximum(days, 1) * np.log1p(-np.minimum(safe.min(axis=1), 1 - 1e-16)))
    fisher = stats.chi2.sf(-2 * np.log(safe).sum(axis=1), 2 * np.maximum(days, 1))
    return np.where(days > 0, np.minimum(1.0, 2 * np.minimum(smallest, fisher)), 1.0)


def join_detectors(p: Floats) -> Floats:
    """Bonferroni over detectors: the smallest p times how many there are, at most 1.

    Nothing is assumed about how the detectors depend on one another; they share the same taps.

    Parameters
    ----------
    p : (C, D) float

    References
    ----------
    Dunn (1961), Journal of the American Statistical Association 56, 52-64; Vovk & Wang (2020),
    Biometrika 107, 791-808, show that no rule that is valid whatever the dependence beats it
    when one detector sees what the others cannot.
    """
    if not p.shape[1]:
        return np.ones(len(p))
    return np.asarray(np.minimum(1.0, p.min(axis=1) * p.shape[1]))


def combine_detectors(
    sightings: Sightings, found: Sequence[Findings], recipe: QualityRecipe
) -> pl.DataFrame:
    """The rows of `Judgement.weeks`: each detector's, and "all" with the verdict."""
    p = np.ones((sightings.size, len(found)))
    reasons: list[list[list[dict[str, object]]]] = []
    for column, one in enumerate(found):
        p[one.weeks["counter"].to_numpy(), column] = one.weeks["p"].to_numpy()
        reasons.append(_write_reasons(one, sightings))
    joined = join_detectors(p)
    q = find_q_values(joined)
    verdict = (q <= recipe.false_share) & (joined <= recipe.largest_p)
    carries = verdict[:, None] & (p * max(1, len(found)) <= _bar(joined, verdict))
    told = [
        [line for column in np.argsort(p[place]) if carries[place, column]
         for line in reasons[column][place]]
        for place in range(sightings.size)
    ]  # fmt: skip
    names = ["all", *(one.detector for one in found)]
    columns = [joined, *p.T]
    flags = [verdict, *carries.T]
    return pl.concat(
        _frame(
            sightings,
            detector=name,
            p=column,
            q=find_q_values(column),
            flagged=flag,
            reasons=pl.Series(lines, dtype=pl.List(REASON)),
        )
        for name, column, flag, lines in zip(names, columns, flags, [told, *reasons], strict=True)
    )


def _bar(joined: Floats, verdict: Bools) -> float:
    """The largest joined p value that was flagged: a detector below it would flag alone."""
    return float(joined[verdict].max()) if verdict.any() else 0.0


def _write_reasons(one: Findings, sightings: Sightings) -> list[list[dict[str, object]]]:
    lines: list[list[dict[str, object]]] = [[] for _ in range(sightings.size)]
    for row in one.weeks.iter_rows(named=True):
        day = row["day"]
        line = {field.name: row[field.name] for field in REASON.fields}
        line["day"] = None if day is None else day + sightings.monday
        lines[row["counter"]].append(line)
    return lines


def _frame(
    sightings: Sightings, *, detector: str, **columns: Floats | Bools | pl.Series
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "counter": sightings.labels,
            "week": np.full(sightings.size, sightings.monday),
            "detector": pl.Series([detector] * sightings.size, dtype=pl.String),
            **columns,
        }
    )
