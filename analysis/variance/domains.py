"""Covariances of the column totals of every domain, from sums alone."""

from itertools import pairwise

import numpy as np
from scipy import sparse

from analysis.arrays import Bools, Floats, Ints
from analysis.cells import multiply_blocks, sum_by
from analysis.design import Design
from analysis.variance.stages import StageLayout
from analysis.variance.sums import BlockSums, Sums
from analysis.variance.totals import cover_stage

# With more calibration columns than this a table of unit by column is kept sparse.
NARROW = 256


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
    for place, (layout, blocks) in enumerate(zip(sums.layouts, sums.stages, strict=True)):
        auxiliary = auxiliary_totals(sums, place).toarray()
        covariance += _cover_stage(layout, blocks, auxiliary, slopes)
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
    for place, (layout, blocks) in enumerate(zip(sums.layouts, sums.stages, strict=True)):
        units = len(layout.cell)
        totals = np.zeros((units, len(domain)))
        start = blocks.blocks.start
        for column, inner in enumerate(domain):
            cells = slice(start[inner], start[inner + 1])
            totals[blocks.blocks.unit[cells], column] = blocks.values[cells] @ gradient[column]
        totals -= auxiliary_totals(sums, place) @ bent
        active = np.ones(units, dtype=np.bool_)
        covariance += cover_stage(design, layout, totals, active)
    return covariance


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
    units = len(sums.layouts[stage].cell)
    tables = [
        table @ projection.basis
        for table, projection in zip(sums.auxiliaries[stage], sums.projections, strict=True)
    ]
    if not tables:
        return sparse.csr_array((units, 0))
    return sparse.csr_array(sparse.hstack(tables, format="csr"))


def _cover_stage(layout: StageLayout, sums: BlockSums, auxiliary: Floats, slopes: Floats) -> Floats:
    """One stage by expansion of the quadratic form, (D, m, m)."""
    cell, factor = layout.cell, layout.settled
    mean = (
        np.column_stack(
            [np.zeros(len(factor)), *(sum_by(cell, each, len(factor)) for each in auxiliary.T)]
        )[:, 1:]
        / layout.stage.size[:, None]
    )
    centred = auxiliary - mean[cell]
    side = np.column_stack([factor[cell], centred * factor[cell][:, None]])
    within, across = _multiply_sides(sums, side)
    within -= _square_strata(layout, sums)
    if not slopes.shape[1]:
        return within
    inner = centred.T @ side[:, 1:]
    mixed = across @ slopes
    return np.asarray(
        within - mixed - mixed.transpose(0, 2, 1) + slopes.transpose(0, 2, 1) @ (inner @ slopes)
    )


def _multiply_sides(sums: BlockSums, side: Floats) -> tuple[Floats, Floats]:
    """U' diag(side_0) U, (D, m, m), and U' side_1.., (D, m, b), domain by domain."""
    start, unit, values = sums.blocks.start, sums.blocks.unit, sums.values
    columns, width = values.shape[1], side.shape[1] - 1
    within = np.zeros((len(start) - 1, columns, columns))
    across = np.zeros((len(start) - 1, columns, width))
    for domain, (first, last) in enumerate(pairwise(start)):
        if last > first:
            block, beside = values[first:last], side[unit[first:last]]
            within[domain] = block.T @ (block * beside[:, :1])
            across[domain] = block.T @ beside[:, 1:]
    return within, across


def _square_strata(layout: StageLayout, sums: BlockSums) -> Floats:
    """What centring in strata takes away: sum_h factor_h / n_h S_h S_h', (D, m, m)."""
    start, cell = sums.blocks.start, layout.cell[sums.blocks.unit]
    fresh = np.ones(len(cell), dtype=np.bool_)
    fresh[1:] = cell[1:] != cell[:-1]
    fresh[start[:-1][start[:-1] < len(cell)]] = True
    runs = np.flatnonzero(fresh)
    if not len(runs):
        return np.zeros((len(start) - 1, *[sums.values.shape[1]] * 2))
    strata = np.add.reduceat(sums.values, runs, axis=0)
    weight = (layout.settled / layout.stage.size)[cell[runs]]
    return multiply_blocks(strata * weight[:, None], strata, np.searchsorted(runs, start))


def _needs_units(design: Design, sums: Sums) -> bool:
    """Whether a domain's own strata decide what a lonely stratum contributes."""
    if design.lonely not in ("adjust", "average"):
        return False
    return design.adjust_domain_lonely or any(layout.lonely.any() for layout in sums.layouts)


def _cover_by_units(design: Design, sums: Sums, slopes: Floats) -> Floats:
    """Domain by domain with a full table of units, (D, m, m)."""
    domains, columns = sums.totals.shape
    covariance = np.zeros((domains, columns, columns))
    for place, (layout, blocks) in enumerate(zip(sums.layouts, sums.stages, strict=True)):
        auxiliary = auxiliary_totals(sums, place)
        start, units = blocks.blocks.start, len(layout.cell)
        for domain in range(domains):
            cells = slice(start[domain], start[domain + 1])
            totals = -(auxiliary @ slopes[domain])
            active: Bools = np.zeros(units, dtype=np.bool_)
            active[blocks.blocks.unit[cells]] = True
            totals[blocks.blocks.unit[cells]] += blocks.values[cells]
            covariance[domain] += cover_stage(design, layout, totals, active)
    return covariance
