"""Splitting published totals: every printed figure holds to its last decimal.

Nothing here is random. What the source printed is kept; what it did not print is chosen so
that the printed figures come out (docs/demo.md has the table).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np


class NoSplitError(Exception):
    """The printed rates and totals contradict each other."""


@dataclass(frozen=True)
class Count:
    """Results handed over, and how many of them after the due date."""

    returned: int
    late: int


def printed_share(part: int, whole: int) -> Decimal:
    """A percentage as the source prints it: two decimals, half up."""
    share = Decimal(100 * part) / Decimal(whole)
    return share.quantize(Decimal("0.01"), ROUND_HALF_UP)


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Whole numbers in proportion to weights that add up to the total (largest remainder)."""
    share = np.asarray(weights, float)
    exact = total * share / share.sum()
    floor = np.floor(exact + 1e-9).astype(int)
    rest = total - int(floor.sum())
    # Stable, so that equal remainders always fall the same way.
    floor[np.argsort(floor - exact, kind="stable")[:rest]] += 1
    return [int(number) for number in floor]


def split_levels(total: Count, rates: Mapping[str, Decimal], province: int) -> dict[str, Count]:
    """Dossiers by level from three printed on-time rates, the total and the province's number.

    Two totals and three rates leave one number free, the province's; given that, only a
    narrow band of district numbers is left. Of these the one is taken whose communes come
    closest to the middle of their printed rate.
    """
    options = [
        split
        for district in range(1, total.returned - province)
        if (split := _split(total, rates, province, district)) is not None
    ]
    if not options:
        raise NoSplitError(
            f"No split of {total.returned} dossiers has the rates {dict(rates)} with {province} "
            "at the province; choose another number for the province."
        )
    return min(options, key=lambda split: _distance(split["commune"], rates["commune"]))


def _split(
    total: Count, rates: Mapping[str, Decimal], province: int, district: int
) -> dict[str, Count] | None:
    commune = total.returned - province - district
    late = {
        "province": _late(province, rates["province"]),
        "district": _late(district, rates["district"]),
    }
    late["commune"] = total.late - sum(late.values())
    if not 0 <= late["commune"] <= commune:
        return None
    numbers = {"province": province, "district": district, "commune": commune}
    fits = all(
        printed_share(number - late[level], number) == rates[level]
        for level, number in numbers.items()
    )
    return {level: Count(numbers[level], late[level]) for level in numbers} if fits else None


def _late(number: int, rate: Decimal) -> int:
    return int((number * (100 - rate) / 100).to_integral_value(ROUND_HALF_UP))


def _distance(count: Count, rate: Decimal) -> Decimal:
    return abs(Decimal(100 * (count.returned - count.late)) / count.returned - rate)
