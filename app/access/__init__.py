"""Access: sessions of staff, roles, keys of programs and kiosks."""

from app.access.guards import (
    KIOSK_HEADER,
    Guard,
    kiosk_cookie,
    kiosk_of,
    program_of,
    requires,
    requires_key,
    requires_sign_in,
    signed_in,
)
from app.access.secret import cache_for, secret
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
    "KIOSK_HEADER",
    "Guard",
    "Role",
    "SessionStore",
    "Staff",
    "StrictSessionConfig",
    "cache_for",
    "end_session",
    "kiosk_cookie",
    "kiosk_of",
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
