"""Shares and counts of categories, top-box shares, and the satisfaction index."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

import numpy as np
import polars as pl

from analysis.design import Design
from analysis.errors import DataError
from analysis.estimates.curves import mean_of_ratios_curve, ratio_curve, total_curve
from analysis.estimates.estimation import estimate_plan
from analysis.estimates.reliability import flag_proportions
from analysis.estimates.requests import Figure, Missing, Plan, Workbook
from analysis.estimates.table import Estimates
from analysis.intervals import (
    ProportionMethod,
    bound_by_korn_graubard,
    bound_proportions,
    find_effective_size,
)

Aggregation = Literal["pooled_answers", "mean_of_items", "mean_of_factors"]


def estimate_level_totals(
    design: Design,
    variables: Sequence[str],
    by: Sequence[str] = (),
    *,
    missing: Missing = "fail",
    confidence: float = 0.95,
) -> Estimates:
    """Estimated numbers of units at every level of categorical variables.

    Components are named by the variable followed by the level; other arguments and errors as
    `estimate_totals`.
    """
    plan = plan_level_totals(variables)
    return estimate_plan(design, plan, by, missing=missing, confidence=confidence)


def estimate_level_shares(
    design: Design,
    variables: Sequence[str],
    by: Sequence[str] = (),
    *,
    missing: Missing = "fail",
    confidence: float = 0.95,
    interval: ProportionMethod = "wilson",
    deff: str | None = None,
) -> Estimates:
    """Share of every level of categorical variables, 0 to 1; see `estimate_level_totals`.

    `interval` is a method of `analysis.intervals.bound_proportions`.
    """
    plan = plan_level_shares(variables, interval=interval)
    return estimate_plan(design, plan, by, missing=missing, confidence=confidence, deff=deff)


def estimate_top_boxes(
    design: Design,
    variables: Sequence[str],
    by: Sequence[str] = (),
    *,
    lowest: float = 4,
    missing: Missing = "fail",
    confidence: float = 0.95,
    interval: ProportionMethod = "wilson",
    deff: str | None = None,
) -> Estimates:
    """Share of rows whose value is `lowest` or more, 0 to 1; see `estimate_level_shares`."""
    plan = plan_top_boxes(variables, lowest=lowest, interval=interval)
    return estimate_plan(design, plan, by, missing=missing, confidence=confidence, deff=deff)


def bound_shares(
    estimates: Estimates, interval: ProportionMethod, *, whole: float = 1.0, capped: bool = True
) -> Estimates:
    """Shares with intervals that stay between 0 and the whole, and flags that judge their width."""
    table = estimates.table
    share, se, df, rows = (
        table[name].to_numpy().astype(np.float64) for name in ("estimate", "se", "df", "n")
    )
    share, se = share / whole, se / whole
    confidence = estimates.confidence
    lower, upper = bound_proportions(
        share, se, df, rows, method=interval, confidence=confidence, capped=capped
    )
    size = find_effective_size(share, se, rows, capped=capped)
    widest = bound_by_korn_graubard(share, size, df, rows, confidence=confidence)
    flag = flag_proportions(rows.astype(np.int64), df, share, *widest)
    bounded = table.with_columns(
        lower=pl.Series(whole * lower).fill_nan(None),
        upper=pl.Series(whole * upper).fill_nan(None),
        flag=pl.Series(flag, dtype=pl.String),
    )
    return replace(estimates, table=bounded)


def estimate_index(
    design: Design,
    factors: Mapping[str, Sequence[str]],
    by: Sequence[str] = (),
    *,
    satisfied_from: float = 4,
    aggregation: Aggregation = "pooled_answers",
    confidence: float = 0.95,
    interval: ProportionMethod | None = None,
    deff: str | None = None,
) -> Estimates:
    """Satisfaction index and the share of satisfied answers of every factor, 0 to 100.

    Items without an answer leave numerator and denominator.

    Parameters
    ----------
    factors : mapping of factor to its item columns
    satisfied_from : float
        Lowest code that counts as satisfied.
    aggregation : str
        `pooled_answers`: satisfied answers over answers, all items together; `mean_of_items`:
        plain mean of the items' shares; `mean_of_factors`: plain mean of the factors' shares.
    interval : str, optional
        A method of `analysis.intervals.bound_proportions`, so that limits and flags are those of a
        share; by default Student's t, which may leave 0 to 100.
    deff : str, optional
        `without` or `with` replacement, against as many people (not answers) drawn at random.

    Raises
    ------
    DataError
        If there is no factor, a factor has no items, or the aggregation is unknown.
    """
    plan = plan_index(
        factors, satisfied_from=satisfied_from, aggregation=aggregation, interval=interval
    )
    return estimate_plan(design, plan, by, missing="available", confidence=confidence, deff=deff)


def plan_level_totals(variables: Sequence[str]) -> Plan:
    """The counts of `estimate_level_totals`."""

    def fill(book: Workbook) -> None:
        for mask, component, column in _split_levels(book, variables):
            book.figures.append(Figure(component, (column,), mask, total_curve()))

    return Plan(tuple(variables), fill)


def plan_level_shares(variables: Sequence[str], *, interval: ProportionMethod = "wilson") -> Plan:
    """The shares of `estimate_level_shares`."""

    def fill(book: Workbook) -> None:
        for mask, component, column in _split_levels(book, variables):
            book.figures.append(Figure(component, (column, mask), mask, ratio_curve()))

    return Plan(tuple(variables), fill, partial(bound_shares, interval=interval))


def _split_levels(book: Workbook, variables: Sequence[str]) -> Iterator[tuple[int, str, int]]:
    """Mask, name and column of every level."""
    for name in variables:
        mask = book.mask([name], variables)
        codes = book.read_codes(name)
        for level in range(codes.size):
            yield mask, f"{name}{codes.name(level)}", book.indicator(mask, name, level)


def plan_top_boxes(
    variables: Sequence[str], *, lowest: float = 4, interval: ProportionMethod = "wilson"
) -> Plan:
    """The shares of `estimate_top_boxes`."""

    def fill(book: Workbook) -> None:
        for name in variables:
            mask = book.mask([name], variables)
            columns = (book.box(mask, name, lowest), mask)
            book.figures.append(Figure(name, columns, mask, ratio_curve()))

    return Plan(tuple(variables), fill, partial(bound_shares, interval=interval))


def plan_index(
    factors: Mapping[str, Sequence[str]],
    *,
    satisfied_from: float = 4,
    aggregation: Aggregation = "pooled_answers",
    interval: ProportionMethod | None = None,
) -> Plan:
    """The index of `estimate_index`."""
    items = [item for group in factors.values() for item in group]
    if not items or not all(factors.values()):
        raise DataError("An index needs factors with at least one item each.")
    parts = {
        "pooled_answers": [items],
        "mean_of_items": [[item] for item in items],
        "mean_of_factors": [list(group) for group in factors.values()],
    }
    if aggregation not in parts:
        raise DataError(f"Unknown aggregation {aggregation!r}; use one of {', '.join(parts)}.")

    def fill(book: Workbook) -> None:
        _add_index(book, "index", parts[aggregation], satisfied_from)
        for name, group in factors.items():
            _add_index(book, name, [list(group)], satisfied_from)

    if interval is None:
        return Plan(tuple(items), fill)
    # Several answers of one person can be worth more than one, so rows are no limit here.
    finish = partial(bound_shares, interval=interval, whole=100.0, capped=False)
    return Plan(tuple(items), fill, finish)


def _add_index(
    book: Workbook, component: str, ratios: Sequence[Sequence[str]], satisfied_from: float
) -> None:
    columns: list[int] = []
    for group in ratios:
        masks = [book.mask([item], [item]) for item in group]
        boxes = [
            book.box(mask, item, satisfied_from) for mask, item in zip(masks, group, strict=True)
        ]
        columns += [book.add(boxes), book.add(masks)]
    answered = book.any(columns[1::2])
    curve = mean_of_ratios_curve(len(ratios), scale=100.0)
    book.figures.append(Figure(component, tuple(columns), answered, curve))
