"""The first pass: rows that the design and the weighting treat alike become one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from analysis.arrays import Floats, Ints
from analysis.cells import Pieces
from analysis.codes import encode, find_positions
from analysis.design import Bundles, Design, LonelyRule, describe_design
from analysis.errors import DesignError

# Names that no column of a survey has.
COUNT, SUM, SQUARES, LOWEST, HIGHEST, WRONG = (
    f"\N{BULLET}{name}" for name in ("count", "sum", "squares", "lowest", "highest", "wrong")
)


@dataclass(frozen=True, eq=False)
class Condensed:
    """A design with one row for all rows alike to it, and how to find a row's.

    Attributes
    ----------
    design : Design
        Its weights are sums over the rows that are alike.
    keys : tuple of str
        Columns that tell them apart.
    weight : str or None
        Column of the base weights.
    """

    design: Design
    keys: tuple[str, ...]
    weight: str | None

    def levels(self) -> dict[str, pl.DataFrame]:
        """Labels of every key, sorted."""
        return {name: encode(self.design.data, [name]).labels for name in self.keys}

    def locate(self, piece: pl.DataFrame) -> Ints:
        """The row of the design for each row of a piece, (r,)."""
        return find_positions(piece, self.design.data.select(self.keys))

    def weigh_rows(self, piece: pl.DataFrame, place: Ints) -> Floats:
        """Final weights of the rows of a piece, (r,)."""
        weights = self.design.weights
        base = weights.base[place]
        if self.weight is None:
            own = base / weights.bundles.count[place] if weights.bundles else base
        else:
            own = piece[self.weight].cast(pl.Float64).to_numpy()
        factor = np.divide(weights.final[place], base, out=np.zeros_like(base), where=base > 0)
        return own * factor


@dataclass(frozen=True, eq=False)
class Survey:
    """A sample whose rows stay where they are.

    Attributes
    ----------
    source : Pieces
    condensed : Condensed
    """

    source: Pieces
    condensed: Condensed

    @property
    def design(self) -> Design:
        """The condensed design: its weights' steps and notes, for reading."""
        return self.condensed.design

    def weigh(self, step: Callable[[Design], Design]) -> "Survey":
        """The survey after a weighting step that looks at kept columns only.

        Parameters
        ----------
        step : function of a Design
            Such as `lambda design: rake(design, totals)`. Nonresponse by cells,
            post-stratification, raking and calibration work; what needs single rows, such as
            trimming, refuses.
        """
        return replace(self, condensed=replace(self.condensed, design=step(self.design)))


def condense(
    source: Pieces,
    *,
    units: Sequence[str],
    strata: Sequence[str] = (),
    populations: Sequence[str] = (),
    weight: str | None = None,
    keep: Sequence[str] = (),
    nest: bool = False,
    unequal: bool = False,
    lonely: LonelyRule = "fail",
    adjust_domain_lonely: bool = False,
) -> Survey:
    """A survey ready for weighting, after one pass over its rows.

    The pass holds one row for every combination of the design's columns and of `keep` that
    occurs: sampled units times weighting cells, however many rows there are.

    Parameters
    ----------
    units : sequence of str
        Unit of each stage, outermost first; as each combination is held, not the elements.
    keep : sequence of str
        Columns that weighting steps use, and those whose levels are to be estimated.
    strata, populations, weight, nest, unequal, lonely, adjust_domain_lonely
        As `describe_design`.

    Raises
    ------
    DesignError
        As `describe_design`, and if no units are named.
    DataError
        If there are no rows, or a column is not there.
    """
    if not units:
        raise DesignError("A survey in pieces needs the units of its stages; name them.")
    keys = tuple(dict.fromkeys([*units, *strata, *populations, *keep]))
    columns = [*keys, *([weight] if weight else [])]
    found = source.fold(columns, _Condenser(keys, weight), _add_up).sort(keys, nulls_last=True)
    wrong = int(found[WRONG].sum())
    if wrong:
        raise DesignError(
            f"{weight} has {wrong} missing, infinite or negative values; correct them."
        )
    design = describe_design(
        found.select(*keys, SUM),
        units=units,
        strata=strata,
        populations=populations,
        weight=SUM if weight else None,
        nest=nest,
        unequal=unequal,
        lonely=lonely,
        adjust_domain_lonely=adjust_domain_lonely,
    )
    weights = design.weights
    bundles = _bundle(found)
    # Without a weight column the design gave each row that of a single element.
    base = weights.base if weight else weights.base * bundles.count
    weights = replace(weights, base=base, final=base, bundles=bundles)
    return Survey(source, Condensed(replace(design, weights=weights), keys, weight))


@dataclass(frozen=True)
class _Condenser:
    """Counts and sums of weights of a piece, by key."""

    keys: tuple[str, ...]
    weight: str | None

    def __call__(self, piece: pl.DataFrame) -> pl.DataFrame:
        own = pl.col(self.weight).cast(pl.Float64) if self.weight else pl.lit(1.0)
        good = own.is_finite().fill_null(value=False) & (own >= 0).fill_null(value=False)
        frame = piece.with_columns(own.alias(SUM), (~good).cast(pl.Int64).alias(WRONG))
        return frame.group_by(self.keys).agg(
            pl.len().cast(pl.Float64).alias(COUNT),
            pl.col(SUM).sum(),
            (pl.col(SUM) ** 2).sum().alias(SQUARES),
            pl.col(SUM).min().alias(LOWEST),
            pl.col(SUM).max().alias(HIGHEST),
            pl.col(WRONG).sum(),
        )


def _add_up(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    keys = [name for name in left.columns if not name.startswith("\N{BULLET}")]
    added = (COUNT, SUM, SQUARES, WRONG)
    return (
        pl.concat([left, right])
        .group_by(keys)
        .agg(pl.col(*added).sum(), pl.col(LOWEST).min(), pl.col(HIGHEST).max())
        .select(left.columns)
    )


def _bundle(found: pl.DataFrame) -> Bundles:
    columns = {name: found[name].to_numpy() for name in (COUNT, SUM, SQUARES, LOWEST, HIGHEST)}
    total = np.where(columns[SUM] > 0, columns[SUM], 1.0)
    return Bundles(
        count=columns[COUNT],
        squares=columns[SQUARES] / total**2,
        lowest=columns[LOWEST] / total,
        highest=columns[HIGHEST] / total,
    )
