"""How many ratings stand behind every block of measures of a run."""

from surveys.results.measures import (
    FLAGGED,
    FLAGGED_INDEX,
    INDEX,
    KEPT,
    KEPT_INDEX,
    OVERALL,
    UNLINKED,
    block_of,
)
from surveys.results.records import RunDocument

# Counts by measure of every agency and block.
Counts = dict[tuple[str, str], dict[str, int]]


def count_blocks(document: RunDocument) -> Counts:
    """Counts by measure of every agency and block."""
    found: Counts = {}
    for agency, figures in document.table().items():
        for measure, figure in figures.items():
            found.setdefault((agency, block_of(measure)), {})[measure] = figure.n
    for each in document.unlinked:
        found[each.agency, UNLINKED] = {UNLINKED: each.ratings}
    return found | _count_pairs(document)


def _count_pairs(document: RunDocument) -> Counts:
    """How many ratings the second figure of every measure leaves out, and how many it keeps."""
    kept = {(figure.agency, figure.measure): figure.n for figure in document.unflagged}
    names = {FLAGGED: (OVERALL, FLAGGED, KEPT), FLAGGED_INDEX: (INDEX, FLAGGED_INDEX, KEPT_INDEX)}
    found: Counts = {}
    for agency, figures in document.table().items():
        for block, (measure, out, rest) in names.items():
            if measure in figures:
                n = figures[measure].n
                left = kept.get((agency, measure), n)
                found[agency, block] = {out: n - left, rest: left}
    return found


def items_of(document: RunDocument) -> dict[str, int]:
    """The number of questions of each factor, by measure, where the run tells it."""
    told = document.questionnaire.get("factors", {})
    return {f"factor_{name}": int(number) for name, number in told.items()}
