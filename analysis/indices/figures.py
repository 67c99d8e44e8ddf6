"""Figures of one weight set: shares, standard errors, intervals and rank sets."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from analysis.arrays import Bools, Floats, Ints
from analysis.cells import sum_by
from analysis.indices.recipe import IndexRecipe
from analysis.indices.weights import WeightSet
from analysis.intervals import bound_by_wilson, find_critical_value
from analysis.ranks import rank_sets
from analysis.variance import Partition, Scores


@dataclass(frozen=True)
class Measure:
    """A figure as the plain mean of ratios `satisfied / answered`.

    Attributes
    ----------
    satisfied, answered : (R, J) float
        Counts in each distinct rating, one column per ratio.
    """

    name: str
    satisfied: Floats
    answered: Floats


@dataclass(frozen=True)
class Domains:
    """Where the rows belong: agencies in order, the province last.

    Attributes
    ----------
    row : (R,) int
        Agency of each row, 0 .. A-1.
    names : (A,) str
    dossiers : (A + 1,) float
    """

    row: Ints
    names: tuple[str, ...]
    dossiers: Floats

    def add_up(self, values: Floats) -> Floats:
        """Sums of (R,) values per agency and for the province, (A + 1,)."""
        table = sum_by(self.row, values, len(self.names))
        return np.append(table, table.sum())

    def scatter(self, agency: Floats, province: Floats) -> Scores:
        """Scores with the agency's column and the province's, (R, A + 1)."""
        rows = np.arange(len(self.row))
        last = np.full(len(rows), len(self.names))
        return sparse.csr_array(
            (
                np.concatenate([agency, province]),
                (np.concatenate([rows, rows]), np.concatenate([self.row, last])),
            ),
            shape=(len(rows), len(self.names) + 1),
        )


@dataclass(frozen=True)
class Figures:
    """Arrays of one measure over the domains, shares on 0 to 1."""

    share: Floats
    plain: Floats
    variance: Floats
    ratings: Floats
    size: Floats
    df: Floats


def compute_figures(
    weights: WeightSet, domains: Domains, measures: Sequence[Measure], recipe: IndexRecipe
) -> pl.DataFrame:
    """One row per domain and measure; see `IndexResult.figures`."""
    partition = Partition.centre(
        weights.group, weights.columns, weights.base, weights.weight, weights.layout
    )
    asked = domains.add_up(weights.layout.repeats)
    return pl.concat(
        _tabulate(measure.name, _estimate(measure, partition, domains), asked, domains, recipe)
        for measure in measures
    )


def _estimate(measure: Measure, partition: Partition, domains: Domains) -> Figures:
    count = partition.layout.repeats
    share, scores = _linearise(measure, count, partition.weight, domains)
    plain, _ = _linearise(measure, count, np.ones_like(count), domains)
    valid = measure.answered.sum(axis=1) > 0
    ratings = domains.add_up(count * valid)
    variance = partition.estimate_variance(scores)
    return Figures(
        share=share,
        plain=plain,
        variance=variance,
        ratings=ratings,
        size=_effective_size(share, variance, measure, partition, domains),
        df=np.maximum(ratings - _count_cells(partition.layout.stratum[valid], domains, valid), 1.0),
    )


def _count_cells(cell: Ints, domains: Domains, valid: Bools) -> Floats:
    """Cells in which each domain has answers, (A + 1,)."""
    agencies = len(domains.names)
    pairs = np.unique(cell * agencies + domains.row[valid])
    occupied = np.bincount(pairs % agencies, minlength=agencies)
    return np.append(occupied, len(np.unique(cell))).astype(np.float64)


def _linearise(
    measure: Measure, count: Floats, weight: Floats, domains: Domains
) -> tuple[Floats, Scores]:
    """Shares (A + 1,) and weighted scores (R, A + 1) of a mean of ratios.

    References
    ----------
    Woodruff (1971), JASA 66, 411-414, for the scores of a ratio.
    """
    sums = len(domains.dossiers)
    mean, used = np.zeros(sums), np.zeros(sums)
    agency, province = np.zeros(len(count)), np.zeros(len(count))
    for satisfied, answered in zip(measure.satisfied.T, measure.answered.T, strict=True):
        below = domains.add_up(count * weight * answered)
        above = domains.add_up(count * weight * satisfied)
        ratio = np.divide(above, below, out=np.zeros(sums), where=below > 0)
        inverse = np.divide(1.0, below, out=np.zeros(sums), where=below > 0)
        mean += ratio
        used += below > 0
        row = domains.row
        agency += (satisfied - ratio[row] * answered) * inverse[row]
        province += (satisfied - ratio[-1] * answered) * inverse[-1]
    share = np.divide(mean, used, out=np.full(sums, np.nan), where=used > 0)
    parts = np.maximum(used, 1)
    scores = domains.scatter(weight * agency / parts[domains.row], weight * province / parts[-1])
    return share, scores


def _effective_size(
    share: Floats, variance: Floats, measure: Measure, partition: Partition, domains: Domains
) -> Floats:
    """Size of the simple random sample that would be as precise; Kish's where the share is 0 or 1.

    Never more than the dossiers, nor than as many answers drawn without replacement would give.

    References
    ----------
    Korn & Graubard (1998), Survey Methodology 24, 193-201; Kish (1992), Journal of Official
    Statistics 8, 183-200.
    """
    count, weight = partition.layout.repeats, partition.weight
    answers = measure.answered.sum(axis=1)
    valid = count * (answers > 0)
    ratings = domains.add_up(valid)
    squares = domains.add_up(valid * weight**2)
    total = domains.add_up(valid * weight)
    kish = np.divide(total**2, squares, out=np.full_like(total, np.nan), where=squares > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        design = share * (1 - share) / variance
        # Sums in floating point may miss a whole share by a rounding error.
        whole = (share < 1e-12) | (share > 1 - 1e-12)
        size = np.where(whole, kish, design)
        left = np.clip(1 - ratings / domains.dossiers, 0, 1)
        limit = np.minimum(domains.add_up(count * answers) / left, domains.dossiers)
    return np.where(domains.dossiers > 0, np.minimum(size, limit), size)


def _tabulate(
    name: str, figures: Figures, asked: Floats, domains: Domains, recipe: IndexRecipe
) -> pl.DataFrame:
    flag = _flag(figures.ratings, asked, domains.dossiers, recipe)
    critical = find_critical_value(recipe.confidence, figures.df)
    lower, upper = bound_by_wilson(figures.share, figures.size, critical)
    low, high = _rank(figures, flag[:-1] == "", recipe)
    columns = {
        "agency": pl.Series([*domains.names, None], dtype=pl.String),
        "measure": [name] * len(asked),
        "estimate": 100 * figures.share,
        "unweighted": 100 * figures.plain,
        "se": 100 * np.sqrt(figures.variance),
        "lower": 100 * lower,
        "upper": 100 * upper,
        "n": figures.ratings.astype(np.int64),
        "n_asked": asked.astype(np.int64),
        "item_response": _divide(figures.ratings, asked),
        "dossiers": domains.dossiers.astype(np.int64),
        "response_rate": _divide(asked, domains.dossiers),
        "n_eff": figures.size,
        "deff": _divide(figures.ratings, figures.size),
        "df": figures.df,
        "rank_low": low,
        "rank_high": high,
        "flag": flag,
    }
    known = pl.col("n") > 0
    frame = pl.DataFrame(columns).fill_nan(None)
    return frame.with_columns(pl.when(known).then(pl.col("se", "n_eff", "deff", "df")))


def _divide(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.full_like(above, np.nan), where=below > 0)


def _flag(
    ratings: Floats, asked: Floats, dossiers: Floats, recipe: IndexRecipe
) -> NDArray[np.str_]:
    """Why a figure is not to be trusted, the gravest reason first."""
    return np.select(
        [ratings == 0, ratings < recipe.minimum_agency, asked > dossiers],
        ["no_ratings", "below_minimum", "more_ratings_than_dossiers"],
        default="",
    )


def _rank(figures: Figures, ranked: Bools, recipe: IndexRecipe) -> tuple[pl.Series, pl.Series]:
    """First and last place of every agency without a flag; the sets hold jointly.

    References
    ----------
    Klein, Wright & Wieczorek (2020), JRSS A 183, 589-606; Šidák (1967), JASA 62, 626-633 for the
    confidence of each of K independent intervals.
    """
    places = np.flatnonzero(ranked)
    confidence = recipe.confidence ** (1 / max(len(places), 1))
    critical = find_critical_value(confidence, figures.df[places])
    lower, upper = bound_by_wilson(figures.share[places], figures.size[places], critical)
    found = rank_sets(lower, upper)
    series = []
    for column in found:
        values: list[int | None] = [None] * len(figures.share)
        for place, rank in zip(places, column, strict=True):
            values[place] = int(rank)
        series.append(pl.Series(values, dtype=pl.Int64))
    return series[0], series[1]
