"""Times of cases in words: when something is due, and why just then."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.rendering import ZONE, _, day, language, ngettext, number
from surveys.calendars import DayPlan
from surveys.reflections import Explanation, Term, machine, source_words

N_ = str

WEEKDAYS: Final = (
    N_("thứ Hai"),
    N_("thứ Ba"),
    N_("thứ Tư"),
    N_("thứ Năm"),
    N_("thứ Sáu"),
    N_("thứ Bảy"),
    N_("Chủ nhật"),
)
CLOCKS: Final = {
    "receive": N_("Tiếp nhận"),
    "transfer": N_("Chuyển nếu không thuộc thẩm quyền"),
    "answer": N_("Trả lời"),
    "ask": N_("Người gửi bổ sung"),
    "verdict": N_("Người gửi cho biết đã thỏa đáng hay chưa"),
}
KINDS: Final = {"reflection": N_("Phản ánh"), "recommendation": N_("Kiến nghị")}
CHANNELS: Final = {
    "web": N_("Trang web"),
    "kiosk": N_("Ki-ốt"),
    "phone": N_("Điện thoại"),
    "paper": N_("Văn bản giấy"),
    "email": N_("Thư điện tử"),
    "api": N_("Phần mềm khác"),
    "portal": N_("Cổng quốc gia"),
}
PARTS: Final = {
    "original": N_("Nội dung gửi"),
    "addition": N_("Bổ sung"),
    "verdict": N_("Vì sao chưa thỏa đáng"),
}
# More days than this and hours say nothing any more.
DAYS_IN_HOURS: Final = 2
HOUR: Final = 60


def state_names() -> dict[str, str]:
    """All states in words."""
    return {name: titles[language.get()] for name, titles in machine().states.items()}


def due_words(due_at: datetime | None, now: datetime) -> str:
    """How near the end of a term is, in a few words for a list."""
    if due_at is None:
        return _("chờ người gửi")
    at, today = due_at.astimezone(ZONE), now.astimezone(ZONE).date()
    apart = (at.date() - today).days
    if due_at < now:
        if apart == 0:
            return _("quá hạn từ {time} hôm nay", time=f"{at:%H:%M}")
        return ngettext("quá hạn %(num)s ngày", "quá hạn %(num)s ngày", -apart) % {"num": -apart}
    if apart == 0:
        return _("{time} hôm nay", time=f"{at:%H:%M}")
    if apart == 1:
        return _("{time} ngày mai", time=f"{at:%H:%M}")
    return _("{weekday} {day}", weekday=_(WEEKDAYS[at.weekday()]), day=f"{at:%d/%m}")


def due_sign(due_at: datetime | None, now: datetime) -> str:
    """The class of the tag around those words."""
    if due_at is None:
        return "tag-plain"
    if due_at < now:
        return "tag-error"
    is_today = due_at.astimezone(ZONE).date() == now.astimezone(ZONE).date()
    return "tag-warning" if is_today else "tag-plain"


def full_moment(value: datetime) -> str:
    """A moment with its weekday, as people say it."""
    at = value.astimezone(ZONE)
    return _(
        "{time} {weekday} {day}", time=f"{at:%H:%M}", weekday=_(WEEKDAYS[at.weekday()]), day=day(at)
    )


def term_words(term: Term) -> str:
    """A term in words: 15 ngày làm việc."""
    if term.unit == "working_days":
        said = ngettext("%(num)s ngày làm việc", "%(num)s ngày làm việc", term.amount)
    elif term.unit == "working_hours":
        said = ngettext("%(num)s giờ làm việc", "%(num)s giờ làm việc", term.amount)
    else:
        said = ngettext("%(num)s ngày lịch", "%(num)s ngày lịch", term.amount)
    return said % {"num": term.amount}


def office_time(minutes: float, day_minutes: float) -> str:
    """Office time in words: hours below a working day or two, days of this agency above."""
    time, days = abs(minutes), abs(minutes) / day_minutes
    if time < HOUR:
        return _("{minutes} phút làm việc", minutes=round(time))
    if days < DAYS_IN_HOURS:
        return _("{hours} giờ làm việc", hours=number(time / HOUR))
    return _("{days} ngày làm việc", days=number(days))


def explain_words(found: Explanation) -> list[str]:
    """The steps from the beginning of a term to its end, a sentence each."""
    said = [
        _("{term} từ {start}.", term=term_words(found.term), start=full_moment(found.started_at))
    ]
    if found.extra is not None:
        said.append(_("Đã gia hạn thêm {term}.", term=term_words(found.extra)))
    if found.holidays:
        named = ", ".join(_holiday(plan) for plan in found.holidays)
        said.append(_("Nghỉ: {days}.", days=named))
    if found.swapped:
        named = ", ".join(_holiday(plan) for plan in found.swapped)
        said.append(_("Làm bù, có tính: {days}.", days=named))
    if found.moved_from is not None:
        said.append(
            _(
                "Ngày cuối, {weekday} {day}, là ngày nghỉ nên hạn dời sang ngày làm việc kế tiếp.",
                weekday=_(WEEKDAYS[found.moved_from.weekday()]),
                day=f"{found.moved_from:%d/%m}",
            )
        )
    if found.paused_minutes >= 1:
        stood = office_time(found.paused_minutes, found.day_minutes)
        said.append(_("Đã dừng {time} để chờ người gửi.", time=stood))
    if found.is_standing:
        said.append(_("Đồng hồ đang dừng; nếu chạy lại ngay bây giờ thì hạn là như trên."))
    if found.term.source:
        source = source_words(found.term.source, language.get())
        said.append(_("Căn cứ: {source}.", source=source.rstrip(".")))
    return said


def _holiday(plan: DayPlan) -> str:
    name = ""
    if plan.named is not None:
        is_english = language.get() == "en"
        name = plan.named.name_en if is_english and plan.named.name_en else plan.named.name
    return f"{plan.day:%d/%m}" + (f" ({name})" if name else "")


def tell_clocks(clocks: Mapping[str, Explanation]) -> list[dict[str, Any]]:
    """The running clocks, the nearest end first, with the way to it."""
    return [
        {
            "name": _(CLOCKS[name]),
            "due": full_moment(found.due_at),
            "left": left_words(found),
            "is_overdue": found.is_overdue,
            "steps": explain_words(found),
        }
        for name, found in sorted(clocks.items(), key=lambda one: one[1].due_at)
    ]


def left_words(found: Explanation) -> str:
    """How much office time is left, or since when there is none."""
    if found.is_standing:
        return _("đang dừng")
    time = office_time(found.left_minutes, found.day_minutes)
    return _("quá hạn {time}", time=time) if found.is_overdue else _("còn {time}", time=time)
