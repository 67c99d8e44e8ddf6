"""The ledger of accepted ratings, and what was odd about the numbers of devices.

A commitment hides what it commits to: without its salt, which goes with the quality window, it
tells nothing, and here it stands without order (docs/ledger.md).
"""

from enum import StrEnum

from piccolo.columns import (
    UUID,
    BigInt,
    Bytea,
    Date,
    DoublePrecision,
    ForeignKey,
    Integer,
    OnDelete,
    Text,
    Varchar,
)
from piccolo.columns.defaults.uuid import UUID4
from piccolo.constraints import Unique
from piccolo.table import Table

from surveys.tables.devices import Device


class FindingKind(StrEnum):
    """What can be odd about what a device sends."""

    GAP = "gap"
    LATE = "late"
    RESENT = "resent"
    REUSED = "reused"
    REFUSED = "refused"
    UNREADABLE = "unreadable"
    SIGNATURE = "signature"
    HEARTBEAT = "heartbeat"


class CommitmentBatch(Table, tablename="commitment_batch"):
    """Commitments of a day that is not closed yet; every few minutes they become one row.

    `hashes` are sorted, 32 bytes each; `counts` says how many ratings of which agency or counter.
    """

    id = UUID(primary_key=True, default=UUID4())
    day = Date(default=None)
    counts = Text(default=None)
    hashes = Bytea(default=None)


class LedgerDay(Table, tablename="ledger_day"):
    """A closed day of the chain; number 0 tells what was there before the chain began."""

    number = Integer(primary_key=True, default=None)
    day = Date(default=None, unique=True)
    told = Varchar(length=20)
    counts = Text(default=None)
    nonce = Bytea(default=None)
    hashes = Bytea(default=None)
    root = Bytea(default=None)
    counted = Bytea(default=None)
    previous = Bytea(default=None)
    head = Bytea(default=None)


class LedgerFinding(Table, tablename="ledger_finding"):
    """Something odd that a device sent on this day; its numbers are forgotten with the window."""

    id = UUID(primary_key=True, default=UUID4())
    device = ForeignKey(Device, null=False, on_delete=OnDelete.restrict)
    day = Date(default=None)
    kind = Varchar(length=20, choices=FindingKind)
    first = BigInt(null=True, default=None)
    last = BigInt(null=True, default=None)
    times = Integer(default=0)


class DeviceBoot(Table, tablename="device_boot"):
    """How far the clock of one load of the kiosk's page had run at its newest heartbeat."""

    id = UUID(primary_key=True, default=UUID4())
    device = ForeignKey(Device, null=False, on_delete=OnDelete.restrict, index=False)
    boot = UUID(default=None)
    tick = DoublePrecision(default=0.0)

    boot_once = Unique([device, boot])
