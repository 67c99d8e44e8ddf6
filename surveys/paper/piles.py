"""Which cell a dossier's sheet may name, so that the sheet never points to the dossier: pure."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

from surveys.periods import span_of
from surveys.ratings.cells import STEPS, Key, Step
from surveys.tables.ratings import Grain

_WIDTHS: Final = list(Grain)


def make_piles(keys: Mapping[int, Key], least: int) -> dict[Key, list[int]]:
    """Dossiers by the finest cell that at least `least` of them share.

    `keys` gives the cell that each would have by itself. Those that share none are in no pile.
    """
    piles: dict[Key, list[int]] = {}
    left = dict(keys)
    for step in STEPS:
        groups: dict[Key, list[int]] = defaultdict(list)
        for dossier, key in left.items():
            groups[coarsened(key, step)].append(dossier)
        for key, dossiers in groups.items():
            if len(dossiers) >= least:
                piles.setdefault(key, []).extend(dossiers)
                for dossier in dossiers:
                    del left[dossier]
    return piles


def coarsened(key: Key, step: Step) -> Key:
    """The cell on this step that holds the cell; itself if it stands there already."""
    wide = max(Grain(key.grain), step.grain, key=_WIDTHS.index)
    return Key(
        key.agency,
        key.field if step.field else None,
        key.channel if step.channel else None,
        key.on_time if step.on_time else None,
        wide,
        span_of(key.returned_from, wide),
    )
