import re
from collections.abc import Callable
from dataclasses import fields

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.charts import (
    ENGLISH,
    VIETNAMESE,
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
from tests.analysis.chart_cases import LEVELS, NAMES, draw_trend, make_names, words_of, written


def test_figures_stand_beside_their_intervals_in_vietnamese_notation() -> None:
    figure = interval_chart(["A"], [83.94], [80.0], [87.12], title="", x_label="")
    assert "83,9\u2002(80,0–87,1)" in words_of(figure)
    figure = interval_chart(["A"], [83.94], [80], [87.1], title="", x_label="", words=ENGLISH)
    assert "83.9\u2002(80.0–87.1)" in words_of(figure)


def test_every_word_of_a_chart_is_there_in_english() -> None:
    same = [
        one.name
        for one in fields(Words)
        if getattr(ENGLISH, one.name) == getattr(VIETNAMESE, one.name)
    ]
    assert same == []
    assert re.findall(r"{\w+}", ENGLISH.weight_facts) == [
        "{effective}",
        "{count}",
        "{largest}",
        "{top}",
    ]


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


def test_the_key_of_a_plain_interval_shows_a_dot_on_a_line() -> None:
    figure = interval_chart(["A"], [80], [70], [90], title="", x_label="")
    drawn = [artist for artist in figure.artists if isinstance(artist, Line2D)]
    (key,) = [line for line in drawn if line.get_marker() == "o"]
    assert key.get_linestyle() == "-"
    assert len(np.asarray(key.get_xdata())) == 3
    assert key.get_markerfacecolor() == figure.axes[0].lines[-1].get_color()
