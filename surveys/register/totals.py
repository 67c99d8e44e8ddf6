"""Published totals: their sums beside them, and how they compare with the dossiers."""

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import msgspec

from surveys.periods import parse_period
from surveys.register.errors import Sentence
from surveys.register.population import DAYS, population
from surveys.register.spellings import period_days, read_period
from surveys.register.staging import ask
from surveys.register.sums import RATIOS, TOLERANCE, Printed, add_up
from surveys.register.words import WHOLE
from surveys.tables.register import Channel, Level
from surveys.transactions import Row, fetch

_COLUMNS = "source, period, indicator, scope, part_of, printed, unit"
# What will stand after the import, for every source and period that the file touches.
_TOUCHED = f"""
SELECT {_COLUMNS} FROM ready
UNION ALL
SELECT {_COLUMNS} FROM published_total t
WHERE EXISTS (SELECT FROM ready r WHERE r.source = t.source AND r.period = t.period)
AND NOT EXISTS (SELECT FROM ready r WHERE r.id = t.id)
ORDER BY source, period, indicator, scope
"""
_STORE = """
UPDATE published_total t SET computed = c.computed
FROM published_total o LEFT JOIN unnest($1::text[], $2::text[], $3::text[], $4::text[],
    $5::numeric[]) AS c (source, period, indicator, scope, computed)
    ON (c.source, c.period, c.indicator, c.scope)
    = (o.source, o.period, o.indicator, o.scope)
WHERE o.id = t.id AND t.computed IS DISTINCT FROM c.computed
AND EXISTS (SELECT FROM ready r WHERE r.source = t.source AND r.period = t.period)
"""
_RECEIVED = f"""
SELECT a.code AS agency, a.level, f.code AS field, d.channel, d.dossiers
FROM (
    SELECT d.agency, p.field, d.channel, count(*) AS dossiers
    FROM dossier d JOIN procedure p ON p.id = d.procedure
    WHERE {DAYS.format("d.received_at")}
    GROUP BY d.agency, p.field, d.channel
) d JOIN agency a ON a.id = d.agency JOIN field f ON f.id = d.field
"""


class Difference(msgspec.Struct, frozen=True):
    """A published figure and what the dossiers of the register say."""

    source: str
    indicator: str
    scope: str
    unit: str
    printed: Decimal
    register: Decimal


class Comparison(msgspec.Struct, frozen=True):
    """Published totals of one period against the register."""

    period: str
    compared: int
    differences: tuple[Difference, ...]
    # Figures whose indicator or scope the register does not know.
    not_compared: tuple[Printed, ...]


async def store_sums(connection: Any, *, write: bool) -> list[Sentence]:
    """Put the sums of the touched totals beside them; a warning for each that disagrees."""
    totals = [Printed(**dict(row)) for row in await ask(connection, _TOUCHED)]
    sums, warnings = add_up(totals)
    if write:
        rows = [(*found.total.beside(found.total.scope), found.computed) for found in sums]
        await connection.execute(_STORE, *([row[place] for row in rows] for place in range(5)))
    return warnings


async def check_totals(period: str) -> Comparison:
    """Published totals of a period against the dossiers: what differs, with both figures.

    Raises
    ------
    PeriodError
        The period is in no spelling that we know.
    """
    name = read_period(period) or parse_period(period).name
    rows = await fetch(
        f"SELECT {_COLUMNS} FROM published_total WHERE period = $1 ORDER BY id", name
    )
    figures = await _figures(*period_days(name))
    differences, not_compared = [], []
    for printed in (Printed(**row) for row in rows):
        register = _register_figure(printed, figures)
        if register is None:
            not_compared.append(printed)
        elif abs(printed.printed - register) > (TOLERANCE if printed.unit == "percent" else 0):
            differences.append(
                Difference(
                    printed.source, printed.indicator, printed.scope, printed.unit,
                    printed.printed, round(register, 4),
                )
            )  # fmt: skip
    compared = len(rows) - len(not_compared)
    return Comparison(name, compared, tuple(differences), tuple(not_compared))


Figures = tuple[Counter[tuple[str, str]], set[str]]


async def _figures(first: date, last: date) -> Figures:
    """Counts by indicator and scope, and every scope that the register knows."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in await fetch(_RECEIVED, first, last):
        _count(counts, row, ["received", *(["online"] if row["channel"] == "online" else [])])
    levels = {row["code"]: row["level"] for row in await fetch("SELECT code, level FROM agency")}
    for part in await population(first, last):
        row = msgspec.structs.asdict(part) | {"level": levels[part.agency]}
        _count(counts, row, ["returned", "on_time" if part.on_time else "late"])
    codes = await fetch(
        "SELECT 'agency:' || code AS scope FROM agency UNION SELECT 'field:' || code FROM field"
    )
    words = {f"level:{level}" for level in Level} | {f"channel:{channel}" for channel in Channel}
    return counts, {WHOLE} | words | {row["scope"] for row in codes}


def _count(counts: Counter[tuple[str, str]], row: Row, indicators: list[str]) -> None:
    scopes = [f"{name}:{row[name]}" for name in ("agency", "level", "field", "channel")]
    for indicator in indicators:
        for scope in (WHOLE, *scopes):
            counts[indicator, scope] += row["dossiers"]


_COUNTED = {"received", "returned", "on_time", "late", "online"}


def _register_figure(printed: Printed, figures: Figures) -> Decimal | None:
    counts, scopes = figures
    scope = printed.scope
    if scope not in scopes:
        return None
    if printed.unit == "count" and printed.indicator in _COUNTED:
        return Decimal(counts[printed.indicator, scope])
    if printed.unit != "percent" or printed.indicator not in RATIOS:
        return None
    part, whole = RATIOS[printed.indicator]
    if not counts[whole, scope]:
        return None
    return Decimal(100 * counts[part, scope]) / counts[whole, scope]
