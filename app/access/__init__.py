"""Access: sessions of staff, roles, keys of programs and kiosks."""

from app.access.guards import (
    Guard,
    program_of,
    requires,
    requires_key,
    requires_sign_in,
    signed_in,
)
from app.access.kiosks import KIOSK_HEADER, forget_kiosks, kiosk_cookie, kiosk_counter
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
    "KIOSK_HEADER",
    "Guard",
    "Role",
    "SessionStore",
    "Staff",
    "StrictSessionConfig",
    "cache_for",
    "end_session",
    "forget_kiosks",
    "kiosk_cookie",
    "kiosk_counter",
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
