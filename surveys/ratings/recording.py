"""Recording ratings: many at once, each exactly once, each right spent once.

One statement takes everything that waits (docs/decisions/0003-one-statement.md). It leaves three
kinds of rows that no column joins: what was spent (dossier, day), what was sent (the sender's
id), and what was said (cell, answers).
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import chain
from typing import Any
from uuid import UUID

import msgspec

from surveys.days import local_day
from surveys.ratings.rights import hash_token
from surveys.transactions import transaction

# A tap names its counter and takes the oldest right that is open there; an online rating names
# its right. `lost` can only come from a race with another process and undoes the batch.
RECORD = """
WITH sent AS (
    SELECT DISTINCT ON (t.id) t.place, t.id, t.right_hash, k.id AS counter, t.version,
        t.questionnaire, t.comment, t.day
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $12::date[])
        WITH ORDINALITY AS t(id, right_hash, counter, version, questionnaire, comment, day, place)
    LEFT JOIN counter k ON k.code = t.counter
    ORDER BY t.id, t.place
), known AS (
    SELECT id FROM resend_key WHERE id = ANY($1)
), fresh AS (
    SELECT * FROM sent WHERE id NOT IN (SELECT id FROM known)
), tap AS (
    SELECT *, row_number() OVER (PARTITION BY counter, questionnaire ORDER BY place) AS turn
    FROM fresh WHERE right_hash IS NULL AND counter IS NOT NULL
), open_right AS (
    SELECT r.dossier, r.cell, r.counter, r.questionnaire,
        row_number() OVER (
            PARTITION BY r.counter, r.questionnaire ORDER BY r.opened_at, r.token_hash) AS turn
    FROM right_to_rate r
    WHERE r.mode = 'kiosk' AND r.counter IN (SELECT counter FROM tap) AND r.expires_at > $7
        AND NOT EXISTS (SELECT FROM spent_right s
            WHERE s.dossier = r.dossier AND s.questionnaire = r.questionnaire)
), entitled AS (
    SELECT f.place, f.id, r.dossier, r.cell, r.mode, r.questionnaire
    FROM fresh f JOIN right_to_rate r
        ON r.token_hash = f.right_hash AND r.questionnaire = f.questionnaire
    WHERE r.expires_at > $7
    UNION ALL
    SELECT t.place, t.id, o.dossier, o.cell, 'kiosk', o.questionnaire
    FROM tap t JOIN open_right o USING (counter, questionnaire, turn)
), first AS (
    SELECT DISTINCT ON (dossier, questionnaire) * FROM entitled
    ORDER BY dossier, questionnaire, place
), spent AS (
    INSERT INTO spent_right (id, dossier, questionnaire, day)
    SELECT gen_random_uuid(), dossier, questionnaire, $8 FROM first
    ON CONFLICT DO NOTHING RETURNING dossier, questionnaire
), linked AS (
    SELECT f.id, f.cell, f.mode FROM first f JOIN spent USING (dossier, questionnaire)
), accepted AS (
    SELECT f.place, f.id, f.version, f.comment, l.cell, coalesce(l.mode, 'kiosk') AS mode,
        CASE WHEN l.id IS NULL THEN f.counter END AS counter,
        CASE WHEN l.id IS NULL THEN coalesce(f.day, $8::date) END AS day
    FROM fresh f LEFT JOIN linked l USING (id)
    WHERE l.id IS NOT NULL OR (f.right_hash IS NULL AND f.counter IS NOT NULL
        AND f.id NOT IN (SELECT id FROM entitled))
), kept AS (
    INSERT INTO resend_key (id, day) SELECT id, $8 FROM accepted
    ON CONFLICT DO NOTHING RETURNING id
), stored AS (
    INSERT INTO waiting_rating (id, version, mode, cell, counter, day, comment, received_at)
    SELECT id, version, mode, cell, counter, day, comment, $7 FROM accepted JOIN kept USING (id)
    RETURNING id
), answered AS (
    INSERT INTO waiting_answer (rating, version, item, code)
    SELECT a.id, a.version, t.item, t.code
    FROM unnest($9::int[], $10::smallint[], $11::smallint[]) AS t(place, item, code)
    JOIN accepted a USING (place) JOIN kept USING (id)
)
SELECT t.place, CASE
    WHEN known.id IS NOT NULL OR kept.id IS NOT NULL THEN 'stored'
    WHEN linked.id IS NOT NULL OR accepted.id IS NOT NULL THEN 'lost'
    WHEN t.right_hash IS NULL AND sent.counter IS NULL THEN 'unknown counter'
    WHEN t.right_hash IS NULL THEN 'raced'
    WHEN r.token_hash IS NULL OR r.questionnaire <> t.questionnaire THEN 'unknown right'
    WHEN r.expires_at <= $7 THEN 'expired'
    ELSE 'already rated' END AS word
FROM unnest($1::uuid[], $2::text[], $5::text[])
    WITH ORDINALITY AS t(id, right_hash, questionnaire, place)
LEFT JOIN sent USING (id)
LEFT JOIN known USING (id) LEFT JOIN kept USING (id)
LEFT JOIN linked USING (id) LEFT JOIN accepted USING (id)
LEFT JOIN right_to_rate r ON r.token_hash = t.right_hash
ORDER BY t.place
"""

# Details that follow a tap: they join it while it waits, under the sender's id.
COMPLETE = """
WITH detail AS (
    SELECT DISTINCT ON (t.id) t.place, t.id, t.comment, w.version
    FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS t(id, comment, place)
    JOIN waiting_rating w ON w.id = t.id
    ORDER BY t.id, t.place DESC
), commented AS (
    UPDATE waiting_rating w SET comment = detail.comment FROM detail
    WHERE w.id = detail.id AND detail.comment IS NOT NULL
), answered AS (
    INSERT INTO waiting_answer (rating, version, item, code)
    SELECT detail.id, detail.version, t.item, t.code
    FROM unnest($3::int[], $4::smallint[], $5::smallint[]) AS t(place, item, code)
    JOIN detail USING (place)
    ON CONFLICT (rating, item) DO UPDATE SET code = excluded.code
)
SELECT t.place, CASE
    WHEN w.id IS NOT NULL THEN 'stored'
    WHEN k.id IS NOT NULL THEN 'too late'
    ELSE 'unknown rating' END AS word
FROM unnest($1::uuid[]) WITH ORDINALITY AS t(id, place)
LEFT JOIN waiting_rating w USING (id) LEFT JOIN resend_key k USING (id)
ORDER BY t.place
"""

Outcome = str
MAX_RACES = 5


class NewRating(msgspec.Struct, frozen=True):
    """A rating whose answers were checked: `codes` are (item, code) pairs of `version`.

    `day` is the day of a tap that its device kept for a while; it counts for unlinked taps only.
    """

    id: UUID
    questionnaire: str
    version: int
    codes: tuple[tuple[int, int], ...]
    comment: str | None = None
    right: str = ""
    counter: str = ""
    completes: bool = False
    day: date | None = None


class RaceLostError(Exception):
    """Another rating took the same right or id in between; run the batch again, or one by one."""


async def record_ratings(
    ratings: Sequence[NewRating], now: datetime | None = None
) -> list[Outcome]:
    """Store all of them in one transaction; returns one word for each.

    `stored` (also for one that was stored before), `already rated`, `expired`, `unknown right`,
    `unknown counter`, and for details `too late` or `unknown rating`.

    Raises
    ------
    RaceLostError
        When ratings of this batch stand in each other's way: record them one by one.
    """
    moment = now or datetime.now(UTC)
    for _attempt in range(MAX_RACES):
        try:
            return await _record(ratings, moment)
        except RaceLostError:
            continue
    return await _record(ratings, moment)


async def _record(ratings: Sequence[NewRating], now: datetime) -> list[Outcome]:
    taps = [rating for rating in ratings if not rating.completes]
    details = [rating for rating in ratings if rating.completes]
    async with transaction() as connection:
        # These tables grow faster than the planner's statistics of them; a plan made when they
        # were small would read them whole, batch after batch.
        await connection.execute("SET LOCAL enable_seqscan = off")
        words = dict(zip(taps, await _record_taps(connection, taps, now), strict=True))
        words |= zip(details, await _record_details(connection, details), strict=True)
    return [words[rating] for rating in ratings]


async def _record_taps(connection: Any, taps: Sequence[NewRating], now: datetime) -> list[str]:
    if not taps:
        return []
    rows = await connection.fetch(
        RECORD,
        [rating.id for rating in taps],
        [hash_token(rating.right) if rating.right else None for rating in taps],
        [rating.counter or None for rating in taps],
        [rating.version for rating in taps],
        [rating.questionnaire for rating in taps],
        [rating.comment for rating in taps],
        now,
        local_day(now),
        *_columns(taps),
        [rating.day for rating in taps],
    )
    words = [row["word"] for row in rows]
    if "lost" in words or "raced" in words:
        raise RaceLostError
    if "already rated" in words:
        return await _forgive_resends(connection, taps, words)
    return words


async def _forgive_resends(
    connection: Any, taps: Sequence[NewRating], words: list[str]
) -> list[str]:
    # Two deliveries of one rating may race in two processes; the loser sees the right spent
    # and must find, with a later snapshot, that it was spent by the very same rating.
    refused = [tap.id for tap, word in zip(taps, words, strict=True) if word == "already rated"]
    rows = await connection.fetch("SELECT id FROM resend_key WHERE id = ANY($1)", refused)
    kept = {row["id"] for row in rows}
    return [
        "stored" if word == "already rated" and tap.id in kept else word
        for tap, word in zip(taps, words, strict=True)
    ]


async def _record_details(connection: Any, details: Sequence[NewRating]) -> list[str]:
    if not details:
        return []
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
