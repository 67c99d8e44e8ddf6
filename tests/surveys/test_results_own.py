"""What an agency sees of its own figures, and what it may say of them."""

import pytest

from surveys.results import (
    NoticeError,
    RunStateError,
    UnknownResultError,
    UnknownRunError,
    comment_on_run,
    get_run,
    own_figures,
    publish_run,
    withdraw_run,
)
from tests.factories import make_agency
from tests.surveys.results_town import make_town, store

COUNTS = {
    "A": {"overall": 30, "officials": 9},
    "B": {"overall": 25},
    "C": {"overall": 9},
    "D": {"overall": 40},
}


async def test_an_agency_sees_its_row_of_a_draft(database: str) -> None:
    ids = await make_town(*COUNTS)
    own = await own_figures(
        await store(COUNTS, unlinked=[{"agency": "D", "ratings": 14}]), ids["D"]
    )
    assert own["state"] == "draft"
    assert own["agency"]["measures"]["overall_rating"]["n"] == 40
    assert own["agency"]["measures"]["overall_rating"]["ranked"] == 2
    assert own["unlinked"]["ratings"] == 14


async def test_an_agency_never_sees_its_cells_under_the_minimum(database: str) -> None:
    ids = await make_town(*COUNTS)
    run = await store(COUNTS, unlinked=[{"agency": "A", "ratings": 9}])
    small = (await own_figures(run, ids["C"]))["agency"]
    assert small["hidden"]
    assert small["response_rate"] is None
    assert set(small["measures"].values()) == {None}
    some = await own_figures(run, ids["A"])
    assert some["agency"]["measures"]["index"] is not None
    assert some["agency"]["measures"]["factor_access"] is None
    assert some["unlinked"] is None


async def test_an_agency_that_is_hidden_beside_another_sees_itself(database: str) -> None:
    ids = await make_town(*COUNTS)
    run = await store(COUNTS)
    await publish_run(run)
    own = (await own_figures(run, ids["B"]))["agency"]
    assert own["measures"]["overall_rating"]["n"] == 25
    assert own["measures"]["overall_rating"]["rank_low"] is None
    assert own["dossiers"] == 95


async def test_a_later_draft_does_not_show_what_one_more_citizen_said(database: str) -> None:
    ids = await make_town(*COUNTS)
    await store(COUNTS)
    later = await store(COUNTS | {"D": {"overall": 41}, "B": {"overall": 25}})
    own = await own_figures(later, ids["D"])
    assert own["agency"]["measures"]["overall_rating"] is None
    assert own["agency"]["response_rate"] is None
    assert "overall_rating" in own["held"]
    same = await own_figures(later, ids["B"])
    assert same["agency"]["measures"]["overall_rating"]["n"] == 25
    assert same["held"] == []


async def test_a_later_draft_shows_itself_once_enough_have_come(database: str) -> None:
    ids = await make_town(*COUNTS)
    for n in (40, 45, 49):
        await store(COUNTS | {"D": {"overall": n}})
    own = await own_figures(await store(COUNTS | {"D": {"overall": 50}}), ids["D"])
    assert own["agency"]["measures"]["overall_rating"]["n"] == 50


async def test_what_is_public_the_agency_sees_in_any_case(database: str) -> None:
    ids = await make_town(*COUNTS)
    await store(COUNTS)
    later = await store(COUNTS | {"D": {"overall": 41}})
    await publish_run(later)
    own = await own_figures(later, ids["D"])
    assert own["agency"]["measures"]["overall_rating"]["n"] == 41


async def test_an_agency_outside_the_run_has_no_figures(database: str) -> None:
    ids = await make_town(*COUNTS)
    run = await store({"A": {"overall": 30}})
    for agency in (ids["B"], 10**6):
        with pytest.raises(UnknownResultError):
            await own_figures(run, agency)


async def test_a_comment_is_kept_and_blocks_nothing(database: str) -> None:
    ids = await make_town(*COUNTS)
    run = await store(COUNTS)
    await comment_on_run(run, ids["D"], " Quầy đóng cửa 2 tuần do Tết. ")
    own = await own_figures(run, ids["D"])
    assert [each["text"] for each in own["comments"]] == ["Quầy đóng cửa 2 tuần do Tết."]
    assert (await own_figures(run, ids["A"]))["comments"] == []
    await publish_run(run)
    comment = (await get_run(run))["comments"][0]
    assert (comment["agency"], comment["text"]) == ("D", "Quầy đóng cửa 2 tuần do Tết.")


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
async def test_an_empty_or_endless_comment_is_refused(database: str, text: str) -> None:
    ids = await make_town(*COUNTS)
    with pytest.raises(NoticeError):
        await comment_on_run(await store(COUNTS), ids["A"], text)


async def test_a_withdrawn_run_takes_no_comments(database: str) -> None:
    ids = await make_town(*COUNTS)
    run = await store(COUNTS)
    await publish_run(run)
    await withdraw_run(run, "Sai dữ liệu.")
    with pytest.raises(RunStateError):
        await comment_on_run(run, ids["A"], "Muộn.")


async def test_nobody_comments_for_an_unknown_agency_or_run(database: str) -> None:
    await make_town(*COUNTS)
    agency = await make_agency()
    with pytest.raises(UnknownResultError):
        await comment_on_run(await store(COUNTS), 10**6, "Xin chào.")
    with pytest.raises(UnknownRunError):
        await comment_on_run("khong-co", agency, "Xin chào.")
