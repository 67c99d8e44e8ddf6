"""Shares, medians, hiding and the three ratios of Decision 766."""

import random
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.intervals import bound_by_wilson, find_critical_value
from analysis.loops import (
    bound_median,
    choose_shown,
    compute_loop,
    compute_ratios,
    make_share,
)

COUNTS = ("received", "transferred", "due", "in_time", "answered", "judged", "settled", "reopened", "made", "planned")  # fmt: skip


def row(code: str, count: int, **given: Any) -> dict[str, Any]:
    return {"code": code, "minutes": [60] * count, **dict.fromkeys(COUNTS, count), **given}


@given(st.integers(0, 300), st.integers(1, 300))
def test_the_interval_of_a_share_is_that_of_the_index(count: int, more: int) -> None:
    n = count + more
    share = make_share(count, n)
    assert share is not None
    critical = find_critical_value(0.95, float("inf"))
    lower, upper = bound_by_wilson(np.array([count / n]), np.array([float(n)]), critical)
    assert (share.lower, share.upper) == pytest.approx((lower[0], upper[0]), abs=1e-12)


@pytest.mark.parametrize("n", [6, 9, 25, 60])
def test_the_limits_of_the_median_hold_it_as_often_as_they_say(n: int) -> None:
    found = bound_median([float(one) for one in range(1, n + 1)])
    assert found.lower is not None
    place = int(found.lower)
    outside = 2 * sum(comb(n, k) for k in range(place)) / 2**n
    assert outside <= 0.05 < outside + 2 * comb(n, place) / 2**n


def test_few_values_have_a_median_without_limits() -> None:
    found = bound_median([1.0, 2.0, 9.0])
    assert (found.estimate, found.lower, found.upper) == (2.0, None, None)


def test_the_median_of_many_is_bounded_as_that_of_a_few_less() -> None:
    exact = bound_median([float(one) for one in range(1000)])
    many = bound_median([float(one) for one in range(1002)])
    assert exact.lower is not None
    assert many.lower is not None
    assert abs(exact.lower - many.lower) <= 2


def test_the_median_is_held_in_nineteen_of_twenty_samples() -> None:
    rng = random.Random(766)
    held = 0
    for _draw in range(2000):
        found = bound_median(sorted(rng.expovariate(1) for _one in range(30)))
        assert found.lower is not None
        assert found.upper is not None
        held += found.lower <= 0.6931 <= found.upper
    assert 0.94 <= held / 2000 <= 0.985


def test_a_figure_under_the_minimum_is_not_told() -> None:
    loop = compute_loop([row("a", 9)], minimum=10)
    assert loop.received is None
    assert set(loop.shares.values()) == {None}
    assert loop.minutes is None


def test_the_whole_counts_only_what_is_told() -> None:
    rows = [row("a", 30), row("b", 40), row("c", 3)]
    shown = {below: {"a", "b"} for below in ("received", "due", "answered", "judged")}
    loop = compute_loop(rows, shown=shown, minimum=10)
    assert loop.received == 70
    assert {share.n for share in loop.shares.values() if share} == {70}
    assert loop.minutes is not None
    assert loop.minutes.n == 70


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 40), min_size=1),
    st.integers(1, 12),
)
def test_no_family_has_just_one_hidden(counts: dict[str, int], minimum: int) -> None:
    families = [[code for code in counts if code in "abcd"], list(counts), ["a", "e"]]
    shown = choose_shown(counts, families, minimum)
    assert all(counts[code] >= minimum for code in shown)
    for family in families:
        members = {code for code in family if counts.get(code, 0) > 0}
        hidden = members - shown
        assert len(hidden) != 1 or members == hidden
    if not any(0 < count < minimum for count in counts.values()):
        assert shown == {code for code, count in counts.items() if count >= minimum}


def test_an_inner_count_is_told_only_with_the_outer_one() -> None:
    assert choose_shown({"a": 50, "b": 50, "c": 50}, [], 10, within={"a"}) == {"a"}


def test_silence_counts_as_content_and_a_union_is_taken_off_once() -> None:
    ratios = compute_ratios(
        {"due": 50, "in_time": 40, "unhappy": 15}, {"finished": 200, "late_or_told": 20}, 30
    )
    assert ratios.in_time is not None
    assert ratios.in_time.upper == 0.8
    assert ratios.content is not None
    assert ratios.content.upper == 0.7
    assert ratios.dossiers is not None
    assert (ratios.dossiers.lower, ratios.dossiers.upper) == (0.75, 0.9)


@given(st.integers(1, 60), st.data())
def test_the_third_ratio_holds_whatever_the_overlap(total: int, data: st.DataObject) -> None:
    dossiers = range(total)
    trouble = data.draw(st.sets(st.sampled_from(dossiers)))
    discontent = data.draw(st.sets(st.sampled_from(dossiers)))
    found = compute_ratios(
        None, {"finished": total, "late_or_told": len(trouble)}, len(discontent)
    ).dossiers
    assert found is not None
    truth = (total - len(trouble | discontent)) / total
    assert found.lower - 1e-12 <= truth <= found.upper + 1e-12


def test_without_published_ratings_there_is_no_third_ratio() -> None:
    ratios = compute_ratios({"due": 9, "in_time": 9, "unhappy": 0}, {"finished": 99, "late_or_told": 1}, None, minimum=10)  # fmt: skip
    assert ratios.dossiers is None
    assert ratios.in_time is None
