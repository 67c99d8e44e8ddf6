"""What is kept of a day at a counter: counts, with no stretch of minutes that few people share."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import msgspec

from surveys.transactions import Row, fetch

# A day is written anew as long as the window shows all of it. Bad signatures leave no sighting:
# they are what the devices' running totals have gained since the days before.
STORE = """
WITH t AS (
    SELECT * FROM jsonb_to_recordset($1::jsonb) AS t(counter int, day date, handovers int,
        ratings int, linked int, off_hours int, missing int, late int, conflicts int,
        levels jsonb, gaps jsonb, bins jsonb)
), totals AS (
    SELECT t.counter, t.day, greatest(0,
        coalesce((SELECT sum(d.bad_signatures) FROM device d WHERE d.counter = t.counter), 0)
        - coalesce((SELECT sum(o.bad_signatures) FROM counter_day o
            WHERE o.counter = t.counter AND o.day < t.day), 0)) AS bad_signatures
    FROM t WHERE t.day = $2
)
INSERT INTO counter_day AS kept (counter, day, handovers, ratings, linked, off_hours, missing,
    late, conflicts, bad_signatures, levels, gaps, bins)
SELECT counter, day, handovers, ratings, linked, off_hours, missing, late, conflicts,
    coalesce(totals.bad_signatures, 0), levels, gaps, bins
FROM t LEFT JOIN totals USING (counter, day)
ON CONFLICT (counter, day) DO UPDATE SET handovers = excluded.handovers,
    ratings = excluded.ratings, linked = excluded.linked, off_hours = excluded.off_hours,
    missing = excluded.missing, late = excluded.late, conflicts = excluded.conflicts,
    bad_signatures = CASE WHEN kept.day = $2 THEN excluded.bad_signatures
        ELSE kept.bad_signatures END,
    levels = excluded.levels, gaps = excluded.gaps, bins = excluded.bins
"""

# The first day of a counter holds whatever had been wrong before there was a window.
BAD_SIGNATURES = """
SELECT counter, day, bad_signatures FROM counter_day d WHERE day >= $1 AND bad_signatures > 0
    AND EXISTS (SELECT FROM counter_day o WHERE o.counter = d.counter AND o.day < d.day)
"""

# Days of which nothing but totals was kept say nothing of levels, and are left out; so are weeks
# with a flag, for a fraud must not become what is usual.
HISTORY = """
SELECT counter, day, handovers, linked, levels, gaps FROM counter_day d
WHERE day < $1 AND day >= $1 - 56 AND levels <> '[]'
    AND NOT EXISTS (SELECT FROM quality_flag f WHERE f.counter = d.counter
        AND f.state <> 'dismissed' AND f.week = date_trunc('week', d.day)::date)
"""

OF_COUNTER = """
SELECT day, handovers, ratings, linked, off_hours, missing, late, conflicts, levels, gaps, bins
FROM counter_day WHERE counter = $1 AND day BETWEEN $2 AND $3 ORDER BY day
"""


class Stretch(msgspec.Struct, frozen=True):
    """Minutes after midnight, from and to, with what was handed over and tapped in them."""

    start: int
    end: int
    handovers: int
    levels: list[int]


class CounterDay(msgspec.Struct, frozen=True):
    """One day at one counter, as it is kept for good."""

    counter: int
    day: date
    handovers: int
    ratings: int
    linked: int
    off_hours: int
    missing: int
    late: int
    conflicts: int
    levels: list[int]
    gaps: list[int]
    bins: list[Stretch]


def hide_few(day: CounterDay, few: int) -> CounterDay:
    """The day without what fewer than `few` people share.

    Not only handovers must be `few` in a stretch: who knows from `spent_right` that one of five
    dossiers was rated would else know how. A day that has too few of either keeps totals only.
    """
    if day.handovers < few or day.ratings < few:
        return msgspec.structs.replace(day, levels=[], gaps=[], bins=[])
    gaps = day.gaps if day.linked >= few else []
    return msgspec.structs.replace(day, gaps=gaps, bins=merge_stretches(day.bins, few))


def merge_stretches(bins: Sequence[Stretch], few: int) -> list[Stretch]:
    """Neighbours joined until each holds `few` handovers and `few` ratings; the rest joins the last."""
    merged: list[Stretch] = []
    for one in bins:
        if merged and not _holds(merged[-1], few):
            merged[-1] = _join(merged[-1], one)
        else:
            merged.append(one)
    while len(merged) > 1 and not _holds(merged[-1], few):
        last = merged.pop()
        merged[-1] = _join(merged[-1], last)
    return merged if merged and _holds(merged[0], few) else []


def _holds(one: Stretch, few: int) -> bool:
    return one.handovers >= few and sum(one.levels) >= few


def _join(first: Stretch, second: Stretch) -> Stretch:
    levels = [a + b for a, b in zip(first.levels, second.levels, strict=True)]
    return Stretch(first.start, second.end, first.handovers + second.handovers, levels)


async def store_days(days: Iterable[CounterDay], last: date) -> None:
    """Write these days in place of what was kept of them; `last` is the newest ended day."""
    rows = [msgspec.to_builtins(day) for day in days]
    if rows:
        await fetch(STORE, msgspec.json.encode(rows).decode(), last)


async def read_history(before: date) -> list[Row]:
    """The kept days of the eight weeks before a Monday, levels and gap classes as lists."""
    return [_listed(row) for row in await fetch(HISTORY, before)]


async def bad_signatures(first: date) -> list[Row]:
    """Counter, day and number of wrong signatures, from one day on."""
    return await fetch(BAD_SIGNATURES, first)


async def days_of_counter(counter: int, first: date, last: date) -> list[dict[str, Any]]:
    """What is kept of a counter's days."""
    return [_listed(row) for row in await fetch(OF_COUNTER, counter, first, last)]


def _listed(row: Row) -> Row:
    texts = {
        name: msgspec.json.decode(row[name]) for name in ("levels", "gaps", "bins") if name in row
    }
    return row | texts
