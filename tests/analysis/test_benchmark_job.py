"""What `make bench-analysis` measures: the right numbers, whatever they take."""

import numpy as np
import pytest

from analysis.design import describe_design
from analysis.estimates import estimate_index, estimate_means
from analysis.replicates import make_replicates
from analysis.weighting import rake
from tests.benchmarks.analysis import PARTS
from tests.benchmarks.analysis.many import resample_fixed, resample_raked
from tests.benchmarks.analysis.respondents import (
    ITEMS,
    SCORES,
    Respondents,
    code_columns,
    draw_respondents,
    estimate_indices,
    score_items,
)
from tests.benchmarks.analysis.sizes import sum_up


def draw_few() -> Respondents:
    return draw_respondents(1_500, agencies=8, strata=5, units=30)


def test_the_job_of_the_benchmark_gives_the_estimates_by_name() -> None:
    people = draw_few()
    coded, scores = code_columns(people), score_items(people)
    found = estimate_indices(coded, scores)
    frame = people.frame.with_columns(**dict(zip(SCORES, scores.T, strict=True)))
    design = describe_design(frame, units=["unit"], strata=["stratum"], weight="w")
    raked = rake(design, people.totals)
    means = estimate_means(raked, SCORES, ["agency"])
    np.testing.assert_allclose(found.estimate.T.ravel(), means.estimate, rtol=1e-11)
    np.testing.assert_allclose(found.se.T.ravel(), means.se, rtol=1e-8)
    assert found.df.tolist() == means.table["df"].to_list()[:8]
    index = estimate_index(raked, ITEMS, ["agency"])
    np.testing.assert_allclose(found.estimate.T.ravel(), index.estimate, rtol=1e-11)
    assert sum_up(coded, scores)()[0].sum() == pytest.approx(frame["w"].sum())


def test_the_replicates_of_the_benchmark_give_the_errors_by_name() -> None:
    people = draw_few()
    coded, scores = code_columns(people), score_items(people)
    frame = people.frame.with_columns(**dict(zip(SCORES, scores.T, strict=True)))
    design = describe_design(frame, units=["unit"], strata=["stratum"], weight="w")
    fixed = make_replicates(rake(design, people.totals), "RaoWu", count=40, seed=11)
    raked = rake(make_replicates(design, "RaoWu", count=40, seed=11), people.totals)
    for found, named in (
        (resample_fixed(coded, scores, 40), fixed),
        (resample_raked(coded, scores, 40), raked),
    ):
        means = estimate_means(named, SCORES, ["agency"])
        np.testing.assert_allclose(found.estimate.T.ravel(), means.estimate, rtol=1e-11)
        # A bootstrap is multiplied in single precision.
        np.testing.assert_allclose(found.se.T.ravel(), means.se, rtol=1e-5)


def test_the_makefile_names_every_part(request: pytest.FixtureRequest) -> None:
    makefile = (request.config.rootpath / "Makefile").read_text()
    assert f"ONLY={'|'.join(PARTS)}" in makefile
