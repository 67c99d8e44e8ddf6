"""Clocks in the tables: started, stopped, paused, and counted anew when the calendar changes."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from surveys.calendars import Calendar, load_calendar, load_calendars
from surveys.reflections.clocks import Clock, Explanation, Term, due, explain, worked_minutes
from surveys.reflections.rules import find_term
from surveys.transactions import Row, fetch, fetch_one, transaction

PAUSES: Final = """
(SELECT coalesce(json_agg(json_build_array(p.paused_at, p.resumed_at) ORDER BY p.id), '[]')::text
    FROM case_pause p WHERE p.clock = c.id) AS pauses
"""
RUNNING: Final = f"""
SELECT c.*, {PAUSES} FROM case_clock c
WHERE c.case_id = $1 AND c.stopped_at IS NULL AND c.clock = ANY ($2) ORDER BY c.id
"""
START: Final = """
INSERT INTO case_clock (case_id, clock, cause, agency, amount, unit, source, started_at, due_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
PAUSE: Final = """
WITH ran AS (
    SELECT id, due_at FROM case_clock
    WHERE case_id = $1 AND stopped_at IS NULL AND clock = ANY ($2)
), stands AS (
    UPDATE case_clock c SET due_at = NULL FROM ran WHERE c.id = ran.id)
INSERT INTO case_pause (clock, paused_at, due_before) SELECT id, $3, due_at FROM ran
"""
RESUME: Final = """
UPDATE case_pause p SET resumed_at = greatest($3, p.paused_at) FROM case_clock c
WHERE c.id = p.clock AND c.case_id = $1 AND c.stopped_at IS NULL AND c.clock = ANY ($2)
    AND p.resumed_at IS NULL
"""
REFRESH: Final = """
UPDATE reflection_case SET due_at = (SELECT min(due_at) FROM case_clock
    WHERE case_id = $1 AND stopped_at IS NULL AND clock IN ('receive', 'transfer', 'answer'))
WHERE id = $1 RETURNING due_at
"""
ALL_RUNNING: Final = f"""
SELECT c.*, {PAUSES} FROM case_clock c WHERE c.stopped_at IS NULL ORDER BY c.agency, c.id
"""


def read_clock(row: Row) -> Clock:
    """The clock of a row."""
    extra = Term(row["extra_amount"], row["extra_unit"]) if row["extra_amount"] else None
    pauses = [tuple(_moment(one) for one in pause) for pause in json.loads(row["pauses"])]
    return Clock(
        started_at=row["started_at"],
        term=Term(row["amount"], row["unit"], row["source"]),
        extra=extra,
        pauses=tuple(pauses),  # type: ignore[arg-type]
    )


async def running_clocks(case_id: UUID, clocks: Sequence[str]) -> list[Row]:
    """The rows of these clocks that run or stand still."""
    return await fetch(RUNNING, case_id, list(clocks))


async def start_clocks(case: Row, clocks: Sequence[str], *, cause: str, now: datetime) -> None:
    """Start clocks for the agency that has the case, each by the rule that holds now."""
    calendar = await load_calendar(case["agency"])
    for clock in clocks:
        term = await find_term(
            clock,
            case_type=case["type"],
            agency=case["agency"],
            channel=case["channel"],
            at=now,
        )
        end = due(calendar, Clock(started_at=now, term=term))
        await fetch(
            START,
            *(case["id"], clock, cause, case["agency"]),
            *(term.amount, term.unit, term.source, now, end),
        )


async def stop_clocks(case_id: UUID, clocks: Sequence[str], now: datetime) -> None:
    """Stop clocks and keep how much office time they took. A pause that goes on ends here."""
    await fetch(RESUME, case_id, list(clocks), now)
    for row in await running_clocks(case_id, clocks):
        calendar = await load_calendar(row["agency"])
        clock = read_clock(row)
        worked = worked_minutes(calendar, clock, now)
        await fetch(
            "UPDATE case_clock SET stopped_at = $2, worked_minutes = $3, due_at = $4 WHERE id = $1",
            *(row["id"], max(now, row["started_at"]), round(max(worked, 0)), due(calendar, clock)),
        )


async def pause_clocks(case_id: UUID, clocks: Sequence[str], now: datetime) -> None:
    """Let clocks stand still from now on."""
    await fetch(PAUSE, case_id, list(clocks), now)


async def resume_clocks(case_id: UUID, clocks: Sequence[str], now: datetime) -> None:
    """Let clocks go on; their ends move by the office time of the pause."""
    await fetch(RESUME, case_id, list(clocks), now)
    for row in await running_clocks(case_id, clocks):
        await _write_due(row, await load_calendar(row["agency"]))


async def extend_clock(case: Row, clock: str, now: datetime) -> datetime | None:
    """Lengthen a running clock by the rule for extensions; returns its new end."""
    term = await find_term(
        "extension", case_type=case["type"], agency=case["agency"], channel=case["channel"], at=now
    )
    await fetch(
        "UPDATE case_clock SET extra_amount = $3, extra_unit = $4"
        " WHERE case_id = $1 AND clock = $2 AND stopped_at IS NULL",
        *(case["id"], clock, term.amount, term.unit),
    )
    (row,) = await running_clocks(case["id"], [clock])
    return await _write_due(row, await load_calendar(case["agency"]))


async def refresh_due(case_id: UUID) -> datetime | None:
    """Write the nearest end of the agency's clocks to the case."""
    row = await fetch_one(REFRESH, case_id)
    return row["due_at"] if row else None


async def recount_clocks() -> int:
    """Count every running clock anew, after hours or days off changed; returns how many moved."""
    async with transaction():
        rows = await fetch(ALL_RUNNING)
        calendars = await load_calendars({row["agency"] for row in rows})
        moved = [row for row in rows if await _moves(row, calendars[row["agency"]])]
        for case_id in {row["case_id"] for row in moved}:
            await refresh_due(case_id)
    return len(moved)


async def explain_clocks(case_id: UUID, agency: int, now: datetime) -> dict[str, Explanation]:
    """Why the running clocks of a case end when they do, by clock."""
    rows = await running_clocks(case_id, ["receive", "transfer", "answer", "ask", "verdict"])
    calendar = await load_calendar(agency)
    return {row["clock"]: explain(calendar, read_clock(row), now) for row in rows}


async def _moves(row: Row, calendar: Calendar) -> bool:
    return bool(await _write_due(row, calendar) != row["due_at"])


async def _write_due(row: Row, calendar: Calendar) -> datetime | None:
    end = due(calendar, read_clock(row))
    if end != row["due_at"]:
        await fetch("UPDATE case_clock SET due_at = $2 WHERE id = $1", row["id"], end)
    return end


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
