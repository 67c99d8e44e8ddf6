"""From columns to a design: units nested in strata, stage by stage, with population counts."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.codes import Codes, Columns, encode, require, to_frame, to_numbers
from analysis.design.collapse import collapse_strata
from analysis.design.records import LONELY_RULES, Design, LonelyRule, Stage, Weights
from analysis.errors import DesignError


def describe_design(
    columns: Columns,
    *,
    units: Sequence[str] = (),
    strata: Sequence[str] = (),
    populations: Sequence[str] = (),
    weight: str | None = None,
    nest: bool = False,
    unequal: bool = False,
    lonely: LonelyRule = "fail",
    adjust_domain_lonely: bool = False,
) -> Design:
    """A sample as it was drawn.

    Parameters
    ----------
    columns : polars.DataFrame or mapping of columns
    units : sequence of str
        Unit of each stage, outermost first; none: the rows themselves were drawn.
    strata : sequence of str
        Strata of the first stage, of the second, and so on; fewer than stages is fine.
    populations : sequence of str
        For each stage, the NUMBER of units that the stratum (or the unit above) holds in the
        population; fewer than stages is fine: below, units count as drawn with replacement.
    weight : str, optional
        Base weights; without them the inverse of the sampling fractions, or 1.
    nest : bool
        Whether the same unit label in two strata means two units.
    unequal : bool
        First stage drawn with unequal probabilities: treated as with replacement, which
        overstates the variance a little; `populations` must then be empty.
    lonely, adjust_domain_lonely
        See `Design`.

    Raises
    ------
    DesignError
        If units are not nested, counts are fractions or too small, or a key is missing.
    DataError
        If a column is not there.
    """
    frame = to_frame(columns)
    require(frame, [*units, *strata, *populations, *([weight] if weight else [])])
    _check(units, strata, populations, unequal=unequal, lonely=lonely)
    stages = _nest_stages(frame, units, strata, populations, nest=nest)
    base = _read_weight(frame, weight, stages)
    notes = ("First stage treated as drawn with replacement.",) if unequal else ()
    design = Design(
        data=frame,
        stages=stages,
        weights=Weights(base, base),
        lonely=lonely,
        adjust_domain_lonely=adjust_domain_lonely,
        inside=np.ones(len(frame), dtype=np.bool_),
        notes=notes,
    )
    return collapse_strata(design) if lonely == "collapse" else design


def _check(
    units: Sequence[str],
    strata: Sequence[str],
    populations: Sequence[str],
    *,
    unequal: bool,
    lonely: str,
) -> None:
    depth = max(len(units), 1)
    if len(strata) > depth or len(populations) > depth:
        raise DesignError(
            f"{depth} stages were given but {len(strata)} strata and {len(populations)} "
            "population counts; name the units of every stage."
        )
    if unequal and populations:
        raise DesignError(
            "A first stage drawn with unequal probabilities is treated as with replacement; "
            "leave the population counts out."
        )
    if lonely not in LONELY_RULES:
        raise DesignError(f"Unknown lonely rule {lonely!r}; use one of {', '.join(LONELY_RULES)}.")


def _nest_stages(
    frame: pl.DataFrame,
    units: Sequence[str],
    strata: Sequence[str],
    populations: Sequence[str],
    *,
    nest: bool,
) -> tuple[Stage, ...]:
    rows = len(frame)
    above = np.zeros(rows, dtype=np.int64)
    stages: list[Stage] = []
    for depth in range(max(len(units), 1)):
        stratum = encode(frame, strata[depth : depth + 1])
        unit = encode(frame, units[depth : depth + 1]).code if units else np.arange(rows)
        for code, name in (
            (stratum.code, strata[depth : depth + 1]),
            (unit, units[depth : depth + 1]),
        ):
            if (code < 0).any():
                raise DesignError(f"{name[0]} is missing in {(code < 0).sum()} rows; fill it in.")
        cell, cells = _combine(above, stratum.code)
        # Labels of lower stages repeat from one unit to the next, so they always nest.
        if nest or depth:
            unit, _ = _combine(cell, unit)
        counts = populations[depth : depth + 1]
        stage = _form_stage(frame, unit, cell, counts, _name_cells(stratum, cells, stages))
        stages.append(replace(stage, parent=cells[0]))
        above = stage.unit
    return tuple(stages)


def _combine(outer: Ints, inner: Ints) -> tuple[Ints, tuple[Ints, Ints]]:
    """Codes of the pairs that occur, and the pair behind each."""
    width = int(inner.max(initial=0)) + 1
    pairs, code = np.unique(outer * width + inner, return_inverse=True)
    return code.astype(np.int64), (pairs // width, pairs % width)


def _name_cells(
    stratum: Codes, cells: tuple[Ints, Ints], stages: Sequence[Stage]
) -> tuple[str, ...]:
    if not stages:
        return tuple(stratum.name(inner) for inner in cells[1])
    above = stages[-1]
    return tuple(f"{above.labels[above.cell[outer]]} / unit {outer}" for outer in cells[0])


def _form_stage(
    frame: pl.DataFrame, unit: Ints, cell: Ints, counts: Sequence[str], labels: tuple[str, ...]
) -> Stage:
    _, first, code = np.unique(unit, return_index=True, return_inverse=True)
    home = cell[first]
    if (home[code] != cell).any():
        stray = np.flatnonzero(home[code] != cell)[0]
        raise DesignError(
            f"A unit lies in two strata ({labels[home[code][stray]]} and {labels[cell[stray]]}); "
            "if the labels repeat from stratum to stratum pass nest=True."
        )
    size = np.bincount(home, minlength=len(labels)).astype(np.float64)
    # Units in the order of their cells: sums by cell then run over neighbours.
    order = np.argsort(home, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return Stage(
        unit=rank[code].astype(np.int64),
        cell=home[order].astype(np.int64),
        parent=np.zeros(len(labels), dtype=np.int64),
        size=size,
        population=_read_population(frame, cell, counts, size, labels),
        labels=labels,
    )


def _read_population(
    frame: pl.DataFrame, cell: Ints, counts: Sequence[str], size: Floats, labels: tuple[str, ...]
) -> Floats:
    if not counts:
        return np.full(len(size), np.inf)
    values = to_numbers(frame, counts[0])
    low, high = np.full(len(size), np.inf), np.full(len(size), -np.inf)
    np.minimum.at(low, cell, values)
    np.maximum.at(high, cell, values)
    wrong = ~(low == high) | ~(low >= size)
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        raise DesignError(
            f"{counts[0]} in {labels[place]} goes from {low[place]:g} to {high[place]:g} with "
            f"{size[place]:g} units sampled; it must be one count, no fraction, and not less."
        )
    return low


def _read_weight(frame: pl.DataFrame, weight: str | None, stages: Sequence[Stage]) -> Floats:
    if weight is not None:
        values = to_numbers(frame, weight)
        if not (np.isfinite(values) & (values >= 0)).all():
            raise DesignError(f"{weight} has missing, infinite or negative values; correct them.")
        return values
    base = np.ones(len(frame))
    for stage in stages:
        fraction = stage.fraction[stage.cell[stage.unit]]
        base /= np.where(fraction > 0, fraction, 1.0)
    return base
