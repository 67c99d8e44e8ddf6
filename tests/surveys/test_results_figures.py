"""Printed figures: rounding, combining, and rank sets without those who are hidden."""

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.intervals import bound_by_wilson
from analysis.ranks import rank_sets
from surveys.results.combined import Part, combine, make_figure
from surveys.results.places import renumber
from surveys.results.publishing import make_public
from surveys.results.records import PublicFigure, round_half_up
from tests.surveys.results_town import make_document


def figure(estimate: float, n: int = 100, se: float = 4.0, **given: object) -> PublicFigure:
    values = {
        "estimate": estimate,
        "unweighted": estimate,
        "se": se,
        "lower": max(0.0, estimate - 2 * se),
        "upper": min(100.0, estimate + 2 * se),
        "n": n,
        "dossiers": 500,
        "item_response": 1.0,
        "flag": "",
    } | given
    return make_figure(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [(2.675, 2, 2.68), (83.935, 2, 83.94), (0.31045, 4, 0.3105), (-0.004, 2, 0.0), (1e-9, 2, 0.0)],
)
def test_halves_are_rounded_up(value: float, decimals: int, printed: float) -> None:
    assert round_half_up(value, decimals) == printed


def test_an_interval_never_has_zero_width_however_many_rated() -> None:
    full = figure(100.0, lower=99.9999, upper=100.0)
    empty = figure(0.0, lower=0.0, upper=0.0001)
    assert (full.lower, full.upper) == (99.99, 100.0)
    assert (empty.lower, empty.upper) == (0.0, 0.01)


def test_nothing_combined_is_nothing() -> None:
    assert combine([], 0.95) is None


def test_one_part_is_itself_without_its_rank() -> None:
    part = figure(80.0)
    assert combine([Part(part, 500)], 0.95) == part


def test_parts_count_by_their_dossiers_and_not_by_their_ratings() -> None:
    both = combine([Part(figure(90.0, n=900), 100), Part(figure(60.0, n=100), 300)], 0.95)
    assert both is not None
    assert both.estimate == 67.5
    assert both.unweighted == 87.0
    assert (both.n, both.dossiers) == (1000, 400)


def test_variances_add_up_over_strata() -> None:
    both = combine([Part(figure(90.0, se=3.0), 100), Part(figure(60.0, se=5.0), 300)], 0.95)
    assert both is not None
    assert both.se == round_half_up(sqrt((0.25 * 3) ** 2 + (0.75 * 5) ** 2), 2)


def test_the_interval_is_the_one_of_the_agencies() -> None:
    parts = [Part(figure(90.0, n=20, se=3.0), 100), Part(figure(60.0, n=15, se=5.0), 300)]
    both = combine(parts, 0.95)
    assert both is not None
    share, variance = 0.675, ((0.25 * 3) ** 2 + (0.75 * 5) ** 2) / 1e4
    size = share * (1 - share) / variance
    lower, upper = bound_by_wilson(
        np.array([share]), np.array([size]), np.array([stats.t.ppf(0.975, 33)])
    )
    assert both.lower == pytest.approx(100 * lower[0], abs=0.011)
    assert both.upper == pytest.approx(100 * upper[0], abs=0.011)


def test_where_all_are_satisfied_the_interval_still_has_a_width() -> None:
    both = combine([Part(figure(100.0, se=0.0), 100), Part(figure(100.0, se=0.0), 300)], 0.95)
    assert both is not None
    assert (both.estimate, both.upper) == (100.0, 100.0)
    assert both.lower < 99


def test_item_response_is_the_share_of_all_who_were_asked() -> None:
    parts = [Part(figure(90.0, n=50, item_response=0.5), 100), Part(figure(60.0, n=100), 300)]
    both = combine(parts, 0.95)
    assert both is not None
    assert both.item_response == 0.75


def test_what_a_part_does_not_tell_the_whole_does_not_either() -> None:
    silent = figure(90.0, unweighted=None, item_response=None)
    both = combine([Part(silent, 100), Part(figure(60.0), 300)], 0.95)
    assert both is not None
    assert (both.unweighted, both.item_response) == (None, None)


PARTS = st.lists(
    st.tuples(st.floats(0, 100), st.integers(10, 2000), st.floats(0, 20), st.integers(0, 5000)),
    min_size=2,
    max_size=8,
)


@given(PARTS)
def test_a_combined_figure_lies_among_its_parts_and_in_its_interval(
    rows: list[tuple[float, int, float, int]],
) -> None:
    parts = [Part(figure(x, n=n, se=se), dossiers) for x, n, se, dossiers in rows]
    both = combine(parts, 0.95)
    assert both is not None
    estimates = [part.figure.estimate for part in parts]
    assert min(estimates) - 0.01 <= both.estimate <= max(estimates) + 0.01
    assert 0 <= both.lower <= both.estimate <= both.upper <= 100
    assert both.lower < both.upper


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 8)), min_size=1, max_size=15),
    st.data(),
)
def test_taking_agencies_out_of_rank_sets_is_ranking_the_others(
    intervals: list[tuple[int, int]], data: st.DataObject
) -> None:
    lower = np.array([low for low, _ in intervals], dtype=float)
    upper = np.array([low + width for low, width in intervals], dtype=float)
    names = [f"A{number}" for number in range(len(intervals))]
    low, high = rank_sets(lower, upper)
    places = {name: (int(a), int(b)) for name, a, b in zip(names, low, high, strict=True)}
    kept = data.draw(st.sets(st.sampled_from(names)))
    rest = [number for number, name in enumerate(names) if name in kept]
    again = rank_sets(lower[rest], upper[rest])
    expected = {
        names[number]: (int(a), int(b), len(rest))
        for number, a, b in zip(rest, *again, strict=True)
    }
    assert renumber(places, frozenset(kept)) == expected


def test_printed_ranks_count_the_shown_agencies_only() -> None:
    counts = {f"A{n}": {"overall": 9 + n} for n in range(6)}
    public = make_public(make_document(counts))
    figures = [agency.measures["overall_rating"] for agency in public.agencies]
    shown = [each for each in figures if each is not None]
    assert len(shown) == 4
    assert {each.ranked for each in shown} == {4}
    assert all(1 <= (each.rank_low or 0) <= (each.rank_high or 0) <= 4 for each in shown)


def test_groups_and_province_add_up_their_shown_agencies() -> None:
    counts = {"A": {"overall": 40}, "B": {"overall": 30}, "C": {"overall": 9}, "D": {"overall": 12}}
    public = make_public(make_document(counts, levels={"A": "district", "B": "district"}))
    groups = {group.level: group for group in public.groups}
    assert (groups["district"].agencies, groups["district"].shown) == (2, 2)
    assert (groups["commune"].agencies, groups["commune"].shown) == (2, 0)
    rating = public.province.measures["overall_rating"]
    assert rating is not None
    assert rating.n == 70
    assert public.province.dossiers == rating.dossiers == groups["district"].dossiers
