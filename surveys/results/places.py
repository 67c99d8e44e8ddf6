"""Rank sets among the agencies shown, from those among all."""

from collections.abc import Mapping
from itertools import accumulate
from typing import NamedTuple


class Places(NamedTuple):
    """The first and the last place that an agency may hold among `of` agencies."""

    low: int
    high: int
    of: int


def renumber(places: Mapping[str, tuple[int, int]], shown: frozenset[str]) -> dict[str, Places]:
    """Rank sets counted again without the agencies that are not shown.

    Rank sets come from intervals: an agency is surely above another if its interval lies wholly
    above. The agencies surely above any one are then always the first few of all agencies in the
    order of their lower limits, which is the order of how many each is surely above. So the two
    places of every agency are enough to tell who is surely above whom, and the hidden ones can
    be taken out exactly; the joint confidence stays.
    """
    above = {agency: low - 1 for agency, (low, _) in places.items()}
    below = {agency: len(places) - high for agency, (_, high) in places.items()}
    strongest = _count_shown(below, shown)
    weakest = _count_shown(above, shown)
    ranked = len(shown & places.keys())
    return {
        agency: Places(1 + strongest[above[agency]], ranked - weakest[below[agency]], ranked)
        for agency in places
        if agency in shown
    }


def _count_shown(beaten: Mapping[str, int], shown: frozenset[str]) -> list[int]:
    """How many of the first 0, 1, 2, ... agencies are shown, those that beat most first."""
    order = sorted(beaten, key=lambda agency: -beaten[agency])
    return list(accumulate((agency in shown for agency in order), initial=0))
