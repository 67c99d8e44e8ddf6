"""Strata with one unit: finding them, and merging each with its neighbour."""

from dataclasses import replace

import numpy as np

from analysis.arrays import Bools, Ints
from analysis.cells import sum_by
from analysis.design.records import Design, Stage


def find_lonely(stage: Stage) -> Bools:
    """Cells with one sampled unit that were not taken in whole, (H,)."""
    lonely: Bools = (stage.size == 1) & (stage.population > 1)
    return lonely


def suggest_partners(stage: Stage) -> Ints:
    """For every cell the one it should join; itself unless it is lonely, (H,).

    The neighbour is the one before it in the order of labels within the same unit of the stage
    above, or the one after it for the first.
    """
    order = np.lexsort((np.array(stage.labels), stage.parent))
    partner = np.arange(len(order))
    lonely = find_lonely(stage)
    for place, cell in enumerate(order):
        if not lonely[cell]:
            continue
        for other in (place - 1, place + 1):
            if 0 <= other < len(order) and stage.parent[order[other]] == stage.parent[cell]:
                partner[cell] = order[other]
                break
    return partner


def collapse_strata(design: Design) -> Design:
    """The design with every lonely first-stage stratum merged into its neighbour.

    References
    ----------
    Rust & Kalton (1987), Journal of Official Statistics 3, 69-81.
    """
    stage = design.stages[0]
    group = _join(suggest_partners(stage))
    labels, notes = list(stage.labels), []
    names: list[str] = []
    for number in range(int(group.max(initial=-1)) + 1):
        members = np.flatnonzero(group == number)
        names.append(" + ".join(labels[member] for member in members))
        if len(members) > 1:
            notes.append(f"Strata {names[-1]} were merged.")
    cell = group[stage.cell]
    order = np.argsort(cell, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    merged = replace(
        stage,
        unit=rank[stage.unit],
        cell=cell[order],
        parent=np.zeros(len(names), dtype=np.int64),
        size=sum_by(group, stage.size, len(names)),
        population=sum_by(group, stage.population, len(names)),
        labels=tuple(names),
    )
    below = tuple(_renumber(lower, rank) for lower in design.stages[1:2])
    return replace(
        design, stages=(merged, *below, *design.stages[2:]), notes=(*design.notes, *notes)
    )


def _renumber(stage: Stage, rank: Ints) -> Stage:
    return replace(stage, parent=rank[stage.parent])


def _join(partner: Ints) -> Ints:
    """Groups 0 .. G-1 of cells linked by their partners."""
    leader = np.arange(len(partner))
    for cell in range(len(partner)):
        low, high = sorted((leader[cell], leader[partner[cell]]))
        leader[leader == high] = low
    return np.unique(leader, return_inverse=True)[1].astype(np.int64)
