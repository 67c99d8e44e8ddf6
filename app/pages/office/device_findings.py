"""One device: what was odd about it, day by day, and what that means for the count.

An administrator or analyst who was told "something is wrong with this kiosk"; two minutes; fears
to accuse somebody wrongly, or to miss a copied key.
"""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Template

from app.access import Role, requires, signed_in
from app.rendering import number, page
from surveys import devices
from surveys.days import local_day
from surveys.devices import FindingKind, UnknownDeviceError

SHOWN_DAYS = 60
MOST_STRETCHES = 8

AnyRequest = Request[Any, Any, Any]

# Marks texts that are translated where the reader is known.
N_ = str

# What it is, and what it does to the count.
KINDS = {
    FindingKind.GAP: (
        N_("Thiếu số"),
        N_("Lượt mang số này chưa đến, nên chưa được tính. Thường là máy mất mạng: đến sau vẫn được tính đủ."),
    ),
    FindingKind.LATE: (
        N_("Đến sau, sai thứ tự"),
        N_("Số từng thiếu nay đã đến. Lượt được tính như thường."),
    ),
    FindingKind.RESENT: (
        N_("Gửi lại"),
        N_("Máy không nghe được trả lời nên gửi lại, hoặc có người phát lại. Chỉ tính một lần."),
    ),
    FindingKind.REUSED: (
        N_("Chèn vào số đã dùng"),
        N_("Một lượt khác mang số đã dùng: bị từ chối, không tính. Có thể khóa của máy đã bị chép; nếu lặp lại, hãy thay thiết bị."),
    ),
    FindingKind.REFUSED: (
        N_("Không nhận nội dung"),
        N_("Chữ ký đúng nhưng nội dung không nhận được: phiếu cũ, đến quá muộn hoặc máy đã thu hồi. Lượt không được tính."),
    ),
    FindingKind.UNREADABLE: (
        N_("Không đọc được"),
        N_("Chữ ký đúng nhưng không hiểu nội dung, thường vì trang của ki-ốt quá cũ. Lượt không được tính; hãy tải lại trang của ki-ốt."),
    ),
    FindingKind.SIGNATURE: (
        N_("Sai chữ ký"),
        N_("Không do khóa của máy này ký: bị từ chối, không tính. Có thể có người giả máy này."),
    ),
    FindingKind.HEARTBEAT: (
        N_("Tin báo sống cũ"),
        N_("Tin đã nhận nay đến lần nữa: bị bỏ qua, máy không vì thế mà hiện là đang chạy."),
    ),
}  # fmt: skip

# These may be an attack; the others happen where networks fail.
GRAVE = {FindingKind.REUSED, FindingKind.SIGNATURE, FindingKind.HEARTBEAT}


@get(
    "/office/devices/{device:uuid}",
    guards=[requires(Role.ADMINISTRATOR, Role.ANALYST)],
    include_in_schema=False,
)
async def show_device(device: FromPath[UUID], request: AnyRequest) -> Template:
    """Show a device's findings of the last weeks, with their effect on the count."""
    now = datetime.now(UTC)
    row = await devices.board_row(device, now)
    if row is None:
        raise UnknownDeviceError
    settings = request.app.state.settings
    since = local_day(now) - timedelta(days=SHOWN_DAYS)
    findings = await devices.device_findings(device, since)
    kinds = [kind for kind in FindingKind if any(one.kind is kind for one in findings)]
    return page(
        "office/device.html",
        row=row,
        may_see_board=signed_in(request).role is Role.ADMINISTRATOR,
        missing=_stretches(await devices.missing_numbers(device)),
        findings=[(one, KINDS[one.kind][0], _stretches(one.stretches)) for one in findings],
        kinds=[(kind, *KINDS[kind], kind in GRAVE) for kind in kinds],
        totals={kind: sum(one.times for one in findings if one.kind is kind) for kind in kinds},
        grave=GRAVE,
        shown_days=SHOWN_DAYS,
        kept_days=min(settings.ledger_days, settings.resend_days),
    )


def _stretches(found: list[tuple[int, int]]) -> str:
    """Stretches of numbers as people write them: 3–8, 11."""
    told = [
        number(first) if first == last else f"{number(first)}–{number(last)}"
        for first, last in found[:MOST_STRETCHES]
    ]
    return ", ".join(told) + (", …" if len(found) > MOST_STRETCHES else "")


routes = [show_device]
