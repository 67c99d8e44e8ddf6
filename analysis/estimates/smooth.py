"""Totals, means, proportions, ratios and variances by any crossing of domains."""

from collections.abc import Sequence

import numpy as np

from analysis.cells import sum_by
from analysis.design import Design
from analysis.estimates.curves import covariance_curve, ratio_curve, total_curve
from analysis.estimates.estimation import code_domains, estimate_figures, estimate_plan
from analysis.estimates.requests import Figure, Missing, Plan, Workbook
from analysis.estimates.table import Estimates


def estimate_totals(
    design: Design,
    variables: Sequence[str],
    by: Sequence[str] = (),
    *,
    missing: Missing = "fail",
    confidence: float = 0.95,
    deff: str | None = None,
) -> Estimates:
    """Weighted totals of numeric variables.

    Parameters
    ----------
    design : Design
    variables : sequence of str
    by : sequence of str
        Columns whose combinations are the domains.
    missing : str
        `fail`; `available`: each variable from the rows that have it; `complete`: from the rows
        that have all of them.
    confidence : float
        Of the interval, by Student's t with the degrees of freedom of the domain.
    deff : str, optional
        `without` or `with` replacement.

    Raises
    ------
    DataError
        If a variable is not there, is text, or has gaps and the policy is to fail.
    DesignError
        If a stratum has one unit and the design's rule is to fail.

    References
    ----------
    Horvitz & Thompson (1952), JASA 47, 663-685.
    """
    plan = plan_totals(variables)
    return estimate_plan(design, plan, by, missing=missing, confidence=confidence, deff=deff)


def estimate_means(
    design: Design,
    variables: Sequence[str],
    by: Sequence[str] = (),
    *,
    missing: Missing = "fail",
    confidence: float = 0.95,
    deff: str | None = None,
) -> Estimates:
    """Weighted means of numeric variables; arguments as `estimate_totals`.

    References
    ----------
    Hájek (1971), in Foundations of Statistical Inference, 236; variance by linearisation,
    Woodruff (1971), JASA 66, 411-414.
    """
    plan = plan_means(variables)
    return estimate_plan(design, plan, by, missing=missing, confidence=confidence, deff=deff)


def estimate_ratios(
    design: Design,
    pairs: Sequence[tuple[str, str]],
    by: Sequence[str] = (),
    *,
    missing: Missing = "fail",
    confidence: float = 0.95,
    deff: str | None = None,
) -> Estimates:
    """Ratios of totals, numerator over denominator; other arguments as `estimate_totals`.

    References
    ----------
    Cochran (1977), Sampling Techniques, section 6.3; Woodruff (1971).
    """
    plan = plan_ratios(pairs)
    return estimate_plan(design, plan, by, missing=missing, confidence=confidence, deff=deff)


def plan_totals(variables: Sequence[str]) -> Plan:
    """The totals of `estimate_totals`."""

    def fill(book: Workbook) -> None:
        for name in variables:
            mask = book.mask([name], variables)
            book.figures.append(Figure(name, (book.product(mask, name),), mask, total_curve()))

    return Plan(tuple(variables), fill)


def plan_means(variables: Sequence[str]) -> Plan:
    """The means of `estimate_means`."""

    def fill(book: Workbook) -> None:
        for name in variables:
            mask = book.mask([name], variables)
            # Centred, so that a small spread around a large mean keeps its digits.
            middle = book.average(mask, name)
            column = book.product(mask, name, centre=(middle,))
            book.figures.append(Figure(name, (column, mask), mask, ratio_curve(middle)))

    return Plan(tuple(variables), fill)


def plan_ratios(pairs: Sequence[tuple[str, str]]) -> Plan:
    """The ratios of `estimate_ratios`."""
    everything = [name for pair in pairs for name in pair]

    def fill(book: Workbook) -> None:
        for above, below in pairs:
            mask = book.mask([above, below], everything)
            columns = (book.product(mask, above), book.product(mask, below))
            book.figures.append(Figure(f"{above}/{below}", columns, mask, ratio_curve()))

    return Plan(tuple(everything), fill)


def estimate_variances(
    design: Design,
    variables: Sequence[str],
    by: Sequence[str] = (),
    *,
    missing: Missing = "fail",
    confidence: float = 0.95,
) -> Estimates:
    """Population variances with n / (n - 1), n the rows of the domain.

    References
    ----------
    Särndal, Swensson & Wretman (1992), example 5.5.4.
    """
    pairs = [(name, name) for name in variables]
    return _estimate_products(design, pairs, by, missing, confidence)


def estimate_covariances(
    design: Design,
    variables: Sequence[str],
    by: Sequence[str] = (),
    *,
    missing: Missing = "fail",
    confidence: float = 0.95,
) -> Estimates:
    """Population variances and covariances of all pairs; components `x`, `x:y` with x before y."""
    pairs = [(left, right) for place, left in enumerate(variables) for right in variables[place:]]
    return _estimate_products(design, pairs, by, missing, confidence)


def _estimate_products(
    design: Design,
    pairs: Sequence[tuple[str, str]],
    by: Sequence[str],
    missing: Missing,
    confidence: float,
) -> Estimates:
    book = Workbook(design, missing)
    codes = code_domains(design, by)
    used = (design.weights.final > 0) & (codes.code >= 0)
    everything = [name for pair in pairs for name in pair]
    for left, right in pairs:
        mask = book.mask([left, right], everything)
        middle = (book.average(mask, left), book.average(mask, right))
        columns = (
            book.product(mask, left, centre=middle[:1]),
            book.product(mask, right, centre=middle[1:]),
            book.product(mask, left, right, centre=middle),
            mask,
        )
        rows = sum_by(codes.code[used], book.columns[mask][used], codes.size)
        correction = np.divide(rows, rows - 1, out=np.full_like(rows, np.nan), where=rows > 1)
        name = left if left == right else f"{left}:{right}"
        book.figures.append(Figure(name, columns, mask, covariance_curve(correction)))
    return estimate_figures(design, book, by, confidence=confidence)
