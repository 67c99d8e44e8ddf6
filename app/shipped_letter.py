"""The form of the apology letter that comes with the program, built here; offices may edit it.

It follows the outline of administrative documents (Decree 30/2020): who writes, the state's name,
number and day, then the letter. The words are ours.
"""

from functools import cache
from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import _Cell

FONT: Final = "Times New Roman"
NO_BREAK: Final = "\u00a0"
CENTER, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY

BODY: Final = (
    "{{ co_quan }} đã tiếp nhận hồ sơ mã số {{ ma_ho_so }} ngày {{ ngay_tiep_nhan }}, thủ tục"
    " “{{ ten_thu_tuc }}”, hẹn trả kết quả ngày {{ ngay_hen }}.",
    "{% if ngay_tra %}Kết quả đã được trả ngày {{ ngay_tra }}, trễ so với ngày hẹn.{% else %}"
    "Đến nay hồ sơ chưa giải quyết xong, chúng tôi không trả được kết quả đúng ngày đã hẹn."
    "{% endif %} Lý do: {{ ly_do }}.",
    "Lỗi này không thuộc về Ông/Bà (tổ chức). {{ co_quan }} chân thành xin lỗi về sự chậm trễ và"
    " những phiền hà đã gây ra.",
    "{% if ngay_hen_moi %}Chúng tôi đề nghị được gia hạn và hẹn trả kết quả vào ngày"
    " {{ ngay_hen_moi }} (văn bản xin lỗi lần thứ {{ lan_thu }} đối với hồ sơ này). Ông/Bà không"
    " phải nộp thêm giấy tờ hay lệ phí vì việc gia hạn.{% endif %}",
    "Nếu chưa hài lòng, Ông/Bà có thể gửi phản ánh, kiến nghị; mọi phản ánh đều được trả lời."
    " Rất mong Ông/Bà thông cảm và tiếp tục góp ý để chúng tôi phục vụ tốt hơn.",
)


@cache
def shipped_form() -> bytes:
    """The form as DOCX."""
    document = Document()
    _set_up(document)
    _head(document)
    _title(document)
    for text in BODY:
        _paragraph(document, text, align=JUSTIFY, indent=True)
    _foot(document)
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _set_up(document: Any) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(14)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    style.paragraph_format.space_after = Pt(6)


def _head(document: Any) -> None:
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    _line(left, "{{ co_quan_cap_tren }}", size=12)
    _line(left, "{{ co_quan }}", size=12, bold=True)
    _line(left, "Số: ……/XL", size=13)
    _line(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True)
    _line(right, "Độc lập - Tự do - Hạnh phúc", size=13, bold=True)
    day = "ngày~{{ ngay }}~tháng~{{ thang }}~năm~{{ nam }}".replace("~", NO_BREAK)
    day = "{% if dia_danh %}{{ dia_danh }}, {% endif %}" + day
    _line(right, day, size=13, italic=True)


def _title(document: Any) -> None:
    _paragraph(document, "")
    _paragraph(document, "VĂN BẢN XIN LỖI", align=CENTER, bold=True)
    _paragraph(
        document,
        "{% if ngay_hen_moi %}và đề nghị gia hạn thời gian giải quyết hồ sơ{% else %}"
        "về việc trả kết quả hồ sơ chậm{% endif %}",
        align=CENTER,
        bold=True,
    )
    _paragraph(document, "Kính gửi: ……………………………………………", align=CENTER)


def _foot(document: Any) -> None:
    _paragraph(document, "")
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    _line(left, "Nơi nhận:", size=12, bold=True, italic=True, align=None)
    _line(left, "- Như trên;", size=11, align=None)
    _line(left, "- Bộ phận Một cửa;", size=11, align=None)
    _line(left, "- Lưu: VT, hồ sơ.", size=11, align=None)
    _line(right, "THỦ TRƯỞNG CƠ QUAN", size=14, bold=True)
    _line(right, "(ký, ghi rõ họ tên, đóng dấu)", size=12, italic=True)


def _line(cell: Any, text: str, **shape: Any) -> None:
    _paragraph(cell, text, **{"align": CENTER, "space": 0} | shape)


def _paragraph(
    place: Any,
    text: str,
    *,
    align: Any = None,
    size: float = 14,
    bold: bool = False,
    italic: bool = False,
    indent: bool = False,
    space: float = 6,
) -> None:
    # A cell begins with an empty paragraph of its own.
    is_new_cell = isinstance(place, _Cell) and not place.text
    paragraph: Any = place.paragraphs[0] if is_new_cell else place.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(space)
    if indent:
        paragraph.paragraph_format.first_line_indent = Cm(1)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size, run.font.name = bold, italic, Pt(size), FONT
