"""The words that the results pages and downloads share, in the reader's language."""

from collections.abc import Iterable

from app.rendering import _
from app.words import INDEX, OVERALL, measure_names


def measure_name(measure: str) -> str:
    """A measure as readers know it; an unknown factor keeps the name of its question."""
    return measure_names().get(measure, measure.removeprefix("factor_"))


def sort_measures(measures: Iterable[str]) -> list[str]:
    """Measures in the order in which they are shown; unknown ones come last, by name."""
    places = {name: place for place, name in enumerate(measure_names())}
    return sorted(measures, key=lambda name: (places.get(name, len(places)), name))


def measure_meaning(measure: str) -> str:
    """What a measure counts, in one sentence."""
    if measure == INDEX:
        return _(
            "Tỷ lệ câu trả lời hài lòng và rất hài lòng trong mọi câu trả lời về năm yếu tố; "
            "không tính câu hỏi về mức hài lòng chung."
        )
    if measure == OVERALL:
        return _(
            "Tỷ lệ người chọn hài lòng hoặc rất hài lòng khi được hỏi một câu về cả lần làm "
            "thủ tục."
        )
    return _("Tỷ lệ câu trả lời hài lòng và rất hài lòng về yếu tố này.")


def level_name(level: str) -> str:
    """The level of an agency."""
    return level_names().get(level, level)


def level_names() -> dict[str, str]:
    """Levels of administration from the top down, as filters and tables name them."""
    return {
        "central": _("Cơ quan trung ương"),
        "province": _("Sở, ban, ngành"),
        "district": _("Cấp huyện"),
        "commune": _("Cấp xã"),
    }


def group_names() -> dict[str, str]:
    """What rank sets allow one to say about an agency."""
    return {
        "upper": _("Chắc chắn ở nửa trên"),
        "open": _("Chưa thể nói ở nửa nào"),
        "lower": _("Chắc chắn ở nửa dưới"),
    }


def order_names() -> dict[str, str]:
    """Orders in which the table can stand."""
    return {
        "rank": _("Khoảng hạng, cao trước"),
        "-rank": _("Khoảng hạng, thấp trước"),
        "-estimate": _("Con số, cao trước"),
        "estimate": _("Con số, thấp trước"),
        "name": _("Tên cơ quan"),
        "-response_rate": _("Tỷ lệ trả lời, cao trước"),
        "response_rate": _("Tỷ lệ trả lời, thấp trước"),
        "-dossiers": _("Số hồ sơ, nhiều trước"),
    }


def break_names() -> dict[str, str]:
    """Why a figure does not compare with the one of the period before."""
    return {
        "reorganisation": _("sắp xếp lại bộ máy"),
        "questionnaire": _("đổi phiếu hỏi"),
        "method": _("đổi cách tính"),
    }


def succession_names() -> dict[str, str]:
    """How one agency became another."""
    return {
        "merge": _("sáp nhập"),
        "split": _("chia tách"),
        "rename": _("đổi tên"),
        "dissolve": _("giải thể"),
        "level_change": _("chuyển cấp"),
        "unchanged": _("giữ nguyên"),
    }
