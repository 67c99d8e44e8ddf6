"""Signing in. Unknown name, wrong password and locked account look and take the same."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from surveys.accounts.audit import audit
from surveys.accounts.errors import SignInError
from surveys.accounts.passwords import LONGEST, hash_password, is_outdated, matches
from surveys.accounts.records import Staff
from surveys.accounts.sessions import find_staff
from surveys.transactions import Row, fetch, fetch_one, transaction

# The attempt is counted before the password is looked at, so that guesses sent at the same
# moment cannot all pass under the limit. After a lock has run out counting starts anew. Waiting
# for the disk would tell a known name from an unknown one; a count lost with the power is no harm.
COUNT_ATTEMPT = """
WITH quickly AS (SELECT set_config('synchronous_commit', 'off', true))
UPDATE account SET
    failed_sign_ins = CASE WHEN locked_until IS NULL THEN failed_sign_ins + 1 ELSE 1 END,
    locked_until = CASE
        WHEN CASE WHEN locked_until IS NULL THEN failed_sign_ins + 1 ELSE 1 END >= $2
        THEN now() + $3 END
FROM quickly WHERE username = $1 AND NOT disabled AND (locked_until IS NULL OR locked_until <= now())
RETURNING id, username, password_hash, locked_until
"""

LONGEST_LINE = 30
LINE: set[object] = set()

FORGET_ATTEMPTS = """
UPDATE account SET failed_sign_ins = 0, locked_until = NULL,
    password_hash = coalesce($2, password_hash)
WHERE id = $1
"""


def normalise_username(username: str) -> str:
    """The name as it is stored, however it was typed."""
    # PostgreSQL knows no text with a zero in it.
    return unicodedata.normalize("NFKC", username.replace("\0", "")).strip().casefold()


async def sign_in(username: str, password: str, *, attempts: int, lock_minutes: int) -> Staff:
    """The person with this name and password; after `attempts` failures the account is locked.

    Raises SignInError.
    """
    # A guess beyond the longest password would only cost time.
    guess = password[: LONGEST + 1]
    with _stand_in_line():
        lock = timedelta(minutes=lock_minutes)
        account = await fetch_one(COUNT_ATTEMPT, normalise_username(username), attempts, lock)
        right = await matches(guess, account["password_hash"] if account else None)
        staff = await _let_in(account, guess) if account and right else None
        if staff is None:
            await _note_lock(account)
            raise SignInError
        return staff


@contextmanager
def _stand_in_line() -> Iterator[None]:
    """Turn away whoever comes while many wait: each guess costs a core a tenth of a second."""
    if len(LINE) >= LONGEST_LINE:
        raise SignInError(SignInError.busy)
    place = object()
    LINE.add(place)
    try:
        yield
    finally:
        LINE.discard(place)


async def _let_in(account: Row, password: str) -> Staff | None:
    outdated = is_outdated(account["password_hash"])
    renewed = await hash_password(password) if outdated else None
    async with transaction():
        await fetch(FORGET_ATTEMPTS, account["id"], renewed)
        await audit("signed_in", account["username"], actor=account["id"])
    return await find_staff(account["id"])


async def _note_lock(account: Row | None) -> None:
    if account is not None and account["locked_until"] is not None:
        await audit("account_locked", account["username"], actor=None)
