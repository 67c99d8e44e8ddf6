"""The right to rate: opened when a result is handed over, spent by one rating, then untied."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated

import msgspec

from surveys.errors import InputError
from surveys.quality import HANDOVER, Sighting, Window
from surveys.ratings.cells import CELL_DOSSIERS, choose_cells
from surveys.register.finished import finished_at
from surveys.transactions import Row, fetch, fetch_one, transaction

RETURN = """
UPDATE dossier SET returned_at = $2, outcome = coalesce(outcome, 'granted')
WHERE id = ANY($1) AND returned_at IS NULL AND received_at <= $2
RETURNING id AS dossier
"""

# One open right per dossier at its kiosk: telling of the same handover twice changes nothing.
OPEN_AT_KIOSK = """
INSERT INTO right_to_rate
    (token_hash, dossier, cell, mode, counter, questionnaire, opened_at, expires_at)
SELECT encode(sha256(gen_random_uuid()::text::bytea), 'hex'), t.dossier, t.cell, 'kiosk',
    t.counter, $4::text, $5::timestamptz + t.place * interval '1 microsecond', $6
FROM (SELECT DISTINCT ON (dossier) * FROM unnest($1::int[], $2::int[], $3::int[])
    WITH ORDINALITY AS u(dossier, cell, counter, place) ORDER BY dossier, place) AS t
WHERE NOT EXISTS (SELECT FROM right_to_rate r WHERE r.dossier = t.dossier AND r.mode = 'kiosk'
    AND r.questionnaire = $4::text AND r.expires_at > $5)
RETURNING dossier
"""

OPEN_LINKS = """
INSERT INTO right_to_rate
    (token_hash, dossier, cell, mode, counter, questionnaire, opened_at, expires_at)
SELECT t.token_hash, t.dossier, t.cell, 'online', NULL, $4::text, $5, $6
FROM unnest($1::int[], $2::int[], $3::text[]) AS t(dossier, cell, token_hash)
"""

# Rights that can still be spent, of these dossiers.
WITH_RIGHTS = """
SELECT DISTINCT r.dossier FROM right_to_rate r
WHERE r.dossier = ANY($1) AND NOT EXISTS (SELECT FROM spent_right s
    WHERE s.dossier = r.dossier AND s.questionnaire = r.questionnaire)
"""

MOVE_RIGHTS = """
UPDATE right_to_rate r SET cell = t.cell FROM unnest($1::int[], $2::int[]) AS t(dossier, cell)
WHERE r.dossier = t.dossier AND r.cell <> t.cell AND NOT EXISTS (SELECT FROM spent_right s
    WHERE s.dossier = r.dossier AND s.questionnaire = r.questionnaire)
"""

INVITATION = """
SELECT r.questionnaire, r.expires_at, a.name AS agency, a.code AS agency_code,
    p.name AS procedure, EXISTS (SELECT FROM spent_right s
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
    agency_code: str
    procedure: str
    expires_at: datetime
    spent: bool
    finished: bool = True

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
    cell_dossiers: int = CELL_DOSSIERS,
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
        await refresh_cells([row["dossier"] for row in news], cell_dossiers=cell_dossiers)
        opened = {row["dossier"]: row["counter"] for row, word in told[::-1] if word == "open"}
        cells = await choose_cells([*opened], cell_dossiers=cell_dossiers)
        news += await fetch(
            OPEN_AT_KIOSK,
            *([*cells], [*cells.values()], [opened[dossier] for dossier in cells]),
            *(questionnaire, now, now + timedelta(minutes=minutes)),
        )
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
    dossiers: Sequence[str],
    *,
    questionnaire: str,
    days: int,
    agency: int | None = None,
    cell_dossiers: int = CELL_DOSSIERS,
) -> dict[str, str]:
    """Make one token for each dossier, for a link to the online form; returns code → token.

    With `agency` only its own dossiers are known.

    Raises
    ------
    InputError
        When a dossier is unknown or not finished yet; nothing is opened then.
    """
    now = datetime.now(UTC)
    wanted = list(dict.fromkeys(dossiers))
    async with transaction():
        rows = await fetch(
            f"SELECT d.id, d.code FROM dossier d WHERE d.code = ANY($1)"
            f" AND d.agency = coalesce($2, d.agency) AND {finished_at()} IS NOT NULL",
            wanted,
            agency,
        )
        ready = {row["code"]: row["id"] for row in rows}
        if missing := [code for code in wanted if code not in ready]:
            raise InputError(
                f"No link for {', '.join(missing[:5])}: a dossier gets one after it was imported "
                "and was finished: returned, or closed as refused, withdrawn or stopped."
            )
        tokens = {code: secrets.token_urlsafe(16) for code in wanted}
        mine = {ready[code]: tokens[code] for code in wanted}
        expiry = now + timedelta(days=days)
        await open_rights(
            mine, questionnaire=questionnaire, now=now, expiry=expiry, cell_dossiers=cell_dossiers
        )
    return tokens


async def open_rights(
    tokens: Mapping[int, str],
    *,
    questionnaire: str,
    now: datetime,
    expiry: datetime,
    cell_dossiers: int = CELL_DOSSIERS,
) -> None:
    """Open a right for each finished dossier under the token made for it."""
    hashes = [hash_token(token) for token in tokens.values()]
    await open_hashed(
        [*tokens],
        hashes,
        questionnaire=questionnaire,
        now=now,
        expiry=expiry,
        cell_dossiers=cell_dossiers,
    )


async def open_hashed(
    dossiers: Sequence[int],
    hashes: Sequence[str],
    *,
    questionnaire: str,
    now: datetime,
    expiry: datetime,
    cell_dossiers: int = CELL_DOSSIERS,
) -> None:
    """Open a right for each of these finished dossiers under the hash of its token."""
    cells = await choose_cells(dossiers, cell_dossiers=cell_dossiers)
    known = [(one, hashed) for one, hashed in zip(dossiers, hashes, strict=True) if one in cells]
    await fetch(
        OPEN_LINKS,
        [one for one, _hashed in known],
        [cells[one] for one, _hashed in known],
        [hashed for _one, hashed in known],
        *(questionnaire, now, expiry),
    )


async def find_invitation(token: str) -> Invitation | None:
    """What a link is for, or None when nobody made it."""
    row = await fetch_one(INVITATION, hash_token(token))
    return None if row is None else Invitation(**row)


async def waiting_rights(counter: str) -> int:
    """How many handovers wait for a tap at this counter's kiosk."""
    row = await fetch_one(WAITING_RIGHTS, counter, datetime.now(UTC))
    return int(row["rights"]) if row else 0


async def refresh_cells(dossiers: Sequence[int], *, cell_dossiers: int = CELL_DOSSIERS) -> None:
    """Move the open rights of changed dossiers to the cells that they belong to now."""
    entitled = [row["dossier"] for row in await fetch(WITH_RIGHTS, list(dossiers))]
    if entitled:
        cells = await choose_cells(entitled, cell_dossiers=cell_dossiers)
        await fetch(MOVE_RIGHTS, [*cells], [*cells.values()])
