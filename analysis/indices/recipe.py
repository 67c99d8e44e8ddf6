"""What an index is made by, and what comes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from analysis.errors import DataError

Aggregation = Literal["pooled_answers", "mean_of_items", "mean_of_factors"]
Factors = Sequence[str] | Mapping[str, Sequence[str]]

OVERALL = "overall_rating"
INDEX = "index"


@dataclass(frozen=True)
class IndexRecipe:
    """The choices behind a published index; stored with every run.

    Attributes
    ----------
    aggregation : str
        `pooled_answers`: satisfied answers / answers, all items together. `mean_of_items`: plain
        mean of the items' shares. `mean_of_factors`: plain mean of the factors' shares, each
        factor pooling its items.
    satisfied_from : int
        Lowest code that counts as satisfied.
    minimum_field : int
        A field with fewer ratings merges into `other` of its agency.
    minimum_cell : int
        A channel or on-time class with fewer ratings merges with its neighbour.
    minimum_agency : int
        An agency with fewer ratings has no margin of its own, no rank, and a flag.
    largest_adjustment : float
        Raking that multiplies any weight by more, or by less than its inverse, gives up a margin
        level instead.
    confidence : float
        Of the intervals, and jointly of the rank sets.
    version : str
        Changes when the same choices would give other figures.
    """

    aggregation: Aggregation = "pooled_answers"
    satisfied_from: int = 4
    minimum_field: int = 5
    minimum_cell: int = 5
    minimum_agency: int = 10
    largest_adjustment: float = 10.0
    confidence: float = 0.95
    version: str = "1"

    def __post_init__(self) -> None:
        if self.aggregation not in ("pooled_answers", "mean_of_items", "mean_of_factors"):
            raise DataError(
                f"Unknown aggregation {self.aggregation!r}; use pooled_answers, mean_of_items "
                "or mean_of_factors."
            )
        if not 0 < self.confidence < 1:
            raise DataError(f"confidence is {self.confidence}; give a share between 0 and 1.")
        if min(self.minimum_field, self.minimum_cell, self.minimum_agency) < 1:
            raise DataError("Minimum counts must be 1 or more.")
        if self.largest_adjustment <= 1:
            raise DataError("largest_adjustment must be more than 1.")


@dataclass(frozen=True)
class IndexResult:
    """Figures of a run with everything needed to judge them.

    Attributes
    ----------
    figures : polars.DataFrame
        One row per agency (null: the whole province) and measure; shares on 0 to 100.
    collapses : polars.DataFrame
        Every cell, margin level or agency that was merged, with its reason.
    reports : polars.DataFrame
        Per weight set: counts, range of the weights, Kish's effective size and design effect.
    margins : polars.DataFrame
        Per weight set and margin level: dossiers, and weighted ratings before and after raking.
    """

    figures: pl.DataFrame
    collapses: pl.DataFrame
    reports: pl.DataFrame
    margins: pl.DataFrame


def name_items(factors: Factors) -> dict[str, tuple[str, ...]]:
    """Item columns of every factor; a factor given by name alone is its own single item."""
    if isinstance(factors, Mapping):
        named = {factor: tuple(items) for factor, items in factors.items()}
    else:
        named = {factor: (factor,) for factor in factors}
    items = [item for group in named.values() for item in group]
    if len(set(items)) != len(items) or not all(named.values()):
        raise DataError("Every factor needs at least one item, and every item just one factor.")
    return named
