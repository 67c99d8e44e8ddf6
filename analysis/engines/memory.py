"""Columns in memory, a slice at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

import polars as pl

from analysis.codes import Columns, require, to_frame
from analysis.errors import DataError

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class InMemory:
    """Rows of one table.

    Attributes
    ----------
    columns : polars.DataFrame or mapping of columns
    rows : int
        Rows of a piece.
    """

    columns: Columns
    rows: int = 250_000

    def fold(
        self,
        columns: Sequence[str],
        summarise: Callable[[pl.DataFrame], T],
        merge: Callable[[T, T], T],
    ) -> T:
        """See `analysis.cells.Pieces`."""
        frame = to_frame(self.columns)
        require(frame, columns)
        if frame.is_empty():
            raise DataError("The table has no rows; nothing can be estimated from it.")
        return reduce(merge, map(summarise, frame.select(columns).iter_slices(self.rows)))
