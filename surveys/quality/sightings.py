"""Sightings: what the nightly quality job must know of a tap or a handover, and nobody else."""

from datetime import datetime
from uuid import UUID

import msgspec

TAP = "tap"
DETAILS = "details"
# A number that was used before, by another event.
CONFLICT = "conflict"
HANDOVER = "handover"
# The salt of a commitment of the ledger; its `number` tells which of a rating's it is: that of the
# rating as it came, or of what it says since details completed it.
SALT = "salt"
FIRST = 0
COMPLETED = 1


class Sighting(msgspec.Struct, frozen=True, array_like=True, omit_defaults=True):
    """One thing that happened, to the second; it is kept sealed and for days only.

    `event` is the id under which the rating waits; `given_at` is None when it is not certain;
    `level` is the rank of the overall answer from the lowest (1), 0 when there is none; `gap` is
    how many seconds after the handover the tap was given whose right it took.
    """

    kind: str
    received_at: datetime
    counter: str = ""
    device: UUID | None = None
    number: int = 0
    event: UUID | None = None
    given_at: datetime | None = None
    level: int = 0
    levels: int = 0
    gap: float | None = None
    linked: bool = False
    assisted: str = ""
    salt: bytes = b""
