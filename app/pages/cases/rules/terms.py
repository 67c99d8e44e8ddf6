"""Terms: the focal point with a decision of the province in hand, which names days."""

from datetime import UTC, date, datetime
from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import signed_in
from app.forms import day_of, read_form, refuse_form, see_other, translate
from app.pages.cases.people import AnyRequest
from app.pages.cases.rules.common import ADDRESS as ROOM
from app.pages.cases.rules.common import (
    CLOCKS,
    GUARDS,
    UNITS,
    agency_id,
    around,
    type_names,
    whole,
)
from app.pages.cases.words import CHANNELS
from app.rendering import _, language, page
from surveys import accounts, reflections
from surveys.accounts import FieldError
from surveys.days import local_day
from surveys.reflections import NewRule

ADDRESS = f"{ROOM}/terms"
NAMES = ("clock", "amount", "unit", "source", "valid_from", "agency", "type", "channel")

# Marks texts that are translated where the reader is known.
N_ = str

DONE = {
    "saved": N_("Đã lưu. Vụ việc đang chạy giữ thời hạn cũ của mình."),
    "removed": N_("Đã bỏ thời hạn này; thời hạn rộng hơn có hiệu lực trở lại."),
}


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_terms(request: AnyRequest) -> Template:
    """Show the shipped terms and those that the office entered."""
    done = translate(DONE).get(request.query_params.get("done", ""), "")
    today = str(local_day(datetime.now(UTC)))
    given = dict.fromkeys(NAMES, "") | {"clock": "answer", "valid_from": today}
    return page("cases/rules/terms.html", errors={}, done=done, given=given, **await _context())


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_term(request: AnyRequest) -> Template | Redirect:
    """Enter a term."""
    typed = await read_form(request, *NAMES)
    try:
        await reflections.set_rule(await _rule(typed), actor=signed_in(request).id)
    except FieldError as error:
        errors = {error.field: error.told(_)}
        context = await _context()
        return refuse_form("cases/rules/terms.html", errors, done="", given=typed, **context)
    return see_other(f"{ADDRESS}?done=saved")


@post(f"{ADDRESS}/{{rule:int}}/remove", guards=GUARDS, include_in_schema=False)
async def post_remove_term(rule: FromPath[int], request: AnyRequest) -> Redirect:
    """Take a term back."""
    await reflections.remove_rule(rule, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}?done=removed")


async def _rule(typed: dict[str, str]) -> NewRule:
    if typed["type"] and typed["type"] not in await reflections.list_types(retired=True):
        raise FieldError("type", N_("Hãy chọn loại vụ việc."))
    if typed["channel"] and typed["channel"] not in CHANNELS:
        raise FieldError("channel", N_("Hãy chọn cách gửi đến."))
    return NewRule(
        clock=typed["clock"],
        amount=whole(typed["amount"]),
        unit=typed["unit"],
        source=typed["source"],
        valid_from=_day(typed["valid_from"]),
        case_type=typed["type"] or None,
        agency=await agency_id(typed["agency"]),
        channel=typed["channel"] or None,
    )


def _day(typed: str) -> date:
    found = day_of(typed)
    if found is None:
        raise FieldError("valid_from", N_("Hãy chọn một ngày."))
    return found


async def _context() -> dict[str, Any]:
    everything = {"": _("Tất cả")}
    return around("terms") | {
        "shipped": reflections.shipped_terms(),
        "language": language.get(),
        "rules": await reflections.list_rules(),
        "clocks": translate(CLOCKS),
        "units": translate(UNITS),
        "types": everything | await type_names(),
        "all_types": await type_names(retired=True),
        "channels": everything | translate(CHANNELS),
        "agencies": await accounts.suggest_agencies(),
        "today": local_day(datetime.now(UTC)),
    }


routes = [show_terms, post_term, post_remove_term]
