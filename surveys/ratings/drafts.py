"""Drafts: answers that were begun and not sent, sealed so that only the link opens them.

The key comes from the link's token (HKDF-SHA256), which we do not keep; the table knows the
token's hash only, made another way. Whoever takes the database reads no answer.
"""

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from surveys.days import local_midnight
from surveys.errors import StateError
from surveys.ratings.rights import hash_token
from surveys.transactions import fetch, fetch_one

CONTEXT = b"sipas draft 1"
NONCE_BYTES = 12
# Every draft is this long or a multiple of it: a long comment must not show from outside.
SIZE = 8192

# Marks texts that are translated where the reader is known.
N_ = str

UNREADABLE = N_("Bản nháp đã hỏng nên không mở được. Hãy điền lại từ đầu; đánh giá vẫn gửi được.")

SAVE = """
INSERT INTO draft (token_hash, sealed, expires_at)
SELECT r.token_hash, $2, least(r.expires_at, $3) FROM right_to_rate r
WHERE r.token_hash = $1 AND r.mode = 'online' AND r.expires_at > $4
    AND NOT EXISTS (SELECT FROM spent_right s
        WHERE s.dossier = r.dossier AND s.questionnaire = r.questionnaire)
ON CONFLICT (token_hash) DO UPDATE SET sealed = excluded.sealed, expires_at = excluded.expires_at
RETURNING expires_at
"""

# Also what was begun behind another link to the same dossier: it cannot be sent any more.
FORGET = """
DELETE FROM draft d USING right_to_rate mine, right_to_rate r
WHERE mine.token_hash = $1 AND r.dossier = mine.dossier
    AND r.questionnaire = mine.questionnaire AND d.token_hash = r.token_hash
"""

Given = Mapping[str, list[str]]


class Draft(msgspec.Struct, frozen=True):
    """What was begun, as the fields of the form, and how long it is kept."""

    given: dict[str, list[str]]
    expires_at: datetime


class DraftError(StateError):
    """The draft does not open: it was changed or cut where it is kept."""


async def save_draft(token: str, given: Given, *, days: int) -> datetime | None:
    """Keep what was begun in place of an older draft; until when, or None if the link is over."""
    now = datetime.now(UTC)
    # A whole day, so that the hour of saving is not kept.
    until = local_midnight(now + timedelta(days=days + 1))
    row = await fetch_one(SAVE, hash_token(token), _seal(token, given), until, now)
    return row["expires_at"] if row else None


async def find_draft(token: str) -> Draft | None:
    """The draft of this link, if there is one; raises DraftError when it does not open."""
    row = await fetch_one(
        "SELECT sealed, expires_at FROM draft WHERE token_hash = $1 AND expires_at > $2",
        *(hash_token(token), datetime.now(UTC)),
    )
    return None if row is None else Draft(_open(token, row["sealed"]), row["expires_at"])


async def delete_draft(token: str) -> None:
    """Forget the draft of this link."""
    await fetch("DELETE FROM draft WHERE token_hash = $1", hash_token(token))


async def forget_drafts(token: str) -> None:
    """Forget every draft about the same dossier, because it has been rated."""
    await fetch(FORGET, hash_token(token))


def _key(token: str) -> AESGCM:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=CONTEXT)
    return AESGCM(derive.derive(token.encode()))


def _bound(token: str) -> bytes:
    """A sealed draft opens in its own row only."""
    return CONTEXT + hash_token(token).encode()


def _seal(token: str, given: Given) -> bytes:
    plain = json.dumps(dict(given), ensure_ascii=False).encode()
    padded = plain + b" " * (-len(plain) % SIZE)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _key(token).encrypt(nonce, padded, _bound(token))


def _open(token: str, sealed: bytes) -> dict[str, list[str]]:
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        plain = _key(token).decrypt(nonce, rest, _bound(token))
    except (InvalidTag, ValueError):
        raise DraftError(UNREADABLE) from None
    return msgspec.json.decode(plain, type=dict[str, list[str]])
