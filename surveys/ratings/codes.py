"""Codes that people type instead of opening a link, printed on the receipt.

A code is short, so it is no key: whoever types it gets a new link with a long token of its own,
and what is sealed under that token cannot be opened by trying codes. The last sign is a check
letter: a slip of the finger is told without asking the database.
"""

import secrets
import unicodedata
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256

from surveys.errors import InputError, StateError
from surveys.ratings.cells import CELL_DOSSIERS
from surveys.ratings.promises import is_promised, keep_promises
from surveys.ratings.rights import hash_token, open_links
from surveys.transactions import fetch, fetch_one, transaction

# 23 signs, a prime number: no 0 O D Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V.
ALPHABET = "23456789ACEFHJKMNPRTWXY"
# Who writes one of these by hand meant the other.
LOOK_ALIKES = str.maketrans("SBZG", "5826")
LINK_CODE_LENGTH = 12
ADDRESS_LENGTH = 6
# A code that opens more links than this is being played with.
MOST_USES = 20

# Marks texts that are translated where the reader is known.
N_ = str

LENGTH_FAULT = N_("Mã có {length} chữ và số, không kể dấu gạch. Hãy kiểm tra lại rồi gõ lần nữa.")
LETTER_FAULT = N_("Mã này không có chữ “{letter}”. Hãy kiểm tra lại rồi gõ lần nữa.")
CHECK_FAULT = N_("Có một chữ gõ nhầm trong mã. Hãy so từng chữ với giấy biên nhận rồi gõ lại.")
USED_UP = N_("Mã này đã mở quá nhiều lần. Hãy hỏi cán bộ một cửa để nhận liên kết mới.")

FIND_CODE = """
SELECT r.token_hash, r.expires_at, c.used, EXISTS (SELECT FROM spent_right s
    WHERE s.dossier = r.dossier AND s.questionnaire = r.questionnaire) AS spent
FROM link_code c JOIN right_to_rate r USING (token_hash) WHERE c.code_hash = $1
"""

# The new link ends with the old one; of one dossier only one rating is taken, whatever the link.
OPEN_ANOTHER = """
WITH counted AS (
    UPDATE link_code SET used = used + 1 WHERE code_hash = $1 AND used < $3 RETURNING token_hash
)
INSERT INTO right_to_rate
    (token_hash, dossier, cell, mode, counter, questionnaire, opened_at, expires_at)
SELECT $2, dossier, cell, mode, counter, questionnaire, opened_at, expires_at
FROM counted JOIN right_to_rate USING (token_hash)
RETURNING token_hash
"""


def make_code(length: int) -> str:
    """A random code of this length whose last sign checks the others."""
    signs = [secrets.choice(ALPHABET) for _place in range(length - 1)]
    return "".join([*signs, _check_letter(signs)])


def code_from(secret: bytes, length: int) -> str:
    """The code that belongs to a secret of 32 bytes or more, the same each time."""
    number, signs = int.from_bytes(secret), []
    for _place in range(length - 1):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join([*signs, _check_letter(signs)])


def read_code(typed: str, length: int, *, check_fault: str = CHECK_FAULT) -> str:
    """What was typed as a code, however it was grouped; raises InputError with what to mend."""
    plain = unicodedata.normalize("NFKC", typed[:200]).upper().translate(LOOK_ALIKES)
    code = "".join(sign for sign in plain if sign.isalnum())
    if wrong := next((sign for sign in code if sign not in ALPHABET), ""):
        raise InputError(LETTER_FAULT, letter=wrong)
    if len(code) != length:
        raise InputError(LENGTH_FAULT, length=length)
    if _check_letter(code[:-1]) != code[-1]:
        raise InputError(check_fault)
    return code


def grouped(code: str) -> str:
    """A code as it is printed: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _check_letter(signs: Sequence[str]) -> str:
    # Every place has a weight of its own, so that a wrong sign and two that changed places show.
    total = sum(weight * ALPHABET.index(sign) for weight, sign in enumerate(signs, 2))
    return ALPHABET[-total % len(ALPHABET)]


def hash_code(code: str) -> str:
    """Only this stands in the database."""
    return sha256(b"sipas link code " + code.encode()).hexdigest()


async def open_coded_links(
    dossiers: Sequence[str],
    *,
    questionnaire: str,
    days: int,
    agency: int | None = None,
    cell_dossiers: int = CELL_DOSSIERS,
) -> dict[str, tuple[str, str]]:
    """Like `open_links`, with a code to type beside each token: dossier → (token, code)."""
    async with transaction():
        tokens = await open_links(
            dossiers,
            questionnaire=questionnaire,
            days=days,
            agency=agency,
            cell_dossiers=cell_dossiers,
        )
        made = {dossier: (token, make_code(LINK_CODE_LENGTH)) for dossier, token in tokens.items()}
        await fetch(
            "INSERT INTO link_code (code_hash, token_hash, used)"
            " SELECT *, 0 FROM unnest($1::text[], $2::text[])",
            [hash_code(code) for _token, code in made.values()],
            [hash_token(token) for token, _code in made.values()],
        )
    return made


async def open_by_code(code: str, *, cell_dossiers: int = CELL_DOSSIERS) -> tuple[str, str]:
    """A new link for whoever typed this code: a word, and the token when the word is `open`.

    The other words are `unknown right`, `not finished`, `expired` and `already rated`. Raises
    StateError when the code was used too often.
    """
    hashed = hash_code(code)
    known = await fetch_one(FIND_CODE, hashed)
    if known is None and await keep_promises(hashed, cell_dossiers=cell_dossiers):
        known = await fetch_one(FIND_CODE, hashed)
    if known is None:
        return "not finished" if await is_promised(hashed) else "unknown right", ""
    if known["spent"]:
        return "already rated", ""
    if known["expires_at"] <= datetime.now(UTC):
        return "expired", ""
    token = secrets.token_urlsafe(16)
    if not await fetch(OPEN_ANOTHER, hashed, hash_token(token), MOST_USES):
        raise StateError(USED_UP)
    return "open", token
