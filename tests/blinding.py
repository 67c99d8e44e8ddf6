"""The citizen's half of RFC 9474, as a browser does it; written from the RFC for the tests."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha384

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

HASH_BYTES = SALT_BYTES = 48


@dataclass(frozen=True)
class Blinding:
    """A prepared message, its blinded form, and what undoes the blinding."""

    message: bytes
    blinded: bytes
    inverse: int


def encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def blind(
    key: RSAPublicKey,
    message: bytes | None = None,
    *,
    salt: bytes | None = None,
    inverse: int | None = None,
) -> Blinding:
    """Section 4.2, with a message of 64 random bytes unless one is given."""
    prepared = message or secrets.token_bytes(64)
    modulus, exponent = key.public_numbers().n, key.public_numbers().e
    number = int.from_bytes(_encode_pss(prepared, key.key_size - 1, salt))
    undo = inverse or 2 + secrets.randbelow(modulus - 2)
    factor = pow(pow(undo, -1, modulus), exponent, modulus)
    blinded = (number * factor % modulus).to_bytes(key.key_size // 8)
    return Blinding(prepared, blinded, undo)


def finalize(key: RSAPublicKey, blinding: Blinding, signature: bytes) -> bytes:
    """Section 4.4: the signature of the prepared message."""
    modulus = key.public_numbers().n
    return (int.from_bytes(signature) * blinding.inverse % modulus).to_bytes(key.key_size // 8)


def _encode_pss(message: bytes, bits: int, salt: bytes | None) -> bytes:
    """EMSA-PSS-ENCODE of RFC 8017, section 9.1.1, with SHA-384."""
    salt = secrets.token_bytes(SALT_BYTES) if salt is None else salt
    size = -(-bits // 8)
    digest = sha384(bytes(8) + sha384(message).digest() + salt).digest()
    block = bytes(size - len(salt) - HASH_BYTES - 2) + b"\x01" + salt
    mask = _mask(digest, size - HASH_BYTES - 1)
    masked = bytearray(a ^ b for a, b in zip(block, mask, strict=True))
    masked[0] &= 0xFF >> (8 * size - bits)
    return bytes(masked) + digest + b"\xbc"


def _mask(seed: bytes, size: int) -> bytes:
    parts = (sha384(seed + number.to_bytes(4)).digest() for number in range(-(-size // HASH_BYTES)))
    return b"".join(parts)[:size]
