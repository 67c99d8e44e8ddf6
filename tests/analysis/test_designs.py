"""Designs: nesting, population counts, lonely strata, subsets."""

import numpy as np
import polars as pl
import pytest

from analysis.design import collapse_strata, describe_design, narrow
from analysis.errors import DataError, DesignError
from analysis.estimates import estimate_means, estimate_totals
from tests.analysis.samples import describe_clusters, make_clusters, make_sample


def make_lonely(**options: object) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "stratum": ["a", "a", "a", "a", "b", "b", "c", "c", "c"],
            "unit": [1, 1, 2, 2, 3, 3, 4, 4, 5],
            "w": [1.0] * 9,
            "y": [1.0, 2, 3, 4, 5, 6, 7, 9, 8],
            **options,
        }
    )


def test_unit_labels_that_repeat_between_strata_need_nest() -> None:
    frame = pl.DataFrame({"s": ["a", "b"], "u": [1, 1], "w": [1.0, 1]})
    with pytest.raises(DesignError, match="nest=True"):
        describe_design(frame, units=["u"], strata=["s"], weight="w")
    design = describe_design(frame, units=["u"], strata=["s"], weight="w", nest=True)
    assert len(design.stages[0].cell) == 2


def test_population_counts_must_be_counts() -> None:
    frame = make_sample(1).with_columns(share=pl.lit(0.2))
    with pytest.raises(DesignError, match="it must be one count, no fraction"):
        describe_clusters(frame, populations=["share"])


def test_a_count_that_varies_within_a_stratum_is_refused_by_name() -> None:
    frame = make_sample(1)
    frame = frame.with_columns(N_unit=pl.when(pl.col("person") == 0).then(50).otherwise("N_unit"))
    with pytest.raises(DesignError, match="N_unit in S00"):
        describe_clusters(frame, populations=["N_unit"])


def test_missing_strata_are_counted() -> None:
    frame = make_sample(1).with_columns(
        stratum=pl.when(pl.col("person") < 3).then(None).otherwise("stratum")
    )
    with pytest.raises(DesignError, match="stratum is missing in 3 rows"):
        describe_clusters(frame)


def test_more_strata_than_stages_are_refused() -> None:
    with pytest.raises(DesignError, match="name the units of every stage"):
        describe_design(make_sample(1), units=["unit"], strata=["stratum", "agency"])


def test_weights_follow_from_counts_when_none_are_given() -> None:
    frame = make_sample(1)
    design = describe_design(
        frame, units=["unit"], strata=["stratum"], populations=["N_unit"], nest=True
    )
    np.testing.assert_allclose(design.weights.base, frame["N_unit"].to_numpy() / 3)


def test_negative_weights_are_refused() -> None:
    with pytest.raises(DesignError, match="w has missing, infinite or negative"):
        describe_clusters(make_sample(1).with_columns(w=-pl.col("w")))


def test_unequal_probabilities_are_said_to_be_with_replacement() -> None:
    design = describe_clusters(make_sample(1), unequal=True)
    assert design.notes == ("First stage treated as drawn with replacement.",)
    with pytest.raises(DesignError, match="leave the population counts out"):
        describe_clusters(make_sample(1), unequal=True, populations=["N_unit"])


def test_a_lonely_stratum_fails_by_name_with_a_partner() -> None:
    design = describe_design(make_lonely(), units=["unit"], strata=["stratum"], weight="w")
    with pytest.raises(DesignError, match=r"1 strata have one unit: b \(merge with a\)"):
        estimate_means(design, ["y"])


def test_an_unknown_lonely_rule_is_refused() -> None:
    with pytest.raises(DesignError, match="Unknown lonely rule"):
        describe_clusters(make_sample(1), lonely="ignore")


def test_collapse_joins_a_lonely_stratum_with_its_neighbour() -> None:
    frame = make_lonely(merged=["ab"] * 6 + ["c"] * 3)
    collapsed = describe_design(
        frame, units=["unit"], strata=["stratum"], weight="w", lonely="collapse"
    )
    by_hand = describe_design(frame, units=["unit"], strata=["merged"], weight="w")
    assert collapsed.notes == ("Strata a + b were merged.",)
    assert estimate_means(collapsed, ["y"]).se == pytest.approx(estimate_means(by_hand, ["y"]).se)


def test_collapse_keeps_lower_stages_under_their_units() -> None:
    frame = make_lonely(
        person=list(range(9)),
        N=[9] * 4 + [4] * 2 + [8] * 3,
        M=[5] * 9,
        merged=["b"] * 6 + ["c"] * 3,
    ).with_columns(stratum=pl.Series(["z", "z", "a", "a", "b", "b", "c", "c", "c"]))
    design = describe_design(
        frame,
        units=["unit", "person"],
        strata=["stratum"],
        populations=["N", "M"],
        weight="w",
        lonely="remove",
    )
    collapsed = collapse_strata(design)
    first, second = collapsed.stages
    np.testing.assert_array_equal(first.unit, second.parent[second.cell[second.unit]])
    assert (first.cell[:-1] <= first.cell[1:]).all()


def test_a_certainty_stratum_is_not_lonely() -> None:
    frame = make_lonely(N=[4] * 4 + [1] * 2 + [6] * 3)
    design = describe_design(
        frame, units=["unit"], strata=["stratum"], weight="w", populations=["N"]
    )
    assert estimate_totals(design, ["y"]).se > 0


def test_a_subset_counts_the_units_it_lost() -> None:
    design = make_clusters(3)
    inside = (design.data["agency"] == "A").to_numpy()
    subset = estimate_means(narrow(design, inside), ["score"])
    domain = estimate_means(design, ["score"], ["agency"])
    assert subset.estimate[0] == pytest.approx(domain.estimate[0], rel=1e-13)
    assert subset.se[0] == pytest.approx(domain.se[0], rel=1e-12)


def test_an_empty_subset_is_refused() -> None:
    design = make_clusters(3)
    with pytest.raises(DataError, match="No row is left"):
        narrow(design, np.zeros(len(design.data), dtype=bool))


def test_degrees_of_freedom_are_units_less_strata() -> None:
    assert make_clusters(3).df == 8
