"""Our values against R's, within the tolerances that the cases state."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tests.analysis.reference_runner.cases import Case

Row = dict[str, Any]
# Intervals and tests are estimates plus a few standard errors.
REACH = 4.0
# How far a standard error may be from one that the case itself calls a guide only.
GUIDE = 0.24


def compare(case: Case, found: Sequence[Row], extra: Mapping[str, Any]) -> list[str]:
    """Differences beyond the tolerances; none if the case passes."""
    expected = case.spec["results"]
    if isinstance(expected, dict):
        expected = [expected]
    problems = []
    order: list[int] = []
    for place, wanted in enumerate(expected):
        at = _match(wanted, found, place)
        if at is None:
            problems.append(f"nothing for {_label(wanted, place)}")
            continue
        order.append(at)
        row = found[at]
        problems += [f"{_label(wanted, place)} {text}" for text in _compare_row(case, wanted, row)]
    for key in ("df", "df_residual"):
        wanted = case.spec.get(key)
        if wanted not in (None, "NA"):
            problems += _compare_values(case, key, wanted, extra.get(key), 1.0)
    if case.spec.get("vcov") is not None:
        problems += _compare_covariance(case, extra.get("vcov"), order)
    return problems


def _label(wanted: Mapping[str, Any], place: int) -> str:
    domain = wanted.get("domain", {})
    parts = [
        *(f"{key}={value}" for key, value in domain.items()),
        str(wanted.get("component", place)),
    ]
    if "p" in wanted:
        parts.append(f"p={wanted['p']}")
    return " ".join(parts)


def _match(wanted: Mapping[str, Any], found: Sequence[Row], place: int) -> int | None:
    """Which of our rows is meant: levels may come in another order."""
    if "component" not in wanted:
        return place if place < len(found) else None
    for at, row in enumerate(found):
        same = row.get("component") == wanted["component"]
        same &= all(
            str(row.get("domain", {}).get(k)) == str(v) for k, v in wanted.get("domain", {}).items()
        )
        same &= "p" not in wanted or abs(row["p"] - wanted["p"]) < 1e-9
        if same:
            return at
    return None


def _compare_row(case: Case, wanted: Mapping[str, Any], row: Row) -> list[str]:
    problems = []
    se = wanted.get("se")
    scale = float(se) if isinstance(se, int | float) else 0.0
    for key, value in wanted.items():
        if key in ("component", "domain", "p"):
            continue
        if key not in row:
            problems.append(f"{key} is not there")
        else:
            estimate = wanted.get("estimate")
            size = abs(estimate) if isinstance(estimate, int | float) else 1.0
            problems += _compare_values(case, key, value, row[key], size, scale)
    return problems


def _compare_values(
    case: Case, key: str, wanted: Any, found: Any, size: float, se: float = 0.0
) -> list[str]:
    left, right = _flatten(found), _flatten(wanted)
    if len(left) != len(right):
        return [f"{key} has {len(left)} values, not {len(right)}"]
    worst = [
        (a, b)
        for a, b in zip(left, right, strict=True)
        if not _is_close(case, key, a, b, size=size, se=se)
    ]
    return [f"{key} {worst[0][0]!r} instead of {worst[0][1]!r}"] if worst else []


def _flatten(value: Any) -> list[float]:
    if value is None or isinstance(value, str):
        return [math.nan]
    return [
        math.nan if one is None or one == "NA" else float(one)
        for one in np.asarray(value, dtype=object).ravel()
    ]


def _is_close(case: Case, key: str, a: float, b: float, *, size: float, se: float) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    if math.isinf(a) or math.isinf(b):
        return a == b
    return abs(a - b) <= _allow(case, key, b, size=size, se=se)


def _allow(case: Case, key: str, b: float, *, size: float, se: float) -> float:
    """How far a value of this kind may be from the expected one."""
    tolerance = float(case.spec["tolerance_rel"])
    loose = float(case.spec["tolerance_se_rel"])
    nothing = 1e-6 * max(1.0, size)
    vanishing = loose == 1 and se <= nothing
    if loose == 1:
        # Trimming after calibration leaves no zero to compare with: as close as raking is.
        loose = 0.03
    if "a guide only" in case.spec.get("note", ""):
        # That release scrambled rows in a variance; exact cases of the same stand beside.
        loose = max(loose, GUIDE)
    allowed = {
        "se": nothing if vanishing else loose * max(abs(b), 1e-3),
        "deff": 3 * loose * max(abs(b), 1e-3),
        **dict.fromkeys(
            ("ci95", "ci95_normal", "ci95_t"),
            tolerance * max(1.0, abs(b))
            + REACH * (nothing if vanishing else loose * max(se, 1e-3)),
        ),
        **dict.fromkeys(
            ("t", "statistic", "p_value", "mse", "parameter"),
            REACH * max(tolerance, loose) * max(1.0, abs(b)),
        ),
    }
    return allowed.get(key, tolerance * max(1.0, abs(b)))


def _compare_covariance(case: Case, found: Any, order: Sequence[int]) -> list[str]:
    """Every covariance within what the tolerance of both standard errors allows."""
    if found is None:
        return ["no covariance matrix"]
    wanted = np.asarray(case.spec["vcov"], dtype=np.float64)
    made = np.asarray(found, dtype=np.float64)
    if len(made) >= len(order):
        made = made[np.ix_(order, order)]
    if wanted.shape != made.shape:
        return [f"the covariance matrix has shape {made.shape}, not {wanted.shape}"]
    loose = float(case.spec["tolerance_se_rel"])
    errors = np.sqrt(np.abs(np.diag(wanted)))
    size = max(abs(row["estimate"]) for row in case.spec["results"])
    if loose == 1 and errors.max() <= 1e-6 * size:
        return [] if np.abs(made).max() <= (1e-6 * size) ** 2 else ["vcov is not zero"]
    loose = min(loose, 0.03)
    gap = np.abs(made - wanted) / np.maximum(np.outer(errors, errors), 1e-6)
    worst = float(gap.max())
    return [f"vcov is off by {worst:.2e}"] if not worst <= 3 * loose else []
