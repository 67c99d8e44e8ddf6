"""Staff accounts, their sessions, keys of other programs, and the audit log."""

from enum import StrEnum

from piccolo.columns import (
    JSONB,
    BigSerial,
    Boolean,
    Bytea,
    ForeignKey,
    OnDelete,
    Serial,
    SmallInt,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.constraints import Check
from piccolo.table import Table

from surveys.tables.register import Agency


class Role(StrEnum):
    """What an account may do."""

    ADMINISTRATOR = "administrator"
    ANALYST = "analyst"
    AGENCY = "agency"
    SURVEYOR = "surveyor"
    OPERATOR = "operator"


class Account(Table, tablename="account"):
    """A member of staff. Disabled, never deleted: the audit log refers to it."""

    id = Serial(primary_key=True)
    username = Varchar(length=80, unique=True)
    password_hash = Varchar(length=300)
    role = Varchar(length=20, choices=Role)
    agency = ForeignKey(Agency, null=True, default=None, on_delete=OnDelete.restrict)
    language = Varchar(length=10, default="vi")
    disabled = Boolean(default=False)
    must_change_password = Boolean(default=False)
    failed_sign_ins = SmallInt(default=0)
    locked_until = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())

    agency_role_has_agency = Check((role != "agency") | (agency.is_not_null()))


class StaffSession(Table, tablename="staff_session"):
    """A session on the server, under the hash of the id that the browser holds."""

    id_hash = Varchar(length=64, primary_key=True)
    data = Bytea(default=None)
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.cascade)
    expires_at = Timestamptz(null=True, default=None)


class ApiKey(Table, tablename="api_key"):
    """A key of another program, for instance the one-stop software that reports handovers."""

    id = Serial(primary_key=True)
    name = Varchar(length=120)
    key_hash = Varchar(length=64, unique=True)
    purpose = Varchar(length=40)
    agency = ForeignKey(Agency, null=True, default=None, on_delete=OnDelete.restrict)
    revoked_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz(default=TimestamptzNow())


class AuditEntry(Table, tablename="audit_entry"):
    """Who did what, when. A trigger refuses changes and deletion."""

    id = BigSerial(primary_key=True)
    at = Timestamptz(default=TimestamptzNow(), index=True)
    account = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    action = Varchar(length=60)
    subject = Varchar(length=200)
    detail = JSONB(default="{}")
