"""Addresses: how they are written, and what may be derived from them with the program's pepper.

The pepper is a secret beside the database. Hashes and tokens made with it cannot be guessed or
joined by whoever holds the database alone, although there are few enough telephone numbers.
"""

import base64
import hmac
import re
from uuid import UUID

from surveys.errors import InputError

N_ = str

# Numbers as they are typed, once signs between digits are gone: of Viet Nam with the country's
# code, with a zero, with both ("+84 (0)912…"), or with the zero that a spreadsheet dropped.
CODE = r"(?:(?:\+|00)?840?|0)?"
MOBILE = re.compile(rf"{CODE}([35789][0-9]{{8}})")
LANDLINE = re.compile(rf"{CODE}(2[0-9]{{9}})")
FOREIGN = re.compile(r"(?:\+|00)((?!84)[1-9][0-9]{6,14})")
BETWEEN = re.compile(r"[\s.()\u2010-\u2015\u200b\u2060\ufeff-]")
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`|~-]+"
MAIL = re.compile(
    rf"(?=[^@]{{1,64}}@){ATOM}(?:\.{ATOM})*@(?:[a-zA-Z0-9-]{{1,63}}\.)+[a-zA-Z]{{2,63}}"
)
# What could be an address inside a server's answer.
ADDRESS_LIKE = re.compile(r"[^\s<>]+@[^\s<>]+|\+?(?:\d[ .-]?){7,}\d")

HASH_BYTES = 16
PROOF_BYTES = 5


class AddressError(InputError):
    """What was given is no address for this channel."""


def normalise(channel: str, typed: str) -> str:
    """One spelling for each address: +84… for telephones, lower case for mail.

    `phone` takes any number that somebody can call, the other channels only one that messages reach.
    """
    if channel == "mail":
        address = typed.strip()
        if len(address) <= 320 and MAIL.fullmatch(address):
            return address.lower()
        raise AddressError(N_("Địa chỉ thư chưa đúng. Ví dụ: ten@example.vn"))
    digits = BETWEEN.sub("", typed)
    found = MOBILE.fullmatch(digits)
    if channel == "phone":
        return _callable(digits, found)
    if found is None:
        raise AddressError(N_("Số điện thoại di động chưa đúng. Ví dụ: 0912 345 678"))
    return f"+84{found[1]}"


def takes_messages(phone: str) -> bool:
    """Whether a number can be sent a text message: a mobile one of Viet Nam."""
    return MOBILE.fullmatch(phone) is not None


def _callable(digits: str, mobile: re.Match[str] | None) -> str:
    if found := mobile or LANDLINE.fullmatch(digits):
        return f"+84{found[1]}"
    if found := FOREIGN.fullmatch(digits):
        return f"+{found[1]}"
    raise AddressError(
        N_(
            "Số điện thoại chưa đúng. Ví dụ: 0912 345 678, 0258 3822 222; số nước ngoài viết kèm dấu +."
        )
    )


def keyed(pepper: bytes, purpose: str, value: bytes) -> bytes:
    """A hash that only the holder of the pepper can make; purposes do not mix."""
    return hmac.digest(pepper, purpose.encode() + b"\0" + value, "sha256")


def hash_address(pepper: bytes, address: str) -> str:
    """What stands in the database for an address that opted out."""
    return keyed(pepper, "address", address.encode())[:HASH_BYTES].hex()


def dossier_reference(pepper: bytes, dossier: str) -> str:
    """What stands for a dossier where the database must not name it."""
    return keyed(pepper, "dossier", dossier.encode()).hex()


def rating_token(pepper: bytes, seed: bytes) -> str:
    """The token of a contact's link: made when needed, stored nowhere."""
    return _text(keyed(pepper, "rate", seed)[:HASH_BYTES])


def case_token(pepper: bytes, case: UUID, version: int = 1) -> str:
    """The token of a case's link, for its citizen: made when needed, stored nowhere.

    Each renewal by the citizen raises the version and ends the link before it.
    """
    later = b"" if version == 1 else b"\0%d" % version
    return _text(keyed(pepper, "case", case.bytes + later)[:HASH_BYTES])


def stop_token(pepper: bytes, address: str) -> str:
    """What an address shows to be left alone; it proves itself, so no row is kept for it."""
    hashed = bytes.fromhex(hash_address(pepper, address))
    return _text(hashed + keyed(pepper, "stop", hashed)[:PROOF_BYTES])


def read_stop_token(pepper: bytes, token: str) -> str | None:
    """The hash of the address that a token stands for, or None when we did not make it."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except ValueError:
        return None
    hashed, proof = raw[:HASH_BYTES], raw[HASH_BYTES:]
    genuine = hmac.compare_digest(proof, keyed(pepper, "stop", hashed)[:PROOF_BYTES])
    return hashed.hex() if genuine else None


def without_addresses(text: str) -> str:
    """A server's answer, fit to be kept: what could be an address is taken out."""
    return ADDRESS_LIKE.sub("…", text)[:500]


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
