"""How voices were answered, for those who answer: all agencies, or one's own."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Template

from app.access import Role, requires, signed_in
from app.forms import clean
from app.loops import LoopTable, office_table
from app.pages.loop.words import RATIOS, as_file, describe, read_name
from app.rendering import ZONE, _, page
from surveys import accounts
from surveys.errors import InputError, NotFoundError
from surveys.periods import Period, parse_period

ADDRESS = "/office/loop"
GUARDS = [requires(Role.ADMINISTRATOR, Role.ANALYST, Role.AGENCY)]
QUARTERS = 5
SIZE = 40

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_loop(request: AnyRequest) -> Template:
    """Show what became of the cases of a period, as it stands now."""
    typed = clean(request.query_params.get("period", ""))
    quarters = _last_quarters()
    errors, period = {}, quarters[0]
    try:
        period = parse_period(typed) if typed else period
    except InputError as error:
        errors = {"period": error.told(_)}
    table = await _table(request, period)
    lines = sorted(table.lines, key=_late_first)
    pages = max(1, -(-len(lines) // SIZE))
    number = request.query_params.get("page", "")
    at = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    at = min(max(at, 1), pages)
    own = signed_in(request).agency_id
    return page(
        "loop/office.html",
        status_code=422 if errors else 200,
        typed=typed or period.name,
        errors=errors,
        quarters=quarters,
        lines=lines[(at - 1) * SIZE : at * SIZE],
        own=None if own is None else await accounts.agency_name(own),
        number_of_page=at,
        pages=pages,
        **describe(table),
    )


@get(f"{ADDRESS}/{{name:str}}", guards=GUARDS, include_in_schema=False)
async def download_loop(name: FromPath[str], request: AnyRequest) -> Response[bytes]:
    """Hand over the figures of a period, or its three ratios, as a file."""
    stem = read_name(name)
    try:
        period = parse_period(stem.removesuffix(RATIOS))
    except InputError:
        raise NotFoundError(_("Không có tệp nào như vậy.")) from None
    return as_file(await _table(request, period), stem)


async def _table(request: AnyRequest, period: Period) -> LoopTable:
    return await office_table(
        period,
        datetime.now(UTC),
        minimum=request.app.state.settings.minimum_published,
        agency=signed_in(request).agency_id,
    )


def _late_first(line: Any) -> tuple[bool, float, str]:
    """Where help is needed most stands first; agencies without a figure last."""
    share = line.loop.shares["in_time"]
    return share is None, share.estimate if share else 0.0, line.name


def _last_quarters() -> list[Period]:
    today = datetime.now(UTC).astimezone(ZONE)
    found = [parse_period(f"{today.year}-Q{(today.month + 2) // 3}")]
    while len(found) < QUARTERS:
        found.append(found[-1].previous)
    return found
