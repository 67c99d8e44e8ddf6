"""What a flag rests on, ready to be shown: the minutes of each day, the detectors in words.

The office and the agency read the same; neither sees a single rating. A stretch of minutes in
which few results were handed over, or few people rated, is not kept, so it cannot be shown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from app.rendering import _, number, percent

N_ = str

# Detectors with what they look for, and what they would see if nothing were wrong.
DETECTORS = {
    "capture": (
        N_("Nhiều lượt hơn số lần trả kết quả"),
        N_(
            "Bình thường: tỷ lệ lượt không gắn với lần trả kết quả nào giống các tuần trước của"
            " quầy và giống các quầy khác trong tỉnh."
        ),
    ),
    "bursts": (
        N_("Dồn dập trong vài phút"),
        N_(
            "Bình thường: lượt chọn mức cao nhất rải theo nhịp trả kết quả trong ngày, không dồn"
            " vào mười phút nào."
        ),
    ),
    "hours": (
        N_("Ngoài giờ làm việc"),
        N_("Bình thường: hiếm có lượt nào ngoài giờ mở cửa mà không gần lần trả kết quả nào."),
    ),
    "gaps": (
        N_("Ngay sau khi trả kết quả"),
        N_(
            "Bình thường: người dân cần ít giây để đọc rồi mới chạm; phần lượt trong vòng năm giây"
            " giống các tuần trước và các quầy khác."
        ),
    ),
    "runs": (
        N_("Chuỗi dài cùng một mức"),
        N_("Bình thường: thứ tự các mức trong buổi là ngẫu nhiên, không xếp thành chuỗi dài."),
    ),
    "timing": (
        N_("Đều như máy"),
        N_("Bình thường: khoảng cách giữa các lượt lúc dài lúc ngắn, không đều nhau."),
    ),
    "devices": (
        N_("Thiết bị hoặc khóa"),
        N_("Bình thường: mỗi số thứ tự đến một lần, chữ ký khớp với khóa của thiết bị."),
    ),
    "drift": (
        N_("Mức cao nhất tăng dần"),
        N_(
            "Bình thường: số lượt chọn mức cao nhất trên mỗi lần trả kết quả giống các tuần trước"
            " của quầy, trừ phần cả tỉnh cùng tăng."
        ),
    ),
}

STATES = {
    "open": N_("Chờ trả lời"),
    "answered": N_("Cơ quan đã trả lời"),
    "upheld": N_("Giữ cảnh báo"),
    "dismissed": N_("Bỏ cảnh báo"),
}

# The drawing, in its own units: minutes run along, ratings up, handovers down.
WIDTH, TOP, UP, DOWN, BOTTOM = 640, 8, 110, 54, 22
EARLIEST, LATEST = 7 * 60, 17 * 60
HOUR = 60


def describe_flag(flag: Mapping[str, Any], language: str) -> dict[str, Any]:
    """The parts of a flag's page that both readers share."""
    told = {one["detector"]: one for one in flag["evidence"].get("detectors", [])}
    return {
        "flag": flag,
        "seen": [_describe_detector(one, language) for one in told.values()],
        "quiet": [
            _(DETECTORS[row["detector"]][0])
            for row in flag["detectors"]
            if row["detector"] not in told and row["detector"] in DETECTORS
        ],
        "charts": [draw_day(day) for day in flag["days"]],
        "names": {name: _(title) for name, (title, _null) in DETECTORS.items()},
        "states": {name: _(text) for name, text in STATES.items()},
    }


def _describe_detector(told: Mapping[str, Any], language: str) -> dict[str, Any]:
    title, null = DETECTORS.get(told["detector"], (told["detector"], ""))
    spoken = language if language in {"vi", "en"} else "vi"
    return {
        "title": _(title),
        "null": _(null) if null else "",
        "chance": spell_chance(told["p"]),
        "sentences": [reason[spoken] for reason in told["reasons"]],
    }


def spell_chance(p: float) -> str:
    """A probability as people say it: one in so many, rounded to one digit."""
    if p < 1e-6:
        return _("dưới một phần triệu")
    if p >= 0.01:
        return percent(p)
    many = 1 / p
    step = 10 ** (len(str(int(many))) - 1)
    return _("khoảng một phần {n}", n=number(round(many / step) * step))


def draw_day(day: Mapping[str, Any]) -> dict[str, Any]:
    """One day as rectangles: each stretch as wide as it is long, as high as it was busy.

    The height is ratings in ten minutes, so that a long quiet stretch looks quiet; so are the
    handovers below the line.
    """
    bins: Sequence[Mapping[str, Any]] = day["bins"]
    first = min([EARLIEST, *(one["start"] for one in bins)]) // HOUR * HOUR
    last = -(-max([LATEST, *(one["end"] for one in bins)]) // HOUR) * HOUR
    ratings = max([1.0, *(_pace(one, sum(one["levels"])) for one in bins)])
    handed = max([1.0, *(_pace(one, one["handovers"]) for one in bins)])
    across = WIDTH / (last - first)
    bars, below = [], []
    for one in bins:
        left, width = (one["start"] - first) * across, (one["end"] - one["start"]) * across
        place = {"x": round(left, 1), "width": round(max(width - 1, 1), 1)}
        high = DOWN * _pace(one, one["handovers"]) / handed
        below.append(place | {"y": TOP + UP, "height": round(high, 1)})
        bars += _stack(one, place, UP / ratings)
    return dict(day) | {
        "bars": bars,
        "below": below,
        "ticks": [
            (f"{at // HOUR:02d}:00", round((at - first) * across, 1))
            for at in range(first, last + 1, 2 * HOUR)
        ],
        "rows": [_describe_stretch(one) for one in bins],
        "levels_count": len(day["levels"]),
        "line": TOP + UP,
        "height": TOP + UP + DOWN + BOTTOM,
        "width": WIDTH,
        "most": round(ratings),
    }


def _pace(one: Mapping[str, Any], count: int) -> float:
    minutes: int = one["end"] - one["start"]
    return count * 10 / max(minutes, 10)


def _stack(
    one: Mapping[str, Any], place: Mapping[str, float], scale: float
) -> list[dict[str, Any]]:
    """The levels of a stretch on top of one another, the highest level at the bottom."""
    levels, floor = one["levels"], float(TOP + UP)
    bars = []
    for level in range(len(levels), 0, -1):
        high = scale * _pace(one, levels[level - 1])
        floor -= high
        if high:
            shade = "top" if level == len(levels) else "low" if level * 2 < len(levels) else "mid"
            bars.append({**place, "y": round(floor, 1), "height": round(high, 1), "shade": shade})
    return bars


def _describe_stretch(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "span": f"{_clock(one['start'])}–{_clock(one['end'])}",
        "handovers": one["handovers"],
        "ratings": sum(one["levels"]),
        "levels": list(reversed(one["levels"])),
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
