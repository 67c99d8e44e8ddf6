"""The device board: states, order, filters, and what its buttons do."""

import re
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest

from surveys.accounts import Role, list_audit
from surveys.devices import State, Wanted, board_row, device_board, silent_devices
from surveys.transactions import fetch
from tests.app.people import get, make_person, post, sign_in
from tests.factories import make_agency, make_counter, make_device

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
async def boss(client: httpx.AsyncClient, form: int) -> httpx.AsyncClient:
    """An administrator who is signed in."""
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    return client


async def heard(ago: timedelta | None, code: str, **given: object) -> UUID:
    """A device at a counter of its own, heard so long before NOW."""
    agency = await make_agency(f"A-{code}", name=f"Sở {code}")
    seen = None if ago is None else NOW - ago
    given = {"enrolled_at": NOW - timedelta(days=9), "seen_at": seen} | given
    return await make_device(await make_counter(agency, code), **given)


async def state_of(device: UUID) -> State:
    row = await board_row(device, NOW)
    assert row is not None
    return row.state


@pytest.mark.parametrize(
    ("ago", "state"),
    [
        (timedelta(seconds=0), State.GREEN), (timedelta(seconds=119), State.GREEN),
        (timedelta(seconds=120), State.YELLOW), (timedelta(hours=23), State.YELLOW),
        (timedelta(days=1), State.RED), (None, State.RED),
    ],
)  # fmt: skip
async def test_silence_turns_a_device_yellow_and_then_red(
    database: str, ago: timedelta | None, state: State
) -> None:
    assert await state_of(await heard(ago, "Q1")) is state


async def test_a_full_storage_is_red_however_fresh(database: str) -> None:
    assert await state_of(await heard(timedelta(0), "Q1", storage_full=True)) is State.RED


async def test_a_device_that_was_just_enrolled_is_not_red(database: str) -> None:
    device = await heard(None, "Q1", enrolled_at=NOW - timedelta(minutes=1))
    assert await state_of(device) is State.YELLOW


async def test_the_worst_stand_first_and_counters_without_a_device_last(database: str) -> None:
    await heard(timedelta(0), "well")
    await heard(timedelta(0), "odd", conflicts=1)
    await heard(timedelta(hours=2), "slow")
    await heard(timedelta(days=3), "gone")
    await heard(timedelta(days=9), "longer")
    await heard(timedelta(0), "full", storage_full=True)
    await make_counter(await make_agency(), "none")
    board = await device_board(Wanted(), NOW)
    order = ["full", "longer", "gone", "slow", "odd", "well", "none"]
    assert [row.counter for row in board.rows] == order
    assert board.counts == {"red": 3, "yellow": 1, "green": 2, "none": 1}


async def test_the_board_is_filtered_by_agency_state_and_text(database: str) -> None:
    await heard(timedelta(0), "well")
    gone = await heard(timedelta(days=3), "gone", name="Máy cửa ra")
    for wanted, codes in [
        (Wanted(agency="A-well"), ["well"]), (Wanted(state="red"), ["gone"]),
        (Wanted(text="cửa RA"), ["gone"]), (Wanted(text=str(gone)[:8]), ["gone"]),
        (Wanted(text="%"), []), (Wanted(text="\0"), ["gone", "well"]),
        (Wanted(text="Sở", state="green"), ["well"]),
    ]:  # fmt: skip
        assert [row.counter for row in (await device_board(wanted, NOW)).rows] == codes, wanted


async def test_lost_numbers_are_counted_from_the_gaps(database: str) -> None:
    device = await heard(timedelta(0), "Q1", missing="{[2,5),[9,10)}", highest=20)
    row = await board_row(device, NOW)
    assert row is not None
    assert (row.lost, row.highest) == (4, 20)


async def test_a_revoked_device_leaves_the_board_and_is_found_by_its_state(database: str) -> None:
    await heard(timedelta(0), "Q1", revoked_at=NOW)
    assert [row.state for row in (await device_board(Wanted(), NOW)).rows] == [State.NONE]
    (row,) = (await device_board(Wanted(state="revoked"), NOW)).rows
    assert row.counter == "Q1"


async def test_only_time_in_office_hours_is_silence(database: str) -> None:
    """NOW is ten o'clock on a Wednesday; the counter opened at half past seven."""
    hours = {date(2026, 11, 25): [(time(7, 30), time(11, 30)), (time(13, 30), time(17))]}

    async def silent(ago: timedelta, at: datetime = NOW, **given: object) -> bool:
        await fetch("TRUNCATE agency CASCADE")
        await heard(ago, "Q1", **given)
        (counter,) = await fetch("SELECT id FROM counter")
        return bool(await silent_devices(at, {counter["id"]: hours}, zone=HANOI))

    assert await silent(timedelta(minutes=20))
    assert not await silent(timedelta(minutes=10))
    # Silent since yesterday, as it should be, until the counter has been open a quarter of an hour.
    morning = datetime(2026, 11, 25, 0, 40, tzinfo=UTC)
    assert not await silent(timedelta(hours=18), morning)
    assert await silent(timedelta(hours=18), morning + timedelta(minutes=5))
    noon = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
    assert not await silent(timedelta(hours=18), noon)
    assert not await silent(timedelta(hours=18), NOW + timedelta(days=1))
    assert not await silent(timedelta(hours=18), revoked_at=NOW)


async def test_a_device_without_hours_may_never_be_silent(database: str) -> None:
    device = await heard(timedelta(minutes=20), "Q1")
    (row,) = await silent_devices(NOW, {}, zone=HANOI)
    assert row.device == device


async def test_the_page_shows_what_an_administrator_asks_on_the_phone(
    boss: httpx.AsyncClient,
) -> None:
    device = await heard(None, "Q1", queue=41, conflicts=2, page_version="a1b2c3")
    await fetch(
        "UPDATE device SET seen_at = now() - interval '3 hours', missing = '{[1,4)}', highest = 9,"
        " oldest_at = now() - interval '3 hours', clock_offset_ms = 172800000 WHERE id = $1",
        device,
    )
    text = re.sub(r"\s+", " ", (await get(boss, "/office/devices")).text)
    for words in ("Im lặng", "thấy 3 giờ trước", "41", "cũ nhất 3 giờ trước", "mất 3 số",
                  "trùng 2 số", "đồng hồ chậm 2 ngày", "bản a1b2c3"):  # fmt: skip
        assert words in text, words
    english = (await get(boss, "/office/devices?lang=en")).text
    assert "Silent" in english
    assert "Project-Id-Version" not in english


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=99999", "state=blue", "text=%00", "agency=%00", "done=x"]
)
async def test_an_odd_filter_is_no_error(boss: httpx.AsyncClient, query: str) -> None:
    await heard(timedelta(0), "Q1")
    assert (await get(boss, f"/office/devices?{query}")).status_code == 200


async def test_a_code_is_shown_once_grouped_and_as_a_drawing(boss: httpx.AsyncClient) -> None:
    counter = await make_counter(await make_agency(), "Q1", name="Quầy hộ tịch")
    answer = await post(boss, f"/office/devices/counters/{counter}")
    found = re.search(r"<code>(\w{4}) (\w{4})</code>", answer.text)
    assert found, answer.text
    assert "<svg" in answer.text
    assert "/kiosk/enrol" in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert found[1] + found[2] not in str(await fetch("SELECT * FROM enrolment_code"))
    (entry,) = (await list_audit())[0][:1]
    assert (entry.action, entry.subject, entry.username) == (
        "device_code_issued", "Q1", "administrator",
    )  # fmt: skip


async def test_a_device_is_revoked_and_replaced_by_a_button_each(boss: httpx.AsyncClient) -> None:
    first, second = await heard(timedelta(0), "Q1"), await heard(timedelta(0), "Q2")
    answer = await post(boss, f"/office/devices/{first}/revoke")
    assert answer.headers["location"] == "/office/devices?done=revoked"
    assert "Đã thu hồi" in (await get(boss, answer.headers["location"])).text
    assert "<code>" in (await post(boss, f"/office/devices/{second}/replace")).text
    rows = await fetch("SELECT revoked_at, replaced_at FROM device ORDER BY replaced_at NULLS LAST")
    assert all(row["revoked_at"] for row in rows)
    assert [row["replaced_at"] is not None for row in rows] == [True, False]
    actions = [entry.action for entry in (await list_audit())[0]]
    assert actions[:3] == ["device_code_issued", "device_revoked", "device_revoked"]


async def test_what_does_not_exist_is_said_so(boss: httpx.AsyncClient) -> None:
    for path in ("counters/999", f"{uuid4()}/revoke", f"{uuid4()}/replace"):
        assert (await post(boss, f"/office/devices/{path}")).status_code == 404
