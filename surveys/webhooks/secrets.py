"""Secrets that sign what is told: shown once, kept sealed; an old one signs along for a day.

The scheme is that of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, in base64,
behind `v1,`; several signatures stand beside one another with a blank between them.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
NONCE_BYTES: Final = 12
CONTEXT: Final = b"sipas webhook secret"
OLD_SIGNS_ALONG: Final = timedelta(hours=24)


class Seal:
    """Seals the secrets of webhooks under the installation's secret."""

    def __init__(self, secret: str) -> None:
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=CONTEXT)
        self._key = AESGCM(derive.derive(secret.encode()))

    def close(self, which: UUID, secret: bytes) -> bytes:
        """The secret, to be opened for this webhook only."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._key.encrypt(nonce, secret, CONTEXT + which.bytes)

    def open(self, which: UUID, sealed: bytes) -> bytes:
        """The secret; raises InvalidTag when it was sealed under another one."""
        nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        return self._key.decrypt(nonce, rest, CONTEXT + which.bytes)


def new_secret() -> bytes:
    """A secret, as bytes."""
    return secrets.token_bytes(SECRET_BYTES)


def written(secret: bytes) -> str:
    """A secret as it is shown and as libraries of the scheme read it."""
    return PREFIX + b64encode(secret).decode()


def read(text: str) -> bytes:
    """The bytes of a written secret."""
    return b64decode(text.removeprefix(PREFIX), validate=True)


def sign(secret: bytes, message: str, timestamp: int, body: bytes) -> str:
    """One signature over id, time and body."""
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(secret, signed, "sha256")).decode()
