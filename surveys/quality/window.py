"""The quality window: boxes that anybody can fill and only the nightly job can open.

A box holds the sightings of one intake batch, or of one request about handovers. It is sealed to
the public half of a key (X25519, HKDF-SHA256, AES-256-GCM); the process that takes ratings does
not have the private half, so whoever takes the database, or that process, reads no time of a tap
that has passed. docs/decisions/0020 says why, and what the price is.
"""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from surveys.days import local_day
from surveys.errors import DomainError
from surveys.quality.sightings import Sighting

CONTEXT = b"sipas quality box 1"
KEY_BYTES = 32
NONCE_BYTES = 12
# A box is as long as this or a multiple of it: its length must not tell who was helped, or that
# a right was taken.
SIZE = 512

KEEP = "INSERT INTO quality_box (id, day, box) VALUES ($1, $2, $3)"


class BoxError(DomainError):
    """A box does not open: it was sealed for another key, or changed where it is kept."""


class Opened(NamedTuple):
    """The sightings of one box, and the day on which they were received."""

    day: date
    sightings: list[Sighting]


class Window:
    """The public half of the quality key: what takes ratings can seal with it, and no more."""

    def __init__(self, public: bytes) -> None:
        self.public = public
        self._key = X25519PublicKey.from_public_bytes(public)

    def seal(self, box: UUID, sightings: Sequence[Sighting]) -> bytes:
        """The sightings as bytes that only the key's private half opens, in this box only."""
        once = X25519PrivateKey.generate()
        mine = once.public_key().public_bytes_raw()
        plain = msgspec.msgpack.encode(sightings)
        padded = len(plain).to_bytes(4, "big") + plain
        padded += bytes(-len(padded) % SIZE)
        nonce = secrets.token_bytes(NONCE_BYTES)
        cipher = _cipher(once.exchange(self._key), mine + self.public)
        return mine + nonce + cipher.encrypt(nonce, padded, CONTEXT + box.bytes)

    async def keep(self, connection: Any, sightings: Sequence[Sighting], now: datetime) -> None:
        """Seal the sightings into a box of their own, in the running transaction."""
        if sightings:
            box = uuid4()
            await connection.execute(KEEP, box, local_day(now), self.seal(box, sightings))


class Key:
    """The private half: only the nightly job reads it."""

    def __init__(self, private: bytes) -> None:
        self._key = X25519PrivateKey.from_private_bytes(private)
        self.public = self._key.public_key().public_bytes_raw()

    def open(self, box: UUID, sealed: bytes) -> list[Sighting]:
        """The sightings of a box; raises BoxError when it is not for this key."""
        mine, rest = sealed[:KEY_BYTES], sealed[KEY_BYTES:]
        nonce, text = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
        try:
            shared = self._key.exchange(X25519PublicKey.from_public_bytes(mine))
            padded = _cipher(shared, mine + self.public).decrypt(nonce, text, CONTEXT + box.bytes)
        except (InvalidTag, ValueError):
            raise BoxError(f"Box {box} does not open with this quality key.") from None
        length = int.from_bytes(padded[:4], "big")
        return msgspec.msgpack.decode(padded[4 : 4 + length], type=list[Sighting])


def make_key() -> bytes:
    """A new private half."""
    return X25519PrivateKey.generate().private_bytes_raw()


def _cipher(shared: bytes, bound: bytes) -> AESGCM:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=CONTEXT + bound)
    return AESGCM(derive.derive(shared))
