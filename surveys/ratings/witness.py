"""What the quality window gets to see of an intake batch: sealed once a batch, in its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from surveys.devices.ledger import NUMBER_USED, Event
from surveys.quality import CONFLICT, Sighting, Window

if TYPE_CHECKING:
    from surveys.ratings.recording import NewRating


class Recorded(NamedTuple):
    """What became of a rating or event: its word, whether it came for the first time, its gap."""

    word: str
    is_new: bool
    gap: float | None = None
    linked: bool = False


async def keep_sightings(
    connection: Any,
    found: Mapping[NewRating | Event, Recorded],
    now: datetime,
    window: Window | None,
) -> None:
    """Seal what devices sent for the first time, and numbers that were used twice."""
    if window is None:
        return
    seen: dict[tuple[Any, ...], Sighting] = {}
    for one, recorded in found.items():
        event = one if isinstance(one, Event) else one.event
        if event is None or not (recorded.is_new or recorded.word == NUMBER_USED):
            continue
        sighting = _sighting(one, event, recorded, now)
        seen.setdefault((event.device, event.number, event.id, sighting.kind), sighting)
    await window.keep(connection, list(seen.values()), now)


def _sighting(one: NewRating | Event, event: Event, recorded: Recorded, now: datetime) -> Sighting:
    answered = None if isinstance(one, Event) else one
    return Sighting(
        CONFLICT if recorded.word == NUMBER_USED else event.kind,
        now,
        counter=answered.counter if answered else "",
        device=event.device,
        number=event.number,
        event=event.id,
        given_at=event.given_at,
        level=answered.level if answered else 0,
        levels=answered.levels if answered else 0,
        gap=recorded.gap if recorded.linked else None,
        linked=recorded.linked,
        assisted=answered.assisted if answered else "",
    )
