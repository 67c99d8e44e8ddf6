"""Who works on cases: the officials of an agency on its own, the focal point on all."""

from typing import Any
from uuid import UUID

from litestar import Request

from app.access import Role, requires, signed_in
from surveys import reflections
from surveys.reflections import Actor

ADDRESS = "/cases"
GUARDS = [requires(Role.AGENCY, Role.ADMINISTRATOR, Role.ANALYST)]

AnyRequest = Request[Any, Any, Any]


async def actor_of(request: AnyRequest) -> Actor:
    """The person who is signed in, with their roles around cases."""
    return await reflections.staff_actor(signed_in(request))


async def named_case(reference: str, request: AnyRequest) -> tuple[UUID, Actor]:
    """The case of an address, and who asks for it. Raises UnknownCaseError."""
    by = await actor_of(request)
    return await reflections.find_by_reference(reflections.read_reference(reference), by), by


def case_address(reference: str, rest: str = "") -> str:
    """The address of a case, and what belongs behind it."""
    return f"{ADDRESS}/{reference}{rest}"
