"""The three ratios of Decision 766/QĐ-TTg, in which silence counts as satisfaction.

They are no shares of satisfied people and stand in no table or chart with such.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ratio:
    """What remains of `total` after what is taken off; between two ends where a part is unknown."""

    total: int
    lower: float
    upper: float


@dataclass(frozen=True)
class Ratios:
    """Cases in time, cases without discontent, dossiers without trouble; None where hidden."""

    in_time: Ratio | None
    content: Ratio | None
    dossiers: Ratio | None


def compute_ratios(
    cases: Mapping[str, Any] | None,
    dossiers: Mapping[str, Any] | None,
    discontent: int | None,
    *,
    minimum: int = 1,
) -> Ratios:
    """The ratios of an agency, or of several whose counts were added up.

    Parameters
    ----------
    cases
        `due`, `in_time` and `unhappy`: the union of late, reopened and rated low.
    dossiers
        `finished` and `late_or_told`: the union of late ones and those with a case.
    discontent : int or None
        Ratings below "satisfied" of the same dossiers. Ratings are tied to no dossier, so nobody
        knows how many of these were late or told of too: the third ratio lies between taking off
        none of them and all of them. Without the number there is no third ratio.

    References
    ----------
    Decision 766/QĐ-TTg of 23 June 2022, the group "mức độ hài lòng".
    """
    return Ratios(
        _take_off(cases, "due", minimum, lambda of: of["due"] - of["in_time"]),
        _take_off(cases, "due", minimum, lambda of: of["unhappy"]),
        _bound_dossiers(dossiers, discontent, minimum),
    )


def _take_off(of: Mapping[str, Any] | None, total: str, minimum: int, off: Any) -> Ratio | None:
    if of is None or of[total] < max(minimum, 1):
        return None
    left = (of[total] - off(of)) / of[total]
    return Ratio(of[total], left, left)


def _bound_dossiers(
    of: Mapping[str, Any] | None, discontent: int | None, minimum: int
) -> Ratio | None:
    if of is None or discontent is None or of["finished"] < max(minimum, 1):
        return None
    total, off = of["finished"], of["late_or_told"]
    upper = (total - off) / total
    return Ratio(total, max(total - off - discontent, 0) / total, upper)
