"""Parquet files, larger than memory, a batch at a time."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from pathlib import Path
from typing import TypeVar

import polars as pl
import pyarrow.parquet as pq

from analysis.codes import to_frame
from analysis.errors import DataError

T = TypeVar("T")


@dataclass(frozen=True)
class Shard:
    """Part of a file that one reader takes.

    Attributes
    ----------
    path : str
    groups : tuple of int
        Row groups of the file.
    """

    path: str
    groups: tuple[int, ...]

    def read(self, columns: Sequence[str], rows: int) -> Iterator[pl.DataFrame]:
        """Batches of at most so many rows."""
        with pq.ParquetFile(self.path) as file:
            for batch in file.iter_batches(rows, row_groups=list(self.groups), columns=columns):
                if batch.num_rows:
                    # Each batch has categories of its own: as text they agree.
                    frame = pl.DataFrame(pl.from_arrow(batch))
                    yield to_frame(frame.with_columns(pl.col(pl.Categorical).cast(pl.String)))


@dataclass(frozen=True)
class ParquetFiles:
    """Rows of one or more files with the same columns.

    Attributes
    ----------
    paths : sequence of str or Path
        In the order in which they are read; a folder stands for the `.parquet` files in it.
    rows : int
        Rows of a piece: about 2 kB of memory each with 22 items.
    """

    paths: Sequence[str | Path]
    rows: int = 250_000

    def fold(
        self,
        columns: Sequence[str],
        summarise: Callable[[pl.DataFrame], T],
        merge: Callable[[T, T], T],
    ) -> T:
        """See `analysis.cells.Pieces`."""
        shards = list_shards(self.paths, columns)
        pieces = chain.from_iterable(shard.read(columns, self.rows) for shard in shards)
        return reduce(merge, map(summarise, pieces))


def list_shards(paths: Sequence[str | Path], columns: Sequence[str]) -> list[Shard]:
    """One shard for every row group of every file, checked before anything is read.

    Raises
    ------
    DataError
        If there are no files or no rows, a file is no Parquet, or lacks a column.
    """
    shards: list[Shard] = []
    for path in _list_files(paths):
        try:
            file = pq.ParquetFile(path)
        except (OSError, ValueError) as error:
            raise DataError(f"{path} cannot be read as Parquet: {error}") from error
        with file:
            missing = [name for name in columns if name not in file.schema_arrow.names]
            if missing:
                raise DataError(f"{path} has no column {', '.join(missing)}.")
            shards += [
                Shard(str(path), (group,))
                for group in range(file.num_row_groups)
                if file.metadata.row_group(group).num_rows
            ]
    if not shards:
        raise DataError("The files hold no rows; nothing can be estimated from them.")
    return shards


def _list_files(paths: Sequence[str | Path]) -> list[Path]:
    files: list[Path] = []
    for path in map(Path, paths):
        files += sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise DataError("No Parquet file was named, or the folder holds none.")
    return files
