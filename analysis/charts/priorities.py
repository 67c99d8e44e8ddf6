"""What matters to citizens against how it is done."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.arrays import Floats
from analysis.charts.page import (
    BLUE,
    GRID,
    INK,
    MARGIN,
    MIDDLE,
    MUTED,
    NARROW,
    Mark,
    Page,
    in_house_style,
    measure,
    number_ticks,
    start_page,
    wrap,
)
from analysis.charts.words import VIETNAMESE, Words
from analysis.errors import DataError

_DOT: Mark = {"marker": "o", "markersize": 7, "color": BLUE, "markeredgecolor": "white"}
_LEFT, _SIZE, _LINE = MARGIN + 0.42, 8.5, 0.16
_TALL = 0.15  # inches of a line of text

_Box = tuple[float, float, float, float]  # left, low, right, high


@in_house_style
def importance_performance_chart(
    labels: Sequence[str],
    importance: npt.ArrayLike,
    performance: npt.ArrayLike,
    *,
    title: str,
    interval: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    split: tuple[float, float] | None = None,
    note: str = "",
    width: float = 8.0,
    words: Words = VIETNAMESE,
) -> Figure:
    """Factors by importance (across) and performance (up), in four fields with advice.

    Names stand beside their points; where they would cover one another, and on a narrow page,
    points carry numbers that a list below explains.

    Parameters
    ----------
    labels : K texts
    importance, performance : (K,) float, finite
    interval : (lower, upper) of (K,) float, optional
        Uncertainty of the importance.
    split : (importance, performance), optional
        Where the four fields meet; by default at the means.

    Raises
    ------
    DataError
        If the columns differ in length, are empty or hold a value that is not finite.

    References
    ----------
    Martilla & James (1977), Journal of Marketing 41, 77-79.
    """
    x, y = _check(labels, importance, performance)
    ends = [np.asarray(end, dtype=float) for end in interval or (x, x)]
    meet = split or (float(x.mean()), float(y.mean()))
    frame = _Frame(
        _reach(np.concatenate([x, *ends, [meet[0]]])),
        _reach(np.append(y, meet[1])),
        width - _LEFT - MARGIN,
        4.3 if width >= NARROW else 3.4,
    )
    marks = _Marks(frame.inches(x, y), frame.inches(ends[0], y), frame.inches(ends[1], y))
    cross = frame.inches(np.array([meet[0]]), np.array([meet[1]]))[0]
    places = _place(labels, marks, cross, frame) if width >= NARROW else None
    lines = [] if places else _list_lines(labels, width)
    texts = labels if places else [str(number) for number in range(1, len(labels) + 1)]
    places = places or _place(texts, marks, cross, frame) or _beside(marks.points)
    body = 0.22 + frame.height + 0.53 + (0.1 + _LINE * len(lines) if lines else 0)
    page = start_page(title, width=width, body=body, note=note)
    axes = page.axes(_LEFT, page.top + 0.22, frame.width, frame.height)
    _draw_fields(page, axes, frame, meet, words)
    axes.hlines(y, ends[0], ends[1], colors=MIDDLE, linewidth=1.6, zorder=2)
    axes.plot(x, y, linestyle="None", zorder=3, **_DOT)
    floor = page.top + 0.22 + frame.height
    for text, (left, low) in zip(texts, places, strict=True):
        page.write(_LEFT + left, floor - low - 0.035, text, size=_SIZE)
    for row, (indent, text) in enumerate(lines):
        page.write(MARGIN + indent, floor + 0.68 + _LINE * row, text, size=_SIZE)
    return page.figure


@dataclass(frozen=True, slots=True)
class _Frame:
    across: tuple[float, float]
    up: tuple[float, float]
    width: float
    height: float

    def inches(self, x: Floats, y: Floats) -> Floats:
        """Points (K, 2) in inches from the lower left corner."""
        return np.column_stack(
            [
                (x - self.across[0]) / (self.across[1] - self.across[0]) * self.width,
                (y - self.up[0]) / (self.up[1] - self.up[0]) * self.height,
            ]
        )


def _check(
    labels: Sequence[str], importance: npt.ArrayLike, performance: npt.ArrayLike
) -> tuple[Floats, Floats]:
    x, y = np.asarray(importance, dtype=float), np.asarray(performance, dtype=float)
    if not len(labels) or x.shape != (len(labels),) or y.shape != x.shape:
        raise DataError(f"{len(labels)} factors need as many figures: {x.shape}, {y.shape}.")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise DataError(
            "A factor without importance or performance cannot be placed: leave it out."
        )
    return x, y


def _reach(values: Floats) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    pad = 0.14 * (high - low) or 0.1 * abs(high) or 1.0
    return low - pad, high + pad


@dataclass(frozen=True, slots=True)
class _Marks:
    """Points and the ends of their intervals, (K, 2) inches each."""

    points: Floats
    left: Floats
    right: Floats

    def boxes(self) -> list[_Box]:
        rows = zip(self.points, self.left, self.right, strict=True)
        return [
            (min(px - 0.06, a), py - 0.06, max(px + 0.06, b), py + 0.06)
            for (px, py), (a, _), (b, _) in rows
        ]


def _place(
    texts: Sequence[str], marks: _Marks, cross: Floats, frame: _Frame
) -> list[tuple[float, float]] | None:
    """Lower left corners so that no text covers another or a mark; None when there is no room."""
    captions = [
        (0.0, frame.height - 0.22, 1.6, 9.0),
        (frame.width - 1.9, frame.height - 0.22, 99.0, 9.0),
    ]
    captions += [(0.0, -9.0, 1.6, 0.22), (frame.width - 1.9, -9.0, 99.0, 0.22)]
    taken = marks.boxes() + captions
    lines = [(cross[0], 0.0, cross[0], frame.height), (0.0, cross[1], frame.width, cross[1])]
    corners = []
    for text, point, mark in zip(texts, marks.points, marks.boxes(), strict=True):
        free = [
            box
            for box in _around(measure(text, _SIZE), point, mark)
            if box[0] >= 0 and box[2] <= frame.width and box[1] >= 0 and box[3] <= frame.height
            if not any(_covers(box, other) for other in taken)
        ]
        if not free:
            return None
        # Rather clear of the cross as well, else the first place that is free.
        best = min(free, key=lambda box: sum(_covers(box, line) for line in lines))
        taken.append(best)
        corners.append(best[:2])
    return corners


def _around(length: float, point: Floats, mark: _Box) -> list[_Box]:
    """Places for a text around a mark, the best first."""
    across = (mark[2] + 0.04, mark[0] - 0.04 - length)
    above, below = mark[3] + 0.01, mark[1] - 0.01 - _TALL
    level = point[1] - _TALL / 2
    shifts = [point[0] - length * part for part in (0.5, 0.0, 1.0, 0.25, 0.75)]
    corners = [(across[0], level)]
    corners += [(shift, height) for height in (above, below) for shift in shifts]
    corners += [(across[1], level)]
    return [(left, low, left + length, low + _TALL) for left, low in corners]


def _covers(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _beside(points: Floats) -> list[tuple[float, float]]:
    return [(px + 0.08, py - 0.07) for px, py in points]


def _list_lines(labels: Sequence[str], width: float) -> list[tuple[float, str]]:
    """The numbered names as lines with their indents."""
    lines = []
    for number, label in enumerate(labels, 1):
        wrapped = wrap(label, width - 2 * MARGIN - 0.3, _SIZE)
        lines.append((0.0, f"{number}. {wrapped[0]}"))
        lines.extend((0.22, text) for text in wrapped[1:])
    return lines


def _draw_fields(
    page: Page, axes: Axes, frame: _Frame, meet: tuple[float, float], words: Words
) -> None:
    axes.set_xlim(frame.across)
    axes.set_ylim(frame.up)
    axes.fill_between([meet[0], frame.across[1]], frame.up[0], meet[1], color="#fbf1e7", zorder=0)
    axes.axvline(meet[0], color=MUTED, linewidth=0.9, zorder=1)
    axes.axhline(meet[1], color=MUTED, linewidth=0.9, zorder=1)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
        number_ticks(axis, words)
        axis.grid(color=GRID, linewidth=0.5)
    captions = (
        (0, 1, words.maintain),
        (1, 1, words.keep_up),
        (0, 0, words.watch),
        (1, 0, words.improve_first),
    )
    for right, up, text in captions:
        axes.text(
            0.985 if right else 0.015,
            0.97 if up else 0.03,
            text,
            transform=axes.transAxes,
            size=8.5,
            color=INK if right and not up else MUTED,
            weight="bold" if right and not up else "normal",
            ha="right" if right else "left",
            va="top" if up else "bottom",
        )
    page.write(MARGIN, page.top + 0.1, f"↑ {words.performance}", size=8.5, color=MUTED)
    page.write(
        page.width - MARGIN,
        page.top + frame.height + 0.62,
        f"{words.importance} →",
        size=8.5,
        color=MUTED,
        ha="right",
    )
