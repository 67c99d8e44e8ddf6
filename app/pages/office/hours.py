"""Office hours and days off: an administrator on the day a swap is announced, with ten minutes."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import clean, read_form, refuse_form, see_other, translate
from app.kiosk_config import forget_configs
from app.pages.office.scopes import Chosen, own_scope
from app.rendering import _, day, language, page
from surveys import accounts, calendars, kiosks
from surveys.accounts import FieldError
from surveys.calendars import STANDARD, WEEKDAYS, Calendar, CalendarError, DayPlan, Week
from surveys.days import ZONE, local_day
from surveys.kiosks import Scope

ADDRESS = "/office/hours"
ADMINISTRATOR = [requires(Role.ADMINISTRATOR)]
READERS = [requires(Role.ADMINISTRATOR, Role.AGENCY)]
FIELDS = {number: f"weekday_{number}" for number in WEEKDAYS}
YEARS = range(2000, 2099)

AnyRequest = Request[Any, Any, Any]

# Marks texts that are translated where the reader is known.
N_ = str

DONE = {
    "week": N_("Đã lưu giờ làm việc. Ki-ốt nhận giờ mới trong vài phút."),
    "removed": N_("Đã bỏ giờ làm việc bắt đầu từ ngày đó."),
    "day": N_("Đã ghi ngày này. Ki-ốt nhận trong vài phút."),
    "day_removed": N_("Đã bỏ ngày này."),
}
KINDS = {"holiday": N_("Nghỉ"), "working": N_("Làm việc")}


@get(ADDRESS, guards=READERS, include_in_schema=False)
async def show_hours(request: AnyRequest) -> Template:
    """Show the week, the days of a year, and what a day would be."""
    chosen = await own_scope(request)
    done = translate(DONE).get(request.query_params.get("done", ""), "")
    return page("office/hours.html", errors={}, done=done, **await _context(chosen, request))


@post(ADDRESS, guards=ADMINISTRATOR, include_in_schema=False)
async def post_hours(request: AnyRequest) -> Template | Redirect:
    """Enter a week that holds from one day on."""
    typed = await read_form(request, "agency", "valid_from", *FIELDS.values())
    scope = await kiosks.find_scope(agency=typed["agency"])
    errors: dict[str, str] = {}
    week: dict[int, tuple[calendars.Span, ...]] = {}
    for number, name in FIELDS.items():
        try:
            week[number] = calendars.parse_spans(typed[name], name)
        except FieldError as error:
            errors[name] = error.told(_)
    try:
        first = _day(typed["valid_from"], "valid_from")
        if not errors:
            await calendars.set_hours(
                week, first, agency_id=scope.agency, actor=signed_in(request).id
            )
    except FieldError as error:
        errors[error.field] = error.told(_)
    if errors:
        return await _refuse(scope, request, errors, typed)
    forget_configs()
    return see_other(Chosen(scope).address(ADDRESS, done="week"))


@post(f"{ADDRESS}/remove", guards=ADMINISTRATOR, include_in_schema=False)
async def post_remove_hours(request: AnyRequest) -> Redirect:
    """Take back a week that holds from one day on."""
    typed = await read_form(request, "agency", "first")
    scope = await kiosks.find_scope(agency=typed["agency"])
    await calendars.remove_hours(
        _day(typed["first"], "valid_from"), agency_id=scope.agency, actor=signed_in(request).id
    )
    forget_configs()
    return see_other(Chosen(scope).address(ADDRESS, done="removed"))


@post(f"{ADDRESS}/days", guards=ADMINISTRATOR, include_in_schema=False)
async def post_day(request: AnyRequest) -> Template | Redirect:
    """Say that a day is off, or worked instead."""
    typed = await read_form(request, "agency", "day", "kind", "name", "like")
    scope = await kiosks.find_scope(agency=typed["agency"])
    try:
        one = _day(typed["day"], "day")
        like = typed["like"]
        await calendars.set_day(
            one,
            typed["kind"],
            typed["name"],
            # Anything that is no number of a weekday is refused by the calendar.
            like_weekday=(int(like) if like in map(str, WEEKDAYS) else 0) if like else None,
            agency_id=scope.agency,
            actor=signed_in(request).id,
        )
    except FieldError as error:
        return await _refuse(scope, request, {error.field: error.told(_)}, typed)
    forget_configs()
    more = {"year": str(one.year), "date": str(one), "done": "day"}
    return see_other(Chosen(scope).address(ADDRESS, **more) + "#days")


@post(f"{ADDRESS}/days/{{special_day:int}}/remove", guards=ADMINISTRATOR, include_in_schema=False)
async def post_remove_day(special_day: FromPath[int], request: AnyRequest) -> Redirect:
    """Take back what was said of a day."""
    typed = await read_form(request, "agency", "year")
    scope = await kiosks.find_scope(agency=typed["agency"])
    await calendars.remove_day(special_day, actor=signed_in(request).id)
    forget_configs()
    return see_other(
        Chosen(scope).address(ADDRESS, year=str(_year(typed["year"])), done="day_removed") + "#days"
    )


def tell_day(calendar: Calendar, one: date) -> str:
    """What a day is, and when the office opens again if nobody works."""
    plan = calendars.plan_of(calendar, one)
    called = _called(plan)
    head = f"{_weekday(one)} {day(one)}"
    if plan.is_working:
        spans = calendars.spell_spans(plan.spans)
        if called:
            return _("{day}: làm việc {spans} ({name}).", day=head, spans=spans, name=called)
        return _("{day}: làm việc {spans}.", day=head, spans=spans)
    closed = _("{day}: nghỉ.", day=head)
    if called:
        closed = _("{day}: nghỉ ({name}).", day=head, name=called)
    try:
        opens = calendars.next_opening(calendar, datetime.combine(one, time(), ZONE))
    except CalendarError as error:
        return f"{closed} {error.told(_)}"
    again = f"{_weekday(opens.date())} {day(opens.date())}"
    return closed + " " + _("Mở lại lúc {time}, {day}.", time=f"{opens:%H:%M}", day=again)


def _called(plan: DayPlan) -> str:
    if plan.named is None:
        return ""
    return plan.named.name_en if language.get() == "en" else plan.named.name


def _weekday(one: date) -> str:
    return _(WEEKDAYS[one.isoweekday()])


async def _refuse(
    scope: Scope, request: AnyRequest, errors: dict[str, str], typed: dict[str, str]
) -> Template:
    context = await _context(Chosen(scope), request)
    context["given"] |= typed
    return refuse_form("office/hours.html", errors, done="", **context)


async def _context(chosen: Chosen, request: AnyRequest) -> dict[str, Any]:
    scope = chosen.scope
    today = local_day(datetime.now(UTC))
    year = _year(request.query_params.get("year", ""))
    asked = _asked(request, today)
    calendar = await calendars.load_calendar(scope.agency)
    timetables = await calendars.list_hours(scope.agency)
    days = await calendars.list_days(year, scope.agency)
    week = _week_now(calendar, today)
    given = {name: calendars.spell_spans(week.get(n, ())) for n, name in FIELDS.items()}
    given |= {"valid_from": str(today), "day": "", "kind": "holiday", "name": "", "like": ""}
    return {
        "chosen": chosen,
        "scope": scope,
        "agencies": await accounts.suggest_agencies(),
        "with_own": await calendars.agencies_with_hours(),
        "may_edit": signed_in(request).role is Role.ADMINISTRATOR,
        "weekdays": translate(WEEKDAYS),
        "week": {number: given[name] for number, name in FIELDS.items()},
        "likes": {"": _("chính ngày đó")} | translate(WEEKDAYS),
        "is_known": calendar.is_known,
        "timetables": [(one, _spelled(one.week)) for one in timetables],
        "today": today,
        "year": year,
        "days": [one | {"weekday": _weekday(one["day"])} for one in days],
        "kinds": translate(KINDS),
        "asked": asked,
        "told": tell_day(calendar, asked),
        "coming": [tell_day(calendar, asked + timedelta(days=n)) for n in range(1, 7)],
        "given": given,
    }


def _week_now(calendar: Calendar, today: date) -> Week:
    held: Week = STANDARD
    for first, week in calendar.timetables:
        if first <= today:
            held = week
    return held


def _spelled(week: Week) -> list[tuple[str, str]]:
    return [
        (_(WEEKDAYS[number]), calendars.spell_spans(week[number]))
        for number in WEEKDAYS
        if week.get(number)
    ]


def _asked(request: AnyRequest, today: date) -> date:
    """The day that was typed; a day that is none is today."""
    try:
        found = date.fromisoformat(clean(request.query_params.get("date", "")))
    except ValueError:
        return today
    return found if found.year in YEARS else today


def _year(text: str) -> int:
    is_year = text.isascii() and text.isdigit() and len(text) == 4 and int(text) in YEARS
    return int(text) if is_year else local_day(datetime.now(UTC)).year


def _day(text: str, field: str) -> date:
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise FieldError(field, N_("Hãy chọn một ngày từ năm 2000 đến năm 2098."))
    return found


routes = [show_hours, post_hours, post_remove_hours, post_day, post_remove_day]
