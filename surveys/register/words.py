"""Words as people write them, brought to one form: headers, levels, channels, outcomes."""

import unicodedata
from collections.abc import Mapping
from functools import lru_cache


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Letters and digits only, without case and Vietnamese marks, composed or not.

    >>> fold("Mã hồ sơ (*)") == fold("MA_HO_SO")
    True
    """
    bare = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(letter for letter in bare if letter.isalnum())


def key(text: str) -> str:
    """What a word is looked up by: folded, or as it is when it is all signs, like %."""
    return fold(text) or text.strip()


def vocabulary(**words: str) -> Mapping[str, str]:
    """Key of a word → stored value, from `value="word, word"`; the value itself counts too."""
    return {
        key(word): value
        for value, spellings in words.items()
        for word in (value, *spellings.split(","))
    }


LEVELS = vocabulary(
    central="trung ương, cấp trung ương, bộ, tw",
    province="tỉnh, cấp tỉnh, thành phố trực thuộc trung ương, provincial",
    district="huyện, cấp huyện, quận, thị xã, quận huyện",
    commune="xã, cấp xã, phường, thị trấn, đặc khu, xã phường",
)
SUCCESSIONS = vocabulary(
    merge="sáp nhập, hợp nhất, nhập, merger",
    split="chia tách, chia, tách",
    rename="đổi tên, renamed",
    dissolve="giải thể, kết thúc hoạt động, dissolved",
    level_change="chuyển cấp, thay đổi cấp",
    unchanged="giữ nguyên, không đổi, không thay đổi",
)
CHANNELS = vocabulary(
    counter="trực tiếp, tại quầy, quầy, một cửa, tại bộ phận một cửa, nộp trực tiếp",
    online="trực tuyến, qua mạng, nộp trực tuyến, internet",
    post="bưu chính, bưu điện, qua bưu chính, qua bưu điện, bưu chính công ích, bcci",
)
OUTCOMES = vocabulary(
    granted="đồng ý, được giải quyết, đã giải quyết, chấp thuận, cấp, đã cấp, approved",
    refused="từ chối, không đồng ý, trả lại, không giải quyết, rejected",
    withdrawn="rút, rút hồ sơ, công dân rút, công dân xin rút, xin rút",
    stopped="dừng, dừng giải quyết, dừng xử lý, hủy, đã hủy, cancelled",
)
UNITS_OF_MEASURE = vocabulary(
    count="số lượng, số, hồ sơ, số hồ sơ, cái, number",
    percent="%, phần trăm, tỷ lệ, tỉ lệ, tỷ lệ phần trăm, percentage",
)
INDICATORS = vocabulary(
    received="tiếp nhận, hồ sơ tiếp nhận, số hồ sơ tiếp nhận, đã tiếp nhận, tổng tiếp nhận",
    returned="đã trả kết quả, trả kết quả, giải quyết, đã giải quyết, hồ sơ đã giải quyết",
    on_time="đúng hạn, trước và đúng hạn, trả đúng hạn, giải quyết đúng hạn, hồ sơ đúng hạn",
    late="quá hạn, trễ hạn, hồ sơ quá hạn, hồ sơ trễ hạn, trả quá hạn",
    online="trực tuyến, hồ sơ trực tuyến, tiếp nhận trực tuyến",
    on_time_share="tỷ lệ đúng hạn, tỉ lệ đúng hạn, tỷ lệ giải quyết đúng hạn",
    late_share="tỷ lệ quá hạn, tỉ lệ quá hạn, tỷ lệ trễ hạn, tỉ lệ trễ hạn",
    online_share="tỷ lệ trực tuyến, tỉ lệ trực tuyến, tỷ lệ hồ sơ trực tuyến",
)
# Not by bare numbers: Monday is day 2 to people here and day 1 to programs.
WEEKDAYS = vocabulary(
    province="theo tỉnh, như tỉnh, theo giờ của tỉnh",
    monday="thứ hai, thứ 2, t2",
    tuesday="thứ ba, thứ 3, t3",
    wednesday="thứ tư, thứ 4, t4",
    thursday="thứ năm, thứ 5, t5",
    friday="thứ sáu, thứ 6, t6",
    saturday="thứ bảy, thứ 7, t7",
    sunday="chủ nhật, cn",
)
DAY_KINDS = vocabulary(
    holiday="nghỉ, ngày nghỉ, nghỉ lễ, nghỉ bù, off",
    working="làm việc, làm bù, ngày làm việc, làm, đi làm",
)
WHOLE = "all"
WHOLES = vocabulary(all="toàn tỉnh, tổng, tổng số, tổng cộng, toàn bộ, total, chung")
DIMENSIONS = vocabulary(level="cấp", field="lĩnh vực", channel="kênh", agency="cơ quan")
LEVEL_SCOPES = {
    fold(spelling): f"level:{level}"
    for spelling, level in (
        ("cấp tỉnh", "province"), ("cấp huyện", "district"), ("cấp xã", "commune"),
        ("cấp trung ương", "central"),
    )
}  # fmt: skip
YES = {fold(word): True for word in ("1", "có", "yes", "y", "true", "x", "đúng")}
NO = {fold(word): False for word in ("0", "không", "no", "n", "false", "sai")}
YES_OR_NO: Mapping[str, bool] = YES | NO


def read_indicator(text: str) -> str:
    """The indicator under its own name where we know it, else as written."""
    return INDICATORS.get(key(text), text)


def read_scope(text: str) -> str:
    """The scope as `all` or `dimension:code` where we know it, else as written."""
    folded = key(text)
    if known := WHOLES.get(folded) or LEVEL_SCOPES.get(folded):
        return known
    before, colon, rest = text.partition(":")
    dimension = DIMENSIONS.get(key(before))
    if not colon or not rest.strip():
        return text
    if dimension is None:
        return f"{before.strip()}:{rest.strip()}"
    words = {"level": LEVELS, "channel": CHANNELS}.get(dimension, {})
    return f"{dimension}:{words.get(key(rest), rest.strip())}"
