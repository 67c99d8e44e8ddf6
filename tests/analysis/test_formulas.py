"""Formulas, design matrices and codes."""

import numpy as np
import polars as pl
import pytest

from analysis.codes import encode, to_frame, to_numbers, with_missing
from analysis.errors import DataError
from analysis.formulas import build_matrix, parse_formula

FRAME = pl.DataFrame({"a": ["x", "y", "y"], "b": ["p", "q", "r"], "z": [1.0, 2.0, 3.0]})


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("~ a + z", ["(Intercept)", "ay", "z"]),
        ("a * z", ["(Intercept)", "ay", "z", "ay:z"]),
        ("a : b", ["(Intercept)", "ax:bp", "ay:bp", "ax:bq", "ay:bq", "ax:br", "ay:br"]),
        ("b + b:a", ["(Intercept)", "bq", "br", "bp:ay", "bq:ay", "br:ay"]),
        ("0 + a", ["ax", "ay"]),
        ("a - 1", ["ax", "ay"]),
        ("1", ["(Intercept)"]),
        ("z:a + a", ["(Intercept)", "ay", "z:ax", "z:ay"]),
    ],
)
def test_columns_have_treatment_coding(text: str, names: list[str]) -> None:
    matrix = build_matrix(FRAME, text)
    assert list(matrix.names) == names
    assert matrix.values.shape == (3, len(names))


def test_interactions_multiply_their_columns() -> None:
    matrix = build_matrix(FRAME, "a * z")
    np.testing.assert_array_equal(matrix.values[:, 3], [0, 2, 3])
    assert matrix.levels == {"a": ("x", "y")}
    assert matrix.term.tolist() == [-1, 0, 1, 2]


def test_the_order_within_an_interaction_does_not_make_a_term() -> None:
    assert parse_formula("a + b + b:a + a:b").terms == (("a",), ("b",), ("a", "b"))


def test_names_with_spaces_stand_in_backticks() -> None:
    frame = pl.DataFrame({"waiting time": [1.0, 2.0]})
    assert build_matrix(frame, "`waiting time`").names == ("(Intercept)", "waiting time")


@pytest.mark.parametrize("text", ["a +* b", "a b", "", "log(a)", "a - b"])
def test_what_is_no_formula_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="Formula"):
        parse_formula(text)


def test_missing_values_stay_missing_in_the_matrix() -> None:
    frame = pl.DataFrame({"a": ["x", None, "y"], "z": [1.0, 2.0, float("nan")]})
    matrix = build_matrix(to_frame(frame), "a + z")
    assert np.isnan(matrix.values).any(axis=1).tolist() == [False, True, True]


def test_codes_are_sorted_and_missing_is_minus_one() -> None:
    frame = pl.DataFrame({"a": ["b", None, "a"], "n": [3, 1, None]})
    assert encode(frame, ["a"]).code.tolist() == [1, -1, 0]
    assert encode(frame, ["n"]).code.tolist() == [1, 0, -1]
    both = encode(frame, ["a", "n"])
    assert both.code.tolist() == [0, -1, -1]
    assert both.labels.rows() == [("b", 3)]
    assert with_missing(both).labels.rows()[-1] == (None, None)
    assert both.name(0) == "b:3"


def test_columns_may_be_arrays() -> None:
    frame = to_frame({"a": np.array([1.0, np.nan]), "b": ["x", "y"]})
    assert frame["a"].null_count() == 1
    assert to_numbers(frame, "a")[0] == 1


def test_without_an_intercept_only_the_first_category_has_every_level() -> None:
    frame = pl.DataFrame({"a": ["u", "v", "u", "v"], "b": ["m", "m", "n", "n"]})
    assert build_matrix(frame, "0 + a + b").names == ("au", "av", "bn")
    assert build_matrix(frame, "a * b - 1").names == ("au", "av", "bn", "av:bn")
