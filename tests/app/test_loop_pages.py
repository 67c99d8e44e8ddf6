"""How voices were answered, as officials and as everybody see it."""

import csv
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any

import httpx

from app.demo.cases import fill_cases
from app.loops import find_shown, public_quarters
from surveys.accounts import Role, create_account
from surveys.days import ZONE
from surveys.reflections.counting import CaseCounts
from surveys.transactions import fetch
from tests.app.people import PASSWORD, get, make_person, sign_in
from tests.app.published_town import make_agencies, publish

NOW = datetime.now(UTC)
QUARTER = public_quarters(NOW)[0].name


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))


async def fill() -> None:
    await make_agencies()
    await fill_cases(900, b"p" * 32, now=NOW)


def test_a_quarter_is_told_six_weeks_after_its_end() -> None:
    assert public_quarters(datetime(2026, 5, 14, tzinfo=ZONE), 1)[0].name == "2025-Q4"
    assert public_quarters(datetime(2026, 5, 15, tzinfo=ZONE), 1)[0].name == "2026-Q1"


def test_an_agency_that_answers_nothing_is_told_by_the_refusals_that_were_reopened() -> None:
    nothing: dict[str, Any] = dict.fromkeys(CaseCounts.__struct_fields__, 0)
    nothing |= {"parent": None, "minutes": []}
    refuser, one, other = [
        CaseCounts(**nothing | {"code": code, "name": code, "level": "commune", **said})
        for code, said in {
            "A": {"received": 40, "due": 40, "judged": 30, "reopened": 30},
            "B": {"received": 50, "due": 40, "answered": 40, "judged": 30},
            "C": {"received": 60, "due": 40, "answered": 40, "judged": 30},
        }.items()
    ]
    shown = find_shown([refuser, one, other], 10)
    assert shown["judged"] == {"A", "B", "C"}
    assert "A" not in shown["answered"]


async def test_everybody_sees_no_figure_that_rests_on_fewer_than_ten(
    client: httpx.AsyncClient, form: int
) -> None:
    await fill()
    shown = rows_of(await client.get(f"/answers/figures/{QUARTER}.csv"))
    assert {int(row["n"]) >= 10 for row in shown if row["n"]} == {True}
    names = {row["agency_name"] for row in shown if row["n"]}
    page = await get(client, "/answers/figures")
    assert page.status_code == 200
    assert all(name in page.text for name in names)
    # What is told of the whole is the sum of what is told of its parts.
    for measure in ("in_time", "settled", "made"):
        parts = [row for row in shown if row["measure"] == measure and row["n"]]
        whole = next(int(row["n"]) for row in parts if not row["agency_code"])
        assert whole == sum(int(row["n"]) for row in parts if row["agency_code"])
    hidden = {row["agency_code"] for row in shown} - {
        row["agency_code"] for row in shown if row["n"]
    }
    assert len(hidden) != 1


async def test_neither_a_year_nor_the_running_quarter_is_told_to_everybody(
    client: httpx.AsyncClient, form: int
) -> None:
    await fill()
    for period in (str(NOW.year), f"{NOW.year}-{NOW.month:02}", "9999-Q1", "x"):
        assert (await get(client, f"/answers/figures?period={period}")).status_code == 404
        assert (await get(client, f"/answers/figures/{period}.csv")).status_code == 404
    assert (await get(client, f"/answers/figures/{QUARTER}.xlsx")).status_code == 404


async def test_the_three_ratios_stand_in_a_file_of_their_own_and_beside_no_share(
    client: httpx.AsyncClient, form: int
) -> None:
    await fill()
    await publish(QUARTER)
    ratios = rows_of(await client.get(f"/answers/figures/{QUARTER}-qd766.csv"))
    assert {row["ratio"] for row in ratios} == {"in_time", "content", "dossiers"}
    shares = rows_of(await client.get(f"/answers/figures/{QUARTER}.csv"))
    assert "ratio" not in shares[0]
    page = (await get(client, "/answers/figures")).text
    assert page.index("Từng cơ quan") < page.index("Ba tỷ lệ theo Quyết định 766")
    assert "không phải chỉ số hài lòng" in page


async def test_an_agency_sees_itself_and_no_other(client: httpx.AsyncClient, form: int) -> None:
    await fill()
    (own,) = await fetch("SELECT id, name FROM agency WHERE code = 'NT'")
    (other,) = await fetch("SELECT name FROM agency WHERE code = 'SXD'")
    await create_account("nhatrang", Role.AGENCY, password=PASSWORD, actor=None, agency_id=own["id"], must_change=False)  # fmt: skip
    await sign_in(client, "nhatrang")
    page = (await get(client, f"/office/loop?period={NOW.year}")).text
    assert own["name"] in page
    assert other["name"] not in page
    rows = rows_of(await client.get(f"/office/loop/{NOW.year}.csv"))
    assert {row["agency_name"] for row in rows} <= {"", own["name"]}


async def test_the_office_sees_counts_that_are_too_few_for_a_share(
    client: httpx.AsyncClient, form: int
) -> None:
    await fill()
    await make_person(Role.ANALYST)
    await sign_in(client, Role.ANALYST)
    page = await get(client, f"/office/loop?period={QUARTER}")
    assert page.status_code == 200
    assert "dưới 10 vụ" in page.text
    wrong = await get(client, "/office/loop?period=hôm qua")
    assert wrong.status_code == 422
    assert "không phải là một kỳ" in wrong.text
    empty = await get(client, f"/office/loop?period={date(2001, 1, 1):%Y}")
    assert "Không có phản ánh" in empty.text
