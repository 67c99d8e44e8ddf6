"""Files of the national portal: read whatever their letters, taken once, all or none."""

from datetime import UTC, datetime

import pytest

from surveys import portal
from surveys.accounts import FieldError
from surveys.portal import Outcome, Wish, guess_headers, read_sheet
from surveys.reflections import Actor
from surveys.transactions import fetch
from tests.factories import make_agency
from tests.surveys.case_town import PEPPER, Town, make_town

NOW = datetime(2026, 3, 10, 3, tzinfo=UTC)
HEADERS = ["Mã PAKN", "Ngày gửi", "Nội dung", "Cơ quan xử lý", "Họ tên", "Số điện thoại"]
GOOD = [
    "PAKN.20260302.0001", "02/03/2026 08:15", "Chờ ba tuần; chưa ai trả lời", "Sở Xây dựng",
    "Trần Thị Bé", "0912 345 678",
]  # fmt: skip


def table(*rows: list[str], mark: str = ",", above: str = "") -> str:
    lines = [mark.join(f'"{cell}"' for cell in row) for row in (HEADERS, *rows)]
    return above + "\r\n".join(lines) + "\r\n"


def changed(number: int, **cells: str) -> list[str]:
    row = dict(zip(("code", "sent", "text", "agency", "name", "phone"), GOOD, strict=True))
    return list((row | {"code": f"PAKN.{number}"} | cells).values())


@pytest.fixture
async def town(database: str) -> Town:
    return await make_town()


async def take(content: bytes, by: Actor, **wish: bool) -> Outcome:
    sheet = read_sheet(content)
    wanted = Wish(
        headers=guess_headers(sheet.headers, {}),
        skip_bad=wish.get("skip_bad", False),
        check_only=wish.get("check_only", False),
    )
    return await portal.import_sheet(sheet, wanted, PEPPER, by=by, now=NOW)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_file_is_read_whatever_its_letters_and_marks(encoding: str, mark: str) -> None:
    sheet = read_sheet(table(GOOD, mark=mark, above="Danh sách\r\n\r\n").encode(encoding))
    assert sheet.headers == HEADERS
    assert sheet.rows == [(4, GOOD)]


@pytest.mark.parametrize(("mark", "other"), [(",", ";"), (";", ","), ("\t", ",")])
@pytest.mark.parametrize("headers", [HEADERS, ["Số", "Lúc", "Lời", "Nơi", "Ai", "Gọi"]])
def test_a_letter_full_of_commas_does_not_hide_the_mark(
    headers: list[str], mark: str, other: str
) -> None:
    # Unquoted where Excel needs no quotes: the letter has more marks than the file has columns.
    letter = [*GOOD[:2], f"giấy{other} " * 12 + "phí", "Sở Xây dựng", "Bé", "0912 345 678"]
    plain = [*GOOD[:2], "Chờ ba tuần", "", "", "0912 345 678"]
    text = "\r\n".join(mark.join(row) for row in (headers, letter, plain, plain))
    sheet = read_sheet(text.encode())
    assert sheet.headers == headers
    assert [cells for _line, cells in sheet.rows] == [letter, plain, plain]


def test_old_windows_letters_become_the_same_words() -> None:
    # Windows-1258 has Vietnamese vowels whole and tones apart.
    words = "Tr\u00e2\u0300n Thi\u0323 Be\u0301; n\u00f4\u0323i dung \u0111\u01a1n"
    content = b"Ma PAKN,Ngay gui,Noi dung\r\n1,02/03/2026," + words.encode("cp1258") + b"\r\n"
    sheet = read_sheet(content)
    assert sheet.encoding == "cp1258"
    assert sheet.rows[0][1][2] == "Trần Thị Bé; nội dung đơn"


@pytest.mark.parametrize("content", [b"", b"  \r\n", b"PK\x03\x04", b"Ma,Ngay\r\n", b"a\x90\x81,b"])
def test_what_is_no_table_is_refused(content: bytes) -> None:
    with pytest.raises(FieldError):
        read_sheet(content)


async def test_a_row_becomes_a_case_whose_clocks_run_since_it_was_sent(town: Town) -> None:
    outcome = await take(table(GOOD).encode(), town.coordinator)
    assert (outcome.new, outcome.written) == (1, True)
    (case,) = await fetch(
        "SELECT c.*, k.reply, k.publication FROM reflection_case c"
        " JOIN case_contact k ON k.case_id = c.id"
    )
    assert (case["channel"], case["agency"]) == ("portal", town.other)
    assert not case["reply"]
    assert not case["publication"]
    starts = {row["started_at"] for row in await fetch("SELECT started_at FROM case_clock")}
    assert starts == {datetime(2026, 3, 2, 1, 15, tzinfo=UTC)}


async def test_a_dossiers_code_is_kept_though_the_agency_has_no_such_dossier(town: Town) -> None:
    content = "\r\n".join(
        f"{line},{cell}"
        for line, cell in zip(table(GOOD).splitlines(), ("Mã hồ sơ", "H9"), strict=True)
    )
    assert (await take(content.encode(), town.coordinator)).new == 1
    (text,) = await fetch("SELECT text FROM case_text")
    assert text["text"].endswith("\n\nMã hồ sơ do người gửi ghi: H9")


async def test_a_number_that_nobody_can_read_loses_no_case_that_is_reached_otherwise(
    town: Town,
) -> None:
    rows = (changed(1, phone="0258 3822 222"), changed(2, phone="912345678"), changed(3, phone="?"))
    cells = ("Thư điện tử", "be@example.vn", "không có", "ba@example.vn")
    lines = zip(table(*rows).splitlines(), cells, strict=True)
    content = "\r\n".join(f"{line},{cell}" for line, cell in lines)
    outcome = await take(content.encode(), town.coordinator)
    assert (outcome.new, outcome.faults) == (3, [])
    kept = await fetch("SELECT phone, mail, address FROM case_contact ORDER BY case_id")
    assert sorted(map(str, (tuple(row.values()) for row in kept))) == [
        "('+842583822222', 'be@example.vn', '')",
        "('+84912345678', None, 'Thư điện tử ghi: không có')",
        "(None, 'ba@example.vn', 'Số điện thoại ghi: ?')",
    ]


async def test_the_same_file_twice_changes_nothing(town: Town) -> None:
    content = table(GOOD, changed(2)).encode()
    await take(content, town.coordinator)
    again = await take(content, town.coordinator)
    assert (again.new, again.known) == (0, 2)
    assert len(await fetch("SELECT 1 FROM reflection_case")) == 2


BAD = [
    changed(2, sent="hôm qua"),
    changed(3, sent="02/03/2036"),
    changed(4, text=""),
    changed(5, agency="Sở Không Có"),
    changed(6, phone="123"),
    changed(7, phone=""),
    ["", *GOOD[1:]],
    GOOD,
    ["A" * 200 + "1", *GOOD[1:]],
]


async def test_all_bad_rows_are_told_by_number_and_nothing_is_written(town: Town) -> None:
    outcome = await take(table(GOOD, *BAD).encode(), town.coordinator)
    assert [fault.line for fault in outcome.faults] == list(range(3, 12))
    assert not outcome.written
    assert not await fetch("SELECT 1 FROM reflection_case")
    assert "hàng 2" in outcome.faults[-2].error.told()
    assert "quá dài" in outcome.faults[-1].error.told()


async def test_the_good_rows_are_taken_where_that_is_chosen(town: Town) -> None:
    outcome = await take(table(GOOD, *BAD).encode(), town.coordinator, skip_bad=True)
    assert outcome.written
    assert len(await fetch("SELECT 1 FROM reflection_case")) == outcome.new == 1


async def test_a_check_writes_nothing(town: Town) -> None:
    outcome = await take(table(GOOD).encode(), town.coordinator, check_only=True)
    assert (outcome.new, outcome.written) == (1, False)
    assert not await fetch("SELECT 1 FROM reflection_case")


async def test_an_agency_takes_its_own_rows_only(town: Town) -> None:
    rows = table(changed(1, agency=""), changed(2)).encode()
    outcome = await take(rows, town.clerk, skip_bad=True)
    assert [fault.line for fault in outcome.faults] == [3]
    (case,) = await fetch("SELECT agency, on_behalf FROM reflection_case")
    assert case["agency"] == town.agency


async def test_a_name_that_two_agencies_bear_is_asked_for_by_code(town: Town) -> None:
    twin = await make_agency("XD2", name="Sở Xây dựng")
    outcome = await take(table(GOOD, changed(2, agency="xd2")).encode(), town.coordinator)
    (fault,) = outcome.faults
    assert (fault.line, fault.column) == (2, "Cơ quan xử lý")
    assert "Có 2 cơ quan tên là «Sở Xây dựng»" in fault.error.told()
    by_code = table(changed(2, agency="xd2")).encode()
    assert (await take(by_code, town.coordinator)).written
    (case,) = await fetch("SELECT agency FROM reflection_case")
    assert case["agency"] == twin


async def test_headers_are_remembered_for_the_next_file(town: Town) -> None:
    headers = {"source": "Số", "received": "Lúc", "text": "Lời"}
    assert town.coordinator.account is not None
    await portal.remember_headers(headers, agency=None, actor=town.coordinator.account)
    known = await portal.remembered_headers(None)
    assert guess_headers(["SỐ", "lúc", "Lời"], known) == {
        "source": "SỐ", "received": "lúc", "text": "Lời",
    }  # fmt: skip
    assert await portal.remembered_headers(town.agency) == {}
