"""Access: sessions of staff, roles, keys of programs."""

from app.access.guards import (
    Guard,
    program_of,
    requires,
    requires_key,
    requires_sign_in,
    signed_in,
)
from app.access.secret import cache_for, pepper, secret
from app.access.sessions import (
    SessionStore,
    StrictSessionConfig,
    end_session,
    sessions,
    staff_of,
    start_session,
)
from surveys.accounts import Role, Staff

__all__ = [
    "Guard",
    "Role",
    "SessionStore",
    "Staff",
    "StrictSessionConfig",
    "cache_for",
    "end_session",
    "pepper",
    "program_of",
    "requires",
    "requires_key",
    "requires_sign_in",
    "secret",
    "sessions",
    "signed_in",
    "staff_of",
    "start_session",
]
