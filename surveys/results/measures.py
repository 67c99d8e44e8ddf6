"""Measures that are shown or hidden together, and which depends on which.

The counts of an agency's measures bound one another: whoever answered a factor counts for the
index, and the pooled index adds up the factors. So measures stand in blocks, a block is shown as
a whole, and only where the block before it is shown.
"""

from typing import Final

OVERALL: Final = "overall_rating"
INDEX: Final = "index"
FACTOR: Final = "factor_"
UNLINKED: Final = "unlinked"
# Ratings that the second figure leaves out, those of them that count for the index, and the rest.
FLAGGED: Final = "flagged"
FLAGGED_INDEX: Final = "flagged_index"
KEPT: Final = "kept"
KEPT_INDEX: Final = "kept_index"

# From the outside in; unlinked ratings stand apart.
CHAIN: Final = ("overall", "index", "factors")
# The second figures, each shown only beside the first one of its measure.
PAIRS: Final = {FLAGGED: OVERALL, FLAGGED_INDEX: INDEX}
# Blocks whose counts tell about one another.
GROUPS: Final = (CHAIN, (UNLINKED,), ("overall", "index", *PAIRS))
BLOCKS: Final = (*CHAIN, UNLINKED)
_INSIDE: Final = {
    "overall": (*CHAIN, *PAIRS),
    "index": ("index", "factors", FLAGGED_INDEX),
    FLAGGED: tuple(PAIRS),
}


def block_of(measure: str) -> str:
    """The block of a measure; what is not known by name is guarded like a factor."""
    known = {OVERALL: "overall", INDEX: "index", UNLINKED: UNLINKED}
    return known.get(measure, "factors")


def is_factor(measure: str) -> bool:
    """Whether the answers to this measure are among those that the index pools."""
    return measure.startswith(FACTOR)


def blocks_inside(block: str) -> tuple[str, ...]:
    """The block and those that are hidden with it."""
    return _INSIDE.get(block, (block,))
