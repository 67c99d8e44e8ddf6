"""What a rule holds for: the province, one agency or one counter, found by code or name."""

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Request

from app.access import Role, signed_in
from app.forms import clean
from surveys import accounts, kiosks
from surveys.errors import NotFoundError
from surveys.kiosks import Scope

AnyRequest = Request[Any, Any, Any]

# Marks texts that are translated where the reader is known.
N_ = str


class Chosen(msgspec.Struct, frozen=True):
    """The scope of a page, how its addresses name it, and what a search found besides."""

    scope: Scope
    text: str = ""
    found: dict[str, str] = {}

    @property
    def query(self) -> dict[str, str]:
        """The scope as it stands in an address."""
        if self.scope.counter is not None:
            return {"counter": self.scope.code}
        return {"agency": self.scope.code} if self.scope.agency is not None else {}

    def address(self, page: str, **more: str) -> str:
        """The address of a page for this scope."""
        query = urlencode(self.query | {name: text for name, text in more.items() if text})
        return f"{page}?{query}" if query else page


async def search_scope(request: AnyRequest) -> Chosen:
    """The scope that the address asks for; a name that fits several agencies lists them."""
    counter = clean(request.query_params.get("counter", "")).strip()
    if counter:
        return Chosen(await kiosks.find_scope(counter=counter))
    text = clean(request.query_params.get("agency", "")).strip()
    if not text:
        return Chosen(Scope())
    try:
        return Chosen(await kiosks.find_scope(agency=text))
    except NotFoundError:
        known = await accounts.suggest_agencies()
    found = {code: name for code, name in known.items() if text.lower() in name.lower()}
    if not found:
        raise NotFoundError(
            N_("Không có cơ quan nào mang mã hoặc tên «{wanted}»; hãy sửa rồi tìm lại."),
            wanted=text,
        )
    if len(found) == 1:
        return Chosen(await kiosks.find_scope(agency=next(iter(found))))
    return Chosen(Scope(), text=text, found=dict(list(found.items())[:20]))


async def own_scope(request: AnyRequest) -> Chosen:
    """What this person may see: an agency's staff their own agency, others what they ask for."""
    staff = signed_in(request)
    if staff.role is not Role.AGENCY:
        return await search_scope(request)
    code = await accounts.agency_code(staff.agency_id)
    return Chosen(await kiosks.find_scope(agency=code or ""))
