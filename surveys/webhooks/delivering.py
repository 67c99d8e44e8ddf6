"""What is to be told, and what became of it.

A delivery stands in the database exactly when its happening does (reflections.log writes both).
It is tried for about three days at growing distances; then it is dead, and the office may send
it again. An address that fails rests, so that one that is down holds up no other.
"""

import json
from datetime import datetime, timedelta
from random import SystemRandom
from typing import Any, Final
from uuid import UUID, uuid4

from surveys.accounts import audit
from surveys.errors import NotFoundError, StateError
from surveys.transactions import Row, fetch, fetch_one, transaction
from surveys.webhooks.registering import find_webhook

N_ = str

# Seconds until the next attempt after the first, second, … failure: together about three days.
DISTANCES: Final = (5, 60, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
LONGEST_REST: Final = 600
# One that asks for patience gets it, within reason.
LONGEST_ASKED: Final = 86_400
LISTED: Final = 50

# Only one at a time goes to each address: a slow one takes no sender from the others.
CLAIM: Final = """
UPDATE webhook_delivery d SET state = 'sending', leased_until = $1, worker = $2,
    attempts = attempts + 1
FROM webhook w
WHERE w.id = d.webhook AND d.id = (
    SELECT q.id FROM webhook_delivery q JOIN webhook x ON x.id = q.webhook
    WHERE q.state = 'queued' AND q.due <= $3 AND x.stopped_at IS NULL
        AND (x.resting_until IS NULL OR x.resting_until <= $3)
        AND NOT EXISTS (SELECT FROM webhook_delivery o
            WHERE o.webhook = q.webhook AND o.state = 'sending' AND o.leased_until > $3)
    ORDER BY q.due, q.created_at LIMIT 1 FOR UPDATE OF q SKIP LOCKED)
RETURNING d.id, d.webhook, d.event, d.attempts, d.worker, d.created_at, w.url, w.seal, w.secret,
    w.old_secret, w.old_until, w.prefix
"""
# Asking again is safe: the receiver knows a delivery by its id.
RECOVER: Final = """
UPDATE webhook_delivery SET state = 'queued', due = $1, leased_until = NULL, worker = NULL,
    last_error = 'the worker stopped while sending'
WHERE state = 'sending' AND leased_until <= $1
"""
EVENT: Final = """
SELECT e.name, e.at, e.to_state, c.reference, c.kind, c.type, c.source, a.code AS agency,
    a.name AS agency_name
FROM case_event e JOIN reflection_case c ON c.id = e.case_id JOIN agency a ON a.id = e.agency
WHERE e.id = $1
"""
FINISH: Final = """
UPDATE webhook_delivery SET state = $3::varchar, status = $4, last_error = $5, leased_until = NULL,
    due = coalesce($6, due), done_at = CASE WHEN $3::varchar IN ('sent', 'dead') THEN $7::timestamptz END
WHERE id = $1 AND worker = $2 AND state = 'sending' RETURNING id
"""
HISTORY: Final = """
SELECT d.id, d.state, d.attempts, d.due, d.status, d.last_error, d.created_at, d.done_at,
    e.name AS event, c.reference
FROM webhook_delivery d LEFT JOIN case_event e ON e.id = d.event
LEFT JOIN reflection_case c ON c.id = e.case_id
WHERE d.webhook = $1 AND ($2 = '' OR d.state = $2)
ORDER BY coalesce(d.done_at, d.created_at) DESC, d.id LIMIT $3
"""


async def claim_delivery(worker: str, *, now: datetime, lease_seconds: int) -> Row | None:
    """Take the next one that is due, marked before anything is sent."""
    return await fetch_one(CLAIM, now + timedelta(seconds=lease_seconds), worker, now)


async def recover_deliveries(now: datetime) -> None:
    """Ask again what a dead worker left behind."""
    await fetch(RECOVER, now)


async def payload_of(delivery: Row, base: str) -> bytes:
    """What is told: the happening and the case's reference, no words of anybody.

    The same bytes at every attempt, as long as nobody renames the agency.
    """
    if delivery["event"] is None:
        told: dict[str, Any] = {
            "type": "webhook.test", "timestamp": delivery["created_at"].isoformat(), "data": {},
        }  # fmt: skip
        return _encode(told)
    event = await fetch_one(EVENT, delivery["event"])
    assert event is not None  # noqa: S101 - a foreign key holds it
    data = {name: event[name] for name in ("reference", "kind", "type", "agency", "agency_name")}
    data["state"] = event["to_state"]
    data["url"] = f"{base}/api/cases/{event['reference']}"
    if delivery["prefix"]:
        data["source"] = event["source"].removeprefix(delivery["prefix"])
    return _encode(
        {"type": f"case.{event['name']}", "timestamp": event["at"].isoformat(), "data": data}
    )


async def mark_told(delivery: Row, status: int, now: datetime) -> None:
    """The receiver has taken it."""
    async with transaction():
        if await _finish(delivery, "sent", now, status=status):
            await fetch(
                "UPDATE webhook SET failures = 0, resting_until = NULL"
                " WHERE id = $1 AND failures > 0",
                delivery["webhook"],
            )


async def mark_not_told(
    delivery: Row,
    reason: str,
    *,
    now: datetime,
    status: int | None = None,
    after: int = 0,
    final: bool = False,
) -> None:
    """It failed: try again later, at least `after` seconds from now, or give it up."""
    attempts = delivery["attempts"]
    dead = final or attempts > len(DISTANCES)
    wait = 0.0 if dead else _spread(max(DISTANCES[attempts - 1], min(after, LONGEST_ASKED)))
    async with transaction():
        done = await _finish(
            delivery,
            "dead" if dead else "queued",
            now,
            status=status,
            reason=reason,
            due=None if dead else now + timedelta(seconds=wait),
        )
        if done:
            await fetch(
                "UPDATE webhook SET failures = failures + 1, resting_until = $2::timestamptz"
                " + least($3, 5 * power(2, least(failures, 12))) * interval '1 second'"
                " WHERE id = $1",
                *(delivery["webhook"], now, LONGEST_REST),
            )


async def _finish(
    delivery: Row,
    state: str,
    now: datetime,
    *,
    status: int | None = None,
    reason: str = "",
    due: datetime | None = None,
) -> bool:
    row = await fetch_one(
        FINISH,
        *(delivery["id"], delivery["worker"], state, status, reason[:300], due, now),
    )
    return row is not None


async def send_test(webhook: int, *, actor: int) -> UUID:
    """Ask for a delivery that tells of nothing. Raises NotFoundError, StateError."""
    found = await find_webhook(webhook)
    if found["stopped_at"] is not None:
        raise StateError(N_("Webhook này đang dừng. Hãy bật lại trước."))
    which = uuid4()
    async with transaction():
        await fetch(
            "INSERT INTO webhook_delivery (id, webhook, state, attempts, due, last_error)"
            " VALUES ($1, $2, 'queued', 0, now(), '')",
            *(which, webhook),
        )
        await fetch("UPDATE webhook SET resting_until = NULL WHERE id = $1", webhook)
        await audit("webhook_tested", found["name"], actor=actor)
    return which


async def send_again(webhook: int, delivery: UUID | None = None, *, actor: int) -> int:
    """Send a dead or told delivery again, or all dead ones; how many.

    The id stays: a receiver that took it before may pass over it.
    """
    found = await find_webhook(webhook)
    if found["stopped_at"] is not None:
        raise StateError(N_("Webhook này đang dừng. Hãy bật lại trước."))
    async with transaction():
        rows = await fetch(
            "UPDATE webhook_delivery SET state = 'queued', attempts = 0, due = now(),"
            " done_at = NULL, worker = NULL WHERE webhook = $1"
            " AND ($2::uuid IS NULL AND state = 'dead'"
            "   OR id = $2 AND state IN ('dead', 'sent')) RETURNING id",
            *(webhook, delivery),
        )
        if delivery is not None and not rows:
            raise NotFoundError(N_("Lần gửi này đang chờ hoặc không còn được lưu."))
        await fetch("UPDATE webhook SET resting_until = NULL WHERE id = $1", webhook)
        await audit("webhook_resent", found["name"], actor=actor, deliveries=len(rows))
    return len(rows)


async def list_deliveries(webhook: int, state: str = "") -> list[Row]:
    """The newest deliveries to one address."""
    return await fetch(HISTORY, webhook, state, LISTED)


def _spread(seconds: float) -> float:
    """A spread that keeps crowds apart."""
    return seconds * SystemRandom().uniform(1.0, 1.3)


def _encode(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
