"""An agency's own page: its own figures, and its word."""

import httpx
import pytest

from surveys import results
from surveys.accounts import Role, create_account
from tests.app.people import PASSWORD, get, post, sign_in
from tests.surveys.results_town import make_town, store

COUNTS = {"OWN": {"overall": 30}, "OTHER": {"overall": 41}, "THIRD": {"overall": 17}}


@pytest.fixture
async def head(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """The head of the agency OWN, signed in."""
    town = await make_town("OWN", name="UBND phường Của Ta")
    await make_town("OTHER", "THIRD", name="UBND phường Khác")
    await create_account(
        "head", Role.AGENCY, password=PASSWORD, actor=None, agency_id=town["OWN"], must_change=False
    )
    await sign_in(client, "head")
    return client


async def test_an_agency_sees_its_own_figures_before_publication(head: httpx.AsyncClient) -> None:
    run = await store(COUNTS)
    listed = (await get(head, "/agency")).text
    assert "UBND phường Của Ta" in listed
    assert f"/agency/runs/{run}" in listed
    page = (await get(head, f"/agency/runs/{run}")).text
    assert "80,0%" in page
    assert "bản nháp" in page
    assert "UBND phường Khác" not in page


async def test_an_agency_never_sees_a_figure_under_the_minimum(head: httpx.AsyncClient) -> None:
    run = await store(COUNTS | {"OWN": {"overall": 9}})
    page = (await get(head, f"/agency/runs/{run}")).text
    assert "Chưa đủ lượt để hiện" in page
    assert 'class="figure-value"' not in page


async def test_an_agency_does_not_see_a_run_that_it_is_not_in(head: httpx.AsyncClient) -> None:
    run = await store({"OTHER": {"overall": 41}, "THIRD": {"overall": 20}})
    assert str(run) not in (await get(head, "/agency")).text
    assert (await get(head, f"/agency/runs/{run}")).status_code == 404


async def test_an_agency_is_shown_the_newest_draft_and_what_is_public(
    head: httpx.AsyncClient,
) -> None:
    older = await store(COUNTS)
    public = await store(COUNTS)
    await results.publish_run(public)
    assert str(older) not in (await get(head, "/agency")).text
    newest = await store(COUNTS)
    listed = (await get(head, "/agency")).text
    assert str(public) in listed
    assert str(newest) in listed


async def test_what_an_agency_says_is_kept(head: httpx.AsyncClient) -> None:
    run = await store(COUNTS)
    answer = await post(head, f"/agency/runs/{run}/comments", text="Kỳ này có <Tết>.")
    assert answer.headers["location"] == f"/agency/runs/{run}?done#comments"
    page = (await get(head, f"/agency/runs/{run}?done")).text
    assert "Kỳ này có &lt;Tết&gt;." in page
    (kept,) = (await results.get_run(run))["comments"]
    assert (kept["agency"], kept["text"]) == ("OWN", "Kỳ này có <Tết>.")


@pytest.mark.parametrize("text", ["", "   ", "x" * 5000])
async def test_an_empty_or_endless_word_is_refused_and_kept_in_the_form(
    head: httpx.AsyncClient, text: str
) -> None:
    run = await store(COUNTS)
    answer = await post(head, f"/agency/runs/{run}/comments", text=text)
    assert answer.status_code == 422
    assert 'href="#text"' in answer.text
    assert text.strip() in answer.text
    assert (await results.get_run(run))["comments"] == []


async def test_a_word_on_a_run_of_others_is_refused(head: httpx.AsyncClient) -> None:
    run = await store({"OTHER": {"overall": 41}, "THIRD": {"overall": 20}})
    answer = await post(head, f"/agency/runs/{run}/comments", text="Chúng tôi cũng có ý kiến.")
    assert answer.status_code == 404
    assert (await results.get_run(run))["comments"] == []


async def test_a_word_comes_too_late_for_a_withdrawn_run(head: httpx.AsyncClient) -> None:
    run = await store(COUNTS)
    await results.publish_run(run)
    await results.withdraw_run(run, "Sai số liệu.")
    answer = await post(head, f"/agency/runs/{run}/comments", text="Muộn rồi.")
    assert answer.status_code == 409
