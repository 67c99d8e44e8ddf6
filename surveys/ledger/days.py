"""The days of the ledger: gathered while they are open, closed when they are over."""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from surveys.days import local_day
from surveys.ledger.chain import FEW, Day, close
from surveys.ledger.commitments import (
    SALT_BYTES,
    STORE,
    Counts,
    added,
    pack,
    sort_hashes,
    unpack,
)
from surveys.transactions import engine, fetch, transaction

# One bookkeeper at a time.
LEDGER_LOCK = 7_202_613

COLUMNS = "number, day, told, counts, nonce, hashes, root, counted, previous, head"

TAKE = "DELETE FROM commitment_batch WHERE day <= $1 RETURNING day, counts, hashes"

NEWEST = f"SELECT {COLUMNS} FROM ledger_day ORDER BY number DESC LIMIT 1"

WRITE = f"INSERT INTO ledger_day ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"

# How many ratings there are, mixed or waiting, by what they count for; and what open days count.
# One statement, so that both are of one moment.
STANDING = """
SELECT place, count(*) AS ratings FROM (
    SELECT 'a' || c.agency AS place FROM rating r JOIN cell c ON c.id = r.cell
    UNION ALL SELECT 'a' || c.agency FROM waiting_rating w JOIN cell c ON c.id = w.cell
    UNION ALL SELECT 'c' || counter FROM rating WHERE counter IS NOT NULL
    UNION ALL SELECT 'c' || counter FROM waiting_rating WHERE counter IS NOT NULL
) AS places GROUP BY place
UNION ALL SELECT counts, NULL FROM commitment_batch
"""


async def gather(now: datetime | None = None) -> int:
    """Make one row of the batches of each open day; returns how many rows there were.

    What a batch told by its place in the file, its size and its transaction is gone after this.
    """
    async with transaction() as connection:
        await _lock(connection)
        count = await _gather(connection, local_day(now or datetime.now(UTC)))
    await _forget_dead_rows()
    return count


async def close_days(now: datetime | None = None, *, few: int = FEW) -> list[Day]:
    """Close every day that is over and not closed yet; returns those that were closed by this.

    All or nothing, and done again without harm. The first time it writes down what was there
    before the ledger began.
    """
    today = local_day(now or datetime.now(UTC))
    closed: list[Day] = []
    async with transaction() as connection:
        await _lock(connection)
        await _gather(connection, today)
        newest = await _newest(connection) or await _begin(connection, today, few)
        while newest.day < today - timedelta(days=1):
            day = newest.day + timedelta(days=1)
            # A batch that was on its way at midnight belongs to a day that is closed: it counts
            # for the next one.
            batches = await connection.fetch(TAKE, day)
            counts = added(unpack(row["counts"]) for row in batches)
            hashes = sort_hashes(row["hashes"] for row in batches)
            newest = close(newest, day, counts, hashes, secrets.token_bytes(SALT_BYTES), few=few)
            await _write(connection, newest)
            closed.append(newest)
    await _forget_dead_rows()
    return closed


async def standing(connection: Any) -> tuple[Counts, Counts]:
    """Ratings that are there, and those that open days count, as of one moment."""
    rows = await connection.fetch(STANDING)
    places = {row["place"]: row["ratings"] for row in rows if row["ratings"] is not None}
    batches = [unpack(row["place"]) for row in rows if row["ratings"] is None]
    return Counts(0, places), added(batches)


async def read_days(connection: Any = None) -> list[Day]:
    """The whole chain, by number."""
    sql = f"SELECT {COLUMNS} FROM ledger_day ORDER BY number"
    rows = await (fetch(sql) if connection is None else connection.fetch(sql))
    return [Day(**row) for row in rows]


async def newest_day() -> Day | None:
    """The day that was closed last."""
    async with transaction() as connection:
        return await _newest(connection)


async def _lock(connection: Any) -> None:
    await connection.execute("SELECT pg_advisory_xact_lock($1)", LEDGER_LOCK)


async def _gather(connection: Any, today: date) -> int:
    rows = await connection.fetch(TAKE, today)
    for day in sorted({row["day"] for row in rows}):
        await _store([row for row in rows if row["day"] == day], connection, day)
    return len(rows)


async def _store(rows: Sequence[Any], connection: Any, day: date) -> None:
    counts = added(unpack(row["counts"]) for row in rows)
    await connection.execute(STORE, day, pack(counts), sort_hashes(row["hashes"] for row in rows))


async def _newest(connection: Any) -> Day | None:
    row = await connection.fetchrow(NEWEST)
    return None if row is None else Day(**row)


async def _begin(connection: Any, today: date, few: int) -> Day:
    """Day number 0: how many ratings there were that no open day counts."""
    there, open_days = await standing(connection)
    before = Counter(there.places)
    before.subtract(open_days.places)
    counts = Counts(0, {place: count for place, count in before.items() if count})
    first = await connection.fetchval("SELECT min(day) FROM commitment_batch")
    day = min(first or today, today) - timedelta(days=1)
    begun = close(None, day, counts, b"", secrets.token_bytes(SALT_BYTES), few=few)
    await _write(connection, begun)
    return begun


async def _write(connection: Any, day: Day) -> None:
    await connection.execute(
        WRITE, day.number, day.day, day.told, day.counts, day.nonce, day.hashes, day.root,
        day.counted, day.previous, day.head,
    )  # fmt: skip


async def _forget_dead_rows() -> None:
    # A deleted batch stays readable in its page, with its transaction, until it is vacuumed.
    connection = await engine().get_new_connection()
    try:
        await connection.execute("VACUUM commitment_batch")
    finally:
        await connection.close()
