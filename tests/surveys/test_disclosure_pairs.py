"""An index with and without flagged ratings tells no more of a few ratings than either alone."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.results.nesting import ROOM
from surveys.results.own import keep_only, show_own
from surveys.results.publishing import make_public
from surveys.results.records import Figure, PublicDocument, RunDocument
from tests.surveys.disclosure_attack import hidden_pairs, read
from tests.surveys.results_town import FACTORS, figure, make_document
from tests.surveys.test_disclosure_attack import is_known_zero, months_of, publish

Row = dict[str, int]
MOST_SOLVED = 15


def second_figures(counts: Mapping[str, Mapping[str, int]]) -> list[Figure]:
    """The rows of a run without the flagged ratings."""
    rows = []
    for agency, row in counts.items():
        kept = row["overall"] - row.get("flagged", 0)
        of_index = row.get("index", row["overall"]) - row.get("flagged_index", 0)
        rows.append(figure(agency, "overall_rating", kept, kept))
        rows.append(figure(agency, "index", of_index, of_index))
    return msgspec.convert(rows, list[Figure])


def run_of(counts: Mapping[str, Mapping[str, int]], period: str = "2021-Q1") -> RunDocument:
    return make_document(counts, period, unflagged=second_figures(counts))


def printed(public: PublicDocument, measure: str = "overall_rating") -> dict[str, int]:
    """How many ratings each second figure rests on, where it is printed."""
    found = {agency.code: agency.unflagged.get(measure) for agency in public.agencies}
    return {code: each.n for code, each in found.items() if each is not None}


def row(overall: int, flagged: int, **given: int) -> Row:
    every = {"overall": overall, "index": overall, "flagged": flagged, "flagged_index": flagged}
    return every | given


@pytest.mark.parametrize(
    ("flagged", "shown"), [(0, {}), (1, {}), (9, {}), (10, {"A": 30}), (31, {}), (40, {})]
)
def test_a_second_figure_leaves_out_ten_ratings_at_least_and_keeps_ten(
    flagged: int, shown: dict[str, int]
) -> None:
    counts = {"A": row(40, flagged), "B": row(50, 0), "C": row(60, 0)}
    assert printed(make_public(run_of(counts))) == shown


def test_an_agency_without_a_flag_looks_like_one_with_a_few_flagged_ratings() -> None:
    few, none = ({"A": row(40, n), "B": row(50, 0), "C": row(60, 0)} for n in (9, 0))
    assert msgspec.json.encode(make_public(run_of(few))) == msgspec.json.encode(
        make_public(run_of(none))
    )


def test_an_index_of_few_flagged_answers_has_no_second_figure_beside_the_tap() -> None:
    counts = {"A": row(60, 20, index=45, flagged_index=9), "B": row(50, 0), "C": row(60, 0)}
    public = make_public(run_of(counts))
    assert printed(public) == {"A": 40}
    assert printed(public, "index") == {}


def test_where_the_first_figure_is_hidden_there_is_no_second() -> None:
    counts = {"A": row(60, 20, index=9, flagged_index=4), "B": row(9, 0), "C": row(9, 0)}
    public = make_public(run_of(counts))
    assert printed(public) == {"A": 40}
    assert printed(public, "index") == {}


def test_the_whole_takes_first_figures_where_there_is_no_second() -> None:
    counts = {"A": row(60, 20), "B": row(50, 9), "C": row(9, 9), "D": row(8, 0)}
    public = make_public(run_of(counts))
    province = public.province.unflagged["overall_rating"]
    assert province is not None
    assert province.n == 40 + 50
    assert public.province.measures["overall_rating"].n == 60 + 50  # type: ignore[union-attr]
    assert "unflagged" in msgspec.to_builtins(public.groups[0])


def test_without_a_second_figure_the_whole_has_none_either() -> None:
    public = make_public(run_of({"A": row(60, 9), "B": row(50, 0)}))
    assert public.province.unflagged == {}


def test_a_quarter_has_no_second_figure_where_it_would_give_a_month_away() -> None:
    months = {"2021-01": row(40, 20), "2021-02": row(40, 0), "2021-03": row(40, 3)}
    quarter = Counter[str]()
    for one in months.values():
        quarter.update(one)
    runs = [run_of({"A": one, "B": one}, name) for name, one in months.items()]
    runs.append(run_of({"A": dict(quarter), "B": dict(quarter)}, "2021-Q1"))
    documents = publish(runs)
    assert documents[0]["agencies"][0]["unflagged"]["overall_rating"]["n"] == 20
    assert documents[3]["agencies"][0]["unflagged"] == {}


@pytest.mark.parametrize("january", [(10, 0), (32, 6)])
@pytest.mark.parametrize(
    "order", [["2021", "2021-02", "2021-01"], ["2021-02", "2021-Q1", "2021-01"]]
)
def test_a_month_has_no_second_figure_where_the_rest_would_be_known_to_have_few_flags(
    january: tuple[int, int], order: list[str]
) -> None:
    ratings = {"2021-01": january, "2021-02": (29, 12), "2021-05": (0, 0)}
    months = {name: row(*two, **dict.fromkeys(FACTORS, two[0])) for name, two in ratings.items()}
    nobody = dict.fromkeys(months, months["2021-05"])
    town = {"A00": nobody, "A01": nobody, "A02": nobody, "A03": months}
    assert find_solved(publish([run_of(count(town, one), one) for one in order])) == {}


def test_a_year_that_is_its_quarter_may_be_known_and_tells_nothing_that_is_not_printed() -> None:
    rows = {
        "2021-02": row(5, 0, index=0, flagged_index=0, **dict.fromkeys(FACTORS, 0)),
        "2021-05": row(20, 10, **dict.fromkeys(FACTORS, 20)),
    }
    town = {"A00": rows, "A01": rows}
    quarter, year = publish([run_of(count(town, one), one) for one in ("2021-Q2", "2021")])
    assert quarter["agencies"][0]["unflagged"]["index"]["n"] == 10
    assert year["agencies"][0]["unflagged"] == {}
    # The year's index is that of the quarter; its tap, which holds others, is not known.
    attack = read([quarter, year], growing=False)
    assert attack.solve(("2021", "A00", "flagged_index")) == (10, 10)
    low, high = attack.solve(("2021", "A00", "flagged"))
    assert high - low >= ROOM


def test_a_dismissed_flag_of_few_ratings_does_not_move_a_second_figure() -> None:
    towns = [{"A": row(60, flagged), "B": row(50, 0)} for flagged in (25, 22, 12)]
    first, close, far = (run_of(town) for town in towns)
    assert [one["agencies"][0]["unflagged"] != {} for one in publish([first, close])] == [
        True,
        False,
    ]
    assert [one["agencies"][0]["unflagged"] != {} for one in publish([first, far])] == [True, True]


def test_an_agency_sees_its_second_figure_by_the_same_rules() -> None:
    for flagged, seen in ((20, {"overall_rating", "index"}), (9, set())):
        counts = {"A": row(60, flagged), "B": row(9, 0)}
        document = run_of(counts)
        agency = make_public(document).agencies[0]
        own = show_own(agency, [keep_only(document, "A")], [], published=False)
        assert set(own["agency"]["unflagged"]) == seen


@st.composite
def month(draw: st.DrawFn, most: int) -> Row:
    """Counts that fit together: who is flagged rated, and may have answered more."""
    overall = draw(st.integers(0, most))
    index = draw(st.just(overall) | st.integers(0, overall))
    flagged = draw(st.just(0) | st.integers(0, overall))
    least = max(0, index - (overall - flagged))
    of_index = draw(st.integers(least, min(flagged, index)))
    factors = dict.fromkeys(FACTORS, index)
    return row(overall, flagged, index=index, flagged_index=of_index, **factors)


Town = dict[str, dict[str, Row]]


def towns(months: Sequence[str], most: int, agencies: int) -> st.SearchStrategy[Town]:
    one = st.fixed_dictionaries({name: month(most) for name in months})
    return st.lists(one, min_size=1, max_size=agencies).map(
        lambda rows: {f"A{number:02}": row for number, row in enumerate(rows)}
    )


def count(town: Town, period: str) -> dict[str, Row]:
    names = ("overall", "index", "flagged", "flagged_index", *FACTORS)
    return {
        agency: {
            name: sum(rows[one][name] for one in months_of(period) if one in rows) for name in names
        }
        for agency, rows in town.items()
    }


def find_solved(documents: Sequence[Any], *, growing: bool = False) -> dict[Any, tuple[int, int]]:
    """Hidden counts that may be small and are known to within less than `ROOM`."""
    attack = read(documents, growing=growing)
    hidden = hidden_pairs(documents, growing=growing)
    found = {}
    for unknown in list(hidden)[:: 1 + len(hidden) // MOST_SOLVED]:
        low, high = attack.solve(unknown)
        small = low < documents[0]["minimum"]
        nobody = high == 0 and is_known_zero(unknown, documents, growing=growing)
        if small and high - low < ROOM and not nobody:
            found[hidden[unknown]] = low, high
    return found


@settings(max_examples=25, deadline=None)
@given(towns(["2021-01"], 60, 12))
def test_one_table_of_pairs_hides_what_it_hides(town: Town) -> None:
    assert find_solved(publish([run_of(count(town, "2021-01"), "2021-01")])) == {}


@settings(max_examples=25, deadline=None)
@given(
    towns(["2021-01", "2021-02", "2021-05"], 50, 4),
    st.lists(
        st.sampled_from(["2021", "2021-Q1", "2021-Q2", "2021-01", "2021-02"]),
        min_size=2, max_size=4,
    ),
)  # fmt: skip
def test_pairs_of_months_quarters_and_years_hide_what_they_hide(
    town: Town, periods: list[str]
) -> None:
    assert find_solved(publish([run_of(count(town, one), one) for one in periods])) == {}


def test_the_attacker_subtracts_pairs_where_an_office_is_careless() -> None:
    careless = msgspec.structs.replace(run_of({"A": row(60, 3), "B": row(50, 20)}), minimum=0)
    public = msgspec.to_builtins(make_public(careless))
    attack = read([public], growing=False)
    assert attack.solve(("2021-Q1", "A", "flagged")) == (3, 3)
