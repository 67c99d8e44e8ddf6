"""Signatures of devices: ECDSA on P-256 with SHA-256, as WebCrypto makes them (raw r and s)."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from surveys.devices.errors import N_
from surveys.errors import InputError

HALF = 32
_ALGORITHM = ECDSA(SHA256())


class PublicKeyError(InputError):
    """The public key cannot be used."""

    def __init__(self) -> None:
        super().__init__(
            N_("Khóa của thiết bị không dùng được. Hãy mở lại trang ghi danh bằng trình duyệt mới.")
        )


def read_public_key(text: str) -> bytes:
    """The key as DER bytes, if it is one on P-256; `text` is base64url of its SPKI form."""
    try:
        der = decode(text)
        load_key(der)
    except ValueError:
        raise PublicKeyError from None
    return der


def load_key(der: bytes) -> EllipticCurvePublicKey:
    """The key out of its DER form; raises ValueError."""
    try:
        key = load_der_public_key(der)
    except Exception as error:  # noqa: BLE001 - the library raises several kinds, also its own
        raise ValueError(str(error)) from None
    if not isinstance(key, EllipticCurvePublicKey) or not isinstance(key.curve, SECP256R1):
        raise ValueError("not a key on P-256")  # noqa: TRY004 - one kind of refusal
    return key


def is_signed(key: EllipticCurvePublicKey, payload: str, signature: str) -> bool:
    """Whether this key signed the UTF-8 bytes of this payload."""
    try:
        raw = decode(signature)
        message = payload.encode()
    except ValueError:
        return False
    if len(raw) != 2 * HALF:
        return False
    r, s = int.from_bytes(raw[:HALF]), int.from_bytes(raw[HALF:])
    try:
        key.verify(encode_dss_signature(r, s), message, _ALGORITHM)
    except (InvalidSignature, ValueError):
        return False
    return True


def decode(text: str) -> bytes:
    """Bytes out of base64url in its one canonical form; raises ValueError."""
    bare = text.rstrip("=")
    try:
        found = urlsafe_b64decode(bare + "=" * (-len(bare) % 4))
    except Base64Error:
        raise ValueError("not base64url") from None
    # Python's decoder passes over what it does not know, and over bits that nobody needs.
    if urlsafe_b64encode(found).rstrip(b"=") != bare.encode():
        raise ValueError("not base64url")
    return found
