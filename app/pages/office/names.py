"""What roles and purposes of keys are called; the tables of several rooms of the office."""

from app.access import Role

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

ROLES: dict[str, str] = {
    Role.ADMINISTRATOR: N_("Quản trị viên"),
    Role.ANALYST: N_("Cán bộ phân tích"),
    Role.AGENCY: N_("Cơ quan được đánh giá"),
    Role.SURVEYOR: N_("Điều tra viên"),
    Role.OPERATOR: N_("Nhân viên nhập phiếu"),
}

CHANNELS = {"sms": N_("Tin nhắn SMS"), "zalo": N_("Zalo"), "mail": N_("Thư điện tử")}

MESSAGE_STATES = {
    "queued": N_("Đang chờ"),
    "sending": N_("Đang gửi"),
    "sent": N_("Đã gửi"),
    "delivered": N_("Đã tới nơi"),
    "failed": N_("Không gửi được"),
    "uncertain": N_("Chưa rõ"),
    "cancelled": N_("Đã hủy"),
}

PURPOSES = {
    "handover": N_("Báo đã trả kết quả"),
    "cases": N_("Gửi phản ánh, kiến nghị thay người dân"),
}
