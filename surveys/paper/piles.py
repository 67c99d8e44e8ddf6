"""Which cell a dossier's sheet may name, so that the sheet never points to the dossier: pure."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from surveys.periods import span_of
from surveys.tables.ratings import Grain


class CellKey(NamedTuple):
    """What a cell is known by."""

    agency: int
    field: int | None
    channel: str | None
    on_time: bool | None
    grain: Grain
    returned_from: date


# The order in which a small cell gives up what tells it apart: grain, field, channel, on time.
_LEVELS: Final = (
    (Grain.WEEK, True, True, True),
    (Grain.MONTH, True, True, True),
    (Grain.QUARTER, True, True, True),
    (Grain.QUARTER, True, True, False),
    (Grain.QUARTER, True, False, False),
    (Grain.QUARTER, False, False, False),
)
_WIDTHS: Final = list(Grain)


def make_piles(keys: Mapping[int, CellKey], least: int) -> dict[CellKey, list[int]]:
    """Dossiers by the finest cell that at least `least` of them share.

    `keys` gives the cell that each would have by itself. Those that share none are in no pile.
    """
    piles: dict[CellKey, list[int]] = {}
    left = dict(keys)
    for level in _LEVELS:
        groups: dict[CellKey, list[int]] = defaultdict(list)
        for dossier, key in left.items():
            groups[_coarsened(key, *level)].append(dossier)
        for key, dossiers in groups.items():
            if len(dossiers) >= least:
                piles.setdefault(key, []).extend(dossiers)
                for dossier in dossiers:
                    del left[dossier]
    return piles


def _coarsened(key: CellKey, grain: Grain, *keeps: bool) -> CellKey:
    wide = max(key.grain, grain, key=_WIDTHS.index)
    with_field, with_channel, with_on_time = keeps
    return CellKey(
        key.agency,
        key.field if with_field else None,
        key.channel if with_channel else None,
        key.on_time if with_on_time else None,
        wide,
        span_of(key.returned_from, wide),
    )
