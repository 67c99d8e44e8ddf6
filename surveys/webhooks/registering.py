"""Webhooks as the office keeps them: whom to tell of what, secrets, stopping and starting."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import uuid4

from surveys.accounts import FieldError, agency_code, audit
from surveys.errors import NotFoundError
from surveys.reflections.programs import prefix_of
from surveys.reflections.states import TOLD
from surveys.transactions import Row, fetch, fetch_one, transaction
from surveys.webhooks.secrets import OLD_SIGNS_ALONG, Seal, new_secret, written

N_ = str

LONGEST_URL: Final = 500

INSERT: Final = """
INSERT INTO webhook (seal, name, url, agency, prefix, program, events, secret, account, failures,
    reason) VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, 0, '') RETURNING id
"""
LIST: Final = """
SELECT w.id, w.seal, w.name, w.url, w.program, w.events, w.failures, w.resting_until,
    w.stopped_at, w.reason, w.old_until, w.created_at, a.name AS agency_name,
    (SELECT max(d.done_at) FROM webhook_delivery d WHERE d.webhook = w.id AND d.state = 'sent')
        AS told_at,
    (SELECT count(*) FROM webhook_delivery d WHERE d.webhook = w.id
        AND d.state IN ('queued', 'sending')) AS waiting,
    (SELECT count(*) FROM webhook_delivery d WHERE d.webhook = w.id AND d.state = 'dead') AS dead
FROM webhook w LEFT JOIN agency a ON a.id = w.agency
"""
KEY: Final = """
SELECT name, agency FROM api_key WHERE id = $1 AND purpose = 'cases'
"""


async def add_webhook(
    name: str,
    url: str,
    seal: Seal,
    *,
    actor: int,
    agency: int | None = None,
    key: int | None = None,
    events: Sequence[str] = (),
) -> tuple[int, str]:
    """Tell this address of cases from now on; its id, and the secret for the only time.

    With a `key` only of the cases that its program sent. Raises FieldError (name, url, key,
    events).
    """
    plain, address = _name(name), check_url(url)
    if unknown := set(events) - set(TOLD):
        raise FieldError("events", N_("Không có sự kiện này: {names}."), names=min(unknown))
    program = await _program(key)
    prefix = prefix_of(program["name"], program["agency"]) if program else ""
    which, secret = uuid4(), new_secret()
    async with transaction():
        row = await fetch_one(
            INSERT,
            *(which, plain, address, agency, prefix, program["name"] if program else ""),
            *(json.dumps(sorted(set(events))), seal.close(which, secret), actor),
        )
        code = await agency_code(agency)
        await audit("webhook_added", plain, actor=actor, url=address, agency=code)
    assert row is not None  # noqa: S101 - inserted above
    return int(row["id"]), written(secret)


def check_url(url: str) -> str:
    """The address, if it is one that can be told. Raises FieldError."""
    text = url.strip()
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    fits = (
        parts.scheme in {"https", "http"}
        and parts.hostname
        and not parts.username
        and not parts.password
        and not parts.fragment
        and port != 0
        and text.isascii()
        and text.isprintable()
        and " " not in text
        and len(text) <= LONGEST_URL
    )
    if not fits:
        raise FieldError("url", N_("Địa chỉ phải có dạng https://ten-may/duong-dan, không kèm mật khẩu."))  # fmt: skip
    return text


async def list_webhooks() -> list[Row]:
    """Every webhook, those that are told first."""
    rows = await fetch(f"{LIST} ORDER BY w.stopped_at IS NOT NULL, w.name, w.id")
    return [row | {"events": json.loads(row["events"])} for row in rows]


async def find_webhook(webhook: int) -> Row:
    """One webhook. Raises NotFoundError."""
    row = await fetch_one(f"{LIST} WHERE w.id = $1", webhook)
    if row is None:
        raise NotFoundError(N_("Không có webhook này."))
    return row | {"events": json.loads(row["events"])}


async def rotate_secret(
    webhook: int, seal: Seal, *, actor: int, now: datetime | None = None
) -> str:
    """Make another secret and return it, for the only time; the old one signs along for a day."""
    found, secret = await find_webhook(webhook), new_secret()
    until = (now or datetime.now(UTC)) + OLD_SIGNS_ALONG
    async with transaction():
        await fetch(
            "UPDATE webhook SET old_secret = secret, old_until = $3, secret = $2 WHERE id = $1",
            *(webhook, seal.close(found["seal"], secret), until),
        )
        await audit("webhook_secret_rotated", found["name"], actor=actor)
    return written(secret)


async def stop_webhook(webhook: int, *, actor: int | None, reason: str = "") -> None:
    """Tell this address nothing more; what waits is dead, and can be sent again later."""
    async with transaction():
        row = await fetch_one(
            "UPDATE webhook SET stopped_at = now(), reason = $2"
            " WHERE id = $1 AND stopped_at IS NULL RETURNING name",
            *(webhook, reason[:200]),
        )
        if row is None:
            await find_webhook(webhook)
            return
        await fetch(
            "UPDATE webhook_delivery SET state = 'dead', done_at = now(), leased_until = NULL"
            " WHERE webhook = $1 AND state IN ('queued', 'sending')",
            webhook,
        )
        await audit("webhook_stopped", row["name"], actor=actor, reason=reason)


async def start_webhook(webhook: int, *, actor: int) -> None:
    """Tell this address again, of what happens from now on."""
    async with transaction():
        found = await find_webhook(webhook)
        await fetch(
            "UPDATE webhook SET stopped_at = NULL, reason = '', failures = 0,"
            " resting_until = NULL WHERE id = $1",
            webhook,
        )
        await audit("webhook_started", found["name"], actor=actor)


async def list_programs() -> dict[int, str]:
    """Keys of programs that send cases, the newest of each name: id and name."""
    rows = await fetch(
        "SELECT DISTINCT ON (k.name, k.agency) k.id, k.name, a.name AS agency_name FROM api_key k"
        " LEFT JOIN agency a ON a.id = k.agency WHERE k.purpose = 'cases'"
        " ORDER BY k.name, k.agency, k.id DESC"
    )
    return {
        row["id"]: row["name"] + (f" – {row['agency_name']}" if row["agency_name"] else "")
        for row in rows
    }


def _name(name: str) -> str:
    plain = " ".join(name.split())
    if not 1 <= len(plain) <= 120:
        raise FieldError("name", N_("Hãy đặt tên cho webhook, tối đa 120 ký tự."))
    return plain


async def _program(key: int | None) -> dict[str, Any] | None:
    if key is None:
        return None
    row = await fetch_one(KEY, key)
    if row is None:
        raise FieldError("key", N_("Không có khóa này."))
    return row
