"""The layout that charts of many agencies share: a label, a drawing and a figure per row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from analysis.arrays import Floats
from analysis.charts.page import (
    GRID,
    MARGIN,
    MUTED,
    NARROW,
    STRIPE,
    Key,
    Page,
    measure,
    number_ticks,
    start_page,
    wrap,
)
from analysis.charts.words import Words
from analysis.errors import DataError

_LABEL, _VALUE = 9.0, 8.5
_LINE = 0.155  # inches between lines of a label
_LONG = 20  # rows from which the scale stands above as well


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a chart of rows says around its drawing."""

    title: str
    x_label: str
    width: float
    keys: Sequence[Key] = ()
    note: str = ""
    value_label: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    """Axes whose vertical unit is an inch, and the level of each row's marks in it."""

    page: Page
    axes: Axes
    level: Floats


def draw_rows(
    labels: Sequence[str], values: Sequence[str], sheet: Sheet, *, head: float = 0.0
) -> Rows:
    """Labels on the left (above its row on a narrow page), values on the right, axes between.

    `head` keeps so many inches free above the first row.
    """
    if not len(labels):
        raise DataError("There is no row to draw: leave the chart out.")
    head = max(head, 0.2 if sheet.value_label else 0.0)
    crown = 0.22 if len(labels) > _LONG else 0.0
    narrow = sheet.width < NARROW
    side = max(measure(value, _VALUE) for value in values) + 0.15
    room = sheet.width - 2 * MARGIN - side - 0.12 if narrow else 0.4 * sheet.width
    lines = [wrap(label, room, _LABEL) for label in labels]
    count = np.array([len(rows) for rows in lines])
    heights = count * _LINE + (0.27 if narrow else 0.11)
    tops = head + np.concatenate([[0.0], np.cumsum(heights)])
    body = crown + tops[-1] + 0.28 + (0.2 if sheet.x_label else 0.0)
    page = start_page(sheet.title, width=sheet.width, body=body, keys=sheet.keys, note=sheet.note)
    widest = max(measure(text, _LABEL) for rows in lines for text in rows)
    left = MARGIN + 0.06 + (0.0 if narrow else widest + 0.12)
    right = MARGIN + 0.06 + (0.0 if narrow else side)
    start = page.top + crown
    axes = page.axes(left, start, sheet.width - left - right, tops[-1])
    axes.set_ylim(tops[-1], 0)
    axes.set_yticks([])
    _stripe(page, start + tops)
    _write_labels(page, start + tops[:-1], lines)
    level = tops[:-1] + (count * _LINE + 0.15 if narrow else heights / 2)
    lift = tops[:-1] + 0.055 + 0.72 * _LINE if narrow else level + 0.045
    _write_values(page, start + lift, values)
    edge = sheet.width - MARGIN - 0.04
    page.write(edge, start + 0.13, sheet.value_label, size=8, color=MUTED, ha="right")
    page.write(left, start + tops[-1] + 0.39, sheet.x_label, size=8.5, color=MUTED)
    return Rows(page, axes, level)


def _write_labels(page: Page, tops: Floats, lines: Sequence[Sequence[str]]) -> None:
    for top, rows in zip(tops, lines, strict=True):
        for number, text in enumerate(rows):
            page.write(MARGIN + 0.04, top + 0.055 + (number + 0.72) * _LINE, text, size=_LABEL)


def _write_values(page: Page, baselines: Floats, values: Sequence[str]) -> None:
    for y, value in zip(baselines, values, strict=True):
        page.write(page.width - MARGIN - 0.04, y, value, size=_VALUE, ha="right")


def scale_rows(
    rows: Rows,
    low: float,
    high: float,
    words: Words,
    *,
    ticks: list[int] | None = None,
    write: Callable[[float], float] = float,
) -> None:
    """A horizontal scale with quiet grid lines; `write` turns a place into the number shown."""
    axes, page = rows.axes, rows.page
    room = page.width * axes.get_position().width
    locator = MaxNLocator(max(3, int(room / 0.55)), steps=[1, 2, 2.5, 5, 10], min_n_ticks=3)
    nice = np.asarray(locator.tick_values(low, high), dtype=float)
    marks = np.asarray(ticks, dtype=float) if ticks else nice[(nice >= low) & (nice <= high)]
    axes.set_xlim(low, high)
    axes.set_xticks(marks)
    number_ticks(axes.xaxis, words, write)
    draw_verticals(rows, marks, color=GRID, linewidth=0.7, zorder=0.5)
    if len(rows.level) > _LONG:
        axes.tick_params(labeltop=True)


def draw_verticals(rows: Rows, at: npt.ArrayLike, **options: Any) -> None:
    """Vertical lines over the whole height, or on a narrow page beside the marks only."""
    places = np.asarray(at, dtype=float).ravel()
    if rows.page.width >= NARROW:
        spans = np.array([[0.0, rows.axes.get_ylim()[0]]])
    else:
        spans = rows.level[:, None] + np.array([-0.1, 0.1])
    segments = [[(x, top), (x, bottom)] for x in places for top, bottom in spans]
    rows.axes.add_collection(LineCollection(segments, **options), autolim=False)


def _stripe(page: Page, tops: Floats) -> None:
    stripes = [
        Rectangle((MARGIN, page.height - below), page.width - 2 * MARGIN, below - above)
        for above, below in zip(tops[:-1:2], tops[1::2], strict=True)
    ]
    page.figure.add_artist(
        PatchCollection(
            stripes, facecolor=STRIPE, linewidth=0, transform=page.figure.dpi_scale_trans, zorder=-1
        )
    )
