"""Sums by cell: everything that estimates and variances need of the rows."""

from analysis.cells.blocks import Blocks, add_runs, cross_table, index_blocks, multiply_blocks
from analysis.cells.groups import MARKED, group_codes
from analysis.cells.pieces import Pieces
from analysis.cells.sums import sum_by, sum_columns

__all__ = [
    "MARKED",
    "Blocks",
    "Pieces",
    "add_runs",
    "cross_table",
    "group_codes",
    "index_blocks",
    "multiply_blocks",
    "sum_by",
    "sum_columns",
]
