"""The public results over HTTP: what is shown, what is not, and in which forms."""

import csv
import re
from datetime import date
from io import BytesIO, StringIO
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from surveys.results import correct_run, public_results, store_chart, withdraw_run
from surveys.tables.register import AgencySuccession
from surveys.transactions import fetch_one
from tests.app.published_town import HIDDEN, TOWN, draft, make_agencies, publish
from tests.factories import make_agency

PAGES = (
    "/",
    "/results/2021-Q1",
    "/results/2021-Q1/agencies/STP",
    "/results/2021-Q1/agencies/ST",
    "/download",
    "/download/dictionary",
    "/method",
    "/privacy",
    "/api/docs",
)
AS_BROWSER = {"accept": "text/html"}


@pytest.fixture
async def published(database: str) -> dict[str, Any]:
    """The town's public document."""
    await make_agencies()
    taps = {"share": 0.8132, "lower": 0.702, "upper": 0.8899, "days": 17, "handovers": 900}
    await publish(unlinked=[{"agency": "NT", "ratings": 321, **taps}])
    return await public_results("2021-Q1")


def text_of(page: str) -> str:
    """What a reader reads, blanks joined."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def agencies_in(page: str) -> list[str]:
    """Codes of the agencies of the table, in its order."""
    table = page[page.index('id="agencies"') :].split("</table>")[0]
    return re.findall(r"/agencies/([A-Z0-9]+)\"", table)


async def test_before_anything_is_published_the_first_page_says_so(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/")
    assert answer.status_code == 200
    assert "Chưa có kết quả nào được công bố" in answer.text


async def test_the_first_page_shows_the_latest_period_with_interval_and_response_rate(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    await publish("2020-Q4")
    shown = text_of((await client.get("/")).text)
    province = published["province"]["measures"]["index"]
    assert "Kết quả quý I năm 2021" in shown
    for number in (province["estimate"], province["upper"], province["unweighted"]):
        assert f"{number:.1f}%".replace(".", ",") in shown
    assert f"{100 * province['n'] / province['dossiers']:.1f}%".replace(".", ",") in shown
    assert "việc trả lời không phụ thuộc mức hài lòng" in shown


async def test_every_shown_agency_stands_with_its_interval_rate_and_rank_set(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    shown = text_of((await client.get("/")).text)
    for agency in published["agencies"]:
        figure = agency["measures"]["index"]
        if figure is None:
            continue
        row = shown[shown.index(agency["name"]) :][:400]
        interval = f"{figure['lower']:.1f}–{figure['upper']:.1f}%".replace(".", ",")
        assert interval in row
        assert f"{figure['n']} / {figure['dossiers']:,} hồ sơ".replace(",", ".") in row


async def test_a_hidden_agency_is_named_but_without_any_number(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    assert [a["code"] for a in published["agencies"] if a["hidden"]] == sorted(HIDDEN)
    page = (await client.get("/")).text
    assert not set(HIDDEN) & set(agencies_in(page))
    assert "UBND xã Sơn Thái" in page
    own = text_of((await client.get("/results/2021-Q1/agencies/ST")).text)
    assert "Chưa đủ lượt để công bố" in own
    assert "%" not in own.split("Qua các kỳ")[0].replace("95%", "")


@pytest.mark.parametrize("query", ["van gia", "Vạn Giã", "GIÃ vạn", "VG"])
async def test_an_agency_is_found_with_or_without_marks(
    client: httpx.AsyncClient, published: dict[str, Any], query: str
) -> None:
    page = (await client.get("/", params={"q": query})).text
    assert agencies_in(page) == ["VG"]


async def test_marks_that_are_typed_must_fit(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    page = (await client.get("/", params={"q": "Văn Gia"})).text
    assert "Không tìm thấy cơ quan nào như vậy" in page


async def test_a_hidden_agency_is_found_by_name_too(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    page = (await client.get("/", params={"q": "son thai"})).text
    assert "UBND xã Sơn Thái" in page
    assert "Chưa đủ lượt để công bố (1)" in page


async def test_levels_and_orders_are_taken_from_the_address(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    page = (await client.get("/", params={"level": "commune", "sort": "name"})).text
    # Phường 2 stands before phường 10, and đ after d.
    assert agencies_in(page) == ["P2", "P1", "VG", "DL"]
    rated = (await client.get("/", params={"sort": "response_rate"})).text
    figures = {a["code"]: a["measures"]["index"] for a in published["agencies"]}
    rates = [figures[code]["n"] / figures[code]["dossiers"] for code in agencies_in(rated)]
    assert rates == sorted(rates)


async def test_agencies_stand_by_the_middle_of_their_rank_sets_unless_told(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    figures = {a["code"]: a["measures"]["index"] for a in published["agencies"]}
    codes = agencies_in((await client.get("/")).text)
    middles = [figures[code]["rank_low"] + figures[code]["rank_high"] for code in codes]
    assert len(codes) == len(TOWN) - len(HIDDEN)
    assert middles == sorted(middles)


async def test_an_address_that_makes_no_sense_shows_the_ordinary_view(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    odd = {"level": "moon", "sort": "'", "measure": "x", "page": "²", "group": "z", "q": "\x00"}
    ordinary = agencies_in((await client.get("/")).text)
    for name, value in odd.items():
        answer = await client.get("/", params={name: value})
        assert answer.status_code == 200
        assert name == "q" or agencies_in(answer.text) == ordinary
    far = await client.get("/", params={"page": "99999"})
    assert agencies_in(far.text) == ordinary


async def test_many_agencies_come_in_pages(client: httpx.AsyncClient, database: str) -> None:
    town = {f"X{n:02}": (f"UBND xã số {n}", "commune", 30 + n) for n in range(65)}
    await make_agencies(town)
    await publish(town=town)
    pages = [(await client.get("/", params={"sort": "name", "page": n})).text for n in (1, 2, 3)]
    found = [agencies_in(page) for page in pages]
    assert [len(codes) for codes in found] == [30, 30, 5]
    assert [code for codes in found for code in codes] == sorted(town)
    assert 'href="?sort=name&amp;page=2"' in pages[0]


async def test_the_two_measures_are_never_on_one_page(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    page = (await client.get("/", params={"measure": "overall_rating"})).text
    assert "Mức hài lòng chung, 8 cơ quan" in text_of(page)
    assert 'name="measure" value="overall_rating"' in page


async def test_an_agencys_page_has_figures_factors_and_what_they_mean(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    shown = text_of((await client.get("/results/2021-Q1/agencies/STP")).text)
    for words in (
        "Sở Tư pháp", "Chỉ số hài lòng", "Mức hài lòng chung", "Tiếp cận dịch vụ",
        "Thủ tục hành chính", "Công chức phục vụ", "Kết quả nhận được", "Tiếp nhận góp ý",
        "Mới có một kỳ được công bố", "hồ sơ có đánh giá, nên con số của tất cả hồ sơ",
    ):  # fmt: skip
        assert words in shown


async def test_the_trend_marks_what_does_not_compare(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    await publish("2020-Q4", recipe={"aggregation": "mean_of_items"})
    shown = text_of((await client.get("/results/2021-Q1/agencies/STP")).text)
    trend = shown[shown.index("Qua các kỳ") :]
    assert trend.index("Quý I năm 2021") < trend.index("Quý IV năm 2020")
    assert "Không so sánh với kỳ trước: đổi cách tính." in trend


async def test_an_agencys_page_names_those_before_and_after_it(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    successor = await make_agency("BNT", name="UBND phường Bắc Nha Trang", level="commune")
    agency = await fetch_one("SELECT id FROM agency WHERE code = 'NT'")
    assert agency is not None
    link = {
        AgencySuccession.predecessor: agency["id"],
        AgencySuccession.successor: successor,
        AgencySuccession.effective_date: date(2025, 7, 1),
        AgencySuccession.kind: "split",
        AgencySuccession.share: 0.4,
        AgencySuccession.assumed: True,
    }
    await AgencySuccession.insert(AgencySuccession(link))
    shown = text_of((await client.get("/results/2021-Q1/agencies/NT")).text)
    assert (
        "Thành UBND phường Bắc Nha Trang (chia tách, 01/07/2025; 40% công việc, giả định)" in shown
    )


async def test_unlinked_taps_stand_apart(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    shown = text_of((await client.get("/results/2021-Q1/agencies/NT")).text)
    told = "81,3% hài lòng hoặc rất hài lòng (70,2–89,0%), mỗi ngày ở quầy tính theo"
    assert f"Lượt chạm không gắn với hồ sơ nào 321 lượt. {told}" in shown
    front = text_of((await client.get("/")).text)
    assert "321" in front
    assert told in front
    (taps,) = (await client.get("/api/results/2021-Q1")).json()["unlinked"]
    assert taps == {
        "agency": "NT", "ratings": 321, "estimate": 81.32, "lower": 70.2, "upper": 88.99, "days": 17
    }  # fmt: skip


@pytest.mark.parametrize(
    "address",
    [
        "/results/1999",
        "/results/2021-Q1/agencies/nobody",
        "/results/nonsense/agencies/STP",
        "/download/1999.csv",
        "/download/2021-Q1.pdf",
        "/download/2021-Q1",
        "/api/results/1999",
        "/api/results/2021-Q1/agencies/nobody",
        "/charts/00000000-0000-4000-8000-000000000000/agencies.svg",
        "/language/xx",
    ],
)
async def test_what_is_not_there_is_not_found(
    client: httpx.AsyncClient, published: dict[str, Any], address: str
) -> None:
    answer = await client.get(address, headers=AS_BROWSER)
    assert answer.status_code == 404
    if not address.startswith("/api/"):
        assert "Không tìm thấy trang" in answer.text


def read_csv(body: bytes) -> list[dict[str, str]]:
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(StringIO(body.decode("utf-8-sig"))))


async def test_the_csv_holds_every_published_figure_and_blanks_for_the_rest(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    answer = await client.get("/results/2021-Q1.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    rows = read_csv(answer.content)
    assert rows == read_csv((await client.get("/download/2021-Q1.csv")).content)
    known = {(row["agency_code"], row["measure"]): row for row in rows if row["scope"] == "agency"}
    assert len(known) == len(TOWN) * 7
    for agency in published["agencies"]:
        for measure, figure in agency["measures"].items():
            row = known[agency["code"], measure]
            assert row["published"] == str(int(figure is not None))
            told = row["estimate"], row["n"], row["rank_low"]
            expected = (figure[k] for k in ("estimate", "n", "rank_low")) if figure else ("",) * 3
            assert told == tuple(map(str, expected))
    numbers = ("estimate", "lower", "upper", "unweighted", "se", "n", "dossiers", "response_rate")
    assert not any(known["ST", "index"][name] for name in numbers)


async def test_the_dictionary_explains_every_column_in_order(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    rows = read_csv((await client.get("/download/2021-Q1.csv")).content)
    words = read_csv((await client.get("/download/2021-Q1-dictionary.csv")).content)
    assert [word["name"] for word in words] == list(rows[0])
    assert all(word["meaning"] and word["unit"] for word in words)
    page = (await client.get("/download/dictionary")).text
    assert re.findall(r"<code>(\w+)</code>", page) == list(rows[0])


async def test_the_workbook_has_the_rows_of_the_csv_with_numbers_as_numbers(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    rows = read_csv((await client.get("/download/2021-Q1.csv")).content)
    answer = await client.get("/download/2021-Q1.xlsx")
    book = load_workbook(BytesIO(answer.content))
    names, *cells = book.worksheets[0].iter_rows(values_only=True)
    assert list(names) == list(rows[0])
    for row, line in zip(rows, cells, strict=True):
        for cell, value in zip(line, row.values(), strict=True):
            assert float(value) == cell if isinstance(cell, int | float) else value == (cell or "")
    assert isinstance(cells[-1][names.index("n")], int | None)


async def test_a_name_that_looks_like_a_formula_is_not_run_by_a_spreadsheet(
    client: httpx.AsyncClient, database: str
) -> None:
    town = {"X": ('=HYPERLINK("http://x")', "commune", 30), "Y": ("Y", "commune", 30)}
    await make_agencies(town)
    await publish(town=town)
    rows = read_csv((await client.get("/download/2021-Q1.csv")).content)
    assert {row["agency_name"] for row in rows if row["agency_code"] == "X"} == {
        '\'=HYPERLINK("http://x")'
    }
    book = load_workbook(BytesIO((await client.get("/download/2021-Q1.xlsx")).content))
    assert all(cell.data_type != "f" for row in book.worksheets[0] for cell in row)


async def test_the_json_interface_gives_the_public_document_and_nothing_else(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    periods = (await client.get("/api/results")).json()["periods"]
    assert [(p["period"], p["state"]) for p in periods] == [("2021-Q1", "published")]
    given = (await client.get("/api/results/2021-Q1")).json()
    for name in ("period", "run", "agencies", "province", "groups", "unlinked", "recipe"):
        assert given[name] == published[name]
    one = (await client.get("/api/results/2021-Q1/agencies/STP")).json()
    assert one["agency"] == next(a for a in published["agencies"] if a["code"] == "STP")
    assert [point["period"] for point in one["trend"]] == ["2021-Q1"]
    hidden = next(a for a in given["agencies"] if a["code"] == "ST")
    assert hidden["hidden"]
    assert not any(hidden["measures"].values())


async def test_a_chart_is_kept_by_browsers_and_answered_with_304(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    await store_chart(published["run"], "agencies", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    address = f"/charts/{published['run']}/agencies.svg"
    first = await client.get(address)
    assert first.headers["content-type"].startswith("image/svg+xml")
    assert "immutable" in first.headers["cache-control"]
    again = await client.get(address, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await client.get(address.removesuffix(".svg"))).status_code == 404
    assert address in (await client.get("/")).text


async def test_a_withdrawn_period_shows_the_notice_and_no_figure(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    await withdraw_run(published["run"], "Một thiết bị gửi lặp 1.204 lượt.")
    answer = await client.get("/")
    assert "Kết quả này đã được rút lại" in answer.text
    assert "Một thiết bị gửi lặp 1.204 lượt." in answer.text
    assert "%" not in text_of(answer.text)
    given = (await client.get("/api/results/2021-Q1")).json()
    assert given["withdrawn"]
    assert not any(any(agency["measures"].values()) for agency in given["agencies"])
    own = await client.get("/results/2021-Q1/agencies/STP", headers=AS_BROWSER)
    assert "Kết quả này đã được rút lại" in own.text
    assert "%" not in text_of(own.text)


async def test_a_corrected_period_carries_its_notice_and_the_new_figures(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    town = TOWN | {"STP": ("Sở Tư pháp", "province", 600)}
    await correct_run(published["run"], await draft(town=town), "Bổ sung 200 lượt nộp muộn.")
    shown = text_of((await client.get("/results/2021-Q1")).text)
    assert "Kết quả này đã được đính chính Bổ sung 200 lượt nộp muộn." in shown
    assert "600 / " in shown


async def test_every_page_says_that_the_data_are_simulated(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    for address in PAGES[:4]:
        assert "Dữ liệu minh họa" in (await client.get(address)).text


async def test_no_page_needs_what_the_policy_forbids(
    client: httpx.AsyncClient, published: dict[str, Any]
) -> None:
    for address in (*PAGES, "/nowhere"):
        answer = await client.get(address, headers=AS_BROWSER)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*src=)|data:", answer.text)
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', answer.text)


async def test_a_language_is_remembered_and_leads_back_to_the_page(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/language/en", params={"next": "/method?x=1"})
    assert answer.headers["location"] == "/method?x=1"
    assert (await client.get("/method")).text.count('<html lang="en">') == 1


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "/\t/evil", "evil"]
)
async def test_a_language_link_leads_nowhere_else(
    client: httpx.AsyncClient, elsewhere: str
) -> None:
    answer = await client.get("/language/en", params={"next": elsewhere})
    assert answer.headers["location"] == "/"
