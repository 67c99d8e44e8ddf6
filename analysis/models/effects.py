"""Average marginal effects: what a variable changes in the answer itself, over the population."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from analysis.arrays import Floats
from analysis.codes import encode_series
from analysis.design import Design, narrow
from analysis.errors import DataError
from analysis.formulas import build_matrix
from analysis.models.answers import list_answers
from analysis.models.records import Model, tabulate
from analysis.variance import estimate_covariance


@dataclass(frozen=True, eq=False)
class Effects:
    """Average marginal effects.

    Attributes
    ----------
    variable, change, answer : tuple of str
        What changes, from what to what ("+1", or "level / reference"), and which answer's
        probability is meant (empty but for ordinal models).
    estimate, vcov : (q,), (q, q) float
        In units of the response: for a share, 0.01 is a percentage point.
    df : int
    """

    variable: tuple[str, ...]
    change: tuple[str, ...]
    answer: tuple[str, ...]
    estimate: Floats
    vcov: Floats
    df: int

    @property
    def se(self) -> Floats:
        """Standard errors, (q,)."""
        return np.sqrt(np.diagonal(self.vcov))

    def to_frame(self, confidence: float = 0.95) -> pl.DataFrame:
        """One row per effect: variable, change, answer, estimate, se, t, p_value, interval."""
        table = tabulate(self.variable, self.estimate, self.se, self.df, confidence)
        return (
            table.rename({"name": "variable"})
            .insert_column(1, pl.Series("change", self.change))
            .insert_column(2, pl.Series("answer", self.answer))
        )


def average_effects(
    model: Model, design: Design, variables: Sequence[str] | None = None
) -> Effects:
    """Change of the mean answer when one variable changes and all others stay as they are.

    For a number it is the mean slope; for a category the mean difference between putting
    everybody in a level and everybody in the first one. The standard error knows both that the
    coefficients and that the population's make-up are estimated. With replicates the make-up
    is linearised and the coefficients' covariance is the replicates'.

    Parameters
    ----------
    model : Model
    design : Design
        The one the model was fitted on.
    variables : sequence of str, optional
        By default all of the formula.

    Raises
    ------
    DataError
        If a variable is not in the formula, or the design is not the model's.

    References
    ----------
    Bartus (2005), Stata Journal 5, 309-329; Graubard & Korn (1999), Biometrics 55, 652-659
    (predictive margins and their variance).
    """
    wanted = model.formula.variables if variables is None else tuple(variables)
    for name in wanted:
        if name not in model.formula.variables:
            raise DataError(f"{name} is not in the model: take one of its variables.")
    if len(model.used) != len(design.data):
        raise DataError("The design has other rows than the model: pass the one it was fitted on.")
    weight = design.weights.final * model.used
    share = weight / weight.sum()
    labels: list[tuple[str, str, str]] = []
    own: list[Floats] = []
    gradients: list[Floats] = []
    for name in wanted:
        for change, before, after in _list_changes(design.data, name):
            for answer, effect, gradient in _trace(model, design.data, before, after, share):
                labels.append((name, change, answer))
                own.append(effect)
                gradients.append(gradient)
    effects, gradient = np.column_stack(own), np.array(gradients)
    estimate = share @ effects
    makeup = np.where(model.used[:, None], effects - estimate, 0.0) / weight.sum()
    names, changes, answers = zip(*labels, strict=True)
    vcov = _covary_effects(model, design, makeup, gradient)
    return Effects(names, changes, answers, estimate, vcov, model.df_residual)


def _covary_effects(model: Model, design: Design, makeup: Floats, gradient: Floats) -> Floats:
    narrowed = narrow(design, model.used)
    if design.replicates is None:
        return estimate_covariance(narrowed, makeup + model.influence @ gradient.T)
    return gradient @ model.vcov @ gradient.T + estimate_covariance(narrowed, makeup)


def _list_changes(frame: pl.DataFrame, name: str) -> list[tuple[str, pl.Series, pl.Series]]:
    """What changes to what, and the column before and after."""
    column = frame[name]
    if column.dtype.is_numeric():
        # One more; the predictor is a straight line in each variable, so any step will do.
        return [("+1", column, column + 1)]
    labels = encode_series(column).labels.to_series()
    first, *others = (
        pl.select(pl.repeat(label, len(frame), dtype=labels.dtype)).to_series() for label in labels
    )
    return [
        (f"{level} / {labels[0]}", first.alias(name), after.alias(name))
        for level, after in zip(labels[1:], others, strict=True)
    ]


def _trace(
    model: Model, frame: pl.DataFrame, before: pl.Series, after: pl.Series, share: Floats
) -> Iterator[tuple[str, Floats, Floats]]:
    """For every answer its label, each row's effect (n,), and the mean gradient (p,)."""
    # The rows as they are come along, so that every level is known when coding.
    both = pl.concat([frame, frame.with_columns(before), frame.with_columns(after)])
    matrix = build_matrix(both, replace(model.formula, intercept=True))
    kept = [matrix.names.index(name) for name in model.names if name in matrix.names]
    stacked = np.where(np.tile(model.used, 3)[:, None], matrix.values[:, kept], 0.0)
    _, low, high = np.split(stacked, 3)
    slopes = model.coefficients[: len(kept)]
    for answer in list_answers(model):
        start = answer.at(low @ slopes)
        if frame[before.name].dtype.is_numeric():
            apart = high - low
            per = apart @ slopes
            effect = start.first * per
            pull = (share * start.second * per) @ low + (share * start.first) @ apart
            cut = (share * per) @ start.first_by_cut
        else:
            end = answer.at(high @ slopes)
            effect = end.value - start.value
            pull = (share * end.first) @ high - (share * start.first) @ low
            cut = share @ (end.value_by_cut - start.value_by_cut)
        yield answer.label, effect, np.concatenate([pull, cut])
