"""The index of a period: closed forms, laws, and input that is legal but awkward."""

import numpy as np
import polars as pl
import pytest

from analysis.errors import DataError
from analysis.indices import INDEX, OVERALL, IndexRecipe, compute_index
from tests.analysis.index_cases import ONE, make_cells, make_rows, pick, run
from tests.analysis.populations import CELL, FACTORS, make_population, make_ratings


def test_a_single_cell_gives_the_plain_share_and_the_textbook_error() -> None:
    ratings = make_rows(
        {"agency": "x", "overall": 5, "count": 70}, {"agency": "x", "overall": 2, "count": 30}
    )
    figure = pick(run(ONE, ratings), "x", OVERALL)
    assert figure["estimate"] == pytest.approx(70)
    assert figure["unweighted"] == pytest.approx(70)
    expected = 100 * np.sqrt((1 - 100 / 400) * 0.7 * 0.3 / 99)
    assert figure["se"] == pytest.approx(expected, rel=1e-12)
    assert figure["n_eff"] == pytest.approx(99 / 0.75)
    assert figure["response_rate"] == pytest.approx(0.25)
    assert (figure["rank_low"], figure["rank_high"], figure["flag"]) == (1, 1, "")


def test_cells_count_by_their_dossiers() -> None:
    population = make_cells(("x", "f", "counter", True, 300), ("x", "f", "counter", False, 100))
    ratings = make_rows(
        {"agency": "x", "overall": 5, "count": 10},
        {"agency": "x", "on_time": False, "overall": 1, "count": 30},
    )
    figure = pick(run(population, ratings), "x", OVERALL)
    assert figure["estimate"] == pytest.approx(75)
    assert figure["unweighted"] == pytest.approx(25)


def test_the_tap_has_no_part_in_the_index() -> None:
    ratings = make_rows(
        {"agency": "x", "overall": 1, "a": 5, "b": 4, "count": 20},
        {"agency": "x", "overall": 5, "a": None, "b": None, "count": 60},
    )
    result = run(ONE, ratings)
    assert pick(result, "x", INDEX)["estimate"] == pytest.approx(100)
    assert pick(result, "x", INDEX)["n_asked"] == 20
    assert pick(result, "x", OVERALL)["estimate"] == pytest.approx(75)
    assert pick(result, "x", OVERALL)["n_asked"] == 80


def test_aggregations_differ_when_items_are_answered_unevenly() -> None:
    ratings = make_rows(
        {"agency": "x", "a": 5, "b": None, "count": 30},
        {"agency": "x", "a": 5, "b": 1, "count": 10},
    )
    pooled = pick(run(ONE, ratings), "x", INDEX)["estimate"]
    by_items = pick(run(ONE, ratings, aggregation="mean_of_items"), "x", INDEX)["estimate"]
    assert pooled == pytest.approx(100 * 40 / 50)
    assert by_items == pytest.approx(50)


def test_a_factor_may_pool_several_items() -> None:
    ratings = make_rows(
        {"agency": "x", "a": 5, "b": None, "count": 30}, {"agency": "x", "count": 10}
    )
    recipe = IndexRecipe(aggregation="mean_of_factors")
    result = compute_index(ONE, ratings, recipe, factors={"all": ("a", "b")})
    assert pick(result, "x", "factor_all")["estimate"] == pytest.approx(100 * 40 / 50)
    assert pick(result, "x", INDEX)["estimate"] == pytest.approx(100 * 40 / 50)


def test_item_response_counts_the_answers_to_one_factor() -> None:
    ratings = make_rows({"agency": "x", "b": None, "count": 30}, {"agency": "x", "count": 10})
    figure = pick(run(ONE, ratings), "x", "factor_b")
    assert (figure["n"], figure["n_asked"], figure["item_response"]) == (10, 40, 0.25)


def test_the_interval_has_width_when_everybody_is_satisfied() -> None:
    figure = pick(run(ONE, make_rows({"agency": "x", "count": 40})), "x", OVERALL)
    assert figure["estimate"] == 100
    assert 85 < figure["lower"] < 95
    assert figure["upper"] == 100


def test_the_interval_has_width_when_every_dossier_is_rated() -> None:
    ratings = make_rows(
        {"agency": "x", "overall": 5, "count": 200}, {"agency": "x", "overall": 1, "count": 200}
    )
    figure = pick(run(ONE, ratings), "x", OVERALL)
    assert figure["se"] == 0
    assert figure["n_eff"] == 400
    assert figure["lower"] < 50 < figure["upper"]


def test_a_small_agency_is_flagged_and_not_ranked() -> None:
    population = make_cells(("x", "f", "counter", True, 400), ("y", "f", "counter", True, 300))
    ratings = make_rows({"agency": "x", "count": 30}, {"agency": "y", "count": 9})
    result = run(population, ratings)
    small = pick(result, "y", OVERALL)
    assert (small["flag"], small["rank_low"], small["n"]) == ("below_minimum", None, 9)
    assert pick(result, "x", OVERALL)["rank_high"] == 1
    into = result.collapses.filter(pl.col("step") == "agency")
    assert into.select("what", "into", "reason").unique().rows() == [("y", "rest", "few_ratings")]


def test_an_agency_without_ratings_leaves_the_others_as_they_are() -> None:
    silent = make_cells(("x", "f", "counter", True, 400), ("y", "f", "counter", True, 900))
    ratings = make_rows(
        {"agency": "x", "overall": 5, "count": 70}, {"agency": "x", "overall": 2, "count": 30}
    )
    alone, beside = run(ONE, ratings), run(silent, ratings)
    assert pick(beside, "x", OVERALL)["se"] == pytest.approx(pick(alone, "x", OVERALL)["se"])
    assert pick(beside, "y", OVERALL)["flag"] == "no_ratings"
    assert pick(beside, "y", OVERALL)["estimate"] is None
    assert pick(beside, None, OVERALL)["dossiers"] == 1300
    assert "province" in beside.collapses["into"].to_list()
    assert beside.reports["weight_mean"][0] == pytest.approx(13)


def test_ratings_without_dossiers_are_refused_by_name() -> None:
    with pytest.raises(DataError, match="ghost"):
        run(ONE, make_rows({"agency": "ghost"}))


def test_a_missing_column_is_named() -> None:
    with pytest.raises(DataError, match="on_time"):
        run(ONE.drop("on_time"), make_rows({"agency": "x"}))


def test_more_ratings_than_dossiers_raise_a_flag() -> None:
    few = make_cells(("x", "f", "counter", True, 20))
    result = run(
        few, make_rows({"agency": "x", "overall": 2, "count": 15}, {"agency": "x", "count": 15})
    )
    figure = pick(result, "x", OVERALL)
    assert figure["flag"] == "more_ratings_than_dossiers"
    assert figure["n_eff"] == 20


def test_hidden_cells_stand_in_the_collapsed_cell_of_their_agency() -> None:
    population = make_cells(
        ("x", "f", "counter", True, 300),
        ("x", "f", "online", True, 60),
        ("x", "g", "post", None, 40),
    )
    ratings = make_rows(
        {"agency": "x", "overall": 2, "count": 20},
        {"agency": "x", "field": None, "channel": None, "on_time": None, "count": 6},
        {"agency": "x", "channel": None, "on_time": None, "count": 6},
    )
    result = run(population, ratings)
    margins = result.margins.filter(pl.col("weight_set") == "overall")
    assert margins.filter(pl.col("margin") == "agency_field")["dossiers"].sum() == 400
    assert ((margins["after"] - margins["dossiers"]).abs() < 1e-6).all()
    assert "unknown_cell" in result.collapses["reason"].to_list()
    # The hidden ratings stand for the cells without known ones: 60 online and 40 of field "g".
    assert pick(result, "x", OVERALL)["estimate"] == pytest.approx(25)


def test_a_margin_that_no_weights_meet_gives_way_and_is_listed() -> None:
    population = make_cells(
        ("x", "f", "counter", True, 100),
        ("x", "f", "online", True, 100),
        ("y", "f", "counter", True, 300),
    )
    ratings = make_rows(
        {"agency": "x", "channel": "online", "count": 20}, {"agency": "y", "count": 20}
    )
    result = run(population, ratings)
    assert "margin_not_met" in result.collapses["reason"].to_list()
    assert (result.reports["margin_error"] < 1e-9).all()


def test_raking_meets_every_margin() -> None:
    rng = np.random.default_rng(5)
    population = make_population(20, rng)
    result = compute_index(
        population, make_ratings(population, 4000, rng), IndexRecipe(), factors=FACTORS
    )
    gap = (result.margins["after"] / result.margins["dossiers"] - 1).abs()
    assert (gap < 1e-8).all()
    total = result.margins.group_by("weight_set", "margin").agg(pl.col("after").sum())
    assert total["after"].to_list() == pytest.approx([population["dossiers"].sum()] * len(total))


def test_nan_is_no_answer() -> None:
    ratings = make_rows({"agency": "x", "a": None, "count": 20}, {"agency": "x", "count": 20})
    floats = ratings.with_columns(a=pl.col("a").cast(pl.Float64).fill_null(float("nan")))
    assert run(ONE, floats).figures.equals(run(ONE, ratings).figures)


def test_rows_in_any_order_give_the_same_bytes() -> None:
    rng = np.random.default_rng(6)
    population = make_population(15, rng)
    ratings = make_ratings(population, 2000, rng)
    first = compute_index(population, ratings, IndexRecipe(), factors=FACTORS)
    shuffled = compute_index(
        population.sample(fraction=1, shuffle=True, seed=1),
        ratings.sample(fraction=1, shuffle=True, seed=2),
        IndexRecipe(),
        factors=FACTORS,
    )
    for name in ("figures", "collapses", "reports", "margins"):
        assert getattr(first, name).write_csv() == getattr(shuffled, name).write_csv()


def test_counted_rows_equal_repeated_rows() -> None:
    rng = np.random.default_rng(8)
    population = make_population(6, rng)
    ratings = make_ratings(population, 300, rng)
    doubled = compute_index(
        population, pl.concat([ratings, ratings]), IndexRecipe(), factors=FACTORS
    )
    counted = compute_index(
        population, ratings.with_columns(count=2), IndexRecipe(), factors=FACTORS
    )
    assert doubled.figures.equals(counted.figures)


def test_cells_of_the_population_may_come_in_parts() -> None:
    halves = pl.concat(
        [ONE.with_columns(dossiers=pl.lit(150)), ONE.with_columns(dossiers=pl.lit(250))]
    )
    ratings = make_rows({"agency": "x", "count": 40})
    assert run(halves, ratings).figures.equals(run(ONE, ratings).figures)
    assert CELL == ["agency", "field", "channel", "on_time"]
