"""Figures of many agencies with their uncertainty: intervals and sets of ranks."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.figure import Figure

from analysis.arrays import Floats
from analysis.charts.page import BLUE, INK, MIDDLE, MUTED, PALE, Key, Mark, in_house_style
from analysis.charts.rows import Sheet, draw_rows, draw_verticals, scale_rows
from analysis.charts.words import VIETNAMESE, Words
from analysis.errors import DataError

_INTERVAL: Mark = {"color": MIDDLE, "linewidth": 2.6, "solid_capstyle": "round"}
_DOT: Mark = {"marker": "o", "markersize": 6.2, "color": BLUE, "markeredgecolor": "white"}
_DOT_ON_LINE: Mark = {**_DOT, **_INTERVAL, "linestyle": "-", "markerfacecolor": BLUE}
_PLAIN: Mark = {"marker": "D", "markersize": 4.2, "color": "white", "markeredgecolor": MUTED}


@in_house_style
def interval_chart(
    labels: Sequence[str],
    estimate: npt.ArrayLike,
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    *,
    title: str,
    x_label: str,
    unweighted: npt.ArrayLike | None = None,
    reference: float | None = None,
    limits: tuple[float, float] | None = None,
    decimals: int = 1,
    note: str = "",
    width: float = 8.0,
    words: Words = VIETNAMESE,
) -> Figure:
    """Forest plot: a dot and its interval per row, in the order given, with the figures beside.

    Parameters
    ----------
    labels : K texts
    estimate, lower, upper : (K,) float
        In the unit of `x_label`. A NaN estimate is shown as withheld.
    unweighted : (K,) float, optional
        Second figure, drawn as a hollow diamond.
    reference : float, optional
        Figure of the whole, drawn as a dashed line.
    limits : (float, float), optional
        Ends of the scale; by default the data's.
    width : float
        Inches; under 5.5 each label stands above its row.

    Raises
    ------
    DataError
        If the columns differ in length.
    """
    figures, low, high = _columns(labels, estimate, lower, upper)
    plain = None if unweighted is None else _columns(labels, unweighted)[0]
    values = [_value(*row, decimals, words) for row in zip(figures, low, high, strict=True)]
    keys = [Key(words.interval, _DOT_ON_LINE)]
    if plain is not None:
        keys = [
            Key(words.weighted, _DOT),
            Key(words.unweighted, _PLAIN),
            Key(words.interval, _INTERVAL),
        ]
    rows = draw_rows(
        labels,
        values,
        Sheet(title, x_label, width, keys, note),
        head=0.0 if reference is None else 0.2,
    )
    axes, level = rows.axes, rows.level
    every = [figures, low, high, *([] if plain is None else [plain])]
    every.append(np.array([np.nan if reference is None else reference]))
    scale_rows(rows, *(limits or _range(np.concatenate(every))), words)
    if reference is not None:
        draw_verticals(rows, reference, color=INK, linewidth=1, linestyle=(0, (4, 2)), zorder=1.5)
        low_end, high_end = axes.get_xlim()
        right = reference > low_end + 0.7 * (high_end - low_end)
        axes.annotate(
            f"{words.reference} {words.number(reference, decimals)}",
            (reference, 0.13),
            xytext=(-4 if right else 4, 0),
            textcoords="offset points",
            size=8.5,
            ha="right" if right else "left",
        )
    axes.hlines(level, low, high, colors=MIDDLE, linewidth=2.6, capstyle="round", zorder=2)
    if plain is not None:
        axes.plot(plain, level, linestyle="None", zorder=3, **_PLAIN)
    axes.plot(figures, level, linestyle="None", zorder=4, **_DOT)
    return rows.page.figure


@in_house_style
def rank_chart(
    labels: Sequence[str],
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    *,
    title: str,
    x_label: str,
    point: npt.ArrayLike | None = None,
    note: str = "",
    width: float = 8.0,
    words: Words = VIETNAMESE,
) -> Figure:
    """The places each agency may hold, as a bar from the first to the last; 1 stands left.

    Parameters
    ----------
    labels : K texts
    low, high : (K,) int
        From `analysis.ranks.rank_sets`.
    point : (K,) float, optional
        Place by the estimate alone, drawn as a dot.

    Raises
    ------
    DataError
        If the columns differ in length.
    """
    first, last = _columns(labels, low, high)
    values = [
        f"{a:.0f}" if a == b else f"{a:.0f}–{b:.0f}" for a, b in zip(first, last, strict=True)
    ]
    bar: Mark = {"facecolor": PALE, "edgecolor": BLUE, "linewidth": 0.8}
    keys = [Key(words.rank_set, bar, box=True)]
    if point is not None:
        keys.append(Key(words.rank_point, _DOT))
    rows = draw_rows(labels, values, Sheet(title, x_label, width, keys, note))
    scale_rows(rows, 0.4, len(labels) + 0.6, words, ticks=_places(len(labels)))
    axes = rows.axes
    axes.barh(rows.level, last - first + 0.7, left=first - 0.35, height=0.13, **bar, zorder=2)
    if point is not None:
        axes.plot(_columns(labels, point)[0], rows.level, linestyle="None", zorder=3, **_DOT)
    return rows.page.figure


def _columns(labels: Sequence[str], *columns: npt.ArrayLike) -> list[Floats]:
    arrays = [np.asarray(column, dtype=float) for column in columns]
    if any(array.shape != (len(labels),) for array in arrays):
        shapes = [array.shape for array in arrays]
        raise DataError(f"{len(labels)} labels need columns of as many figures, not {shapes}.")
    return arrays


def _value(estimate: float, low: float, high: float, decimals: int, words: Words) -> str:
    if np.isnan(estimate):
        return words.withheld
    figure = words.number(estimate, decimals)
    if np.isnan(low) or np.isnan(high):
        return figure
    return f"{figure}\u2002({words.number(low, decimals)}–{words.number(high, decimals)})"


def _places(count: int) -> list[int]:
    """1, round places between, and the last."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500) if count / step <= 8)
    between = [
        place for place in range(step, count, step) if place > 1 and count - place > step / 2
    ]
    return [1, *between, count] if count > 1 else [1]


def _range(values: Floats) -> tuple[float, float]:
    finite = values[np.isfinite(values)]
    if not len(finite):
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    pad = 0.03 * (high - low) or 0.05 * abs(high) or 1.0
    return low - pad, high + pad
