"""The audit log: who did what, when. Entries are written in the transaction of the change."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from surveys.accounts.records import Entry
from surveys.transactions import fetch

WRITE = "INSERT INTO audit_entry (account, action, subject, detail) VALUES ($1, $2, $3, $4::jsonb)"

# Days are days in Viet Nam, whatever the zone of the server.
READ = """
SELECT audit_entry.id, at, username, action, subject, detail
FROM audit_entry LEFT JOIN account ON account.id = audit_entry.account
WHERE ($1 = '' OR action = $1)
  AND ($2 = '' OR username = $2 OR strpos(lower(subject), lower($2)) > 0)
  AND ($3::date IS NULL OR at >= $3::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')
  AND ($4::date IS NULL OR at < ($4::date + 1)::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh')
  AND ($5::bigint IS NULL OR audit_entry.id < $5)
ORDER BY audit_entry.id DESC LIMIT $6
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which entries to read; empty means all."""

    action: str = ""
    text: str = ""
    first: date | None = None
    last: date | None = None


async def audit(action: str, subject: str, *, actor: int | None, **detail: Any) -> None:
    """Write an entry; `actor` is the account, or None for the command line and the jobs."""
    await fetch(WRITE, actor, action, subject[:200], json.dumps(detail, ensure_ascii=False))


async def list_audit(
    wanted: Filter | None = None, *, before: int | None = None, size: int = 50
) -> tuple[list[Entry], int | None]:
    """One page of entries, newest first, and the `before` of the next page if there is one."""
    wanted = wanted or Filter()
    # PostgreSQL knows no text with a zero in it, so nothing is found by one.
    text = wanted.text.replace("\0", "")
    rows = await fetch(READ, wanted.action, text, wanted.first, wanted.last, before, size + 1)
    entries = [Entry(**row | {"detail": json.loads(row["detail"])}) for row in rows[:size]]
    return entries, entries[-1].id if len(rows) > size else None


async def list_actions() -> list[str]:
    """The kinds of entries that exist, for the filter."""
    return [
        row["action"] for row in await fetch("SELECT DISTINCT action FROM audit_entry ORDER BY 1")
    ]
