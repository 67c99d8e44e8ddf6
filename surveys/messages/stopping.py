"""Opting out: one click on a message's link ends this message's successors and all later ones."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from surveys.days import local_day
from surveys.messages.addresses import hash_address, read_stop_token
from surveys.messages.contacts import withdraw
from surveys.transactions import fetch, fetch_one, transaction

FORGET: Final = """
UPDATE outbox_message SET address = NULL, fields = '{}', last_error = 'consent withdrawn',
    state = CASE state WHEN 'sending' THEN state ELSE 'cancelled' END,
    done_at = CASE state WHEN 'sending' THEN NULL ELSE now() END
WHERE fields ->> 'case' = $1 AND state IN ('queued', 'uncertain', 'sending')
"""


async def stop_messages(token: str, pepper: bytes) -> bool:
    """Write to this address no more; False when the link is none of ours."""
    hashed = read_stop_token(pepper, token)
    if hashed is None:
        return False
    async with transaction():
        await fetch(
            "INSERT INTO opt_out (address_hash, day) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            *(hashed, local_day(datetime.now(UTC))),
        )
        await withdraw("address_hash = $1", hashed)
    return True


async def forget_case(case: UUID) -> None:
    """Cancel what waits to be told of a case, and forget where to; in the running transaction.

    A message that is just being sent has its address with the sender; if it must be sent again,
    there is none any more, and it is cancelled.
    """
    await fetch(FORGET, str(case))


async def has_stopped(address: str, pepper: bytes) -> bool:
    """Whether this address has opted out."""
    hashed = hash_address(pepper, address)
    return (
        await fetch_one("SELECT 1 AS it FROM opt_out WHERE address_hash = $1", hashed) is not None
    )
