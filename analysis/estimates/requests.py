"""What is asked for: figures as smooth functions of a few column totals."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl

from analysis.arrays import Bools, Floats
from analysis.codes import Codes, encode, encode_known, find_missing, require, to_numbers
from analysis.design import Design
from analysis.errors import DataError
from analysis.estimates.table import Estimates

Missing = Literal["fail", "available", "complete"]


@dataclass(frozen=True)
class Curve:
    """A function of totals and its derivative.

    Attributes
    ----------
    value : function of (.., k) totals giving (..,)
    slope : function of (.., k) totals giving (.., k)
    """

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


@dataclass(frozen=True)
class Figure:
    """One figure to be estimated in every domain.

    Attributes
    ----------
    component : str
        Name in the result.
    columns : tuple of int
        Columns whose totals the curve takes.
    mask : int
        Column that is 1 where a row counts.
    curve : Curve
    """

    component: str
    columns: tuple[int, ...]
    mask: int
    curve: Curve


@dataclass(eq=False)
class Workbook:
    """Columns that figures share, each kept once while a request is put together.

    Attributes
    ----------
    design : Design
    missing : str
    levels : mapping of variable to its labels, optional
        Given where the rows are one piece of many: every piece must then make the same columns,
        so levels come from here, nothing is centred and gaps in one piece change no column.
    """

    design: Design
    missing: Missing
    levels: Mapping[str, pl.DataFrame] | None = None
    columns: list[Floats] = field(default_factory=list)
    places: dict[Hashable, int] = field(default_factory=dict)
    figures: list[Figure] = field(default_factory=list)
    masks: dict[int, Bools] = field(default_factory=dict)
    codes: dict[str, Codes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.missing not in ("fail", "available", "complete"):
            raise DataError(
                f"Unknown policy missing={self.missing!r}; use fail, available or complete."
            )

    def keep(self, key: Hashable, make: Callable[[], Floats]) -> int:
        """Place of a column, made only when it is new."""
        if key not in self.places:
            # Made first: making one column may add others.
            column = make()
            self.places[key] = len(self.columns)
            self.columns.append(column)
        return self.places[key]

    def put(self, key: Hashable, column: Floats) -> int:
        """Place of a column that is there already."""
        return self.keep(key, lambda: column)

    def read(self, variable: str) -> Floats:
        """A variable as numbers, NaN where missing."""
        place = self.keep(("raw", variable), lambda: to_numbers(self.design.data, variable))
        return self.columns[place]

    def mask(self, variables: Sequence[str], together: Sequence[str]) -> int:
        """Column that is 1 for rows that count, by the policy on missing values.

        Raises
        ------
        DataError
            If the policy is to fail and a row inside the design lacks a value.
        """
        names = tuple(together if self.missing == "complete" else variables)
        require(self.design.data, names)
        gaps = np.zeros(len(self.design.data), dtype=np.bool_)
        for name in names:
            gaps |= find_missing(self.design.data, name)
        lacking = int((gaps & self.design.inside).sum())
        if lacking and self.missing == "fail":
            raise DataError(
                f"{', '.join(names)} is missing in {lacking} rows; pass missing='available' to "
                "use what there is for each variable, or 'complete' for rows with all of them."
            )
        key = ("mask", names if gaps.any() or self.levels is not None else ())
        place = self.keep(key, lambda: np.where(gaps, 0.0, 1.0))
        self.masks[place] = ~gaps
        return place

    def product(self, mask: int, *variables: str, centre: Sequence[float] = ()) -> int:
        """Column of the product of variables, less their centres, 0 where the mask is 0."""
        centres = tuple(centre) or (0.0,) * len(variables)

        def multiply() -> Floats:
            result = self.columns[mask].copy()
            for name, middle in zip(variables, centres, strict=True):
                result *= np.where(self.masks[mask], self.read(name) - middle, 0.0)
            return result

        return self.keep(("product", mask, variables, centres), multiply)

    def indicator(self, mask: int, variable: str, level: int) -> int:
        """Column that is 1 where a categorical variable has this level and the row counts."""
        codes = self.read_codes(variable)
        return self.keep(
            ("level", mask, variable, level),
            lambda: (self.masks[mask] & (codes.code == level)).astype(np.float64),
        )

    def box(self, mask: int, variable: str, lowest: float) -> int:
        """Column that is 1 where a variable reaches a value and the row counts."""
        return self.keep(
            ("box", mask, variable, lowest),
            lambda: (self.masks[mask] & (self.read(variable) >= lowest)).astype(np.float64),
        )

    def add(self, places: Sequence[int]) -> int:
        """Column of the sum of others."""
        if len(places) == 1:
            return places[0]
        return self.keep(
            ("sum", tuple(places)), lambda: np.sum([self.columns[one] for one in places], axis=0)
        )

    def any(self, places: Sequence[int]) -> int:
        """Column that is 1 where any of the others is positive."""
        return self.keep(
            ("any", tuple(places)),
            lambda: (np.max([self.columns[one] for one in places], axis=0) > 0).astype(np.float64),
        )

    def read_codes(self, variable: str) -> Codes:
        """Levels of a categorical variable, coded once."""
        if variable not in self.codes:
            self.codes[variable] = self._encode(variable)
        return self.codes[variable]

    def _encode(self, variable: str) -> Codes:
        if self.levels is None:
            return encode(self.design.data, [variable])
        if variable not in self.levels:
            raise DataError(f"The levels of {variable} are not known; name it in keep=.")
        return encode_known(self.design.data, self.levels[variable])

    def average(self, mask: int, variable: str) -> float:
        """Weighted mean over the whole design, to centre a column with."""
        if self.levels is not None:
            return 0.0
        weight = self.design.weights.final * self.columns[mask]
        total = weight.sum()
        values = np.where(self.masks[mask], self.read(variable), 0.0)
        return float(weight @ values / total) if total else 0.0

    def matrix(self) -> tuple[Floats, dict[int, int]]:
        """The columns that figures use, (n, m), and the place of each in it."""
        used = sorted({place for one in self.figures for place in (*one.columns, one.mask)})
        order = {place: number for number, place in enumerate(used)}
        return np.column_stack([self.columns[place] for place in used]), order


def keep_estimates(estimates: Estimates) -> Estimates:
    """The estimates as they are."""
    return estimates


@dataclass(frozen=True)
class Plan:
    """What is to be estimated, for rows at hand or in pieces.

    Attributes
    ----------
    columns : tuple of str
        Columns that are read.
    fill : function of a Workbook
        Adds the figures.
    finish : function of Estimates
        Done to the table at the end, such as intervals for shares.
    """

    columns: tuple[str, ...]
    fill: Callable[[Workbook], None]
    finish: Callable[[Estimates], Estimates] = keep_estimates
