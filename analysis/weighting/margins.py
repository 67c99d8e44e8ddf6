"""Known totals by level, matched to the rows of a design and checked before any iteration."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.cells import group_codes, sum_by
from analysis.codes import encode
from analysis.design import Design
from analysis.errors import CalibrationError

Term = str | tuple[str, ...]
Totals = Mapping[Any, float]
# With more cells than this only those that occur are kept.
MOST_CELLS = 1 << 16


@dataclass(frozen=True, eq=False)
class Margin:
    """Known totals of one variable, or of several crossed.

    Attributes
    ----------
    variables : tuple of str
    code : (n,) int
        Level of each row; 0 where the row has no weight.
    labels : tuple of str
    totals : (L,) float
    """

    variables: tuple[str, ...]
    code: Ints
    labels: tuple[str, ...]
    totals: Floats

    @property
    def name(self) -> str:
        """The variables, joined by a cross."""
        return " × ".join(self.variables)


def match_margin(design: Design, term: Term, totals: Totals) -> Margin:
    """The totals of one margin in the order of its levels, with the level of every row.

    Parameters
    ----------
    term : str or tuple of str
        Variable, or variables crossed.
    totals : mapping
        Total of each level; the key is a label, or a tuple of labels for crossed variables.

    Raises
    ------
    CalibrationError
        If a weighted row has no level, a level no total, or a positive total no row.
    """
    variables = (term,) if isinstance(term, str) else tuple(term)
    weight = design.weights.final
    codes = encode(design.data, variables)
    used = weight > 0
    if (codes.code[used] < 0).any():
        raise CalibrationError(
            f"{' × '.join(variables)} is missing in {(codes.code[used] < 0).sum()} rows with "
            "weight; impute it or drop them."
        )
    known = {_key(label): float(total) for label, total in totals.items()}
    present = np.unique(codes.code[used])
    labels = [_key(codes.labels.row(int(place))) for place in present]
    _compare_levels(variables, known, labels)
    place = np.zeros(codes.size + 1, dtype=np.int64)
    place[present] = np.arange(len(present))
    return Margin(
        variables,
        np.where(used, place[codes.code], 0),
        tuple(":".join(label) for label in labels),
        np.array([known[label] for label in labels]),
    )


def _key(label: object) -> tuple[str, ...]:
    parts = label if isinstance(label, tuple) else (label,)
    return tuple(_name(part) for part in parts)


def _name(part: object) -> str:
    """A label as text; 1 and 1.0 are the same label."""
    return str(int(part)) if isinstance(part, float) and part.is_integer() else str(part)


def _compare_levels(
    variables: Sequence[str],
    known: Mapping[tuple[str, ...], float],
    labels: Sequence[tuple[str, ...]],
) -> None:
    name = " × ".join(variables)
    strangers = [":".join(label) for label in labels if label not in known]
    if strangers:
        raise CalibrationError(
            f"{name} has no total for {', '.join(strangers[:5])}; give one or merge the level."
        )
    wrong = [":".join(key) for key, total in known.items() if not 0 <= total < np.inf]
    if wrong:
        raise CalibrationError(f"{name} needs totals of 0 or more for {', '.join(wrong[:5])}.")
    empty = [":".join(key) for key, total in known.items() if total > 0 and key not in set(labels)]
    if empty:
        raise CalibrationError(
            f"{name} has no respondents in {', '.join(empty[:5])}; merge the level with another."
        )
    none = [":".join(label) for label in labels if known[label] == 0]
    if none:
        raise CalibrationError(
            f"{name} asks for a total of 0 in {', '.join(none[:5])}, which has respondents; "
            "correct the total or leave these respondents out."
        )


def check_agreement(margins: Sequence[Margin]) -> None:
    """Refuse margins whose totals do not add up to the same.

    Raises
    ------
    CalibrationError
        Naming the two margins and the difference.
    """
    sums = [float(margin.totals.sum()) for margin in margins]
    for margin, total in zip(margins[1:], sums[1:], strict=True):
        if abs(total - sums[0]) > 1e-7 * sums[0]:
            raise CalibrationError(
                f"The totals of {margin.name} add up to {total:,.2f} and those of "
                f"{margins[0].name} to {sums[0]:,.2f}, {total - sums[0]:+,.2f} apart; bring them "
                "to the same sum."
            )


def compare_margins(
    margins: Sequence[Margin], levels: Sequence[Ints], before: Floats, after: Floats
) -> pl.DataFrame:
    """Totals asked for and weighted sums before and after, one row per margin and level.

    Parameters
    ----------
    levels : sequence of (K,) int
        For each margin, the level of every cell.
    before, after : (K,) float
        Weights of the cells.
    """
    frames = [
        pl.DataFrame(
            {
                "margin": [margin.name] * len(margin.labels),
                "level": list(margin.labels),
                "total": margin.totals,
                "before": sum_by(level, before, len(margin.labels)),
                "after": sum_by(level, after, len(margin.labels)),
            }
        )
        for margin, level in zip(margins, levels, strict=True)
    ]
    return pl.concat(frames)


def cross_margins(margins: Sequence[Margin]) -> tuple[Ints, list[Ints]]:
    """Cell of every row in the cross-classification, and each margin's level by cell."""
    sizes = [len(margin.labels) for margin in margins]
    if math.prod(sizes) > MOST_CELLS:
        cell, first = group_codes([margin.code for margin in margins])
        return cell, [margin.code[first] for margin in margins]
    cell = margins[0].code.copy()
    for margin in margins[1:]:
        cell *= len(margin.labels)
        cell += margin.code
    levels = np.unravel_index(np.arange(math.prod(sizes)), sizes)
    return cell, [level.astype(np.int64) for level in levels]
