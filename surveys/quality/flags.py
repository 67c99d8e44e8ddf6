"""Flags: a counter's week that people should look at, answer for, and decide about.

Nothing is deleted by a flag or by a decision. An agency sees its own flags only.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec

from surveys.accounts.audit import audit
from surveys.errors import InputError, NotFoundError, StateError
from surveys.quality.days import days_of_counter
from surveys.tables.quality import FlagState
from surveys.transactions import Row, fetch, fetch_one, transaction

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

LONGEST: Final = 4000
WEEKS_BACK: Final = 12

UNKNOWN: Final = N_("Không có cảnh báo này; hãy tải lại danh sách.")
EMPTY: Final = N_("Hãy viết nội dung trước khi gửi.")
TOO_LONG: Final = N_("Nội dung dài quá {most} ký tự; hãy rút gọn.")
DECIDED: Final = N_("Cảnh báo này đã được quyết định nên không nhận thêm trả lời.")
DECIDED_BEFORE: Final = N_("Cảnh báo này đã được quyết định. Hãy tải lại trang để xem.")

COLUMNS: Final = """
SELECT f.id, f.week, f.state, f.reasons, f.q, f.made_at, f.answered_at, f.decided_at,
    c.code AS counter, c.name AS counter_name, a.id AS agency_id, a.code AS agency,
    a.name AS agency_name
"""

FROM: Final = """
FROM quality_flag f JOIN counter c ON c.id = f.counter JOIN agency a ON a.id = c.agency
"""

WANTED: Final = """
WHERE ($1 = '' OR f.state = $1) AND ($2 = '' OR a.code = $2)
    AND ($3 = '' OR f.reasons @> jsonb_build_array($3)) AND ($4::int IS NULL OR a.id = $4)
"""

LIST: Final = f"""{COLUMNS}, count(*) OVER () AS total {FROM} {WANTED}
ORDER BY f.week DESC, f.q, c.code LIMIT $5 OFFSET $6
"""

COUNTS: Final = "SELECT state, count(*) AS flags FROM quality_flag GROUP BY state"

ONE: Final = f"""{COLUMNS}, f.counter AS counter_id, f.evidence, f.answer, f.decision,
    w.username AS answered_by, d.username AS decided_by,
    (SELECT j.counters FROM judged_week j WHERE j.week = f.week) AS counters {FROM}
LEFT JOIN account w ON w.id = f.answered_by LEFT JOIN account d ON d.id = f.decided_by
WHERE f.id = $1 AND ($2::int IS NULL OR a.id = $2)
"""

RESULTS: Final = """
SELECT detector, p, q FROM detector_result
WHERE counter = $1 AND week = $2 AND day IS NULL AND detector <> 'all' ORDER BY p, detector
"""

OTHERS: Final = """
SELECT id, week, state FROM quality_flag WHERE counter = $1 AND week <> $2 ORDER BY week DESC
"""

WEEKS: Final = """
SELECT date_trunc('week', day)::date AS week, sum(handovers)::int AS handovers,
    sum(ratings)::int AS ratings, sum(linked)::int AS linked, sum(off_hours)::int AS off_hours
FROM counter_day WHERE counter = $1 AND day >= $2 AND day < $3
GROUP BY 1 ORDER BY 1 DESC
"""

ANSWER: Final = """
UPDATE quality_flag SET state = 'answered', answer = $2, answered_by = $3, answered_at = now()
WHERE id = $1
"""

DECIDE: Final = """
UPDATE quality_flag SET state = $2, decision = $3, decided_by = $4, decided_at = now()
WHERE id = $1
"""


@dataclass(frozen=True, slots=True)
class WantedFlags:
    """Which flags to list; empty means all."""

    state: str = ""
    agency: str = ""
    detector: str = ""
    agency_id: int | None = None


async def list_flags(
    wanted: WantedFlags, *, limit: int = 50, offset: int = 0
) -> tuple[list[Row], int]:
    """Flags, the newest week and the surest first, and how many there are of them."""
    asked = (wanted.state, wanted.agency, wanted.detector, wanted.agency_id)
    rows = await fetch(LIST, *asked, limit, offset)
    total = rows[0]["total"] if rows else 0
    return [row | {"reasons": msgspec.json.decode(row["reasons"])} for row in rows], total


async def count_flags() -> dict[str, int]:
    """How many flags stand in each state."""
    return {row["state"]: row["flags"] for row in await fetch(COUNTS)}


async def get_flag(flag: UUID, agency_id: int | None = None) -> dict[str, Any]:
    """A flag with its evidence, the days of its week, and what is kept of the counter before.

    With `agency_id` only that agency's own. Raises NotFoundError.
    """
    row = await fetch_one(ONE, flag, agency_id)
    if row is None:
        raise NotFoundError(UNKNOWN)
    counter, week = row["counter_id"], row["week"]
    read = {name: msgspec.json.decode(row[name]) for name in ("reasons", "evidence")}
    return row | read | {
        "days": await days_of_counter(counter, week, week + timedelta(days=6)),
        "detectors": await fetch(RESULTS, counter, week),
        "others": await fetch(OTHERS, counter, week),
        "weeks": await _weeks(counter, week),
    }  # fmt: skip


async def answer_flag(flag: UUID, agency_id: int, text: str, *, actor: int) -> None:
    """Keep what an agency says of its flag; a later answer replaces it until it is decided.

    Raises NotFoundError, StateError, InputError.
    """
    said = _checked(text)
    async with transaction():
        row = await _lock(flag, agency_id)
        if row["state"] in {FlagState.UPHELD, FlagState.DISMISSED}:
            raise StateError(DECIDED)
        await fetch(ANSWER, flag, said, actor)
        await audit("flag_answered", row["counter"], actor=actor, week=str(row["week"]))


async def decide_flag(flag: UUID, *, uphold: bool, text: str, actor: int) -> None:
    """Uphold or dismiss a flag, with a reason; the other way is open until somebody decided.

    Raises NotFoundError, StateError, InputError.
    """
    why = _checked(text)
    async with transaction():
        row = await _lock(flag, None)
        if row["state"] in {FlagState.UPHELD, FlagState.DISMISSED}:
            raise StateError(DECIDED_BEFORE)
        state = FlagState.UPHELD if uphold else FlagState.DISMISSED
        await fetch(DECIDE, flag, state, why, actor)
        action = "flag_upheld" if uphold else "flag_dismissed"
        await audit(action, row["counter"], actor=actor, week=str(row["week"]), text=why)


async def waiting_flags(agency_id: int) -> int:
    """How many flags of an agency nobody has answered."""
    row = await fetch_one(
        f"SELECT count(*) AS flags {FROM} WHERE f.state = 'open' AND a.id = $1", agency_id
    )
    return int(row["flags"]) if row else 0


async def _lock(flag: UUID, agency_id: int | None) -> Row:
    row = await fetch_one(
        f"SELECT f.state, f.week, c.code AS counter {FROM}"
        " WHERE f.id = $1 AND ($2::int IS NULL OR a.id = $2) FOR UPDATE OF f",
        *(flag, agency_id),
    )
    if row is None:
        raise NotFoundError(UNKNOWN)
    return row


async def _weeks(counter: int, week: date) -> list[Row]:
    first = week - timedelta(days=7 * WEEKS_BACK)
    return await fetch(WEEKS, counter, first, week + timedelta(days=7))


def _checked(text: str) -> str:
    said = text.strip()
    if not said:
        raise InputError(EMPTY)
    if len(said) > LONGEST:
        raise InputError(TOO_LONG, most=LONGEST)
    return said
