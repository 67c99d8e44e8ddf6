"""Devices as others see them."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Device:
    """A device that may send: its counter and the key that it signs with."""

    id: UUID
    counter_id: int
    counter: str
    counter_name: str
    agency_name: str
    public_key: bytes


@dataclass(frozen=True, slots=True)
class CounterRow:
    """A counter as the administrator sees it."""

    id: int
    code: str
    name: str
    agency_name: str
