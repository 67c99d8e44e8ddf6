"""From a workbook of figures to a table of estimates, for any crossing of domains in one pass."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.cells import index_blocks, sum_by
from analysis.codes import Codes, encode, with_missing
from analysis.design import Design, Replicates, Stage
from analysis.estimates.effects import compare_with_srs
from analysis.estimates.reliability import flag_estimates
from analysis.estimates.replicated import total_replicates
from analysis.estimates.requests import Figure, Missing, Plan, Workbook
from analysis.estimates.table import Estimates, Linearised, Replicated
from analysis.intervals import find_critical_value
from analysis.replicates import count_df
from analysis.variance import Sums, cover_domains, gather_sums, settle_constants


@dataclass(frozen=True, eq=False)
class Parts:
    """Arrays of all figures over all domains, figure by figure, (V, D)."""

    estimate: Floats
    se: Floats
    df: Floats
    used: Ints
    weight: Floats
    source: Linearised | Replicated


def estimate_figures(
    design: Design,
    book: Workbook,
    by: Sequence[str] = (),
    *,
    confidence: float = 0.95,
    deff: str | None = None,
) -> Estimates:
    """Estimate every figure of a workbook in every domain.

    Domains are the combinations of the `by` columns that occur inside the design; rows where
    one of them is missing are a domain of their own with null labels.

    Parameters
    ----------
    deff : str, optional
        `without`: design effect over simple random sampling without replacement; `with`: with.

    References
    ----------
    Linearisation: Binder (1983), International Statistical Review 51, 279-292. Degrees of
    freedom by domain, active units minus active strata: Korn & Graubard (1999), Analysis of
    Health Surveys, section 5.2.
    """
    codes = code_domains(design, by)
    columns, order = book.matrix()
    replicates = design.replicates
    if replicates is None:
        parts = _linearise(design, book, codes, columns, order)
    else:
        parts = _replicate(design, replicates, book, codes, (columns, order))
    rows = sum_by(codes.code[design.inside], np.ones(design.size), codes.size)
    table = tabulate(book.figures, codes.labels, parts, rows, confidence)
    if deff is not None:
        effect = compare_with_srs(design, book, codes, (columns, order), parts.se, kind=deff)
        table = table.with_columns(deff=_flatten(effect))
    return Estimates(table, tuple(by), confidence, parts.source)


def estimate_plan(
    design: Design,
    plan: Plan,
    by: Sequence[str] = (),
    *,
    missing: Missing = "fail",
    confidence: float = 0.95,
    deff: str | None = None,
) -> Estimates:
    """Estimate what a plan asks for from the rows of a design; see `estimate_figures`."""
    book = Workbook(design, missing)
    plan.fill(book)
    found = estimate_figures(design, book, by, confidence=confidence, deff=deff)
    return plan.finish(found)


def code_domains(design: Design, by: Sequence[str]) -> Codes:
    """Domains that occur inside the design; rows outside it have code -1."""
    if design.inside.all():
        return with_missing(encode(design.data, by))
    inner = with_missing(encode(design.data.filter(pl.Series(design.inside)), by))
    code = np.full(len(design.data), -1, dtype=np.int64)
    code[design.inside] = inner.code
    return Codes(code, inner.labels)


def _linearise(
    design: Design, book: Workbook, codes: Codes, columns: Floats, order: dict[int, int]
) -> Parts:
    sums = gather_sums(design, codes.code, codes.size, columns)
    masks = [order[figure.mask] for figure in book.figures]
    used = _count_rows(design, codes, columns, masks)
    return linearise_sums(design, book.figures, order, sums, used)


def linearise_sums(
    design: Design, figures: Sequence[Figure], order: dict[int, int], sums: Sums, used: Ints
) -> Parts:
    """Estimate every figure from sums alone.

    Parameters
    ----------
    order : mapping
        Column of the sums that holds each column of the workbook.
    used : (V, D) int
        Rows that count.
    """
    covariance = cover_domains(design, sums)
    estimates, errors, gradients = [], [], []
    for figure in figures:
        places = [order[place] for place in figure.columns]
        totals = sums.totals[:, places]
        slope = figure.curve.slope(totals)
        gradient = np.zeros_like(sums.totals)
        for place, column in zip(places, slope.T, strict=True):
            gradient[:, place] += np.where(np.isfinite(column), column, 0.0)
        variance = np.einsum("dm,dmk,dk->d", gradient, covariance, gradient)
        variance = settle_constants(sums, covariance, gradient, variance)
        estimates.append(figure.curve.value(totals))
        errors.append(np.sqrt(variance))
        gradients.append(gradient)
    estimate = np.array(estimates)
    masks = [order[figure.mask] for figure in figures]
    domains = len(sums.totals)
    source = Linearised(
        design,
        sums,
        np.tile(np.arange(domains), len(masks)),
        np.concatenate(gradients),
    )
    return Parts(
        estimate=estimate,
        se=np.where(np.isfinite(estimate), np.array(errors), np.nan),
        df=np.array([count_domain_df(sums, mask) for mask in masks]),
        used=used,
        weight=sums.totals[:, masks].T,
        source=source,
    )


def count_domain_df(sums: Sums, mask: int) -> Floats:
    """Units of the first stage minus strata, among rows that count, by domain (D,)."""
    first = sums.stages[0]
    active = first.values[:, mask] > 0
    if active.all():
        strata = np.diff(first.strata.blocks.start)
        return (np.diff(first.blocks.start) - strata).astype(np.float64)
    domain, unit = first.blocks.domain[active], first.blocks.unit[active]
    return subtract_strata(first.layout.stage, domain, unit, len(sums.totals))


def subtract_strata(stage: Stage, domain: Ints, unit: Ints, domains: int) -> Floats:
    """Units minus strata among pairs of domain and unit that occur, (D,)."""
    units = np.bincount(domain, minlength=domains)
    occupied, _ = index_blocks(domain, stage.cell[unit], domains, len(stage.size))
    return (units - np.diff(occupied.start)).astype(np.float64)


def _limit_df(
    design: Design, replicates: Replicates, codes: Codes, columns: Floats, masks: Sequence[int]
) -> Floats:
    """Degrees of freedom of the replicates, or of the domain where it has fewer, (V, D)."""
    most, stage = float(count_df(replicates)), design.stages[0]
    used = (codes.code >= 0) & (design.weights.final > 0)
    found = {}
    for mask in set(masks):
        rows = used & (columns[:, mask] > 0)
        blocks, _ = index_blocks(codes.code[rows], stage.unit[rows], codes.size, len(stage.cell))
        own = subtract_strata(stage, blocks.domain, blocks.unit, codes.size)
        found[mask] = np.minimum(own, most)
    return np.array([found[mask] for mask in masks])


def _count_rows(design: Design, codes: Codes, columns: Floats, masks: Sequence[int]) -> Ints:
    """Rows with weight that count, (V, D)."""
    used = (codes.code >= 0) & (design.weights.final > 0)
    inner = codes.code[used]
    counted = {mask: sum_by(inner, columns[used, mask], codes.size) for mask in set(masks)}
    return np.array([counted[mask] for mask in masks]).astype(np.int64)


def _replicate(
    design: Design,
    replicates: Replicates,
    book: Workbook,
    codes: Codes,
    table: tuple[Floats, dict[int, int]],
) -> Parts:
    columns, order = table
    totals, refits = total_replicates(design, replicates, codes, columns)
    estimates, repeated = [], []
    for figure in book.figures:
        places = [order[place] for place in figure.columns]
        estimates.append(figure.curve.value(totals[:, places]))
        repeated.append(figure.curve.value(refits[..., places]))
    estimate = np.array(estimates)
    source = Replicated(replicates, estimate.ravel(), np.concatenate(repeated))
    masks = [order[figure.mask] for figure in book.figures]
    return Parts(
        estimate=estimate,
        se=np.sqrt(source.spread()).reshape(estimate.shape),
        df=_limit_df(design, replicates, codes, columns, masks),
        used=_count_rows(design, codes, columns, masks),
        weight=totals[:, masks].T,
        source=source,
    )


def tabulate(
    figures: Sequence[Figure], labels: pl.DataFrame, parts: Parts, rows: Floats, confidence: float
) -> pl.DataFrame:
    """The table of estimates, figure by figure; `rows` are those of every domain."""
    domains = len(labels)
    repeated = pl.concat([labels] * len(figures))
    if labels.columns == ["all"]:
        repeated = repeated.drop("all")
    critical = find_critical_value(confidence, parts.df)
    names = [figure.component for figure in figures for _ in range(domains)]
    with np.errstate(invalid="ignore", divide="ignore"):
        relative = parts.se / np.abs(parts.estimate)
    flags = flag_estimates(parts.used, parts.df, relative)
    columns = pl.DataFrame(
        {
            "component": names,
            "estimate": _flatten(parts.estimate),
            "se": _flatten(parts.se),
            "df": _flatten(parts.df),
            "n": parts.used.ravel(),
            "missing": (rows[None, :] - parts.used).ravel().astype(np.int64),
            "weight": _flatten(parts.weight),
            "lower": _flatten(parts.estimate - critical * parts.se),
            "upper": _flatten(parts.estimate + critical * parts.se),
            "cv": _flatten(relative),
            "flag": flags.ravel(),
        }
    )
    return pl.concat([repeated, columns], how="horizontal") if repeated.width else columns


def _flatten(values: Floats) -> pl.Series:
    return pl.Series(values.ravel()).fill_nan(None)
