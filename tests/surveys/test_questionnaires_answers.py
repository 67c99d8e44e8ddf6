"""Answers: what fits is stored as item codes, what does not is refused by name."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import InputError
from surveys.questionnaires import (
    NO_ANSWER,
    AnswerError,
    Question,
    Questionnaire,
    check_answers,
    compile_form,
    items,
    parse_form,
)
from surveys.questionnaires.answers import clean_text
from tests.surveys.forms import FORMS, counter_sheets, row_of, workbook

COUNTER = compile_form((FORMS / "counter.xlsx").read_bytes()).questionnaire


def with_skips() -> Questionnaire:
    """The counter form, where reasons follow a low rating and the text a certain reason."""
    sheets = counter_sheets()
    row_of(sheets, "reasons").update({"relevant": "${overall} <= 3", "required": "yes"})
    row_of(sheets, "reflection").update(
        {"relevant": "selected(${reasons}, 'fee')", "required": "yes"}
    )
    return compile_form(workbook(sheets)).questionnaire


SKIPPING = with_skips()
SHIPPED = [compile_form(path.read_bytes()).questionnaire for path in sorted(FORMS.glob("*.xlsx"))]


def faults(answers: dict[str, Any], questionnaire: Questionnaire = COUNTER) -> dict[str, str]:
    with pytest.raises(AnswerError) as caught:
        check_answers(questionnaire, answers)
    assert isinstance(caught.value, InputError)
    return {fault.question: fault.told() for fault in caught.value.faults}


def test_answers_become_pairs_of_item_and_code() -> None:
    found = check_answers(
        COUNTER,
        {
            "reflection": " Cảm ơn! ",
            "reasons": ["fee", "waiting"],
            "feedback": 99,
            "result": 98,
            "access": 4,
            "overall": 5,
        },
    )
    assert found.codes == ((1, 5), (2, 4), (5, 98), (6, 99), (8, 1), (12, 1))
    assert found.chosen == ("reasons/waiting", "reasons/fee")
    assert found.text == "Cảm ơn!"


def test_one_tap_is_enough() -> None:
    found = check_answers(COUNTER, {"overall": 1})
    assert (found.codes, found.chosen, found.text) == (((1, 1),), (), None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("overall", True),
        ("overall", 5.0),
        ("overall", "5"),
        ("overall", None),
        ("overall", [5]),
        ("overall", {}),
        ("overall", 0),
        ("overall", 6),
        ("overall", -1),
        ("overall", 98),
        ("overall", 99),
        ("overall", 2**70),
        ("overall", float("nan")),
        ("access", 97),
        ("access", None),
        ("reasons", "waiting"),
        ("reasons", ["waiting", "waiting"]),
        ("reasons", ["Waiting"]),
        ("reasons", ["waiting", None]),
        ("reasons", [["waiting"]]),
        ("reasons", {"waiting": 1}),
        ("reasons", None),
        ("reflection", 5),
        ("reflection", None),
        ("reflection", ["x"]),
        ("reasons/waiting", 1),
        ("Overall", 5),
        ("", 5),
    ],
)
def test_what_does_not_fit_is_refused_by_the_name_of_its_question(name: str, value: object) -> None:
    assert list(faults({"overall": 5} | {name: value})) == [name]


def test_what_is_far_too_long_is_refused_unread() -> None:
    sent = {"overall": 10**5000, "reasons": ["x"] * 100_000, "reflection": "\n" * 10_000_000}
    assert list(faults(sent)) == list(sent)
    assert list(faults({"overall": 5, "reflection": "x" * 1001})) == ["reflection"]


def test_a_refusal_tells_the_codes_that_are_taken() -> None:
    assert faults({"overall": 6})["overall"].endswith("1, 2, 3, 4, 5.")
    assert "98, 99" in faults({"overall": 5, "access": 0})["access"]
    assert "waiting, unclear_guidance" in faults({"overall": 5, "reasons": ["x"]})["reasons"]
    assert "overall, access" in faults({"overall": 5, "name": "A"})["name"]


def test_a_refusal_repeats_nothing_of_what_was_written() -> None:
    with pytest.raises(AnswerError) as caught:
        check_answers(COUNTER, {"overall": "0912345678", "reasons": ["0912345678"]})
    assert "0912345678" not in str(caught.value)


def test_every_question_that_is_wrong_is_told() -> None:
    assert list(faults({"overall": 9, "access": "x", "reasons": 3, "more": 1})) == [
        *("overall", "access", "reasons", "more")
    ]


def test_a_question_that_must_be_answered_is_named() -> None:
    assert list(faults({"access": 4})) == ["overall"]
    assert list(faults({})) == ["overall"]


def test_a_part_that_follows_a_rating_needs_no_overall_answer() -> None:
    found = check_answers(COUNTER, {"access": 4, "reasons": ["fee"]}, complete=False)
    assert found.codes == ((2, 4), (12, 1))
    with pytest.raises(AnswerError):
        check_answers(COUNTER, {"access": 9}, complete=False)


def test_what_was_asked_must_be_answered_and_what_was_not_falls_away() -> None:
    happy = check_answers(SKIPPING, {"overall": 5, "reasons": ["fee"], "reflection": "Phí cao"})
    assert (happy.codes, happy.chosen, happy.text) == (((1, 5),), (), None)
    sad = check_answers(SKIPPING, {"overall": 2, "reasons": ["fee"], "reflection": "Phí cao"})
    assert (sad.chosen, sad.text) == (("reasons/fee",), "Phí cao")
    assert list(faults({"overall": 2}, SKIPPING)) == ["reasons"]
    assert list(faults({"overall": 2, "reasons": []}, SKIPPING)) == ["reasons"]
    assert list(faults({"overall": 2, "reasons": ["fee"]}, SKIPPING)) == ["reflection"]
    assert list(faults({"overall": 2, "reasons": ["fee"], "reflection": " "}, SKIPPING)) == [
        "reflection"
    ]


def test_a_part_that_follows_keeps_what_hangs_on_the_rating_before() -> None:
    found = check_answers(SKIPPING, {"reasons": ["fee"]}, complete=False)
    assert found.chosen == ("reasons/fee",)


def test_no_answer_counts_as_blank_in_a_condition() -> None:
    sheets = counter_sheets()
    row_of(sheets, "reflection").update({"relevant": "${access} = ''", "required": "yes"})
    form = compile_form(workbook(sheets)).questionnaire
    assert list(faults({"overall": 5, "access": NO_ANSWER}, form)) == ["reflection"]
    assert check_answers(form, {"overall": 5, "access": 98}).codes == ((1, 5), (2, 98))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("  Tốt \n", "Tốt"),
        ("", None),
        (" \t\r\n ", None),
        ("\x00\x07", None),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("một\r\nhai\rba\u2028bốn", "một\nhai\nba\nbốn"),
        ("Ha\u0300i lo\u0300ng", "Hài lòng"),
        ("\u202egnol iah\u202c", "gnol iah"),
        ("a\ud800b", "ab"),
        ("\ufeffTốt", "Tốt"),
        ("ខ្ញុំ\u200bសប្បាយ", "ខ្ញុំ\u200bសប្បាយ"),
        ("👨‍👩‍👧 tốt", "👨‍👩‍👧 tốt"),
    ],
)
def test_text_is_composed_trimmed_and_free_of_control_characters(
    written: str, kept: str | None
) -> None:
    assert check_answers(COUNTER, {"overall": 5, "reflection": written}).text == kept


def test_length_is_counted_in_letters_as_they_are_kept() -> None:
    decomposed = unicodedata.normalize("NFD", "ệ" * 1000)
    assert len(decomposed) == 3000
    text = check_answers(COUNTER, {"overall": 5, "reflection": decomposed}).text
    assert text == "ệ" * 1000
    assert "1000" in faults({"overall": 5, "reflection": decomposed + "a"})["reflection"]


@given(st.text())
def test_cleaned_text_is_clean_and_stays_so(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned == unicodedata.normalize("NFC", cleaned)
    assert "\x00" not in cleaned
    assert cleaned.encode().decode() == cleaned


def test_a_posted_form_becomes_answers() -> None:
    posted: dict[str, str | list[str]] = {
        "_csrf_token": "abc",
        "overall": "5",
        "access": ["98"],
        "procedures": "",
        "officials": [],
        "reasons": ["waiting", "fee", ""],
        "reflection": [" Tốt "],
    }
    answers = parse_form(COUNTER, posted)
    assert answers == {
        "overall": 5,
        "access": 98,
        "reasons": ["waiting", "fee"],
        "reflection": " Tốt ",
    }
    assert check_answers(COUNTER, answers).text == "Tốt"


def test_one_box_ticked_is_a_list_of_one() -> None:
    answers = parse_form(COUNTER, {"overall": "4", "reasons": "fee"})
    assert check_answers(COUNTER, answers).chosen == ("reasons/fee",)


@pytest.mark.parametrize("sent", ["05", "5.0", "+5", "٥", "five", "5 ", ["4", "5"], "True"])
def test_what_a_form_cannot_have_sent_is_left_to_the_check(sent: str | list[str]) -> None:
    assert list(faults(parse_form(COUNTER, {"overall": sent}))) == ["overall"]


def answers_to(question: Question, questionnaire: Questionnaire) -> st.SearchStrategy[Any]:
    """Any answer that the question takes."""
    if question.kind == "text":
        return st.text(max_size=question.max_length // 4)
    if question.kind == "choices":
        names = [choice.name for choice in question.choices]
        return st.lists(st.sampled_from(names), unique=True, min_size=question.required)
    item = next(i for i in items(questionnaire) if i.position == question.position)
    return st.sampled_from(item.allowed_codes)


@st.composite
def filled(draw: st.DrawFn) -> tuple[Questionnaire, dict[str, Any]]:
    """A questionnaire, and answers that it takes."""
    form = draw(st.sampled_from(SHIPPED))
    optional = st.sampled_from([q.name for q in form.questions])
    skipped = draw(st.sets(optional))
    return form, {
        question.name: draw(answers_to(question, form))
        for question in form.questions
        if question.required or question.name not in skipped
    }


@given(filled())
def test_answers_made_from_a_questionnaire_are_taken(
    case: tuple[Questionnaire, dict[str, Any]],
) -> None:
    form, answers = case
    allowed = {item.position: item.allowed_codes for item in items(form)}
    found = check_answers(form, answers)
    assert all(code in allowed[position] for position, code in found.codes)
    positions = [position for position, _ in found.codes]
    assert positions == sorted(set(positions))
    scales = [question for question in form.questions if question.kind == "scale"]
    assert {q.position: answers[q.name] for q in scales if q.name in answers}.items() <= dict(
        found.codes
    ).items()
    assert len(found.chosen) == len(answers.get("reasons", []))


@given(filled())
def test_a_form_carries_what_json_carries(case: tuple[Questionnaire, dict[str, Any]]) -> None:
    form, answers = case
    posted = {
        name: value if isinstance(value, list) else str(value) for name, value in answers.items()
    }
    assert check_answers(form, parse_form(form, posted)) == check_answers(form, answers)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers().filter(lambda number: not 0 <= number <= 99),
    st.dictionaries(st.text(), st.integers(), max_size=2),
    st.binary(),
    st.lists(st.integers(), min_size=1),
)


@given(filled(), st.data())
def test_a_mutation_is_refused_and_nothing_else_happens(
    case: tuple[Questionnaire, dict[str, Any]], data: st.DataObject
) -> None:
    form, answers = case
    name = data.draw(st.sampled_from([*answers, "nobody"]))
    with pytest.raises(AnswerError) as caught:
        check_answers(form, answers | {name: data.draw(JUNK)})
    assert [fault.question for fault in caught.value.faults] == [name]


@given(st.dictionaries(st.text() | st.sampled_from(["overall", "access", "reasons"]), JUNK))
def test_anything_at_all_is_taken_or_refused(answers: dict[str, Any]) -> None:
    with pytest.raises(AnswerError):
        check_answers(COUNTER, answers)
