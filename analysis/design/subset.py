"""A design narrowed to some of its rows, with all its units still counted."""

from dataclasses import replace

import numpy as np

from analysis.arrays import Bools
from analysis.design.records import Design
from analysis.errors import DataError


def narrow(design: Design, rows: Bools) -> Design:
    """The design of the rows that are True; strata keep the units they were drawn with.

    Parameters
    ----------
    rows : (n,) bool

    Raises
    ------
    DataError
        If no row is left.

    References
    ----------
    Cochran (1977), Sampling Techniques, section 2.13: a domain is no sample of fixed size.
    """
    inside = design.inside & np.asarray(rows, dtype=np.bool_)
    if not inside.any():
        raise DataError("No row is left in this subset; check its condition.")
    final = np.where(inside, design.weights.final, 0.0)
    return replace(design, inside=inside, weights=replace(design.weights, final=final))
