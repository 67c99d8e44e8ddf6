"""A case in the words of its citizen: what its state means, why a clock ends when it does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from app.rendering import ZONE, _, day, language, moment
from surveys.calendars import DayPlan
from surveys.reflections import Explanation, event_title, source_words
from surveys.reflections.clocks import Term
from surveys.transactions import Row

# Marks texts that are translated where the reader is known.
N_ = str

# What a state means for the person who waits: a short title, and what happens next.
STATES: Final = {
    "new": (
        N_("Đã gửi, chờ tiếp nhận"),
        N_("Cơ quan chưa mở sổ vụ việc này. Bạn chưa cần làm gì."),
    ),
    "received": (
        N_("Đã tiếp nhận"),
        N_("Cơ quan đã vào sổ và đang xem có thuộc thẩm quyền không."),
    ),
    "information_asked": (
        N_("Đang chờ bạn bổ sung"),
        N_("Cơ quan hỏi thêm. Trong lúc chờ bạn, hạn trả lời tạm dừng."),
    ),
    "not_accepted": (
        N_("Không được tiếp nhận"),
        N_("Cơ quan nêu lý do ở dưới. Nếu không đồng ý, bạn có thể mở lại trong hạn."),
    ),
    "in_hand": (N_("Đang xử lý"), N_("Cơ quan đã nhận việc này và đang giải quyết.")),
    "extended": (
        N_("Đang xử lý, đã gia hạn"),
        N_("Cơ quan đã xin thêm thời gian một lần và không gia hạn được nữa."),
    ),
    "drafted": (N_("Đang duyệt câu trả lời"), N_("Câu trả lời đã soạn xong và đang được duyệt.")),
    "inadequate": (
        N_("Câu trả lời phải làm lại"),
        N_("Bản trả lời chưa đạt nên cơ quan đang viết lại."),
    ),
    "answered": (
        N_("Đã trả lời"),
        N_("Câu trả lời ở dưới. Chỉ bạn mới nói được là đã thỏa đáng chưa."),
    ),
    "published": (
        N_("Đã trả lời và công khai"),
        N_("Câu trả lời ở dưới. Chỉ bạn mới nói được là đã thỏa đáng chưa."),
    ),
    "settled": (N_("Đã thỏa đáng"), N_("Bạn đã xác nhận việc này thỏa đáng.")),
    "reopened": (N_("Bạn đã mở lại"), N_("Cơ quan phải xem lại và trả lời trong hạn mới.")),
}
CLOCKS: Final = {
    "answer": N_("Hạn trả lời"),
    "ask": N_("Hạn để bạn bổ sung"),
    "verdict": N_("Hạn để bạn mở lại"),
}
WEEKDAYS: Final = (
    N_("thứ Hai"), N_("thứ Ba"), N_("thứ Tư"), N_("thứ Năm"), N_("thứ Sáu"), N_("thứ Bảy"),
    N_("Chủ nhật"),
)  # fmt: skip
TERMS: Final = {
    "working_days": N_("{number} ngày làm việc"),
    "working_hours": N_("{number} giờ làm việc"),
    "calendar_days": N_("{number} ngày, tính cả ngày nghỉ"),
}
LEVELS: Final = (
    N_("Rất không hài lòng"), N_("Không hài lòng"), N_("Bình thường"), N_("Hài lòng"),
    N_("Rất hài lòng"),
)  # fmt: skip
CHANGES: Final = {"planned": N_("Sẽ thay đổi"), "made": N_("Đã thay đổi")}
MOST_NAMED: Final = 6


def weekday_moment(at: datetime) -> str:
    """A moment with its weekday: "thứ Ba 28/04/2026, 14:30"."""
    local = at.astimezone(ZONE)
    name = _(WEEKDAYS[local.weekday()])
    return f"{name} {local:%d/%m/%Y}, {local:%H:%M}"


def term_words(term: Term) -> str:
    """How long: "15 ngày làm việc"."""
    return _(TERMS[term.unit], number=term.amount)


def clock_words(name: str, clock: Explanation) -> dict[str, Any]:
    """A clock as it is shown: its name, its end, how it stands, and how the end was found."""
    steps = [_("{term} kể từ {start}", term=term_words(clock.term), start=moment(clock.started_at))]
    if clock.extra is not None:
        steps.append(_("gia hạn thêm {term}", term=term_words(clock.extra)))
    if clock.holidays:
        steps.append(_("không tính ngày nghỉ: {days}", days=_named(clock.holidays)))
    if clock.swapped:
        steps.append(_("tính cả ngày làm bù: {days}", days=_named(clock.swapped)))
    if clock.moved_from is not None:
        last = f"{_(WEEKDAYS[clock.moved_from.weekday()])} {day(clock.moved_from)}"
        steps.append(_("ngày cuối ({day}) là ngày nghỉ nên dời sang ngày làm việc sau", day=last))
    if clock.paused_minutes >= 1:
        hours = f"{clock.paused_minutes / 60:.1f}".replace(".", ",")
        steps.append(_("cộng {hours} giờ làm việc tạm dừng để chờ bạn", hours=hours))
    return {
        "name": _(CLOCKS[name]),
        "due": weekday_moment(clock.due_at),
        "how": "; ".join(steps) + ".",
        "source": source_words(clock.term.source, language.get()),
        "is_standing": clock.is_standing,
        "is_overdue": clock.is_overdue,
    }


def event_words(event: Row) -> dict[str, Any]:
    """A line of the log as the citizen reads it."""
    detail = event["detail"]
    texts = [detail[key] for key in ("reason", "text") if detail.get(key)]
    to_agency = detail.get("agency_name", "")
    return {
        "at": event["at"],
        "title": event_title(event["name"], language.get()),
        "by": _by(event),
        "mine": event["role"] == "citizen",
        "to_agency": to_agency,
        "texts": texts,
    }


def _by(event: Row) -> str:
    """Who acted, in the words of offices: no account is named."""
    if event["role"] in {"citizen", "system"}:
        return ""
    return _("Đầu mối của tỉnh") if event["role"] == "coordinator" else event["agency_name"]


def _named(plans: Sequence[DayPlan]) -> str:
    """Special days, each name once with its first and last day."""
    spans: dict[str, list[Any]] = {}
    for plan in plans:
        if plan.named is not None:
            english = plan.named.name_en if language.get() == "en" else ""
            spans.setdefault(english or plan.named.name, []).append(plan.day)
    said = [f"{name} ({_span(days)})" for name, days in spans.items()]
    return ", ".join(said[:MOST_NAMED])


def _span(days: list[Any]) -> str:
    first, last = min(days), max(days)
    return day(first) if first == last else f"{first:%d/%m}–{day(last)}"
