"""A figure over time, without a line across a break of its series."""

from collections.abc import Mapping, Sequence

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
    Key,
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

_LINE: Mark = {
    "color": BLUE,
    "linewidth": 1.8,
    "marker": "o",
    "markersize": 6.5,
    "markeredgecolor": "white",
    "linestyle": "-",
}
_INTERVAL: Mark = {"color": MIDDLE, "linewidth": 2.6, "solid_capstyle": "round"}
_LEFT = MARGIN + 0.42
_REASON = 1.5  # inches that the words above a break may take


@in_house_style
def trend_chart(
    periods: Sequence[str],
    estimate: npt.ArrayLike,
    lower: npt.ArrayLike,
    upper: npt.ArrayLike,
    *,
    title: str,
    y_label: str,
    breaks: Mapping[int, str] | None = None,
    limits: tuple[float, float] | None = None,
    decimals: int = 1,
    note: str = "",
    width: float = 8.0,
    words: Words = VIETNAMESE,
) -> Figure:
    """Points with intervals over the periods, joined only where they are comparable.

    Parameters
    ----------
    periods : T texts
        Oldest first, equally spaced.
    estimate, lower, upper : (T,) float
        NaN leaves a gap in the line.
    breaks : {index: text}, optional
        First period of each new series and why it starts ("Sáp nhập 1/7/2025").
    limits : (float, float), optional
        Ends of the scale; by default the data's.

    Raises
    ------
    DataError
        If the columns differ in length or a break lies outside the periods.
    """
    starts = dict(sorted((breaks or {}).items()))
    figures, low, high = _check(periods, (estimate, lower, upper), starts)
    reasons = {index: wrap(text, _REASON, 8) for index, text in starts.items()}
    head = 0.1 + 0.15 * max((len(lines) for lines in reasons.values()), default=0)
    keys = [Key(y_label, _LINE), Key(words.interval, _INTERVAL)]
    page = start_page(title, width=width, body=head + 2.9, keys=keys, note=note)
    # The latest period's name is centred under the last point and may hang over.
    right = MARGIN + max(0.0, measure(periods[-1], 8.5) / 2 - (width - _LEFT) / len(periods) / 2)
    axes = page.axes(_LEFT, page.top + head, width - _LEFT - right, 2.5)
    axes.set_xlim(-0.5, len(periods) - 0.5)
    _scale_figures(axes, np.concatenate([figures, low, high]), limits, words)
    axes.vlines(np.arange(len(periods)), low, high, colors=MIDDLE, linewidth=2.6, capstyle="round")
    for piece in _pieces(figures, [*starts]):
        axes.plot(piece, figures[piece], zorder=3, **_LINE)
    for index in starts:
        axes.axvline(index - 0.5, color=MUTED, linewidth=1.1, linestyle=(0, (1, 2)))
    _write_reasons(page, reasons, (width - _LEFT - right) / len(periods))
    _label_periods(axes, periods, width)
    _label_figures(axes, figures, np.fmax(high, figures), decimals, words)
    return page.figure


def _check(
    periods: Sequence[str], columns: Sequence[npt.ArrayLike], starts: Mapping[int, str]
) -> list[Floats]:
    arrays = [np.asarray(column, dtype=float) for column in columns]
    count = len(periods)
    if not count or any(array.shape != (count,) for array in arrays):
        raise DataError(f"{count} periods need columns of as many figures, and at least one.")
    if any(not 0 < index < count for index in starts):
        raise DataError(f"A break begins at period 1 to {count - 1}, counted from 0: {[*starts]}.")
    return arrays


def _pieces(figures: Floats, starts: Sequence[int]) -> list[npt.NDArray[np.int64]]:
    """Runs of periods that one line may join."""
    cuts = np.unique([*starts, *np.flatnonzero(np.isnan(figures))])
    runs = np.split(np.arange(len(figures)), cuts)
    known = [run[~np.isnan(figures[run])] for run in runs]
    return [run for run in known if len(run)]


def _scale_figures(
    axes: Axes, values: Floats, limits: tuple[float, float] | None, words: Words
) -> None:
    known = values[np.isfinite(values)]
    low, high = limits or ((known.min(), known.max()) if len(known) else (0.0, 1.0))
    pad = 0 if limits else 0.12 * (high - low) or 1.0
    axes.set_ylim(low - pad, high + pad)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    number_ticks(axes.yaxis, words)
    axes.yaxis.grid(color=GRID, linewidth=0.7)


def _write_reasons(page: Page, reasons: Mapping[int, list[str]], room: float) -> None:
    for index, lines in reasons.items():
        half = max(measure(text, 8) for text in lines) / 2
        x = np.clip(_LEFT + index * room, MARGIN + half, page.width - MARGIN - half)
        for number, text in enumerate(lines):
            y = page.top + 0.12 + 0.15 * number
            page.write(float(x), y, text, size=8, color=MUTED, ha="center")


def _label_periods(axes: Axes, periods: Sequence[str], width: float) -> None:
    """As many period names as fit, counted back from the latest."""
    room = (width - _LEFT - MARGIN) / len(periods)
    need = max(measure(period, 8.5) for period in periods) + 0.12
    step = max(1, int(np.ceil(need / room)))
    shown = list(range(len(periods) - 1, -1, -step))
    axes.set_xticks(shown, [periods[index] for index in shown])


def _label_figures(axes: Axes, figures: Floats, top: Floats, decimals: int, words: Words) -> None:
    """The figure above each interval, or the last one only where they would touch."""
    room = axes.get_window_extent().width / axes.figure.dpi / len(figures)
    need = measure(words.number(-100.0, decimals), 8.5) + 0.05
    known = np.flatnonzero(np.isfinite(figures))
    for index in known if need <= room else known[-1:]:
        axes.annotate(
            words.number(figures[index], decimals),
            (float(index), float(top[index])),
            xytext=(0, 5),
            textcoords="offset points",
            ha="center",
            size=8.5,
            color=INK,
        )
