"""Sheets on paper: every form fits, and what a scanner reads is the serial that people read."""

from datetime import date
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from app.paper.layout import lay_out
from app.paper.printing import compile_sheets, make_sheets, sheet_data
from app.typesetting import qr_picture
from surveys.paper import Batch, PrintedSheet
from surveys.questionnaires import Questionnaire, compile_form
from surveys.ratings import make_code
from tests.app.code128 import read_bars
from tests.app.qr import BLOCKS_Q, decode, matrices, text_of
from tests.surveys.forms import FORMS, Sheets, counter_sheets, row_of, sipas_sheets, workbook

SHIPPED = sorted(path.stem for path in FORMS.glob("*.xlsx"))
AGENCY = "Trung tâm Phục vụ hành chính công phường Bắc Nha Trang"


def compiled(sheets: Sheets) -> Questionnaire:
    return compile_form(workbook(sheets)).questionnaire


def shipped(name: str) -> Questionnaire:
    return compile_form((FORMS / f"{name}.xlsx").read_bytes()).questionnaire


def batch(sheets: int, agency: str = AGENCY) -> Batch:
    day = date(2026, 11, 27)
    return Batch(uuid4(), 1, "", 1, agency, "Quầy số 3 – Đất đai", day, day, sheets, 0, 0)


def printed(count: int) -> list[PrintedSheet]:
    return [PrintedSheet(make_code(8), place, "", "") for place in range(1, count + 1)]


def pages(pdf: bytes) -> int:
    return pdf.count(b"/Type/Page/")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_form_fits_one_page_with_all_its_questions(name: str) -> None:
    questionnaire = shipped(name)
    pdf = make_sheets(batch(1), questionnaire, printed(1))
    assert pages(pdf) == 1
    (text,) = text_of(pdf)
    for question in questionnaire.questions:
        assert question.labels["vi"] in text
        for choice in question.choices:
            assert choice.labels["vi"] in text
    assert b"841.8" in pdf


def test_the_official_questionnaire_fits_two_pages_and_each_shows_the_serial() -> None:
    (sheet,) = printed(1)
    pdf = make_sheets(batch(1), compiled(sipas_sheets()), [sheet])
    first, second = text_of(pdf)
    for page, text in enumerate((first, second), 1):
        assert f"{sheet.serial[:4]}-{sheet.serial[4:]}" in text
        assert f"trang {page}/2" in text
    assert "I. Tiếp cận dịch vụ" in first
    assert "22. Được báo kết quả kịp thời" in second
    assert "Chỉ trả lời nếu" in second
    assert "là “Rất không hài lòng” hoặc “Không hài lòng”" in second


def test_items_of_one_scale_and_group_stand_in_one_table() -> None:
    blocks = lay_out(compiled(sipas_sheets()))
    sizes = [len(block["questions"]) for block in blocks if block["kind"] == "matrix"]
    assert sizes == [4, 5, 6, 3, 4]
    assert [block["kind"] for block in blocks[5:]] == ["scale", "text", "choices"]


@pytest.mark.parametrize(
    ("relevant", "words"),
    [
        ("${overall} = 1", "câu 1 là “Rất không hài lòng”"),
        ("${overall} < 3 and ${access} = 1", "câu 1 là “Rất không hài lòng” hoặc “Không hài lòng” và câu 2 là “Rất không hài lòng”"),
        ("selected(${reasons}, 'quick')", "câu 7 có chọn “Làm nhanh, đúng hẹn”"),
        ("not(selected(${reasons}, 'quick'))", "không phải là câu 7 có chọn “Làm nhanh, đúng hẹn”"),
        ("${overall} = ''", "câu 1 để trống"),
    ],
)  # fmt: skip
def test_a_condition_is_said_in_words(relevant: str, words: str) -> None:
    sheets = counter_sheets()
    row_of(sheets, "reflection")["relevant"] = relevant
    told = lay_out(compiled(sheets))[-1]["condition"]
    assert told == f"Chỉ trả lời nếu {words}."


def test_every_code_of_a_batch_is_read_by_scanners_as_its_serial() -> None:
    sheets = [
        *printed(6),
        PrintedSheet("9W6HY23C", 10, "", ""),  # one row of its QR code has no dark module
        PrintedSheet("23456789", 11, "", ""),
        PrintedSheet("A2345673", 12, "", ""),
    ]
    data = sheet_data(batch(len(sheets)), shipped("counter"), sheets)
    read = [_scan(one) for one in _pictures(data)]
    assert read == [sheet.serial for sheet in sheets]
    pdf = make_sheets(batch(len(sheets)), shipped("counter"), sheets)
    assert [decode(code) for code in matrices(pdf)] == [sheet.serial for sheet in sheets]


def test_the_code_of_a_serial_is_small_and_dark() -> None:
    picture = qr_picture("7KFM3XAC", mode="byte")
    assert 'width="25"' in picture
    assert BLOCKS_Q[1] == [13]
    assert 'stroke="#000"' in picture


def test_the_longest_names_leave_room_for_the_questions() -> None:
    pdf = make_sheets(
        batch(1, "Trung tâm Phục vụ hành chính công " * 5), shipped("counter"), printed(1)
    )
    assert pages(pdf) == 1


def test_markup_in_a_question_is_only_a_question() -> None:
    sheets = counter_sheets()
    label = '#panic("x") *đậm* \\ $x$ <b>'
    row_of(sheets, "overall")["label::Tiếng Việt (vi)"] = label
    assert label in text_of(make_sheets(batch(1), compiled(sheets), printed(1)))[0]


def _pictures(data: dict[str, object]) -> list[Image.Image]:
    shots = compile_sheets(data, format="png", ppi=300)
    return [Image.open(BytesIO(shot)).convert("L") for shot in shots]


def _scan(picture: Image.Image) -> str | None:
    """What a line across the bars says, in the upper right of the page."""
    width, _height = picture.size
    for line in range(180, 320, 20):
        pixels = [picture.getpixel((column, line)) for column in range(width // 2, width)]
        if text := read_bars([int(pixel) < 128 for pixel in pixels]):  # type: ignore[arg-type]
            return text
    return None
