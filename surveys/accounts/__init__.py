"""Staff accounts, their sessions, keys of other programs, and the audit log."""

from surveys.accounts.administration import (
    change_password,
    create_account,
    disable_account,
    enable_account,
    find_account,
    list_accounts,
    reset_password,
    unlock_account,
)
from surveys.accounts.agencies import (
    agency_code,
    agency_name,
    find_agency,
    search_agencies,
    suggest_agencies,
)
from surveys.accounts.audit import Filter, audit, list_actions, list_audit
from surveys.accounts.errors import FieldError, SignInError
from surveys.accounts.keys import (
    PURPOSES,
    find_program,
    hash_key,
    issue_key,
    list_keys,
    revoke_key,
)
from surveys.accounts.passwords import make_temporary_password
from surveys.accounts.records import Account, Entry, Key, Program, Staff
from surveys.accounts.sessions import (
    end_all_sessions,
    end_session,
    find_session,
    find_staff,
    save_session,
    seconds_left,
)
from surveys.accounts.signing import sign_in
from surveys.tables.accounts import Role

__all__ = [
    "PURPOSES",
    "Account",
    "Entry",
    "FieldError",
    "Filter",
    "Key",
    "Program",
    "Role",
    "SignInError",
    "Staff",
    "agency_code",
    "agency_name",
    "audit",
    "change_password",
    "create_account",
    "disable_account",
    "enable_account",
    "end_all_sessions",
    "end_session",
    "find_account",
    "find_agency",
    "find_program",
    "find_session",
    "find_staff",
    "hash_key",
    "issue_key",
    "list_accounts",
    "list_actions",
    "list_audit",
    "list_keys",
    "make_temporary_password",
    "reset_password",
    "revoke_key",
    "save_session",
    "search_agencies",
    "seconds_left",
    "sign_in",
    "suggest_agencies",
    "unlock_account",
]
