"""Replicates: the variances they must reproduce, and replayed weighting."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design import Design, describe_design
from analysis.errors import CalibrationError, DesignError
from analysis.estimates import (
    estimate_coded_means,
    estimate_means,
    estimate_quantiles,
    estimate_ratios,
    estimate_totals,
)
from analysis.formulas import build_matrix
from analysis.replicates import (
    Kind,
    count_df,
    find_hadamard,
    give_replicates,
    make_replicates,
    weigh_replicates,
)
from analysis.weighting import (
    adjust_by_propensity,
    adjust_nonresponse,
    calibrate,
    poststratify,
    rake,
    trim,
)
from tests.analysis.samples import (
    describe_clusters,
    make_clusters,
    make_sample,
    make_stages,
    seeds,
)

AGE = {"18-29": 60.0, "30-59": 70.0, "60+": 50.0}
SEX = {"F": 100.0, "M": 80.0}


def make_pairs(seed: int = 1, strata: int = 6) -> Design:
    return make_clusters(seed, strata=strata, units=2)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 200))
def test_hadamard_matrices_are_orthogonal(order: int) -> None:
    matrix = find_hadamard(order)
    size = len(matrix)
    assert order <= size <= max(4, 1.35 * order + 4)
    np.testing.assert_array_equal(matrix @ matrix.T, size * np.eye(size))
    assert set(np.unique(matrix)) <= {-1, 1}
    assert (matrix[0] == 1).all()
    assert (matrix[:, 0] == 1).all()


def test_a_hadamard_matrix_too_large_is_refused() -> None:
    with pytest.raises(DesignError, match="use a bootstrap"):
        find_hadamard(5000)


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_the_jackknife_of_a_total_is_linearisation(seed: int) -> None:
    frame = make_sample(seed)
    for options in ({}, {"populations": ["N_unit"]}):
        design = describe_clusters(frame, **options)
        exact = estimate_totals(design, ["score", "fee"], ["agency"])
        made = estimate_totals(make_replicates(design, "JKn"), ["score", "fee"], ["agency"])
        assert made.se == pytest.approx(exact.se, rel=1e-10)


def test_the_unstratified_jackknife_of_a_total_is_linearisation() -> None:
    design = describe_design(make_sample(2), units=["unit"], weight="w")
    exact, made = (
        estimate_totals(one, ["fee"]).se for one in (design, make_replicates(design, "JK1"))
    )
    assert made == pytest.approx(exact, rel=1e-11)


@settings(max_examples=15, deadline=None)
@given(seeds, st.integers(1, 13), st.sampled_from([("BRR", 0.0), ("Fay", 0.3), ("Fay", 0.7)]))
def test_half_samples_of_a_total_are_linearisation(
    seed: int, strata: int, kind: tuple[Any, float]
) -> None:
    design = make_pairs(seed, strata)
    exact = estimate_totals(design, ["score"]).se
    made = estimate_totals(make_replicates(design, kind[0], rho=kind[1]), ["score"]).se
    assert made == pytest.approx(exact, rel=1e-10)


@pytest.mark.parametrize("kind", ["RaoWu", "bootstrap"])
def test_bootstraps_come_near_linearisation(kind: Any) -> None:
    design = make_clusters(3, strata=6, units=4)
    exact = estimate_ratios(design, [("fee", "visits")]).se[0]
    made = estimate_ratios(make_replicates(design, kind, count=2000, seed=5), [("fee", "visits")])
    assert made.se[0] == pytest.approx(exact, rel=0.05)


def test_the_bootstrap_knows_the_finite_population() -> None:
    frame = make_sample(3, strata=6, units=4).with_columns(N=np.full(120, 16))
    design = describe_clusters(frame, populations=["N"])
    exact = estimate_totals(design, ["fee"]).se[0]
    made = estimate_totals(make_replicates(design, "bootstrap", count=3000, seed=5), ["fee"]).se[0]
    assert made == pytest.approx(exact, rel=0.07)


def test_a_seed_gives_the_same_replicates_and_is_kept() -> None:
    design = make_clusters(3)
    first, second = (make_replicates(design, "RaoWu", count=20, seed=9) for _ in range(2))
    assert first.replicates is not None
    assert second.replicates is not None
    np.testing.assert_array_equal(first.replicates.multiplier, second.replicates.multiplier)
    assert first.replicates.seed == 9
    with pytest.raises(DesignError, match="needs a seed"):
        make_replicates(design, "RaoWu")


def test_every_step_is_done_again_on_every_replicate() -> None:
    known = {"(Intercept)": 180.0, "sexM": 80.0, "age30-59": 70.0, "age60+": 50.0}
    steps: list[Callable[[Design], Design]] = [
        lambda one: poststratify(one, "sex", SEX),
        lambda one: rake(one, {"sex": SEX, "age": AGE}),
        lambda one: calibrate(one, "sex + age", known, method="raking"),
    ]
    for step in steps:
        design = step(make_replicates(make_clusters(3, strata=8), "JKn"))
        assert design.replicates is not None
        weights = weigh_replicates(design.replicates)
        male = (design.data["sex"] == "M").to_numpy()
        np.testing.assert_allclose(male @ weights, 80, rtol=1e-9)


def test_raking_replicates_together_is_raking_each_alone() -> None:
    design = make_clusters(4, strata=8)
    replicated = rake(make_replicates(design, "JKn"), {"sex": SEX, "age": AGE})
    assert replicated.replicates is not None
    weights = weigh_replicates(replicated.replicates)
    start = weigh_replicates(make_replicates(design, "JKn").replicates)  # type: ignore[arg-type]
    for place in (0, 5):
        frame = design.data.with_columns(w=start[:, place])
        alone = rake(describe_design(frame, weight="w"), {"sex": SEX, "age": AGE})
        np.testing.assert_allclose(weights[:, place], alone.weights.final, rtol=1e-9)


@pytest.mark.parametrize("weighted", [False, True])
def test_a_propensity_model_is_fitted_again_on_every_replicate(*, weighted: bool) -> None:
    frame = make_sample(5, strata=8)
    frame = frame.with_columns(resp=(pl.int_range(pl.len()) * 7 % 11 > 3).cast(pl.Int64))
    design = make_replicates(describe_clusters(frame), "JKn")
    adjusted = adjust_by_propensity(design, "resp", "sex + age", weighted=weighted)
    assert adjusted.replicates is not None
    assert design.replicates is not None
    weights, start = weigh_replicates(adjusted.replicates), weigh_replicates(design.replicates)
    full = design.weights.final
    answered = frame["resp"].to_numpy() == 1
    values = build_matrix(frame, "sex + age").values
    for place in (0, 9):
        # The oracle minimises the likelihood with the replicate's own masses, in its own way.
        mass = start[:, place] / (1.0 if weighted else full)
        fit = sm.GLM(answered, values, family=sm.families.Binomial(), freq_weights=mass)
        share = fit.fit(tol=1e-14).fittedvalues
        expected = np.where(answered, start[:, place] / share, 0.0)
        np.testing.assert_allclose(weights[:, place], expected, rtol=1e-7)


def test_trimming_and_nonresponse_are_replayed_too() -> None:
    frame = make_sample(5, strata=8)
    frame = frame.with_columns(resp=np.arange(len(frame)) % 4 > 0)
    design = make_replicates(
        describe_clusters(frame.with_columns(resp=frame["resp"].cast(int))), "JKn"
    )
    adjusted = adjust_nonresponse(design, "resp", ["sex"])
    assert adjusted.replicates is not None
    weights = weigh_replicates(adjusted.replicates)
    start = weigh_replicates(design.replicates)  # type: ignore[arg-type]
    male = (frame["sex"] == "M").to_numpy()
    np.testing.assert_allclose(male @ weights, male @ start, rtol=1e-10)
    trimmed = trim(adjusted, upper=4.5)
    assert trimmed.replicates is not None
    np.testing.assert_allclose(
        weigh_replicates(trimmed.replicates).sum(axis=0), weights.sum(axis=0), rtol=1e-10
    )


def test_a_step_that_fails_on_too_many_replicates_is_refused() -> None:
    frame = make_sample(5, strata=4, units=2).with_columns(
        rare=np.where(np.arange(40) < 5, "yes", "no")
    )
    design = make_replicates(describe_clusters(frame), "BRR")
    with pytest.raises(CalibrationError, match="The step failed on 4 of 8 replicates"):
        poststratify(design, "rare", {"yes": 20.0, "no": 80.0})


def test_given_replicates_are_taken_as_they_are() -> None:
    design = make_clusters(6)
    made = make_replicates(design, "JKn")
    assert made.replicates is not None
    given_back = give_replicates(
        design,
        weigh_replicates(made.replicates),
        scale=made.replicates.scale,
        rscales=made.replicates.rscales,
    )
    for by in ([], ["agency"]):
        first, second = (estimate_means(one, ["fee"], by) for one in (made, given_back))
        assert second.se == pytest.approx(first.se, rel=1e-12)
        np.testing.assert_allclose(second.covariance(), first.covariance(), rtol=1e-10)
    with pytest.raises(DesignError, match="do not fit"):
        give_replicates(design, np.ones((3, 2)), scale=1, rscales=np.ones(2))


def test_degrees_of_freedom_are_those_of_the_design() -> None:
    kinds: tuple[Kind, ...] = ("JKn", "RaoWu")
    for kind in kinds:
        design = make_replicates(make_clusters(6), kind, count=60, seed=1)
        assert design.replicates is not None
        assert count_df(design.replicates) == 8


@pytest.mark.parametrize("kind", ["JKn", "RaoWu"])
def test_replicated_means_of_coded_domains_equal_those_by_name(kind: Kind) -> None:
    drawn = make_replicates(make_clusters(6, strata=8), kind, count=60, seed=1)
    design = rake(drawn, {"sex": SEX, "age": AGE})
    domain = np.unique(design.data["agency"].to_numpy(), return_inverse=True)[1]
    scores = design.data.select("score", "fee").to_numpy()
    coded = estimate_coded_means(design, domain, 4, scores)
    named = estimate_means(design, ["score", "fee"], ["agency"])
    np.testing.assert_allclose(coded.estimate[:3].T.ravel(), named.estimate, rtol=1e-12)
    rounding = 1e-5 if kind == "RaoWu" else 1e-10
    np.testing.assert_allclose(coded.se[:3].T.ravel(), named.se, rtol=rounding)
    assert coded.df[:3].tolist() == named.table["df"].to_list()[:3]
    assert np.isnan(coded.estimate[3]).all()
    plain = estimate_coded_means(replace(design, replicates=None), domain, 4, scores)
    np.testing.assert_allclose(coded.weight, plain.weight, rtol=1e-12)
    assert not np.allclose(coded.se[:3], plain.se[:3], rtol=1e-9)


def test_replicates_of_several_stages_say_what_they_leave_out() -> None:
    assert "leave out the share n/N" in make_replicates(make_stages(1), "JKn").notes[0]
    assert make_replicates(make_clusters(1), "JKn").notes == ()


def test_quantiles_take_their_error_from_replicates() -> None:
    design = make_clusters(7, strata=8, units=4, rows=8)
    plain = estimate_quantiles(design, ["score"], [0.5]).table
    made = estimate_quantiles(make_replicates(design, "JKn"), ["score"], [0.5]).table
    assert made["estimate"][0] == plain["estimate"][0]
    assert made["se"][0] == pytest.approx(plain["se"][0], rel=0.3)


def test_kinds_that_do_not_fit_are_refused_by_stratum() -> None:
    with pytest.raises(DesignError, match="two units in every stratum; S00"):
        make_replicates(make_clusters(1), "BRR")
    with pytest.raises(DesignError, match="JK1 knows no strata"):
        make_replicates(make_clusters(1), "JK1")
    with pytest.raises(DesignError, match="Unknown kind"):
        make_replicates(make_clusters(1), "SDR")  # type: ignore[arg-type]
    with pytest.raises(DesignError, match="Fay's factor"):
        make_replicates(make_pairs(), "Fay", rho=1.0)
    with pytest.raises(DesignError, match="collapse them before replication"):
        make_replicates(make_clusters(1, units=1), "JKn")


def test_totals_of_replicates_do_not_depend_on_how_they_are_added(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    design = rake(make_replicates(make_clusters(4, strata=8), "JKn"), {"sex": SEX, "age": AGE})
    expected = estimate_means(design, ["fee", "score"], ["agency"]).covariance()
    for name, value in (("DENSE", 0.0), ("DENSE", 9.0), ("MARKED", 1), ("CHUNK", 3)):
        with monkeypatch.context() as patch:
            patch.setattr(f"analysis.estimates.replicated.{name}", value)
            found = estimate_means(design, ["fee", "score"], ["agency"]).covariance()
        np.testing.assert_allclose(found, expected, rtol=1e-9)
