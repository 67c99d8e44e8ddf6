"""Rows that come piece by piece: the one thing that an engine has to do."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import polars as pl

T = TypeVar("T")


class Pieces(Protocol):
    """Rows in memory, in files or on many machines."""

    def fold(
        self,
        columns: Sequence[str],
        summarise: Callable[[pl.DataFrame], T],
        merge: Callable[[T, T], T],
    ) -> T:
        """Summarise every piece and merge the summaries to one.

        Parameters
        ----------
        columns : sequence of str
            Columns that a piece must have.
        summarise : function of polars.DataFrame
            Called once for each piece; it and what it returns may travel to other processes.
        merge : function of two summaries
            Associative; the order of pieces is kept where that costs nothing.

        Raises
        ------
        DataError
            If there are no rows, or a column is not there.
        """
        ...
