"""Sums, differences and other functions of figures, with the covariance they need."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np
import polars as pl

from analysis.arrays import Floats
from analysis.compare.expressions import read_expression
from analysis.compare.figures import Figures, pick
from analysis.errors import DataError
from analysis.estimates import Estimates


def contrast(
    source: Estimates | Figures, coefficients: Mapping[str, Mapping[int, float]]
) -> Figures:
    """Linear combinations of figures.

    Parameters
    ----------
    source : Estimates or Figures
    coefficients : mapping of name to {place: coefficient}
        Places are rows of the source; those not named have coefficient 0.

    Returns
    -------
    Figures
        Labelled by `contrast`; each with the fewest degrees of freedom of its figures.

    Raises
    ------
    DataError
        If a place is not there or a contrast is empty.
    """
    places = sorted({place for weights in coefficients.values() for place in weights})
    if not coefficients or not all(coefficients.values()):
        raise DataError("A contrast needs at least one figure: give {place: coefficient}.")
    figures = pick(source, places)
    matrix = np.array(
        [[weights.get(place, 0.0) for place in places] for weights in coefficients.values()]
    )
    return combine(figures, matrix, pl.DataFrame({"contrast": list(coefficients)}))


def combine(figures: Figures, matrix: Floats, labels: pl.DataFrame) -> Figures:
    """Rows of a matrix (L, M) times the figures; the fewest degrees of freedom count."""
    used = matrix != 0
    df = np.where(used, figures.df, np.inf).min(axis=1, initial=np.inf)
    # What has coefficient 0 does not matter, even where it is unknown.
    values = np.where(used, matrix * np.nan_to_num(figures.estimate), 0.0).sum(axis=1)
    unknown = (used & np.isnan(figures.estimate)).any(axis=1)
    vcov = matrix @ np.nan_to_num(figures.vcov) @ matrix.T
    vcov[unknown, :], vcov[:, unknown] = np.nan, np.nan
    return Figures(labels, np.where(unknown, np.nan, values), vcov, df)


def compare_levels(
    source: Estimates | Figures, variable: str, base: object, others: Sequence[object] | None = None
) -> Figures:
    """Every level of a variable less a base level, all other labels alike.

    Years, agencies or sources, as long as the figures come from one design, or from `Figures`
    that know their covariance.

    Parameters
    ----------
    source : Estimates or Figures
    variable : str
        Column of the labels.
    base : object
        Level that is taken away.
    others : sequence, optional
        Levels to compare; by default all but the base.

    Returns
    -------
    Figures
        Labelled by the other columns, `variable` and `base`; without rows for what the base
        lacks.

    Raises
    ------
    DataError
        If the variable or the base is not there.
    """
    figures = pick(source)
    partner = _find_partners(figures.labels, variable, base)
    rows = figures.labels[variable].to_list()
    wanted = [level for level in dict.fromkeys(rows) if level != base] if others is None else others
    pairs = [
        (place, partner[place])
        for place, level in enumerate(rows)
        if level in wanted and place in partner
    ]
    return _differ(figures, pairs, variable)


def compare_pairs(source: Estimates | Figures, variable: str) -> Figures:
    """All differences between levels of a variable, all other labels alike.

    Parameters
    ----------
    source : Estimates or Figures
    variable : str
        Column of the labels.

    Returns
    -------
    Figures
        As `compare_levels`; the later level less the earlier one in order of appearance.

    Raises
    ------
    DataError
        If the variable is not there.
    """
    figures = pick(source)
    groups: dict[tuple[object, ...], list[int]] = {}
    for place, key in enumerate(_keys(figures.labels, variable)):
        groups.setdefault(key, []).append(place)
    pairs = [
        (later, earlier) for places in groups.values() for earlier, later in combinations(places, 2)
    ]
    return _differ(figures, pairs, variable)


def subtract(new: Estimates | Figures, old: Estimates | Figures, on: Sequence[str]) -> Figures:
    """Figures of one sample less those of an independent one.

    Parameters
    ----------
    new, old : Estimates or Figures
        Of samples drawn independently; for figures that share units use `compare_levels`.
    on : sequence of str
        Label columns that tell which figures belong together.

    Returns
    -------
    Figures
        One per combination that both have, with Welch's degrees of freedom.

    Raises
    ------
    DataError
        If a label column is not there or does not tell figures apart.

    References
    ----------
    Satterthwaite (1946), Biometrics Bulletin 2, 110-114.
    """
    left, right = pick(new), pick(old)
    keys = [_key_by(side.labels, on) for side in (left, right)]
    shared = [key for key in keys[0] if key in keys[1]]
    a = pick(left, [keys[0][key] for key in shared])
    b = pick(right, [keys[1][key] for key in shared])
    va, vb = a.se**2, b.se**2
    with np.errstate(divide="ignore", invalid="ignore"):
        # Both surely known: any df does.
        welch = np.where(va + vb > 0, (va + vb) ** 2 / (va**2 / a.df + vb**2 / b.df), np.inf)
    df = np.where((a.df > 0) & (b.df > 0), welch, 0.0)
    return Figures(a.labels.select(on), a.estimate - b.estimate, a.vcov + b.vcov, df)


def transform(
    source: Estimates | Figures,
    functions: Mapping[str, str | Callable[[Floats], Floats]],
    places: Sequence[int] | None = None,
) -> Figures:
    """Smooth functions of figures, by the delta method with exact derivatives.

    Parameters
    ----------
    source : Estimates or Figures
    functions : mapping of name to expression or function
        An expression in the figures' `component` names ("fee / visits * log(wait)"), or a
        function of the (M,) figures that numpy can follow with complex numbers.
    places : sequence of int, optional
        Figures that the functions take; by default all.

    Returns
    -------
    Figures
        Labelled by `contrast`.

    Raises
    ------
    DataError
        If an expression is not understood or names a component that is not there once.

    References
    ----------
    Woodruff (1971), JASA 66, 411-414; derivatives by a complex step: Squire & Trapp (1998), SIAM
    Review 40, 110-112.
    """
    figures = pick(source, places)
    size = len(figures.estimate)
    values, gradients = [], []
    for given in functions.values():
        function = read_expression(given, figures.labels) if isinstance(given, str) else given
        values.append(float(np.real(function(figures.estimate.astype(complex)))))
        steps = figures.estimate + 1e-30j * np.eye(size)
        gradients.append([float(np.imag(function(step))) / 1e-30 for step in steps])
    moved = combine(figures, np.array(gradients), pl.DataFrame({"contrast": list(functions)}))
    return Figures(moved.labels, np.array(values), moved.vcov, moved.df)


def _keys(labels: pl.DataFrame, variable: str) -> list[tuple[object, ...]]:
    """All labels but one of every figure."""
    if variable not in labels.columns:
        raise DataError(f"There is no label {variable}; there are {', '.join(labels.columns)}.")
    return labels.drop(variable).rows() if labels.width > 1 else [()] * len(labels)


def _key_by(labels: pl.DataFrame, on: Sequence[str]) -> dict[tuple[object, ...], int]:
    missing = [name for name in on if name not in labels.columns]
    if missing or not on:
        raise DataError(
            f"There is no label {', '.join(missing)}; take {', '.join(labels.columns)}."
        )
    keys = labels.select(on).rows()
    if len(set(keys)) < len(keys):
        raise DataError(f"{', '.join(on)} does not tell the figures apart: add a label.")
    return {key: place for place, key in enumerate(keys)}


def _find_partners(labels: pl.DataFrame, variable: str, base: object) -> dict[int, int]:
    """For every figure the one with the base level and all other labels alike."""
    keys = _keys(labels, variable)
    levels = labels[variable].to_list()
    home = {key: place for place, key in enumerate(keys) if levels[place] == base}
    if not home:
        raise DataError(f"{variable} has no level {base!r}; it has {sorted(set(levels), key=str)}.")
    return {place: home[key] for place, key in enumerate(keys) if key in home}


def _differ(figures: Figures, pairs: Sequence[tuple[int, int]], variable: str) -> Figures:
    matrix = np.zeros((len(pairs), len(figures.estimate)))
    for row, (place, base) in enumerate(pairs):
        matrix[row, place], matrix[row, base] = 1.0, -1.0
    first, second = ([pair[side] for pair in pairs] for side in (0, 1))
    bases = figures.labels[variable][second].alias(f"{variable}_base")
    labels = figures.labels[first]
    position = labels.columns.index(variable) + 1
    return combine(figures, matrix, labels.clone().insert_column(position, bases))
