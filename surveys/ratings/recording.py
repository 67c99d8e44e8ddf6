"""Recording ratings: many at once, each exactly once, each right spent once.

One statement takes everything that waits (docs/decisions/0003-one-statement.md). It leaves three
kinds of rows that no column joins: what was spent (dossier, day), what was sent (the sender's
id), and what was said (cell, answers).
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import Any
from uuid import UUID

import msgspec

from surveys.days import local_day
from surveys.devices.ledger import NEW, TAKEN, Event, note_events, own_taps
from surveys.ledger.commitments import commit, hold
from surveys.quality import Window
from surveys.ratings.matching import Tap, match_rights
from surveys.ratings.rights import hash_token
from surveys.ratings.statements import COMPLETE, RECORD
from surveys.ratings.tickets import Ticket
from surveys.ratings.witness import Recorded, keep_sightings, recorded
from surveys.transactions import transaction

Outcome = str
MAX_RACES = 5
NOTED = "noted"
STORED = "stored"


class NewRating(msgspec.Struct, frozen=True):
    """A rating whose answers were checked: `codes` are (item, code) pairs of `version`.

    A tap names its `counter`; the `event` by which its device told of it says when it was given,
    else it is given now. `level` is the rank of the overall answer among `levels`, for the quality
    window only.
    """

    id: UUID
    questionnaire: str
    version: int
    codes: tuple[tuple[int, int], ...]
    comment: str | None = None
    right: str = ""
    ticket: Ticket | None = None
    counter: str = ""
    completes: bool = False
    assisted: str = ""
    event: Event | None = None
    level: int = 0
    levels: int = 0


class RaceLostError(Exception):
    """Another rating took the same right or id in between; run the batch again, or one by one."""


async def record_ratings(
    ratings: Sequence[NewRating | Event],
    now: datetime | None = None,
    *,
    window: Window | None = None,
) -> list[Outcome]:
    """Store all of them in one transaction; returns one word for each.

    `stored` (also for one that was stored before), `already rated`, `expired`, `unknown right`,
    `expired ticket`, `unknown counter`, and for details `too late` or `unknown rating`. A bare
    event has nothing to store: its number is `noted`. What the ledger of devices refuses is
    refused in its words. Times and running numbers are sealed into the `window`.

    Raises
    ------
    RaceLostError
        When ratings of this batch stand in each other's way: record them one by one.
    """
    moment = now or datetime.now(UTC)
    for _attempt in range(MAX_RACES):
        try:
            return await _record(ratings, moment, window)
        except RaceLostError:
            continue
    return await _record(ratings, moment, window)


async def _record(
    sent: Sequence[NewRating | Event], now: datetime, window: Window | None
) -> list[Outcome]:
    async with transaction() as connection:
        # These tables grow faster than the planner's statistics of them; a plan made when they
        # were small would read them whole, batch after batch.
        await connection.execute("SET LOCAL enable_seqscan = off")
        found = await _note(connection, sent, now)
        left = [one for one in sent if isinstance(one, NewRating) and not found[one].word]
        taps = [rating for rating in left if not rating.completes]
        details = [rating for rating in left if rating.completes]
        came = await _record_taps(connection, taps, now)
        found |= zip(taps, came, strict=True)
        words = await _record_details(connection, details)
        for rating, word in zip(details, words, strict=True):
            found[rating] = Recorded(word, is_new=found[rating].is_new and word == STORED)
        accepted = [one.content for one in came if one.content]
        completed = [rating.id for rating in details if found[rating].word == STORED]
        salts = await commit(connection, accepted, completed, local_day(now))
        await keep_sightings(connection, found, now, window, salts=salts)
    return [found[one].word for one in sent]


async def _note(
    connection: Any, sent: Sequence[NewRating | Event], now: datetime
) -> dict[NewRating | Event, Recorded]:
    """Enter the events of devices; those that are done with have their word."""
    told = [(one, one if isinstance(one, Event) else one.event) for one in sent]
    pairs = [(one, event) for one, event in told if event is not None]
    noted = await note_events(connection, [event for _one, event in pairs], now)
    found: dict[NewRating | Event, Recorded] = dict.fromkeys(sent, Recorded("", is_new=True))
    # Of one that is here twice the first counts.
    for (one, _event), word in zip(reversed(pairs), reversed(noted), strict=True):
        if word in TAKEN:
            done = NOTED if isinstance(one, Event) else ""
            found[one] = Recorded(done, is_new=word == NEW)
        else:
            found[one] = Recorded(word, is_new=False)
    details = [
        (one, event)
        for one, event in pairs
        if not found[one].word and isinstance(one, NewRating) and one.completes
    ]
    own = await own_taps(connection, [event for _one, event in details])
    stray = [one for one, event in details if event not in own]
    return found | dict.fromkeys(stray, Recorded("unknown rating", is_new=False))


async def _record_taps(connection: Any, taps: Sequence[NewRating], now: datetime) -> list[Recorded]:
    if not taps:
        return []
    times = [tap.event.given_at if tap.event else now for tap in taps]
    at_counters = [
        Tap(tap.id, tap.counter, tap.questionnaire, given)
        for tap, given in zip(taps, times, strict=True)
        if tap.counter and given and tap.ticket is None
    ]
    rights = await match_rights(connection, at_counters) if at_counters else {}
    found = {tap: match.token_hash for tap, match in rights.items()}
    rows = await connection.fetch(
        RECORD,
        [tap.id for tap in taps],
        [hash_token(tap.right) if tap.right else found.get(tap.id) for tap in taps],
        [tap.counter or None for tap in taps],
        [tap.version for tap in taps],
        [tap.questionnaire for tap in taps],
        [tap.comment for tap in taps],
        now,
        local_day(now),
        *_columns(taps),
        [local_day(given or now) for given in times],
        [given is not None for given in times],
        [tap.assisted for tap in taps],
        [tap.ticket.hash if tap.ticket else None for tap in taps],
        [tap.ticket.key if tap.ticket else None for tap in taps],
        [tap.event is None for tap in taps],
    )
    words = [row["word"] for row in rows]
    if "lost" in words or "raced" in words:
        raise RaceLostError
    if "already rated" in words:
        words = await _forgive_resends(connection, taps, words)
    gaps = {tap: match.gap for tap, match in rights.items()}
    return [
        recorded(tap, row, word, gaps.get(tap.id))
        for tap, row, word in zip(taps, rows, words, strict=True)
    ]


async def _forgive_resends(
    connection: Any, taps: Sequence[NewRating], words: list[str]
) -> list[str]:
    # Two deliveries of one rating may race in two processes; the loser sees the right spent
    # and must find, with a later snapshot, that it was spent by the very same rating.
    refused = [tap.id for tap, word in zip(taps, words, strict=True) if word == "already rated"]
    rows = await connection.fetch("SELECT id FROM resend_key WHERE id = ANY($1)", refused)
    kept = {row["id"] for row in rows}
    return [
        STORED if word == "already rated" and tap.id in kept else word
        for tap, word in zip(taps, words, strict=True)
    ]


async def _record_details(connection: Any, details: Sequence[NewRating]) -> list[str]:
    if not details:
        return []
    await hold(connection, [rating.id for rating in details])
    rows = await connection.fetch(
        COMPLETE,
        [rating.id for rating in details],
        [rating.comment for rating in details],
        *_columns(details),
    )
    return [row["word"] for row in rows]


def _columns(ratings: Sequence[NewRating]) -> tuple[list[int], list[int], list[int]]:
    places = [place for place, rating in enumerate(ratings, 1) for _code in rating.codes]
    codes = list(chain.from_iterable(rating.codes for rating in ratings))
    return places, [item for item, _code in codes], [code for _item, code in codes]
