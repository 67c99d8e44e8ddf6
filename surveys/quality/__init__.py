"""The quality window: exact times, sealed for the nightly job, and what it leaves behind."""

from surveys.quality.sightings import CONFLICT, DETAILS, HANDOVER, TAP, Sighting
from surveys.quality.window import Key, Opened, Window, make_key

__all__ = [
    "CONFLICT",
    "DETAILS",
    "HANDOVER",
    "TAP",
    "Key",
    "Opened",
    "Sighting",
    "Window",
    "make_key",
]
