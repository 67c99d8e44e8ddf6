"""What has been kept long enough goes: sessions, rights, resend keys, comments, contacts, entries, jobs."""

from datetime import timedelta

from surveys.accounts.audit import audit
from surveys.transactions import fetch, fetch_one, transaction

# A link that ran out tells its holder so for a while. A kiosk's right has no holder to tell, and
# the time at which it was opened is better gone.
EXPIRED_LINK_DAYS = 30
DONE_JOB_DAYS = 30
UNCERTAIN_MESSAGE_DAYS = 7

# $1 is the time that the kind is kept. Days are days in Viet Nam. Of a comment only the month is
# known: it goes when the whole month is old enough.
SWEEPS = {
    "sessions": "DELETE FROM staff_session WHERE expires_at <= now() - $1::interval",
    "links": "DELETE FROM right_to_rate WHERE mode <> 'kiosk' AND expires_at <= now() - $1::interval",
    "kiosk_rights": "DELETE FROM right_to_rate WHERE mode = 'kiosk' AND expires_at <= now() - $1::interval",
    "resend_keys": """
        DELETE FROM resend_key WHERE day < (now() AT TIME ZONE 'Asia/Ho_Chi_Minh' - $1::interval)::date""",
    "comments": """
        DELETE FROM comment WHERE month + interval '1 month'
            <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh' - $1::interval)::date""",
    "contacts": "DELETE FROM contact WHERE expires_at <= now() - $1::interval",
    "messages": "DELETE FROM outbox_message WHERE done_at <= now() - $1::interval",
    # Nobody said for so long whether it should go again: the address goes.
    "uncertain_messages": """
        UPDATE outbox_message SET state = 'cancelled', address = NULL, fields = '{}', done_at = now()
        WHERE state = 'uncertain' AND due <= now() - $1::interval""",
    "used_contacts": """
        DELETE FROM contact c WHERE dossier IS NULL AND expires_at > now() - $1::interval
            AND withdrawn_at IS NULL
            AND NOT EXISTS (SELECT FROM outbox_message m WHERE m.contact = c.id
                AND m.state IN ('queued', 'sending', 'uncertain'))""",
    "audit_entries": "DELETE FROM audit_entry WHERE at <= now() - $1::interval",
    "jobs": "DELETE FROM job WHERE done_at <= now() - $1::interval",
}


async def purge(
    *, resend_days: int, comment_days: int, audit_days: int, message_days: int = 90
) -> dict[str, int]:
    """Delete what is past its time, all or nothing; returns how many rows of each kind went."""
    days = {
        "sessions": 0,
        "links": EXPIRED_LINK_DAYS,
        "kiosk_rights": 0,
        "resend_keys": resend_days,
        "comments": comment_days,
        "contacts": 0,
        "messages": message_days,
        "uncertain_messages": UNCERTAIN_MESSAGE_DAYS,
        "used_contacts": 0,
        "audit_entries": audit_days,
        "jobs": DONE_JOB_DAYS,
    }
    async with transaction():
        # The trigger on the audit log lets nobody else delete.
        await fetch("SELECT set_config('sipas.retention', 'on', true)")
        counts = {kind: await _sweep(sql, days[kind]) for kind, sql in SWEEPS.items()}
        gone = {kind: count for kind, count in counts.items() if count}
        if gone:
            await audit("retention_purged", "", actor=None, **gone)
    return counts


async def _sweep(sql: str, days: int) -> int:
    counted = f"WITH gone AS ({sql} RETURNING 1) SELECT count(*) AS n FROM gone"
    row = await fetch_one(counted, timedelta(days=days))
    return int(row["n"]) if row else 0
