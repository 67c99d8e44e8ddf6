"""The population by what its ratings still tell: where cells were merged, dossiers are too.

A rating of a merged cell has lost its timeliness, channel or field. Were the dossiers it may have
come from counted by them nevertheless, the few ratings that kept them would stand for all. So a
quarter's dossiers take the way that its rights and ratings took (`cell_merge`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, NamedTuple

from surveys.register import Part, population
from surveys.transactions import fetch


class Keys(NamedTuple):
    """What a rating tells of its dossier; nothing where its cell gave it up."""

    agency: str
    field: str | None
    channel: str | None
    on_time: bool | None


_FROM: Final = "fa.code AS agency, ff.code AS field, f.channel, f.on_time"
_INTO: Final = "cf.code AS into_field, c.channel AS into_channel, c.on_time AS into_on_time"
# How many rights of the dossiers of some keys were opened where, and how many ratings moved on.
_MERGED: Final = f"""
SELECT {_FROM}, {_INTO}, f.grain = 'week' AS finest, sum(m.given)::integer AS given,
    sum(m.moved)::integer AS moved
FROM cell_merge m JOIN cell f ON f.id = m.fine JOIN cell c ON c.id = m.cell
JOIN agency fa ON fa.id = f.agency LEFT JOIN field ff ON ff.id = f.field
LEFT JOIN field cf ON cf.id = c.field
WHERE f.returned_from BETWEEN $1 AND $2 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
"""
_MIXED: Final = f"""
SELECT {_FROM}, count(*)::integer AS ratings FROM rating r JOIN cell f ON f.id = r.cell
JOIN agency fa ON fa.id = f.agency LEFT JOIN field ff ON ff.id = f.field
WHERE f.returned_from BETWEEN $1 AND $2 GROUP BY 1, 2, 3, 4
"""


async def merged_population(first: date, last: date, *, least: int) -> dict[Keys, int]:
    """Finished dossiers of a quarter by what their ratings tell; agencies keep all of theirs."""
    parts = await population(first, last)
    rows = await fetch(_MERGED, first, last)
    opened: defaultdict[Keys, dict[Keys, int]] = defaultdict(dict)
    moved: defaultdict[Keys, dict[Keys, int]] = defaultdict(dict)
    stayed = {
        Keys(row["agency"], row["field"], row["channel"], row["on_time"]): row["ratings"]
        for row in await fetch(_MIXED, first, last)
    }
    for row in rows:
        source = Keys(row["agency"], row["field"], row["channel"], row["on_time"])
        into = Keys(row["agency"], row["into_field"], row["into_channel"], row["into_on_time"])
        if row["given"]:
            opened[source][into] = opened[source].get(into, 0) + row["given"]
        if row["moved"] and source != into:
            moved[source][into] = moved[source].get(into, 0) + row["moved"]
            stayed[into] = stayed.get(into, 0) - row["moved"]
    sized = _by_size(parts, least)
    found: defaultdict[Keys, int] = defaultdict(int)
    for keys, dossiers in sized:
        for cell, some in _split(dossiers, opened.get(keys.whole) or {keys.cell: 1}):
            ways = {cell: max(stayed.get(cell, 0), 0)} | moved.get(cell, {})
            for end, few in _split(some, ways if any(ways.values()) else {cell: 1}):
                found[end] += few
    return dict(found)


class Sized(NamedTuple):
    """Dossiers of the same keys, and the cell that their number alone would give them."""

    whole: Keys
    cell: Keys


def _by_size(parts: Iterable[Part], least: int) -> list[tuple[Sized, int]]:
    """The keys of each part, and of the cell that holds dossiers enough over the quarter."""
    counts: defaultdict[Keys, int] = defaultdict(int)
    ladders = []
    for part in parts:
        whole = Keys(part.agency, part.field, part.channel, part.on_time)
        ladder = [
            whole,
            whole._replace(on_time=None),
            whole._replace(on_time=None, channel=None),
            Keys(part.agency, None, None, None),
        ]
        for keys in ladder:
            counts[keys] += part.dossiers
        ladders.append((whole, ladder, part.dossiers))
    return [
        (Sized(whole, next((k for k in ladder[:-1] if counts[k] >= least), ladder[-1])), dossiers)
        for whole, ladder, dossiers in ladders
    ]


def _split(whole: int, ways: Mapping[Keys, int]) -> list[tuple[Keys, int]]:
    """Whole numbers in the proportion of the ways, the largest remainders rounded up."""
    total = sum(ways.values())
    order = sorted(ways, key=lambda keys: (-(whole * ways[keys] % total), repr(keys)))
    shares = {keys: whole * ways[keys] // total for keys in order}
    for keys in order[: whole - sum(shares.values())]:
        shares[keys] += 1
    return [(keys, share) for keys, share in shares.items() if share]
