"""The doors for staff: a tired official at eight in the morning who wants to be in."""

from typing import Any

from litestar import Request, get, post
from litestar.response import Redirect, Template

from app.access import (
    Role,
    end_session,
    requires,
    requires_sign_in,
    signed_in,
    staff_of,
    start_session,
)
from app.forms import own_address, read_form, refuse_form, see_other
from app.rendering import _, page
from app.settings import Settings
from surveys import accounts
from surveys.accounts import FieldError, SignInError, Staff

HOME = "/office"
ACCOUNT = "/account"

AnyRequest = Request[Any, Any, Any]


@get("/sign-in", opt={"public": True}, include_in_schema=False)
async def show_sign_in(request: AnyRequest) -> Template | Redirect:
    """Ask for name and password, unless the person is in already."""
    wanted = own_address(request.query_params.get("next", ""), HOME)
    staff = staff_of(request)
    if staff is not None:
        return see_other(_first_page(staff, HOME))
    return page("staff/sign_in.html", errors={}, username="", wanted=wanted)


@post("/sign-in", opt={"public": True}, include_in_schema=False)
async def post_sign_in(request: AnyRequest) -> Template | Redirect:
    """Let in, under a new session; or say no without saying why."""
    typed = await read_form(request, "username", "password", "next")
    wanted = own_address(typed["next"], HOME)
    settings: Settings = request.app.state.settings
    try:
        staff = await accounts.sign_in(
            typed["username"],
            typed["password"],
            attempts=settings.sign_in_attempts,
            lock_minutes=settings.lock_minutes,
        )
    except SignInError as error:
        errors = {"username": _(error.text)}
        return refuse_form("staff/sign_in.html", errors, username=typed["username"], wanted=wanted)
    start_session(request, staff)
    return see_other(_first_page(staff, wanted))


@post("/sign-out", opt={"public": True}, include_in_schema=False)
async def post_sign_out(request: AnyRequest) -> Redirect:
    """End the session here and on the server; no effect when it has ended."""
    end_session(request)
    return see_other("/")


@get(ACCOUNT, guards=[requires_sign_in], include_in_schema=False)
async def show_account(request: AnyRequest) -> Template:
    """Show the form for a new password."""
    staff = signed_in(request)
    done = "done" in request.query_params and not staff.must_change_password
    return page("staff/account.html", errors={}, staff=staff, done=done)


@post(ACCOUNT, guards=[requires_sign_in], include_in_schema=False)
async def post_account(request: AnyRequest) -> Template | Redirect:
    """Change the password; every other session of this person ends."""
    staff = signed_in(request)
    typed = await read_form(request, "current", "new", "again")
    if typed["new"] != typed["again"]:
        errors = {"again": _("Hai lần nhập mật khẩu mới không giống nhau.")}
        return refuse_form("staff/account.html", errors, staff=staff, done=False)
    try:
        await accounts.change_password(staff.id, typed["current"], typed["new"])
    except FieldError as error:
        errors = {error.field: error.told(_)}
        return refuse_form("staff/account.html", errors, staff=staff, done=False)
    renewed = await accounts.find_staff(staff.id)
    if renewed is not None:
        start_session(request, renewed)
    return see_other(HOME if staff.must_change_password else f"{ACCOUNT}?done")


@get("/fieldwork", guards=[requires(Role.SURVEYOR)], include_in_schema=False)
async def show_fieldwork() -> Template:
    """Say honestly that there is nothing to do yet."""
    return page("staff/fieldwork.html")


def _first_page(staff: Staff, wanted: str) -> str:
    return ACCOUNT if staff.must_change_password else wanted


routes = [
    show_sign_in,
    post_sign_in,
    post_sign_out,
    show_account,
    post_account,
    show_fieldwork,
]
