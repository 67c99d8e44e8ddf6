"""Covariances of the column totals of every domain, from sums alone."""

from itertools import pairwise

import numpy as np
from scipy import sparse

from analysis.arrays import Bools, Floats, Ints
from analysis.cells import multiply_blocks, sum_columns
from analysis.design import Design
from analysis.variance.sums import BlockSums, StageSums, Sums
from analysis.variance.totals import cover_stage

# With more calibration columns than this a table of unit by column is kept sparse.
NARROW = 256
# A variance that lost so many digits to cancellation is looked at again.
CANCELLED = 1e-10
# Relative error of a sum of weighted values.
ROUNDING = 1e-13


def cover_domains(design: Design, sums: Sums) -> Floats:
    """Covariance matrix of the m totals within each domain, (D, m, m).

    Calibration is accounted for by residuals: with totals U of units and A of their calibration
    variables, the unit residuals of domain d are U_d - A B_d, and their quadratic form expands
    into products that need only cells that occur: O(cells x m (m + p)) + O(D m p^2).

    References
    ----------
    Deville & Särndal (1992), equation 3.4; Särndal, Swensson & Wretman (1992), section 4.4.
    """
    slopes = regress_domains(sums)
    width = slopes.shape[1]
    if width > NARROW or _needs_units(design, sums):
        return _cover_by_units(design, sums, slopes)
    covariance = np.zeros((len(sums.totals), *[sums.totals.shape[1]] * 2))
    for place, stage in enumerate(sums.stages):
        auxiliary = auxiliary_totals(sums, place).toarray()
        covariance += _cover_stage(stage, auxiliary, slopes)
    return covariance


def cover_estimates(design: Design, sums: Sums, domain: Ints, gradient: Floats) -> Floats:
    """Covariance matrix of estimates in any domains, (M, M).

    Parameters
    ----------
    domain : (M,) int
        Domain of each estimate.
    gradient : (M, m) float
        Derivative of each estimate by the column totals of its domain.
    """
    slopes = regress_domains(sums)
    bent = np.einsum("dbm,dm->bd", slopes[domain], gradient)
    covariance = np.zeros((len(domain), len(domain)))
    blocks = [np.flatnonzero(domain == one) for one in np.unique(domain)]
    for place, stage in enumerate(sums.stages):
        start, unit = stage.blocks.start, stage.blocks.unit
        totals = np.zeros((len(stage.layout.cell), len(domain)))
        active: Bools = np.zeros(len(totals), dtype=np.bool_)
        for column, inner in enumerate(domain):
            cells = slice(start[inner], start[inner + 1])
            totals[unit[cells], column] = stage.values[cells] @ gradient[column]
            active[unit[cells]] = True
        totals -= auxiliary_totals(sums, place) @ bent
        added = cover_stage(design, stage.layout, totals, active)
        if len(blocks) > 1 and _needs_units(design, sums):
            # Within a domain its own strata decide, as they do for its standard errors.
            for columns in blocks:
                own = np.zeros_like(active)
                own[unit[start[domain[columns[0]]] : start[domain[columns[0]] + 1]]] = True
                inner = cover_stage(design, stage.layout, totals[:, columns], own)
                added[np.ix_(columns, columns)] = inner
        covariance += added
    return covariance


def settle_constants(sums: Sums, covariance: Floats, gradient: Floats, variance: Floats) -> Floats:
    """The variances, exactly 0 in domains where every unit's score is.

    Where all answers of a domain are the same the expanded form leaves a hair of rounding, which
    would be taken for a standard error.

    Parameters
    ----------
    covariance : (D, m, m) float
    gradient : (D, m) float
        Derivative of the figure by the totals of each domain.
    variance : (D,) float
    """
    scale = np.einsum("dm,dmm->d", gradient**2, covariance)
    settled = np.maximum(variance, 0.0)
    for domain in np.flatnonzero(variance < CANCELLED * scale):
        tables = (*sums.stages, *sums.moments)
        if all(_is_constant(table, int(domain), gradient[domain]) for table in tables):
            settled[domain] = 0.0
    return settled


def _is_constant(table: BlockSums, domain: int, gradient: Floats) -> bool:
    """Whether a linear figure is nothing but rounding in every cell of a domain."""
    start = table.blocks.start
    parts = table.values[start[domain] : start[domain + 1]] * gradient
    return bool((np.abs(parts.sum(axis=1)) <= ROUNDING * np.abs(parts).sum(axis=1)).all())


def regress_domains(sums: Sums) -> Floats:
    """Coefficients of the columns of each domain on all calibration variables, (D, b, m)."""
    domains, columns = sums.totals.shape
    found: list[Floats] = []
    for projection, moments, links in zip(sums.projections, sums.moments, sums.links, strict=True):
        basis = projection.basis
        crossed = _cross_moments(basis, moments)
        for link, projected, earlier in zip(links, sums.projections, found, strict=False):
            across = (basis.T @ link @ projected.basis).toarray()
            crossed = crossed - across @ earlier
        found.append(projection.solve(crossed))
    return np.concatenate([np.zeros((domains, 0, columns)), *found], axis=1)


def _cross_moments(basis: sparse.csr_array, moments: BlockSums) -> Floats:
    """Moments of the basis in every domain, (D, b, m)."""
    if basis.shape[1] <= NARROW:
        return multiply_blocks(
            basis[moments.blocks.unit].toarray(), moments.values, moments.blocks.start
        )
    start = moments.blocks.start
    products = [
        basis[moments.blocks.unit[first:last]].T @ moments.values[first:last]
        for first, last in pairwise(start)
    ]
    return np.array(products)


def auxiliary_totals(sums: Sums, stage: int) -> sparse.csr_array:
    """Weighted totals of all calibration variables by unit of a stage, (U, b)."""
    units = len(sums.stages[stage].layout.cell)
    tables = [
        table @ projection.basis
        for table, projection in zip(sums.auxiliaries[stage], sums.projections, strict=True)
    ]
    if not tables:
        return sparse.csr_array((units, 0))
    return sparse.csr_array(sparse.hstack(tables, format="csr"))


def _cover_stage(stage: StageSums, auxiliary: Floats, slopes: Floats) -> Floats:
    """One stage by expansion of the quadratic form, (D, m, m)."""
    layout = stage.layout
    factor, size = layout.settled, layout.stage.size
    mean = sum_columns(layout.cell, auxiliary, len(size)) / size[:, None]
    centred = auxiliary - mean[layout.cell]
    weighted = centred * factor[layout.cell][:, None]
    within, across = _multiply_sides(stage, factor[layout.cell], weighted)
    strata = stage.strata
    shrunk = strata.values * (factor / size)[strata.blocks.unit][:, None]
    within -= multiply_blocks(shrunk, strata.values, strata.blocks.start)
    if not slopes.shape[1]:
        return within
    mixed = across @ slopes
    inner = slopes.transpose(0, 2, 1) @ ((centred.T @ weighted) @ slopes)
    return np.asarray(within - mixed - mixed.transpose(0, 2, 1) + inner)


def _multiply_sides(stage: StageSums, factor: Floats, side: Floats) -> tuple[Floats, Floats]:
    """U' diag(factor) U, (D, m, m), and U' side, (D, m, b), domain by domain."""
    start, unit, values = stage.blocks.start, stage.blocks.unit, stage.values
    columns = values.shape[1]
    # Both products at once, from a buffer that stays in the cache.
    beside = np.column_stack([np.tile(factor, (columns, 1)).T, side])
    held = np.empty((int(np.diff(start).max(initial=0)), beside.shape[1]))
    products = np.zeros((len(start) - 1, columns, beside.shape[1]))
    for domain, (first, last) in enumerate(pairwise(start)):
        if last > first:
            taken = held[: last - first]
            np.take(beside, unit[first:last], axis=0, out=taken, mode="clip")
            taken[:, :columns] *= values[first:last]
            np.matmul(values[first:last].T, taken, out=products[domain])
    return products[:, :, :columns].copy(), products[:, :, columns:]


def _needs_units(design: Design, sums: Sums) -> bool:
    """Whether a domain's own strata decide what a lonely stratum contributes."""
    if design.lonely not in ("adjust", "average"):
        return False
    return design.adjust_domain_lonely or any(stage.layout.lonely.any() for stage in sums.stages)


def _cover_by_units(design: Design, sums: Sums, slopes: Floats) -> Floats:
    """Domain by domain with a full table of units, (D, m, m)."""
    domains, columns = sums.totals.shape
    covariance = np.zeros((domains, columns, columns))
    for place, stage in enumerate(sums.stages):
        auxiliary = auxiliary_totals(sums, place)
        start, units = stage.blocks.start, len(stage.layout.cell)
        for domain in range(domains):
            cells = slice(start[domain], start[domain + 1])
            totals = -(auxiliary @ slopes[domain])
            active: Bools = np.zeros(units, dtype=np.bool_)
            active[stage.blocks.unit[cells]] = True
            totals[stage.blocks.unit[cells]] += stage.values[cells]
            covariance[domain] += cover_stage(design, stage.layout, totals, active)
    return covariance
