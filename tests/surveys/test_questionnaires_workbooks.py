"""Workbooks from outside: limits, damaged bytes, and cells that nobody expects."""

import io
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.questionnaires import QuestionnaireError, compile_form
from tests.surveys.forms import FORMS, counter_sheets, labels, workbook

COUNTER = (FORMS / "counter.xlsx").read_bytes()


def refusal(xlsx: bytes) -> str:
    with pytest.raises(QuestionnaireError) as caught:
        compile_form(xlsx)
    return str(caught.value)


def verdict(xlsx: bytes) -> str:
    """The key of the form, or what is to be mended; any other error fails the test."""
    try:
        return compile_form(xlsx).questionnaire.key
    except QuestionnaireError as error:
        return str(error)


def test_too_many_rows_and_columns_are_refused() -> None:
    sheets = counter_sheets()
    sheets["choices"] += [
        {"list_name": "long", "name": f"c{n}"} | labels(str(n)) for n in range(1000)
    ]
    assert "hơn 1000 dòng" in refusal(workbook(sheets))
    sheets = counter_sheets()
    sheets["survey"][0] |= {f"c{n}": "x" for n in range(100)}
    assert "hơn 100 cột" in refusal(workbook(sheets))


def test_a_column_given_twice_is_refused() -> None:
    sheets = counter_sheets()
    sheets["survey"][0][" name"] = "x"
    assert "Cột “name” có hai lần" in refusal(workbook(sheets))


def test_what_is_no_workbook_is_refused() -> None:
    assert "Tệp rỗng" in refusal(b"")
    assert "không phải là bảng tính" in refusal(b"type,name\ntext,a\n")
    assert "không phải là bảng tính" in refusal(COUNTER[: len(COUNTER) // 2])
    assert "lớn hơn 2 MB" in refusal(bytes(100 * 1024**2))


def test_a_zip_bomb_is_refused_unopened() -> None:
    stream = io.BytesIO(COUNTER)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.png", bytes(64 * 1024**2))
    assert stream.tell() < 200_000
    assert "giải nén ra lớn hơn 8 MB" in refusal(stream.getvalue())


def test_entities_in_a_sheet_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(COUNTER)) as whole, zipfile.ZipFile(stream, "w") as changed:
        for part in whole.namelist():
            text = whole.read(part)
            if part == "xl/sharedStrings.xml":
                head, body = text.split(b"?>", 1)
                text = head + b'?><!DOCTYPE s [<!ENTITY a "aaaa">]>' + body
            changed.writestr(part, text)
    assert "không phải là bảng tính" in refusal(stream.getvalue())


CELLS = st.sampled_from(
    [
        *("", "-", "0", "5", "98", "99", "${overall} <= 3", "${overall", "text", "begin_group"),
        *("select_one five_level", "factor", "overall", "(((", "Ệ", "<b>&", "{x}", "%s", "_x0007_"),
    ]
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_change_of_cells_makes_anything_but_a_form_or_a_refusal(data: st.DataObject) -> None:
    sheets = counter_sheets()
    for _ in range(data.draw(st.integers(1, 3))):
        rows = sheets[data.draw(st.sampled_from(sorted(sheets)))]
        cells = rows[data.draw(st.integers(0, len(rows) - 1))]
        cells[data.draw(st.sampled_from([*cells, "relevant", "constraint"]))] = data.draw(CELLS)
    assert verdict(workbook(sheets))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(COUNTER) - 1), st.integers(0, 255)), min_size=1))
def test_damaged_bytes_are_refused_or_read(damage: list[tuple[int, int]]) -> None:
    damaged = bytearray(COUNTER)
    for place, value in damage:
        damaged[place] = value
    assert verdict(bytes(damaged))


def test_a_cell_at_the_far_corner_costs_nothing() -> None:
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(COUNTER)) as whole, zipfile.ZipFile(stream, "w") as changed:
        for part in whole.namelist():
            changed.writestr(part, whole.read(part).replace(b"</sheetData>", far))
    assert verdict(stream.getvalue()) == "counter"
