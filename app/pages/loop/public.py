"""How voices were answered, for everybody: quarters that are over, small cells hidden."""

from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath
from litestar.response import Template

from app.forms import clean
from app.loops import LoopTable, public_quarters, public_table
from app.pages.loop.words import RATIOS, as_file, describe, read_name
from app.rendering import _, page
from surveys.errors import NotFoundError
from surveys.periods import Period

ADDRESS = "/answers/figures"

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, opt={"public": True}, include_in_schema=False)
async def show_figures(request: AnyRequest) -> Template:
    """Show what became of the cases of a quarter."""
    quarters = public_quarters(datetime.now(UTC))
    typed = clean(request.query_params.get("period", ""))
    table = await _table(request, _find(quarters, typed) if typed else quarters[0])
    lines = [line for line in table.lines if line.loop.received is not None]
    return page(
        "loop/public.html",
        quarters=quarters,
        lines=lines,
        withheld=sorted(line.name for line in table.lines if line.loop.received is None),
        **describe(table),
    )


@get(f"{ADDRESS}/{{name:str}}", opt={"public": True}, include_in_schema=False)
async def download_figures(name: FromPath[str], request: AnyRequest) -> Response[bytes]:
    """Hand over the figures of a quarter, or its three ratios, as a file."""
    stem = read_name(name)
    period = _find(public_quarters(datetime.now(UTC)), stem.removesuffix(RATIOS))
    return as_file(await _table(request, period), stem)


async def _table(request: AnyRequest, period: Period) -> LoopTable:
    return await public_table(period, minimum=request.app.state.settings.minimum_published)


def _find(quarters: list[Period], name: str) -> Period:
    """The quarter of this name; raises NotFoundError for one that is not told."""
    for quarter in quarters:
        if quarter.name == name:
            return quarter
    raise NotFoundError(_("Chỉ có số liệu của các quý đã qua. Hãy chọn một quý trong danh sách."))
