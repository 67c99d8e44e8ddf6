"""Input that is legal but awkward: figures that hang together, whatever comes."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.index_cases import make_cells, make_rows, run


@st.composite
def awkward_input(draw: st.DrawFn) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Few cells, wild counts, hidden keys, missing answers."""
    keys = st.tuples(
        st.sampled_from(["x", "y", "z"]),
        st.sampled_from(["f", "g"]),
        st.sampled_from(["counter", "online"]),
        st.sampled_from([True, False, None]),
    )
    cells = draw(st.lists(st.tuples(keys, st.integers(0, 60)), min_size=1, max_size=8))
    population = make_cells(*[(*key, dossiers) for key, dossiers in cells])
    alive = population.filter(pl.col("dossiers") > 0)["agency"].unique().sort().to_list()
    code = st.sampled_from([None, 1, 3, 4, 5])
    rows = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "agency": st.sampled_from(alive or ["x"]),
                    "field": st.sampled_from(["f", "g", None]),
                    "channel": st.sampled_from(["counter", "online", None]),
                    "on_time": st.sampled_from([True, False, None]),
                    "overall": code,
                    "a": code,
                    "b": code,
                    "count": st.integers(1, 12),
                }
            ),
            max_size=10 if alive else 0,
        )
    )
    return population, make_rows(*rows)


@settings(max_examples=80, deadline=None)
@given(awkward_input(), st.sampled_from(["pooled_answers", "mean_of_items", "mean_of_factors"]))
def test_whatever_is_legal_gives_figures_that_hang_together(
    tables: tuple[pl.DataFrame, pl.DataFrame], aggregation: str
) -> None:
    population, ratings = tables
    result = run(population, ratings, aggregation=aggregation)
    figures = result.figures
    rated = figures.filter(pl.col("n") > 0)
    assert (rated["lower"] <= rated["estimate"]).all()
    assert (rated["estimate"] <= rated["upper"]).all()
    assert (rated["upper"] - rated["lower"] > 0).all()
    assert (rated["lower"] >= 0).all()
    assert (rated["upper"] <= 100).all()
    assert (rated["n_eff"] <= rated["dossiers"]).all()
    assert rated.select("se", "n_eff", "df").null_count().sum_horizontal().item() == 0
    assert figures.filter(pl.col("n") == 0)["estimate"].null_count() == len(figures) - len(rated)
    ranked = figures.filter(pl.col("rank_low").is_not_null())
    assert (ranked["flag"] == "").all()
    assert (ranked["rank_low"] <= ranked["rank_high"]).all()
    reached = result.reports.filter(pl.col("n") > 0)
    assert (reached["margin_error"] < 1e-8).all()
    expected = population["dossiers"].sum()
    assert reached["weight_mean"].to_list() == pytest.approx([expected / n for n in reached["n"]])


@settings(max_examples=30, deadline=None)
@given(awkward_input(), st.randoms(use_true_random=False))
def test_no_order_of_rows_changes_a_digit(
    tables: tuple[pl.DataFrame, pl.DataFrame], random: object
) -> None:
    population, ratings = tables
    turned = run(population.reverse(), ratings.reverse())
    assert turned.figures.equals(run(population, ratings).figures)
