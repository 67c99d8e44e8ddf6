"""How a case is called, and by what its citizen gets in.

The reference is public and lets nobody in. The code is typed, the link is opened; of both only
hashes are kept. The link's token is made from the program's pepper, the case's id
and how often its citizen renewed it (`messages.addresses.case_token`), so that a message can carry it although it is stored nowhere.
"""

from datetime import date
from hashlib import sha256
from typing import Final

from surveys.ratings.codes import make_code, read_code

CODE_LENGTH: Final = 12
SIGNS: Final = 5


def make_reference(day: date) -> str:
    """A new reference; its last sign checks the other four. It is random, not a count."""
    return f"PA-{day:%Y%m%d}-{make_code(SIGNS)}"


def read_reference(typed: str) -> str:
    """One spelling of a reference, however it was typed; not checked."""
    return "".join(typed.upper().split())[:20].replace("\0", "")


def new_code() -> str:
    """An access code of 12 signs."""
    return make_code(CODE_LENGTH)


def read_access_code(typed: str) -> str:
    """The code that somebody typed; raises InputError with what to mend."""
    return read_code(typed, CODE_LENGTH)


def hash_access_code(code: str) -> str:
    """Only this stands in the database."""
    return sha256(b"sipas case code " + code.encode()).hexdigest()


def hash_case_token(token: str) -> str:
    """Only this stands in the database."""
    return sha256(b"sipas case token " + token.encode()).hexdigest()
