"""Shares of a whole: answers on a scale, and margins before and after weighting."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from analysis.arrays import Floats
from analysis.charts.page import (
    BLUE,
    INK,
    MIDDLE,
    ORANGE,
    Key,
    Mark,
    in_house_style,
    measure,
)
from analysis.charts.rows import Rows, Sheet, draw_rows, draw_verticals, scale_rows
from analysis.charts.words import VIETNAMESE, Words
from analysis.errors import DataError

# From the worst to the best; hatches keep the two ends apart in grey.
_SCALES: dict[int, tuple[tuple[str, str], ...]] = {
    2: (("#e0a06a", "///"), ("#7fa6cf", "")),
    3: (("#e0a06a", "///"), ("#d3d8de", ""), ("#7fa6cf", "")),
    4: (("#a9480a", "\\\\\\"), ("#e9b98f", "///"), ("#9cc0e2", ""), ("#17518c", "")),
    5: (
        ("#a9480a", "\\\\\\"),
        ("#e9b98f", "///"),
        ("#d3d8de", ""),
        ("#9cc0e2", ""),
        ("#17518c", ""),
    ),
}


@in_house_style
def likert_chart(
    labels: Sequence[str],
    shares: npt.ArrayLike,
    levels: Sequence[str],
    *,
    title: str,
    x_label: str,
    note: str = "",
    width: float = 8.0,
    words: Words = VIETNAMESE,
) -> Figure:
    """Diverging bars: the lower half of a scale to the left of zero, the upper to the right.

    Parameters
    ----------
    labels : K texts
        Questions or agencies.
    shares : (K, L) float
        Shares of the L levels, 0 to 1, worst level first; rows sum to 1, or are NaN (withheld).
    levels : L texts
        Names of the levels, worst first; 2 to 5.

    Raises
    ------
    DataError
        If the table does not fit its labels and levels, or a row does not sum to 1.

    References
    ----------
    Heiberger & Robbins (2014), Journal of Statistical Software 57(5).
    """
    table = _check_shares(labels, shares, levels)
    colours = _SCALES[len(levels)]
    better = table[:, (len(levels) + 1) // 2 :].sum(axis=1)
    values = [words.withheld if np.isnan(share) else words.percent(share) for share in better]
    marks: list[Mark] = [
        {"facecolor": colour, "hatch": hatch, "edgecolor": "white", "linewidth": 0.8}
        for colour, hatch in colours
    ]
    keys = [Key(level, mark, box=True) for level, mark in zip(levels, marks, strict=True)]
    rows = draw_rows(labels, values, Sheet(title, x_label, width, keys, note, words.better))
    ends = _ends(table)
    left_end, right_end = (np.nanmin(ends), np.nanmax(ends)) if np.isfinite(ends).any() else (-1, 1)
    scale_rows(rows, 100 * left_end - 2, 100 * right_end + 2, words, write=abs)
    for level, mark in enumerate(marks):
        left, length = 100 * ends[:, level], 100 * table[:, level]
        rows.axes.barh(rows.level, length, left=left, height=0.17, zorder=2, **mark)
    draw_verticals(rows, 0, color=INK, linewidth=0.9, zorder=3)
    _number_bars(rows, ends, table)
    return rows.page.figure


@in_house_style
def margin_chart(
    labels: Sequence[str],
    before: npt.ArrayLike,
    after: npt.ArrayLike,
    target: npt.ArrayLike,
    *,
    title: str,
    x_label: str,
    note: str = "",
    width: float = 8.0,
    words: Words = VIETNAMESE,
) -> Figure:
    """Shares of the sample before and after weighting beside those of the population.

    Parameters
    ----------
    labels : K texts
        Levels of the margins.
    before, after, target : (K,) float
        Shares, 0 to 1.

    Raises
    ------
    DataError
        If the columns differ in length.
    """
    columns = [100 * np.asarray(column, dtype=float) for column in (before, after, target)]
    if any(column.shape != (len(labels),) for column in columns):
        raise DataError(f"{len(labels)} margin levels need as many shares in each column.")
    first, last, whole = columns
    values = [f"{words.number(a)} → {words.number(b)} %" for a, b in zip(first, last, strict=True)]
    start: Mark = {
        "marker": "o",
        "markersize": 6,
        "color": "white",
        "markeredgecolor": ORANGE,
        "markeredgewidth": 1.3,
    }
    end: Mark = {"marker": "o", "markersize": 6.2, "color": BLUE, "markeredgecolor": "white"}
    goal: Mark = {"marker": "|", "markersize": 13, "color": INK, "markeredgewidth": 1.6}
    keys = [Key(words.before, start), Key(words.after, end), Key(words.target, goal)]
    rows = draw_rows(labels, values, Sheet(title, x_label, width, keys, note))
    top = float(np.nanmax(np.concatenate([*columns, [0.0]]))) or 1.0
    scale_rows(rows, 0.0, 1.06 * top, words)
    rows.axes.hlines(rows.level, first, last, colors=MIDDLE, linewidth=1.6, zorder=1.5)
    for column, mark in ((whole, goal), (first, start), (last, end)):
        rows.axes.plot(column, rows.level, linestyle="None", zorder=3, **mark)
    return rows.page.figure


def _check_shares(labels: Sequence[str], shares: npt.ArrayLike, levels: Sequence[str]) -> Floats:
    table = np.asarray(shares, dtype=float)
    if len(levels) not in _SCALES or table.shape != (len(labels), len(levels)):
        raise DataError(
            f"A table of {len(labels)} rows and 2 to 5 levels is needed; this one has shape "
            f"{table.shape} and {len(levels)} level names."
        )
    wrong = np.abs(table.sum(axis=1) - 1) > 1e-6
    if wrong.any():
        raise DataError(f"The shares of {labels[int(np.argmax(wrong))]!r} do not sum to 1.")
    return table


def _ends(table: Floats) -> Floats:
    """Left end of each piece (K, L), and the right end of the last as column L."""
    width = table.shape[1]
    middle = table[:, width // 2] / 2 if width % 2 else np.zeros(len(table))
    start = -(table[:, : width // 2].sum(axis=1) + middle)
    return np.column_stack([start, start[:, None] + np.cumsum(table, axis=1)])


def _number_bars(rows: Rows, ends: Floats, table: Floats) -> None:
    """Percentages inside the pieces that hold them; the middle piece lies under the zero line."""
    inch = rows.page.width * rows.axes.get_position().width / np.ptp(rows.axes.get_xlim())
    count = table.shape[1]
    for level, (colour, _) in enumerate(_SCALES[count]):
        if 2 * level + 1 == count:
            continue
        ink = "white" if level in {0, count - 1} and count > 3 else INK
        behind = {"facecolor": colour, "edgecolor": "none", "pad": 0.9}
        for y, left, share in zip(rows.level, ends[:, level], table[:, level], strict=True):
            text = f"{100 * share:.0f}" if np.isfinite(share) else ""
            if text and measure(text, 7.5) + 0.06 < 100 * share * inch:
                rows.axes.text(
                    100 * (left + share / 2),
                    y,
                    text,
                    size=7.5,
                    color=ink,
                    zorder=4,
                    ha="center",
                    va="center_baseline",
                    bbox=behind,
                )
