"""Keying error rates with their intervals."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.paper import Tally


@dataclass(frozen=True, slots=True)
class Rate:
    """Wrong fields among keyed ones, with its 95 % interval."""

    tally: Tally
    share: float
    lower: float
    upper: float


def error_rates(tallies: Sequence[Tally]) -> list[Rate]:
    """The rate of each tally, with Wilson's interval.

    Errors on one sheet are not independent, so that the interval is a little too narrow.
    """
    import numpy as np

    from analysis.intervals import bound_by_wilson, find_critical_value

    known = [tally for tally in tallies if tally.fields]
    if not known:
        return []
    fields = np.array([tally.fields for tally in known], dtype=float)
    share = np.array([tally.wrong for tally in known], dtype=float) / fields
    critical = find_critical_value(0.95, np.full_like(fields, np.inf))
    lower, upper = bound_by_wilson(share, fields, critical)
    return [
        Rate(tally, float(share[at]), float(lower[at]), float(upper[at]))
        for at, tally in enumerate(known)
    ]
