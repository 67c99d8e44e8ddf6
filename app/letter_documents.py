"""Apology letters as DOCX and PDF, and the check of a form that an office brings along.

A form is a Word file whose {{ fields }} are filled in. It may ask `{% if field %}` and nothing
else: no loops, no calls, no macros. The PDF is typeset from the words of the filled DOCX, so that
both always say the same.
"""

import zipfile
import zlib
from io import BytesIO
from typing import Any, Final
from xml.etree.ElementTree import ParseError, fromstring

from docxtpl import DocxTemplate
from jinja2 import TemplateError, nodes
from jinja2.sandbox import SandboxedEnvironment

from app.rendering import HERE
from app.typesetting import typeset
from app.word_text import read_blocks
from surveys.accounts import FieldError

# Marks texts that are translated where the reader is known.
N_ = str

# What a relationship is called that is followed by a click only; before and after ISO 29500 strict.
HYPERLINKS: Final = frozenset(
    {
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink",
        "http://purl.oclc.org/ooxml/officeDocument/relationships/hyperlink",
    }
)
SOURCE: Final = HERE / "templates" / "letters" / "letter.typ"
MOST_UNPACKED: Final = 20_000_000
DOCUMENT: Final = "word/document.xml"

# What a form may name, and what stands there in a preview.
FIELDS: Final = {
    "co_quan": (N_("tên cơ quan"), "UBND phường Nha Trang"),
    "co_quan_cap_tren": (N_("cơ quan cấp trên, nếu có"), "UBND tỉnh Khánh Hòa"),
    "dia_danh": (N_("địa danh"), "Nha Trang"),
    "ngay": (N_("ngày lập"), "02"),
    "thang": (N_("tháng lập"), "03"),
    "nam": (N_("năm lập"), "2026"),
    "ma_ho_so": (N_("mã hồ sơ"), "H32.15-260301-0042"),
    "ten_thu_tuc": (N_("tên thủ tục"), "Cấp giấy phép xây dựng nhà ở riêng lẻ"),
    "ngay_tiep_nhan": (N_("ngày tiếp nhận"), "09/02/2026"),
    "ngay_hen": (N_("ngày đã hẹn"), "04/03/2026"),
    "ly_do": (N_("lý do trễ"), "cơ quan phối hợp chưa gửi ý kiến"),
    "ngay_hen_moi": (N_("ngày hẹn mới; trống khi đã trả"), "11/03/2026"),
    "ngay_tra": (N_("ngày đã trả; trống khi chưa trả"), ""),
    "lan_thu": (N_("lần thứ mấy"), "1"),
}
REQUIRED: Final = ("ma_ho_so", "ngay_hen", "ly_do", "ngay_hen_moi")
SAMPLE: Final = {name: sample for name, (_title, sample) in FIELDS.items()}
NOT_WORD: Final = N_("Tệp này không phải văn bản Word (.docx); hãy lưu lại dạng .docx.")
COMMANDS: Final = N_("Mẫu chỉ được có tên trường và câu lệnh if; hãy bỏ các lệnh khác.")
ALLOWED: Final = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Not)


class FormEnvironment(SandboxedEnvironment):
    """Fills forms; a command that a form may not hold is refused before anything is done."""

    def __init__(self) -> None:
        super().__init__(autoescape=True)
        self.named: set[str] = set()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in tree.find_all(nodes.Node):
            if not isinstance(node, ALLOWED):
                raise FieldError("file", COMMANDS)
        self.named |= {node.name for node in tree.find_all(nodes.Name)}
        return tree


def make_docx(
    form: bytes, fields: dict[str, str], environment: FormEnvironment | None = None
) -> bytes:
    """The form with its fields filled in; call it in a thread."""
    template = DocxTemplate(BytesIO(form))
    words = dict.fromkeys(FIELDS, "") | fields
    template.render(words, jinja_env=environment or FormEnvironment(), autoescape=True)
    written = BytesIO()
    template.save(written)
    return written.getvalue()


def make_pdf(docx: bytes, title: str) -> bytes:
    """The words of a DOCX as PDF, with their places and weights; call it in a thread."""
    found = typeset(SOURCE, {"title": title, "blocks": read_blocks(docx)})
    assert isinstance(found, bytes)  # noqa: S101 - one document is one file
    return found


def check_form(form: bytes) -> None:
    """Raise FieldError with what to mend when this is no form that can be filled."""
    _check_package(form)
    environment = FormEnvironment()
    try:
        make_docx(form, SAMPLE, environment)
    except TemplateError as error:
        text = N_("Không đọc được trường trong mẫu: {why}. Hãy xem lại các dấu ngoặc nhọn.")
        why = str(error)[:200].replace("{", "(").replace("}", ")")
        raise FieldError("file", text, why=why) from None
    except (KeyError, ValueError, AttributeError, SyntaxError) as error:
        raise FieldError("file", NOT_WORD) from error
    _check_names(environment.named)


def _check_names(named: set[str]) -> None:
    if unknown := sorted(named - FIELDS.keys()):
        text = N_("Mẫu có trường không dùng được: {names}. Hãy dùng đúng tên trong bảng dưới đây.")
        raise FieldError("file", text, names=", ".join(unknown))
    if missing := [name for name in REQUIRED if name not in named]:
        text = N_("Mẫu thiếu trường bắt buộc: {names}.")
        raise FieldError("file", text, names=", ".join(missing))


def _check_package(form: bytes) -> None:
    try:
        with zipfile.ZipFile(BytesIO(form)) as package:
            entries = package.infolist()
            names = {entry.filename for entry in entries}
            heavy = sum(entry.file_size for entry in entries) > MOST_UNPACKED
            links = [
                package.read(entry)
                for entry in entries
                if not heavy and entry.filename.casefold().endswith(".rels")
            ]
    except (zipfile.BadZipFile, zlib.error, RuntimeError):
        raise FieldError("file", NOT_WORD) from None
    if DOCUMENT not in names:
        raise FieldError("file", NOT_WORD)
    if heavy:
        raise FieldError("file", N_("Mẫu quá lớn khi mở ra; hãy bỏ bớt ảnh."))
    if any("vbaProject" in name or "embeddings/" in name for name in names):
        raise FieldError(
            "file", N_("Mẫu chứa macro hoặc tệp nhúng; hãy lưu lại dạng .docx thường.")
        )

    if any(_leads_out(part) for part in links):
        text = N_("Mẫu lấy ảnh hoặc mẫu từ nơi khác khi mở ra; hãy chèn hẳn vào tệp rồi lưu lại.")
        raise FieldError("file", text)


def _leads_out(part: bytes) -> bool:
    """Whether something is fetched from elsewhere when the document opens: all but links to click."""
    try:
        # Expat fetches nothing and bounds what entities blow up.
        relations = list(fromstring(part).iter())  # noqa: S314
    except (ParseError, LookupError, ValueError):
        raise FieldError("file", NOT_WORD) from None
    return any(
        one.get("TargetMode", "").strip().casefold() == "external"
        and one.get("Type", "").strip() not in HYPERLINKS
        for one in relations
    )


def told_fields(translate: Any) -> dict[str, str]:
    """What each field holds, in the reader's language."""
    return {name: translate(title) for name, (title, _sample) in FIELDS.items()}
