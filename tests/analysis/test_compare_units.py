import numpy as np
import polars as pl
import pytest

from analysis.compare import (
    carry_over,
    compare_levels,
    standardise,
    subtract,
)
from analysis.estimates import estimate_means
from tests.analysis.compare_cases import LINKS, estimate, standard
from tests.analysis.survey_cases import make_design, make_survey


def test_standardising_averages_strata_with_the_same_shares() -> None:
    found = estimate(["agency", "field"])
    made = standardise(found, standard(0.3))
    for row, agency in enumerate("ABC"):
        places = [found.find("score", agency=agency, field=f) for f in ("land", "other")]
        share = np.array([0.3, 0.7])
        assert made["estimate"][row] == pytest.approx(share @ found.estimate[places])
        variance = share @ found.covariance(places) @ share
        assert made["se"][row] == pytest.approx(np.sqrt(variance))
    assert made["cover"].to_list() == [1, 1, 1]
    assert made["crude"].to_numpy() == pytest.approx(estimate(["agency"]).estimate)


def test_standardising_to_ones_own_mix_changes_nothing() -> None:
    data = make_survey()
    own = data.filter(agency="A").group_by("field").agg(share=pl.col("w").sum())
    made = standardise(estimate(["agency", "field"]), own)
    assert made["estimate"][0] == pytest.approx(made["crude"][0], rel=1e-12)


def test_standardising_takes_the_case_mix_out_of_a_comparison() -> None:
    made = standardise(estimate(["agency", "field"]), standard(0.5))
    # Agency A has more land cases, which rate lower; C differs from it in nothing else.
    crude = made["crude"][2] - made["crude"][0]
    adjusted = made["estimate"][2] - made["estimate"][0]
    assert adjusted < crude - 0.05


def test_a_stratum_that_a_domain_lacks_lowers_its_cover() -> None:
    data = make_survey().filter((pl.col("agency") != "C") | (pl.col("field") == "land"))
    found = estimate_means(make_design(data), ["score"], ["agency", "field"])
    made = standardise(found, standard(0.3))
    assert made["cover"].to_list() == pytest.approx([1, 1, 0.3])
    place = found.find("score", agency="C", field="land")
    assert made["estimate"][2] == pytest.approx(found.estimate[place])


def test_a_domain_outside_the_standard_has_no_figure() -> None:
    data = make_survey().filter((pl.col("agency") != "C") | (pl.col("field") == "land"))
    found = estimate_means(make_design(data), ["score"], ["agency", "field"])
    made = standardise(found, standard(0.0))
    assert made["cover"][2] == 0
    assert np.isnan(made["estimate"][2])
    assert np.isfinite(made["crude"][2])


def test_a_merger_averages_its_parts_by_population() -> None:
    found = estimate(["agency"])
    made = carry_over(found, LINKS, unit="agency")
    a, b, c = found.estimate
    assert made.estimate == pytest.approx([0.75 * a + 0.25 * b, 0.5 * b + 0.5 * c])
    matrix = np.array([[0.75, 0.25, 0], [0, 0.5, 0.5]])
    assert made.vcov == pytest.approx(matrix @ found.covariance() @ matrix.T)
    assert made.labels["agency"].to_list() == ["X", "Y"]
    assert made.labels["units"].to_list() == [2, 2]
    assert made.labels["assumed"].to_list() == [True, True]


def test_a_plain_rename_changes_nothing() -> None:
    found = estimate(["agency"])
    links = pl.DataFrame({"before": ["A", "B"], "after": ["P", "Q"], "population": [5.0, 7.0]})
    made = carry_over(found, links, unit="agency")
    assert made.estimate == pytest.approx(found.estimate[:2])
    assert made.se == pytest.approx(found.se[:2])
    assert made.labels["assumed"].to_list() == [False, False]


def test_mergers_keep_years_and_components_apart() -> None:
    made = carry_over(estimate(["year", "agency"]), LINKS, unit="agency")
    assert made.labels.columns[:3] == ["agency", "year", "component"]
    assert len(made.estimate) == 4
    change = compare_levels(made, "year", "2024")
    assert change.labels["agency"].to_list() == ["X", "Y"]
    # Both successors share agency B, so their changes are correlated.
    assert change.vcov[0, 1] != 0


def test_a_predecessor_without_a_figure_leaves_the_successor_unknown() -> None:
    links = LINKS.with_columns(before=pl.Series(["A", "B", "B", "Z"]))
    found = estimate(["agency"])
    made = carry_over(found, links, unit="agency")
    assert made.labels["cover"].to_list() == [1, 0.5]
    assert np.isfinite(made.estimate[0])
    assert np.isnan(made.estimate[1])
    partial = carry_over(found, links, unit="agency", minimum_cover=0.5)
    assert partial.estimate[1] == pytest.approx(found.estimate[1])


def test_the_change_over_a_merger_is_subtracted_from_an_independent_survey() -> None:
    before = carry_over(estimate(["agency"]), LINKS, unit="agency")
    data = make_survey(5).with_columns(
        agency=pl.col("agency").replace({"A": "X", "B": "Y", "C": "Y"})
    )
    after = estimate_means(make_design(data), ["score"], ["agency"])
    change = subtract(after, before, ["agency"])
    assert change.estimate == pytest.approx(after.estimate - before.estimate)
    assert change.se == pytest.approx(np.hypot(after.se, before.se))
