"""Who may come in: staff by role, programs by key."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Request
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler

from app.access.sessions import Connection, extras, staff_of
from surveys import accounts
from surveys.accounts import Program, Role, Staff

Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]


def signed_in(connection: Connection) -> Staff:
    """The person who is signed in, even one who must still change the password."""
    staff = staff_of(connection)
    if staff is None:
        raise NotAuthorizedException
    return staff


async def requires_sign_in(connection: Connection, _handler: BaseRouteHandler) -> None:
    """Let in whoever is signed in."""
    signed_in(connection)


def requires(*roles: Role) -> Guard:
    """Let in these roles (any role when none is named), once a temporary password is changed."""

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        staff = signed_in(connection)
        if staff.must_change_password:
            # The sign-in page sends such a person on to the form for a new password.
            raise NotAuthorizedException
        if roles and staff.role not in roles:
            raise PermissionDeniedException

    return guard


def requires_key(purpose: str) -> Guard:
    """Let in programs with a key for this purpose, sent as `Authorization: Bearer …`."""

    async def guard(connection: Connection, _handler: BaseRouteHandler) -> None:
        kind, _space, key = connection.headers.get("authorization", "").partition(" ")
        known = (
            await accounts.find_program(key.strip(), purpose) if kind.lower() == "bearer" else None
        )
        if known is None:
            raise NotAuthorizedException(headers={"WWW-Authenticate": "Bearer"})
        extras(connection)["program"] = known

    return guard


def program_of(request: Request[Any, Any, Any]) -> Program:
    """The program that `requires_key` let in."""
    program: Program = extras(request)["program"]
    return program
