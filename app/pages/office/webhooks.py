"""Webhooks as the administrator keeps them: whom to tell, what became of it, and sending again."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, secret, signed_in
from app.forms import number_of, read_form, refuse_form, see_other, translate
from app.rendering import _, language, page
from app.webhooks import ForbiddenAddressError, allowed_networks, find_target
from surveys import accounts, webhooks
from surveys.accounts import FieldError
from surveys.reflections import event_title
from surveys.webhooks import Seal

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

ADDRESS = "/office/webhooks"
ONE = f"{ADDRESS}/{{webhook:int}}"
GUARDS = [requires(Role.ADMINISTRATOR)]

DONE = {
    "stopped": N_("Đã dừng. Từ nay không gửi gì tới địa chỉ này nữa."),
    "started": N_("Đã bật lại. Việc xảy ra từ bây giờ sẽ được báo."),
    "test": N_("Đã xếp tin thử vào hàng gửi. Kết quả hiện ở bảng dưới đây sau vài giây."),
    "resent": N_("Đã xếp vào hàng gửi lại."),
}
STATES = {
    "queued": N_("Đang chờ"),
    "sending": N_("Đang gửi"),
    "sent": N_("Đã nhận"),
    "dead": N_("Không gửi được"),
}
# What is kept of a failed attempt, in words; the name of the fault stands behind it.
BROKE_OFF = N_("Kết nối đứt giữa chừng")
FAULTS = {
    "gaierror": N_("Không tìm thấy tên máy chủ này trên mạng (DNS)"),
    "not an address that may be told": N_(
        "Không được gửi tới địa chỉ này: mạng nội bộ, hoặc không dùng https"
    ),
    "no answer in time": N_("Máy chủ không trả lời kịp"),
    "the worker stopped while sending": N_("Chương trình gửi dừng giữa chừng"),
    "ConnectError": N_("Không kết nối được, hoặc chứng thư không được tin"),
    "InvalidTag": N_("Không mở được khóa ký của webhook; hãy đổi khóa bí mật"),
    "InvalidURL": N_("Địa chỉ viết không đúng"),
} | dict.fromkeys(("ReadError", "WriteError", "CloseError", "RemoteProtocolError"), BROKE_OFF)
NOTHING = {"name": "", "url": "", "agency": "", "key": "", "events": ""}

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_webhooks() -> Template:
    """List the webhooks, and ask for the address of a new one."""
    return page("office/webhooks.html", errors={}, given=NOTHING, **await _context())


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_webhook(request: AnyRequest) -> Template:
    """Keep a new webhook and show its secret, for the only time."""
    given = await read_form(request, *NOTHING)
    try:
        agency = await accounts.find_agency(given["agency"]) if given["agency"].strip() else None
        await _check_reachable(given["url"], request)
        which, made = await webhooks.add_webhook(
            given["name"],
            given["url"],
            _seal(request),
            actor=signed_in(request).id,
            agency=agency,
            key=(number_of(given["key"]) or 0) if given["key"].strip() else None,
            events=given["events"].replace(",", " ").split(),
        )
    except FieldError as error:
        errors = {error.field: error.told(_)}
        return refuse_form("office/webhooks.html", errors, given=given, **await _context())
    # No redirect: the secret is shown nowhere else.
    return page("office/webhook_secret.html", webhook=which, holder=given["name"], secret=made)


@get(ONE, guards=GUARDS, include_in_schema=False)
async def show_webhook(webhook: FromPath[int], request: AnyRequest) -> Template:
    """Show one webhook: how it goes, and its newest deliveries."""
    state = request.query_params.get("state", "")
    state = state if state in STATES else ""
    return page(
        "office/webhook.html",
        webhook=await webhooks.find_webhook(webhook),
        deliveries=await webhooks.list_deliveries(webhook, state),
        states=translate(STATES),
        state=state,
        title=_title,
        fault=_fault,
        done=translate(DONE).get(request.query_params.get("done", ""), ""),
    )


@post(f"{ONE}/rotate", guards=GUARDS, include_in_schema=False)
async def post_rotate(webhook: FromPath[int], request: AnyRequest) -> Template:
    """Make another secret and show it, for the only time."""
    made = await webhooks.rotate_secret(webhook, _seal(request), actor=signed_in(request).id)
    found = await webhooks.find_webhook(webhook)
    return page("office/webhook_secret.html", webhook=webhook, holder=found["name"], secret=made)


@post(f"{ONE}/stop", guards=GUARDS, include_in_schema=False)
async def post_stop(webhook: FromPath[int], request: AnyRequest) -> Redirect:
    """Tell this address nothing more."""
    await webhooks.stop_webhook(webhook, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}/{webhook}?done=stopped")


@post(f"{ONE}/start", guards=GUARDS, include_in_schema=False)
async def post_start(webhook: FromPath[int], request: AnyRequest) -> Redirect:
    """Tell this address again."""
    await webhooks.start_webhook(webhook, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}/{webhook}?done=started")


@post(f"{ONE}/test", guards=GUARDS, include_in_schema=False)
async def post_test(webhook: FromPath[int], request: AnyRequest) -> Redirect:
    """Send a delivery that tells of nothing."""
    await webhooks.send_test(webhook, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}/{webhook}?done=test")


@post(f"{ONE}/resend", guards=GUARDS, include_in_schema=False)
async def post_resend_all(webhook: FromPath[int], request: AnyRequest) -> Redirect:
    """Send everything again that could not be sent."""
    await webhooks.send_again(webhook, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}/{webhook}?done=resent")


@post(f"{ONE}/deliveries/{{delivery:uuid}}/resend", guards=GUARDS, include_in_schema=False)
async def post_resend(
    webhook: FromPath[int], delivery: FromPath[UUID], request: AnyRequest
) -> Redirect:
    """Send one delivery again."""
    await webhooks.send_again(webhook, delivery, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}/{webhook}?done=resent")


def _fault(reason: str) -> str:
    """Why an attempt failed, in words before the technical name; a status speaks for itself."""
    words = FAULTS.get(reason.partition(":")[0])
    if words is None:
        return reason if reason.startswith("HTTP ") else f"{_('Không gửi được')} ({reason})"
    return f"{_(words)} ({reason})"


async def _check_reachable(url: str, request: AnyRequest) -> None:
    """Tell at once of an address that may not be told. A name may be unknown for now."""
    address = webhooks.check_url(url)
    try:
        await find_target(address, allowed_networks(request.app.state.settings))
    except ForbiddenAddressError:
        text = N_("Địa chỉ này nằm trong mạng nội bộ hoặc không dùng https. Quản trị máy chủ mở mạng nội bộ bằng SIPAS_WEBHOOK_NETWORKS.")  # fmt: skip
        raise FieldError("url", text) from None
    except OSError:
        return


def _seal(request: AnyRequest) -> Seal:
    return Seal(secret(request.app.state.settings))


def _title(event: str | None) -> str:
    return event_title(event, language.get()) if event else _("Tin thử")


async def _context() -> dict[str, Any]:
    return {
        "webhooks": await webhooks.list_webhooks(),
        "agencies": await accounts.suggest_agencies(),
        "programs": {"": _("Mọi vụ việc")} | await webhooks.list_programs(),
        "events": {name: _title(name) for name in webhooks.TOLD},
    }


routes = [
    show_webhooks,
    post_webhook,
    show_webhook,
    post_rotate,
    post_stop,
    post_start,
    post_test,
    post_resend_all,
    post_resend,
]
