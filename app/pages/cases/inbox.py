"""The inbox: what is on whose desk, and what is late, for somebody whose phone is ringing."""

from datetime import UTC, datetime
from typing import Any, Final

from litestar import get, post
from litestar.response import Redirect, Template

from app.forms import clean, number_of, own_address, read_form, see_other, translate
from app.pages.cases.bulk import read_cases, told_result
from app.pages.cases.filters import (
    VIEWS,
    list_address,
    page_number,
    query_of,
    read_filters,
)
from app.pages.cases.people import ADDRESS, GUARDS, AnyRequest, actor_of
from app.pages.cases.words import CHANNELS, KINDS, due_sign, due_words, state_names
from app.rendering import _, language, page
from surveys import reflections
from surveys.reflections import Actor, Filters

N_ = str

# Name in the counts, what it is called, and what stands in the address for it.
VIEW_CHIPS: Final = (
    ("mine", N_("Của tôi"), {"scope": "mine"}),
    ("open", N_("Cả đơn vị"), {"scope": "agency"}),
    ("unowned", N_("Chưa ai nhận"), {"scope": "unowned"}),
    ("overdue", N_("Quá hạn"), {"scope": "agency", "due": "overdue"}),
    ("today", N_("Đến hạn hôm nay"), {"scope": "agency", "due": "today"}),
    ("drafted", N_("Chờ duyệt hoặc gửi"), {"scope": "agency", "state": "drafted"}),
    ("", N_("Cả đã trả lời"), {"scope": "agency", "state": "any"}),
)
EVERYWHERE: Final = N_("Toàn tỉnh")


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_inbox(request: AnyRequest) -> Template:
    """List cases; without a word in the address, one's own, or the unit's where one has none."""
    by, now = await actor_of(request), datetime.now(UTC)
    counts = await reflections.inbox_counts(by, now=now)
    filters = read_filters(request, scope="mine" if counts.get("mine") else "agency")
    found = await reflections.inbox(filters, by, page=page_number(request), now=now)
    return page(
        "cases/inbox.html",
        rows=[_row(row, now, state_names()) for row in found.rows],
        found=found,
        filters=filters,
        chips=_chips(filters, counts, by),
        counts=counts,
        address=list_address(query_of(filters)),
        older=list_address(query_of(filters, page=found.page + 1)),
        newer=list_address(query_of(filters, page=found.page - 1)),
        everywhere=list_address(query_of(filters, scope="agency", due="", state="any")),
        plain=list_address({name: getattr(filters, name) for name in VIEWS}),
        narrowed=query_of(filters).keys() - {*VIEWS, "order"},
        told=told_result(request) or _left(request),
        **await _choices(filters, by),
    )


@post(f"{ADDRESS}/assign", guards=GUARDS, include_in_schema=False)
async def post_assign(request: AnyRequest) -> Redirect:
    """Give all cases that were ticked to one person, and say how many went through."""
    by = await actor_of(request)
    typed = await read_form(request, "owner", "back")
    cases = await read_cases(request)
    told = ""
    owner = number_of(typed["owner"])
    if owner is not None and cases:
        words = await reflections.assign(cases, owner, by)
        kinds = list(words.values())
        told = "-".join(str(kinds.count(name)) for name in ("assigned", "unchanged", "refused"))
    back = own_address(typed["back"], ADDRESS)
    return see_other(f"{back}{'&' if '?' in back else '?'}told={told or 'none'}")


def _left(request: AnyRequest) -> str:
    """What is said after a case went to another agency, where it cannot be opened from here."""
    left = clean(request.query_params.get("left", ""))[:20]
    return _("Đã chuyển {code} cho cơ quan khác.", code=left) if left else ""


def _row(row: dict[str, Any], now: datetime, states: dict[str, str]) -> dict[str, Any]:
    is_open = row["state"] in reflections.OPEN
    return row | {
        "state_name": states[row["state"]],
        "due_words": due_words(row["due_at"], now) if is_open else "",
        "due_sign": due_sign(row["due_at"], now),
    }


def _chips(filters: Filters, counts: dict[str, int], by: Actor) -> list[dict[str, Any]]:
    """The views with their counts; the one that is open is marked."""
    here = {name: value for name, value in query_of(filters).items() if name in VIEWS}
    chips = []
    for name, title, query in VIEW_CHIPS:
        if name == "mine" and by.agency is None:
            continue
        shown = EVERYWHERE if name == "open" and by.agency is None else title
        chips.append(
            {
                "title": _(shown),
                "count": counts.get(name),
                "address": list_address(query),
                "current": query == here,
                "urgent": name == "overdue" and bool(counts.get(name)),
            }
        )
    return chips


async def _choices(filters: Filters, by: Actor) -> dict[str, Any]:
    """What the lists of the filter form offer."""
    agency = by.agency or filters.agency
    types = await reflections.list_types(retired=True)
    return {
        "is_coordinator": by.agency is None,
        "types": {key: names[language.get()] for key, names in types.items()},
        "kinds": translate(KINDS),
        "channels": translate(CHANNELS),
        "states": _states(),
        "colleagues": await reflections.list_colleagues(agency, by) if agency else [],
        "agencies": await _agencies(by),
    }


async def _agencies(by: Actor) -> dict[int, str]:
    if by.agency is not None:
        return {}
    return {row["id"]: row["name"] for row in await reflections.list_agencies()}


def _states() -> dict[str, str]:
    groups = {"open": _("Chưa trả lời"), "answered": _("Đã có trả lời"), "any": _("Tất cả")}
    return groups | state_names()


routes = [show_inbox, post_assign]
