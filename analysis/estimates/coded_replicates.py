"""Means from columns that are coded and scored already, with the errors that replicates show."""

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.cells import index_blocks
from analysis.codes import Codes
from analysis.design import Design, Replicates
from analysis.estimates.estimation import subtract_strata
from analysis.estimates.replicated import total_replicates
from analysis.estimates.table import DomainMeans
from analysis.replicates import count_df


def replicate_coded_means(
    design: Design, replicates: Replicates, domain: Ints, domains: int, scores: Floats
) -> DomainMeans:
    """Weighted means of complete scores by coded domain, with errors from replicates.

    Arguments as `estimate_coded_means`. The degrees of freedom are those of the domain, at most
    those of the replicates.

    References
    ----------
    Wolter (2007), Introduction to Variance Estimation, 2nd ed., ch. 3 to 5.
    """
    codes = Codes(domain, pl.DataFrame({"domain": np.arange(domains)}))
    columns = np.column_stack([scores, np.ones(len(scores))])
    totals, refits = total_replicates(design, replicates, codes, columns)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = totals[:, :-1] / totals[:, -1:]
        refitted = refits[..., :-1] / refits[..., -1:]
    se = np.sqrt(_spread(replicates, estimate, refitted))
    return DomainMeans(estimate, se, _count_df(design, replicates, codes), totals[:, -1])


def _spread(replicates: Replicates, estimate: Floats, refitted: Floats) -> Floats:
    """Variances of (D, V) estimates from their (D, R, V) refits."""
    counted = replicates.rscales > 0
    centre = estimate if replicates.centred else refitted[:, counted].mean(axis=1)
    apart = refitted - centre[:, None]
    spread = np.einsum("r,drv,drv->dv", replicates.scale * replicates.rscales, apart, apart)
    return np.asarray(spread)


def _count_df(design: Design, replicates: Replicates, codes: Codes) -> Floats:
    stage = design.stages[0]
    used = (codes.code >= 0) & (design.weights.final > 0)
    rows = slice(None) if used.all() else used
    pairs, _ = index_blocks(codes.code[rows], stage.unit[rows], codes.size, len(stage.cell))
    own = subtract_strata(stage, pairs.domain, pairs.unit, codes.size)
    return np.minimum(own, float(count_df(replicates)))
