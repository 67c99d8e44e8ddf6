"""Office hours on their page: a swap day announced at noon, slips of the hand, and who may look."""

from datetime import date

import httpx

from surveys import calendars
from surveys.accounts import Role
from surveys.transactions import fetch
from tests.app.people import get, make_person, post, sign_in
from tests.factories import make_agency

ADDRESS = "/office/hours"
WEEK = {f"weekday_{day}": "07:30-11:30, 13h30-17h00" for day in range(1, 6)}


async def test_a_week_and_a_swap_day_are_entered_and_seen(client: httpx.AsyncClient) -> None:
    await make_person(Role.ADMINISTRATOR)
    agency = await make_agency("BN", name="UBND phường Bắc Nha Trang")
    await calendars.seed_holidays(2026)
    await sign_in(client, Role.ADMINISTRATOR)
    assert "Chưa ai nhập giờ làm việc" in (await get(client, ADDRESS)).text
    sent = await post(client, ADDRESS, valid_from="2026-01-01", **WEEK)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{ADDRESS}?done=week")
    shown = (await get(client, f"{ADDRESS}?date=2026-02-16&year=2026")).text
    assert "Thứ Hai 16/02/2026: nghỉ (" in shown
    assert "Mở lại lúc 07:30, Thứ Hai 23/02/2026." in shown
    assert "Điều 112 Bộ luật Lao động 2019" in shown
    # The Government moves a working day: the Saturday is worked like a Friday.
    swap = {"day": "2026-02-28", "kind": "working", "name": "Làm bù", "like": "5"}
    sent = await post(client, f"{ADDRESS}/days", **swap)
    told = (await get(client, sent.headers["location"].partition("#")[0])).text
    assert "Thứ Bảy 28/02/2026: làm việc 07:30–11:30, 13:30–17:00 (Làm bù)." in told
    # One agency rests that day all the same, and opens on a Saturday of its own.
    rest = {"agency": "BN", "day": "2026-02-28", "kind": "holiday", "name": "Mất điện"}
    assert (await post(client, f"{ADDRESS}/days", **rest)).status_code == 303
    await post(client, ADDRESS, agency="BN", valid_from="2026-03-01", weekday_6="07:30-11:30")
    own = (await get(client, f"{ADDRESS}?agency=bắc+nha&date=2026-03-07")).text
    assert "Thứ Bảy 07/03/2026: làm việc 07:30–11:30." in own
    assert (
        "Thứ Bảy 28/02/2026: nghỉ (Mất điện)"
        in (await get(client, f"{ADDRESS}?agency=BN&date=2026-02-28&lang=vi")).text
    )
    days = await calendars.list_days(2026, agency)
    own_day = next(one["id"] for one in days if one["code"] == "BN")
    removed = await post(client, f"{ADDRESS}/days/{own_day}/remove", agency="BN", year="2026")
    assert removed.status_code == 303
    assert (await post(client, f"{ADDRESS}/days/{own_day}/remove")).status_code == 404
    gone = await post(client, f"{ADDRESS}/remove", agency="BN", first="2026-03-01")
    assert gone.status_code == 303
    assert await calendars.list_hours(agency) == []
    log = (await get(client, "/office/audit")).text
    for text in ("Đổi giờ làm việc", "Bỏ giờ làm việc", "Thứ Sáu 07:30–11:30, 13:30–17:00"):
        assert text in log
    assert "Ghi ngày nghỉ hoặc ngày làm bù" in log


async def test_slips_of_the_hand_are_told_beside_what_was_typed(client: httpx.AsyncClient) -> None:
    await make_person(Role.ADMINISTRATOR)
    await make_agency("A", name="Sở Tư pháp")
    await make_agency("B", name="Sở Xây dựng")
    await sign_in(client, Role.ADMINISTRATOR)
    typed = {"weekday_1": "25:00-26:00", "weekday_2": "07:30-12:00, 11:30-17:00"}
    refused = await post(client, ADDRESS, valid_from="mai", **typed, weekday_3="17:00-07:30")
    assert refused.status_code == 422
    assert "«25:00-26:00» không phải là giờ" in refused.text
    assert "Hai khoảng giờ chồng lên nhau" in refused.text
    assert "Giờ đóng phải sau giờ mở" in refused.text
    assert "Hãy chọn một ngày từ năm 2000" in refused.text
    assert 'value="07:30-12:00, 11:30-17:00"' in refused.text
    empty = await post(client, ADDRESS, valid_from="2026-01-01")
    assert "Hãy nhập giờ của ít nhất một ngày" in empty.text
    day = {"day": "2026-02-28", "kind": "working", "name": "x"}
    for wrong, said in (
        ({"day": "0001-01-01"}, "Hãy chọn một ngày"),
        ({"kind": "đi chơi"}, "Hãy chọn nghỉ hoặc làm việc."),
        ({"name": " "}, "Hãy ghi lý do"),
        ({"like": "8"}, "Hãy chọn một ngày trong tuần."),
    ):
        refused = await post(client, f"{ADDRESS}/days", **day | wrong)
        assert refused.status_code == 422, wrong
        assert said in refused.text
    assert (await post(client, f"{ADDRESS}/days", **day, agency="none")).status_code == 404
    assert "Có nhiều cơ quan khớp" in (await get(client, f"{ADDRESS}?agency=sở")).text
    assert (await get(client, f"{ADDRESS}?agency=zzz")).status_code == 404
    assert (await get(client, f"{ADDRESS}?year=abc&date=9999-12-31")).status_code == 200
    assert await fetch("SELECT 1 FROM office_hours UNION ALL SELECT 1 FROM special_day") == []


async def test_an_agency_sees_its_own_hours_and_changes_none(client: httpx.AsyncClient) -> None:
    await make_person(Role.AGENCY)
    own = (await fetch("SELECT agency FROM account"))[0]["agency"]
    await make_agency("LA", name="Sở Lạ")
    spans = calendars.parse_spans("08:00-12:00")
    await calendars.set_hours({1: spans}, date(2020, 1, 1), agency_id=own, actor=None)
    await sign_in(client, Role.AGENCY)
    shown = (await get(client, f"{ADDRESS}?agency=LA")).text
    assert "Sở Lạ" not in shown
    assert "08:00–12:00" in shown
    assert "Lưu giờ làm việc" not in shown
    assert (await post(client, ADDRESS, valid_from="2026-01-01", **WEEK)).status_code == 403
