"""Weighted quantiles and their Woodruff intervals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.errors import DataError
from analysis.estimates import estimate_quantiles, find_quantiles
from analysis.estimates.ordering import QUANTILE_RULES
from tests.analysis.samples import make_clusters, seeds

METHODS = {
    "hf1": "inverted_cdf", "hf2": "averaged_inverted_cdf", "hf4": "interpolated_inverted_cdf",
    "hf5": "hazen", "hf6": "weibull", "hf7": "linear", "hf8": "median_unbiased",
    "hf9": "normal_unbiased",
}  # fmt: skip


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(0, 50), min_size=2, max_size=30),
    st.sampled_from(sorted(METHODS)),
    st.integers(1, 99),
)
def test_equal_weights_give_the_rules_of_hyndman_and_fan(
    values: list[int], rule: str, percent: int
) -> None:
    ordered = np.sort(np.array(values, dtype=float))
    p = np.array([percent / 100])
    ours = find_quantiles(ordered, np.ones(len(ordered)), p, rule)  # type: ignore[arg-type]
    theirs = np.quantile(ordered, p, method=METHODS[rule])  # type: ignore[call-overload]
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(seeds, st.sampled_from(QUANTILE_RULES))
def test_quantiles_rise_with_their_probability(seed: int, rule: str) -> None:
    rng = np.random.default_rng(seed)
    values, weight = np.sort(rng.normal(size=40)), rng.uniform(0.2, 3, 40)
    found = find_quantiles(values, weight, np.linspace(0, 1, 21), rule)  # type: ignore[arg-type]
    assert (np.diff(found) >= -1e-12).all()


def test_a_probability_outside_its_range_has_no_quantile() -> None:
    found = find_quantiles(np.arange(3.0), np.ones(3), np.array([-0.1, 0.5, 1.1]))
    assert np.isnan(found[[0, 2]]).all()
    assert found[1] == 1


def test_no_values_have_no_quantile_and_no_rule_is_made_up() -> None:
    assert np.isnan(find_quantiles(np.zeros(0), np.zeros(0), np.array([0.5]))).all()
    with pytest.raises(DataError, match="Unknown rule"):
        find_quantiles(np.zeros(1), np.ones(1), np.array([0.5]), "hf3")  # type: ignore[arg-type]


@settings(max_examples=20, deadline=None)
@given(seeds, st.sampled_from(["t", "logit", "arcsine", "korn_graubard"]))
def test_the_interval_holds_the_quantile(seed: int, interval: str) -> None:
    table = estimate_quantiles(
        make_clusters(seed, rows=12),
        ["score", "fee"],
        [0.4, 0.5, 0.6],
        ["sex"],
        interval=interval,  # type: ignore[arg-type]
    ).table
    known = table.drop_nulls(["lower", "upper"])
    assert len(known) > 6
    assert (known["lower"] <= known["estimate"]).all()
    assert (known["estimate"] <= known["upper"]).all()


def test_by_domain_equals_the_domain_alone() -> None:
    design = make_clusters(2)
    table = estimate_quantiles(design, ["score"], [0.5], ["agency"]).table
    inside = (design.data["agency"] == "B").to_numpy()
    values, weight = design.data["score"].to_numpy()[inside], design.weights.final[inside]
    order = np.argsort(values)
    expected = find_quantiles(values[order], weight[order], np.array([0.5]))
    assert table["estimate"][1] == expected[0]


def test_probabilities_are_checked() -> None:
    with pytest.raises(DataError, match="between 0 and 1"):
        estimate_quantiles(make_clusters(1), ["score"], [50])
