"""Comments as an analyst reads them: same texts together, without id, time or small agency."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from surveys.accounts import audit
from surveys.transactions import Row, fetch, transaction

Mood = Literal["", "unsatisfied", "satisfied", "unknown"]
NONE: Final = ""

# $1, $2: months from, to; $3: mood; $4: agency by code, or empty.
WANTED: Final = """
c.month BETWEEN $1 AND $2 AND ($3 = '' OR $3 = CASE c.satisfied WHEN true THEN 'satisfied'
    WHEN false THEN 'unsatisfied' ELSE 'unknown' END)
    AND ($4 = '' OR c.agency = (SELECT id FROM agency WHERE code = $4))
"""
GROUPS: Final = f"""
SELECT lower(trim(c.text)) AS text, min(c.text) AS shown, count(*)::integer AS comments,
    min(s.first) AS first, min(s.second) AS second, array_agg(c.id) AS ids,
    array_remove(array_agg(DISTINCT t.theme), NULL) AS themes
FROM comment c LEFT JOIN comment_suggestion s ON s.comment = c.id
LEFT JOIN comment_theme t ON t.comment = c.id
WHERE {WANTED} GROUP BY 1
"""
COUNTS: Final = f"""
SELECT theme, confirmed, count(DISTINCT id)::integer AS comments FROM (
    SELECT c.id, coalesce(t.theme, s.first, '') AS theme, t.theme IS NOT NULL AS confirmed
    FROM comment c LEFT JOIN comment_suggestion s ON s.comment = c.id
    LEFT JOIN comment_theme t ON t.comment = c.id WHERE {WANTED}) x
GROUP BY 1, 2
"""
PENDING: Final = """
SELECT c.id, c.text FROM comment c WHERE NOT EXISTS (
    SELECT FROM comment_suggestion s WHERE s.comment = c.id) ORDER BY c.id LIMIT $1
"""
CONFIRMED: Final = """
SELECT DISTINCT t.theme, c.text FROM comment_theme t JOIN comment c ON c.id = t.comment
WHERE t.theme <> '' ORDER BY 1, 2 LIMIT $1
"""
SUGGEST: Final = """
INSERT INTO comment_suggestion (id, comment, first, second)
SELECT gen_random_uuid(), u.comment, u.first, u.second
FROM unnest($1::uuid[], $2::text[], $3::text[]) AS u(comment, first, second)
JOIN comment c ON c.id = u.comment ON CONFLICT (comment) DO NOTHING
"""
CONFIRM: Final = """
INSERT INTO comment_theme (id, comment, theme, account)
SELECT gen_random_uuid(), c.id, t.theme, $3 FROM comment c CROSS JOIN unnest($2::text[]) AS t(theme)
WHERE c.id = ANY ($1)
"""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """Which comments: a span of days, how their writers felt, an agency."""

    first: date
    last: date
    mood: Mood = "unsatisfied"
    agency: str = ""

    @property
    def values(self) -> tuple[date, date, str, str]:
        """As the statements take them."""
        return self.first, self.last, self.mood, self.agency


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Comments with the same text. `ids` never leave the server."""

    text: str
    comments: int
    suggested: list[str]
    themes: list[str]
    confirmed: bool
    ids: list[UUID]


async def list_groups(asked: Asked) -> list[Group]:
    """The comments, the same texts together, in an order that tells no time."""
    rows = await fetch(GROUPS, *asked.values)
    found = [
        Group(
            text=row["shown"],
            comments=row["comments"],
            suggested=[key for key in (row["first"], row["second"]) if key],
            themes=[key for key in row["themes"] if key],
            confirmed=bool(row["themes"]),
            ids=row["ids"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda group: (-group.comments, group.text))


async def count_themes(asked: Asked) -> dict[str, dict[bool, int]]:
    """Comments by theme, as suggested (False) and as confirmed (True)."""
    found: dict[str, dict[bool, int]] = {}
    for row in await fetch(COUNTS, *asked.values):
        found.setdefault(row["theme"], {})[row["confirmed"]] = row["comments"]
    return found


async def readable_agencies(asked: Asked, minimum: int) -> dict[str, str]:
    """Agencies with so many comments that none of them stands for a person the official knows."""
    rows = await fetch(
        f"SELECT a.code, a.name FROM comment c JOIN agency a ON a.id = c.agency WHERE {WANTED}"
        " GROUP BY a.code, a.name HAVING count(*) >= $5 ORDER BY a.name",
        *(*asked.values[:3], "", minimum),
    )
    return {row["code"]: row["name"] for row in rows}


async def comment_periods() -> list[date]:
    """The first days of quarters with comments, newest first."""
    rows = await fetch(
        "SELECT DISTINCT date_trunc('quarter', month)::date AS first FROM comment ORDER BY 1 DESC"
    )
    return [row["first"] for row in rows]


async def pending_comments(limit: int = 5000) -> list[Row]:
    """Comments for which nothing was suggested yet: id and text."""
    return await fetch(PENDING, limit)


async def confirmed_texts(limit: int = 2000) -> dict[str, list[str]]:
    """Texts that people put to a theme, by theme."""
    found: dict[str, list[str]] = {}
    for row in await fetch(CONFIRMED, limit):
        found.setdefault(row["theme"], []).append(row["text"])
    return found


async def save_suggestions(suggested: Mapping[UUID, Sequence[str]]) -> None:
    """Keep what the program suggests for comments; at most two themes each."""
    pairs = [(*keys, NONE, NONE)[:2] for keys in suggested.values()]
    await fetch(
        SUGGEST, list(suggested), [first for first, _ in pairs], [second for _, second in pairs]
    )


async def confirm(groups: Sequence[Group], themes: Sequence[str] | None, *, actor: int) -> int:
    """Put comments to themes, or to what is suggested for each (None); how many comments it were.

    No theme says that they belong to none. What was confirmed before is replaced.
    """
    total = 0
    async with transaction():
        for group in groups:
            chosen = group.suggested[:1] if themes is None else list(themes)
            await fetch("DELETE FROM comment_theme WHERE comment = ANY ($1)", group.ids)
            await fetch(CONFIRM, group.ids, chosen or [NONE], actor)
            total += group.comments
        await audit("comments_themed", "", actor=actor, comments=total)
    return total


async def log_reading(asked: Asked, *, actor: int) -> None:
    """Comments are personal: that somebody read some is written down."""
    detail: dict[str, Any] = {"mood": asked.mood, "agency": asked.agency}
    await audit("comments_read", f"{asked.first:%Y-%m}–{asked.last:%Y-%m}", actor=actor, **detail)
