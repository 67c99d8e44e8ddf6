"""Letters as DOCX and PDF, and forms that an office brings along."""

import zipfile
from io import BytesIO

import pytest
from docx import Document

from app.letter_documents import FIELDS, REQUIRED, SAMPLE, check_form, make_docx, make_pdf
from app.shipped_letter import shipped_form
from app.word_text import read_blocks
from surveys.accounts import FieldError

GOOD = " ".join(f"{{{{ {name} }}}}" for name in REQUIRED)


def form(text: str, footer: str = "") -> bytes:
    document = Document()
    document.add_paragraph(text)
    if footer:
        document.sections[0].footer.paragraphs[0].text = footer
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def words(docx: bytes) -> str:
    found: list[str] = []

    def walk(blocks: list[dict]) -> None:  # type: ignore[type-arg]
        for block in blocks:
            if block["kind"] == "table":
                for row in block["rows"]:
                    for cell in row:
                        walk(cell)
            else:
                found.append("".join(run["text"] for run in block["runs"]))

    walk(read_blocks(docx))
    return "\n".join(found)


def test_the_shipped_form_is_one_that_an_office_could_have_brought() -> None:
    check_form(shipped_form())


def test_the_letter_says_everything_that_the_rule_asks_for() -> None:
    said = words(make_docx(shipped_form(), SAMPLE))
    for name in ("co_quan", "ma_ho_so", "ngay_tiep_nhan", "ngay_hen", "ly_do", "ngay_hen_moi"):
        assert SAMPLE[name] in said, name
    assert "lần thứ 1" in said
    assert "{" not in said


def test_who_has_the_result_is_promised_nothing() -> None:
    said = words(make_docx(shipped_form(), SAMPLE | {"ngay_hen_moi": "", "ngay_tra": "12/03/2026"}))
    assert "đã được trả ngày 12/03/2026" in said
    assert "gia hạn" not in said


def test_signs_of_markup_in_a_reason_stay_signs() -> None:
    said = words(make_docx(shipped_form(), SAMPLE | {"ly_do": "A < B & {{ nam }} {% if %}"}))
    assert "A < B & {{ nam }} {% if %}" in said


def test_the_pdf_is_made_of_the_words_of_the_docx() -> None:
    pdf = make_pdf(make_docx(shipped_form(), SAMPLE), "H32.15")
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type/Page/") <= 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD + " {{ ten_nguoi }}", "ten_nguoi"),
        (GOOD.replace("{{ ly_do }}", ""), "ly_do"),
        (GOOD + " {{ ly_do", "ngoặc"),
        (GOOD + " {% for x in ly_do %}{{ x }}{% endfor %}", "if"),
        (GOOD + " {{ ly_do.__class__ }}", "if"),
        (GOOD + " {{ ly_do * 9 }}", "if"),
        (GOOD + " {% set a = 1 %}", "if"),
        (GOOD + " {{ ly_do() }}", "if"),
        (GOOD + " {% include 'x' %}", "if"),
    ],
)
def test_a_form_that_cannot_be_filled_or_does_more_is_refused(text: str, says: str) -> None:
    with pytest.raises(FieldError, match=says):
        check_form(form(text))


def test_what_stands_in_the_footer_counts_too() -> None:
    check_form(form(GOOD, footer="{{ co_quan }}"))
    with pytest.raises(FieldError, match="if"):
        check_form(form(GOOD, footer="{{ co_quan.x }}"))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04 no zip"])
def test_what_is_no_word_file_is_refused(content: bytes) -> None:
    with pytest.raises(FieldError, match=r"\.docx"):
        check_form(content)


def test_macros_and_bombs_are_refused() -> None:
    for name, content in (("word/vbaProject.bin", b"x"), ("word/media/x", b"0" * 21_000_000)):
        packed = BytesIO(form(GOOD))
        with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as package:
            package.writestr(name, content)
        with pytest.raises(FieldError):
            check_form(packed.getvalue())


def related(kind: str, part: str = "word/_rels/document.xml.rels", mode: str = "External") -> bytes:
    """A form one of whose parts has one more relationship, outside of the file."""
    new = (
        f'<Relationship Id="rId99" Type="{kind}" TargetMode="{mode}" Target="http://a.example/x"/>'
    )
    written = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(form(GOOD))) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        kept = {name: old.read(name) for name in old.namelist()}
        empty = b'<Relationships xmlns="' + RELATIONS.encode() + b'"></Relationships>'
        before, end, after = kept.get(part, empty).rpartition(b"</Relationships>")
        for name, content in (kept | {part: before + new.encode() + end + after}).items():
            package.writestr(name, content)
    return written.getvalue()


RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@pytest.mark.parametrize(
    ("kind", "part", "mode"),
    [
        (f"{OFFICE}/attachedTemplate", "word/_rels/settings.xml.rels", "External"),
        (f"{OFFICE}/image", "word/_rels/document.xml.rels", "External"),
        (f"{OFFICE}/image", "word/_rels/document.xml.rels", " external"),
        (f"{OFFICE}/frame", "word/_rels/WebSettings.xml.RELS", "External"),
        ("urn:x/hyperlink", "word/_rels/document.xml.rels", "External"),
    ],
)
def test_a_form_that_fetches_something_when_it_opens_is_refused(
    kind: str, part: str, mode: str
) -> None:
    with pytest.raises(FieldError, match="từ nơi khác"):
        check_form(related(kind, part, mode))


def test_a_form_may_hold_a_link_to_click() -> None:
    check_form(related(f"{OFFICE}/hyperlink"))


def test_relationships_that_cannot_be_read_are_refused() -> None:
    packed = BytesIO(form(GOOD))
    with zipfile.ZipFile(packed, "a") as package:
        package.writestr("word/_rels/settings.xml.rels", b"<Relationships>&x;")
    with pytest.raises(FieldError, match=r"\.docx"):
        check_form(packed.getvalue())


def test_every_field_has_a_name_and_a_sample() -> None:
    assert all(title for title, _sample in FIELDS.values())
