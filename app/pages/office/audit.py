"""The audit log, read by the administrator who has to answer "who did this?"."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from litestar import Request, get
from litestar.response import Template

from app.access import Role, requires
from app.forms import clean, day_of, translate
from app.pages.office.names import PURPOSES, ROLES
from app.rendering import _, page
from surveys import accounts
from surveys.calendars import WEEKDAYS

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

ADDRESS = "/office/audit"

ACTIONS = {
    "signed_in": N_("Đăng nhập"),
    "account_locked": N_("Khóa tài khoản sau nhiều lần nhập sai"),
    "account_created": N_("Tạo tài khoản"),
    "account_disabled": N_("Vô hiệu hóa tài khoản"),
    "account_enabled": N_("Cho tài khoản hoạt động lại"),
    "account_unlocked": N_("Mở khóa tài khoản"),
    "password_changed": N_("Đổi mật khẩu"),
    "password_reset": N_("Đặt lại mật khẩu"),
    "key_issued": N_("Cấp khóa kết nối"),
    "key_revoked": N_("Thu hồi khóa kết nối"),
    "webhook_added": N_("Thêm webhook"),
    "webhook_secret_rotated": N_("Đổi khóa ký của webhook"),
    "webhook_stopped": N_("Dừng webhook"),
    "webhook_started": N_("Bật lại webhook"),
    "webhook_tested": N_("Gửi thử webhook"),
    "webhook_resent": N_("Gửi lại tin của webhook"),
    "slips_printed": N_("In giấy mời đánh giá"),
    "device_code_issued": N_("Cấp mã ghi danh thiết bị"),
    "device_enrolled": N_("Ghi danh thiết bị"),
    "device_revoked": N_("Thu hồi thiết bị"),
    "hours_changed": N_("Đổi giờ làm việc"),
    "hours_removed": N_("Bỏ giờ làm việc"),
    "day_changed": N_("Ghi ngày nghỉ hoặc ngày làm bù"),
    "day_removed": N_("Bỏ ngày nghỉ hoặc ngày làm bù"),
    "holidays_seeded": N_("Điền ngày lễ quốc gia"),
    "kiosk_settings_changed": N_("Đổi cài đặt ki-ốt"),
    "prompt_saved": N_("Thêm câu hỏi ghi âm"),
    "prompt_removed": N_("Xóa câu hỏi ghi âm"),
    "run_requested": N_("Yêu cầu tính chỉ số"),
    "run_publication_requested": N_("Yêu cầu công bố"),
    "run_published": N_("Công bố kết quả"),
    "run_withdrawn": N_("Rút kết quả"),
    "run_corrected": N_("Đính chính kết quả"),
    "run_commented": N_("Ý kiến của cơ quan"),
    "template_saved": N_("Sửa lời tin nhắn"),
    "message_resent": N_("Gửi lại tin nhắn"),
    "message_cancelled": N_("Hủy tin nhắn"),
    "mode_plan_started": N_("Chia cách hỏi ý kiến"),
    "mode_plan_ended": N_("Kết thúc cách chia"),
    "week_judged": N_("Xét lượt đánh giá của một tuần"),
    "flag_answered": N_("Trả lời cảnh báo"),
    "flag_upheld": N_("Giữ cảnh báo"),
    "flag_dismissed": N_("Bỏ cảnh báo"),
    "comments_read": N_("Đọc góp ý kèm lượt đánh giá"),
    "comments_themed": N_("Xác nhận chủ đề của góp ý"),
    "theme_saved": N_("Sửa danh mục chủ đề"),
    "themes_published": N_("Công bố chủ đề của một kỳ"),
    "themes_withdrawn": N_("Rút chủ đề của một kỳ"),
    "theme_replied": N_("Cơ quan đáp lời về một chủ đề"),
    "paper_printed": N_("Tạo lô phiếu giấy"),
    "paper_fetched": N_("Tải phiếu giấy để in"),
    "paper_keyed": N_("Nhập phiếu giấy"),
    "paper_adjudicated": N_("Phân xử phiếu giấy"),
    "case_file_read": N_("Đọc tệp của vụ việc"),
    "case_text_read": N_("Đọc nội dung người dân viết"),
    "case_excerpts_read": N_("Xem trích đoạn trong danh sách vụ việc"),
    "case_contact_read": N_("Xem ai gửi và cách liên hệ"),
    "case_type_saved": N_("Sửa loại vụ việc"),
    "case_approval_set": N_("Đặt việc duyệt câu trả lời"),
    "case_approver_set": N_("Đặt người duyệt câu trả lời"),
    "deadline_rule_set": N_("Đặt thời hạn của vụ việc"),
    "deadline_rule_removed": N_("Bỏ thời hạn của vụ việc"),
    "escalation_added": N_("Thêm nơi được báo khi quá hạn"),
    "escalation_ended": N_("Bỏ nơi được báo khi quá hạn"),
    "reply_template_saved": N_("Sửa mẫu câu trả lời"),
    "portal_imported": N_("Nhập tệp của cổng quốc gia"),
    "apology_written": N_("Soạn văn bản xin lỗi"),
    "apology_sent": N_("Ghi đã gửi văn bản xin lỗi"),
    "apology_removed": N_("Bỏ văn bản xin lỗi"),
    "letter_form_saved": N_("Thay mẫu văn bản xin lỗi"),
    "retention_purged": N_("Xóa dữ liệu hết hạn lưu"),
    "backup_made": N_("Sao lưu"),
    "backup_restored": N_("Khôi phục bản sao lưu"),
}

DAYS = {"holiday": N_("Nghỉ"), "working": N_("Làm việc")}

DETAILS = {
    "agency": N_("cơ quan"),
    "role": N_("vai trò"),
    "purpose": N_("dùng để"),
    "run": N_("lần tính"),
    "corrects": N_("đính chính lần tính"),
    "text": N_("thông báo"),
    "sessions": N_("phiên"),
    "links": N_("liên kết"),
    "kiosk_rights": N_("quyền ở ki-ốt"),
    "resend_keys": N_("mã gửi lại"),
    "comments": N_("góp ý"),
    "audit_entries": N_("mục nhật ký"),
    "jobs": N_("việc nền"),
    "device": N_("thiết bị"),
    "replaces": N_("thay cho"),
    "device_events": N_("số thứ tự của thiết bị"),
    "quality_boxes": N_("thời điểm đã niêm phong của các lượt chấm"),
    "week": N_("tuần từ"),
    "counters": N_("số quầy"),
    "flagged": N_("bị nêu"),
    "enrolment_codes": N_("mã ghi danh"),
    "channel": N_("kênh"),
    "language": N_("ngôn ngữ"),
    "event": N_("loại tin"),
    "shares": N_("ki-ốt/tin nhắn/không hỏi (%)"),
    "contacts": N_("liên hệ hết hạn"),
    "messages": N_("tin nhắn đã xong"),
    "uncertain_messages": N_("tin nhắn chưa rõ"),
    "valid_from": N_("từ ngày"),
    "hours": N_("giờ làm việc"),
    "kind": N_("loại"),
    "rows": N_("số dòng"),
    "languages": N_("các ngôn ngữ"),
    "default_language": N_("ngôn ngữ mặc định"),
    "idle_seconds": N_("giây chờ"),
    "repeat_seconds": N_("giây giữa hai lượt"),
    "assisted": N_("nút có người giúp"),
    "sleep": N_("ngủ ngoài giờ"),
    "texts": N_("số lời riêng"),
    "used_contacts": N_("liên hệ đã dùng"),
    "slips": N_("số tờ"),
    "signing_keys": N_("khóa ký"),
    "signed_requests": N_("yêu cầu ký"),
    "sheets": N_("số phiếu"),
    "turn": N_("lượt nhập"),
}


@get(ADDRESS, guards=[requires(Role.ADMINISTRATOR)], include_in_schema=False)
async def show_audit(request: Request[Any, Any, Any]) -> Template:
    """One page of the log, newest first."""
    query = {name: clean(text) for name, text in request.query_params.items()}
    wanted = accounts.Filter(
        action=query.get("action", ""),
        text=query.get("text", ""),
        first=day_of(query.get("first", "")),
        last=day_of(query.get("last", "")),
    )
    before = _number(query.get("before", ""))
    entries, older = await accounts.list_audit(wanted, before=before)
    given = {name: str(value or "") for name, value in asdict(wanted).items()}
    kept = {name: text for name, text in given.items() if text}
    return page(
        "office/audit.html",
        entries=entries,
        older=f"{ADDRESS}?{urlencode(kept | {'before': older})}" if older else "",
        newest=f"{ADDRESS}?{urlencode(kept)}" if before else "",
        given=given,
        actions={"": _("Mọi việc")} | await _known_actions(),
        names=translate(ACTIONS),
        details=translate(DETAILS),
        words=translate(ROLES | PURPOSES | DAYS),
        parts={str(number): _(name) for number, name in WEEKDAYS.items()},
        is_filtered=bool(kept),
    )


async def _known_actions() -> dict[str, str]:
    names = translate(ACTIONS)
    return {action: names.get(action, action) for action in await accounts.list_actions()}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


routes = [show_audit]
