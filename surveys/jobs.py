"""A queue in the database: work exists exactly when the change that asks for it does.

A worker holds a lease on what it does; when it dies the lease runs out and the work is done
again. docs/decisions tells why this is ours and not a library's.
"""

import json
import traceback
from datetime import UTC, datetime, timedelta
from typing import Any

from surveys.transactions import Row, fetch, fetch_one

MAX_ATTEMPTS = 5

CLAIM = """
UPDATE job SET leased_until = $1, worker = $2, attempts = attempts + 1
WHERE id = (
    SELECT id FROM job
    WHERE done_at IS NULL AND due <= $3 AND (leased_until IS NULL OR leased_until < $3)
    ORDER BY due, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, task, payload, attempts
"""


async def enqueue(
    task: str,
    payload: dict[str, Any] | None = None,
    *,
    unique_key: str | None = None,
    due: datetime | None = None,
) -> int | None:
    """Ask for work, in the running transaction; returns its id, or None if it was asked before."""
    row = await fetch_one(
        """
        INSERT INTO job (task, payload, unique_key, due, attempts) VALUES ($1, $2, $3, $4, 0)
        ON CONFLICT (unique_key) DO NOTHING RETURNING id
        """,
        task,
        json.dumps(payload or {}),
        unique_key,
        due or datetime.now(UTC),
    )
    return row["id"] if row else None


async def claim(worker: str, *, lease_seconds: int) -> Row | None:
    """Return the next piece of work that is due, held by this worker until its lease runs out."""
    now = datetime.now(UTC)
    row = await fetch_one(CLAIM, now + timedelta(seconds=lease_seconds), worker, now)
    return None if row is None else row | {"payload": json.loads(row["payload"])}


async def extend(job: int, worker: str, *, lease_seconds: int) -> None:
    """Keep work that takes longer than its lease."""
    until = datetime.now(UTC) + timedelta(seconds=lease_seconds)
    await fetch(
        "UPDATE job SET leased_until = $3 WHERE id = $1 AND worker = $2", job, worker, until
    )


async def finish(job: int, worker: str, outcome: dict[str, Any]) -> None:
    """Mark work as done, unless another worker has taken it over meanwhile."""
    await fetch(
        """
        UPDATE job SET done_at = now(), failed = NULL, outcome = $3
        WHERE id = $1 AND worker = $2
        """,
        job,
        worker,
        json.dumps(outcome),
    )


async def fail(job: Row, error: BaseException, *, final: bool) -> None:
    """Keep the reason, and try again later unless it is final or was tried often enough."""
    now = datetime.now(UTC)
    dead = final or job["attempts"] >= MAX_ATTEMPTS
    wait = timedelta(seconds=min(3600, 10 * 4 ** job["attempts"]))
    reason = str(error) if final else "".join(traceback.format_exception(error))[-4000:]
    await fetch(
        """
        UPDATE job SET failed = $2, leased_until = NULL, worker = NULL, due = $3, done_at = $4
        WHERE id = $1
        """,
        job["id"],
        reason,
        now + wait,
        now if dead else None,
    )


async def recent_jobs(task: str, *, limit: int = 20) -> list[Row]:
    """The newest pieces of work of one kind, with their state."""
    rows = await fetch(
        """
        SELECT id, payload, due, attempts, leased_until, done_at, outcome, failed,
            CASE WHEN done_at IS NOT NULL AND failed IS NULL THEN 'done'
                WHEN done_at IS NOT NULL THEN 'failed'
                WHEN leased_until > now() THEN 'running' ELSE 'waiting' END AS state
        FROM job WHERE task = $1 ORDER BY id DESC LIMIT $2
        """,
        task,
        limit,
    )
    return [row | {"payload": json.loads(row["payload"])} for row in rows]
