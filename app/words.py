"""The words for figures and states that several pages share, in the reader's language."""

from app.rendering import _

OVERALL = "overall_rating"
INDEX = "index"


def measure_names() -> dict[str, str]:
    """Measures in the order in which they are shown."""
    return {
        INDEX: _("Chỉ số hài lòng"),
        OVERALL: _("Mức hài lòng chung"),
        "factor_access": _("Tiếp cận dịch vụ"),
        "factor_procedures": _("Thủ tục hành chính"),
        "factor_officials": _("Công chức phục vụ"),
        "factor_result": _("Kết quả nhận được"),
        "factor_feedback": _("Tiếp nhận góp ý"),
    }


def state_names() -> dict[str, str]:
    """The states of a run."""
    return {
        "draft": _("Bản nháp"),
        "published": _("Đang công bố"),
        "withdrawn": _("Đã rút"),
        "corrected": _("Đã thay thế"),
    }
