"""Charts with long Vietnamese names that several tests look at."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis.charts import (
    importance_performance_chart,
    interval_chart,
    likert_chart,
    margin_chart,
    overlap_chart,
    rank_chart,
    trend_chart,
    weight_chart,
)

NAMES = [
    "Sở Nông nghiệp và Phát triển nông thôn",
    "UBND thị trấn Vạn Giã",
    "Sở Lao động – Thương binh và Xã hội",
    "Văn phòng Đăng ký đất đai chi nhánh Cam Lâm",
    "Trung tâm Phục vụ hành chính công tỉnh Khánh Hòa – Chi nhánh Ban Quản lý Khu kinh tế Vân Phong",
]
LEVELS = ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"]
TITLE = "Chỉ số hài lòng về sự phục vụ của cơ quan hành chính nhà nước, quý I năm 2021"
NOTE = "Nguồn: số liệu mô phỏng; khoảng tin cậy giả định việc trả lời không phụ thuộc sự hài lòng."


def make_names(count: int) -> list[str]:
    return [f"{NAMES[number % 5]} {number // 5 or ''}".strip() for number in range(count)]


def draw_intervals(width: float = 8.0, count: int = 5) -> Figure:
    rng = np.random.default_rng(4)
    estimate, half = rng.uniform(60, 95, count), rng.uniform(1, 5, count)
    return interval_chart(
        make_names(count),
        estimate,
        estimate - half,
        estimate + half,
        unweighted=estimate - 2,
        reference=81.25,
        title=TITLE,
        x_label="Chỉ số hài lòng (0–100)",
        note=NOTE,
        width=width,
    )


def draw_ranks(width: float = 8.0, count: int = 5) -> Figure:
    low = np.maximum(np.arange(count) - 1, 1)
    return rank_chart(
        make_names(count),
        low,
        np.minimum(low + 3, count),
        point=np.arange(1, count + 1),
        title=TITLE,
        x_label="Hạng",
        width=width,
    )


def draw_trend(width: float = 8.0) -> Figure:
    periods = [f"Q{quarter}/{year}" for year in (2023, 2024, 2025) for quarter in (1, 2, 3, 4)]
    estimate = np.linspace(70, 85, 12)
    estimate[3] = np.nan
    return trend_chart(
        periods,
        estimate,
        estimate - 2,
        estimate + 3,
        breaks={10: "Sáp nhập đơn vị hành chính từ 1/7/2025", 1: "Đổi phiếu hỏi"},
        title=TITLE,
        y_label="Chỉ số hài lòng (0–100)",
        note=NOTE,
        width=width,
    )


def draw_likert(width: float = 8.0) -> Figure:
    shares = np.random.default_rng(2).dirichlet([1, 2, 3, 8, 6], 5)
    shares[2] = np.nan
    return likert_chart(NAMES, shares, LEVELS, title=TITLE, x_label="Phần trăm", width=width)


def draw_margins(width: float = 8.0) -> Figure:
    shares = np.array([0.1, 0.2, 0.3, 0.25, 0.15])
    return margin_chart(
        NAMES, shares, shares[::-1], shares[::-1], title=TITLE, x_label="Phần trăm", width=width
    )


def draw_priorities(width: float = 8.0) -> Figure:
    importance = np.array([0.12, 0.31, 0.28, 0.19, 0.1])
    return importance_performance_chart(
        NAMES,
        importance,
        [88, 79, 91, 84, 74],
        interval=(importance - 0.03, importance + 0.03),
        title=TITLE,
        note=NOTE,
        width=width,
    )


def draw_weights(width: float = 8.0) -> Figure:
    weight = np.random.default_rng(3).lognormal(0, 0.6, 1200)
    return weight_chart(weight, title=TITLE, note=NOTE, width=width)


def draw_overlap(width: float = 8.0) -> Figure:
    rng = np.random.default_rng(3)
    people = rng.beta(2, 16, 900)
    return overlap_chart(
        np.clip(rng.beta(3, 12, 400), 0.06, 1), people, np.ones(900), title=TITLE, width=width
    )


Draw = Callable[..., Figure]
EVERY_CHART = pytest.mark.parametrize(
    "draw",
    [
        draw_intervals,
        draw_ranks,
        draw_trend,
        draw_likert,
        draw_margins,
        draw_priorities,
        draw_weights,
        draw_overlap,
    ],
)


def written(figure: Figure) -> list[Text]:
    """Every text that is drawn, with the figure drawn at 100 dots an inch."""
    figure.savefig(io.BytesIO(), format="png", dpi=100)
    texts = [*figure.texts]
    for axes in figure.axes:
        for axis, limits in ((axes.xaxis, axes.get_xlim()), (axes.yaxis, axes.get_ylim())):
            ticks = [
                tick
                for tick in axis.get_major_ticks()
                if min(limits) <= tick.get_loc() <= max(limits)
            ]
            texts += [label for tick in ticks for label in (tick.label1, tick.label2)]
        texts += axes.texts
    return [text for text in texts if text.get_visible() and text.get_text()]


def words_of(figure: Figure) -> str:
    return " | ".join(text.get_text() for text in written(figure))
