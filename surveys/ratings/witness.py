"""What the quality window gets to see of an intake batch: sealed once a batch, in its transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from surveys.days import local_midnight
from surveys.devices.ledger import NUMBER_USED, Event
from surveys.ledger.commitments import Content, Salts, content_of
from surveys.quality import COMPLETED, CONFLICT, FIRST, SALT, Sighting, Window

if TYPE_CHECKING:
    from surveys.ratings.recording import NewRating


class Recorded(NamedTuple):
    """What became of a rating or event: its word, whether it came for the first time, its gap."""

    word: str
    is_new: bool
    gap: float | None = None
    linked: bool = False
    content: Content | None = None


def recorded(tap: NewRating, row: Any, word: str, gap: float | None) -> Recorded:
    """What became of a tap; what it said goes with it when it was accepted."""
    content = content_of(row, assisted=tap.assisted, comment=tap.comment, codes=tap.codes)
    return Recorded(word, row["fresh"], gap, row["linked"], content if row["accepted"] else None)


async def keep_sightings(
    connection: Any,
    found: Mapping[NewRating | Event, Recorded],
    now: datetime,
    window: Window | None,
    *,
    salts: Salts,
) -> None:
    """Seal what devices sent for the first time, numbers that were used twice, and the salts."""
    if window is None:
        return
    seen: dict[tuple[Any, ...], Sighting] = {}
    for one, recorded in found.items():
        event = one if isinstance(one, Event) else one.event
        if event is None or not (recorded.is_new or recorded.word == NUMBER_USED):
            continue
        sighting = _sighting(one, event, recorded, now)
        seen.setdefault((event.device, event.number, event.id, sighting.kind), sighting)
    await window.keep(connection, [*seen.values(), *_salted(salts, now)], now)


async def keep_salts(connection: Any, salts: Salts, now: datetime, window: Window | None) -> None:
    """Seal the salts of ratings that no device sent."""
    if window is not None:
        await window.keep(connection, _salted(salts, now), now)


def _salted(salts: Salts, now: datetime) -> list[Sighting]:
    # No time of day: of ratings that no device sent, the window shall learn no more than before.
    day = local_midnight(now)
    parts = ((FIRST, salts.ratings), (COMPLETED, salts.details))
    return [
        Sighting(SALT, day, number=part, event=rating, salt=salt)
        for part, by_rating in parts
        for rating, salt in by_rating.items()
    ]


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
