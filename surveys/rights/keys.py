"""Signing keys: one a cell, made when first needed, the private part sealed at rest."""

import asyncio
import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID, uuid4

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPublicKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from surveys.periods import span_end
from surveys.rights.blinding import KEY_BITS, PUBLIC_EXPONENT
from surveys.tables.ratings import Grain
from surveys.transactions import Row, fetch, fetch_one

CONTEXT = b"sipas signing key 1"
NONCE_BYTES = 12

FIND = """
SELECT k.id, k.public_key, k.sealed, k.redeem_until, c.grain, c.returned_from
FROM cell c LEFT JOIN signing_key k
    ON k.cell = c.id AND k.questionnaire = $2 AND k.sealed IS NOT NULL
WHERE c.id = $1
"""

# Of two processes that make the key of a cell at once, the first one's stays.
MAKE = """
INSERT INTO signing_key (id, cell, questionnaire, public_key, sealed, redeem_until)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (cell, questionnaire) WHERE sealed IS NOT NULL DO NOTHING
"""

# What was signed under a key whose private part does not open any more can still be redeemed.
RETIRE = "UPDATE signing_key SET sealed = NULL WHERE id = $1"

EXTEND = "UPDATE signing_key SET redeem_until = $2 WHERE id = $1 AND redeem_until < $2"


class Terms(msgspec.Struct, frozen=True):
    """How long after the end of its cell's span a key is good for, and how large a cell must be."""

    link_days: int
    offline_days: int
    cell_dossiers: int

    def last_day(self, span_ends: date, right_ends: date) -> date:
        """The last day on which a signature of this cell may be redeemed.

        Links made in time have run out by then, and so has the wait of a kiosk without a network.
        """
        links_end = max(span_ends + timedelta(days=self.link_days), right_ends)
        return links_end + timedelta(days=self.offline_days)


class SigningKey(msgspec.Struct, frozen=True):
    """A key that signs, opened; `public` is its DER form (SPKI)."""

    id: UUID
    public: bytes
    private: RSAPrivateKey


class Sealing:
    """Seals private keys under the installation's secret."""

    def __init__(self, secret: str) -> None:
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=CONTEXT)
        self._key = AESGCM(derive.derive(secret.encode()))

    def seal(self, key: UUID, private: RSAPrivateKey) -> bytes:
        """The private part, to be opened under this id only."""
        plain = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._key.encrypt(nonce, plain, CONTEXT + key.bytes)

    def open(self, key: UUID, sealed: bytes) -> RSAPrivateKey:
        """The private part; raises InvalidTag when it was sealed under another secret."""
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        plain = self._key.decrypt(nonce, rest, CONTEXT + key.bytes)
        # Its numbers were sealed by us: to test whether they are prime takes longer than to sign.
        private = load_der_private_key(plain, None, unsafe_skip_rsa_key_validation=True)
        assert isinstance(private, RSAPrivateKey)  # noqa: S101 - we seal no other
        return private


async def key_of_cell(
    cell: int, questionnaire: str, sealing: Sealing, terms: Terms, right_ends: date
) -> SigningKey:
    """The key that signs for a cell, made if there is none, good as long as this right needs it."""
    while True:
        row = await _find(cell, questionnaire)
        last = terms.last_day(span_end(row["returned_from"], Grain(row["grain"])), right_ends)
        if row["id"] is None:
            made = await asyncio.to_thread(generate_private_key, PUBLIC_EXPONENT, KEY_BITS)
            await _make(cell, questionnaire, sealing, made, last)
            continue
        try:
            private = sealing.open(row["id"], row["sealed"])
        except InvalidTag:
            await fetch(RETIRE, row["id"])
            continue
        if row["redeem_until"] < last:
            await fetch(EXTEND, row["id"], last)
        return SigningKey(row["id"], row["public_key"], private)


async def _find(cell: int, questionnaire: str) -> Row:
    row = await fetch_one(FIND, cell, questionnaire)
    assert row is not None  # noqa: S101 - a right's cell is there
    return row


async def _make(
    cell: int, questionnaire: str, sealing: Sealing, private: RSAPrivateKey, last: date
) -> None:
    key = uuid4()
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    await fetch(MAKE, key, cell, questionnaire, public, sealing.seal(key, private), last)


async def public_keys(ids: Sequence[UUID]) -> dict[UUID, RSAPublicKey]:
    """The public keys that are still good, by id."""
    rows = await fetch("SELECT id, public_key FROM signing_key WHERE id = ANY($1)", list(ids))
    return {row["id"]: load_public(row["public_key"]) for row in rows}


def load_public(der: bytes) -> RSAPublicKey:
    """The key out of its DER form."""
    key = load_der_public_key(der)
    assert isinstance(key, RSAPublicKey)  # noqa: S101 - we make no other
    return key
