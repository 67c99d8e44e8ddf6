import polars as pl
import pytest

from analysis.selection import (
    describe_overlap,
    estimate_by_weighting,
    fit_selection,
    measure_gap,
)
from tests.analysis.selection_cases import FORMULA, draw, fit


def test_the_gap_is_what_weighting_moved() -> None:
    drawn = draw(11)
    found = estimate_by_weighting(fit(drawn), drawn.volunteers["y"])
    gap = measure_gap(found)
    assert gap.naive == pytest.approx(drawn.volunteers["y"].to_numpy().mean())
    assert gap.difference == pytest.approx(gap.naive - found.estimate)
    assert gap.difference > 0.3
    assert gap.p_value < 1e-6
    # Both means share their volunteers, so the difference is surer than either would suggest.
    assert gap.se < found.se * 1.2


def test_balance_shows_the_distance_before_and_after() -> None:
    balance = describe_overlap(fit(draw(12))).balance
    assert balance["column"].to_list() == ["x", "urbanyes"]
    assert (balance["before"].abs() > 0.25).all()
    assert (balance["after"].abs() < 0.1).all()


def test_good_overlap_raises_no_flag() -> None:
    overlap = describe_overlap(fit(draw(13)))
    assert overlap.flag == ""
    assert overlap.uncovered == 0
    assert overlap.outside < 0.03
    assert overlap.deff >= 1
    assert 0.01 <= overlap.top_share < 0.2


def test_people_whom_no_volunteer_resembles_are_reported() -> None:
    drawn = draw(14)
    volunteers = drawn.volunteers.filter(pl.col("x") > 0.3)
    overlap = describe_overlap(fit_selection(volunteers, drawn.reference, FORMULA))
    assert overlap.uncovered > 0.2
    assert overlap.outside > 0.2
    assert "no volunteers like them" in overlap.flag
