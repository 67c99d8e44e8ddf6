"""Weights of those who answered, raised for those who did not."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import statsmodels.api as sm
from scipy import linalg, special

from analysis.arrays import Bools, Floats, Ints
from analysis.cells import sum_by
from analysis.codes import encode, to_numbers
from analysis.design import Design, narrow, refuse_bundles
from analysis.errors import CalibrationError, DataError
from analysis.formulas import Formula, build_matrix
from analysis.weighting.logs import append_step, measure_change
from analysis.weighting.replay import replay

# Newton steps for one replicate; a handful settle it unless its answers are separated.
REFITS = 25


@dataclass(frozen=True, eq=False)
class Propensity:
    """A logistic model of who answers.

    Attributes
    ----------
    names : tuple of str
    coefficients, errors : (p,) float
        With standard errors that ignore the design.
    fitted : (n,) float
        Probability of answering of each row.
    """

    names: tuple[str, ...]
    coefficients: Floats
    errors: Floats
    fitted: Floats


def adjust_nonresponse(design: Design, responded: str, cells: Sequence[str]) -> Design:
    """Respondents' weights raised within cells to stand for the nonrespondents.

    Parameters
    ----------
    design : Design
        Of everybody drawn.
    responded : str
        Column that is 1 for a respondent and 0 for a nonrespondent.
    cells : sequence of str
        Columns whose combinations are the cells.

    Returns
    -------
    Design
        Narrowed to the respondents. The adjustment counts as fixed in linearised variances and
        is done again on replicates.

    Raises
    ------
    DataError
        If `responded` is anything but 0 and 1.
    CalibrationError
        If a cell has no respondents, or rows have no cell.

    References
    ----------
    Little (1986), International Statistical Review 54, 139-157.
    """
    answered = read_response(design, responded)
    codes = encode(design.data, cells)
    if (codes.code[design.inside] < 0).any():
        raise CalibrationError(f"{', '.join(cells)} are not all there for every row; fill them in.")
    names = [codes.name(place) for place in range(codes.size)]
    return _raise_in_classes(design, answered, np.maximum(codes.code, 0), names, list(cells))


def adjust_by_propensity(
    design: Design,
    responded: str,
    formula: Formula | str,
    *,
    classes: int | None = None,
    weighted: bool = False,
) -> Design:
    """Respondents' weights divided by their modelled probability of answering.

    Parameters
    ----------
    formula : str or Formula
        Predictors of the logistic model.
    classes : int, optional
        Instead of dividing, raise weights within so many classes of equal size; the classes stay
        on replicates, what is raised within them is computed again. Without classes the model is
        fitted again on every replicate.
    weighted : bool
        Whether the model is fitted with the design weights (pseudo maximum likelihood).

    Raises
    ------
    DataError, CalibrationError
        As `adjust_nonresponse`.

    References
    ----------
    Rosenbaum & Rubin (1983), Biometrika 70, 41-55; classes: Haziza & Beaumont (2017),
    Statistical Science 32, 206-226, section 3.
    """
    model = fit_propensity(design, responded, formula, weighted=weighted)
    answered = read_response(design, responded)
    if classes is not None:
        code = cut_classes(model.fitted, classes)
        names = [f"class {place + 1}" for place in range(classes)]
        return _raise_in_classes(design, answered, code, names, ["propensity"])
    before = design.weights.final
    factor = np.where(answered, 1 / model.fitted, 0.0)
    after = np.where(answered, before * factor, 0.0)
    rows = np.arange(len(before))

    def reweigh(masses: Floats) -> Floats:
        """Factors of the model fitted again to the rows as each replicate has them."""
        scale = 1.0 if weighted else np.where(before > 0, before, np.inf)[:, None]
        fits = refit_propensity(design, answered, model, formula, masses / scale)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(answered[:, None], 1 / fits, 0.0)

    stepped = append_step(
        replace(design, replicates=replay(design, rows, len(rows), reweigh)),
        "nonresponse",
        after,
        {"model": list(model.names), **measure_change(np.where(answered, before, 0.0), after)},
    )
    return narrow(stepped, answered)


def fit_propensity(
    design: Design, responded: str, formula: Formula | str, *, weighted: bool = False
) -> Propensity:
    """Logistic regression of answering on the predictors."""
    refuse_bundles(design, "a propensity model")
    answered = read_response(design, responded).astype(np.float64)
    matrix = build_matrix(design.data, formula)
    if np.isnan(matrix.values).any():
        raise CalibrationError("A predictor is missing in some rows; impute it or leave it out.")
    mass = design.weights.final if weighted else design.inside.astype(np.float64)
    # Weights of mean 1: the fit does not depend on their scale but its convergence does.
    model = sm.GLM(
        answered, matrix.values, family=sm.families.Binomial(), freq_weights=mass / mass.mean()
    )
    with warnings.catch_warnings():
        # Perfect separation is told below, by name.
        warnings.simplefilter("ignore")
        fit = model.fit(tol=1e-14, maxiter=100)
    fitted = np.asarray(fit.fittedvalues, dtype=np.float64)
    if (fitted[design.inside] < 1e-8).any():
        raise CalibrationError(
            "The model says that some rows never answer; use fewer predictors or classes."
        )
    return Propensity(matrix.names, np.asarray(fit.params), np.asarray(fit.bse), fitted)


def refit_propensity(
    design: Design, answered: Bools, model: Propensity, formula: Formula | str, mass: Floats
) -> Floats:
    """Probability of answering by row under the masses of every replicate, (n, R).

    Newton's method from the full sample's coefficients; NaN where it does not settle.
    """
    values = build_matrix(design.data, formula).values
    fitted = np.full(mass.shape, np.nan)
    for place, column in enumerate(mass.T):
        coefficients = model.coefficients.copy()
        for _ in range(REFITS):
            share = special.expit(values @ coefficients)
            score = values.T @ (column * (answered - share))
            information = (values * (column * share * (1 - share))[:, None]).T @ values
            step = linalg.lstsq(information, score, cond=1e-12)[0]
            coefficients = coefficients + step
            if np.abs(step).max() <= 1e-10 * (1 + np.abs(coefficients).max()):
                fitted[:, place] = special.expit(values @ coefficients)
                break
    return fitted


def read_response(design: Design, responded: str) -> Bools:
    """Who answered, among the rows of the design."""
    values = to_numbers(design.data, responded)
    if not np.isin(values[design.inside], (0.0, 1.0)).all():
        raise DataError(
            f"{responded} must be 1 for respondents and 0 for the others, nothing else."
        )
    answered: Bools = (values == 1) & design.inside
    return answered


def cut_classes(fitted: Floats, classes: int) -> Ints:
    """Classes 0 .. classes-1 of equal size by quantiles of the fitted values, closed above."""
    limits = np.quantile(fitted, np.arange(1, classes) / classes)
    return np.searchsorted(limits, fitted, side="left").astype(np.int64)


def _raise_in_classes(
    design: Design, answered: Bools, code: Ints, names: Sequence[str], by: list[str]
) -> Design:
    before = design.weights.final
    drawn = sum_by(code, before, len(names))
    given = sum_by(code, np.where(answered, before, 0.0), len(names))
    silent = [names[int(place)] for place in np.flatnonzero((drawn > 0) & (given == 0))]
    if silent:
        raise CalibrationError(
            f"Nobody answered in {', '.join(silent[:5])}; merge the cell with another."
        )
    factor = np.divide(drawn, given, out=np.ones_like(drawn), where=given > 0)
    after = np.where(answered, before * factor[code], 0.0)
    # A replicate needs drawn and answering masses apart, so respondents are cells of their own.
    cell = 2 * code + answered

    def reweigh(masses: Floats) -> Floats:
        asked = masses[0::2] + masses[1::2]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(asked > 0, asked / masses[1::2], 1.0)
        factors = np.zeros_like(masses)
        factors[1::2] = np.where(np.isfinite(ratio), ratio, np.nan)
        return factors

    stepped = append_step(
        replace(design, replicates=replay(design, cell, 2 * len(names), reweigh)),
        "nonresponse",
        after,
        {
            "cells": by,
            **measure_change(
                np.where(answered, before, 0.0), after, bundles=design.weights.bundles
            ),
        },
    )
    return narrow(stepped, answered)
