"""People who work here, for tests: made, signed in, and sending forms."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from surveys.accounts import Role, create_account
from tests.factories import make_agency

PASSWORD = "cây đa bến nước 7"


async def make_person(role: Role, username: str = "", *, must_change: bool = False) -> int:
    """An account named after its role; one of an agency gets an agency of its own."""
    agency = await make_agency() if role is Role.AGENCY else None
    return await create_account(
        username or role.value,
        role,
        password=PASSWORD,
        actor=None,
        agency_id=agency,
        must_change=must_change,
    )


async def post(client: httpx.AsyncClient, address: str, /, **typed: str) -> httpx.Response:
    """Send a form as a browser does: with the token that a page gave out."""
    if "csrf" not in client.cookies:
        await client.get("/sign-in")
    headers = {"accept": "text/html"}
    return await client.post(
        address, data=typed | {"_csrf_token": client.cookies["csrf"]}, headers=headers
    )


async def sign_in(
    client: httpx.AsyncClient, username: str, password: str = PASSWORD, **typed: str
) -> httpx.Response:
    """Fill in the form for signing in."""
    return await post(client, "/sign-in", username=username, password=password, **typed)


@asynccontextmanager
async def visitor(server: str) -> AsyncIterator[httpx.AsyncClient]:
    """Another browser. It speaks plain HTTP, so no list of authorities is read for it."""
    async with httpx.AsyncClient(base_url=server, timeout=20, verify=False) as client:
        yield client


async def get(client: httpx.AsyncClient, address: str) -> httpx.Response:
    """Open a page as a browser does."""
    return await client.get(address, headers={"accept": "text/html"})
