"""The second pass: weighted sums of the figures' columns, piece by piece."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from analysis.arrays import Floats
from analysis.cells import sum_by
from analysis.codes import encode, find_positions, with_missing
from analysis.design import Design, Weights
from analysis.estimates import (
    Estimates,
    Missing,
    Plan,
    Workbook,
    linearise_sums,
    tabulate,
)
from analysis.pieces.condensation import Condensed, Survey
from analysis.variance import Rows, Skeleton, Tally, complete_sums, merge_tallies, tally_rows


def estimate_in_pieces(
    survey: Survey,
    plan: Plan,
    by: Sequence[str] = (),
    *,
    missing: Missing = "fail",
    confidence: float = 0.95,
) -> Estimates:
    """Estimate what a plan asks for, by any crossing of domains, in one more pass.

    The figures are those of `estimate_plan` on all rows at once. Memory holds one piece, and
    sums by (domain, unit) and by (domain, weighting cell) where these occur.

    Parameters
    ----------
    survey : Survey
    plan : Plan
        Such as `plan_index(factors)`; shares by level need their variables in `keep`.
    by : sequence of str
        Columns whose combinations are the domains.
    missing : str
        As `estimate_totals`.

    Raises
    ------
    DataError
        If a column is not there, is text, or has gaps and the policy is to fail.
    DesignError
        If a stratum has one unit and the design's rule is to fail.

    Notes
    -----
    Values are not centred beforehand: a mean a million times its spread loses digits of its
    standard error; subtract a constant from such a variable first.

    References
    ----------
    As `estimate_means`; sums over pieces as in Chan, Golub & LeVeque (1983), The American
    Statistician 37, 242-247.
    """
    sample = survey.condensed
    tallier = _Tallier(sample, Skeleton.of(sample.design), plan, tuple(by), missing)
    read = [*sample.keys, *([sample.weight] if sample.weight else []), *plan.columns, *by]
    found = survey.source.fold(list(dict.fromkeys(read)), tallier, tallier.merge)
    book, order, masks = _sketch(sample, plan, missing)
    used = np.array([found.used[masks.index(figure.mask)] for figure in book.figures])
    sums = complete_sums(tallier.skeleton, found.tally)
    parts = linearise_sums(sample.design, book.figures, order, sums, used.astype(np.int64))
    table = tabulate(book.figures, found.labels, parts, found.rows, confidence)
    return plan.finish(Estimates(table, tuple(by), confidence, parts.source))


@dataclass(frozen=True, eq=False)
class _Summary:
    """What one piece, or several, come to.

    Attributes
    ----------
    labels : polars.DataFrame
        Of the D domains that occur.
    tally : Tally
    rows : (D,) float
        Rows inside the design.
    used : (masks, D) float
        Rows with weight that count, for each mask of the plan.
    """

    labels: pl.DataFrame
    tally: Tally
    rows: Floats
    used: Floats


@dataclass(frozen=True, eq=False)
class _Tallier:
    """Summarises a piece; made once, sent wherever pieces are."""

    sample: Condensed
    skeleton: Skeleton
    plan: Plan
    by: tuple[str, ...]
    missing: Missing

    def __call__(self, piece: pl.DataFrame) -> _Summary:
        place = self.sample.locate(piece)
        inside = self.sample.design.inside[place]
        if not inside.all():
            piece, place = piece.filter(pl.Series(inside)), place[inside]
        codes = with_missing(encode(piece, self.by))
        weight = self.sample.weigh_rows(piece, place)
        book, columns = _fill(self.sample, self.plan, self.missing, piece)
        matrix, order = columns
        rows = Rows(place, codes.code, weight, matrix)
        if (weight == 0).any():
            kept = np.flatnonzero(weight)
            rows = Rows(place[kept], codes.code[kept], weight[kept], matrix[kept])
        used = [
            sum_by(rows.domain, rows.columns[:, order[mask]], codes.size)
            for mask in _list_masks(book)
        ]
        return _Summary(
            codes.labels,
            tally_rows(self.skeleton, rows, codes.size),
            sum_by(codes.code, np.ones(len(piece)), codes.size),
            np.array(used),
        )

    def merge(self, left: _Summary, right: _Summary) -> _Summary:
        """Both summaries in one, domains matched by their labels."""
        labels = pl.concat([left.labels, right.labels]).unique()
        labels = labels.sort(labels.columns, nulls_last=True)
        moves = [find_positions(side.labels, labels) for side in (left, right)]
        rows = np.zeros(len(labels))
        used = np.zeros((len(left.used), len(labels)))
        for side, move in zip((left, right), moves, strict=True):
            rows[move] += side.rows
            used[:, move] += side.used
        tally = merge_tallies(left.tally, right.tally, self.skeleton, moves)
        return _Summary(labels, tally, rows, used)


def _fill(
    sample: Condensed, plan: Plan, missing: Missing, piece: pl.DataFrame
) -> tuple[Workbook, tuple[Floats, dict[int, int]]]:
    """The plan's columns of a piece."""
    rows = len(piece)
    design = Design(
        data=piece,
        stages=(),
        weights=Weights(np.ones(rows), np.ones(rows)),
        inside=np.ones(rows, dtype=np.bool_),
    )
    book = Workbook(design, missing, sample.levels())
    plan.fill(book)
    return book, book.matrix()


def _sketch(
    sample: Condensed, plan: Plan, missing: Missing
) -> tuple[Workbook, dict[int, int], list[int]]:
    """The plan's figures without any rows: every piece has the same."""
    levels = sample.levels()
    numbers = pl.Series(dtype=pl.Float64)
    empty = pl.DataFrame(
        {
            name: levels[name].to_series().clear() if name in levels else numbers
            for name in plan.columns
        }
    )
    book, (_, order) = _fill(sample, plan, missing, empty)
    return book, order, _list_masks(book)


def _list_masks(book: Workbook) -> list[int]:
    """Every mask that a figure of the book has, once."""
    return list(dict.fromkeys(figure.mask for figure in book.figures))
