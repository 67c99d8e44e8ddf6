"""Every text of the kiosk that is not part of a questionnaire, by the key its script uses.

The words in braces are filled in by the kiosk.
"""

from app.rendering import LANGUAGES, catalogue

# Marks texts that are translated where the reader is known.
N_ = str

TEXTS = {
    "title": N_("Đánh giá mức hài lòng"),
    "languages": N_("Ngôn ngữ"),
    "tools": N_("Cách hiển thị"),
    "large": N_("Chữ to"),
    "contrast": N_("Tương phản cao"),
    "seated": N_("Hạ thấp nút bấm"),
    "listen": N_("Nghe câu hỏi"),
    "privacy": N_("Không ghi tên, không ghi số giấy tờ. Cán bộ không biết ai đã chọn gì."),
    "keys": N_("Phím 1 đến {most} để chọn, phím mũi tên để di chuyển, phím Esc để bắt đầu lại."),
    "assisted": N_("Có người giúp"),
    "helper_question": N_("Ai đang giúp Ông/Bà bấm?"),
    "helper_hint": N_("Hệ thống chỉ ghi là có người giúp, không ghi tên ai."),
    "helper_official": N_("Cán bộ"),
    "helper_relative": N_("Người nhà, người đi cùng"),
    "helper_other": N_("Người khác"),
    "helper_none": N_("Không ai giúp, tôi tự bấm"),
    "helped_by_official": N_("Cán bộ đang giúp bấm."),
    "helped_by_relative": N_("Người nhà đang giúp bấm."),
    "helped_by_other": N_("Có người đang giúp bấm."),
    "thanks": N_("Xin cảm ơn. Đánh giá của Ông/Bà đã được ghi và được tính."),
    "thanks_hint": N_("Ông/Bà có thể dừng ở đây, hoặc cho biết thêm vài điều."),
    "done": N_("Xong"),
    "send": N_("Gửi và kết thúc"),
    "goodbye": N_("Xin cảm ơn. Chúc Ông/Bà một ngày tốt lành."),
    "details_lost": N_("Phần bổ sung chưa ghi được vì máy đã đầy. Lượt đánh giá vẫn được tính."),
    "again": N_("Lượt vừa rồi đã được ghi. Xin người tiếp theo chờ {seconds} giây."),
    "full_title": N_("Máy này chưa ghi được đánh giá"),
    "full_hint": N_(
        "Bộ nhớ của máy đã đầy, nên lượt vừa chạm (nếu có) chưa được tính. Xin báo cán bộ một cửa"
        " hoặc dùng thiết bị khác."
    ),
    "full_again": N_("Máy tự nhận đánh giá trở lại khi có chỗ trống."),
    "out_title": N_("Thiết bị này đã ngừng phục vụ"),
    "out_hint": N_("Xin dùng thiết bị khác, hoặc hỏi cán bộ một cửa."),
    "waiting_title": N_("Thiết bị đang chờ phiếu hỏi"),
    "waiting_hint": N_("Lần đầu cần có mạng. Máy tự bắt đầu khi tải xong."),
    "asleep_title": N_("Ngoài giờ làm việc"),
    "asleep_until": N_("Quầy mở lại lúc {time}, {day}."),
    "asleep_hint": N_("Xin quay lại trong giờ làm việc."),
    "today": N_("hôm nay"),
    "code_have": N_("Tôi có mã trên biên nhận"),
    "code_title": N_("Gõ mã đánh giá trên giấy biên nhận"),
    "code_hint": N_("12 chữ và số, ví dụ 4K7M-2XWA-9PRC. Có máy quét thì chỉ cần quét mã QR."),
    "code_label": N_("Mã trên biên nhận"),
    "code_keys": N_("Các phím để gõ mã"),
    "code_count": N_("Đã gõ {count} trên {length}"),
    "code_erase": N_("Xóa"),
    "code_back": N_("Quay lại"),
    "code_next": N_("Tiếp tục"),
    "code_checking": N_("Đang kiểm tra mã…"),
    "code_taken": N_("Đã nhận mã trên biên nhận. Xin chọn một khuôn mặt."),
    "code_letter": N_("Mã này không có chữ “{letter}”. Hãy kiểm tra lại rồi gõ lần nữa."),
    "code_length": N_(
        "Mã có {length} chữ và số, không kể dấu gạch. Hãy kiểm tra lại rồi gõ lần nữa."
    ),
    "code_check": N_("Có một chữ gõ nhầm trong mã. Hãy so từng chữ với giấy biên nhận rồi gõ lại."),
    "code_rated": N_("Hồ sơ này đã được đánh giá. Mỗi hồ sơ được đánh giá một lần."),
    "code_expired": N_("Mã này đã hết hạn nên không nhận đánh giá được nữa."),
    "code_unknown": N_("Không có mã này. Hãy so từng chữ với giấy biên nhận rồi gõ lại."),
    "code_unfinished": N_("Hồ sơ chưa có kết quả. Mã dùng được khi hồ sơ đã trả kết quả."),
    "reflect_title": N_("Gửi phản ánh, kiến nghị"),
    "reflect_hint": N_(
        "Phản ánh thì được trả lời, có hạn. Nó cần cách liên hệ với Ông/Bà và tách hẳn khỏi đánh giá."
    ),
    "reflect_scan": N_("Viết trên điện thoại của Ông/Bà: quét mã này hoặc gõ địa chỉ"),
    "reflect_here": N_("Viết ngay trên máy này"),
    "reflect_network": N_("Cần có mạng. Màn hình tự xóa hết khi không ai chạm vào nữa."),
    "reflect_offline": N_(
        "Máy đang mất mạng nên chưa viết được ở đây. Xin dùng điện thoại của Ông/Bà."
    ),
    "reflect_turned": N_("Đánh giá đã được ghi, không kèm lời góp ý."),
    "turn_offer": N_("Tôi muốn được trả lời: chuyển lời này thành phản ánh"),
    "turn_hint": N_(
        "Góp ý ở đây không ghi tên và không được trả lời riêng. Chọn ô này thì đánh giá được ghi mà"
        " không kèm lời này."
    ),
    "yes": N_("Có"),
    "no": N_("Không"),
    "enrol_title": N_("Ghi danh thiết bị này cho một quầy"),
    "enrol_hint": N_("Quản trị viên cấp mã ở mục Thiết bị. Mỗi mã dùng một lần, trong 30 phút."),
    "enrol_code": N_("Mã ghi danh"),
    "enrol_code_hint": N_("Tám chữ và số, ví dụ ABCD-2345."),
    "enrol_send": N_("Ghi danh"),
    "enrol_short": N_("Mã có {length} chữ và số. Hãy kiểm tra rồi nhập lại."),
    "enrol_failed": N_("Máy chủ chưa trả lời được. Hãy thử lại sau ít phút."),
    "enrol_offline": N_("Chưa có mạng. Hãy nối mạng rồi thử lại."),
    "enrol_insecure": N_(
        "Trình duyệt này không ký được dữ liệu. Hãy mở trang bằng địa chỉ https://, với trình duyệt"
        " mới hơn."
    ),
    "enrol_done": N_("Thiết bị đã được ghi danh"),
    "enrol_open": N_("Mở màn hình đánh giá"),
    "enrol_counter": N_("Quầy"),
    "enrol_agency": N_("Cơ quan"),
    "enrol_state": N_("Tình trạng"),
    "enrol_in_service": N_("Đang phục vụ"),
    "enrol_queue": N_("Lượt chưa gửi"),
    "enrol_refused": N_("Lượt máy chủ không nhận"),
    "enrol_offset": N_("Đồng hồ của máy"),
    "enrol_offset_text": N_("lệch {seconds} giây so với máy chủ"),
    "enrol_offset_unknown": N_("chưa so được với máy chủ"),
    "enrol_space": N_("Bộ nhớ"),
    "enrol_space_text": N_("đã dùng {used} MB trong {quota} MB"),
    "enrol_persisted": N_("Trình duyệt hứa giữ dữ liệu"),
    "enrol_device": N_("Số hiệu thiết bị"),
    "enrol_version": N_("Phiên bản trang"),
    "enrol_again": N_("Ghi danh lại bằng mã khác"),
    "enrol_again_hint": N_("Lượt chưa gửi vẫn nằm trong máy và được gửi dưới số hiệu cũ."),
}


def texts_of(language: str) -> dict[str, str]:
    """The kiosk's texts in one language."""
    book = catalogue(language)
    return {key: book.gettext(text) for key, text in TEXTS.items()}


def all_texts() -> dict[str, dict[str, str]]:
    """The kiosk's texts in every language that has a catalogue."""
    return {language: texts_of(language) for language in LANGUAGES}
