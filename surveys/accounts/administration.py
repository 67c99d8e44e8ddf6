"""Accounts of staff: made, listed, reset, disabled, unlocked. Never deleted."""

import re

import asyncpg

from surveys.accounts.agencies import agency_code
from surveys.accounts.audit import audit
from surveys.accounts.errors import N_, FieldError
from surveys.accounts.passwords import (
    check_password,
    hash_password,
    make_temporary_password,
    matches,
)
from surveys.accounts.records import Account
from surveys.accounts.signing import normalise_username
from surveys.errors import NotFoundError, StateError
from surveys.tables.accounts import Role
from surveys.transactions import Row, fetch, fetch_one, transaction

USERNAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,78}[a-z0-9]", re.ASCII)

INSERT = """
INSERT INTO account (username, password_hash, role, agency, must_change_password)
VALUES ($1, $2, $3, $4, $5) RETURNING id
"""

LIST = """
SELECT account.id, username, role, account.agency AS agency_id, agency.name AS agency_name,
    disabled, CASE WHEN locked_until > now() THEN locked_until END AS locked_until,
    must_change_password, account.created_at,
    (SELECT max(at) FROM audit_entry
     WHERE audit_entry.account = account.id AND action = 'signed_in') AS last_sign_in
FROM account LEFT JOIN agency ON agency.id = account.agency
ORDER BY disabled, username
"""

STORE_HASH = """
UPDATE account SET password_hash = $2, must_change_password = $3, failed_sign_ins = 0,
    locked_until = NULL
WHERE id = $1
"""


async def create_account(
    username: str,
    role: Role,
    *,
    password: str,
    actor: int | None,
    agency_id: int | None = None,
    must_change: bool = True,
) -> int:
    """Make an account and return its id; an agency's account sees that agency only."""
    name = normalise_username(username)
    if not USERNAME.fullmatch(name):
        raise FieldError(
            "username",
            N_("Tên đăng nhập có 3–80 ký tự: chữ không dấu, chữ số, dấu chấm, gạch hoặc @."),
        )
    if role is Role.AGENCY and agency_id is None:
        raise FieldError("agency", N_("Hãy chọn cơ quan của tài khoản này."))
    if role not in {Role.AGENCY, Role.OPERATOR} and agency_id is not None:
        raise FieldError(
            "agency", N_("Chỉ tài khoản của cơ quan hoặc của người nhập phiếu mới gắn với cơ quan.")
        )
    check_password(password, name)
    kept = await hash_password(password)
    async with transaction():
        account = await _insert(name, kept, role, agency_id, must_change=must_change)
        await audit(
            "account_created", name, actor=actor, role=role, agency=await agency_code(agency_id)
        )
    return account


async def _insert(
    name: str, kept: str, role: Role, agency_id: int | None, *, must_change: bool
) -> int:
    try:
        row = await fetch_one(INSERT, name, kept, role, agency_id, must_change)
    except asyncpg.UniqueViolationError:
        raise FieldError("username", N_("Tên đăng nhập này đã có. Hãy chọn tên khác.")) from None
    except asyncpg.ForeignKeyViolationError:
        raise FieldError("agency", N_("Không có cơ quan này trong danh mục.")) from None
    assert row is not None  # noqa: S101 - RETURNING
    return int(row["id"])


async def list_accounts() -> list[Account]:
    """All accounts, the disabled ones last."""
    return [Account(**row | {"role": Role(row["role"])}) for row in await fetch(LIST)]


async def change_password(account_id: int, current: str, new: str) -> None:
    """Set a password of one's own choice; every session of this account ends."""
    row = await _find(account_id)
    if not await matches(current, row["password_hash"]):
        raise FieldError("current", N_("Mật khẩu hiện tại không đúng."))
    check_password(new, row["username"], field="new")
    if await matches(new, row["password_hash"]):
        raise FieldError("new", N_("Mật khẩu mới phải khác mật khẩu hiện tại."))
    kept = await hash_password(new)
    async with transaction():
        await fetch(STORE_HASH, account_id, kept, False)  # noqa: FBT003
        await _end_sessions(account_id)
        await audit("password_changed", row["username"], actor=account_id)


async def reset_password(account_id: int, *, actor: int | None, must_change: bool = True) -> str:
    """Give a temporary password, unlock the account, end its sessions; return the password."""
    row = await _find(account_id)
    temporary = make_temporary_password()
    kept = await hash_password(temporary)
    async with transaction():
        await fetch(STORE_HASH, account_id, kept, must_change)
        await _end_sessions(account_id)
        await audit("password_reset", row["username"], actor=actor)
    return temporary


async def disable_account(account_id: int, *, actor: int | None) -> None:
    """End an account and its sessions at once; the last administrator cannot be disabled."""
    if account_id == actor:
        raise StateError(N_("Bạn không thể tự vô hiệu hóa tài khoản của mình."))
    async with transaction():
        # Two administrators who disable each other at the same moment must wait for each other.
        administrators = await fetch(
            "SELECT id FROM account WHERE role = 'administrator' AND NOT disabled"
            " ORDER BY id FOR UPDATE"
        )
        if [row["id"] for row in administrators] == [account_id]:
            raise StateError(N_("Phải còn ít nhất một quản trị viên đang hoạt động."))
        if await _set_disabled(account_id, actor, disabled=True):
            await _end_sessions(account_id)


async def enable_account(account_id: int, *, actor: int | None) -> None:
    """Let a disabled account sign in again."""
    async with transaction():
        await _set_disabled(account_id, actor, disabled=False)


async def unlock_account(account_id: int, *, actor: int | None) -> None:
    """Forget the failed sign-ins of an account."""
    async with transaction():
        row = await _find(account_id)
        changed = await fetch(
            "UPDATE account SET failed_sign_ins = 0, locked_until = NULL"
            " WHERE id = $1 AND locked_until IS NOT NULL RETURNING id",
            account_id,
        )
        if changed:
            await audit("account_unlocked", row["username"], actor=actor)


async def find_account(username: str) -> int:
    """The id of the account with this name."""
    row = await fetch_one(
        "SELECT id FROM account WHERE username = $1", normalise_username(username)
    )
    if row is None:
        raise NotFoundError(N_("Không có tài khoản này."))
    return int(row["id"])


async def _set_disabled(account_id: int, actor: int | None, *, disabled: bool) -> bool:
    row = await _find(account_id)
    changed = await fetch(
        "UPDATE account SET disabled = $2 WHERE id = $1 AND disabled <> $2 RETURNING id",
        *(account_id, disabled),
    )
    if changed:
        action = "account_disabled" if disabled else "account_enabled"
        await audit(action, row["username"], actor=actor)
    return bool(changed)


async def _find(account_id: int) -> Row:
    row = await fetch_one("SELECT username, password_hash FROM account WHERE id = $1", account_id)
    if row is None:
        raise NotFoundError(N_("Không có tài khoản này."))
    return row


async def _end_sessions(account_id: int) -> None:
    await fetch("DELETE FROM staff_session WHERE account = $1", account_id)
