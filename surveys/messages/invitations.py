"""Invitations to rate: once the dossier of a citizen is finished who agreed to be asked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from surveys.messages.addresses import rating_token
from surveys.messages.outbox import queue_message
from surveys.ratings.cells import CELL_DOSSIERS
from surveys.ratings.rights import open_rights
from surveys.register.finished import finished_at
from surveys.transactions import Row, fetch, transaction

BATCH = 200

READY = f"""
SELECT c.id, c.reference, c.channel, c.language, c.seed, d.id AS dossier, a.name AS agency
FROM contact c JOIN dossier d ON d.id = c.dossier JOIN agency a ON a.id = d.agency
WHERE {finished_at()} <= $1 AND c.withdrawn_at IS NULL AND c.expires_at > $1
ORDER BY {finished_at()}, c.id LIMIT $2 FOR UPDATE OF c SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class Timing:
    """When to ask, when to remind (0: never), and how long the link is good for."""

    delay_minutes: int
    reminder_days: int
    link_days: int
    questionnaire: str = "counter"
    cell_dossiers: int = CELL_DOSSIERS


async def invite_returned(timing: Timing, pepper: bytes, *, now: datetime) -> int:
    """Queue the invitation (and its one reminder) of each finished dossier; returns how many.

    The contact loses its dossier here: what is left leads back only with the pepper.
    """
    async with transaction():
        rows = await fetch(READY, now, BATCH)
        for row in rows:
            await _invite(row, timing, pepper, now)
    return len(rows)


async def _invite(contact: Row, timing: Timing, pepper: bytes, now: datetime) -> None:
    token = rating_token(pepper, contact["seed"])
    expiry = now + timedelta(days=timing.link_days)
    await open_rights(
        {contact["dossier"]: token},
        questionnaire=timing.questionnaire,
        now=now,
        expiry=expiry,
        cell_dossiers=timing.cell_dossiers,
    )
    due = now + timedelta(minutes=timing.delay_minutes)
    await _queue(contact, "rating_invitation", due, reminder=False)
    if timing.reminder_days:
        later = due + timedelta(days=timing.reminder_days)
        await _queue(contact, "rating_reminder", later, reminder=True)
    await fetch("UPDATE contact SET dossier = NULL WHERE id = $1", contact["id"])


async def _queue(contact: Row, event: str, due: datetime, *, reminder: bool) -> None:
    await queue_message(
        event,
        key=f"{event}:{contact['reference']}",
        channel=contact["channel"],
        contact=contact["id"],
        language=contact["language"],
        fields={"agency": contact["agency"]},
        due=due,
        reminder=reminder,
    )
