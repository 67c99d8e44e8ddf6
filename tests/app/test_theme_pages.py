"""Comments by theme, from reading to the public page."""

import re

import httpx

from app.themes import suggest_pending
from surveys.accounts import Filter, Role, create_account, list_audit
from surveys.transactions import fetch
from tests.app.people import PASSWORD, get, make_person, post, sign_in, visitor
from tests.app.published_town import make_agencies, publish
from tests.surveys.test_themes import write

PAGE = "/office/themes?period=2026-Q2"
REPORT = "/office/themes/report?period=2026-Q2"


async def fill() -> None:
    await make_agencies()
    await publish("2026-Q2")
    for code in ("NT", "DK"):
        await write(code, "Chờ lâu quá.", 12)
        await write(code, "Thu lệ phí không có biên lai.", 8)
    await write("SXD", "Quầy số 4 chờ lâu.", 2)
    await write("STP", "Cán bộ cộc lốc.", 2)
    await suggest_pending()


async def enter(client: httpx.AsyncClient) -> None:
    await fill()
    await make_person(Role.ANALYST)
    await sign_in(client, Role.ANALYST)


async def put(client: httpx.AsyncClient, address: str, theme: str, handles: list[str]) -> None:
    data = {"_csrf_token": client.cookies["csrf"], "theme": theme, "group": handles}
    assert (await client.post(address, data=data)).status_code == 303


def handles_of(page: str) -> list[str]:
    return re.findall(r'name="group" value="([0-9a-f]+)"', page)


async def test_the_page_tells_no_id_no_time_and_no_small_agency(
    client: httpx.AsyncClient, form: int
) -> None:
    await enter(client)
    page = (await get(client, PAGE)).text
    assert "Chờ lâu quá." in page
    assert "× 24" in page
    for row in await fetch("SELECT id::text FROM comment"):
        assert row["id"] not in page
    assert "UBND thành phố Nha Trang" in page
    assert "Sở Xây dựng" not in page
    # An address that names a small agency is answered as if it named none.
    assert handles_of((await get(client, f"{PAGE}&agency=SXD")).text) == handles_of(page)
    assert "05/2026" not in page


async def test_each_reading_is_written_down(client: httpx.AsyncClient, form: int) -> None:
    await enter(client)
    await get(client, PAGE)
    (entry,), _more = await list_audit(Filter(action="comments_read"))
    assert entry.username == Role.ANALYST
    assert entry.subject == "2026-04–2026-06"


async def test_comments_are_confirmed_in_bulk_moved_and_told_to_everybody_once_all_are_read(
    client: httpx.AsyncClient, form: int, server: str
) -> None:
    await enter(client)
    handles = handles_of((await get(client, PAGE)).text)
    assert len(handles) == 4
    refused = await post(client, REPORT)
    assert refused.status_code == 422
    assert "đọc hết rồi mới công bố" in refused.text
    await put(client, PAGE, "@suggested", handles[:3])
    await put(client, PAGE, "papers", handles[3:])
    assert handles_of((await get(client, PAGE)).text) == []
    confirmed = (await get(client, f"{PAGE}&state=confirmed&theme=papers")).text
    assert len(handles_of(confirmed)) == 1
    before = (await get(client, "/results/2026-Q2")).text
    assert "Người chưa hài lòng viết về điều gì" not in before
    assert (await post(client, REPORT)).status_code == 303
    async with visitor(server) as citizen:
        public = (await get(citizen, "/results/2026-Q2")).text
        own = (await get(citizen, "/results/2026-Q2/agencies/NT")).text
        small = (await get(citizen, "/results/2026-Q2/agencies/SXD")).text
    assert "Người chưa hài lòng viết về điều gì" in public
    assert "Phí, lệ phí" in own
    assert "Người chưa hài lòng viết về điều gì" not in small
    assert "Quầy số 4" not in public + own + small
    await post(client, REPORT.replace("report", "report/withdraw"))
    assert "viết về điều gì" not in (await get(client, "/results/2026-Q2")).text


async def test_a_foreign_handle_or_theme_changes_nothing(
    client: httpx.AsyncClient, form: int
) -> None:
    await enter(client)
    handles = handles_of((await get(client, PAGE)).text)
    await put(client, PAGE, "no_such_theme", handles)
    await put(client, PAGE, "fees", ["0" * 24])
    assert await fetch("SELECT 1 FROM comment_theme") == []


async def test_an_agency_replies_under_its_theme(
    client: httpx.AsyncClient, form: int, server: str
) -> None:
    await enter(client)
    await put(client, PAGE, "@suggested", handles_of((await get(client, PAGE)).text))
    await post(client, REPORT)
    (agency,) = await fetch("SELECT id FROM agency WHERE code = 'NT'")
    await create_account("nhatrang", Role.AGENCY, password=PASSWORD, actor=None, agency_id=agency["id"], must_change=False)  # fmt: skip
    (run,) = await fetch("SELECT id FROM index_run")
    async with visitor(server) as official:
        await sign_in(official, "nhatrang")
        page = (await get(official, f"/agency/runs/{run['id']}")).text
        assert "Đáp lời công khai" in page
        address = f"/agency/runs/{run['id']}/themes/waiting"
        empty = await post(official, address, text=" ")
        assert empty.status_code == 422
        assert "Hãy viết lời đáp" in empty.text
        assert (await post(official, address, text="Đã mở thêm hai quầy.")).status_code == 303
        strange = await post(official, address.replace("waiting", "online"), text="x")
        assert strange.status_code == 404
    assert "Đã mở thêm hai quầy." in (await get(client, "/results/2026-Q2/agencies/NT")).text


async def test_the_list_is_edited_with_errors_at_their_fields(
    client: httpx.AsyncClient, form: int
) -> None:
    await enter(client)
    assert "Chờ đợi ở quầy" in (await get(client, "/office/themes/list")).text
    typed = {"key": "parking", "name": "Gửi xe", "name_en": "Parking", "factor": "access"}
    wrong = await post(client, "/office/themes/list/new", **typed, seeds=" ")
    assert wrong.status_code == 422
    assert 'href="#seeds"' in wrong.text
    assert "Gửi xe" in wrong.text
    right = await post(client, "/office/themes/list/new", **typed, seeds="gửi xe\nbãi xe")
    assert right.status_code == 303
    assert "Gửi xe" in (await get(client, "/office/themes/list/parking")).text
    assert (await get(client, "/office/themes/list/none")).status_code == 404
