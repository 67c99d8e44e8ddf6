"""From a design and a formula to the rows and columns of a fit."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.arrays import Bools, Floats
from analysis.codes import to_numbers
from analysis.design import Design, narrow
from analysis.errors import DataError
from analysis.formulas import Formula, build_matrix, parse_formula

Collinear = Literal["refuse", "drop"]


@dataclass(frozen=True, eq=False)
class Problem:
    """Complete rows of a fit.

    Attributes
    ----------
    design : Design
        Narrowed to the rows used.
    response : str
    formula : Formula
    names : tuple of str
    term : tuple of int
    y, X, weight : (m,), (m, p), (m,) float
        Response, model matrix, and weights of mean 1.
    used : (n,) bool
        Where those rows are in the design.
    dropped : int
    """

    design: Design
    response: str
    formula: Formula
    names: tuple[str, ...]
    term: tuple[int, ...]
    y: Floats
    X: Floats
    weight: Floats
    used: Bools
    dropped: int

    def reweigh(self, weight: Floats) -> "Problem":
        """The same problem with other weights of the rows used, scaled to mean 1."""
        return replace(self, weight=weight / weight.mean())


def prepare(
    design: Design,
    model: str,
    response: npt.ArrayLike | None,
    *,
    intercept: bool | None = None,
    collinear: Collinear = "refuse",
) -> Problem:
    """Rows inside the design with complete values, and their model matrix.

    Parameters
    ----------
    design : Design
    model : str
        `response ~ terms`.
    response : (n,) float, optional
        Values to use instead of the column that the formula names.
    intercept : bool, optional
        Overrules the formula.
    collinear : {"refuse", "drop"}
        Of a column that those before it already say: an error, or go on without it.

    Raises
    ------
    DataError
        If a variable is missing, nothing complete is left, or columns are collinear.
    """
    left, _, right = model.partition("~")
    formula = parse_formula(right or left)
    if intercept is not None:
        formula = replace(formula, intercept=True)
    name = left.strip().strip("`") if right else "response"
    y = _read_response(design.data, name, response)
    matrix = build_matrix(design.data, formula)
    keep = np.arange(len(matrix.names))
    if intercept is False:
        keep = keep[1:]
    X = matrix.values[:, keep]
    inside = design.inside & (design.weights.final > 0)
    used = inside & np.isfinite(y) & np.isfinite(X).all(axis=1)
    narrowed = narrow(design, used)
    names = tuple(matrix.names[place] for place in keep)
    chosen = _choose_columns(X[used], names, collinear, constant=intercept is False)
    X, keep, names = X[:, chosen], keep[chosen], tuple(names[place] for place in chosen)
    weight = design.weights.final[used]
    return Problem(
        design=narrowed,
        response=name,
        formula=formula,
        names=names,
        term=tuple(int(matrix.term[place]) for place in keep),
        y=y[used],
        X=X[used],
        weight=weight / weight.mean(),
        used=used,
        dropped=int(inside.sum() - used.sum()),
    )


def _read_response(frame: pl.DataFrame, name: str, response: npt.ArrayLike | None) -> Floats:
    if response is None:
        return to_numbers(frame, name)
    y = np.asarray(response, dtype=float)
    if y.shape != (len(frame),):
        raise DataError(f"The response has {y.shape} values for {len(frame)} rows of the design.")
    return y


def _choose_columns(
    X: Floats, names: tuple[str, ...], collinear: Collinear, *, constant: bool
) -> list[int]:
    """Places of the columns that say something of their own; the first that does not is named.

    References
    ----------
    Chambers & Hastie (1992), Statistical Models in S, section 4.4.1, for keeping the earlier one.
    """
    kept = list(range(X.shape[1]))
    while (place := _find_repeated(X[:, kept], constant=constant)) is not None:
        if collinear == "refuse":
            raise DataError(
                f"Column {names[kept[place]]} says nothing that the others do not: leave it out, "
                "or merge its level with another."
            )
        del kept[place]
    return kept


def _find_repeated(X: Floats, *, constant: bool) -> int | None:
    """The first column that is a combination of those before it, or of a constant."""
    full = np.column_stack([np.ones(len(X)), X]) if constant else X
    length = np.sqrt((full**2).sum(axis=0))
    r = np.linalg.qr(full / np.where(length > 0, length, 1.0), mode="r")
    own = np.zeros(full.shape[1])
    own[: len(r)] = np.abs(np.diagonal(r))
    small = np.flatnonzero(own < 1e-10)
    return int(small[0]) - constant if len(small) else None
