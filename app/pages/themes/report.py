"""What unsatisfied raters of a period wrote about: a look before it is told to everybody."""

from typing import Any

from litestar import get, post
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import refuse_form, see_other
from app.pages.themes.words import QUESTIONNAIRE, AnyRequest, list_quarters, read_period
from app.rendering import _, page
from app.themes import make_report
from surveys import themes
from surveys.errors import StateError
from surveys.periods import Period

N_ = str

ADDRESS = "/office/themes/report"
GUARDS = [requires(Role.ANALYST)]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_report(request: AnyRequest) -> Template:
    """Show the report of a period: as published, or as it would be."""
    quarters = await list_quarters()
    context = await _context(request, read_period(request, quarters))
    done = request.query_params.get("done", "")
    return page("themes/report.html", errors={}, quarters=quarters, done=done, **context)


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_report(request: AnyRequest) -> Template | Redirect:
    """Publish the report once every comment of an unsatisfied rater was read."""
    quarters = await list_quarters()
    period = read_period(request, quarters)
    context = await _context(request, period)
    try:
        _check(context)
        staff = signed_in(request)
        await themes.publish_report(period, QUESTIONNAIRE, context["document"], actor=staff.id)
    except StateError as error:
        errors = {"": error.told(_)}
        return refuse_form("themes/report.html", errors, quarters=quarters, done="", **context)
    return see_other(f"{ADDRESS}?period={period.name}&done=published")


@post(f"{ADDRESS}/withdraw", guards=GUARDS, include_in_schema=False)
async def post_withdrawal(request: AnyRequest) -> Redirect:
    """Take the report of a period from the public."""
    period = read_period(request, await list_quarters())
    await themes.withdraw_report(period.name, QUESTIONNAIRE, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}?period={period.name}&done=withdrawn")


def _check(context: dict[str, Any]) -> None:
    """Raises StateError where there are no weights, or a comment was not read."""
    if context["document"] is None:
        raise StateError(N_("Hãy công bố kết quả của kỳ trước: quyền số lấy từ đó."))
    if context["progress"]["coded"] < context["progress"]["comments"]:
        raise StateError(N_("Còn góp ý chưa xác nhận chủ đề; đọc hết rồi mới công bố."))


async def _context(request: AnyRequest, period: Period) -> dict[str, Any]:
    minimum = request.app.state.settings.minimum_published
    published = await themes.find_report(period.name, QUESTIONNAIRE)
    document, progress = await make_report(period, QUESTIONNAIRE, minimum=minimum)
    shown = published["document"] if published else document
    codes = list(shown["agencies"]) if shown else []
    return {
        "period": period,
        "published": published,
        "document": document,
        "shown": shown,
        "progress": progress,
        "agencies": await themes.agency_names(codes),
        "minimum": minimum,
    }
