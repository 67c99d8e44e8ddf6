"""When a tap was given, told by a device whose clock nobody can trust.

Within one load of the page the monotonic clock tells how long ago it was. From an earlier load
only the offset helps that the device had heard from the server before the tap. Without either
the time is not certain, and nothing is made up.
"""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec

# A clock that was set while the answer was on its way may be a little ahead.
AHEAD = timedelta(seconds=60)
# Where a date is one at all, in milliseconds since 1970.
LATEST = 4_102_444_800_000


class Clock(msgspec.Struct, frozen=True):
    """What a device's clocks said when it sent: wall and monotonic, both in milliseconds."""

    sent_at: int
    sent_tick: float
    boot: UUID


class Tapped(msgspec.Struct, frozen=True):
    """What they said at the tap, and the server's lead over the wall clock if it was known."""

    at: int
    tick: float
    boot: UUID
    offset: float | None = None


def given_time(tapped: Tapped, sent: Clock, now: datetime) -> datetime | None:
    """The server's time of a tap, or None when it is not certain; `now` is when it arrived."""
    if tapped.boot == sent.boot:
        ago = sent.sent_tick - tapped.tick
        return now - timedelta(milliseconds=ago) if 0 <= ago <= LATEST else None
    if tapped.offset is None:
        return None
    moment = tapped.at + tapped.offset
    if not 0 <= moment <= LATEST:
        return None
    found = datetime.fromtimestamp(moment / 1000, UTC)
    # A tap that has not been given yet was not given then.
    return None if found > now + AHEAD else min(found, now)
