"""Who works here: what the other rooms and the pages see of an account, a key, an entry."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from surveys.tables.accounts import Role


@dataclass(frozen=True, slots=True)
class Staff:
    """The person behind a request."""

    id: int
    username: str
    role: Role
    agency_id: int | None = None
    must_change_password: bool = False


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the administrator sees it."""

    id: int
    username: str
    role: Role
    agency_id: int | None
    agency_name: str | None
    disabled: bool
    locked_until: datetime | None
    must_change_password: bool
    created_at: datetime
    last_sign_in: datetime | None


@dataclass(frozen=True, slots=True)
class Program:
    """Another program that showed a valid key."""

    id: int
    name: str
    purpose: str
    agency_id: int | None


@dataclass(frozen=True, slots=True)
class Key:
    """A key of another program as the administrator sees it; the key itself is not kept."""

    id: int
    name: str
    purpose: str
    agency_name: str | None
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit log."""

    id: int
    at: datetime
    username: str | None
    action: str
    subject: str
    detail: dict[str, Any]
