"""How unequal the weights are, and whom the volunteers leave out."""

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.arrays import Floats
from analysis.charts.page import (
    GRID,
    INK,
    MARGIN,
    MIDDLE,
    MUTED,
    PALE,
    Key,
    Mark,
    in_house_style,
    number_ticks,
    start_page,
    wrap,
)
from analysis.charts.words import VIETNAMESE, Words
from analysis.errors import DataError

_LEFT = MARGIN + 0.55
_BAR: Mark = {"facecolor": PALE, "edgecolor": MIDDLE, "linewidth": 0.6}


@in_house_style
def weight_chart(
    weight: npt.ArrayLike,
    *,
    title: str,
    note: str = "",
    width: float = 8.0,
    words: Words = VIETNAMESE,
) -> Figure:
    """Distribution of the weights in units of their mean, with what it costs in precision.

    Parameters
    ----------
    weight : (n,) float, positive
        Units of weight zero or missing are left out.

    Raises
    ------
    DataError
        If no weight is positive.
    """
    weights = np.asarray(weight, dtype=float).ravel()
    weights = weights[weights > 0]
    if not len(weights):
        raise DataError("No weight is positive: there is nothing to draw.")
    relative = weights / weights.mean()
    lines = wrap(_state_facts(relative, words), width - 2 * MARGIN, 9)
    page = start_page(title, width=width, body=0.17 * len(lines) + 3.1, note=note)
    for number, text in enumerate(lines):
        page.write(MARGIN, page.top + 0.05 + 0.17 * number, text, color=MUTED)
    top = 0.17 * len(lines) + 0.28
    axes = page.axes(_LEFT, page.top + top, width - _LEFT - MARGIN - 0.1, 2.3)
    counts, edges = np.histogram(relative, bins=_bins(relative))
    axes.bar(edges[:-1], counts, np.diff(edges), align="edge", **_BAR)
    axes.axvline(1, color=INK, linewidth=1, linestyle=(0, (4, 2)))
    axes.annotate(
        words.mean,
        (1, 1),
        xycoords=("data", "axes fraction"),
        xytext=(4, 0),
        textcoords="offset points",
        size=8.5,
        va="bottom",
        color=INK,
    )
    axes.set_xlim(0, float(edges[-1]) * 1.02)
    _scale(axes, words)
    page.write(MARGIN, page.top + top - 0.12, words.count_axis, size=8.5, color=MUTED)
    page.write(
        width - MARGIN,
        page.top + top + 2.7,
        f"{words.weight_axis} →",
        size=8.5,
        color=MUTED,
        ha="right",
    )
    return page.figure


@in_house_style
def overlap_chart(
    volunteers: npt.ArrayLike,
    population: npt.ArrayLike,
    weight: npt.ArrayLike | None = None,
    *,
    title: str,
    note: str = "",
    width: float = 8.0,
    words: Words = VIETNAMESE,
) -> Figure:
    """Estimated propensities of the volunteers (up) against those of the population (down).

    Where the population has people but no volunteer is like them, weights cannot help; those
    stretches are shaded.

    Parameters
    ----------
    volunteers : (m,) float
        Propensities, 0 to 1.
    population : (n,) float
        Propensities of the probability sample.
    weight : (n,) float, optional
        Its weights.

    Raises
    ------
    DataError
        If a column is empty or holds values outside 0 to 1.
    """
    own, others = (np.asarray(column, dtype=float).ravel() for column in (volunteers, population))
    for column in (own, others):
        if not len(column) or not ((column >= 0) & (column <= 1)).all():
            raise DataError("Propensities lie between 0 and 1, and each group needs at least one.")
    edges = np.linspace(0, min(1.0, 1.02 * max(own.max(), others.max())), 31)
    up = np.histogram(own, edges)[0] / len(own)
    down = np.histogram(others, edges, weights=None if weight is None else np.asarray(weight))[0]
    down = down / down.sum()
    gap: Mark = {"facecolor": "#f6dcc3", "edgecolor": "#dc9a5c", "linewidth": 0, "hatch": "..."}
    people: Mark = {"facecolor": "#d3d8de", "edgecolor": MUTED, "linewidth": 0.6}
    empty = (up == 0) & (down > 0)
    keys = [Key(words.volunteers, _BAR, box=True), Key(words.population, people, box=True)]
    keys += [Key(words.without_overlap, gap, box=True)] if empty.any() else []
    page = start_page(title, width=width, body=3.6, keys=keys, note=note)
    axes = page.axes(_LEFT, page.top + 0.1, width - _LEFT - MARGIN - 0.1, 3.0)
    step = edges[1] - edges[0]
    for left in edges[:-1][empty]:
        axes.axvspan(left, left + step, **gap, zorder=0)
    axes.bar(edges[:-1], up, step, align="edge", **_BAR)
    axes.bar(edges[:-1], -down, step, align="edge", **people)
    axes.axhline(0, color=INK, linewidth=0.9)
    axes.set_xlim(0, edges[-1])
    _scale(axes, words)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda y, _: words.percent(abs(y))))
    page.write(
        width - MARGIN,
        page.top + 3.5,
        f"{words.propensity_axis} →",
        size=8.5,
        color=MUTED,
        ha="right",
    )
    return page.figure


def _state_facts(relative: Floats, words: Words) -> str:
    """What unequal weights cost, in a sentence or two."""
    heaviest = np.sort(relative)[-max(1, round(len(relative) / 100)) :]
    return words.weight_facts.format(
        effective=words.number(relative.sum() ** 2 / (relative @ relative), 0),
        count=words.number(len(relative), 0),
        largest=words.number(relative.max()),
        top=words.percent(heaviest.sum() / relative.sum(), 1),
    )


def _bins(relative: Floats) -> Floats:
    """Some thirty classes from zero to the largest weight."""
    return np.linspace(0, float(relative.max()) * (1 + 1e-9), 31)


def _scale(axes: Axes, words: Words) -> None:
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    number_ticks(axes.xaxis, words)
    number_ticks(axes.yaxis, words)
    axes.yaxis.grid(color=GRID, linewidth=0.7)
