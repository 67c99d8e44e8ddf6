"""Volunteers and a probability sample described by the same columns."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.arrays import Bools, Floats
from analysis.codes import Columns, require, to_frame
from analysis.design import Design
from analysis.errors import DataError
from analysis.formulas import build_matrix, parse_formula


@dataclass(frozen=True, eq=False)
class Pair:
    """Model matrices of both samples, coded alike.

    Attributes
    ----------
    names : tuple of str, p
    volunteers : (m, p) float
    reference : (n, p) float
        0 in rows outside the design.
    weight : (n,) float
        Weights of the probability sample.
    design : Design
    """

    names: tuple[str, ...]
    volunteers: Floats
    reference: Floats
    weight: Floats
    design: Design

    @property
    def size(self) -> float:
        """Population size as the probability sample estimates it."""
        return float(self.weight.sum())


def pair_samples(volunteers: Columns, reference: Design, formula: str) -> Pair:
    """Both samples' model matrices; categories get the levels of both.

    Raises
    ------
    DataError
        If a variable is not in both samples, of another type, or missing in some rows, or the
        columns are collinear.
    """
    frame = to_frame(volunteers)
    # A mean needs its constant whatever the formula says.
    parsed = replace(parse_formula(formula), intercept=True)
    names = list(parsed.variables)
    require(frame, names)
    require(reference.data, names)
    # Counted by a column of their own, as a formula may have no variables.
    sides = [
        side.select(*names, pl.repeat(1.0, len(side)).alias("(row)"))
        for side in (frame, reference.data)
    ]
    both = pl.concat(sides, how="vertical_relaxed")
    matrix = build_matrix(both, parsed)
    own, others = matrix.values[: len(frame)], matrix.values[len(frame) :]
    weight = np.where(reference.inside, reference.weights.final, 0.0)
    _refuse_gaps(_incomplete(own), "the volunteers")
    _refuse_gaps(_incomplete(others) & (weight > 0), "the probability sample")
    others = np.where((weight > 0)[:, None], others, 0.0)
    _refuse_collinear(own, matrix.names)
    return Pair(matrix.names, own, others, weight, reference)


def check_answers(values: npt.ArrayLike, pair: Pair) -> Floats:
    """The volunteers' answers, one each.

    Raises
    ------
    DataError
        If there are more or fewer, or one is missing.
    """
    y = np.asarray(values, dtype=float)
    if y.shape != (len(pair.volunteers),):
        raise DataError(f"{len(pair.volunteers)} volunteers need as many answers, not {y.shape}.")
    _refuse_gaps(~np.isfinite(y), "the answers")
    return y


def _incomplete(table: Floats) -> Bools:
    return np.asarray(np.isnan(table).any(axis=1), dtype=np.bool_)


def _refuse_gaps(missing: Bools, where: str) -> None:
    if missing.any():
        raise DataError(
            f"{int(missing.sum())} rows of {where} are incomplete: leave them out or fill them in."
        )


def _refuse_collinear(X: Floats, names: tuple[str, ...]) -> None:
    if len(X) <= X.shape[1]:
        raise DataError(f"{len(X)} volunteers are too few for {X.shape[1]} columns.")
    length = np.sqrt((X**2).sum(axis=0))
    r = np.linalg.qr(X / np.where(length > 0, length, 1.0), mode="r")
    apart = np.abs(np.diagonal(r))
    if (apart < 1e-10).any():
        raise DataError(
            f"Among the volunteers {names[int(np.argmax(apart < 1e-10))]} says nothing that the "
            "other columns do not: leave it out, or merge a level that no volunteer has."
        )
