"""What was odd about a device's numbers, signatures and heartbeats, day by day.

Exact numbers stand for the days of the window only; how many of which kind stays. Nothing here
is computed from an answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from surveys.days import local_day
from surveys.tables.ledger import FindingKind
from surveys.transactions import fetch

# A device that sends every second number makes as many stretches as numbers: these many are told.
MOST_STRETCHES = 20

NOTE = """
INSERT INTO ledger_finding (id, device, day, kind, first, last, times)
SELECT gen_random_uuid(), t.device, $1, t.kind, t.first, t.last, t.times
FROM unnest($2::uuid[], $3::text[], $4::bigint[], $5::bigint[], $6::int[])
    AS t(device, kind, first, last, times)
ON CONFLICT (device, day, kind) WHERE first IS NULL
    DO UPDATE SET times = ledger_finding.times + excluded.times
"""

# The day and the kind stay, with how many there were.
FORGET = """
WITH old AS (
    DELETE FROM ledger_finding WHERE first IS NOT NULL AND day < $1
    RETURNING device, day, kind, times
)
INSERT INTO ledger_finding (id, device, day, kind, first, last, times)
SELECT gen_random_uuid(), device, day, kind, NULL, NULL, sum(times) FROM old
GROUP BY device, day, kind
ON CONFLICT (device, day, kind) WHERE first IS NULL
    DO UPDATE SET times = ledger_finding.times + excluded.times
RETURNING times
"""

FINDINGS = """
SELECT day, kind, sum(times)::int AS times,
    coalesce(array_agg(ARRAY[first, last] ORDER BY first) FILTER (WHERE first IS NOT NULL), '{}')
        AS stretches
FROM ledger_finding WHERE device = $1 AND day >= $2
GROUP BY day, kind ORDER BY day DESC, kind
"""

MISSING = """
SELECT lower(r) AS first, upper(r) - 1 AS last
FROM device, unnest(missing::int8multirange) AS r WHERE device.id = $1 ORDER BY 1
"""


class Odd(NamedTuple):
    """One stretch of numbers of which something is to be told, or a count without numbers."""

    device: UUID
    kind: FindingKind
    first: int | None
    last: int | None
    times: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What was odd on one day, in one way; stretches of numbers while they are kept."""

    day: date
    kind: FindingKind
    times: int
    stretches: list[tuple[int, int]]


def odd_numbers(
    numbers: Mapping[UUID, Mapping[str, Iterable[int]]], highest: Mapping[UUID, int]
) -> list[Odd]:
    """What is to be told of one delivery: by device, the numbers that are `new`, `resent`, used.

    `highest` is what each device had reached before.
    """
    found: list[Odd] = []
    for device, by_word in numbers.items():
        top = highest.get(device, 0)
        new = set(by_word.get("new", ()))
        found += _told(device, FindingKind.GAP, _gaps(new, top))
        found += _told(device, FindingKind.LATE, stretches(n for n in new if n <= top))
        found += _told(device, FindingKind.RESENT, stretches(by_word.get("resent", ())))
        found += _told(device, FindingKind.REUSED, stretches(by_word.get("number used", ())))
    return found


def stretches(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """Numbers as stretches of neighbours: 1, 2, 3, 7 are (1, 3) and (7, 7)."""
    found: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


async def note_odd(connection: Any, odd: Sequence[Odd], day: date) -> None:
    """Keep what was odd, in the transaction that takes the events."""
    if odd:
        columns = [list(column) for column in zip(*odd, strict=True)]
        await connection.execute(NOTE, day, *columns)


async def count_odd(device: UUID, kind: FindingKind, count: int) -> None:
    """Count what has no number: refused, unreadable or wrongly signed events, old heartbeats."""
    if count:
        today = local_day(datetime.now(UTC))
        await fetch(NOTE, today, [device], [kind], [None], [None], [count])


async def device_findings(device: UUID, since: date) -> list[Finding]:
    """What was odd about a device since this day, the newest first."""
    rows = await fetch(FINDINGS, device, since)
    return [
        Finding(row["day"], FindingKind(row["kind"]), row["times"], _merged(row["stretches"]))
        for row in rows
    ]


async def missing_numbers(device: UUID) -> list[tuple[int, int]]:
    """Stretches of numbers that this device has used and that have not come."""
    return [(row["first"], row["last"]) for row in await fetch(MISSING, device)]


async def forget_numbers(days: int) -> int:
    """Forget exact numbers that are older than these days; returns of how many findings."""
    today = local_day(datetime.now(UTC))
    return len(await fetch(FORGET, today - timedelta(days=days)))


def _gaps(new: set[int], top: int) -> list[tuple[int, int]]:
    found = []
    for number in sorted(n for n in new if n > top):
        if number > top + 1:
            found.append((top + 1, number - 1))
        top = number
    return found


def _told(device: UUID, kind: FindingKind, found: list[tuple[int, int]]) -> list[Odd]:
    told = [Odd(device, kind, a, b, b - a + 1) for a, b in found[:MOST_STRETCHES]]
    if rest := sum(b - a + 1 for a, b in found[MOST_STRETCHES:]):
        told.append(Odd(device, kind, None, None, rest))
    return told


def _merged(pairs: Iterable[Sequence[int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for first, last in pairs:
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def by_device(told: Iterable[tuple[UUID, int, str]]) -> dict[UUID, dict[str, list[int]]]:
    """Numbers by device and word."""
    found: dict[UUID, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for device, number, word in told:
        found[device][word].append(number)
    return found
