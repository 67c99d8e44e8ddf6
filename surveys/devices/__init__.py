"""Devices: browsers at counters that hold a key of their own and sign what they send."""

from surveys.devices.counters import (
    count_counters,
    counter_ids,
    find_counter,
    find_kiosk,
    get_counter,
    get_kiosk,
    issue_kiosk_key,
    list_counters,
    revoke_kiosk_key,
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
from surveys.devices.heartbeats import Heartbeat, record_heartbeat
from surveys.devices.ledger import Event
from surveys.devices.records import Device
from surveys.devices.signatures import PublicKeyError, is_signed, load_key
from surveys.devices.times import Clock, Tapped, given_time

__all__ = [
    "Clock",
    "CodeError",
    "Device",
    "Event",
    "Heartbeat",
    "NewCode",
    "PublicKeyError",
    "RevokedDeviceError",
    "SignatureError",
    "Tapped",
    "UnknownDeviceError",
    "count_bad_signatures",
    "count_counters",
    "counter_ids",
    "enrol_device",
    "find_counter",
    "find_kiosk",
    "get_counter",
    "get_device",
    "get_kiosk",
    "given_time",
    "is_signed",
    "issue_code",
    "issue_kiosk_key",
    "list_counters",
    "load_key",
    "record_heartbeat",
    "replace_device",
    "revoke_device",
    "revoke_kiosk_key",
]
