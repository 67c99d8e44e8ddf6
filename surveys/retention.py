"""What has been kept long enough goes: drafts, rights, keys, ledgers, comments, contacts, jobs."""

from datetime import timedelta

from surveys.accounts.audit import audit
from surveys.devices.findings import forget_numbers
from surveys.transactions import fetch, fetch_one, transaction

# A link that ran out tells its holder so for a while. A kiosk's right has no holder to tell; it is
# kept for a tap that was given in time and comes late, and no longer than its dossier is unrated.
EXPIRED_LINK_DAYS = 30
DONE_JOB_DAYS = 30
ENROLMENT_CODE_DAYS = 1
UNCERTAIN_MESSAGE_DAYS = 7

# $1 is the time that the kind is kept. Days are days in Viet Nam. Of a comment only the month is
# known: it goes when the whole month is old enough.
SWEEPS = {
    "drafts": """
        DELETE FROM draft d USING right_to_rate r WHERE r.token_hash = d.token_hash
            AND (d.expires_at <= now() - $1::interval OR EXISTS (SELECT FROM spent_right s
                WHERE s.dossier = r.dossier AND s.questionnaire = r.questionnaire))""",
    "sessions": "DELETE FROM staff_session WHERE expires_at <= now() - $1::interval",
    "links": "DELETE FROM right_to_rate WHERE mode <> 'kiosk' AND expires_at <= now() - $1::interval",
    "kiosk_rights": """
        DELETE FROM right_to_rate r WHERE mode = 'kiosk' AND expires_at <= now()
            AND (expires_at <= now() - $1::interval OR EXISTS (SELECT FROM spent_right s
                WHERE s.dossier = r.dossier AND s.questionnaire = r.questionnaire))""",
    "resend_keys": """
        DELETE FROM resend_key WHERE day < (now() AT TIME ZONE 'Asia/Ho_Chi_Minh' - $1::interval)::date""",
    # What a key signed can be redeemed until its last day; what was spent of it goes with it.
    "signing_keys": """
        DELETE FROM signing_key
        WHERE redeem_until < (now() AT TIME ZONE 'Asia/Ho_Chi_Minh' - $1::interval)::date""",
    "signed_requests": """
        DELETE FROM signed_request WHERE day < (now() AT TIME ZONE 'Asia/Ho_Chi_Minh' - $1::interval)::date""",
    "comments": """
        DELETE FROM comment WHERE month + interval '1 month'
            <= (now() AT TIME ZONE 'Asia/Ho_Chi_Minh' - $1::interval)::date""",
    "device_events": """
        DELETE FROM device_event WHERE day < (now() AT TIME ZONE 'Asia/Ho_Chi_Minh' - $1::interval)::date""",
    "quality_boxes": """
        DELETE FROM quality_box WHERE day < (now() AT TIME ZONE 'Asia/Ho_Chi_Minh' - $1::interval)::date""",
    "enrolment_codes": "DELETE FROM enrolment_code WHERE expires_at <= now() - $1::interval",
    "case_contacts": "DELETE FROM case_contact WHERE expires_at <= now() - $1::interval",
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
    "mailbox_letters": "DELETE FROM mailbox_letter WHERE noted_at <= now() - $1::interval",
    "audit_entries": "DELETE FROM audit_entry WHERE at <= now() - $1::interval",
    "webhook_deliveries": "DELETE FROM webhook_delivery WHERE done_at <= now() - $1::interval",
    "jobs": "DELETE FROM job WHERE done_at <= now() - $1::interval",
}


async def purge(
    *,
    resend_days: int,
    offline_days: int,
    ledger_days: int,
    window_days: int,
    comment_days: int,
    audit_days: int,
    message_days: int,
) -> dict[str, int]:
    """Delete what is past its time, all or nothing; returns how many rows of each kind went."""
    days = {
        "drafts": 0,
        "sessions": 0,
        "links": EXPIRED_LINK_DAYS,
        "kiosk_rights": offline_days,
        "resend_keys": resend_days,
        # The ids of ratings outlive the numbers, so that an old resend is still known as one.
        "device_events": min(ledger_days, resend_days),
        "quality_boxes": window_days,
        "enrolment_codes": ENROLMENT_CODE_DAYS,
        "signing_keys": 0,
        # A browser asks again for the answer that it lost for as long as it sends its rating again.
        "signed_requests": resend_days,
        "comments": comment_days,
        "case_contacts": 0,
        "contacts": 0,
        "messages": message_days,
        "uncertain_messages": UNCERTAIN_MESSAGE_DAYS,
        "used_contacts": 0,
        "mailbox_letters": message_days,
        "audit_entries": audit_days,
        "webhook_deliveries": message_days,
        "jobs": DONE_JOB_DAYS,
    }
    async with transaction():
        # The trigger on the audit log lets nobody else delete.
        await fetch("SELECT set_config('sipas.retention', 'on', true)")
        counts = {kind: await _sweep(sql, days[kind]) for kind, sql in SWEEPS.items()}
        counts["finding_numbers"] = await forget_numbers(ledger_days)
        gone = {kind: count for kind, count in counts.items() if count}
        if gone:
            await audit("retention_purged", "", actor=None, **gone)
    return counts


async def _sweep(sql: str, days: int) -> int:
    counted = f"WITH gone AS ({sql} RETURNING 1) SELECT count(*) AS n FROM gone"
    row = await fetch_one(counted, timedelta(days=days))
    return int(row["n"]) if row else 0
