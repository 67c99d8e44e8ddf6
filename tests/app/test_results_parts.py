"""Names, bars, rows and the description of the interface, without a server."""

from typing import Any
from urllib.parse import parse_qsl

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar.datastructures import MultiDict

from app.pages.documentation.operations import list_groups, list_records
from app.pages.results import routes
from app.pages.results.bars import make_axis, make_bar
from app.pages.results.contract import AgencyInPeriod, PeriodResults, Periods
from app.pages.results.examples import AGENCY, PERIOD, PERIODS
from app.pages.results.names import alphabetical, matches, plain
from app.pages.results.overview import split_places
from app.pages.results.rows import View, group_of, read_view

PERCENTAGES = st.floats(0, 100)
FIGURES = st.lists(PERCENTAGES, min_size=3, max_size=3).map(
    lambda ends: dict(zip(("lower", "estimate", "upper"), sorted(ends), strict=True))
)


def test_names_stand_in_the_order_of_the_vietnamese_alphabet() -> None:
    names = [
        "Đại Lãnh", "Diên An", "Ân", "An", "Ăn", "Ba", "Phường 10", "Phường 2", "Bà", "Bá", "Bạ",
        "Ơn", "Ông", "On", "Ứng", "Ung",
    ]  # fmt: skip
    assert sorted(names, key=alphabetical) == [
        "An", "Ăn", "Ân", "Ba", "Bà", "Bá", "Bạ", "Diên An", "Đại Lãnh", "On", "Ông", "Ơn",
        "Phường 2", "Phường 10", "Ung", "Ứng",
    ]  # fmt: skip


def test_composed_and_decomposed_letters_are_the_same() -> None:
    composed, decomposed = "Vạn Giã", "Va\u0323n Gia\u0303"
    assert alphabetical(composed) == alphabetical(decomposed)
    assert matches(composed, decomposed)
    assert matches(decomposed, composed)
    assert plain(decomposed) == "van gia"


@given(st.text(), st.text())
def test_any_two_names_can_be_ordered_and_matched(one: str, other: str) -> None:
    assert (alphabetical(one) < alphabetical(other)) in {True, False}
    assert matches(one, "")
    assert matches(one, plain(one))


@given(st.lists(FIGURES, max_size=5))
def test_every_mark_stands_on_the_axis_in_its_order(figures: list[dict[str, float]]) -> None:
    axis = make_axis(figures)
    assert axis.low >= 0
    assert axis.low + 20 <= axis.high <= 100
    assert 2 <= len(axis.ticks) <= 5
    assert all(axis.low <= tick <= axis.high for tick, _place in axis.ticks)
    for figure in figures:
        bar = make_bar(figure | {"unweighted": None}, axis)
        assert 0 <= bar.lower <= bar.point <= bar.upper <= 100


@pytest.mark.parametrize(
    ("low", "high", "ranked", "group"),
    [
        (1, 75, 150, "upper"),
        (1, 76, 150, "open"),
        (75, 150, 150, "open"),
        (76, 150, 150, "lower"),
        (1, 1, 1, "open"),
        (1, 1, 2, "upper"),
        (2, 2, 2, "lower"),
        (2, 2, 3, "open"),
        (None, None, None, "open"),
    ],
)
def test_only_a_whole_rank_set_in_one_half_is_sure(
    low: int | None, high: int | None, ranked: int | None, group: str
) -> None:
    assert group_of({"rank_low": low, "rank_high": high, "ranked": ranked}) == group


@given(st.lists(st.integers(0, 200), min_size=3, max_size=3))
def test_the_shares_of_the_line_fill_it(counts: list[int]) -> None:
    places = split_places(dict(zip("abc", counts, strict=True)))
    assert sum(width for _name, _start, width in places) == pytest.approx(
        100 if sum(counts) else 0, abs=0.05
    )


def test_an_address_of_a_view_reads_back_as_the_view() -> None:
    view = View(
        measure="overall_rating",
        level="commune",
        group="upper",
        query="đ & x",
        order="name",
        page=3,
    )
    asked = MultiDict(parse_qsl(view.address(page=3)[1:]))
    assert read_view(asked) == view
    assert read_view(MultiDict()) == View()
    assert View().address() == "?"


@pytest.mark.parametrize(
    ("example", "kind"), [(PERIODS, Periods), (PERIOD, PeriodResults), (AGENCY, AgencyInPeriod)]
)
def test_examples_keep_the_contract(example: dict[str, object], kind: type) -> None:
    told: Any = msgspec.convert(example, kind)
    assert msgspec.to_builtins(told).keys() >= example.keys()


def test_the_page_of_the_interface_lists_what_is_described() -> None:
    described = {
        "paths": {
            "/api/things/{code}": {
                "post": {
                    "operationId": "PostThing",
                    "tags": ["Things"],
                    "summary": "Take one",
                    "parameters": [
                        {"name": "code", "in": "path", "required": True,
                         "schema": {"type": "string", "format": "uuid"}},
                    ],
                    "requestBody": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/T"}}}
                    },
                    "responses": {
                        "201": {
                            "description": "Taken.",
                            "content": {
                                "application/json": {
                                    "schema": {"type": "array",
                                               "items": {"$ref": "#/components/schemas/T"}},
                                    "examples": {"one": {"value": [{"n": 1}]}},
                                }
                            },
                        }
                    },
                }
            }
        },
        "components": {
            "schemas": {
                "T": {
                    "description": "A thing.",
                    "required": ["n"],
                    "properties": {
                        "n": {"type": "integer", "description": "How many."},
                        "of": {"oneOf": [{"type": "null"}, {"$ref": "#/components/schemas/T"}]},
                        "by": {"type": "object", "additionalProperties": {"type": ["number", "null"]}},
                    },
                }
            }
        },
    }  # fmt: skip
    [(group, [operation])] = list_groups(described)
    assert (group, operation.method, operation.summary) == ("Things", "POST", "Take one")
    assert [(p.name, p.kind, p.required) for p in operation.parameters] == [
        ("code", "string (uuid)", True)
    ]
    assert operation.body is not None
    assert operation.body.record == "T"
    [answer] = operation.answers
    assert (answer.kind, answer.record) == ("list of T", "T")
    assert '"n": 1' in answer.example
    [record] = list_records(described)
    assert [(f.name, f.kind, f.record, f.required, f.meaning) for f in record.fields] == [
        ("n", "integer", "", True, "How many."),
        ("of", "null | T", "T", False, ""),
        ("by", "map of number | null", "", False, ""),
    ]


def test_every_public_page_says_that_it_is_public() -> None:
    assert all(route.opt.get("public") for route in routes)
