"""The analyst's pages: compute, look, decide."""

from pathlib import Path
from uuid import UUID, uuid4

import httpx
import pytest

from app.jobs import run_one
from app.settings import Settings
from surveys import decisions, jobs, results
from surveys.accounts import Role, list_audit
from tests.app.people import get, make_person, post, sign_in
from tests.surveys.results_town import make_town, store

COUNTS = {f"A{number}": {"overall": 30 + number} for number in range(5)} | {"SMALL": {"overall": 4}}
REPORT = {
    "weight_set": "overall",
    "n": 150,
    "dossiers": 900,
    "weight_min": 1.5,
    "weight_max": 12.25,
    "weight_mean": 6.0,
    "n_eff": 120.4,
    "deff": 1.246,
    "margin_error": 1e-10,
    "sweeps": 9,
}
COLLAPSE = {
    "weight_set": "overall",
    "agency": "SMALL",
    "step": "agency",
    "what": "SMALL",
    "into": "rest",
    "ratings": 4,
    "dossiers": 32,
    "reason": "few_ratings",
}


@pytest.fixture
async def analyst(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """An analyst who is signed in, in a town with six agencies."""
    await make_person(Role.ANALYST)
    await make_town(*COUNTS)
    await sign_in(client, "analyst")
    return client


async def state_of(run: UUID) -> str:
    return str((await results.get_run(run))["state"])


async def work(tmp_path: Path) -> None:
    """Do everything that was asked for."""
    while await run_one(Settings(var=tmp_path), "test"):
        pass


async def publish(client: httpx.AsyncClient, run: UUID, tmp_path: Path, text: str = "") -> None:
    answer = await post(client, f"/office/runs/{run}/publish", text=text)
    assert answer.status_code == 303, answer.text
    await work(tmp_path)
    assert await state_of(run) == "published"


async def actions() -> list[str]:
    return [entry.action for entry in (await list_audit())[0]]


async def test_asking_for_a_run_gives_the_worker_one_job(analyst: httpx.AsyncClient) -> None:
    answer = await post(analyst, "/office/runs", period=" 2021-q1 ")
    assert answer.headers["location"] == "/office/runs?done=requested"
    (job,) = await jobs.recent_jobs("run_index")
    assert job["payload"] == {"period": "2021-Q1", "questionnaire": "counter"}
    page = await get(analyst, "/office/runs")
    assert "Quý I năm 2021" in page.text
    assert "Đang chờ đến lượt" in page.text
    again = await post(analyst, "/office/runs", period="2021-Q1")
    assert again.status_code == 409
    assert len(await jobs.recent_jobs("run_index")) == 1
    assert "run_requested" in await actions()


@pytest.mark.parametrize("period", ["", "2021-Q5", "quý 1", "2021-13", "x" * 500])
async def test_a_period_that_is_none_is_refused_beside_its_field(
    analyst: httpx.AsyncClient, period: str
) -> None:
    answer = await post(analyst, "/office/runs", period=period)
    assert answer.status_code == 422
    assert 'href="#period"' in answer.text
    assert await jobs.recent_jobs("run_index") == []


async def test_a_run_that_cannot_be_computed_says_why(
    analyst: httpx.AsyncClient, form: int, tmp_path: Path
) -> None:
    await post(analyst, "/office/runs", period="1999-Q1")
    await work(tmp_path)
    page = await get(analyst, "/office/runs")
    assert "Không tính được" in page.text
    assert "Chưa có hồ sơ nào" in page.text


async def test_the_analyst_sees_a_run_before_anything_is_hidden(
    analyst: httpx.AsyncClient,
) -> None:
    run = await store(COUNTS, reports=[REPORT], collapses=[COLLAPSE])
    assert str(run) in (await get(analyst, "/office/runs")).text
    page = (await get(analyst, f"/office/runs/{run}")).text
    for seen in ("dưới ngưỡng", "1,50 – 12,25", "120,4", "1,25", "Gộp cả cơ quan", "Bản nháp"):
        assert seen in page
    document = await get(analyst, f"/office/runs/{run}/document")
    assert document.json()["agencies"][-1]["code"] == "SMALL"
    assert "attachment" in document.headers["content-disposition"]


async def test_agencies_of_a_run_are_found_without_marks(analyst: httpx.AsyncClient) -> None:
    await make_town("DD", name="Phường Đông Đa")
    run = await store(COUNTS | {"DD": {"overall": 22}})
    page = (await get(analyst, f"/office/runs/{run}?find=dong+da")).text
    assert "Phường Đông Đa" in page
    assert "Sở Tư pháp" not in page
    for odd in ("find=%00", "page=0", "page=9999", "page=x", "find=zzz"):
        assert (await get(analyst, f"/office/runs/{run}?{odd}")).status_code == 200


async def test_a_run_without_ratings_can_be_looked_at(analyst: httpx.AsyncClient) -> None:
    run = await store({"A0": {"overall": 0}})
    assert (await get(analyst, f"/office/runs/{run}")).status_code == 200


async def test_an_unknown_run_is_not_found(analyst: httpx.AsyncClient) -> None:
    for tail in ("", "/document"):
        assert (await get(analyst, f"/office/runs/{uuid4()}{tail}")).status_code == 404
    for tail in ("/publish", "/withdraw"):
        answer = await post(analyst, f"/office/runs/{uuid4()}{tail}", text="x")
        assert answer.status_code == 404


async def test_a_draft_is_published_by_the_worker(
    analyst: httpx.AsyncClient, tmp_path: Path
) -> None:
    run = await store(COUNTS)
    answer = await post(analyst, f"/office/runs/{run}/publish")
    assert answer.headers["location"] == f"/office/runs/{run}?done=publishing"
    assert "Đang công bố" in (await get(analyst, f"/office/runs/{run}")).text
    assert (await post(analyst, f"/office/runs/{run}/publish")).status_code == 409
    await work(tmp_path)
    assert await state_of(run) == "published"
    assert "Rút kết quả" in (await get(analyst, f"/office/runs/{run}")).text
    assert (await post(analyst, f"/office/runs/{run}/publish")).status_code == 409
    assert (await actions())[0] == "run_publication_requested"


async def test_a_correction_needs_a_public_reason(
    analyst: httpx.AsyncClient, tmp_path: Path
) -> None:
    old = await store(COUNTS)
    await publish(analyst, old, tmp_path)
    new = await store(COUNTS)
    assert "bản đính chính" in (await get(analyst, f"/office/runs/{new}")).text
    refused = await post(analyst, f"/office/runs/{new}/publish", text="  ")
    assert refused.status_code == 422
    assert 'href="#text"' in refused.text
    await publish(analyst, new, tmp_path, text="Bổ sung 12 hồ sơ nhập muộn.")
    assert await state_of(old) == "corrected"
    public = await results.public_results("2021-Q1")
    assert [notice["text"] for notice in public["notices"]] == ["Bổ sung 12 hồ sơ nhập muộn."]


async def test_a_withdrawal_needs_a_public_reason(
    analyst: httpx.AsyncClient, tmp_path: Path
) -> None:
    run = await store(COUNTS)
    early = await post(analyst, f"/office/runs/{run}/withdraw", text="Sai số liệu.")
    assert early.status_code == 409
    await publish(analyst, run, tmp_path)
    refused = await post(analyst, f"/office/runs/{run}/withdraw", text="")
    assert refused.status_code == 422
    assert 'href="#text"' in refused.text
    done = await post(analyst, f"/office/runs/{run}/withdraw", text="Sai số liệu <nguồn>.")
    assert done.headers["location"] == f"/office/runs/{run}?done=withdrawn"
    assert await state_of(run) == "withdrawn"
    assert "Sai số liệu &lt;nguồn&gt;." in (await get(analyst, f"/office/runs/{run}")).text
    entry = (await list_audit())[0][0]
    assert (entry.action, entry.detail["text"]) == ("run_withdrawn", "Sai số liệu <nguồn>.")


async def test_what_agencies_say_is_read_here_and_stops_nothing(
    analyst: httpx.AsyncClient, tmp_path: Path
) -> None:
    town = await make_town("LATE")
    run = await store(COUNTS | {"LATE": {"overall": 12}})
    await decisions.comment(run, town["LATE"], "<b>Không đồng ý</b>", actor=1)
    page = (await get(analyst, f"/office/runs/{run}")).text
    assert "&lt;b&gt;Không đồng ý&lt;/b&gt;" in page
    await publish(analyst, run, tmp_path)
