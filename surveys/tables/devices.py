"""Devices at counters, the codes that enrol them, and the ledger of what they sent.

The ledger tells a lost event from one that never was. It holds no answer, nor anything computed
from one, and lives for days (docs/privacy.md).
"""

from enum import StrEnum
from typing import Any

from piccolo.columns import (
    UUID,
    BigInt,
    BigSerial,
    Boolean,
    Bytea,
    Date,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Timestamptz,
    Varchar,
)
from piccolo.columns.defaults.date import DateNow
from piccolo.columns.defaults.timestamptz import TimestamptzNow
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from surveys.tables.accounts import Account
from surveys.tables.register import Counter


class EventKind(StrEnum):
    """What a device tells: a tap, or details that complete one."""

    TAP = "tap"
    DETAILS = "details"


class Device(Table, tablename="device"):
    """A kiosk's browser, known by the key that it made; what its last heartbeat said.

    `missing` is an int8multirange in its text form: the running numbers up to `highest` that have
    not come. It outlives the ledger, so that a gap is never forgotten.
    """

    id = UUID(primary_key=True, default=UUID4())
    counter = ForeignKey(Counter, null=False, on_delete=OnDelete.restrict)
    public_key = Bytea(default=None, unique=True)
    name = Varchar(length=120)
    enrolled_at = Timestamptz(default=TimestamptzNow())
    revoked_at = Timestamptz(null=True, default=None)
    replaced_by: Any = ForeignKey("self", null=True, default=None, on_delete=OnDelete.restrict)
    replaced_at = Timestamptz(null=True, default=None)
    highest = BigInt(default=0)
    missing = Text(default="{}")
    late = Integer(default=0)
    conflicts = Integer(default=0)
    bad_signatures = Integer(default=0)
    seen_at = Timestamptz(null=True, default=None)
    page_version = Varchar(length=80)
    config_version = Varchar(length=80)
    queue = Integer(default=0)
    oldest_at = Timestamptz(null=True, default=None)
    given_out = BigInt(default=0)
    clock_offset_ms = BigInt(default=0)
    persisted = Boolean(default=False)
    usage = BigInt(default=0)
    quota = BigInt(default=0)
    storage_full = Boolean(default=False)


class EnrolmentCode(Table, tablename="enrolment_code"):
    """A code that makes one browser the kiosk of a counter, as its hash."""

    code_hash = Varchar(length=64, primary_key=True)
    counter = ForeignKey(Counter, null=False, on_delete=OnDelete.restrict)
    replaces = ForeignKey(Device, null=True, default=None, on_delete=OnDelete.restrict)
    made_by = ForeignKey(Account, null=True, default=None, on_delete=OnDelete.restrict)
    expires_at = Timestamptz(default=None)
    device = ForeignKey(Device, null=True, default=None, on_delete=OnDelete.restrict)


class DeviceEvent(Table, tablename="device_event"):
    """This device sent this number. No answer stands here, no hash of one, and no time of a tap."""

    id = BigSerial(primary_key=True)
    device = ForeignKey(Device, null=False, on_delete=OnDelete.restrict, index=False)
    number = BigInt(default=None)
    event = UUID(default=None)
    kind = Varchar(length=10, choices=EventKind)
    day = Date(default=DateNow(), index=True)

    number_once = Unique([device, number])
