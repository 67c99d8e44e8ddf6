import io
import subprocess
import sys
from collections.abc import Callable
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from analysis.charts import (
    Words,
    importance_performance_chart,
    interval_chart,
    likert_chart,
    margin_chart,
    overlap_chart,
    rank_chart,
    svg_bytes,
    trend_chart,
    weight_chart,
)
from analysis.errors import DataError

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


@EVERY_CHART
@pytest.mark.parametrize("width", [3.75, 8.0])
def test_no_text_leaves_the_page(draw: Draw, width: float) -> None:
    figure = draw(width)
    page = figure.bbox
    for text in written(figure):
        box = text.get_window_extent()
        assert box.x0 >= -1, text
        assert box.x1 <= page.x1 + 1, text
        assert box.y0 >= -1, text
        assert box.y1 <= page.y1 + 1, text


@EVERY_CHART
@pytest.mark.parametrize("width", [3.75, 8.0])
def test_no_text_covers_another(draw: Draw, width: float) -> None:
    boxes = [(text.get_text(), text.get_window_extent()) for text in written(draw(width))]
    for number, (text, box) in enumerate(boxes):
        for other, rival in boxes[number + 1 :]:
            deep = min(box.y1, rival.y1) - max(box.y0, rival.y0)
            wide = min(box.x1, rival.x1) - max(box.x0, rival.x0)
            # Boxes hold room for every mark above and below a letter, so lines may share a little.
            assert min(deep - 4, wide) <= 0, (text, other)


@EVERY_CHART
def test_the_file_is_the_same_to_the_byte_whatever_the_settings(draw: Draw) -> None:
    first = svg_bytes(draw(8.0), title="a", description="b")
    with mpl.rc_context({"font.size": 20, "axes.facecolor": "red", "svg.hashsalt": None}):
        second = svg_bytes(draw(8.0), title="a", description="b")
    assert first == second


def test_the_file_is_the_same_in_another_process() -> None:
    code = (
        "import hashlib;from tests.analysis.test_charts import draw_overlap as d;"
        "from analysis.charts import svg_bytes as s;import sys;"
        "assert 'matplotlib.pyplot' not in sys.modules;"
        "print(hashlib.sha256(s(d(),title='a',description='b')).hexdigest())"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={
                "PYTHONHASHSEED": seed,
                "PATH": "",
                "HOME": "/nonexistent",
                "MPLCONFIGDIR": "/tmp",
            },
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


@EVERY_CHART
def test_nothing_in_the_file_needs_leave_from_a_strict_policy(draw: Draw) -> None:
    root = ET.fromstring(svg_bytes(draw(8.0), title="a", description="b"))
    tags = {element.tag.rsplit("}", 1)[-1] for element in root.iter()}
    attributes = {key for element in root.iter() for key in element.attrib}
    assert not tags & {"style", "script", "metadata", "image", "foreignObject"}
    assert "style" not in attributes
    assert not any(key.startswith("on") for key in attributes)


@EVERY_CHART
def test_every_reference_in_the_file_is_kept(draw: Draw) -> None:
    text = svg_bytes(draw(8.0), title="a", description="b").decode()
    root = ET.fromstring(text)
    names = {element.get("id") for element in root.iter()}
    used = {
        value.removeprefix("url(").strip("#)")
        for element in root.iter()
        for key, value in element.attrib.items()
        if value.startswith("url(#") or key.endswith("href")
    }
    assert used <= names


def test_the_file_tells_screen_readers_what_it_shows() -> None:
    root = ET.fromstring(svg_bytes(draw_ranks(), title="Hạng & <tên>", description="Năm cơ quan"))
    assert root.get("role") == "img"
    named = {element.get("id"): element.text for element in root.iter() if element.get("id")}
    said = [named[name] for name in str(root.get("aria-labelledby")).split()]
    assert said == ["Hạng & <tên>", "Năm cơ quan"]
    assert root[0].tag.endswith("title")


def test_vietnamese_stays_text() -> None:
    file = svg_bytes(draw_intervals(), title="a", description="b").decode()
    for name in NAMES[:4]:
        assert f">{name}</text>" in file


def test_forty_five_rows_stay_small() -> None:
    assert len(svg_bytes(draw_intervals(8.0, 45), title="a", description="b")) < 60_000


def test_sixty_rows_are_as_readable_as_five() -> None:
    figure = draw_intervals(8.0, 60)
    rows = [text for text in written(figure) if text.get_text().startswith(("Sở", "UBND", "Văn"))]
    middles = sorted(text.get_window_extent().y0 for text in rows)
    assert min(np.diff(middles)) >= 0.15 * figure.dpi


def test_figures_stand_beside_their_intervals_in_vietnamese_notation() -> None:
    figure = interval_chart(["A"], [83.94], [80.0], [87.12], title="", x_label="")
    assert "83,9\u2002(80,0–87,1)" in words_of(figure)
    english = Words(decimal=".", thousands=",")
    figure = interval_chart(["A"], [83.94], [80], [87.1], title="", x_label="", words=english)
    assert "83.9\u2002(80.0–87.1)" in words_of(figure)


def test_a_withheld_figure_is_named_and_not_drawn() -> None:
    figure = interval_chart(
        ["A", "B"], [80, np.nan], [70, np.nan], [90, np.nan], title="", x_label=""
    )
    assert words_of(figure).count("không công bố") == 1
    marks = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert np.isfinite(np.asarray(marks[0].get_xdata(), dtype=float)).sum() == 1


def test_all_withheld_still_makes_a_chart() -> None:
    gone = [np.nan, np.nan]
    figure = interval_chart(["A", "B"], gone, gone, gone, title="t", x_label="x")
    assert words_of(figure).count("không công bố") == 2


def test_a_dollar_in_a_name_is_a_dollar() -> None:
    figure = interval_chart(["Phí $ và lệ phí $"], [1], [0], [2], title="$x_1$", x_label="")
    assert "Phí $ và lệ phí $" in svg_bytes(figure, title="a", description="b").decode()


@pytest.mark.parametrize("count", [1, 2, 9, 60, 1200])
def test_a_rank_scale_begins_at_the_first_place_and_ends_at_the_last(count: int) -> None:
    ones = np.ones(count)
    figure = rank_chart(["A"] * count, ones, ones * count, title="", x_label="")
    ticks = figure.axes[0].get_xticks()
    assert ticks[0] == 1
    assert ticks[-1] == count
    assert len(ticks) <= 9


def test_a_rank_is_written_as_one_place_or_as_a_range() -> None:
    said = words_of(rank_chart(["A", "B"], [1, 1], [1, 2], title="", x_label=""))
    assert "1–2" in said
    assert "1–1" not in said


def test_no_line_crosses_a_break_or_a_gap() -> None:
    lines = [line for line in draw_trend().axes[0].lines if line.get_marker() == "o"]
    runs = [np.asarray(line.get_xdata(), dtype=float).tolist() for line in lines]
    assert runs == [[0], [1, 2], [4, 5, 6, 7, 8, 9], [10, 11]]


def test_many_periods_keep_the_latest_name() -> None:
    periods = [f"Tháng {month}/{year}" for year in range(2018, 2026) for month in range(1, 13)]
    values = np.linspace(60, 90, 96)
    figure = trend_chart(periods, values, values - 1, values + 1, title="", y_label="y", width=3.75)
    assert "Tháng 12/2025" in words_of(figure)


def test_a_single_period_is_drawn() -> None:
    assert "71,5" in words_of(trend_chart(["2021"], [71.5], [70], [73], title="", y_label="y"))


def test_the_middle_of_a_scale_lies_across_zero() -> None:
    figure = likert_chart(["A"], [[0.1, 0.2, 0.4, 0.2, 0.1]], LEVELS, title="", x_label="")
    bars = [bar for bar in figure.axes[0].patches if isinstance(bar, Rectangle)]
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]
    assert ends[2] == pytest.approx((-20, 20))
    assert ends[0] == pytest.approx((-50, -40))
    assert ends[4] == pytest.approx((40, 50))


@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_levels_differ_without_colour(count: int) -> None:
    figure = likert_chart(["A"], [[1 / count] * count], LEVELS[:count], title="", x_label="")
    looks = []
    for bar in figure.axes[0].patches:
        red, green, blue = to_rgb(bar.get_facecolor())
        looks.append((round(0.3 * red + 0.59 * green + 0.11 * blue, 1), bar.get_hatch()))
    assert len(set(looks)) == count


def test_factors_that_lie_close_are_numbered_and_listed() -> None:
    importance = np.append(np.full(7, 0.2), 0.5)
    figure = importance_performance_chart(make_names(8), importance, importance, title="")
    said = words_of(figure)
    assert f"1. {NAMES[0]}" in said
    assert "8. " in said


def test_factors_far_apart_carry_their_names() -> None:
    figure = importance_performance_chart(NAMES[:4], [1, 2, 3, 4], [4, 1, 3, 2], title="")
    said = [text.get_text() for text in written(figure)]
    assert set(NAMES[:4]) <= set(said)
    assert not any(text.startswith("1. ") for text in said)


def test_one_factor_can_be_drawn() -> None:
    figure = importance_performance_chart(["Thủ tục"], [0.5], [80], title="")
    assert "Thủ tục" in words_of(figure)


def test_the_weight_chart_says_what_unequal_weights_cost() -> None:
    said = words_of(weight_chart([1.0] * 300 + [3.0] * 100 + [0.0, np.nan], title="", width=30))
    assert "300 trên 400 phiếu" in said  # (600)^2 / (300 + 900)
    assert "2,0 lần" in said


def test_people_without_volunteers_like_them_are_shaded() -> None:
    both = overlap_chart([0.1, 0.2, 0.3], [0.1, 0.2, 0.3], title="")
    apart = overlap_chart([0.3], [0.1, 0.3], [5.0, 1.0], title="")
    assert Words().without_overlap not in words_of(both)
    assert Words().without_overlap in words_of(apart)


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda: interval_chart(["A"], [1, 2], [1], [1], title="", x_label=""), "1 labels need"),
        (lambda: interval_chart([], [], [], [], title="", x_label=""), "no row to draw"),
        (lambda: rank_chart(["A", "B"], [1], [2], title="", x_label=""), "2 labels need"),
        (lambda: trend_chart(["1"], [1, 2], [1], [1], title="", y_label=""), "1 periods need"),
        (
            lambda: trend_chart(
                ["1", "2"], [1, 2], [1, 2], [1, 2], breaks={2: ""}, title="", y_label=""
            ),
            "A break begins at period 1 to 1",
        ),
        (lambda: likert_chart(["A"], [[0.5, 0.4]], ["a", "b"], title="", x_label=""), "sum to 1"),
        (lambda: likert_chart(["A"], [[1.0]], ["a"], title="", x_label=""), "2 to 5 levels"),
        (lambda: margin_chart(["A"], [1, 2], [1], [1], title="", x_label=""), "as many shares"),
        (lambda: importance_performance_chart(["A"], [1, 2], [1], title=""), "as many figures"),
        (lambda: importance_performance_chart(["A"], [np.nan], [1], title=""), "leave it out"),
        (lambda: weight_chart([0.0, np.nan], title=""), "No weight is positive"),
        (lambda: overlap_chart([], [0.5], title=""), "at least one"),
        (lambda: overlap_chart([0.5], [1.5], title=""), "between 0 and 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_remedy(
    draw: Callable[[], Figure], says: str
) -> None:
    with pytest.raises(DataError, match=says):
        draw()
