"""Means from columns that are coded and scored already: the shortest way from rows to figures."""

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.design import Design
from analysis.estimates.coded_replicates import replicate_coded_means
from analysis.estimates.estimation import count_domain_df
from analysis.estimates.table import DomainMeans
from analysis.variance import Sums, cover_domains, gather_sums, settle_constants


def estimate_coded_means(design: Design, domain: Ints, domains: int, scores: Floats) -> DomainMeans:
    """Weighted means of complete scores by coded domain; from replicates where there are some.

    Parameters
    ----------
    domain : (n,) int
        Domain of each row, 0 .. domains-1; -1 for rows in none.
    scores : (n, V) float, in rows
        Without missing values.

    Raises
    ------
    DesignError
        If a stratum has one unit and the rule is to fail.

    References
    ----------
    As `estimate_means`.
    """
    if design.replicates is not None:
        return replicate_coded_means(design, design.replicates, domain, domains, scores)
    sums = gather_sums(design, domain, domains, scores, constant=True)
    return summarise_means(design, sums)


def summarise_means(design: Design, sums: Sums) -> DomainMeans:
    """Means of all columns of sums but the last, which is the constant."""
    covariance = cover_domains(design, sums)
    weight = sums.totals[:, -1]
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = sums.totals[:, :-1] / weight[:, None]
        spread = np.diagonal(covariance, axis1=1, axis2=2)
        variance = (
            spread[:, :-1] - 2 * estimate * covariance[:, :-1, -1] + estimate**2 * spread[:, -1:]
        ) / weight[:, None] ** 2
    variance = _settle(sums, covariance, estimate, np.nan_to_num(variance))
    se = np.where(np.isfinite(estimate), np.sqrt(variance), np.nan)
    return DomainMeans(estimate, se, count_domain_df(sums, -1), weight)


def _settle(sums: Sums, covariance: Floats, estimate: Floats, variance: Floats) -> Floats:
    """Exactly 0 where all scores of a domain are the same, (D, V)."""
    settled = np.empty_like(variance)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = np.nan_to_num(1 / sums.totals[:, -1], posinf=0.0, neginf=0.0)
    for column in range(variance.shape[1]):
        gradient = np.zeros_like(sums.totals)
        gradient[:, column] = inverse
        gradient[:, -1] = -np.nan_to_num(estimate[:, column]) * inverse
        settled[:, column] = settle_constants(sums, covariance, gradient, variance[:, column])
    return settled
