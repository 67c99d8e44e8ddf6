"""The outbox as the administrator sees it: what waits, what is stuck, what needs a decision."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.delivery import read_channels
from app.forms import see_other, translate
from app.pages.office.names import CHANNELS, MESSAGE_STATES
from app.rendering import language, page
from surveys import messages

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

ADDRESS = "/office/messages"
GUARDS = [requires(Role.ADMINISTRATOR)]
# What the board lists; the other states are only counted.
LISTED = ("uncertain", "failed", "queued")

DONE = {
    "resent": N_("Tin nhắn sẽ được gửi lại ngay."),
    "cancelled": N_("Đã hủy. Địa chỉ người nhận đã được xóa."),
    "test": N_("Đã xếp tin thử vào hàng gửi. Kết quả hiện ở bảng dưới đây sau vài giây."),
}
KINDS = {
    "smtp": N_("máy chủ thư (SMTP)"),
    "http": N_("cổng tin nhắn (HTTP)"),
    "file": N_("ghi thành tệp, không gửi đi"),
}

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_messages(request: AnyRequest) -> Template:
    """Count the messages by state, and list those that wait for somebody."""
    settings = request.app.state.settings
    kinds = translate(KINDS)
    return page(
        "office/messages.html",
        counts=await messages.count_messages(),
        lists={state: await messages.list_messages(state) for state in LISTED},
        states=translate(MESSAGE_STATES),
        channels=translate(CHANNELS),
        titles=event_titles(),
        kinds={
            name: kinds[str(config.__struct_config__.tag)]
            for name, config in read_channels(settings).items()
        },
        quiet_hours=settings.quiet_hours,
        done=translate(DONE).get(request.query_params.get("done", ""), ""),
    )


@post(f"{ADDRESS}/{{message:uuid}}/resend", guards=GUARDS, include_in_schema=False)
async def post_resend(message: FromPath[UUID], request: AnyRequest) -> Redirect:
    """Send an uncertain message again."""
    await messages.resend_uncertain(message, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}?done=resent")


@post(f"{ADDRESS}/{{message:uuid}}/cancel", guards=GUARDS, include_in_schema=False)
async def post_cancel(message: FromPath[UUID], request: AnyRequest) -> Redirect:
    """Do not send a message, and forget whom it was for."""
    await messages.cancel_message(message, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}?done=cancelled")


def event_titles() -> dict[str, str]:
    """What each event is called, in the reader's language."""
    chosen = language.get()
    return {
        key: event.title.get(chosen, event.title["vi"])
        for key, event in messages.catalogue().events.items()
    }


routes = [show_messages, post_resend, post_cancel]
