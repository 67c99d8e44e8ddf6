"""Charts of published runs, as they were drawn when the run was published."""

from hashlib import sha256
from uuid import UUID

from litestar import get
from litestar.params import FromPath
from litestar.response import Response

from app.access import cache_for
from app.rendering import _
from surveys.errors import NotFoundError
from surveys.results import get_chart

YEAR_SECONDS = 31_536_000


@get(
    "/charts/{run:uuid}/{name:str}",
    opt={"public": True},
    cache_control=cache_for(YEAR_SECONDS),
    include_in_schema=False,
)
async def show_chart(run: FromPath[UUID], name: FromPath[str]) -> Response[bytes]:
    """Hand over a chart; a run's charts never change, so browsers keep them."""
    stem, dot, kind = name.rpartition(".")
    if not dot or kind != "svg":
        raise NotFoundError(_("Biểu đồ chỉ có dạng .svg."))
    svg = await get_chart(run, stem)
    tag = {"etag": f'"{sha256(svg).hexdigest()[:32]}"'}
    return Response(svg, media_type="image/svg+xml", headers=tag)
