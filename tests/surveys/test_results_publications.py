"""Runs as records: stored, published, corrected, withdrawn, and what the public reads."""

from dataclasses import asdict

import asyncpg
import msgspec
import polars as pl
import pytest

from analysis.indices import IndexRecipe, compute_index
from surveys.results import (
    NoticeError,
    RunStateError,
    UnknownAgenciesError,
    UnknownResultError,
    UnknownRunError,
    correct_run,
    get_chart,
    get_run,
    list_runs,
    preview,
    public_periods,
    public_results,
    publish_run,
    store_chart,
    store_run,
    withdraw_run,
)
from surveys.transactions import fetch
from tests.surveys.results_town import CUTOFF, FORM, RECIPE, figures_of, make_town, store

COUNTS = {
    "A": {"overall": 30},
    "B": {"overall": 25},
    "C": {"overall": 9},
    "D": {"overall": 40},
}


async def stored_bytes() -> list[bytes]:
    rows = await fetch("SELECT document FROM index_run ORDER BY created_at")
    return [bytes(row["document"]) for row in rows]


async def test_the_same_input_in_any_order_is_stored_as_the_same_bytes(database: str) -> None:
    await make_town(*COUNTS)
    collapses = [{"step": "field", "ratings": 3}, {"step": "agency", "ratings": 1}]
    await store(COUNTS, collapses=collapses)
    backwards = dict(reversed(COUNTS.items()))
    await store(backwards, collapses=collapses[::-1], recipe=dict(reversed(RECIPE.items())))
    first, second = await stored_bytes()
    assert first == second


async def test_a_run_keeps_ten_digits_and_no_trace_of_a_nan(database: str) -> None:
    await make_town("A")
    rows = figures_of("A", {"overall": 30})
    rows[0] |= {"estimate": 83.12345678901234, "deff": float("nan")}
    run = await store({}, figures=rows)
    found = (await get_run(run))["document"]["figures"]
    overall = next(row for row in found if row["measure"] == "overall_rating")
    assert overall["estimate"] == 83.12345679
    assert overall["deff"] is None


async def test_figures_of_an_agency_outside_the_register_are_refused(database: str) -> None:
    await make_town("A")
    with pytest.raises(UnknownAgenciesError, match="Z"):
        await store({"A": {"overall": 30}, "Z": {"overall": 30}})


async def test_a_published_run_shows_no_cell_under_the_minimum(database: str) -> None:
    await make_town(*COUNTS)
    run = await store(COUNTS)
    await publish_run(run)
    result = await public_results("2021-q1")
    rows = {row["code"]: row for row in result["agencies"]}
    assert [code for code in rows if rows[code]["hidden"]] == ["B", "C"]
    assert rows["C"]["dossiers"] is rows["C"]["response_rate"] is None
    assert set(rows["C"]["measures"].values()) == {None}
    assert rows["A"]["measures"]["overall_rating"]["n"] == 30
    assert result["run"] == str(run)
    assert result["questionnaire"] == FORM


async def test_what_is_published_is_frozen(database: str) -> None:
    await make_town(*COUNTS)
    run = await store(COUNTS)
    await publish_run(run)
    with pytest.raises(asyncpg.RestrictViolationError):
        await fetch("UPDATE index_run SET public_document = NULL WHERE id = $1", run)
    with pytest.raises(RunStateError):
        await publish_run(run)


async def test_a_second_publication_corrects_the_first(database: str) -> None:
    await make_town(*COUNTS)
    first, second = await store(COUNTS), await store(COUNTS)
    await publish_run(first)
    await publish_run(second)
    states = {row["id"]: row["state"] for row in await list_runs()}
    assert states == {first: "corrected", second: "published"}
    assert (await get_run(second))["supersedes"] == first
    notice = (await public_results("2021-Q1"))["notices"][0]
    assert notice["kind"] == "corrected"
    assert notice["text"]


async def test_a_correction_tells_why_on_the_public_page(database: str) -> None:
    await make_town(*COUNTS)
    first, second = await store(COUNTS), await store(COUNTS)
    await publish_run(first)
    await correct_run(first, second, " Bỏ 12 lượt bị trùng. ")
    result = await public_results("2021-Q1")
    assert result["run"] == str(second)
    assert [each["text"] for each in result["notices"]] == ["Bỏ 12 lượt bị trùng."]


async def test_a_correction_of_another_period_is_refused_and_changes_nothing(database: str) -> None:
    await make_town(*COUNTS)
    first, second = await store(COUNTS), await store(COUNTS, "2021-Q2")
    await publish_run(first)
    with pytest.raises(RunStateError):
        await correct_run(first, second, "Nhầm kỳ.")
    assert (await get_run(first))["state"] == "published"
    assert (await get_run(second))["state"] == "draft"


async def test_a_withdrawn_result_keeps_its_notice_and_no_figure(database: str) -> None:
    await make_town(*COUNTS)
    run = await store(COUNTS)
    await publish_run(run)
    await store_chart(run, "agencies", b"<svg/>")
    await withdraw_run(run, "Đang kiểm tra dữ liệu nguồn.")
    result = await public_results("2021-Q1")
    assert result["withdrawn"]
    assert result["agencies"] == result["charts"] == []
    assert result["notices"][0]["text"] == "Đang kiểm tra dữ liệu nguồn."
    with pytest.raises(UnknownResultError):
        await get_chart(run, "agencies")


async def test_a_run_after_a_withdrawal_takes_its_place(database: str) -> None:
    await make_town(*COUNTS)
    first, second = await store(COUNTS), await store(COUNTS)
    await publish_run(first)
    await withdraw_run(first, "Sai kỳ.")
    await publish_run(second)
    result = await public_results("2021-Q1")
    assert not result["withdrawn"]
    assert [notice["kind"] for notice in result["notices"]] == ["withdrawn"]
    assert (await get_run(second))["supersedes"] == first


@pytest.mark.parametrize("text", ["", " \n", "x" * 4001])
async def test_a_withdrawal_needs_a_reason_of_some_length(database: str, text: str) -> None:
    await make_town(*COUNTS)
    run = await store(COUNTS)
    await publish_run(run)
    with pytest.raises(NoticeError):
        await withdraw_run(run, text)
    assert (await get_run(run))["state"] == "published"


async def test_a_draft_can_not_be_withdrawn(database: str) -> None:
    await make_town(*COUNTS)
    with pytest.raises(RunStateError):
        await withdraw_run(await store(COUNTS), "Thử.")


@pytest.mark.parametrize("run", ["nonsense", "5a216146-6ee8-48f7-85b8-ee1acc6b973d"])
async def test_an_unknown_run_is_not_found(database: str, run: str) -> None:
    for act in (get_run(run), publish_run(run), withdraw_run(run, "x"), store_chart(run, "a", b"")):
        with pytest.raises(UnknownRunError):
            await act


@pytest.mark.parametrize("period", ["2021-Q1", "2021-Q9", "xyz"])
async def test_a_period_without_results_is_not_found(database: str, period: str) -> None:
    with pytest.raises(UnknownResultError):
        await public_results(period)


async def test_public_periods_come_newest_first_without_drafts(database: str) -> None:
    await make_town(*COUNTS)
    for period in ("2021-Q1", "2021-Q3", "2020"):
        await publish_run(await store(COUNTS, period))
    await store(COUNTS, "2021-Q4")
    found = await public_periods()
    assert [row["period"] for row in found] == ["2021-Q3", "2021-Q1", "2020"]
    assert found[0]["state"] == "published"


async def test_a_chart_is_served_once_its_run_is_public_and_stays_as_drawn(database: str) -> None:
    await make_town(*COUNTS)
    run = await store(COUNTS)
    await store_chart(run, "agencies", b"<svg>1</svg>")
    await store_chart(run, "agencies", b"<svg>2</svg>")
    with pytest.raises(UnknownResultError):
        await get_chart(run, "agencies")
    await publish_run(run)
    assert await get_chart(str(run), "agencies") == b"<svg>1</svg>"
    assert (await public_results("2021-Q1"))["charts"] == ["agencies"]


async def test_a_run_shows_the_office_everything(database: str) -> None:
    await make_town(*COUNTS)
    run = await store(COUNTS, reports=[{"weight_set": "overall", "n": 104}])
    found = await get_run(run)
    assert found["document"]["reports"] == [{"weight_set": "overall", "n": 104}]
    assert {row["n"] for row in found["document"]["figures"]} >= {9, 25}
    assert found["public_document"] is None


async def test_a_preview_is_what_publishing_then_prints(database: str) -> None:
    await make_town(*COUNTS)
    await publish_run(await store(COUNTS))
    run = await store(COUNTS)
    before = await preview(run)
    await publish_run(run)
    assert before == await preview(run) == (await get_run(run))["public_document"]


async def test_the_public_document_is_canonical_json(database: str) -> None:
    await make_town(*COUNTS)
    run = await store(COUNTS)
    await publish_run(run)
    raw = (await fetch("SELECT public_document FROM index_run"))[0]["public_document"]
    assert msgspec.json.encode(msgspec.json.decode(raw), order="sorted") == bytes(raw)
    assert (await get_run(run))["public_document"]["version"] == 1


async def test_an_index_result_is_stored_and_published_as_it_comes(database: str) -> None:
    await make_town("A", "B", "C")
    cells = {"field": "Đất đai", "channel": "counter", "on_time": True}
    population = pl.DataFrame([{"agency": a, **cells, "dossiers": 200} for a in "ABC"])
    ratings = pl.DataFrame(
        [
            {"agency": agency, **cells, "overall": 1 + n % 5, "access": 5 - n % 4, "count": 2}
            for agency, many in (("A", 20), ("B", 15), ("C", 3))
            for n in range(many)
        ]
    )
    result = compute_index(population, ratings, IndexRecipe(), factors=["access"])
    frames = {name: getattr(result, name) for name in ("collapses", "reports", "margins")}
    run = await store_run(
        "2021-Q1",
        FORM,
        recipe=asdict(IndexRecipe()),
        figures=result.figures.to_dicts(),
        input_hash="0" * 64,
        code_version="1",
        cutoff=CUTOFF,
        **{name: frame.to_dicts() for name, frame in frames.items()},
    )
    await publish_run(run)
    public = (await get_run(run))["public_document"]
    assert [row["hidden"] for row in public["agencies"]] == [False, True, True]
    shown = public["agencies"][0]["measures"]["overall_rating"]
    assert shown["n"] == 40
    assert shown["lower"] < shown["estimate"] < shown["upper"]
