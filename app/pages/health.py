"""Whether the program lives, and whether it can serve; for whoever watches the machine."""

from typing import Any

import asyncpg
import msgspec
from litestar import Request, get
from litestar.exceptions import ServiceUnavailableException

from app.database import pending_migrations


class Health(msgspec.Struct, frozen=True):
    """`ok` when all is well; otherwise the answer is a problem with status 503."""

    status: str


@get("/health/live", opt={"public": True}, tags=["health"], summary="Is the program running?")
async def show_live() -> Health:
    """Answer while the process runs, whatever the database does."""
    return Health("ok")


@get("/health/ready", opt={"public": True}, tags=["health"], summary="Can it serve?")
async def show_ready(request: Request[Any, Any, Any]) -> Health:
    """Answer when the database is reached, at the newest migration, and ratings are taken."""
    try:
        pending = await pending_migrations()
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ServiceUnavailableException("The database does not answer.") from error
    if pending:
        raise ServiceUnavailableException(f"Run `sipas migrate`; missing: {', '.join(pending)}.")
    if request.app.state.intake.closing:
        raise ServiceUnavailableException("The program is stopping; ask another one.")
    return Health("ok")


routes = [show_live, show_ready]
