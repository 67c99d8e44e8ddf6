"""What a detector saw, in a sentence that a person can check against the minute chart."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final, Literal

Language = Literal["vi", "en"]

SENTENCES: Final[dict[str, dict[Language, str]]] = {
    "burst": {
        "vi": "Ngày {day}, từ {start} đến {end} có {observed} lượt chọn mức cao nhất (cả ngày"
        " {total}); theo nhịp trả kết quả chỉ chờ khoảng {expected}.",
        "en": "On {day}, {observed} top ratings came between {start} and {end} ({total} all day);"
        " by the pace of handovers about {expected} were expected.",
    },
    "burst_week": {
        "vi": "Trong tuần, cùng khoảng {start} đến {end} mỗi ngày có tất cả {observed} lượt chọn"
        " mức cao nhất (cả tuần {total}); theo nhịp trả kết quả chỉ chờ khoảng {expected}.",
        "en": "Over the week, {observed} top ratings came at the same time of day, {start} to"
        " {end} ({total} all week); by the pace of handovers about {expected} were expected.",
    },
    "short_gaps": {
        "vi": "{observed} trong {total} lượt chọn mức cao nhất đến trong vòng 5 giây sau khi trả"
        " kết quả; ở quầy như vậy chờ khoảng {expected}.",
        "en": "{observed} of {total} top ratings came within 5 seconds of a handover; about"
        " {expected} were expected.",
    },
    "long_run": {
        "vi": "Ngày {day}, {observed} lượt liền nhau cùng chọn mức cao nhất trong {total} lượt;"
        " xếp ngẫu nhiên thì chuỗi dài nhất khoảng {expected}.",
        "en": "On {day}, {observed} of {total} ratings in a row chose the top level; shuffled,"
        " the longest row would be about {expected}.",
    },
    "off_hours": {
        "vi": "{observed} trong {total} lượt đến ngoài giờ làm việc, không gần lần trả kết quả"
        " nào; ở quầy như vậy chờ khoảng {expected}.",
        "en": "{observed} of {total} ratings came outside office hours with no handover near;"
        " about {expected} were expected.",
    },
    "regular": {
        "vi": "{observed} trong {total} khoảng cách giữa các lượt chọn mức cao nhất đều nhau như"
        " máy; người dân thì khoảng {expected}.",
        "en": "{observed} of {total} steps between top ratings were as even as a machine's; people"
        " make about {expected}.",
    },
    "conflicts": {
        "vi": "{observed} lượt mang số thứ tự đã dùng cho lượt khác; chờ khoảng {expected}. Khóa"
        " của thiết bị có thể đã bị sao chép.",
        "en": "{observed} ratings carry a running number that another one already had; about"
        " {expected} were expected. The device's key may have been copied.",
    },
    "bad_signatures": {
        "vi": "{observed} lần gửi mang chữ ký sai; chờ khoảng {expected}.",
        "en": "{observed} sendings carried a wrong signature; about {expected} were expected.",
    },
    "missing": {
        "vi": "{observed} số thứ tự bị bỏ trống trong {total} lượt; chờ khoảng {expected}.",
        "en": "{observed} running numbers are missing beside {total} ratings; about {expected}"
        " were expected.",
    },
    "unlinked": {
        "vi": "{observed} trong {total} lượt không gắn với lần trả kết quả nào; theo các tuần"
        " trước và toàn tỉnh chờ khoảng {expected}.",
        "en": "{observed} of {total} ratings belong to no handover; by earlier weeks and the"
        " province about {expected} were expected.",
    },
    "more_tops": {
        "vi": "{observed} lượt chọn mức cao nhất trong {total} lượt; theo số lần trả kết quả và"
        " các tuần trước của quầy chờ khoảng {expected}.",
        "en": "{observed} of {total} ratings chose the top level; by the handovers and the"
        " counter's earlier weeks about {expected} were expected.",
    },
}

EPOCH: Final = date(1970, 1, 1)


def explain(reason: Mapping[str, Any], language: Language = "vi") -> str:
    """The sentence of one of `Judgement.weeks`' reasons.

    Parameters
    ----------
    reason : mapping
        A `REASON`: its code chooses the sentence, the numbers fill it.
    language : {"vi", "en"}
    """
    filled = {
        name: _write_count(reason[name], language) for name in ("observed", "expected", "total")
    }
    for name in ("start", "end"):
        minutes = reason[name] or 0
        filled[name] = f"{minutes // 60:02d}:{minutes % 60:02d}"
    day = EPOCH + timedelta(days=int(reason["day"] or 0))
    return SENTENCES[reason["code"]][language].format(day=f"{day:%d/%m/%Y}", **filled)


def _write_count(value: float | None, language: Language) -> str:
    """A whole number as such, others with one decimal (two where below one tenth)."""
    number = float(value or 0.0)
    if number.is_integer():
        return f"{number:.0f}"
    text = f"{number:.1f}" if number >= 0.1 else f"{max(number, 0.01):.2f}"
    return text.replace(".", ",") if language == "vi" else text
