"""XPath: what is read, what is refused, and what a condition means."""

import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.questionnaires.conditions import (
    BeyondSubsetError,
    Compare,
    Some,
    UnknownQuestionError,
    condition_of,
    holds,
)
from surveys.questionnaires.expressions import Binary, Call, Number, Path, parse
from surveys.questionnaires.functions import FUNCTIONS, UnknownFunctionError
from surveys.questionnaires.tokens import SyntaxFaultError

NAMES = {"/data/overall": "overall", "/data/reasons": "reasons", "/data/note": "note"}

SOUND = [
    "/data/overall <= 3",
    " /data/overall  = 5 or not( /data/overall  = 4) and true()",
    "selected(/data/reasons, 'waiting')",
    "count-selected(.) < 3 and string-length(.) <= 10",
    "not(selected(., 'none') and count-selected(.) > 1)",
    "instance('sample')/root/item[name = current()/../x]/label",
    "randomize(instance('five')/root/item[a = 1 or b != \"x\"], 42)",
    "../a * 2 div 3 mod 4 - -1",
    "a-b - c",
    "//item[1][@id='x']",
    "ancestor::group[last()]",
    "jr:choice-name(/data/a, '/data/a')",
    "if(/data/a > 1, 'x', concat('y', 'z', /data/b))",
    "child::text() | self::node() | .",
    "(1 + 2) * 3 >= .5",
    "and and or",
    "div div div",
    "* * *",
    "round((number(/data/a) + number(/data/b)) div 2, 2)",
    "processing-instruction('x')",
    "@*",
    "concat()",
]

UNSOUND = [
    "",
    "(/data/a = 1",
    "/data/a = 1)",
    "/data/a = ",
    "= 3",
    "/data/a == 3",
    "/data/a < = 3",
    "a and",
    "'open",
    "a[1",
    "a]",
    "selected(a,)",
    "selected(a 'x')",
    "${a} = 1",
    "$a",
    "1 2",
    "a b",
    "5 5and",
    "a // ",
    "a/",
    "foo::a",
    "a ? b",
    "a && b",
    "a, b",
    "{a}",
]


@pytest.mark.parametrize("expression", SOUND)
def test_a_sound_expression_is_read(expression: str) -> None:
    parse(expression)


@pytest.mark.parametrize("expression", UNSOUND)
def test_an_unsound_expression_is_refused_with_its_place(expression: str) -> None:
    with pytest.raises(SyntaxFaultError) as caught:
        parse(expression)
    assert 1 <= caught.value.at <= len(expression) + 1


@pytest.mark.parametrize(
    ("expression", "call"),
    [
        ("slected(a, 'b')", "slected()"),
        ("selected(a)", "selected(?)"),
        ("not()", "not()"),
        ("true(1)", "true(?)"),
        ("a[foo()]", "foo()"),
        ("if(a, b)", "if(?, ?)"),
    ],
)
def test_a_function_that_odk_lacks_is_named(expression: str, call: str) -> None:
    with pytest.raises(UnknownFunctionError, match=re.escape(call)):
        parse(expression)


def test_operators_bind_as_xpath_says() -> None:
    tree = parse("a or b and 1 + 2 * 3 = 7")
    assert isinstance(tree, Binary)
    assert tree.operator == "or"
    right = tree.right
    assert isinstance(right, Binary)
    assert right.operator == "and"
    assert right.right == Binary(
        "=",
        Binary("+", Number(1), Binary("*", Number(2), Number(3))),
        Number(7),
    )


def test_a_path_of_names_is_plain_and_no_other() -> None:
    assert parse("/data/a/b") == Path("/data/a/b", plain=True)
    assert [
        parse(text).plain  # type: ignore[union-attr]
        for text in ("//a", "../a", "a[1]", "@a", "self::a", "a | b", "current()/a", "*")
    ] == [False] * 8


def test_an_expression_of_any_length_or_depth_is_refused_calmly() -> None:
    for expression in ("(" * 3000, "a" + "[a" * 1000, " + ".join(["a"] * 900), "-" * 5000 + "1"):
        with pytest.raises(SyntaxFaultError):
            parse(expression)
    assert parse("-" * 3000 + "1") == Number(1)
    assert isinstance(parse(" or ".join(["not(a)"] * 100)), Binary)


def verdict(text: str) -> str:
    """What was read, or why not; any other error fails the test."""
    try:
        return repr(parse(text))
    except (SyntaxFaultError, UnknownFunctionError) as error:
        return str(error)


@given(st.text(alphabet=string.ascii_lowercase + " .,/()[]'\"=<>!*|+-:@$1", max_size=40))
def test_any_line_of_xpath_s_letters_is_read_or_refused(text: str) -> None:
    assert verdict(text)


@given(st.text(max_size=30))
def test_any_text_at_all_is_read_or_refused(text: str) -> None:
    assert verdict(text)


@pytest.mark.parametrize(
    ("expression", "values", "expected"),
    [
        ("/data/overall <= 3", {"overall": "3"}, True),
        ("/data/overall <= 3", {"overall": "4"}, False),
        ("/data/overall < '4'", {"overall": "3"}, True),
        ("3 >= /data/overall", {"overall": "3"}, True),
        ("3 > /data/overall", {"overall": "3"}, False),
        ("/data/overall = '3'", {"overall": "3"}, True),
        ("/data/overall = -3", {"overall": "3"}, False),
        # Blank is not a number: it is smaller than nothing and equal to nothing.
        ("/data/overall <= 3", {}, False),
        ("/data/overall > 3", {}, False),
        ("/data/overall = 3", {}, False),
        ("/data/overall != 3", {}, True),
        ("/data/overall = ''", {}, True),
        ("/data/overall != ''", {"overall": "1"}, True),
        ("/data/note > 999", {"note": "1e3"}, False),
        ("/data/note > 1", {"note": "infinity"}, False),
        ("selected(/data/reasons, 'fee')", {"reasons": "waiting fee"}, True),
        ("selected(/data/reasons, 'fee')", {"reasons": "fees"}, False),
        ("selected(/data/overall, '3')", {"overall": "3"}, True),
        ("not(/data/overall = 3)", {"overall": "3"}, False),
        ("/data/overall = 1 or /data/overall = 2 and /data/note = 'x'", {"overall": "1"}, True),
        ("(/data/overall = 1 or /data/overall = 2) and /data/note = 'x'", {"overall": "1"}, False),
    ],
)
def test_a_condition_means_what_xpath_means(
    expression: str, values: dict[str, str], *, expected: bool
) -> None:
    assert holds(condition_of(parse(expression), NAMES), values) is expected


def test_a_constant_on_the_left_is_turned_round() -> None:
    assert condition_of(parse("3 < /data/overall"), NAMES) == Compare("overall", ">", 3.0)
    assert condition_of(parse("1 = /data/overall or 2 = /data/overall"), NAMES) == Some(
        (Compare("overall", "=", 1.0), Compare("overall", "=", 2.0))
    )


@pytest.mark.parametrize(
    "expression",
    [
        "/data/overall = /data/note",
        "/data/overall + 1 = 3",
        "count-selected(/data/reasons) > 1",
        "true()",
        "/data/overall",
        "selected(/data/reasons, /data/note)",
        "selected(../reasons, 'x')",
        "-/data/overall = 1",
        "1 = 1",
        "'x'",
        "-1",
    ],
)
def test_what_lies_beyond_the_subset_says_so(expression: str) -> None:
    with pytest.raises((BeyondSubsetError, UnknownQuestionError)):
        condition_of(parse(expression), NAMES)


def test_a_question_that_is_not_there_is_named() -> None:
    with pytest.raises(UnknownQuestionError, match="/data/other"):
        condition_of(parse("/data/other = 1"), NAMES)


def test_every_function_takes_at_least_as_many_arguments_as_it_needs() -> None:
    for name, (least, most) in FUNCTIONS.items():
        assert parse(f"{name}({', '.join('1' * least)})") == Call(name, (Number(1),) * least)
        assert least <= most
