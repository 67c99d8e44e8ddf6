"""Design effects: how much worse than a simple random sample of the same size."""

import numpy as np

from analysis.arrays import Floats
from analysis.cells import sum_by
from analysis.codes import Codes
from analysis.design import Design
from analysis.errors import DataError
from analysis.estimates.requests import Workbook


def compare_with_srs(
    design: Design,
    book: Workbook,
    codes: Codes,
    table: tuple[Floats, dict[int, int]],
    se: Floats,
    *,
    kind: str,
) -> Floats:
    """Variance over that of a simple random sample of as many rows, (V, D).

    Parameters
    ----------
    kind : str
        `without` replacement, from a population of the sum of the weights; or `with`.

    Raises
    ------
    DataError
        If the kind is neither.

    References
    ----------
    Kish (1965), Survey Sampling, section 8.2; the variance of the linearised values estimates
    the population's as in Särndal, Swensson & Wretman (1992), equation 5.9.10.
    """
    if kind not in ("with", "without"):
        raise DataError(f"Unknown design effect {kind!r}; use 'with' or 'without' replacement.")
    columns, order = table
    used = (codes.code >= 0) & (design.weights.final > 0)
    inner, weight, values = codes.code[used], design.weights.final[used], columns[used]
    totals = np.column_stack([sum_by(inner, weight * each, codes.size) for each in values.T])

    def add(each: Floats) -> Floats:
        return sum_by(inner, each, codes.size)

    effects = []
    for figure, error in zip(book.figures, se, strict=True):
        places = [order[place] for place in figure.columns]
        counted = values[:, order[figure.mask]]
        slope = np.nan_to_num(figure.curve.slope(totals[:, places]))
        score = counted * np.einsum("nk,nk->n", values[:, places], slope[inner])

        rows, size = add(counted), add(weight * counted)
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = add(weight * score) / size
            square = add(weight * counted * (score - mean[inner]) ** 2)
            variance = size * square / (rows - 1)
            left = 1 - rows / size if kind == "without" else 1.0
            simple = variance * left
            # A census has no simple variance to compare with.
            effects.append(np.where(simple > 0, error**2 / simple, np.nan))
    return np.array(effects)
