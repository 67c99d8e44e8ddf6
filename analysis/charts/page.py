"""The sheet every chart is drawn on: size, type, colours, title, key and note, in inches."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FuncFormatter

from analysis.charts.words import Words

INK, MUTED, GRID, STRIPE = "#1b1f24", "#57606a", "#d8dde3", "#f4f6f8"
BLUE, MIDDLE, PALE, ORANGE = "#17518c", "#7fa6cf", "#b9d0e7", "#b4530a"
NARROW = 5.5  # inches; below it a label stands above its row
MARGIN = 0.12

_STYLE: tuple[tuple[Any, Any], ...] = (
    ("font.family", "DejaVu Sans"),
    ("font.size", 9),
    # A dollar sign in an agency's name is a dollar sign.
    ("text.parse_math", False),
    ("hatch.linewidth", 0.6),
)

Mark = dict[str, Any]

_P = ParamSpec("_P")
_R = TypeVar("_R")


@contextmanager
def house_style() -> Iterator[None]:
    """The same settings on every machine, whatever its own matplotlib settings say."""
    with mpl.rc_context():
        mpl.rcdefaults()
        for setting, value in _STYLE:
            mpl.rcParams[setting] = value
        yield


def in_house_style(draw: Callable[_P, _R]) -> Callable[_P, _R]:
    """The same function, drawing in the house style."""

    @wraps(draw)
    def styled(*args: _P.args, **options: _P.kwargs) -> _R:
        with house_style():
            return draw(*args, **options)

    return styled


def measure(text: str, size: float, weight: str = "normal") -> float:
    """Width of a text in inches."""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / 72


def wrap(text: str, room: float, size: float, weight: str = "normal") -> list[str]:
    """The text in lines of at most `room` inches, broken between words."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, size, weight) <= room:
            lines[-1] = longer
        else:
            lines.extend(_cut(word, room, size, weight))
    return lines or [""]


def _cut(word: str, room: float, size: float, weight: str) -> list[str]:
    """A word longer than a line, cut where it must be."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and measure(pieces[-1] + letter, size, weight) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def number_ticks(axis: Axis, words: Words, write: Callable[[float], float] = float) -> None:
    """Numbers in the reader's notation along an axis, with no more decimals than its ticks need."""
    ticks = np.asarray(axis.get_majorticklocs(), dtype=float)
    step = float(np.diff(ticks).min()) if len(ticks) > 1 else 1.0
    fits = (n for n in range(9) if np.abs(ticks - ticks.round(n)).max(initial=0) < step / 1000)
    decimals = next(fits, 9)
    axis.set_major_formatter(FuncFormatter(lambda x, _: words.number(write(x), decimals)))


@dataclass(frozen=True, slots=True)
class Key:
    """One entry of the key: a mark as it is drawn, and what it means."""

    label: str
    mark: Mark
    box: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A figure with its body still to be drawn between `top` and `bottom`, inches from above."""

    figure: Figure
    width: float
    height: float
    top: float
    bottom: float

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes without frame or ticks at a place in inches from the top left corner."""
        area = (
            left / self.width,
            1 - (top + height) / self.height,
            width / self.width,
            height / self.height,
        )
        axes = self.figure.add_axes(area, facecolor="none")
        axes.spines[:].set_visible(False)
        axes.tick_params(length=0, labelsize=8.5, labelcolor=MUTED, pad=4)
        axes.set_axisbelow(True)
        return axes

    def write(self, x: float, y: float, text: str, **options: Any) -> None:
        """One line of text with its baseline y inches from the top; no text, no mark."""
        if not text:
            return
        self.figure.text(
            x,
            self.height - y,
            text,
            transform=self.figure.dpi_scale_trans,
            **{"color": INK, "size": 9, "va": "baseline", **options},
        )


def start_page(
    title: str, *, width: float, body: float, keys: Sequence[Key] = (), note: str = ""
) -> Page:
    """A page with title, key and note around a body of the given height in inches."""
    room = width - 2 * MARGIN
    size = 12.5 if width >= NARROW else 11.5
    titles = wrap(title, room, size, "bold") if title else []
    notes = wrap(note, room, 8) if note else []
    rows = _flow(keys, room)
    line = size * 1.3 / 72
    top = MARGIN + len(titles) * line + len(rows) * 0.21 + 0.08
    height = top + body + (len(notes) * 0.15 + 0.05 if notes else 0.0) + MARGIN
    figure = Figure(figsize=(width, height), facecolor="white")
    page = Page(figure, width, height, top, top + body)
    for number, text in enumerate(titles):
        page.write(MARGIN, MARGIN + (number + 0.8) * line, text, size=size, weight="bold")
    for number, row in enumerate(rows):
        _draw_keys(page, row, MARGIN + len(titles) * line + 0.12 + number * 0.21)
    for number, text in enumerate(notes):
        page.write(MARGIN, top + body + 0.16 + number * 0.15, text, size=8, color=MUTED)
    return page


_SWATCH, _GAP = 0.26, 0.22


def _flow(keys: Sequence[Key], room: float) -> list[list[tuple[float, Key]]]:
    """Entries with their left ends, in as few rows as fit."""
    rows: list[list[tuple[float, Key]]] = []
    x = room
    for key in keys:
        need = _SWATCH + 0.07 + measure(key.label, 8.5)
        if not rows or x + need > room:
            rows.append([])
            x = 0.0
        rows[-1].append((x, key))
        x += need + _GAP
    return rows


def _draw_keys(page: Page, row: list[tuple[float, Key]], y: float) -> None:
    for start, key in row:
        left, level = MARGIN + start, page.height - y
        place = page.figure.dpi_scale_trans
        artist: Patch | Line2D
        if key.box:
            artist = Rectangle((left, level - 0.06), _SWATCH, 0.12, transform=place, **key.mark)
        else:
            # A line runs through its marker; a marker without a line stands alone.
            places = [left, left + _SWATCH / 2, left + _SWATCH]
            alone = "marker" in key.mark and "linestyle" not in key.mark
            artist = Line2D(
                places[1:2] if alone else places,
                [level] * (1 if alone else 3),
                transform=place,
                markevery=None if alone else [1],
                **key.mark,
            )
        page.figure.add_artist(artist)
        page.write(left + _SWATCH + 0.07, y + 0.045, key.label, size=8.5, color=MUTED)
