"""The outbox: a message exists exactly when the change that asks for it does, and once.

Its id goes with every attempt as the idempotency key. An attempt is written down before it is
made, so that after a crash nobody has to guess which messages may have left.
"""

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from random import SystemRandom
from uuid import UUID, uuid4

from surveys.accounts import audit
from surveys.errors import InputError, NotFoundError, StateError
from surveys.messages.addresses import normalise, without_addresses
from surveys.messages.events import CHANNELS, LANGUAGES, find_event
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

MAX_ATTEMPTS = 8
LONGEST_WAIT_SECONDS = 4 * 3600

INSERT = """
INSERT INTO outbox_message (id, unique_key, event, channel, language, contact, address, fields,
    urgent, reminder, state, due, attempts)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, 'queued', $11, 0)
ON CONFLICT (unique_key) DO NOTHING RETURNING id
"""

CLAIM = """
UPDATE outbox_message SET state = 'sending', leased_until = $1, worker = $2,
    attempts = attempts + 1
WHERE id = (
    SELECT id FROM outbox_message
    WHERE state = 'queued' AND due <= $3 AND (urgent OR NOT $4)
    ORDER BY due, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, event, channel, language, contact, address, fields, reminder, attempts,
    template_version, worker
"""

# The sender died, or its answer never came. Where the gateway knows our key, asking again is safe.
ASK_AGAIN = """
UPDATE outbox_message SET state = 'queued', due = $1, leased_until = NULL, worker = NULL
WHERE state = 'sending' AND leased_until < $1 AND channel = ANY($2) AND attempts < $3
"""
LEAVE_UNCERTAIN = """
UPDATE outbox_message SET state = 'uncertain', leased_until = NULL,
    last_error = 'the worker stopped while sending'
WHERE state = 'sending' AND leased_until < $1
"""

FINISH = """
UPDATE outbox_message SET state = $3, done_at = now(), address = NULL, fields = '{}',
    leased_until = NULL, provider_id = coalesce($4, provider_id), last_error = $5
WHERE id = $1 AND worker = $2 AND state IN ('sending', 'uncertain') RETURNING contact
"""
RETRY = """
UPDATE outbox_message SET state = 'queued', due = $3, leased_until = NULL, worker = NULL,
    last_error = $4
WHERE id = $1 AND worker = $2 AND state = 'sending'
"""
DOUBT = """
UPDATE outbox_message SET state = 'uncertain', leased_until = NULL, last_error = $3
WHERE id = $1 AND worker = $2 AND state = 'sending'
"""

# No reminder of an invitation that was not made; its address need not wait for it.
NO_REMINDER = """
UPDATE outbox_message SET state = 'cancelled', done_at = now(), fields = '{}',
    last_error = 'invitation not sent'
WHERE contact = $1 AND reminder AND state = 'queued'
"""

FORGET_CONTACT = """
DELETE FROM contact c WHERE id = $1 AND dossier IS NULL AND withdrawn_at IS NULL
    AND NOT EXISTS (SELECT FROM outbox_message m
        WHERE m.contact = c.id AND m.state IN ('queued', 'sending', 'uncertain'))
"""


async def queue_message(
    event: str,
    *,
    key: str,
    channel: str,
    address: str | None = None,
    contact: UUID | None = None,
    language: str = "vi",
    fields: Mapping[str, str] | None = None,
    due: datetime | None = None,
    reminder: bool = False,
) -> UUID | None:
    """Ask for a message, in the running transaction; None if this key was asked for before.

    It goes to a contact or to an address. `fields` are the values that the event's words may
    name; `stop` and, for a contact or a `case`, `link` are filled in when it is sent. Messages to
    staff do not wait for the quiet hours to end.
    """
    known = find_event(event)
    if channel not in CHANNELS or language not in LANGUAGES:
        raise InputError(N_("Không có kênh hoặc ngôn ngữ này cho tin nhắn."))
    if (address is None) == (contact is None):
        raise InputError(N_("Tin nhắn cần một địa chỉ hoặc một liên hệ, không phải cả hai."))
    values = dict(fields or {})
    made = {"link"} if contact or "case" in values else set()
    if missing := [name for name in known.fields if name not in values.keys() | made]:
        raise InputError(N_("Tin nhắn thiếu giá trị của: {fields}."), fields=", ".join(missing))
    row = await fetch_one(
        INSERT,
        *(uuid4(), key[:200], event, channel, language, contact),
        *(normalise(channel, address) if address else None, json.dumps(values)),
        *(not known.for_citizens, reminder, due or datetime.now(UTC)),
    )
    return row["id"] if row else None


async def claim(worker: str, *, now: datetime, quiet: bool, lease_seconds: int) -> Row | None:
    """Take the next message that is due, marked as being sent before anything is sent."""
    until = now + timedelta(seconds=lease_seconds)
    row = await fetch_one(CLAIM, until, worker, now, quiet)
    return None if row is None else row | {"fields": json.loads(row["fields"])}


async def recover(now: datetime, *, repeatable: Collection[str]) -> None:
    """Deal with what a dead worker left behind: ask again where that is safe, else say so."""
    await fetch(ASK_AGAIN, now, list(repeatable), MAX_ATTEMPTS)
    await fetch(LEAVE_UNCERTAIN, now)


async def mark_sent(message: Row, provider_id: str) -> None:
    """The channel has taken the message: the address goes, and with it a contact that is used."""
    await _finish(message, "sent", provider_id[:200] or None, "")


async def mark_failed(message: Row, reason: str, *, permanent: bool, now: datetime) -> None:
    """Try again later, at growing distances, or give up."""
    told = without_addresses(reason)
    if permanent or message["attempts"] >= MAX_ATTEMPTS:
        await _finish(message, "failed", None, told)
        return
    await fetch(RETRY, message["id"], message["worker"], now + wait(message["attempts"]), told)


async def mark_uncertain(message: Row, reason: str) -> None:
    """It may have arrived: it is not sent again unless the office says so."""
    await fetch(DOUBT, message["id"], message["worker"], without_addresses(reason))


async def mark_cancelled(message: Row, reason: str) -> None:
    """It is not to be sent after all."""
    await _finish(message, "cancelled", None, reason)


def wait(attempts: int) -> timedelta:
    """How long to wait after so many attempts, with a spread that keeps crowds apart."""
    seconds = min(LONGEST_WAIT_SECONDS, 15 * 4 ** min(attempts, 10))
    return timedelta(seconds=seconds * SystemRandom().uniform(0.7, 1.3))


async def _finish(message: Row, state: str, provider_id: str | None, reason: str) -> None:
    async with transaction():
        row = await fetch_one(FINISH, message["id"], message["worker"], state, provider_id, reason)
        if row is not None and row["contact"] is not None:
            if state != "sent":
                await fetch(NO_REMINDER, row["contact"])
            await fetch(FORGET_CONTACT, row["contact"])


async def take_receipt(channel: str, reference: str, *, delivered: bool, detail: str = "") -> bool:
    """Note what a gateway tells about a message; repeats and stragglers change nothing."""
    async with transaction():
        row = await fetch_one(
            """
            UPDATE outbox_message SET state = $3, done_at = coalesce(done_at, now()),
                address = NULL, fields = '{}', leased_until = NULL, last_error = $4
            WHERE channel = $1 AND (provider_id = $2 OR id::text = lower($2))
                AND state IN ('sent', 'sending', 'uncertain') RETURNING contact
            """,
            *(channel, reference, "delivered" if delivered else "failed"),
            without_addresses(detail),
        )
        if row is not None and row["contact"] is not None:
            if not delivered:
                await fetch(NO_REMINDER, row["contact"])
            await fetch(FORGET_CONTACT, row["contact"])
    return row is not None


async def resend_uncertain(message: UUID, *, actor: int) -> None:
    """Send an uncertain message again, by the office's decision: it may arrive twice."""
    await _settle(message, "message_resent", actor=actor, state="queued", states=["uncertain"])


async def cancel_message(message: UUID, *, actor: int) -> None:
    """Leave a message that waits or is uncertain as it is, and forget its address."""
    states = ["uncertain", "queued"]
    await _settle(message, "message_cancelled", actor=actor, state="cancelled", states=states)


async def _settle(message: UUID, action: str, *, actor: int, state: str, states: list[str]) -> None:
    ended = state == "cancelled"
    async with transaction():
        row = await fetch_one(
            """
            UPDATE outbox_message SET state = $2, worker = NULL, leased_until = NULL, due = now(),
                done_at = CASE WHEN $4 THEN now() END,
                address = CASE WHEN $4 THEN NULL ELSE address END
            WHERE id = $1 AND state = ANY($3) RETURNING contact, event
            """,
            *(message, state, states, ended),
        )
        if row is None:
            await _refuse(message)
        else:
            if ended and row["contact"] is not None:
                await fetch(NO_REMINDER, row["contact"])
                await fetch(FORGET_CONTACT, row["contact"])
            await audit(action, str(message), actor=actor, event=row["event"])


async def _refuse(message: UUID) -> None:
    if await fetch_one("SELECT id FROM outbox_message WHERE id = $1", message) is None:
        raise NotFoundError(N_("Không có tin nhắn này."))
    raise StateError(N_("Tin nhắn này đã được xử lý. Hãy tải lại trang."))


async def count_messages() -> dict[str, int]:
    """How many messages are in each state."""
    rows = await fetch("SELECT state, count(*) AS n FROM outbox_message GROUP BY state")
    return {row["state"]: row["n"] for row in rows}


async def list_messages(state: str, *, limit: int = 50) -> list[Row]:
    """Messages in one state, oldest first, without a word about whom they are for."""
    return await fetch(
        """
        SELECT id, event, channel, language, reminder, attempts, due, last_error, created_at
        FROM outbox_message WHERE state = $1 ORDER BY due, id LIMIT $2
        """,
        *(state, limit),
    )
