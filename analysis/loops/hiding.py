"""Which counts of one table may be told, by the rules of docs/disclosure.md."""

from collections.abc import Collection, Mapping, Sequence


def choose_shown(
    counts: Mapping[str, int],
    families: Sequence[Collection[str]],
    minimum: int,
    *,
    within: Collection[str] | None = None,
) -> frozenset[str]:
    """The agencies whose count may be told.

    A count under the minimum is hidden, and so is a second one wherever exactly one of a family
    (agencies of a level, or under one parent) would be: the one with the fewest cases. An agency
    without any case has nothing to hide and protects nobody.

    Parameters
    ----------
    counts : mapping of str to int
        By agency.
    families : sequence of collections of str
        Agencies that somebody knows a total of.
    minimum : int
    within : collection of str, optional
        Agencies whose outer count is told; without it no inner one is.
    """
    hidden = {code for code, count in counts.items() if count < minimum}
    if within is not None:
        hidden |= counts.keys() - set(within)
    while (more := _find_next(counts, families, hidden)) is not None:
        hidden.add(more)
    return frozenset(counts.keys() - hidden)


def _find_next(
    counts: Mapping[str, int], families: Sequence[Collection[str]], hidden: set[str]
) -> str | None:
    for family in families:
        members = {code for code in family if counts.get(code, 0) > 0}
        left = members - hidden
        if len(members & hidden) == 1 and left:
            return min(left, key=lambda code: (counts[code], code))
    return None
