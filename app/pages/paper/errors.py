"""Errors of keying: how many fields each operator got wrong, month by month."""

import asyncio

from litestar import get
from litestar.response import Template

from app.access import Role, requires
from app.paper.rates import error_rates
from app.rendering import page
from surveys import paper


@get(
    "/office/keying",
    guards=[requires(Role.ADMINISTRATOR, Role.ANALYST)],
    include_in_schema=False,
)
async def show_errors() -> Template:
    """Show wrong fields ÷ keyed fields with its interval."""
    rates = await asyncio.to_thread(error_rates, await paper.list_tallies())
    return page("paper/errors.html", rates=rates)


routes = [show_errors]
