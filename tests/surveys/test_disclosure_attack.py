"""No hidden count can be solved from all that is published, to within 2 either way."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.results.disclosure import Published
from surveys.results.nesting import ROOM, parts_of
from surveys.results.publishing import make_public
from surveys.results.records import RunDocument
from tests.surveys.disclosure_attack import Public, Unknown, hidden_counts, read
from tests.surveys.results_town import FACTORS, make_document

LEVELS = ("province", "district", "commune")
MOST_SOLVED = 15
MONTHS = tuple(f"2021-{month:02}" for month in range(1, 13))

Ratings = dict[str, int]
Answers = dict[Unknown, int]
Town = dict[str, dict[str, Ratings]]  # agency, month, measure


@st.composite
def ratings(draw: st.DrawFn, most: int) -> Ratings:
    """Counts of one month that fit together: whoever counts for the index answered a factor."""
    overall = draw(st.integers(0, most))
    index = draw(st.just(overall) | st.integers(0, overall))
    first = draw(st.just(index) | st.integers(0, index))
    second = draw(st.just(index) | st.integers(index - first, index))
    return {"overall": overall, "index": index, **dict(zip(FACTORS, (first, second), strict=True))}


def towns(months: Sequence[str], most: int, agencies: int) -> st.SearchStrategy[Town]:
    one = st.fixed_dictionaries({month: ratings(most) for month in months})
    return st.lists(one, min_size=1, max_size=agencies).map(
        lambda rows: {f"A{number:02}": row for number, row in enumerate(rows)}
    )


def months_of(period: str) -> tuple[str, ...]:
    parts = parts_of(period)
    return tuple(month for part in parts for month in months_of(part)) or (period,)


def count(town: Town, period: str) -> dict[str, Ratings]:
    """The town's counts of a period, as the sum of its months."""
    return {
        agency: {
            name: sum(row[month][name] for month in months_of(period) if month in row)
            for name in ("overall", "index", *FACTORS)
        }
        for agency, row in town.items()
    }


def place(town: Town) -> dict[str, Any]:
    """Levels and parents: communes hang on districts."""
    names = sorted(town)
    levels = {name: LEVELS[number % 3] for number, name in enumerate(names)}
    districts = [name for name in names if levels[name] == "district"] or names[:1]
    parents = {
        name: districts[number % len(districts)]
        for number, name in enumerate(names)
        if levels[name] == "commune"
    }
    return {"levels": levels, "parents": parents}


def publish(runs: Sequence[RunDocument]) -> list[dict[str, Any]]:
    """Public documents of runs published one after the other, as JSON."""
    published: list[Published] = []
    for run in runs:
        published.append(Published(run, make_public(run, published)))
    return [msgspec.to_builtins(each.public) for each in published]


def answers_of(town: Town, periods: Sequence[str]) -> Answers:
    """All answers to factors, which the attacker may guess from the index."""
    return {
        (period, agency, "index"): sum(row[name] for name in FACTORS)
        for period in periods
        for agency, row in count(town, period).items()
    }


def find_solved(
    documents: Sequence[Public], *, growing: bool = False, answers: Answers | None = None
) -> dict[Any, tuple[int, int]]:
    """Hidden counts without enough room, with their range.

    That nobody at all rated in a period may be known before the period has a table: it tells
    about no answer. A count is known in every table once it was in one.
    """
    attack = read(documents, growing=growing, answers=answers)
    hidden = hidden_counts(documents, growing=growing)
    found = {}
    # Every count takes two to four runs of the solver; some of many will do.
    for unknown in list(hidden)[:: 1 + len(hidden) // MOST_SOLVED]:
        cell, (low, high) = hidden[unknown], attack.solve(unknown)
        if high - low < ROOM and not (
            high == 0 and is_known_zero(unknown, documents, growing=growing)
        ):
            found[cell] = low, high
    return found


def is_known_zero(unknown: Unknown, documents: Sequence[Public], *, growing: bool) -> bool:
    """Whether before the first table of the period nobody was known to have rated (so far)."""
    run, agency, measure = unknown
    periods = [document["period"] for document in documents]
    before = read(documents[: periods.index(run.partition("/")[0])], growing=growing)
    around = {measure, "overall_rating", "index" if measure != "overall_rating" else measure}
    return any(before.solve((run, agency, name)) == (0, 0) for name in around)


@settings(max_examples=30, deadline=None)
@given(towns(["2021-01"], 40, 60))
def test_one_table_hides_what_it_hides(town: Town) -> None:
    documents = publish([make_document(count(town, "2021-01"), "2021-01", **place(town))])
    assert find_solved(documents, answers=answers_of(town, ["2021-01"])) == {}


@settings(max_examples=30, deadline=None)
@given(st.lists(towns(["2021-01"], 14, 12), min_size=2, max_size=3))
def test_runs_one_after_the_other_hide_what_they_hide(steps: list[Town]) -> None:
    """Counts grow from run to run; an agency may be missing from one."""
    runs, total = [], Counter[tuple[str, str]]()
    for step in steps:
        for agency, row in step.items():
            total.update({(agency, name): n for name, n in row["2021-01"].items()})
        counts = {
            agency: {name: total[agency, name] for name in row["2021-01"]}
            for agency, row in step.items()
        }
        runs.append(make_document(counts, "2021-01", **place(step)))
    assert find_solved(publish(runs), growing=True) == {}


@settings(max_examples=30, deadline=None)
@given(
    towns(["2021-01", "2021-02", "2021-05", "2021-09"], 18, 6),
    st.lists(
        st.sampled_from(["2021", "2021-Q1", "2021-Q2", "2021-Q3", "2021-01", "2021-02", "2021-05"]),
        min_size=2,
        max_size=5,
    ),
)
def test_months_quarters_and_years_hide_what_they_hide(town: Town, periods: list[str]) -> None:
    runs = [make_document(count(town, period), period, **place(town)) for period in periods]
    assert find_solved(publish(runs), answers=answers_of(town, periods)) == {}


def naive(document: RunDocument, least: int = 10) -> dict[str, Any]:
    """What a careless office prints: cells under the minimum blank, totals over everything."""
    careless = msgspec.structs.replace(document, minimum=0)
    public = msgspec.to_builtins(make_public(careless))
    for agency in public["agencies"]:
        cells = agency["measures"]
        blank = {name: None for name, figure in cells.items() if figure and figure["n"] < least}
        agency["measures"] = cells | blank
        agency["response_rate"] = agency["response_rate"] if "overall_rating" not in blank else None
    return dict(public)


def town_of(**overall: int) -> Town:
    return {
        agency: {"2021-01": {"overall": n, "index": n, **dict.fromkeys(FACTORS, n)}}
        for agency, n in overall.items()
    }


def test_the_attacker_subtracts_what_is_shown_from_a_total() -> None:
    document = make_document(count(town_of(A=30, B=20, C=7), "2021-01"), "2021-01")
    solved = find_solved([naive(document)])
    assert solved["2021-01", "C", "overall_rating"] == (7, 7)
    assert find_solved(publish([document])) == {}


def test_the_attacker_subtracts_the_other_quarters_from_a_year() -> None:
    months = {"2021-01": 30, "2021-04": 20, "2021-07": 7, "2021-10": 15}
    town = {
        "A": {m: {"overall": n, "index": n, **dict.fromkeys(FACTORS, n)} for m, n in months.items()}
    }
    periods = ["2021-Q1", "2021-Q2", "2021-Q3", "2021-Q4", "2021"]
    runs = [make_document(count(town, period), period) for period in periods]
    solved = find_solved([naive(run) for run in runs])
    assert solved["2021-Q3", "A", "overall_rating"] == (7, 7)
    assert find_solved(publish(runs)) == {}


def test_the_attacker_counts_missing_answers_from_the_index() -> None:
    town = {"A": {"2021-01": {"overall": 12, "index": 12, "access": 12, "officials": 9}}}
    document = make_document(count(town, "2021-01"), "2021-01")
    answers = answers_of(town, ["2021-01"])
    assert find_solved([naive(document)], answers=answers)["2021-01", "A", "factor_officials"] == (
        9,
        9,
    )
    assert find_solved(publish([document]), answers=answers) == {}


def test_the_attacker_divides_a_printed_factor_by_its_response() -> None:
    town = {"A": {"2021-01": {"overall": 20, "index": 9, "access": 9, "officials": 9}}}
    document = make_document(count(town, "2021-01"), "2021-01")
    public = naive(document, least=9)
    public["agencies"][0]["measures"]["index"] = None
    assert find_solved([public])["2021-01", "A", "index"] == (9, 9)
