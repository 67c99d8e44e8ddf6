"""Why a cell or a row is refused, and what to do: reason → sentence."""

from collections.abc import Mapping
from typing import Any, Final

from surveys.register.errors import N_, Problem, Sentence
from surveys.register.headers import Heading
from surveys.register.sheets import Column, Sheet

REASONS: Final[Mapping[str, str]] = {
    # The row
    "ragged": N_(
        "hàng có {value} ô nhưng dòng tiêu đề có {detail} ô; kiểm tra dấu phân cách và dấu ngoặc kép."
    ),
    "broken": N_(
        "sau dấu ngoặc kép đóng còn có chữ; viết dấu ngoặc kép bên trong ô thành hai dấu liền nhau."
    ),
    "duplicate": N_("«{value}» đã có ở hàng {detail}; giữ lại một hàng."),
    # The cell
    "empty": N_("ô bắt buộc đang trống; điền giá trị."),
    "formula": N_("ô bị lỗi công thức; sửa công thức hoặc gõ thẳng giá trị."),
    "control": N_("ô có ký tự điều khiển không đọc được; gõ lại ô này."),
    "too_long": N_("«{value}» dài hơn {longest} ký tự; rút ngắn lại."),
    "scientific": N_(
        "«{value}» là mã đã bị Excel đổi thành số; định dạng cột là Văn bản rồi gõ lại mã."
    ),
    "not_a_day": N_("«{value}» không phải là ngày; viết như 28/02/2021 hoặc 2021-02-28."),
    "not_a_time": N_(
        "«{value}» không phải là thời điểm; viết như 28/02/2021 14:05 hoặc 2021-02-28 14:05."
    ),
    "strange_day": N_("«{value}» nằm ngoài các năm 1800–2199; kiểm tra năm."),
    "strange_time": N_("«{value}» nằm ngoài các năm 1990–2199; kiểm tra năm."),
    "unknown_word": N_("«{value}» không có trong các giá trị được dùng: {words}."),
    "not_yes": N_("«{value}» không phải có hay không; viết 1 hoặc 0, có hoặc không."),
    "not_whole": N_("«{value}» không phải số nguyên từ 0 đến 32767; viết như 15."),
    "not_share": N_("«{value}» không phải tỷ lệ lớn hơn 0 đến 1; viết như 0,4 hoặc 40%."),
    "unknown_period": N_(
        "«{value}» không phải kỳ báo cáo; viết như 2021, 2021-Q1, 2021-H1, 2021-02 hoặc 2021-9M."
    ),
    "not_count": N_("«{value}» không phải số lượng nguyên; viết như 130729 hoặc 130.729."),
    "not_percent": N_(
        "«{value}» không phải tỷ lệ phần trăm có tối đa 4 chữ số thập phân; viết như 98,63."
    ),
    "not_a_clock": N_("«{value}» không phải là giờ trong ngày; viết như 07:30."),
    # Office hours
    "no_clock": N_("thiếu giờ; điền giờ mở và giờ đóng, viết như 07:30."),
    "closes_early": N_("giờ đóng {value} không sau giờ mở {detail}; sửa một trong hai."),
    "hours_overlap": N_("khoảng giờ này chồng lên {detail} của cùng một ngày; sửa một trong hai."),
    "province_itself": N_("«theo tỉnh» chỉ dùng cho một cơ quan; điền mã cơ quan hoặc sửa thứ."),
    "clock_without_day": N_("«theo tỉnh» thì không có giờ; xóa giờ hoặc sửa thứ."),
    "not_both": N_("một cơ quan không thể vừa theo tỉnh vừa có giờ riêng; giữ một trong hai."),
    # References
    "unknown_unit": N_("không có đơn vị mang mã «{value}»; nhập đơn vị trước hoặc sửa mã."),
    "unit_not_valid": N_(
        "đơn vị «{value}» không có hiệu lực vào ngày này (hiệu lực: {detail}); sửa mã hoặc ngày."
    ),
    "unknown_agency": N_("không có cơ quan mang mã «{value}»; nhập cơ quan trước hoặc sửa mã."),
    "agency_not_valid": N_(
        "cơ quan «{value}» không có hiệu lực vào ngày này (hiệu lực: {detail}); sửa mã hoặc ngày."
    ),
    "unknown_procedure": N_("không có thủ tục mang mã «{value}»; nhập thủ tục trước hoặc sửa mã."),
    "unknown_parent": N_(
        "không có cấp trên mang mã «{value}» trong tệp và trong hệ thống; thêm vào hoặc sửa mã."
    ),
    "parent_not_valid": N_(
        "cấp trên «{value}» không có hiệu lực vào ngày bắt đầu của hàng này"
        " (hiệu lực: {detail}); sửa mã hoặc ngày."
    ),
    "parent_not_above": N_("«{value}» không cao hơn cấp của hàng này; sửa mã cấp trên hoặc cấp."),
    "parent_rejected": N_("cấp trên «{value}» ở hàng {detail} bị loại; sửa hàng đó trước."),
    "own_parent": N_("«{value}» là cấp trên của chính mình; sửa mã cấp trên."),
    "circle": N_("chuỗi cấp trên đi từ «{value}» quay lại chính hàng này; sửa mã cấp trên."),
    # Days and shares that contradict one another
    "ends_early": N_(
        "ngày hết hiệu lực {value} không sau ngày bắt đầu {detail}; sửa một trong hai."
    ),
    "overlaps": N_(
        "mã «{value}» đã có hiệu lực trong {detail}; hai thời kỳ của một mã không được chồng lên nhau."
    ),
    "due_early": N_("hạn trả {value} trước lúc tiếp nhận {detail}; sửa một trong hai."),
    "returned_early": N_(
        "lúc trả kết quả {value} trước lúc tiếp nhận {detail}; sửa một trong hai."
    ),
    "closed_early": N_("lúc kết thúc {value} trước lúc tiếp nhận {detail}; sửa một trong hai."),
    "same_twice": N_("«{value}» không thể kế tục chính mình; sửa một trong hai mã."),
    "dissolved_into": N_("giải thể thì không có mã sau; xóa mã «{value}» hoặc sửa hình thức."),
    "no_successor": N_("thiếu mã sau; điền mã hoặc sửa hình thức thành giải thể (dissolve)."),
    "shares_above_one": N_(
        "các phần của cùng một mã trước trong cùng ngày cộng lại là {detail}, lớn hơn 1; sửa tỷ lệ."
    ),
    "two_names": N_("lĩnh vực này đã được gọi là «{detail}»; dùng cùng một tên cho một mã."),
    "part_of_itself": N_(
        "phạm vi «{value}» không thể là một phần của chính nó; sửa một trong hai."
    ),
}


class Teller:
    """Turns stored problems into sentences with the headers that the file uses."""

    def __init__(self, sheet: Sheet, heading: Heading) -> None:
        self.sheet = sheet
        self.heading = heading

    def problem(self, row: Mapping[str, Any]) -> Problem:
        """One row of the table `problem`, ready to be told."""
        return Problem(row["line"], self.header(row["heading"]), self.sentence(row))

    def header(self, name: str) -> str:
        """The header of a column as the file writes it; empty for a whole row."""
        return self.heading.header(name) if name else ""

    def sentence(self, row: Mapping[str, Any]) -> Sentence:
        """Why the cell was refused and what to do."""
        values = {"value": row["value"] or "", "detail": row["detail"] or ""}
        if row["heading"]:
            values |= _allowed(self.sheet.column(row["heading"]))
        return Sentence(REASONS[row["reason"]], values)


def _allowed(column: Column) -> dict[str, str]:
    words = ", ".join(dict.fromkeys(column.words.values()))
    return {"longest": str(column.longest), "words": words}
