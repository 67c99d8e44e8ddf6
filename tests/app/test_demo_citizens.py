"""Simulated citizens: their number, their answers, and what weighting can mend."""

from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from app.demo.citizens import (
    REASONS,
    Citizens,
    Given,
    compare_means,
    list_given,
    simulate_quarter,
)
from app.demo.opinions import FACTORS
from app.demo.register import read_returned, write_files
from app.demo.sentences import DISSATISFIED, LATE, NEUTRAL, SATISFIED
from surveys.questionnaires.answers import check_answers
from surveys.questionnaires.compilation import compile_form

FORM = Path("surveys/forms/counter.xlsx")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_files(tmp_path_factory.mktemp("demo"))[0][1].parent


@pytest.fixture(scope="module")
def citizens(folder: Path) -> Citizens:
    return simulate_quarter(folder, "2021-Q1")


@pytest.fixture(scope="module")
def given(citizens: Citizens) -> list[Given]:
    return list(list_given(citizens.ratings))


def test_about_three_in_ten_dossiers_are_rated(citizens: Citizens, folder: Path) -> None:
    assert 30_000 <= citizens.ratings.height <= 35_000
    assert 7_000 <= simulate_quarter(folder, "2025-Q3").ratings.height <= 9_000


def test_the_truth_is_kept_of_everybody(citizens: Citizens) -> None:
    assert citizens.opinions.height == 113_375
    assert citizens.opinions.select("overall", *FACTORS).null_count().sum_horizontal().item() == 0
    linked = citizens.ratings["dossier_code"].drop_nulls()
    assert linked.is_unique().all()
    assert linked.len() == citizens.opinions["answered"].sum()


def test_what_is_said_is_what_is_thought(citizens: Citizens) -> None:
    both = citizens.ratings.drop_nulls("dossier_code").join(
        citizens.opinions, on="dossier_code", suffix="_true"
    )
    for name in ("overall", *FACTORS):
        said = both.drop_nulls(name)
        assert (said[name] == said[f"{name}_true"]).all()


def test_the_same_seed_gives_the_same_citizens(citizens: Citizens, folder: Path) -> None:
    again = simulate_quarter(folder, "2021-Q1")
    assert again.ratings.equals(citizens.ratings)
    assert not simulate_quarter(folder, "2021-Q1", seed=3).ratings.equals(citizens.ratings)


def test_mode_and_counter_fit_the_channel(citizens: Citizens, folder: Path) -> None:
    dossiers = read_returned(folder, "2021-Q1").select(
        pl.col("code").alias("dossier_code"), "channel", "agency_code"
    )
    rows = citizens.ratings.join(dossiers, on="dossier_code")
    at_counter = rows["channel"] == "counter"
    assert ((rows["mode"] == "kiosk") == at_counter).all()
    assert (rows["counter_code"].is_not_null() == at_counter).all()
    kiosk = rows.filter(at_counter)
    own = kiosk.select(pl.col("counter_code").str.starts_with(pl.format("{}-Q", "agency_code")))
    assert own.to_series().all()


def test_every_rating_passes_the_counter_questionnaire(given: list[Given]) -> None:
    questionnaire = compile_form(FORM.read_bytes()).questionnaire
    for rating in given[::10]:
        check_answers(questionnaire, rating.answers)


def test_every_reason_of_the_form_is_given_and_no_other(given: list[Given]) -> None:
    named = Counter(
        reason
        for rating in given
        for reason in rating.answers.get("reasons", [])  # type: ignore[union-attr]
    )
    questionnaire = compile_form(FORM.read_bytes()).questionnaire
    [question] = [one for one in questionnaire.questions if one.name == "reasons"]
    assert set(named) == set(REASONS) == {choice.name for choice in question.choices}


def test_a_blank_factor_is_absent_and_a_factor_that_does_not_apply_is_98(
    given: list[Given],
) -> None:
    answers = [rating.answers for rating in given]
    assert all("overall" in one for one in answers)
    assert not any(value is None for one in answers for value in one.values())
    assert any(set(one) == {"overall"} for one in answers)
    assert sum(one.get("feedback") == 98 for one in answers) > 3_000


def test_some_taps_belong_to_no_dossier(given: list[Given]) -> None:
    unlinked = [rating for rating in given if rating.dossier_code is None]
    assert 200 <= len(unlinked) <= 600
    assert all(rating.mode == "kiosk" and rating.counter for rating in unlinked)
    assert all(set(rating.answers) == {"overall"} for rating in unlinked)


def test_late_results_please_less_and_unhappy_people_write_more(
    citizens: Citizens, folder: Path
) -> None:
    late = read_returned(folder, "2021-Q1").select(pl.col("code").alias("dossier_code"), "on_time")
    satisfied = (
        citizens.opinions.join(late, on="dossier_code")
        .group_by("on_time")
        .agg((pl.col("overall") >= 4).mean())
    )
    shares = dict(satisfied.iter_rows())
    assert shares[True] - shares[False] > 0.3
    writing = citizens.ratings.group_by(pl.col("overall") <= 2).agg(
        pl.col("reflection").is_not_null().mean()
    )
    wrote = dict(writing.iter_rows())
    assert wrote[True] > 4 * wrote[False]


def test_comments_are_short_and_many() -> None:
    every = (*SATISFIED, *NEUTRAL, *DISSATISFIED, *LATE)
    assert len(set(every)) == len(every) >= 60
    assert max(len(sentence) for sentence in every) < 100


def test_the_plain_mean_is_wrong_and_the_cells_know_better(
    citizens: Citizens, folder: Path
) -> None:
    cell = ["agency_code", "field_code", "channel", "on_time"]
    dossiers = read_returned(folder, "2021-Q1").select(
        "field_code", "channel", "on_time", dossier_code="code"
    )
    rows = citizens.opinions.join(dossiers, on="dossier_code").with_columns(
        satisfied=pl.col("overall") >= 4
    )
    cells = (
        rows.group_by(cell)
        .agg(dossiers=pl.len(), said=pl.col("satisfied").filter("answered").mean())
        .drop_nulls("said")
    )
    [weighted] = cells.select(
        100 * (pl.col("dossiers") * pl.col("said")).sum() / pl.col("dossiers").sum()
    ).row(0)
    truth = compare_means(citizens).row(0, named=True)
    assert truth["plain_overall"] - truth["true_overall"] > 2
    assert abs(weighted - truth["true_overall"]) < 0.5


def test_truth_and_plain_mean_stand_side_by_side_for_each_agency(citizens: Citizens) -> None:
    table = compare_means(citizens)
    assert table["agency_code"].null_count() == 1
    agencies = table.drop_nulls("agency_code")
    assert agencies["dossiers"].sum() == table["dossiers"][0] == 113_375
    assert agencies["ratings"].sum() == table["ratings"][0]
    assert 0 < (agencies["ratings"].fill_null(0) < 10).sum() < 30


def test_a_small_copy_has_citizens_too(tmp_path: Path) -> None:
    write_files(tmp_path, scale=0.02)
    small = simulate_quarter(tmp_path, "2021-Q1")
    assert small.opinions.height == round(113_375 * 0.02)
    assert 0.2 < small.opinions["answered"].mean() < 0.4  # type: ignore[operator]
