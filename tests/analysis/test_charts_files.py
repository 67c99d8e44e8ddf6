import subprocess
import sys
from xml.etree import ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest

from analysis.charts import (
    svg_bytes,
)
from tests.analysis.chart_cases import EVERY_CHART, NAMES, Draw, draw_intervals, draw_ranks, written


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
        "import hashlib;from tests.analysis.chart_cases import draw_overlap as d;"
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
