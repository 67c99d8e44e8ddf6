"""Which cell a dossier's sheet may name, so that the sheet never points to the dossier: pure."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from surveys.periods import span_of
from surveys.ratings.cells import STEPS, Step
from surveys.tables.ratings import Grain

_WIDTHS: Final = list(Grain)


class CellKey(NamedTuple):
    """What a cell is known by."""

    agency: int
    field: int | None
    channel: str | None
    on_time: bool | None
    grain: Grain
    returned_from: date


def make_piles(keys: Mapping[int, CellKey], least: int) -> dict[CellKey, list[int]]:
    """Dossiers by the finest cell that at least `least` of them share.

    `keys` gives the cell that each would have by itself. Those that share none are in no pile.
    """
    piles: dict[CellKey, list[int]] = {}
    left = dict(keys)
    for step in STEPS:
        groups: dict[CellKey, list[int]] = defaultdict(list)
        for dossier, key in left.items():
            groups[_coarsened(key, step)].append(dossier)
        for key, dossiers in groups.items():
            if len(dossiers) >= least:
                piles.setdefault(key, []).extend(dossiers)
                for dossier in dossiers:
                    del left[dossier]
    return piles


def _coarsened(key: CellKey, step: Step) -> CellKey:
    wide = max(key.grain, step.grain, key=_WIDTHS.index)
    return CellKey(
        key.agency,
        key.field if step.field else None,
        key.channel if step.channel else None,
        key.on_time if step.on_time else None,
        wide,
        span_of(key.returned_from, wide),
    )
