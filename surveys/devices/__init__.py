"""Devices: browsers at counters that hold a key of their own and sign what they send."""

from surveys.devices.board import (
    Board,
    BoardRow,
    Hours,
    State,
    Wanted,
    board_row,
    device_board,
    silent_devices,
)
from surveys.devices.counters import (
    counter_ids,
    get_counter,
)
from surveys.devices.enrolment import (
    NewCode,
    count_bad_signatures,
    enrol_device,
    get_device,
    issue_code,
    replace_device,
    revoke_device,
)
from surveys.devices.errors import (
    CodeError,
    RevokedDeviceError,
    SignatureError,
    UnknownDeviceError,
)
from surveys.devices.findings import (
    Finding,
    count_odd,
    device_findings,
    forget_numbers,
    missing_numbers,
)
from surveys.devices.heartbeats import Heartbeat, record_heartbeat
from surveys.devices.ledger import Event
from surveys.devices.records import Device
from surveys.devices.signatures import PublicKeyError, is_signed, load_key
from surveys.devices.times import Clock, Tapped, given_time
from surveys.tables.ledger import FindingKind

__all__ = [
    "Board",
    "BoardRow",
    "Clock",
    "CodeError",
    "Device",
    "Event",
    "Finding",
    "FindingKind",
    "Heartbeat",
    "Hours",
    "NewCode",
    "PublicKeyError",
    "RevokedDeviceError",
    "SignatureError",
    "State",
    "Tapped",
    "UnknownDeviceError",
    "Wanted",
    "board_row",
    "count_bad_signatures",
    "count_odd",
    "counter_ids",
    "device_board",
    "device_findings",
    "enrol_device",
    "forget_numbers",
    "get_counter",
    "get_device",
    "given_time",
    "is_signed",
    "issue_code",
    "load_key",
    "missing_numbers",
    "record_heartbeat",
    "replace_device",
    "revoke_device",
    "silent_devices",
]
