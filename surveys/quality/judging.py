"""The judge's hands in the database: open the window, write verdicts, let ratings go.

Every step may be done twice: days are written anew, a week is judged once, and to let go what
was let go changes nothing. So a job that was killed is simply run again.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from surveys.accounts.audit import audit
from surveys.quality.sightings import CONFLICT, TAP, Sighting
from surveys.quality.window import Key
from surveys.transactions import MIXING_LOCK, Row, fetch, transaction

WEEK = timedelta(days=7)

OPEN = "SELECT id, box FROM quality_box WHERE day < $1 ORDER BY day, id"

COUNTERS = """
SELECT c.id, c.code, c.agency FROM counter c
"""

DEVICES = "SELECT id, counter FROM device"

CLAIM = """
INSERT INTO judged_week (week, judged_on, counters, flagged, recipe) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (week) DO NOTHING RETURNING week
"""

RESULTS = """
INSERT INTO detector_result (counter, week, day, detector, statistic, p, q)
SELECT counter, $2, day, detector, statistic, p, q FROM jsonb_to_recordset($1::jsonb)
    AS t(counter int, day date, detector text, statistic float8, p float8, q float8)
ON CONFLICT DO NOTHING
"""

FLAGS = """
INSERT INTO quality_flag (id, counter, week, state, reasons, q, evidence, made_at)
SELECT t.id, t.counter, $2, 'open', t.reasons, t.q, t.evidence, now()
FROM jsonb_to_recordset($1::jsonb)
    AS t(id uuid, counter int, reasons jsonb, q float8, evidence jsonb)
ON CONFLICT (counter, week) DO NOTHING
"""

# A week that was never judged as a whole, because the window had lost it, keeps nothing waiting.
RELEASE = """
UPDATE waiting_rating w SET judged = true, flag = f.id, stirred = false
FROM unnest($1::uuid[], $2::int[], $3::date[]) AS t(event, counter, week)
LEFT JOIN quality_flag f ON f.counter = t.counter AND f.week = t.week
WHERE w.id = t.event AND NOT w.judged
    AND (t.week < $4 OR EXISTS (SELECT FROM judged_week j WHERE j.week = t.week))
RETURNING w.id
"""

# Nobody can judge what came without a box, or whose box is gone.
RELEASE_LOST = """
UPDATE waiting_rating SET judged = true, stirred = false
WHERE NOT judged AND received_on < $1 RETURNING id
"""

CLOSE = "DELETE FROM quality_box WHERE day <= $1 RETURNING id"


class Seen(msgspec.Struct, frozen=True):
    """A sighting at a counter that is known, on its day in Viet Nam."""

    sighting: Sighting
    counter: int
    day: date


class Verdict(msgspec.Struct, frozen=True):
    """A flagged counter of a week: why, and how sure."""

    counter: int
    reasons: list[str]
    q: float
    evidence: dict[str, Any]
    id: UUID = msgspec.field(default_factory=uuid4)


class Result(msgspec.Struct, frozen=True):
    """What one detector found at a counter on a day, or (without a day) in the week."""

    counter: int
    detector: str
    p: float
    day: date | None = None
    statistic: float | None = None
    q: float | None = None


async def open_window(key: Key, today: date) -> list[Sighting]:
    """Everything in the boxes of ended days."""
    rows = await fetch(OPEN, today)
    return [one for row in rows for one in key.open(row["id"], row["box"])]


async def list_counters() -> list[Row]:
    """Row, code and agency of every counter."""
    return await fetch(COUNTERS)


async def device_counters() -> dict[UUID, int]:
    """The counter of every device."""
    return {row["id"]: row["counter"] for row in await fetch(DEVICES)}


async def judged_weeks() -> set[date]:
    """The Mondays of the weeks that are judged."""
    return {row["week"] for row in await fetch("SELECT week FROM judged_week")}


async def store_verdicts(
    week: date,
    results: Sequence[Result],
    verdicts: Sequence[Verdict],
    *,
    judged_on: date,
    counters: int,
    recipe: dict[str, Any],
) -> bool:
    """Write what was found in a week, all or nothing; False when it was judged before."""
    async with transaction():
        claimed = await fetch(CLAIM, week, judged_on, counters, len(verdicts), _json(recipe))
        if not claimed:
            return False
        await fetch(RESULTS, _json(results), week)
        await fetch(FLAGS, _json(verdicts), week)
        await audit("week_judged", f"{week}", actor=None, counters=counters, flagged=len(verdicts))
    return True


async def release(seen: Sequence[Seen], oldest: date) -> int:
    """Let the taps of judged weeks go to be mixed, each with its week's flag if there is one.

    Weeks before `oldest` are no longer judged; their late taps go without a verdict.
    """
    taps = [one for one in seen if one.sighting.kind == TAP and one.sighting.event]
    async with transaction():
        await fetch("SELECT pg_advisory_xact_lock($1)", MIXING_LOCK)
        rows = await fetch(
            RELEASE,
            [one.sighting.event for one in taps],
            [one.counter for one in taps],
            [monday(one.day) for one in taps],
            oldest,
        )
    return len(rows)


async def release_lost(before: date) -> int:
    """Let ratings go that were received before a day and have no box any more."""
    async with transaction():
        await fetch("SELECT pg_advisory_xact_lock($1)", MIXING_LOCK)
        return len(await fetch(RELEASE_LOST, before))


async def close_unjudged(today: date) -> int:
    """Let everything go without a judgement and empty the window, as a simulation does."""
    released = await release_lost(today + timedelta(days=1))
    await close_window(today)
    return released


async def close_window(last: date) -> int:
    """Delete the boxes of this day and of those before it."""
    return len(await fetch(CLOSE, last))


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def is_conflict(one: Sighting) -> bool:
    """Whether this is a number that was used before."""
    return one.kind == CONFLICT


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
