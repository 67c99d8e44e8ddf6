from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from analysis.compare import (
    Figures,
    adjust_p_values,
    carry_over,
    compare_levels,
    compare_pairs,
    contrast,
    pick,
    standardise,
    subtract,
    transform,
)
from analysis.design import describe_design
from analysis.errors import DataError
from analysis.estimates import estimate_means, estimate_totals
from tests.analysis.compare_cases import LINKS, estimate, make_figures, standard
from tests.analysis.survey_cases import make_design, make_survey


def test_a_contrast_is_the_weighted_sum_and_knows_the_covariance() -> None:
    found = estimate(["agency"])
    vcov = found.covariance()
    made = contrast(found, {"AB": {0: 1, 1: -1}, "mean": {0: 1 / 3, 1: 1 / 3, 2: 1 / 3}})
    matrix = np.array([[1, -1, 0], [1 / 3, 1 / 3, 1 / 3]])
    assert made.estimate == pytest.approx(matrix @ found.estimate, rel=1e-12)
    assert made.vcov == pytest.approx(matrix @ vcov @ matrix.T, rel=1e-10)
    assert made.labels["contrast"].to_list() == ["AB", "mean"]
    df = found.table["df"].to_numpy()
    assert made.df.tolist() == [df[:2].min(), df.min()]


def test_a_difference_of_years_gains_from_shared_clusters() -> None:
    found = estimate(["year"])
    made = compare_levels(found, "year", "2024")
    apart = float(np.sqrt((found.se**2).sum()))
    assert made.estimate[0] == pytest.approx(found.estimate[1] - found.estimate[0])
    assert made.se[0] < 0.8 * apart


def test_turning_a_difference_around_turns_its_sign() -> None:
    found = estimate(["year", "agency"])
    forth, back = (compare_levels(found, "year", base) for base in ("2024", "2025"))
    assert back.estimate == pytest.approx(-forth.estimate)
    assert back.vcov == pytest.approx(forth.vcov)


def test_levels_are_compared_within_all_other_labels() -> None:
    found = estimate(["year", "agency"])
    made = compare_levels(found, "year", "2024")
    assert made.labels.columns == ["year", "year_base", "agency", "component"]
    assert made.labels["agency"].to_list() == ["A", "B", "C"]
    for row, agency in enumerate("ABC"):
        new, old = (found.find("score", year=year, agency=agency) for year in ("2025", "2024"))
        assert made.estimate[row] == pytest.approx(found.estimate[new] - found.estimate[old])


def test_a_level_without_its_base_has_no_difference() -> None:
    data = make_survey().filter((pl.col("agency") != "B") | (pl.col("year") == "2025"))
    found = estimate_means(make_design(data), ["score"], ["year", "agency"])
    assert compare_levels(found, "year", "2024").labels["agency"].to_list() == ["A", "C"]


def test_all_pairs_are_compared_once() -> None:
    made = compare_pairs(estimate(["agency"]), "agency")
    pairs = list(zip(made.labels["agency"], made.labels["agency_base"], strict=True))
    assert pairs == [("B", "A"), ("C", "A"), ("C", "B")]
    assert made.estimate[1] == pytest.approx(made.estimate[0] + made.estimate[2])


def test_only_some_levels_may_be_asked_for() -> None:
    made = compare_levels(estimate(["agency"]), "agency", "A", ["C"])
    assert made.labels["agency"].to_list() == ["C"]


def test_independent_samples_are_subtracted_with_welchs_degrees_of_freedom() -> None:
    new = estimate_means(describe_design(make_survey(1, 60)), ["score"], ["agency"])
    old = estimate_means(describe_design(make_survey(2, 400)), ["score"], ["agency"])
    made = subtract(new, old, ["agency"])
    assert made.estimate == pytest.approx(new.estimate - old.estimate)
    assert made.se == pytest.approx(np.hypot(new.se, old.se))
    low, high = new.table["df"].to_numpy(), old.table["df"].to_numpy()
    assert (made.df >= np.minimum(low, high)).all()
    assert (made.df <= low + high).all()


def test_only_figures_that_both_samples_have_are_subtracted() -> None:
    one = make_figures({"unit": ["a", "b"]}, [3.0, 5.0], np.eye(2))
    other = make_figures({"unit": ["c", "b"]}, [9.0, 1.0], np.eye(2))
    made = subtract(one, other, ["unit"])
    assert made.labels["unit"].to_list() == ["b"]
    assert made.estimate == pytest.approx([4.0])


def test_a_ratio_as_a_function_is_the_ratio() -> None:
    found = estimate_totals(make_design(), ["score", "rating"])
    by_text = transform(found, {"r": "score / rating"})
    by_function = transform(found, {"r": lambda t: t[0] / t[1]})
    slope = np.array([1, -found.estimate[0] / found.estimate[1]]) / found.estimate[1]
    for made in (by_text, by_function):
        assert made.estimate[0] == pytest.approx(found.estimate[0] / found.estimate[1], rel=1e-14)
        assert made.se[0] == pytest.approx(np.sqrt(slope @ found.covariance() @ slope), rel=1e-10)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 * a ^ 2 - b", 2 * 9 - 4),
        ("-(a + b) / 7", -1.0),
        ("exp(log(a)) + sqrt(b)", 5.0),
        ("+a ** -1", 1 / 3),
    ],
)
def test_expressions_mean_what_they_say(text: str, expected: float) -> None:
    figures = make_figures({"component": ["a", "b"]}, [3.0, 4.0], np.eye(2))
    assert transform(figures, {"f": text}).estimate[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a +", "no arithmetic expression"),
        ("c", "0 figures are called c"),
        ("__import__('os')", "figures are called __import__"),
        ("a.real", "Attribute"),
        ("log(a, b)", "Call"),
        ("[a for a in b]", "ListComp"),
        ("a if b else 1", "IfExp"),
        ("'text'", "Constant"),
    ],
)
def test_expressions_run_nothing_but_arithmetic(text: str, says: str) -> None:
    figures = make_figures({"component": ["a", "b"]}, [3.0, 4.0], np.eye(2))
    with pytest.raises(DataError, match=says):
        transform(figures, {"f": text})


def test_a_name_of_two_figures_is_refused() -> None:
    with pytest.raises(DataError, match="3 figures are called score"):
        transform(estimate(["agency"]), {"f": "score"})


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_adjusted_p_values_are_those_of_their_definitions(p_values: list[float]) -> None:
    p = np.array(p_values)
    assert adjust_p_values(p, "bh") == pytest.approx(false_discovery_control(p), abs=1e-14)
    order, k = np.argsort(p, kind="stable"), len(p)
    for place, row in enumerate(order):
        steps = [(k - before) * p[order[before]] for before in range(place + 1)]
        assert adjust_p_values(p)[row] == pytest.approx(min(1.0, max(steps)), abs=1e-14)


def test_missing_p_values_are_not_counted() -> None:
    assert adjust_p_values([0.01, np.nan, 0.02], "holm") == pytest.approx(
        [0.02, np.nan, 0.02], nan_ok=True
    )
    assert adjust_p_values([0.01, 0.02], "none") == pytest.approx([0.01, 0.02])


def test_a_table_adjusts_its_p_values_and_tests_against_a_value() -> None:
    made = compare_pairs(estimate(["agency"]), "agency")
    plain, holm = made.to_frame(), made.to_frame(adjust="holm")
    assert holm["p_value"].to_numpy() == pytest.approx(adjust_p_values(plain["p_value"]))
    shifted = made.to_frame(null=float(made.estimate[0]))
    assert shifted["t"][0] == 0
    assert (plain["lower"] < plain["estimate"]).all()


def test_without_degrees_of_freedom_nothing_is_tested() -> None:
    figures = Figures(pl.DataFrame({"u": ["a"]}), np.ones(1), np.eye(1), np.zeros(1))
    row = figures.to_frame().row(0, named=True)
    assert all(np.isnan(row[name]) for name in ("t", "p_value", "lower", "upper"))


def test_an_unknown_figure_makes_only_its_own_contrasts_unknown() -> None:
    figures = make_figures({"u": ["a", "b", "c"]}, [1.0, np.nan, 3.0], np.eye(3))
    made = contrast(figures, {"ab": {0: 1, 1: -1}, "ac": {0: 1, 2: -1}})
    assert np.isnan(made.estimate[0])
    assert np.isnan(made.se[0])
    assert made.estimate[1] == -2
    assert made.se[1] == pytest.approx(np.sqrt(2))


@pytest.mark.parametrize(
    ("attempt", "says"),
    [
        (lambda: contrast(estimate(["agency"]), {}), "at least one figure"),
        (lambda: contrast(estimate(["agency"]), {"a": {9: 1.0}}), "There are 3 figures"),
        (lambda: compare_levels(estimate(["agency"]), "year", "2024"), "no label year"),
        (lambda: compare_levels(estimate(["agency"]), "agency", "Z"), "no level 'Z'"),
        (lambda: subtract(estimate(["agency"]), estimate(["agency"]), ["year"]), "no label year"),
        (
            lambda: subtract(estimate(["year", "agency"]), estimate(["agency"]), ["agency"]),
            "does not tell the figures apart",
        ),
        (lambda: adjust_p_values([1.5]), "between 0 and 1"),
        (lambda: adjust_p_values([0.5], "bonferroni"), "Unknown adjustment"),  # type: ignore[arg-type]
        (lambda: standardise(estimate(["agency"]), standard(0.5)), "must be among the domains"),
        (
            lambda: standardise(estimate(["agency", "field"]), standard(0.5)[:1]),
            r"no share for \('other',\)",
        ),
        (lambda: standardise(estimate(["agency", "field"]), standard(1.5)), "not negative"),
        (
            lambda: standardise(
                estimate(["agency", "field"]), pl.concat([standard(0.5), standard(0.5)])
            ),
            "twice",
        ),
        (lambda: carry_over(estimate(["agency"]), LINKS, unit="commune"), "no label commune"),
        (
            lambda: carry_over(estimate(["agency"]), pl.concat([LINKS, LINKS]), unit="agency"),
            "named twice",
        ),
        (
            lambda: carry_over(
                estimate(["agency"]), LINKS.with_columns(population=pl.lit(-1.0)), unit="agency"
            ),
            "not negative",
        ),
    ],
)
def test_comparisons_that_make_no_sense_are_refused_with_the_remedy(
    attempt: Callable[[], object], says: str
) -> None:
    with pytest.raises(DataError, match=says):
        attempt()


def test_picking_keeps_figures_and_covariance_together() -> None:
    whole = pick(estimate(["agency"]))
    part = pick(whole, [2, 0])
    expected: npt.NDArray[np.float64] = whole.vcov[np.ix_([2, 0], [2, 0])]
    assert part.vcov == pytest.approx(expected)
    assert part.labels["agency"].to_list() == ["C", "A"]
