"""Blind signatures of RFC 9474, the signer's half: RSABSSA-SHA384-PSS-Randomized.

The signer raises a number to its private exponent and learns nothing of the message: the citizen
has multiplied it by a random factor. The power is computed here, because no library offers it
without padding; the number is blinded once more, so that the time it takes tells nothing of the
key, and the result is checked, so that a slip of the machine cannot give the key away.
"""

import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, PSS
from cryptography.hazmat.primitives.asymmetric.rsa import (
    RSAPrivateKey,
    RSAPrivateNumbers,
    RSAPublicKey,
)
from cryptography.hazmat.primitives.hashes import SHA384

KEY_BITS = 2048
PUBLIC_EXPONENT = 65537
SALT_BYTES = 48
# 32 random bytes that the scheme puts before the message, and 32 that the citizen's browser chose.
MESSAGE_BYTES = 64


class SigningFault(Exception):  # noqa: N818 - a fault of the machine, not of a caller
    """The computed signature does not fit; it must not leave the house."""


def blind_sign(key: RSAPrivateKey, blinded: bytes) -> bytes:
    """The blind signature of a blinded message (RFC 9474, section 4.3).

    Raises
    ------
    ValueError
        When the message is no number below the modulus, or has another length.
    SigningFault
        When the result fails the check by the public exponent.
    """
    numbers = key.private_numbers()
    modulus, exponent = numbers.public_numbers.n, numbers.public_numbers.e
    message = read_blinded(key.public_key(), blinded)
    factor, inverse = _random_factor(modulus)
    power = _power(numbers, message * pow(factor, exponent, modulus) % modulus)
    signature = power * inverse % modulus
    if pow(signature, exponent, modulus) != message:
        raise SigningFault
    return signature.to_bytes(len(blinded))


def read_blinded(key: RSAPublicKey, blinded: bytes) -> int:
    """The number that a blinded message is; raises ValueError when this key cannot sign it."""
    if len(blinded) != (key.key_size + 7) // 8:
        raise ValueError("a blinded message is as long as the key")
    message = int.from_bytes(blinded)
    # Zero and one are signed by anybody.
    if not 1 < message < key.public_numbers().n:
        raise ValueError("a blinded message is a number below the modulus")
    return message


def is_signed(key: RSAPublicKey, message: bytes, signature: bytes) -> bool:
    """Whether the prepared message carries this key's signature (RFC 9474, section 4.5)."""
    try:
        key.verify(signature, message, PSS(MGF1(SHA384()), SALT_BYTES), SHA384())
    except InvalidSignature:
        return False
    return True


def _random_factor(modulus: int) -> tuple[int, int]:
    """A number and its inverse; one without an inverse would tell a factor of the modulus."""
    while True:
        factor = 2 + secrets.randbelow(modulus - 2)
        try:
            return factor, pow(factor, -1, modulus)
        except ValueError:
            continue


def _power(numbers: RSAPrivateNumbers, message: int) -> int:
    """The message to the private exponent, by its remainders (a third of the time)."""
    p, q = numbers.p, numbers.q
    low = pow(message % q, numbers.dmq1, q)
    high = pow(message % p, numbers.dmp1, p)
    return low + q * ((high - low) * numbers.iqmp % p)
