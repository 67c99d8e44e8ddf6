"""The quality window: exact times, sealed for the nightly job, and what it leaves behind."""

from surveys.quality.sightings import (
    COMPLETED,
    CONFLICT,
    DETAILS,
    FIRST,
    HANDOVER,
    SALT,
    TAP,
    Sighting,
)
from surveys.quality.window import Key, Opened, Window, make_key

__all__ = [
    "COMPLETED",
    "CONFLICT",
    "DETAILS",
    "FIRST",
    "HANDOVER",
    "SALT",
    "TAP",
    "Key",
    "Opened",
    "Sighting",
    "Window",
    "make_key",
]
