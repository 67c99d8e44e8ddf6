"""Accounts: the administrator lets people in, and out."""

from typing import Any

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import read_form, refuse_form, see_other, translate
from app.pages.office.names import ROLES
from app.rendering import _, page
from surveys import accounts
from surveys.accounts import FieldError, make_temporary_password

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

ADDRESS = "/office/accounts"
GUARDS = [requires(Role.ADMINISTRATOR)]

DONE = {
    "disabled": N_("Đã vô hiệu hóa tài khoản. Mọi phiên của tài khoản đã kết thúc."),
    "enabled": N_("Tài khoản đã hoạt động trở lại."),
    "unlocked": N_("Đã mở khóa tài khoản."),
}

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_accounts(request: AnyRequest) -> Template:
    """List everybody who can sign in."""
    return page(
        "office/accounts.html",
        accounts=await accounts.list_accounts(),
        roles=translate(ROLES),
        me=signed_in(request).id,
        done=translate(DONE).get(request.query_params.get("done", ""), ""),
    )


@get(f"{ADDRESS}/new", guards=GUARDS, include_in_schema=False)
async def show_new_account() -> Template:
    """Ask who is to be let in."""
    given = {"username": "", "role": Role.AGENCY, "agency": ""}
    return page("office/new_account.html", errors={}, given=given, **await _choices())


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_account(request: AnyRequest) -> Template:
    """Make an account and show its temporary password, for the only time."""
    given = await read_form(request, "username", "role", "agency")
    temporary = make_temporary_password()
    try:
        role = _role(given["role"])
        agency = await accounts.find_agency(given["agency"]) if given["agency"].strip() else None
        await accounts.create_account(
            given["username"],
            role,
            password=temporary,
            actor=signed_in(request).id,
            agency_id=agency,
        )
    except FieldError as error:
        errors = {error.field: error.told(_)}
        return refuse_form("office/new_account.html", errors, given=given, **await _choices())
    return _show_password(given["username"].strip().casefold(), temporary)


@post(f"{ADDRESS}/{{account:int}}/reset", guards=GUARDS, include_in_schema=False)
async def post_reset(account: FromPath[int], request: AnyRequest) -> Template:
    """Give a new temporary password and show it, for the only time."""
    temporary = await accounts.reset_password(account, actor=signed_in(request).id)
    staff = await accounts.find_staff(account)
    return _show_password(staff.username if staff else "", temporary)


@post(f"{ADDRESS}/{{account:int}}/disable", guards=GUARDS, include_in_schema=False)
async def post_disable(account: FromPath[int], request: AnyRequest) -> Redirect:
    """End an account and its sessions at once."""
    await accounts.disable_account(account, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}?done=disabled")


@post(f"{ADDRESS}/{{account:int}}/enable", guards=GUARDS, include_in_schema=False)
async def post_enable(account: FromPath[int], request: AnyRequest) -> Redirect:
    """Let a disabled account sign in again."""
    await accounts.enable_account(account, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}?done=enabled")


@post(f"{ADDRESS}/{{account:int}}/unlock", guards=GUARDS, include_in_schema=False)
async def post_unlock(account: FromPath[int], request: AnyRequest) -> Redirect:
    """Let an account try again at once."""
    await accounts.unlock_account(account, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}?done=unlocked")


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise FieldError("role", N_("Hãy chọn vai trò trong danh sách.")) from None


def _show_password(username: str, temporary: str) -> Template:
    # The one answer that is no redirect: the password is kept nowhere, so it is shown here.
    return page("office/password.html", username=username, temporary=temporary)


async def _choices() -> dict[str, Any]:
    return {"roles": translate(ROLES), "agencies": await accounts.suggest_agencies()}


routes = [
    show_accounts,
    show_new_account,
    post_account,
    post_reset,
    post_disable,
    post_enable,
    post_unlock,
]
