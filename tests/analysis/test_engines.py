"""One survey, four ways to its rows, the same figures."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.engines import DaskWorkers, InMemory, ParquetFiles
from analysis.errors import AnalysisError, DataError, DesignError
from analysis.estimates import (
    Estimates,
    Plan,
    estimate_means,
    estimate_plan,
    plan_index,
    plan_level_shares,
    plan_level_totals,
    plan_means,
    plan_ratios,
    plan_top_boxes,
    plan_totals,
)
from analysis.pieces import condense, estimate_in_pieces
from analysis.weighting import rake, report_weights, trim
from tests.analysis.piece_cases import (
    AGES,
    FACTORS,
    KEEP,
    UNITS,
    describe,
    describe_in_pieces,
    make_rows,
    write_files,
)

PLANS: dict[str, tuple[Plan, list[str]]] = {
    "index by agency": (plan_index(FACTORS), ["agency"]),
    "index of factors": (plan_index(FACTORS, aggregation="mean_of_factors"), ["agency", "year"]),
    "means": (plan_means(["visits", "c3"]), ["agency"]),
    "totals": (plan_totals(["fee"]), []),
    "ratios": (plan_ratios([("fee", "visits")]), ["year"]),
    "level shares": (plan_level_shares(["gender", "age"]), ["area"]),
    "level totals": (plan_level_totals(["age"]), ["agency"]),
    "top boxes": (plan_top_boxes(["a1"], interval="korn_graubard"), ["agency"]),
}


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    return make_rows(1, 9_000)


@pytest.fixture(scope="module")
def files(rows: pl.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_files(rows, tmp_path_factory.mktemp("rows"))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A scheduler and two workers, each a process, started as on a real cluster."""
    from distributed import Client

    file = tmp_path_factory.mktemp("cluster") / "scheduler.json"
    common = ["--scheduler-file", str(file), "--no-dashboard"]
    commands = [
        ["distributed.cli.dask_scheduler", "--port", "0", "--host", "127.0.0.1"],
        *[["distributed.cli.dask_worker", "--nthreads", "1", "--no-nanny"]] * 2,
    ]
    running = [
        subprocess.Popen(
            [sys.executable, "-m", *command, *common], stderr=subprocess.DEVNULL, cwd=Path.cwd()
        )
        for command in commands
    ]
    try:
        with Client(  # type: ignore[no-untyped-call]
            scheduler_file=str(file), timeout=30
        ) as found:
            found.wait_for_workers(2, timeout=30)
            yield found
    finally:
        for process in running:
            process.kill()
            process.wait()


def assert_same(found: Estimates, expected: Estimates) -> None:
    keys = [*expected.by, "component"]
    left, right = found.table.sort(keys), expected.table.sort(keys)
    assert left.select(keys).equals(right.select(keys))
    assert left.columns == right.columns
    assert left["flag"].equals(right["flag"])
    for name in ("estimate", "se", "df", "n", "missing", "weight", "lower", "upper", "cv"):
        a, b = left[name].cast(pl.Float64).to_numpy(), right[name].cast(pl.Float64).to_numpy()
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9, err_msg=name)
    places = [left.height - 1, 0]
    order = [
        found.table.with_row_index("row").sort(keys)["row"].to_list(),
        expected.table.with_row_index("row").sort(keys)["row"].to_list(),
    ]
    left_cover, right_cover = (
        one.covariance([own[place] for place in places])
        for one, own in zip((found, expected), order, strict=True)
    )
    np.testing.assert_allclose(left_cover, right_cover, rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("name", PLANS)
def test_pieces_in_memory_and_in_files_give_the_figures_of_all_rows_at_once(
    name: str, rows: pl.DataFrame, files: list[Path]
) -> None:
    plan, by = PLANS[name]
    expected = estimate_plan(describe(rows), plan, by, missing="available")
    for source in (InMemory(rows, rows=700), ParquetFiles(files, rows=1_000)):
        found = estimate_in_pieces(describe_in_pieces(source), plan, by, missing="available")
        assert_same(found, expected)


@pytest.mark.slow
def test_two_worker_processes_give_the_figures_of_all_rows_at_once(
    rows: pl.DataFrame, files: list[Path], client: Any
) -> None:
    survey = describe_in_pieces(DaskWorkers(client, files, rows=900))
    for name in ("index by agency", "level shares", "ratios"):
        plan, by = PLANS[name]
        found = estimate_in_pieces(survey, plan, by, missing="available")
        assert_same(found, estimate_plan(describe(rows), plan, by, missing="available"))
    assert len(client.scheduler_info()["workers"]) == 2
    with pytest.raises(DataError, match=r"a1 is missing in \d+ rows"):
        estimate_in_pieces(survey, plan_means(["a1"]))


@settings(max_examples=10, deadline=None)
@given(size=st.integers(1, 400), seed=st.integers(0, 2**32 - 1))
def test_it_does_not_matter_where_rows_are_cut(size: int, seed: int) -> None:
    rows = make_rows(3, 400)
    shuffled = rows.sample(fraction=1.0, shuffle=True, seed=seed)
    survey = condense(InMemory(shuffled, rows=size), units=["commune"], weight="w", keep=["age"])
    survey = survey.weigh(lambda design: rake(design, {"age": AGES}))
    plan = plan_index(FACTORS)
    found = estimate_in_pieces(survey, plan, ["agency"], missing="available")
    whole = InMemory(rows, rows=len(rows))
    survey = condense(whole, units=["commune"], weight="w", keep=["age"])
    survey = survey.weigh(lambda design: rake(design, {"age": AGES}))
    assert_same(found, estimate_in_pieces(survey, plan, ["agency"], missing="available"))


def test_the_log_of_weighting_counts_rows_not_bundles(rows: pl.DataFrame) -> None:
    pieces = describe_in_pieces(InMemory(rows, rows=700)).design.weights.steps
    whole = describe(rows).weights.steps
    for found, expected in zip(pieces, whole, strict=True):
        for key, value in expected.detail.items():
            if isinstance(value, float):
                assert found.detail[key] == pytest.approx(value, rel=1e-9, abs=1e-9), key


def test_without_weights_the_sampling_fractions_weigh(rows: pl.DataFrame) -> None:
    from analysis.design import describe_design

    stages = {"units": UNITS, "strata": ["stratum"], "populations": ["communes", "hamlets"]}
    survey = condense(InMemory(rows, rows=800), **stages, nest=True)  # type: ignore[arg-type]
    found = estimate_in_pieces(survey, plan_totals(["visits"]), ["year"])
    design = describe_design(rows, **stages, nest=True)  # type: ignore[arg-type]
    assert_same(found, estimate_plan(design, plan_totals(["visits"]), ["year"]))


def test_equal_answers_have_a_standard_error_of_exactly_zero(rows: pl.DataFrame) -> None:
    expected = estimate_plan(describe(rows), plan_means(["c3"]), ["agency"], missing="available")
    assert expected.se[expected.find("c3", agency="C")] == 0.0
    assert expected.se[expected.find("c3", agency="A")] > 0.01


def test_what_needs_single_rows_refuses_a_condensed_design(rows: pl.DataFrame) -> None:
    survey = condense(InMemory(rows), units=UNITS, strata=["stratum"], weight="w", nest=True)
    with pytest.raises(DesignError, match="trimming needs them one by one"):
        survey.weigh(lambda design: trim(design, upper=3))
    with pytest.raises(DesignError, match="this estimate needs them one by one"):
        estimate_means(survey.design, ["commune"])
    with pytest.raises(DesignError, match="a weight report needs them"):
        report_weights(survey.design)
    with pytest.raises(DataError, match="levels of age are not known; name it in keep="):
        estimate_in_pieces(survey, plan_level_shares(["age"]))
    with pytest.raises(DesignError, match="needs the units of its stages"):
        condense(InMemory(rows), units=[], weight="w")


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        ("none", "No Parquet file was named"),
        ("text", "cannot be read as Parquet"),
        ("empty", "hold no rows"),
        ("column", "has no column w"),
        ("weight", "w has 2 missing, infinite or negative values"),
    ],
)
def test_bad_files_are_told_by_name(problem: str, message: str, tmp_path: Path) -> None:
    rows = make_rows(2, 50)
    path = tmp_path / "rows.parquet"
    paths: list[Path] = [] if problem == "none" else [path]
    if problem == "text":
        path.write_text("age,sex\n1,2\n")
    elif problem == "empty":
        rows.clear().write_parquet(path)
    elif problem == "column":
        rows.drop("w").write_parquet(path)
    elif problem == "weight":
        bad = pl.when(pl.int_range(pl.len()) < 2).then(-1.0).otherwise(pl.col("w"))
        rows.with_columns(w=bad).write_parquet(path)
    with pytest.raises(AnalysisError, match=message):
        condense(ParquetFiles(paths), units=UNITS, weight="w", keep=KEEP, nest=True)


def test_a_folder_stands_for_its_files_and_text_may_be_categorical(tmp_path: Path) -> None:
    rows = make_rows(5, 600).with_columns(pl.col("agency", "age").cast(pl.Categorical))
    write_files(rows, tmp_path)
    plan = plan_top_boxes(["a1"])
    survey = condense(ParquetFiles([tmp_path], rows=60), units=["commune"], weight="w")
    found = estimate_in_pieces(survey, plan, ["agency"], missing="available")
    survey = condense(InMemory(make_rows(5, 600)), units=["commune"], weight="w")
    assert_same(found, estimate_in_pieces(survey, plan, ["agency"], missing="available"))
