"""Forms that are refused: every problem at once, with its row and what to do."""

from collections.abc import Callable

import pytest

from surveys.errors import InputError
from surveys.questionnaires import QuestionnaireError, compile_form
from tests.surveys.forms import EN, VI, Sheets, counter_sheets, labels, row_of, workbook


def refusal(xlsx: bytes) -> str:
    with pytest.raises(QuestionnaireError) as caught:
        compile_form(xlsx)
    return str(caught.value)


def change(name: str, column: str, cell: object, sheet: str = "survey") -> Callable[[Sheets], None]:
    def apply(sheets: Sheets) -> None:
        row_of(sheets, name, sheet)[column] = cell

    return apply


def settings_cell(column: str, cell: object) -> Callable[[Sheets], None]:
    def apply(sheets: Sheets) -> None:
        sheets["settings"][0][column] = cell

    return apply


def again(name: str, sheet: str = "survey") -> Callable[[Sheets], None]:
    def apply(sheets: Sheets) -> None:
        sheets[sheet].append(dict(row_of(sheets, name, sheet)))

    return apply


def drop(sheet: str, column: str) -> Callable[[Sheets], None]:
    def apply(sheets: Sheets) -> None:
        for row in sheets[sheet]:
            row.pop(column, None)

    return apply


def row(sheet: str, **cells: object) -> Callable[[Sheets], None]:
    def apply(sheets: Sheets) -> None:
        sheets[sheet].append({**cells, **labels("nhãn", "label")})

    return apply


ROLE = "bind::sipas:role"
REFUSED = {
    "duplicate name": (again("access"), "dòng 10, câu access: Tên “access” đã dùng"),
    "no overall": (change("overall", ROLE, "factor"), "đúng một câu với vai trò overall"),
    "two overall": (change("access", ROLE, "overall"), "overall (đang có 2)"),
    "unknown role": (change("access", ROLE, "boss"), "dòng 3, câu access: Vai trò “boss” không có"),
    "no role": (change("access", ROLE, ""), "câu access: Câu chưa có vai trò"),
    "role of another type": (change("reasons", ROLE, "factor"), "phải thuộc loại select_one"),
    "overall not required": (change("overall", "required", ""), "phải có required = yes"),
    "overall with a condition": (
        change("overall", "relevant", "selected(${overall}, '1')"),
        "chỉ được nhắc tới câu đứng trước",
    ),
    "code is no integer": (
        change("5", "name", "năm", "choices"),
        "dòng 6: Mã “năm” của thang “five_level” phải là số nguyên",
    ),
    "code with a sign": (change("5", "name", -5, "choices"), "Mã “-5” của thang “five_level”"),
    "code with a zero before": (change("5", "name", "05", "choices"), "Mã “05” của thang"),
    "code too large": (change("5", "name", 100, "choices"), "Mã “100” của thang"),
    "98 that counts": (change("98", "missing", 0, "choices"), "Mã 98: các mã 90–99"),
    "99 that counts": (change("5", "name", 99, "choices"), "Mã 99: các mã 90–99"),
    "5 that does not count": (change("5", "missing", 1, "choices"), "Mã 5: các mã 90–99"),
    "missing and satisfied": (change("98", "satisfied", 1, "choices"), "vừa satisfied = 1 vừa"),
    "a flag that is neither": (
        change("5", "satisfied", "có", "choices"),
        "dòng 6: Cột satisfied của mã 5 là “có”",
    ),
    "no satisfied level": (drop("choices", "satisfied"), "ít nhất một mức satisfied = 1"),
    "duplicate choice": (again("waiting", "choices"), "“waiting” có hai lần"),
    "choice with a space": (
        change("waiting", "name", "cho lau", "choices"),
        "Mã lựa chọn “cho lau”",
    ),
    "list that is not there": (
        change("access", "type", "select_one six"),
        "dòng 3, câu access: Danh sách “six” không có",
    ),
    "unknown type": (change("reflection", "type", "video"), "Loại câu “video” không dùng được"),
    "note": (change("reflection", "type", "note"), "Loại câu “note” không dùng được"),
    "other by hand": (
        change("reasons", "type", "select_multiple reasons or_other"),
        "không dùng được",
    ),
    "name with a capital": (change("access", "name", "Access"), "Tên “Access” phải gồm"),
    "name missing": (change("access", "name", ""), "dòng 3: Tên “” phải gồm"),
    "missing translation": (
        change("access", f"label::{EN}", ""),
        "trang survey, dòng 3, câu access: Thiếu bản dịch ở cột “label::English (en)”",
    ),
    "missing translation of a choice": (
        change("98", f"label::{VI}", "", "choices"),
        "trang choices, dòng 12, câu 98: Thiếu bản dịch",
    ),
    "half a hint": (change("reasons", f"hint::{EN}", ""), "dòng 8, câu reasons: Thiếu bản dịch"),
    "language without choices": (
        drop("choices", f"label::{EN}"),
        "trang choices, dòng 1: Thiếu cột “label::English (en)”",
    ),
    "label without a language": (
        change("access", "label", "Nơi"),
        "Cột “label” phải ghi ngôn ngữ và mã",
    ),
    "two spellings of a language": (
        change("access", "hint::Vietnamese (vi)", "x"),
        "Mã ngôn ngữ “vi” được ghi bằng hai cách",
    ),
    "default language that is not there": (
        settings_cell("default_language", "English"),
        "default_language là “English”",
    ),
    "no form_id": (settings_cell("form_id", ""), "form_id “” phải gồm"),
    "form_id with marks": (settings_cell("form_id", "phiếu"), "form_id “phiếu”"),
    "no title": (settings_cell("form_title", ""), "Tên phiếu ở cột “form_title”"),
    "no English title": (
        settings_cell("attribute::sipas:title_en", ""),
        "Tên phiếu ở cột “attribute::sipas:title_en”",
    ),
    "namespace lost": (settings_cell("namespaces", "x"), "Ô namespaces phải có sipas="),
    "settings twice": (lambda s: s["settings"].append(s["settings"][0]), "chỉ có một dòng"),
    "no settings sheet": (lambda s: s.pop("settings") and None, "Thiếu trang “settings”"),
    "no choices sheet": (lambda s: s.pop("choices") and None, "Thiếu trang “choices”"),
    "no name column": (drop("survey", "name"), "dòng 1: Thiếu cột “name”"),
    "unbalanced bracket": (
        change("reasons", "relevant", "(${overall} <= 3"),
        "dòng 8, câu reasons: Biểu thức ở cột relevant viết sai",
    ),
    "unknown function": (
        change("reasons", "relevant", "slected(${overall}, '1')"),
        "gọi hàm slected() mà ODK không có",
    ),
    "wrong number of arguments": (
        change("reasons", "relevant", "selected(${overall})"),
        "gọi hàm selected(?)",
    ),
    "bad constraint": (
        change("reflection", "constraint", "string-length(.) <= "),
        "câu reflection: Biểu thức ở cột constraint viết sai",
    ),
    "reference to nothing": (
        change("reasons", "relevant", "${nothing} = 1"),
        "pyxform báo: [row : 8]",
    ),
    "look ahead": (
        change("access", "relevant", "${feedback} = 1"),
        "câu access: Điều kiện relevant nhắc tới “feedback”",
    ),
    "look at itself": (
        change("access", "relevant", "${access} = 1"),
        "Điều kiện relevant nhắc tới “access”",
    ),
    "answered beforehand": (
        change("access", "default", "5"),
        "câu access: Câu không được có sẵn câu trả lời",
    ),
    "answered by calculation": (
        change("access", "calculation", "5"),
        "câu access: Câu không được có sẵn câu trả lời",
    ),
    "answered when opened": (
        change("reflection", "default", "now()"),
        "câu reflection: Câu không được có sẵn câu trả lời",
    ),
    "read-only": (change("access", "readonly", "yes"), "Câu chỉ đọc"),
    "factor of a reason": (
        change("reasons", "bind::sipas:factor", "access"),
        "bind::sipas:factor chỉ dùng cho câu có vai trò factor",
    ),
    "text too long": (
        change("reflection", "constraint", "string-length(.) <= 9000"),
        "từ 1 đến 2000 ký tự",
    ),
    "group left open": (row("survey", type="begin_group", name="g"), "Thiếu end_group"),
    "group closed twice": (row("survey", type="end_group"), "end_group thừa"),
    "cell too long": (change("access", f"label::{VI}", "x" * 5000), "dài hơn 4000 ký tự"),
    "formula error": (change("access", f"label::{VI}", "#REF!"), "lỗi công thức #REF!"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_faulty_form_is_refused_with_its_place(case: str) -> None:
    fault, message = REFUSED[case]
    sheets = counter_sheets()
    fault(sheets)
    assert message in refusal(workbook(sheets))


def test_all_problems_are_told_at_once_and_by_row() -> None:
    sheets = counter_sheets()
    for fault in (
        change("overall", "required", ""),
        change("access", ROLE, "boss"),
        change("result", f"label::{EN}", ""),
        change("reasons", "relevant", "(${overall} <= 3"),
        change("98", "missing", 0, "choices"),
    ):
        fault(sheets)
    with pytest.raises(QuestionnaireError) as caught:
        compile_form(workbook(sheets))
    places = {(problem.sheet, problem.row) for problem in caught.value.problems}
    assert places == {("survey", n) for n in (2, 3, 6, 8)} | {("choices", 12)}


def test_a_second_reflection_is_refused() -> None:
    sheets = counter_sheets()
    sheets["survey"].append(row_of(sheets, "reflection") | {"name": "more"})
    assert "chỉ có một câu với vai trò reflection" in refusal(workbook(sheets))


def test_groups_nested_without_end_are_refused() -> None:
    sheets = counter_sheets()
    begin = [{"type": "begin_group", "name": f"g{n}"} | labels("n") for n in range(300)]
    end = [{"type": "end_group", "name": ""} for _ in range(300)]
    sheets["survey"] = [*begin, *sheets["survey"], *end]
    assert "Nhóm lồng quá 5 tầng" in refusal(workbook(sheets))


def test_a_form_of_too_many_items_is_refused() -> None:
    sheets = counter_sheets()
    sheets["survey"] += [row_of(sheets, "access") | {"name": f"f{n}"} for n in range(300)]
    assert "nhiều nhất là 300" in refusal(workbook(sheets))


def test_a_problem_is_told_in_the_reader_s_language() -> None:
    with pytest.raises(QuestionnaireError) as caught:
        compile_form(b"")
    assert isinstance(caught.value, InputError)
    assert caught.value.told(lambda text: "Empty file." if "rỗng" in text else text) == (
        "Empty file."
    )
