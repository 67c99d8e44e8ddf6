"""Whether two categorical variables have to do with each other, in a complex sample."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import polars as pl
from scipy import stats

from analysis.arrays import Floats, Ints
from analysis.codes import encode, require
from analysis.design import Design, narrow
from analysis.errors import DataError
from analysis.estimates import Estimates, estimate_level_shares, estimate_level_totals

Statistic = Literal["second-order", "first-order", "wald", "adjusted-wald"]


@dataclass(frozen=True)
class AssociationTest:
    """A test of independence.

    Attributes
    ----------
    statistic : float
    df : tuple of float
        Of F, numerator and denominator; of the first-order test, those of chi-square.
    p_value : float
    table : polars.DataFrame
        Estimated share of every cell, 0 to 1: both variables, `share`.
    """

    statistic: float
    df: tuple[float, ...]
    p_value: float
    table: pl.DataFrame


def check_association(
    design: Design, first: str, second: str, *, statistic: Statistic = "second-order"
) -> AssociationTest:
    """Test of independence in a two-way table, on rows that have both variables.

    Parameters
    ----------
    design : Design
    first, second : str
        Categorical variables.
    statistic : {"second-order", "first-order", "wald", "adjusted-wald"}
        Pearson's statistic with Rao and Scott's second-order correction as an F test, or with
        their first-order one as a chi-square; or a Wald test, plain or adjusted for few clusters.

    Raises
    ------
    DataError
        If a column is missing, or a variable has one level only.

    References
    ----------
    Rao & Scott (1984), Annals of Statistics 12, 46-60, for both corrections; Thomas & Rao (1987),
    JASA 82, 630-636, for F; Koch, Freeman & Freeman (1975), International Statistical Review 43,
    59-78, for Wald.
    """
    require(design.data, [first, second])
    gaps = design.data.select(pl.any_horizontal(pl.col(first, second).is_null())).to_series()
    complete = narrow(design, ~gaps.to_numpy())
    inner = complete.data.filter(pl.Series(complete.inside))
    rows, columns = encode(inner, [first]), encode(inner, [second])
    if rows.size < 2 or columns.size < 2:
        raise DataError(f"{first} and {second} need two levels each to be tested.")
    cell = np.full(len(complete.data), -1, dtype=np.int64)
    cell[complete.inside] = rows.code * columns.size + columns.code
    shape = (rows.size, columns.size)
    shares = _estimate_cells(complete, cell, shape, estimate_level_shares)
    if statistic in {"second-order", "first-order"}:
        outcome = _correct_pearson(shares, second_order=statistic == "second-order")
    else:
        totals = _estimate_cells(complete, cell, shape, estimate_level_totals)
        outcome = _test_wald(totals, adjusted=statistic == "adjusted-wald")
    labels = rows.labels.join(columns.labels, how="cross", maintain_order="left_right")
    return AssociationTest(*outcome, labels.with_columns(share=shares.value.ravel()))


@dataclass(frozen=True, eq=False)
class _Table:
    """Cells (R, C), their covariance (RC, RC), rows with weight, degrees of freedom."""

    value: Floats
    vcov: Floats
    size: int
    df: float

    @property
    def expected(self) -> Floats:
        """Cells if the variables were independent, (R, C)."""
        by_row, by_column = self.value.sum(axis=1), self.value.sum(axis=0)
        return np.asarray(by_row[:, None] * by_column / self.value.sum(), dtype=np.float64)


def _estimate_cells(
    design: Design, cell: Ints, shape: tuple[int, int], estimate: Callable[..., Estimates]
) -> _Table:
    name = "(cell)"
    column = pl.Series(name, cell)
    data = design.data.with_columns(pl.when(column >= 0).then(column).alias(name))
    found = estimate(replace(design, data=data), [name])
    places = [int(text.removeprefix(name)) for text in found.table["component"]]
    value = np.zeros(shape[0] * shape[1])
    value[places] = found.estimate
    vcov = np.zeros((len(value), len(value)))
    vcov[np.ix_(places, places)] = found.covariance()
    size = int((design.weights.final > 0).sum())
    return _Table(value.reshape(shape), vcov, size, float(found.table["df"][0]))


def _contrast(shape: tuple[int, int]) -> Floats:
    """Interaction contrasts of the cells, (RC, (R-1)(C-1))."""
    row, column = (np.vstack([np.eye(k - 1), -np.ones(k - 1)]) for k in shape)
    return np.asarray(np.kron(row, column), dtype=np.float64)


def _correct_pearson(
    table: _Table, *, second_order: bool
) -> tuple[float, tuple[float, ...], float]:
    expected, share = table.expected, table.value.ravel()
    pearson = table.size * float(((table.value - expected) ** 2 / expected).sum())
    inverse = np.divide(1.0, share, out=np.zeros_like(share), where=share > 0)
    C = _contrast(table.value.shape) * inverse[:, None]
    # Covariance of the log-linear contrasts in this design, in units of simple random sampling.
    simple = C.T @ (C * share[:, None]) / table.size
    effects = np.linalg.eigvals(np.linalg.solve(simple, C.T @ table.vcov @ C)).real
    total = float(effects.sum())
    if not second_order:
        df = float(len(effects))
        return pearson, (df,), float(stats.chi2.sf(pearson / (total / df), df))
    numerator = total**2 / float((effects**2).sum())
    df_pair = (numerator, numerator * table.df)
    return pearson / total, df_pair, float(stats.f.sf(pearson / total, *df_pair))


def _test_wald(table: _Table, *, adjusted: bool) -> tuple[float, tuple[float, ...], float]:
    """Of the departures of totals from independence in all but the last row and column."""
    rows, columns = table.value.shape
    row_share = table.value.sum(axis=1) / table.value.sum()
    column_share = table.value.sum(axis=0) / table.value.sum()
    jacobian = np.eye(rows * columns).reshape(rows, columns, rows, columns)
    for row in range(rows):
        jacobian[row, :, row, :] -= column_share[:, None]
    for column in range(columns):
        jacobian[:, column, :, column] -= row_share[:, None]
    jacobian += (row_share[:, None] * column_share)[:, :, None, None]
    kept = jacobian[:-1, :-1].reshape(-1, rows * columns)
    departure = (table.value - table.expected)[:-1, :-1].ravel()
    vcov = kept @ table.vcov @ kept.T
    q, df = len(departure), table.df
    if np.linalg.matrix_rank(vcov, hermitian=True) < q:
        raise DataError(
            f"{df:g} degrees of freedom do not carry a Wald test of {q} cells: use the "
            "second-order test."
        )
    last = df - q + 1 if adjusted else df
    statistic = float(departure @ np.linalg.solve(vcov, departure)) / q
    statistic *= last / df if adjusted else 1.0
    return (
        statistic,
        (float(q), last),
        float(stats.f.sf(statistic, q, last)) if last > 0 else np.nan,
    )
