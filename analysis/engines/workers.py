"""The same Parquet files read by the workers of a Dask cluster, each its share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import polars as pl

from analysis.engines.parquet import Shard, list_shards

if TYPE_CHECKING:
    # An optional extra: who passes a client has it.
    from distributed import Client

T = TypeVar("T")


@dataclass(frozen=True)
class DaskWorkers:
    """Rows of files that every worker reaches under the same path.

    Attributes
    ----------
    client : distributed.Client
        Connected to the scheduler.
    paths : sequence of str or Path
        Files, or folders of `.parquet` files, as the workers see them.
    rows : int
        Rows of a piece.
    """

    client: "Client"
    paths: Sequence[str | Path]
    rows: int = 250_000

    def fold(
        self,
        columns: Sequence[str],
        summarise: Callable[[pl.DataFrame], T],
        merge: Callable[[T, T], T],
    ) -> T:
        """See `analysis.cells.Pieces`; an error of a worker is raised here as it is."""
        shards = list_shards(self.paths, columns)
        work = _Work(tuple(columns), summarise, merge, self.rows)
        client: Any = self.client
        # Sent to every worker once, not with every task.
        sent = client.scatter(work, broadcast=True)
        found = client.map(_summarise_shard, shards, work=sent, pure=False, retries=2)
        while len(found) > 1:
            pairs = zip(found[0::2], found[1::2], strict=False)
            odd = found[-1:] if len(found) % 2 else []
            found = [client.submit(_merge, sent, *pair, pure=False) for pair in pairs] + odd
        return cast("T", found[0].result())


@dataclass(frozen=True)
class _Work:
    """What a worker does with a shard."""

    columns: tuple[str, ...]
    summarise: Callable[[pl.DataFrame], Any]
    merge: Callable[[Any, Any], Any]
    rows: int


def _summarise_shard(shard: Shard, work: _Work) -> object:
    return reduce(work.merge, map(work.summarise, shard.read(work.columns, work.rows)))


def _merge(work: _Work, left: object, right: object) -> object:
    return work.merge(left, right)
