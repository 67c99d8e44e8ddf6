from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from analysis.design import Design, Replicates
from analysis.models import (
    average_effects,
    fit_regression,
)
from analysis.variance import estimate_covariance
from tests.analysis.model_cases import EVERY_KIND, FITS, make_design, make_frame


def make_jackknife(design: Design) -> Design:
    """Delete-one-cluster replicates within strata (JKn) written out by hand."""
    stage = design.stages[0]
    size = stage.size[stage.cell]
    same = stage.cell[:, None] == stage.cell
    multiplier = np.where(same, (size / (size - 1))[:, None], 1.0)
    np.fill_diagonal(multiplier, 0.0)
    return replace(
        design,
        replicates=Replicates(
            kind="JKn",
            unit=stage.unit,
            start=design.weights.final,
            multiplier=multiplier,
            scale=1.0,
            rscales=(size - 1) / size,
            centred=True,
        ),
    )


@EVERY_KIND
def test_the_jackknife_refits_and_lands_near_linearisation(kind: str) -> None:
    design = make_design(make_frame(rows=960))
    linear = FITS[kind](design)
    jackknife = FITS[kind](make_jackknife(design))
    assert jackknife.coefficients == pytest.approx(linear.coefficients, rel=1e-9)
    assert jackknife.se == pytest.approx(linear.se, rel=0.25)
    assert not np.allclose(jackknife.se, linear.se, rtol=1e-5)


def test_replicates_around_their_mean_are_centred_there() -> None:
    design = make_jackknife(make_design())
    assert design.replicates is not None
    around_mean = replace(design, replicates=replace(design.replicates, centred=False))
    first = fit_regression(design, "y ~ x")
    second = fit_regression(around_mean, "y ~ x")
    assert (second.se < first.se).all()
    assert second.se == pytest.approx(first.se, rel=0.05)


@EVERY_KIND
@pytest.mark.parametrize("variable", ["x", "group"])
def test_an_average_effect_is_what_refitting_says(kind: str, variable: str) -> None:
    """Its standard error equals that of a numeric derivative by every single weight."""
    frame = make_frame(rows=72)
    design = make_design(frame)
    effects = average_effects(FITS[kind](design), design, [variable])
    influence = np.zeros((72, len(effects.estimate)))
    for row in range(72):
        moved = []
        for step in (1e-4, -1e-4):
            w = frame["w"].to_numpy().copy()
            w[row] += step
            other = make_design(frame.with_columns(w=w))
            moved.append(average_effects(FITS[kind](other), other, [variable]).estimate)
        influence[row] = (moved[0] - moved[1]) / 2e-4
    assert effects.vcov == pytest.approx(estimate_covariance(design, influence), rel=1e-4, abs=1e-9)


def test_an_average_effect_of_a_number_is_a_mean_slope() -> None:
    design = make_design()
    model = FITS["binomial"](design)
    effects = average_effects(model, design, ["x"])

    def mean_share(shift: float) -> float:
        frame = make_frame().with_columns(x=pl.col("x") + shift)
        beta = dict(zip(model.names, model.coefficients, strict=True))
        eta = np.zeros(len(frame))
        for row, (x, g) in enumerate(frame.select("x", "group").iter_rows()):
            eta[row] = beta["(Intercept)"] + x * beta["x"]
            if g != "a":
                eta[row] += beta[f"group{g}"] + x * beta[f"x:group{g}"]
        return float(np.average(1 / (1 + np.exp(-eta)), weights=frame["w"].to_numpy()))

    assert effects.estimate[0] == pytest.approx((mean_share(1e-5) - mean_share(-1e-5)) / 2e-5)


def test_effects_on_ordered_answers_add_up_to_nothing() -> None:
    design = make_design()
    table = average_effects(FITS["ordinal-logit"](design), design).to_frame()
    sums = table.group_by("variable", "change").agg(pl.col("estimate").sum())
    assert sums["estimate"].to_numpy() == pytest.approx(np.zeros(3), abs=1e-12)
    assert table.columns[:3] == ["variable", "change", "answer"]
    assert set(table["change"]) == {"+1", "b / a", "c / a"}


def test_effects_of_a_linear_model_are_its_coefficients() -> None:
    design = make_design()
    model = fit_regression(design, "y ~ x + group")
    effects = average_effects(model, design)
    assert effects.estimate == pytest.approx(model.coefficients[1:], rel=1e-12)
    assert effects.se == pytest.approx(model.se[1:], rel=1e-12)


def test_effects_with_replicates_use_their_covariance() -> None:
    design = make_jackknife(make_design())
    model = fit_regression(design, "y ~ x + group")
    assert average_effects(model, design).se == pytest.approx(model.se[1:], rel=1e-9)
