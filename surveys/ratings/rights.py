"""The right to rate: opened when a result is handed over, spent by one rating, then untied."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated

import msgspec

from surveys.errors import InputError
from surveys.periods import span_sql
from surveys.quality import HANDOVER, Sighting, Window
from surveys.tables.ratings import Grain
from surveys.transactions import Row, fetch, fetch_one, transaction

# The cells of some dossiers. Materialised, because the planner, which cannot know how few there
# are, would otherwise join every dossier with every cell.
WANTED = f"""
WITH returned AS MATERIALIZED (
    SELECT d.id, d.agency, p.field, d.channel,
        (d.due_at IS NULL OR d.returned_at <= d.due_at) AS on_time,
        (d.returned_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS day
    FROM dossier d JOIN procedure p ON p.id = d.procedure
    WHERE d.id = ANY($1) AND d.returned_at IS NOT NULL
), wanted AS MATERIALIZED (
    SELECT id, agency, field, channel, on_time,
        {span_sql("day", Grain.WEEK)} AS returned_from
    FROM returned
)
"""

NEW_CELLS = f"""{WANTED}
INSERT INTO cell (agency, field, channel, on_time, grain, returned_from)
SELECT DISTINCT agency, field, channel, on_time, 'week', returned_from
FROM wanted ON CONFLICT DO NOTHING
"""

THEIR_CELL = """
JOIN cell c ON c.agency = d.agency AND c.field = d.field AND c.channel = d.channel
    AND c.on_time = d.on_time AND c.grain = 'week' AND c.returned_from = d.returned_from
"""

RETURN = """
UPDATE dossier SET returned_at = $2, outcome = coalesce(outcome, 'granted')
WHERE id = ANY($1) AND returned_at IS NULL AND received_at <= $2
RETURNING id AS dossier
"""

# One open right per dossier at its kiosk: telling of the same handover twice changes nothing.
OPEN_AT_KIOSK = f"""{WANTED}
INSERT INTO right_to_rate
    (token_hash, dossier, cell, mode, counter, questionnaire, opened_at, expires_at)
SELECT encode(sha256(gen_random_uuid()::text::bytea), 'hex'), d.id, c.id, 'kiosk', t.counter,
    $3::text, $4::timestamptz + t.place * interval '1 microsecond', $5
FROM (SELECT DISTINCT ON (dossier) * FROM unnest($1::int[], $2::int[])
    WITH ORDINALITY AS u(dossier, counter, place) ORDER BY dossier, place) AS t
JOIN wanted d ON d.id = t.dossier
{THEIR_CELL}
WHERE NOT EXISTS (SELECT FROM right_to_rate r WHERE r.dossier = d.id AND r.mode = 'kiosk'
    AND r.questionnaire = $3::text AND r.expires_at > $4)
RETURNING dossier
"""

OPEN_LINKS = f"""{WANTED}
INSERT INTO right_to_rate
    (token_hash, dossier, cell, mode, counter, questionnaire, opened_at, expires_at)
SELECT t.token_hash, d.id, c.id, 'online', NULL, $3::text, $4, $5
FROM unnest($1::int[], $2::text[]) AS t(dossier, token_hash)
JOIN wanted d ON d.id = t.dossier
{THEIR_CELL}
"""

MOVE_RIGHTS = f"""{WANTED}
UPDATE right_to_rate r SET cell = c.id FROM wanted d {THEIR_CELL}
WHERE r.dossier = d.id AND r.cell <> c.id
"""

INVITATION = """
SELECT r.questionnaire, r.expires_at, a.name AS agency, p.name AS procedure,
    EXISTS (SELECT FROM spent_right s
        WHERE s.dossier = r.dossier AND s.questionnaire = r.questionnaire) AS spent
FROM right_to_rate r JOIN dossier d ON d.id = r.dossier
JOIN agency a ON a.id = d.agency JOIN procedure p ON p.id = d.procedure
WHERE r.token_hash = $1 AND r.mode = 'online'
"""

WAITING_RIGHTS = """
SELECT count(*) AS rights FROM right_to_rate r JOIN counter c ON c.id = r.counter
WHERE c.code = $1 AND r.mode = 'kiosk' AND r.expires_at > $2
    AND NOT EXISTS (SELECT FROM spent_right s
        WHERE s.dossier = r.dossier AND s.questionnaire = r.questionnaire)
"""


Code = Annotated[str, msgspec.Meta(max_length=80, pattern="^[^\\x00]*$")]


class Handover(msgspec.Struct, frozen=True):
    """The result of one dossier was handed over at one counter."""

    dossier: Code
    counter: Code


class Invitation(msgspec.Struct, frozen=True):
    """What the holder of a link may be told: what is rated, and whether it still can be."""

    questionnaire: str
    agency: str
    procedure: str
    expires_at: datetime
    spent: bool

    @property
    def expired(self) -> bool:
        """Whether the link's time is over."""
        return self.expires_at <= datetime.now(UTC)


def hash_token(token: str) -> str:
    """Only this stands in the database; the token itself is the citizen's."""
    return sha256(token.encode()).hexdigest()


async def hand_over(
    handovers: Sequence[Handover],
    *,
    questionnaire: str,
    minutes: int,
    agency: int | None = None,
    window: Window | None = None,
) -> list[str]:
    """Open one right at each counter's kiosk; returns one word for each handover.

    The words are `open`, `asked otherwise` (a mode split keeps this dossier from the kiosk),
    `already rated`, `unknown dossier`, `unknown counter` and `received later`. A dossier that was
    not returned yet is returned by this. With `agency` only its own counters are known. What was
    handed over just now is sealed into the `window`.
    """
    now = datetime.now(UTC)
    async with transaction() as connection:
        found = await _find(handovers, questionnaire, agency)
        words = [_word(row, now) for row in found]
        told = list(zip(found, words, strict=True))
        returned = [row["dossier"] for row, word in told if word in {"open", "asked otherwise"}]
        news = await fetch(RETURN, returned, now)
        opened = [row for row, word in told if word == "open"]
        dossiers = [row["dossier"] for row in opened]
        await fetch(NEW_CELLS, dossiers)
        expiry = now + timedelta(minutes=minutes)
        counters = [row["counter"] for row in opened]
        news += await fetch(OPEN_AT_KIOSK, dossiers, counters, questionnaire, now, expiry)
        if window is not None:
            fresh = {row["dossier"] for row in news}
            await window.keep(connection, _sightings(found, handovers, fresh, now), now)
    return words


def _sightings(
    found: Sequence[Row], handovers: Sequence[Handover], fresh: set[int], now: datetime
) -> list[Sighting]:
    """One sighting a dossier that was handed over just now, without the dossier."""
    places = {row["dossier"]: one.counter for row, one in zip(found, handovers, strict=True)}
    return [
        Sighting(HANDOVER, now, counter=counter, given_at=now)
        for dossier, counter in places.items()
        if dossier in fresh
    ]


async def _find(handovers: Sequence[Handover], questionnaire: str, agency: int | None) -> list[Row]:
    return await fetch(
        """
        SELECT d.id AS dossier, d.received_at, c.id AS counter, s.id IS NOT NULL AS spent,
            coalesce(m.mode, 'kiosk') <> 'kiosk' AS elsewhere
        FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS t(dossier, counter, place)
        LEFT JOIN dossier d ON d.code = t.dossier
        LEFT JOIN counter c ON c.code = t.counter AND c.agency = coalesce($4, c.agency)
        LEFT JOIN spent_right s ON s.dossier = d.id AND s.questionnaire = $3
        LEFT JOIN mode_assignment m ON m.dossier = d.id
        ORDER BY t.place
        """,
        [one.dossier for one in handovers],
        [one.counter for one in handovers],
        questionnaire,
        agency,
    )


def _word(row: Row, now: datetime) -> str:
    if row["dossier"] is None:
        return "unknown dossier"
    if row["counter"] is None:
        return "unknown counter"
    if row["spent"]:
        return "already rated"
    if row["received_at"] > now:
        return "received later"
    return "asked otherwise" if row["elsewhere"] else "open"


async def open_links(
    dossiers: Sequence[str], *, questionnaire: str, days: int, agency: int | None = None
) -> dict[str, str]:
    """Make one token for each dossier, for a link to the online form; returns code → token.

    With `agency` only its own dossiers are known.

    Raises
    ------
    InputError
        When a dossier is unknown or has not been returned yet; nothing is opened then.
    """
    now = datetime.now(UTC)
    wanted = list(dict.fromkeys(dossiers))
    async with transaction():
        rows = await fetch(
            "SELECT id, code, returned_at FROM dossier"
            " WHERE code = ANY($1) AND agency = coalesce($2, agency)",
            wanted,
            agency,
        )
        ready = {row["code"]: row["id"] for row in rows if row["returned_at"] is not None}
        if missing := [code for code in wanted if code not in ready]:
            raise InputError(
                f"No link for {', '.join(missing[:5])}: a dossier gets one after it was imported "
                "and its result was returned."
            )
        tokens = {code: secrets.token_urlsafe(16) for code in wanted}
        mine = {ready[code]: tokens[code] for code in wanted}
        expiry = now + timedelta(days=days)
        await open_rights(mine, questionnaire=questionnaire, now=now, expiry=expiry)
    return tokens


async def open_rights(
    tokens: Mapping[int, str], *, questionnaire: str, now: datetime, expiry: datetime
) -> None:
    """Open a right for each returned dossier under the token made for it."""
    hashes = [hash_token(token) for token in tokens.values()]
    await fetch(NEW_CELLS, list(tokens))
    await fetch(OPEN_LINKS, list(tokens), hashes, questionnaire, now, expiry)


async def find_invitation(token: str) -> Invitation | None:
    """What a link is for, or None when nobody made it."""
    row = await fetch_one(INVITATION, hash_token(token))
    return None if row is None else Invitation(**row)


async def waiting_rights(counter: str) -> int:
    """How many handovers wait for a tap at this counter's kiosk."""
    row = await fetch_one(WAITING_RIGHTS, counter, datetime.now(UTC))
    return int(row["rights"]) if row else 0


async def refresh_cells(dossiers: Sequence[int]) -> None:
    """Move the open rights of changed dossiers to the cells that they belong to now."""
    await fetch(NEW_CELLS, dossiers)
    await fetch(MOVE_RIGHTS, dossiers)
