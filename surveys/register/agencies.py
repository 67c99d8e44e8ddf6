"""Agencies and counters as others ask for them, and who followed whom."""

from datetime import date
from typing import Any, Final

import msgspec

from surveys.register.errors import N_, UnknownAgencyError
from surveys.transactions import fetch

_AGENCY: Final = """
SELECT a.id, a.code, a.name, a.level, u.code AS unit, u.name AS unit_name, p.code AS parent,
    a.valid_from, a.valid_to
FROM agency a LEFT JOIN admin_unit u ON u.id = a.unit LEFT JOIN agency p ON p.id = a.parent
"""
_VALID: Final = "a.valid_from <= $1 AND (a.valid_to IS NULL OR a.valid_to > $1)"
_TODAY: Final = "(now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"

# One row a path: shares multiply along it, and what is reached by several paths adds them up.
_WALK: Final = """
WITH RECURSIVE walk AS (
    SELECT l.{there} AS at, l.share, l.assumed, 1 AS steps, l.effective_date,
        ARRAY[l.{here}, l.{there}] AS path
    FROM agency_succession l JOIN agency a ON a.id = l.{here}
    WHERE a.code = $1 AND l.{there} IS NOT NULL
    UNION ALL
    SELECT l.{there}, w.share * l.share, w.assumed OR l.assumed, w.steps + 1, l.effective_date,
        w.path || l.{there}
    FROM walk w JOIN agency_succession l ON l.{here} = w.at
    WHERE l.{there} <> ALL (w.path) AND l.effective_date {order} w.effective_date
)
SELECT a.code, a.name, a.level, a.valid_from, a.valid_to, sum(w.share) AS share,
    bool_or(w.assumed) AS assumed, min(w.steps) AS steps,
    min(w.effective_date) AS effective_date
FROM walk w JOIN agency a ON a.id = w.at
GROUP BY a.id ORDER BY steps, a.code
"""


class AgencyRecord(msgspec.Struct, frozen=True):
    """An agency with the codes of its unit and of the agency above it."""

    id: int
    code: str
    name: str
    level: str
    unit: str | None
    unit_name: str | None
    parent: str | None
    valid_from: date
    valid_to: date | None


class Kin(msgspec.Struct, frozen=True):
    """An agency before or after another.

    `share` is the part of the earlier agency's work that the later one took over, along all
    ways from one to the other; `assumed` says that some share on the way was chosen.
    """

    code: str
    name: str
    level: str
    valid_from: date
    valid_to: date | None
    share: float
    assumed: bool
    steps: int
    effective_date: date


class CounterRecord(msgspec.Struct, frozen=True):
    """A counter and the agency it belongs to."""

    id: int
    code: str
    name: str
    agency: str
    agency_name: str
    has_kiosk: bool


async def list_agencies(on: date | None = None) -> list[AgencyRecord]:
    """Agencies valid on a day, or all that ever were, by code."""
    if on is None:
        return _agencies(await fetch(f"{_AGENCY} ORDER BY a.code"))
    return _agencies(await fetch(f"{_AGENCY} WHERE {_VALID} ORDER BY a.code", on))


async def get_agency(code: str) -> AgencyRecord:
    """The agency of this code.

    Raises
    ------
    UnknownAgencyError
        No agency has it.
    """
    found = _agencies(await fetch(f"{_AGENCY} WHERE a.code = $1", code))
    if not found:
        raise UnknownAgencyError(
            N_("Không có cơ quan mang mã «{code}»; hãy sửa mã hoặc nhập cơ quan trước."), code=code
        )
    return found[0]


async def successors(code: str) -> list[Kin]:
    """Agencies that took over the work of this one, nearest first."""
    return await _walk(code, here="predecessor", there="successor", order=">=")


async def predecessors(code: str) -> list[Kin]:
    """Agencies whose work this one took over, nearest first."""
    return await _walk(code, here="successor", there="predecessor", order="<=")


async def open_counters(on: date | None = None) -> list[CounterRecord]:
    """Counters whose agency is valid on a day (today in Viet Nam), by code."""
    rows = await fetch(
        "SELECT c.id, c.code, c.name, a.code AS agency, a.name AS agency_name,"
        " EXISTS (SELECT FROM device d WHERE d.counter = c.id AND d.revoked_at IS NULL)"
        " AS has_kiosk"
        " FROM counter c JOIN agency a ON a.id = c.agency"
        f" WHERE {_VALID.replace('$1', f'coalesce($1::date, {_TODAY})')} ORDER BY c.code",
        on,
    )
    return [CounterRecord(**row) for row in rows]


async def _walk(code: str, *, here: str, there: str, order: str) -> list[Kin]:
    await get_agency(code)
    rows = await fetch(_WALK.format(here=here, there=there, order=order), code)
    return [Kin(**row) for row in rows]


def _agencies(rows: list[dict[str, Any]]) -> list[AgencyRecord]:
    return [AgencyRecord(**row) for row in rows]
