"""Columns as they come, turned into numbers 0 .. L-1; the one place that knows what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from analysis.arrays import Bools, Floats, Ints
from analysis.errors import DataError

Columns = pl.DataFrame | Mapping[str, npt.ArrayLike | pl.Series]


@dataclass(frozen=True)
class Codes:
    """A column of labels as numbers.

    Attributes
    ----------
    code : (n,) int
        Position of each row's label, -1 where it is missing.
    labels : pl.DataFrame
        The distinct labels in sorted order, one column per variable they were made of.
    """

    code: Ints
    labels: pl.DataFrame

    @property
    def size(self) -> int:
        """Number of labels."""
        return len(self.labels)

    def name(self, position: int) -> str:
        """One label as text, its parts joined by a colon."""
        return ":".join(str(part) for part in self.labels.row(position))


def to_frame(columns: Columns) -> pl.DataFrame:
    """The columns as a frame, with NaN told apart from nothing: both are missing here."""
    frame = columns if isinstance(columns, pl.DataFrame) else pl.DataFrame(dict(columns))
    return frame.with_columns(pl.col(pl.Float32, pl.Float64).fill_nan(None))


def require(frame: pl.DataFrame, names: Sequence[str]) -> None:
    """Refuse to go on without these columns.

    Raises
    ------
    DataError
        Naming the columns that are not there.
    """
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise DataError(
            f"There is no column {', '.join(missing)}; the columns are {', '.join(frame.columns)}."
        )


def encode(frame: pl.DataFrame, names: Sequence[str]) -> Codes:
    """Codes of one variable, or of the combinations of several that occur.

    Parameters
    ----------
    frame : polars.DataFrame
    names : sequence of str
        Without names every row has code 0.

    Raises
    ------
    DataError
        If a column is not there.
    """
    require(frame, names)
    if not names:
        return Codes(np.zeros(len(frame), dtype=np.int64), pl.DataFrame({"all": ["all"]}))
    single = [encode_series(frame[name]) for name in names]
    if len(single) == 1:
        return single[0]
    key, missing = _mix(single)
    present, code = np.unique(key[~missing], return_inverse=True)
    full = np.full(len(key), -1, dtype=np.int64)
    full[~missing] = code
    return Codes(full, _unmix(present, single))


def encode_series(series: pl.Series) -> Codes:
    """Codes of one column; its sorted distinct values are the labels."""
    labels = series.drop_nulls().unique().sort()
    if series.dtype in (pl.String, pl.Categorical, pl.Enum):
        text = labels.cast(pl.String).sort()
        code = series.cast(pl.String).cast(pl.Enum(text)).to_physical()
        labels = text
    else:
        positions = pl.DataFrame({"value": labels, "code": np.arange(len(labels))})
        pairs = series.rename("value").to_frame()
        code = pairs.join(positions, on="value", how="left", maintain_order="left")["code"]
    filled = code.cast(pl.Int64).fill_null(-1).to_numpy()
    return Codes(filled, labels.rename(series.name).to_frame())


def encode_known(frame: pl.DataFrame, labels: pl.DataFrame) -> Codes:
    """Codes of the rows by labels that are known already; -1 for a row with none of them."""
    require(frame, labels.columns)
    return Codes(find_positions(frame, labels), labels)


def find_positions(frame: pl.DataFrame, labels: pl.DataFrame) -> Ints:
    """Row of `labels` with the same values as each row of the frame, nulls alike; -1 for none."""
    numbered = labels.with_row_index("position", offset=0)
    names = labels.columns
    found = frame.select(names).join(
        numbered, on=names, how="left", maintain_order="left", nulls_equal=True
    )
    return found["position"].cast(pl.Int64).fill_null(-1).to_numpy()


def _mix(single: Sequence[Codes]) -> tuple[Ints, Bools]:
    key = np.zeros(len(single[0].code), dtype=np.int64)
    missing = np.zeros(len(key), dtype=np.bool_)
    for codes in single:
        key = key * max(codes.size, 1) + codes.code
        missing |= codes.code < 0
    return key, missing


def _unmix(key: Ints, single: Sequence[Codes]) -> pl.DataFrame:
    columns = []
    for codes in reversed(single):
        columns.append(codes.labels.to_series()[key % max(codes.size, 1)])
        key = key // max(codes.size, 1)
    return pl.DataFrame(columns[::-1])


def with_missing(codes: Codes) -> Codes:
    """The same codes with the missing ones as a label of its own, null, at the end."""
    if (codes.code >= 0).all():
        return codes
    empty = pl.DataFrame(
        {name: [None] for name in codes.labels.columns}, schema=codes.labels.schema
    )
    code = np.where(codes.code < 0, codes.size, codes.code)
    return Codes(code, pl.concat([codes.labels, empty]))


def find_missing(frame: pl.DataFrame, name: str) -> Bools:
    """Rows in which a column is null or NaN, (n,)."""
    series = frame[name]
    missing = series.is_null()
    if series.dtype.is_float():
        missing |= series.is_nan().fill_null(value=True)
    found: Bools = missing.to_numpy()
    return found


def to_numbers(frame: pl.DataFrame, name: str) -> Floats:
    """One column as floats, NaN where missing.

    Raises
    ------
    DataError
        If the column is not there or holds text.
    """
    require(frame, [name])
    series = frame[name]
    if not (series.dtype.is_numeric() or series.dtype in (pl.Boolean, pl.Null)):
        raise DataError(f"Column {name} holds {series.dtype}, not numbers; convert it first.")
    values: npt.NDArray[Any] = series.cast(pl.Float64).to_numpy()
    return values
