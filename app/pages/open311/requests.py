"""Cases as Open311's requests: those that are public, and a program's own."""

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from litestar import Response, get
from litestar.params import FromPath

from app.described import OPEN_OR_KEYED
from app.forms import YEARS
from app.pages.open311.callers import caller, check_place
from app.pages.open311.describing import ASKED, shows
from app.pages.open311.examples import REQUESTS, TOKEN, answers
from app.pages.open311.formats import ERRORS, AnyRequest, Open311Error, answer, split_name
from app.pages.open311.services import BASE, TAGS
from app.rendering import ZONE, _, language
from surveys.days import local_day
from surveys.reflections import (
    RequestFilters,
    list_requests,
    list_types,
    read_reference,
    state_title,
)
from surveys.reflections.states import OPEN

LONGEST: Final = timedelta(days=90)
# What is public may change at any time; what a program sees is its own.
FRESH: Final = {"Cache-Control": "no-cache"}
PRIVATE: Final = {"Cache-Control": "no-store"}


@get(
    [f"{BASE}/requests.json", f"{BASE}/requests.xml"],
    opt={"public": True}, tags=TAGS, exception_handlers=ERRORS,
    responses=answers(REQUESTS, "Cases, newest first."), security=OPEN_OR_KEYED,
    operation_class=shows("service_requests", ASKED),
)  # fmt: skip
async def give_requests(request: AnyRequest) -> Response[bytes]:
    """List cases of the last 90 days or of a span, at most 1000, newest first.

    Public ones to everybody; with a key also those that its program sent. `service_request_id`,
    `service_code`, `status` take several values with commas; `page` goes on.
    """
    check_place(request)
    program = await caller(request)
    found = await list_requests(_filters(dict(request.query_params)), program)
    said = await describe(found)
    return answer(request, "service_requests", said, headers=PRIVATE if program else FRESH)


@get(
    f"{BASE}/requests/{{name:str}}",
    opt={"public": True}, tags=TAGS, exception_handlers=ERRORS,
    responses=answers(REQUESTS, "A list of the one case."), security=OPEN_OR_KEYED,
    operation_class=shows("service_requests"),
)  # fmt: skip
async def give_request(name: FromPath[str], request: AnyRequest) -> Response[bytes]:
    """Give one case; `name` is its service_request_id with .json or .xml."""
    reference = read_reference(split_name(name))
    check_place(request)
    program = await caller(request)
    found = await list_requests(RequestFilters(references=[reference]), program)
    if not found:
        raise Open311Error(404, _("Không có vụ việc công khai nào mang mã này."))
    said = await describe(found)
    return answer(request, "service_requests", said, headers=PRIVATE if program else FRESH)


@get(
    f"{BASE}/tokens/{{name:str}}",
    opt={"public": True}, tags=TAGS, exception_handlers=ERRORS,
    responses=answers(TOKEN, "The id."), security=OPEN_OR_KEYED,
    operation_class=shows("service_requests"),
)  # fmt: skip
async def give_token(name: FromPath[str], request: AnyRequest) -> Response[bytes]:
    """Answer clients that ask for tokens: ids are given at once, so a token is the id itself."""
    reference = read_reference(split_name(name))
    check_place(request)
    program = await caller(request)
    if not await list_requests(RequestFilters(references=[reference]), program):
        raise Open311Error(404, _("Không có vụ việc công khai nào mang mã này."))
    said = [{"service_request_id": reference, "token": reference}]
    return answer(request, "service_requests", said, headers=PRIVATE if program else FRESH)


async def describe(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Cases in the fields of Open311, without place on a map and without files."""
    names = await list_types(retired=True)
    return [_described(row, names) for row in rows]


def _described(row: dict[str, Any], names: dict[str, dict[str, str]]) -> dict[str, Any]:
    name = names.get(row["type"], {}).get(language.get(), row["type"])
    changed = row["changed_at"] or _moment(row["published_on"])
    return {
        "service_request_id": row["reference"],
        "status": "open" if row["state"] in OPEN else "closed",
        "status_notes": row["reply"] or state_title(row["state"], language.get()),
        "service_name": name,
        "service_code": row["type"],
        "description": row["question"] or row["title"],
        "agency_responsible": row["agency_name"],
        "service_notice": row["explanation"] or None,
        "requested_datetime": _written(_moment(row["received_on"])),
        "updated_datetime": _written(changed),
        "expected_datetime": _written(row["due_at"]),
        "address": row["agency_name"],
        "address_id": None,
        "zipcode": None,
        "lat": None,
        "long": None,
        "media_url": None,
    }


def _filters(asked: dict[str, str]) -> RequestFilters:
    if references := _several(asked.get("service_request_id", "")):
        return RequestFilters(references=[read_reference(one) for one in references[:1000]])
    first, last = _span(asked)
    return RequestFilters(
        types=_several(asked.get("service_code", "")),
        first=first,
        last=last,
        opened=_opened(_several(asked.get("status", ""))),
        page=int(page) if (page := asked.get("page", "")).isdecimal() and len(page) < 9 else 1,
    )


def _opened(statuses: list[str]) -> bool | None:
    if unknown := set(statuses) - {"open", "closed"}:
        raise Open311Error(400, _("status chỉ nhận open hoặc closed, không phải {given}.",
                                  given=", ".join(sorted(unknown))))  # fmt: skip
    return statuses[0] == "open" if len(set(statuses)) == 1 else None


def _span(asked: dict[str, str]) -> tuple[date, date]:
    """The days that are asked for; without a beginning or end, 90 days from the other."""
    first, last = _day(asked.get("start_date", "")), _day(asked.get("end_date", ""))
    if last is None:
        last = first + LONGEST if first else local_day(datetime.now(ZONE))
    if first is None:
        first = last - LONGEST
    if last - first > LONGEST:
        raise Open311Error(400, _("Khoảng start_date đến end_date không được quá 90 ngày."))
    return first, last


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        # A plus sign that was not escaped comes as a blank.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        found = local_day(moment if moment.tzinfo else moment.replace(tzinfo=ZONE))
    except (ValueError, OverflowError):
        found = None
    if found is None or found.year not in YEARS:
        raise Open311Error(400, _("Ngày giờ viết theo ISO 8601, ví dụ 2026-11-27T08:00:00+07:00."))  # fmt: skip
    return found


def _several(text: str) -> list[str]:
    return [part for one in text.split(",") if (part := _plain(one))]


def _plain(text: str) -> str:
    return text.replace("\0", "").strip()


def _moment(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), ZONE) if day else None


def _written(moment: datetime | None) -> str | None:
    return moment.astimezone(ZONE).isoformat(timespec="seconds") if moment else None


routes = [give_requests, give_request, give_token]
