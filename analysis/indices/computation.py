"""From dossier counts and ratings to the figures of every agency and of the province."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.arrays import Floats
from analysis.errors import DataError
from analysis.indices.answers import Answers, read_population, read_ratings
from analysis.indices.figures import Domains, Measure, compute_figures
from analysis.indices.recipe import (
    INDEX,
    OVERALL,
    Factors,
    IndexRecipe,
    IndexResult,
    name_items,
)
from analysis.indices.weights import WeightSet, weigh_ratings

Ratios = dict[str, tuple[tuple[str, ...], ...]]


@dataclass(frozen=True)
class SetResult:
    """What one weight set contributes to an `IndexResult`."""

    figures: pl.DataFrame
    collapses: pl.DataFrame
    report: pl.DataFrame
    margins: pl.DataFrame


def compute_index(
    population: pl.DataFrame, ratings: pl.DataFrame, recipe: IndexRecipe, *, factors: Factors
) -> IndexResult:
    """Overall rating, factors and index of every agency, weighted to its returned dossiers.

    Two sets of ratings are weighted apart: those that tapped (for `overall_rating`) and those
    that answered at least one factor (for `factor_*` and `index`, in which the tap has no part).
    The figures assume that within cells answering does not depend on satisfaction.

    Parameters
    ----------
    population : polars.DataFrame
        `agency`, `field`, `channel`, `on_time` and `dossiers`: the returned dossiers of the
        period. Rows with the same keys add up.
    ratings : polars.DataFrame
        One row per linked rating: the same keys (null where the cell was hidden for privacy),
        `overall` and one column of codes per item, null for no answer or not applicable; and
        perhaps `count`, so many identical ratings.
    recipe : IndexRecipe
    factors : sequence of str, or mapping of str to sequences of str
        Names of the factor columns, or the item columns of each factor.

    Returns
    -------
    IndexResult
        The same bytes for the same rows in any order.

    Raises
    ------
    DataError
        If a column is missing, a count negative, or an agency has ratings but no dossiers.

    References
    ----------
    docs/methods.md, "The index of a period".
    """
    items = name_items(factors)
    columns = tuple(item for group in items.values() for item in group)
    dossiers = read_population(population)
    answers = read_ratings(ratings, columns, recipe)
    agencies = _count_dossiers(population, dossiers, answers)
    tapped: Ratios = {OVERALL: (("overall",),)}
    sets = {
        "overall": _compute_set(answers.keep(("overall",)), tapped, dossiers, agencies, recipe),
        "factors": _compute_set(
            answers.keep(columns), _name_measures(items, recipe), dossiers, agencies, recipe
        ),
    }
    figures = pl.concat(result.figures for result in sets.values())
    return IndexResult(
        figures=figures.sort("agency", nulls_last=True, maintain_order=True),
        collapses=_stack({name: result.collapses for name, result in sets.items()}),
        reports=_stack({name: result.report for name, result in sets.items()}),
        margins=_stack({name: result.margins for name, result in sets.items()}),
    )


def _name_measures(items: dict[str, tuple[str, ...]], recipe: IndexRecipe) -> Ratios:
    """Columns of every ratio that a measure averages."""
    factors = tuple(items.values())
    pooled = tuple(item for group in factors for item in group)
    index = {
        "pooled_answers": (pooled,),
        "mean_of_items": tuple((item,) for item in pooled),
        "mean_of_factors": factors,
    }[recipe.aggregation]
    named = {f"factor_{name}": (group,) for name, group in items.items()}
    return {INDEX: index, **named}


def _count_dossiers(
    population: pl.DataFrame, dossiers: pl.DataFrame, answers: Answers
) -> pl.DataFrame:
    """Dossiers of every agency of the population, in the agencies' order.

    Raises
    ------
    DataError
        If ratings name an agency that has no dossiers.
    """
    sums = dossiers.group_by("agency").agg(pl.col("dossiers").sum())
    named = population.select(pl.col("agency").cast(pl.String)).unique()
    strangers = answers.rows.select("agency").unique().join(sums, on="agency", how="anti")
    if len(strangers):
        names = ", ".join(strangers["agency"].sort()[:5])
        raise DataError(
            f"{len(strangers)} agencies have ratings but no returned dossiers ({names}); "
            "import their dossiers or leave their ratings out."
        )
    return named.join(sums, on="agency", how="left").fill_null(0).sort("agency")


def _compute_set(
    answers: Answers,
    measures: Ratios,
    dossiers: pl.DataFrame,
    agencies: pl.DataFrame,
    recipe: IndexRecipe,
) -> SetResult:
    """Weigh one set of ratings and estimate its measures."""
    weights = weigh_ratings(answers.rows, dossiers, recipe)
    order = agencies.with_row_index("place").select("agency", pl.col("place").cast(pl.Int64))
    place = weights.rows.join(order, on="agency", how="left", maintain_order="left")["place"]
    totals = agencies["dossiers"].to_numpy().astype(np.float64)
    domains = Domains(place.to_numpy(), tuple(agencies["agency"]), np.append(totals, totals.sum()))
    built = [_build_measure(name, parts, weights.rows) for name, parts in measures.items()]
    return SetResult(
        figures=compute_figures(weights, domains, built, recipe),
        collapses=weights.collapses,
        report=_report(weights, int(totals.sum())),
        margins=weights.margins,
    )


def _build_measure(name: str, parts: tuple[tuple[str, ...], ...], rows: pl.DataFrame) -> Measure:
    satisfied = [rows.select(columns).sum_horizontal().fill_null(0) for columns in parts]
    answered = [
        rows.select(pl.sum_horizontal(pl.col(columns).is_not_null())).to_series()
        for columns in parts
    ]
    return Measure(name, _stack_columns(satisfied), _stack_columns(answered))


def _stack_columns(series: list[pl.Series]) -> Floats:
    return np.column_stack([column.to_numpy().astype(np.float64) for column in series])


def _report(weights: WeightSet, dossiers: int) -> pl.DataFrame:
    """Kish's measures and the fit of the margins.

    References
    ----------
    Kish (1992), Journal of Official Statistics 8, 183-200.
    """
    count, weight = weights.layout.repeats, weights.weight
    n = float(count.sum())
    squares = float(count @ weight**2)
    size = float(count @ weight) ** 2 / squares if squares else None
    return pl.DataFrame(
        {
            "n": [int(n)],
            "dossiers": [dossiers],
            "weight_min": [float(weight.min()) if n else None],
            "weight_max": [float(weight.max()) if n else None],
            "weight_mean": [float(count @ weight) / n if n else None],
            "n_eff": [size],
            "deff": [n / size if size else None],
            "margin_error": [weights.error],
            "sweeps": [weights.sweeps],
        },
        schema_overrides=dict.fromkeys(
            ("weight_min", "weight_max", "weight_mean", "n_eff", "deff"), pl.Float64
        ),
    )


def _stack(frames: dict[str, pl.DataFrame]) -> pl.DataFrame:
    named = [
        frame.select(pl.lit(name).alias("weight_set"), pl.all()) for name, frame in frames.items()
    ]
    return pl.concat(named)
