"""Forms that compile: what comes out of them."""

import hashlib
import re
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path

import msgspec
import pytest

from surveys.questionnaires import CompiledForm, Question, Questionnaire, compile_form, items
from surveys.questionnaires.authoring import build_workbook, main
from surveys.questionnaires.conditions import Compare, Every, Not, Selected
from surveys.questionnaires.workbooks import read_workbook
from tests.surveys.forms import EN, FORMS, VI, Sheets, counter_sheets, labels, row_of, workbook

GOLDEN = Path(__file__).parent / "golden" / "counter.json"
SHIPPED = sorted(path.stem for path in FORMS.glob("*.xlsx"))


@cache
def shipped(name: str) -> CompiledForm:
    return compile_form((FORMS / f"{name}.xlsx").read_bytes())


def compiled(sheets: Sheets) -> CompiledForm:
    return compile_form(workbook(sheets))


def question(form: CompiledForm, name: str) -> Question:
    return next(one for one in form.questionnaire.questions if one.name == name)


def test_the_counter_form_compiles_to_what_was_agreed() -> None:
    assert shipped("counter").questionnaire == msgspec.json.decode(
        GOLDEN.read_bytes(), type=Questionnaire
    )


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_form_has_no_warnings_and_works_on_our_own_pages(name: str) -> None:
    form = shipped(name)
    assert form.warnings == ()
    assert form.questionnaire.collect_only == ()
    assert form.questionnaire.languages == ("vi", "en")


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_workbook_says_what_its_readable_source_says(name: str) -> None:
    source = (FORMS / f"{name}.toml").read_text("utf-8")
    stored = (FORMS / f"{name}.xlsx").read_bytes()
    assert read_workbook(build_workbook(source)) == read_workbook(stored)


def test_building_a_workbook_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    source = (FORMS / "counter.toml").read_text("utf-8")
    (tmp_path / "counter.toml").write_text(source, "utf-8")
    main(tmp_path)
    assert (tmp_path / "counter.xlsx").read_bytes() == build_workbook(source)


@pytest.mark.parametrize(
    ("name", "scale", "codes", "satisfied"),
    [
        ("counter", "five_level", [1, 2, 3, 4, 5], [4, 5]),
        ("three_level", "three_level", [1, 2, 3], [2, 3]),
        ("zero_one_two", "zero_one_two", [0, 1, 2], [1, 2]),
    ],
)
def test_a_scale_is_data(name: str, scale: str, codes: list[int], satisfied: list[int]) -> None:
    levels = shipped(name).questionnaire.scales[scale].levels
    assert [level.code for level in levels] == codes
    assert [level.code for level in levels if level.satisfied] == satisfied


def test_a_missing_level_leaves_the_denominator() -> None:
    levels = shipped("counter").questionnaire.scales["five_level_or_none"].levels
    assert [(level.code, level.labels["vi"]) for level in levels if level.missing] == [
        (98, "Không áp dụng")
    ]


def test_every_option_of_a_multiple_choice_is_an_item_of_its_own() -> None:
    found = [item for item in items(shipped("counter").questionnaire) if item.role == "reason"]
    assert found[0].name == "reasons/waiting"
    assert {item.allowed_codes for item in found} == {(1,)}
    assert len({item.position for item in found}) == len(found) == 9


def test_only_what_may_stay_blank_takes_the_code_for_no_answer() -> None:
    allowed = {item.name: item.allowed_codes for item in items(shipped("counter").questionnaire)}
    assert allowed["overall"] == (1, 2, 3, 4, 5)
    assert allowed["access"] == (1, 2, 3, 4, 5, 98, 99)


def test_an_item_says_which_codes_count_and_which_are_satisfied() -> None:
    (access,) = [i for i in items(shipped("counter").questionnaire) if i.name == "access"]
    assert (access.factor, access.satisfied_codes) == ("access", (4, 5))
    assert access.missing_codes == (98, 99)


def test_several_questions_can_measure_one_factor() -> None:
    found = {item.name: item.factor for item in items(shipped("zero_one_two").questionnaire)}
    assert found == {
        "overall": "",
        "time": "procedures",
        "contacts": "procedures",
        "agencies": "access",
    }


@pytest.mark.parametrize("name", SHIPPED)
def test_a_questionnaire_survives_json(name: str) -> None:
    before = shipped(name).questionnaire
    assert msgspec.json.decode(msgspec.json.encode(before), type=Questionnaire) == before


def test_the_version_stands_in_the_xform_and_changes_its_hash() -> None:
    source = (FORMS / "counter.xlsx").read_bytes()
    first, second = compile_form(source, version=1), compile_form(source, version=2)
    assert second.questionnaire.version == 2
    instance = ET.fromstring(second.xml).find(".//{*}instance")
    assert instance is not None
    assert (instance[0].get("id"), instance[0].get("version")) == ("counter", "2")
    assert first.md5 != second.md5


def test_the_hash_is_the_one_that_openrosa_clients_compute() -> None:
    form = shipped("counter")
    assert form.md5 == f"md5:{hashlib.md5(form.xml).hexdigest()}"
    assert compile_form((FORMS / "counter.xlsx").read_bytes()).xml == form.xml


def test_roles_are_data_and_names_are_free() -> None:
    sheets = counter_sheets()
    for number, row in enumerate(sheets["survey"]):
        row["name"] = f"q{number}"
    form = compiled(sheets)
    assert [one.role for one in form.questionnaire.questions] == [
        *("overall", "factor", "factor", "factor", "factor", "factor", "reason", "reflection")
    ]


def test_a_form_in_one_language_needs_no_other() -> None:
    sheets = counter_sheets()
    for rows in sheets.values():
        for row in rows:
            for column in [c for c in row if c.endswith((EN, "title_en"))]:
                del row[column]
    form = compiled(sheets)
    assert form.questionnaire.languages == ("vi",)
    assert form.questionnaire.title == {"vi": "Đánh giá lần làm thủ tục"}


def test_labels_are_composed_and_trimmed() -> None:
    sheets = counter_sheets()
    row_of(sheets, "overall")[f"label::{VI}"] = "  Ha\u0300i  lo\u0300ng\u00a0? "
    assert question(compiled(sheets), "overall").labels["vi"] == "Hài lòng ?"


def test_a_space_that_does_not_break_is_a_space() -> None:
    sheets = counter_sheets()
    row_of(sheets, "access")["type"] = "select_one\u00a0five_level_or_none"
    assert compiled(sheets).questionnaire == shipped("counter").questionnaire


def test_a_condition_of_a_group_holds_for_the_questions_in_it() -> None:
    sheets = counter_sheets()
    reasons = row_of(sheets, "reasons")
    reasons["relevant"] = "not(${access} = 98)"
    place = sheets["survey"].index(reasons)
    begin = {"type": "begin_group", "name": "low", "relevant": "${overall} <= 3"} | labels("Nhóm")
    sheets["survey"][place:] = [begin, *sheets["survey"][place:], {"type": "end_group"}]
    sheets["survey"][-1]["name"] = ""
    form = compiled(sheets)
    low = Compare("overall", "<=", 3.0)
    assert question(form, "reflection").relevant == low
    assert question(form, "reasons").relevant == Every((low, Not(Compare("access", "=", 98.0))))
    assert question(form, "overall").relevant is None


def test_a_condition_may_look_at_chosen_options() -> None:
    sheets = counter_sheets()
    row_of(sheets, "reflection")["relevant"] = "selected(${reasons}, 'waiting')"
    form = compiled(sheets)
    assert question(form, "reflection").relevant == Selected("reasons", "waiting")
    assert form.questionnaire.collect_only == ()


@pytest.mark.parametrize(
    ("name", "column", "cell", "part"),
    [
        ("reasons", "relevant", "${overall} + 1 > 3", "reasons relevant: +"),
        ("reasons", "relevant", "count(${overall}) = 1", "reasons relevant: count()"),
        ("reasons", "relevant", "${overall} = ${access}", "reasons relevant: /data/access"),
        ("reasons", "relevant", "${today} = '2026-01-01'", "reasons relevant: /data/today"),
        ("access", "required", "${overall} = 1", "access required: /data/overall  = 1"),
        (
            "reasons",
            "constraint",
            "count-selected(.) < 3",
            "reasons constraint: count-selected(.) < 3",
        ),
        ("reflection", "constraint", "regex(., 'a')", "reflection constraint: regex(., 'a')"),
        ("access", f"label::{VI}", "Nơi ${overall}", "access label: ${…}"),
        ("access", "parameters", "randomize=true", "access choice_filter: randomize("),
    ],
)
def test_what_only_collect_can_evaluate_is_flagged(
    name: str, column: str, cell: str, part: str
) -> None:
    sheets = counter_sheets()
    sheets["survey"].insert(0, {"type": "today", "name": "today"})
    row_of(sheets, name)[column] = cell
    (flag,) = compiled(sheets).questionnaire.collect_only
    assert flag.startswith(part)


def test_an_answer_is_not_demanded_when_only_collect_knows_whether_it_was_asked() -> None:
    sheets = counter_sheets()
    row_of(sheets, "access").update({"required": "yes", "relevant": "${overall} + 1 > 3"})
    assert not question(compiled(sheets), "access").required


@pytest.mark.parametrize(
    ("constraint", "limit"),
    [
        ("string-length(.) <= 300", 300),
        ("string-length(.) < 300", 299),
        ("300 >= string-length(${reflection})", 300),
        ("300 > string-length()", 299),
        ("", 2000),
    ],
)
def test_a_text_has_a_longest_length(constraint: str, limit: int) -> None:
    sheets = counter_sheets()
    row_of(sheets, "reflection")["constraint"] = constraint
    form = compiled(sheets)
    assert question(form, "reflection").max_length == limit
    assert form.questionnaire.collect_only == ()


def test_a_group_shown_as_a_table_adds_no_questions() -> None:
    sheets = counter_sheets()
    first = sheets["survey"].index(row_of(sheets, "access"))
    begin = {"type": "begin_group", "name": "factors", "appearance": "table-list"}
    sheets["survey"].insert(first, begin | labels("Các yếu tố"))
    sheets["survey"].insert(first + 6, {"type": "end_group", "name": ""})
    form = compiled(sheets)
    assert [one.name for one in form.questionnaire.questions] == [
        one.name for one in shipped("counter").questionnaire.questions
    ]


def test_an_unknown_column_is_left_out_and_told() -> None:
    sheets = counter_sheets()
    row_of(sheets, "overall")["requierd"] = "yes"
    sheets["settings"][0]["version"] = "2026"
    form = compiled(sheets)
    assert [re.findall("“(.*)”", warning) for warning in form.warnings] == [
        ["requierd"],
        ["version"],
    ]


def test_a_cell_may_hold_a_truth_value_or_a_number_for_a_word() -> None:
    sheets = counter_sheets()
    row_of(sheets, "overall")["required"] = True
    row_of(sheets, "98", "choices")["name"] = 98.0
    assert compiled(sheets).questionnaire == shipped("counter").questionnaire


def test_empty_rows_and_foreign_sheets_do_no_harm() -> None:
    sheets = counter_sheets()
    sheets["survey"] = [dict.fromkeys(sheets["survey"][0], ""), {}, *sheets["survey"]]
    sheets["Ghi chú"] = [{"a": "b"}]
    assert compiled(sheets).questionnaire == shipped("counter").questionnaire
