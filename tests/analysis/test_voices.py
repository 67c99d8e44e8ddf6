"""What unsatisfied raters wrote about, weighted as the ratings are."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.loops import Stratum, compute_voices


def stratum(
    code: str, comments: int, fees: int, dossiers: int = 1000, share: float = 0.2
) -> Stratum:
    return Stratum(code, dossiers, share, comments, {"fees": fees})


def test_an_agency_counts_by_its_unsatisfied_dossiers_not_by_its_comments() -> None:
    strata = [stratum("small", 100, 80, dossiers=100), stratum("big", 20, 2, dossiers=9900)]
    found = compute_voices(strata, {"small", "big"}, 2)["province"]["themes"][0]
    assert found["estimate"] == pytest.approx(100 * (0.01 * 0.8 + 0.99 * 0.1), abs=0.01)
    assert found["lower"] <= found["estimate"] <= found["upper"]
    assert found["points"] == pytest.approx(found["estimate"] * 0.2, abs=0.01)


def test_neither_hidden_agencies_nor_rare_themes_are_told() -> None:
    strata = [stratum("a", 30, 20), stratum("b", 30, 4), stratum("c", 9, 9)]
    found = compute_voices(strata, {"a", "b"}, 5)
    assert set(found["agencies"]) == {"a", "b"}
    assert found["agencies"]["b"]["themes"] == []
    assert found["province"]["comments"] == 60
    assert found["province"]["themes"][0]["comments"] == 24
    # The province's 24 less the 20 of `a` would be what `b` hides.
    assert found["agencies"]["a"]["themes"] == []
    assert compute_voices(strata, set(), 5) == {"agencies": {}, "province": None}


def test_equal_weights_give_the_plain_share_and_its_interval() -> None:
    strata = [stratum("a", 50, 20), stratum("b", 50, 20)]
    found = compute_voices(strata, {"a", "b"}, 1)["province"]["themes"][0]
    assert found["estimate"] == 40.0
    assert (found["lower"], found["upper"]) == pytest.approx((30.9, 49.8), abs=0.4)


@given(
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=7),
    st.integers(1, 8),
)
def test_no_hidden_theme_of_an_agency_follows_from_the_row_of_the_province(
    drawn: list[tuple[int, int]], fewest: int
) -> None:
    strata = [
        Stratum(str(place), 1000, 0.2, 40, {"fees": fees, "papers": papers})
        for place, (fees, papers) in enumerate(drawn)
    ]
    found = compute_voices(strata, {one.code for one in strata}, fewest)
    told = {
        code: {row["theme"]: row["comments"] for row in one["themes"]}
        for code, one in found["agencies"].items()
    }
    assert all(count >= fewest for own in told.values() for count in own.values())
    for row in found["province"]["themes"]:
        key = row["theme"]
        rest = row["comments"] - sum(own.get(key, 0) for own in told.values())
        hidden = [one.themes[key] for one in strata if key not in told[one.code]]
        assert rest == sum(hidden)
        # What is left belongs to two at least, or there is nothing left.
        assert rest == 0 or rest not in hidden


def test_where_nothing_can_be_taken_off_all_themes_are_told() -> None:
    strata = [stratum("a", 30, 20), stratum("b", 30, 3), stratum("c", 30, 4), stratum("d", 9, 0)]
    found = compute_voices(strata, {"a", "b", "c", "d"}, 5)
    assert [row["comments"] for row in found["agencies"]["a"]["themes"]] == [20]
    assert found["province"]["themes"][0]["comments"] == 27
    alone = compute_voices([strata[0], strata[3]], {"a", "d"}, 5)
    assert [row["comments"] for row in alone["agencies"]["a"]["themes"]] == [20]


@given(
    st.lists(
        st.tuples(st.integers(1, 60), st.integers(1, 5000), st.floats(0, 1), st.floats(0, 1)),
        min_size=1,
        max_size=8,
    )
)
def test_an_estimate_lies_within_its_limits_and_among_its_parts(
    drawn: list[tuple[int, int, float, float]],
) -> None:
    strata = [
        stratum(str(place), n, round(part * n), dossiers, share)
        for place, (n, dossiers, share, part) in enumerate(drawn)
    ]
    found = compute_voices(strata, {one.code for one in strata}, 0)["province"]["themes"][0]
    parts = [100 * one.themes["fees"] / one.comments for one in strata]
    assert min(parts) - 0.01 <= found["estimate"] <= max(parts) + 0.01
    assert 0 <= found["lower"] <= found["estimate"] <= found["upper"] <= 100


def test_the_interval_holds_the_truth_in_nineteen_of_twenty_samples() -> None:
    rng = random.Random(26)
    towns = [("a", 40, 4000, 0.3, 0.5), ("b", 60, 1000, 0.1, 0.2), ("c", 80, 500, 0.2, 0.3)]
    weight = sum(dossiers * share for _code, _n, dossiers, share, _p in towns)
    truth = 100 * sum(d * s * p for _code, _n, d, s, p in towns) / weight
    held = 0
    for _draw in range(1500):
        strata = [
            stratum(code, n, sum(rng.random() < p for _one in range(n)), dossiers, share)
            for code, n, dossiers, share, p in towns
        ]
        row = compute_voices(strata, {"a", "b", "c"}, 0)["province"]["themes"][0]
        held += row["lower"] <= truth <= row["upper"]
    assert 0.93 <= held / 1500 <= 0.975
