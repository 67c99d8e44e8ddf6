"""A right is spent by a blind signature: what is signed nobody here can read.

The right is marked spent before the signature leaves, in one transaction with a hash of the
request. Whoever lost the answer asks the same again and gets it; anything else is refused.
"""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import msgspec

from surveys.days import local_day
from surveys.ratings.promises import is_promised, keep_promises
from surveys.ratings.rights import hash_token
from surveys.rights.blinding import blind_sign, read_blinded
from surveys.rights.errors import (
    AlreadyRatedError,
    BlindedError,
    ExpiredRightError,
    KeyChangedError,
    NotFinishedError,
    UnknownRightError,
)
from surveys.rights.keys import Sealing, SigningKey, Terms, key_of_cell
from surveys.transactions import Row, fetch, fetch_one, transaction

FIND = """
SELECT r.dossier, r.cell, r.questionnaire, r.expires_at, a.code AS agency, EXISTS (
    SELECT FROM spent_right s WHERE s.dossier = r.dossier AND s.questionnaire = r.questionnaire
) AS spent
FROM right_to_rate r JOIN cell c ON c.id = r.cell JOIN agency a ON a.id = c.agency
WHERE r.token_hash = $1 AND r.mode = 'online'
"""

SPEND = """
INSERT INTO spent_right (id, dossier, questionnaire, day)
VALUES (gen_random_uuid(), $1, $2, $3) ON CONFLICT DO NOTHING RETURNING id
"""

REMEMBER = "INSERT INTO signed_request (id, day) VALUES ($1, $2)"

KNOWN = "SELECT id FROM signed_request WHERE id = $1"

# What was signed once is signed again under the same key, also when its cell has changed since.
OLD_KEY = "SELECT id, public_key, sealed FROM signing_key WHERE id = $1 AND sealed IS NOT NULL"


class OfferedKey(msgspec.Struct, frozen=True):
    """The key that signs for a right; the same for every dossier of its cell."""

    id: UUID
    public: bytes
    questionnaire: str
    agency: str
    expires_at: datetime


async def offer_key(token: str, sealing: Sealing, terms: Terms) -> OfferedKey:
    """The key for a right that can still be spent.

    Raises
    ------
    UnknownRightError, NotFinishedError, AlreadyRatedError, ExpiredRightError
    """
    right = await _find(token, terms)
    if right["spent"]:
        raise AlreadyRatedError
    _check_time(right)
    key = await _current_key(right, sealing, terms)
    return OfferedKey(
        key.id, key.public, right["questionnaire"], right["agency"], right["expires_at"]
    )


async def sign_blinded(
    token: str, key: UUID, blinded: bytes, sealing: Sealing, terms: Terms
) -> bytes:
    """Spend a right on the signature of this blinded message; the same request is answered again.

    Raises
    ------
    UnknownRightError, NotFinishedError, AlreadyRatedError, ExpiredRightError, KeyChangedError,
    BlindedError
    """
    right = await _find(token, terms)
    request = _hash_request(right, key, blinded)
    if right["spent"]:
        return await _sign_again(request, key, blinded, sealing)
    _check_time(right)
    found = await _current_key(right, sealing, terms)
    if found.id != key:
        raise KeyChangedError
    _check_blinded(found, blinded)
    if not await _spend(right, request):
        return await _sign_again(request, key, blinded, sealing)
    return await asyncio.to_thread(blind_sign, found.private, blinded)


async def _find(token: str, terms: Terms) -> Row:
    hashed = hash_token(token)
    row = await fetch_one(FIND, hashed)
    if row is None and await keep_promises(hashed, cell_dossiers=terms.cell_dossiers):
        row = await fetch_one(FIND, hashed)
    if row is not None:
        return row
    raise NotFinishedError if await is_promised(hashed) else UnknownRightError


def _check_time(right: Row) -> None:
    if right["expires_at"] <= datetime.now(UTC):
        raise ExpiredRightError


async def _current_key(right: Row, sealing: Sealing, terms: Terms) -> SigningKey:
    ends = local_day(right["expires_at"])
    return await key_of_cell(right["cell"], right["questionnaire"], sealing, terms, ends)


def _check_blinded(key: SigningKey, blinded: bytes) -> None:
    try:
        read_blinded(key.private.public_key(), blinded)
    except ValueError:
        raise BlindedError from None


def _hash_request(right: Row, key: UUID, blinded: bytes) -> str:
    """Names the dossier only to whoever knows the blinded message, which is kept nowhere."""
    said = f"sipas signed request {right['dossier']} {right['questionnaire']} {key} "
    return sha256(said.encode() + blinded).hexdigest()


async def _spend(right: Row, request: str) -> bool:
    """Whether this request is the one that spends the right."""
    today = local_day(datetime.now(UTC))
    async with transaction():
        if not await fetch(SPEND, right["dossier"], right["questionnaire"], today):
            return False
        await fetch(REMEMBER, request, today)
    return True


async def _sign_again(request: str, key: UUID, blinded: bytes, sealing: Sealing) -> bytes:
    row = await fetch_one(OLD_KEY, key)
    if row is None or not await fetch(KNOWN, request):
        raise AlreadyRatedError
    return await asyncio.to_thread(blind_sign, sealing.open(key, row["sealed"]), blinded)
