"""Variances: closed forms, and two ways to the same number."""

from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings

from analysis.cells import Blocks, index_blocks
from analysis.design import Design, LonelyRule, describe_design, narrow
from analysis.estimates import estimate_means, estimate_totals
from analysis.variance import Layout, Partition, cover_domains, estimate_covariance, gather_sums
from analysis.variance import domains as domains_room
from analysis.variance.kernel import Scores
from analysis.weighting import calibrate, poststratify, rake, trim
from tests.analysis.samples import describe_clusters, make_clusters, make_sample, make_stages, seeds

AGE = {"18-29": 60.0, "30-59": 70.0, "60+": 50.0}
SEX = {"F": 100.0, "M": 80.0}


def weigh_thrice(design: Design) -> Design:
    """Two calibrations and a trimming, so that every link is used."""
    first = poststratify(design, "sex", SEX)
    second = rake(first, {"age": AGE, "sex": SEX})
    return trim(second, upper=float(np.quantile(second.weights.final, 0.95)))


def test_simple_random_sampling_has_its_closed_form() -> None:
    frame = make_sample(1).with_columns(N=np.full(60, 300))
    design = describe_design(frame, populations=["N"])
    y = frame["score"].to_numpy()
    expected = np.sqrt((1 - 60 / 300) * y.var(ddof=1) / 60)
    assert estimate_means(design, ["score"]).se[0] == pytest.approx(expected, rel=1e-12)
    assert estimate_totals(design, ["score"]).se[0] == pytest.approx(300 * expected, rel=1e-12)


def test_a_census_has_no_sampling_error() -> None:
    frame = make_sample(1)
    frame = frame.with_columns(N_unit=np.full(60, 3), N_person=np.full(60, 5))
    design = describe_design(
        frame,
        units=["unit", "person"],
        strata=["stratum"],
        populations=["N_unit", "N_person"],
        nest=True,
    )
    assert estimate_means(design, ["score"]).se[0] == 0


def test_the_second_stage_counts_when_the_first_is_sampled_in_part() -> None:
    frame = make_sample(1)
    shallow = describe_design(
        frame, units=["unit"], strata=["stratum"], populations=["N_unit"], weight="w", nest=True
    )
    deep = make_stages(1)
    assert estimate_totals(deep, ["score"]).se[0] > estimate_totals(shallow, ["score"]).se[0]


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_sums_by_domain_give_what_the_rows_give(seed: int) -> None:
    for design in (make_clusters(seed), make_stages(seed), weigh_thrice(make_clusters(seed))):
        check_domains(design)


def check_domains(design: Design) -> None:
    columns = design.data.select("score", "visits").to_numpy().astype(float)
    domain = np.unique(design.data["agency"].to_numpy(), return_inverse=True)[1]
    sums = gather_sums(design, domain, 3, columns)
    covariance = cover_domains(design, sums)
    for number in range(3):
        inside = domain == number
        exact = estimate_covariance(design, columns * inside[:, None], rows=inside)
        np.testing.assert_allclose(covariance[number], exact, rtol=1e-9, atol=1e-9)


def test_wide_calibrations_go_the_long_way_to_the_same_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    design = weigh_thrice(make_clusters(4))
    monkeypatch.setattr(domains_room, "NARROW", 2)
    check_domains(design)


def test_covariance_across_domains_is_symmetric_and_positive() -> None:
    for design in (make_clusters(5), weigh_thrice(make_clusters(5)), make_stages(5)):
        estimates = estimate_means(design, ["score", "visits"], ["agency", "sex"])
        covariance = estimates.covariance()
        np.testing.assert_allclose(covariance, covariance.T, rtol=1e-12)
        np.testing.assert_allclose(np.sqrt(np.diag(covariance)), estimates.se, rtol=1e-8)
        assert np.linalg.eigvalsh(covariance).min() >= -1e-12 * np.trace(covariance)


@pytest.mark.parametrize("rule", ["adjust", "average"])
def test_rules_for_lonely_strata_change_nothing_where_there_are_none(rule: Any) -> None:
    design = make_clusters(6)
    plain = estimate_means(design, ["score"]).se
    ruled = estimate_means(replace(design, lonely=rule), ["score"]).se
    assert ruled == pytest.approx(plain, rel=1e-13)


def test_a_partition_equals_dense_calibration() -> None:
    rng = np.random.default_rng(2)
    design = rake(
        describe_design(make_sample(2), strata=["stratum"], weight="w"), {"age": AGE, "sex": SEX}
    )
    (calibration,) = design.weights.calibrations
    stage = design.stages[0]
    order = np.argsort(stage.unit)
    layout = Layout(stage.cell, np.full(4, 15 / 14), stage.size, np.ones(60))
    group = calibration.group if calibration.group is not None else np.zeros(1, dtype=np.int64)
    partition = Partition.centre(
        group[calibration.cell][order],
        calibration.values[calibration.cell][order],
        calibration.before[order],
        calibration.after[order],
        layout,
    )
    values = rng.normal(size=(60, 2))
    scores = Scores(values[order] * calibration.after[order, None])
    exact = np.diag(estimate_covariance(design, values))
    np.testing.assert_allclose(partition.estimate_variance(scores), exact, rtol=1e-10)


def test_blocks_find_the_same_cells_by_marks_and_by_sorting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rng = np.random.default_rng(3)
    domain, unit = rng.integers(0, 7, 200), rng.integers(0, 11, 200)
    marked, place = index_blocks(domain, unit, 7, 11)
    monkeypatch.setattr("analysis.cells.blocks.MARKED", 1)
    found, spot = index_blocks(domain, unit, 7, 11)
    np.testing.assert_array_equal(place, spot)
    for name in ("unit", "start"):
        np.testing.assert_array_equal(getattr(marked, name), getattr(found, name))
    assert isinstance(found, Blocks)
    np.testing.assert_array_equal(found.domain[spot], domain)


def test_calibrated_totals_have_no_error_however_the_weights_were_made() -> None:
    design = make_clusters(7)
    known = {"(Intercept)": 180.0, "sexM": 80.0, "age30-59": 70.0, "age60+": 50.0}
    for method, bounds in (("linear", None), ("raking", None), ("logit", (0.2, 4.0))):
        made = calibrate(
            design,
            "sex + age",
            known,
            method=method,  # type: ignore[arg-type]
            bounds=bounds or (-np.inf, np.inf),
        )
        totals = estimate_totals(
            replace(made, data=made.data.with_columns(one=np.ones(60))), ["one"], ["sex"]
        )
        np.testing.assert_allclose(totals.estimate, [100, 80], rtol=1e-10)
        assert (totals.se < 1e-5).all()


@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average"])
@pytest.mark.parametrize("by", [[], ["agency"]])
def test_the_covariance_agrees_with_the_standard_errors_under_every_lonely_rule(
    rule: LonelyRule, by: list[str]
) -> None:
    frame = make_sample(4, strata=6).filter(
        (pl.col("stratum") != "S01") | (pl.col("unit") == pl.col("unit").min().over("stratum"))
    )
    design = describe_clusters(frame, lonely=rule)
    # The subset empties a stratum, which then has no part in any average.
    kept = narrow(design, (frame["stratum"] != "S03").to_numpy())
    for part in (design, kept):
        found = estimate_totals(part, ["score", "fee"], by)
        spread = np.sqrt(np.diag(found.covariance()))
        np.testing.assert_allclose(spread, found.se, rtol=1e-10)
