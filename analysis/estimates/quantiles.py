"""Quantiles with Woodruff intervals by any crossing of domains."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.codes import Codes
from analysis.design import Design
from analysis.errors import DataError
from analysis.estimates.curves import ratio_curve
from analysis.estimates.estimation import code_domains, estimate_figures
from analysis.estimates.ordering import QuantileRule, find_quantiles
from analysis.estimates.requests import Figure, Missing, Workbook
from analysis.intervals import bound_proportions, find_critical_value

WoodruffMethod = Literal["t", "logit", "arcsine", "korn_graubard"]


@dataclass(frozen=True, eq=False)
class Quantiles:
    """Quantiles by domain.

    Attributes
    ----------
    table : polars.DataFrame
        The domain's columns, `component`, `p`, `estimate`, `se`, `df`, `n`, `missing`, `lower`,
        `upper`, `flag`.
    by : tuple of str
    """

    table: pl.DataFrame
    by: tuple[str, ...]


def estimate_quantiles(
    design: Design,
    variables: Sequence[str],
    probabilities: Sequence[float] = (0.25, 0.5, 0.75),
    by: Sequence[str] = (),
    *,
    interval: WoodruffMethod = "t",
    rule: QuantileRule = "math",
    missing: Missing = "fail",
    confidence: float = 0.95,
) -> Quantiles:
    """Quantiles of numeric variables.

    The interval is that of the share at or below the quantile, read back as values; a limit of
    the share outside 0..1 gives NaN. The standard error is the interval's width in t units.

    Parameters
    ----------
    probabilities : sequence of float, 0 to 1
    interval : str
        How the share is bounded: `t`, `logit`, `arcsine` or `korn_graubard`.
    rule : str
        See `find_quantiles`.

    Raises
    ------
    DataError
        If a probability, variable, rule or interval does not fit.

    References
    ----------
    Woodruff (1952), JASA 47, 635-646; Francisco & Fuller (1991), Annals of Statistics 19,
    454-469.
    """
    levels = np.asarray(probabilities, dtype=np.float64)
    if not ((levels >= 0) & (levels <= 1)).all():
        raise DataError(f"Probabilities must lie between 0 and 1, not {list(probabilities)}.")
    codes = code_domains(design, by)
    book = Workbook(design, missing)
    located = []
    for name in variables:
        mask = book.mask([name], variables)
        values = _Sorted.prepare(design, codes, book.read(name), book.columns[mask])
        points = values.find(np.broadcast_to(levels, (codes.size, len(levels))), rule)
        _ask_shares_below(book, codes, name, mask, points)
        located.append((values, points))
    shares = estimate_figures(design, book, by, confidence=confidence).table
    lower, upper = (
        _read_back([values for values, _ in located], side, rule)
        for side in _bound_shares(shares, interval, confidence)
    )
    df = shares["df"].to_numpy().astype(np.float64)
    columns = {
        "p": np.tile(np.repeat(levels, codes.size), len(located)),
        "estimate": np.array([points.T for _, points in located]).ravel(),
        "se": (upper - lower) / (2 * find_critical_value(confidence, df)),
        "lower": lower,
        "upper": upper,
    }
    counts = shares.select(*by, "component", "df", "n", "missing", "flag")
    filled = [pl.Series(name, values).fill_nan(None) for name, values in columns.items()]
    return Quantiles(counts.with_columns(filled), tuple(by))


def _bound_shares(
    shares: pl.DataFrame, interval: WoodruffMethod, confidence: float
) -> tuple[Floats, Floats]:
    estimate, se, df, rows = (
        shares[name].to_numpy().astype(np.float64) for name in ("estimate", "se", "df", "n")
    )
    return bound_proportions(
        estimate, se, df, rows, method=interval, confidence=confidence, capped=False
    )


def _read_back(sorted_values: Sequence["_Sorted"], shares: Floats, rule: QuantileRule) -> Floats:
    """Quantiles at the shares of every variable, level and domain, (V k D,)."""
    split = np.split(shares, len(sorted_values))
    found = []
    for values, own in zip(sorted_values, split, strict=True):
        domains = len(values.start) - 1
        found.append(values.find(own.reshape(-1, domains).T, rule).T.ravel())
    return np.concatenate(found)


def _ask_shares_below(book: Workbook, codes: Codes, name: str, mask: int, points: Floats) -> None:
    """Put the share of each domain at or below each of its quantiles (D, k) into the workbook."""
    values, counted = book.read(name), book.columns[mask]
    for place in range(points.shape[1]):
        below = np.where(values <= points[codes.code, place], counted, 0.0)
        column = book.put(("below", name, place), below)
        book.figures.append(Figure(name, (column, mask), mask, ratio_curve()))


@dataclass(frozen=True, eq=False)
class _Sorted:
    """Values of one variable sorted within domains, with their weights."""

    values: Floats
    weight: Floats
    start: Ints

    @classmethod
    def prepare(cls, design: Design, codes: Codes, values: Floats, counted: Floats) -> "_Sorted":
        rows = np.flatnonzero((codes.code >= 0) & (design.weights.final > 0) & (counted > 0))
        order = rows[np.lexsort((values[rows], codes.code[rows]))]
        start = np.searchsorted(codes.code[order], np.arange(codes.size + 1))
        return cls(values[order], design.weights.final[order], start)

    def find(self, probabilities: Floats, rule: QuantileRule) -> Floats:
        """Quantiles at (D, k) probabilities, (D, k)."""
        found = np.empty(probabilities.shape)
        for domain, asked in enumerate(probabilities):
            cells = slice(self.start[domain], self.start[domain + 1])
            found[domain] = find_quantiles(self.values[cells], self.weight[cells], asked, rule)
        return found
