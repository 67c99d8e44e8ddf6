"""Sheets as PDF: the questionnaire, with the serial as letters, as Code 128 and as QR."""

from collections.abc import Sequence
from typing import Any

from barcode import Code128

from app.paper.layout import Block, lay_out
from app.rendering import HERE, _, day, language
from app.typesetting import qr_picture, typeset
from surveys.paper import Batch, PrintedSheet
from surveys.questionnaires import Questionnaire
from surveys.ratings import grouped

SOURCE = HERE / "templates" / "paper" / "sheet.typ"
SHORT_FORM = 22


def make_sheets(
    batch: Batch, questionnaire: Questionnaire, sheets: Sequence[PrintedSheet]
) -> bytes:
    """One PDF with every sheet; takes a moment, so call it in a thread."""
    data = sheet_data(batch, questionnaire, sheets[:1])
    # All sheets have as many pages as the first; asking each for its own takes minutes.
    pages: int = compile_sheets(data).count(b"/Type/Page/")
    found: bytes = compile_sheets(sheet_data(batch, questionnaire, sheets) | {"pages": pages})
    return found


def compile_sheets(data: dict[str, Any], **options: Any) -> Any:
    """The document of these sheets, as PDF unless told otherwise."""
    return typeset(SOURCE, data, **options)


def bars(serial: str) -> str:
    """The modules of a Code 128 of this serial, dark ones as 1."""
    return "".join(Code128(serial).build())


def bar_picture(serial: str) -> str:
    """A Code 128 of the serial as SVG, with the ten free modules that it needs at both ends."""
    modules = bars(serial)
    dark = "".join(f"M{at + 10} 0h1v1h-1z" for at, module in enumerate(modules) if module == "1")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(modules) + 20} 1"'
        f' preserveAspectRatio="none" width="{len(modules) + 20}" height="30">'
        f'<path fill="#000" d="{dark}"/></svg>'
    )


def sheet_data(
    batch: Batch, questionnaire: Questionnaire, sheets: Sequence[PrintedSheet]
) -> dict[str, Any]:
    """What the template needs to print these sheets."""
    said = language.get() if language.get() in questionnaire.languages else "vi"
    where = " · ".join(part for part in (batch.agency, batch.counter) if part)
    return {
        "language": said,
        "title": questionnaire.title.get(said, batch.title),
        "where": where,
        "when": _("Dùng ngày {day}", day=day(batch.day)) if batch.day else "",
        "pages": 1,
        "blocks": (blocks := lay_out(questionnaire)),
        # A short form has room for letters that old eyes read without glasses.
        "scale": 1.2 if _rows(blocks) <= SHORT_FORM else 1.0,
        "words": _words(),
        "sheets": [
            {
                "serial": grouped(sheet.serial),
                "bars": bar_picture(sheet.serial),
                "qr": qr_picture(sheet.serial, mode="byte"),
                "place": _("Phiếu {place}/{total}", place=sheet.place, total=batch.sheets),
                "pile": _("Chồng {letter}", letter=sheet.pile) if sheet.pile else "",
                "field": sheet.field,
            }
            for sheet in sheets
        ],
    }


def _rows(blocks: Sequence[Block]) -> int:
    """About how many lines of boxes a form takes."""
    return sum(len(block["questions"]) + 2 * (block["kind"] != "matrix") for block in blocks)


def _words() -> dict[str, str]:
    return {
        "how": _("Đánh dấu X vào một ô cho mỗi câu. Nếu chọn nhầm, tô kín ô đó rồi chọn ô khác."),
        "promise": _("Xin đừng ghi tên. Điền xong, gấp phiếu lại và bỏ vào hòm phiếu."),
        "serial": _("Số phiếu"),
        "number": _("trang {page}/{pages}", page="#", pages="%"),
    }
