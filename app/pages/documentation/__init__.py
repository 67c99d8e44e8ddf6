"""What visitors may read about the house: method, privacy, and the JSON interface."""

from typing import Any

from litestar import Request, get
from litestar.response import Template

from app.pages.documentation.operations import list_groups, list_records
from app.rendering import page
from app.settings import Settings

AnyRequest = Request[Any, Any, Any]


@get("/method", opt={"public": True}, include_in_schema=False)
async def show_method(request: AnyRequest) -> Template:
    """Say in plain words how the figures come about, and what they cannot say."""
    settings: Settings = request.app.state.settings
    return page("documentation/method.html", minimum=settings.minimum_published)


@get("/privacy", opt={"public": True}, include_in_schema=False)
async def show_privacy(request: AnyRequest) -> Template:
    """Say on one screen what is kept of a rating, and what is not."""
    settings: Settings = request.app.state.settings
    return page(
        "documentation/privacy.html",
        minimum=settings.minimum_published,
        comment_days=settings.comment_days,
        ledger_days=min(settings.ledger_days, settings.resend_days),
    )


@get("/api/docs", opt={"public": True}, include_in_schema=False)
async def show_interface(request: AnyRequest) -> Template:
    """Show the JSON interface as a page, drawn from the description that programs read."""
    described = request.app.openapi_schema.to_schema()
    return page(
        "documentation/interface.html",
        groups=list_groups(described),
        records=list_records(described),
        address=str(request.base_url).rstrip("/"),
    )


routes = [show_method, show_privacy, show_interface]
