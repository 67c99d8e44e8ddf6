"""Pages of flags over real HTTP: they work, they refuse, and they hold their rules."""

from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import msgspec
import pytest

from app.runs import compute_run
from app.server import create_app
from app.settings import Settings
from surveys import results
from surveys.accounts import Role, create_account
from surveys.quality.days import CounterDay, Stretch, hide_few, store_days
from surveys.questionnaires import load_questionnaire
from surveys.transactions import fetch
from tests.app.people import PASSWORD, get, make_person, post, sign_in, visitor
from tests.factories import make_agency, make_counter, make_dossier, make_procedure

WEEK = date(2021, 2, 8)
DECIDED = datetime(2021, 3, 1, tzinfo=UTC)
SAID = {"vi": "Dồn 40 lượt trong mười phút.", "en": "Forty ratings in ten minutes."}


async def make_flag(counter: int, week: date = WEEK, state: str = "open") -> UUID:
    flag = uuid4()
    reason = {"code": "burst", "observed": 40, **SAID}
    told = {"detector": "bursts", "p": 1e-9, "q": 1e-7, "reasons": [reason]}
    await fetch(
        "INSERT INTO quality_flag (id, counter, week, state, reasons, q, evidence, made_at, decision,"
        " decided_at) VALUES ($1, $2, $3, $4, $5, 1e-7, $6, now(), $7, $8)",
        flag, counter, week, state, '["bursts"]',
        msgspec.json.encode({"detectors": [told]}).decode(),
        *(("vì", DECIDED) if state in {"upheld", "dismissed"} else (None, None)),
    )  # fmt: skip
    for detector, p in (("bursts", 1e-9), ("gaps", 0.4)):
        await fetch(
            "INSERT INTO detector_result (counter, week, detector, p) VALUES ($1, $2, $3, $4)",
            *(counter, week, detector, p),
        )
    return flag


@pytest.fixture
async def place(database: str) -> tuple[int, int]:
    """An agency with an account `binh`, and its counter."""
    agency = await make_agency("STP", name="Sở Tư pháp")
    await create_account(
        "binh", Role.AGENCY, password=PASSWORD, actor=None, agency_id=agency, must_change=False
    )
    return agency, await make_counter(agency, "C1", name="Quầy Hộ tịch")


async def test_an_analyst_reads_what_was_seen_and_what_would_be_normal(
    client: httpx.AsyncClient, place: tuple[int, int]
) -> None:
    flag = await make_flag(place[1])
    await make_person(Role.ANALYST, "lan")
    await sign_in(client, "lan")
    listed = await get(client, "/office/flags?detector=bursts&state=open")
    assert "Quầy Hộ tịch" in listed.text
    assert "Quầy Hộ tịch" not in (await get(client, "/office/flags?detector=gaps")).text
    page = (await get(client, f"/office/flags/{flag}")).text
    for text in (SAID["vi"], "Bình thường:", "dưới một phần triệu", "Ngay sau khi trả kết quả"):
        assert text in page
    assert SAID["en"] in (await get(client, f"/office/flags/{flag}?lang=en")).text


async def test_no_page_shows_a_stretch_that_few_people_share(
    client: httpx.AsyncClient, place: tuple[int, int]
) -> None:
    bins = [Stretch(480, 490, 4, [0, 0, 0, 0, 3]), Stretch(490, 500, 9, [1, 0, 0, 0, 6])]
    few = CounterDay(place[1], WEEK, 4, 3, 3, 0, 0, 0, 0, [0, 0, 0, 0, 3], [3], bins[:1])
    some = msgspec.structs.replace(
        few, day=date(2021, 2, 9), handovers=13, ratings=10, levels=[1, 0, 0, 0, 9], bins=bins
    )
    await store_days([hide_few(one, 5) for one in (few, some)], WEEK)
    flag = await make_flag(place[1])
    await sign_in(client, "binh")
    page = (await get(client, f"/agency/flags/{flag}")).text
    assert "Quá ít người trong ngày" in page
    assert "08:00–08:20" in page
    assert "08:00–08:10" not in page
    assert "9 · 0 · 0 · 0 · 1" in page


async def test_an_agency_answers_its_own_flags_only(
    client: httpx.AsyncClient, server: str, place: tuple[int, int]
) -> None:
    flag = await make_flag(place[1])
    await make_person(Role.AGENCY, "khac")
    await sign_in(client, "binh")
    assert "Quầy Hộ tịch" in (await get(client, "/agency")).text
    assert (await post(client, f"/agency/flags/{flag}", text=" ")).status_code == 422
    assert (await post(client, f"/agency/flags/{flag}", text="Đoàn khách.")).status_code == 303
    assert "Đoàn khách." in (await get(client, f"/agency/flags/{flag}")).text
    async with visitor(server) as other:
        await sign_in(other, "khac")
        assert "Quầy Hộ tịch" not in (await get(other, "/agency")).text
        assert (await get(other, f"/agency/flags/{flag}")).status_code == 404
        assert (await post(other, f"/agency/flags/{flag}", text="x")).status_code == 404
    (row,) = await fetch("SELECT state, answer FROM quality_flag")
    assert (row["state"], row["answer"]) == ("answered", "Đoàn khách.")


async def test_a_decision_needs_a_reason_and_stands(
    client: httpx.AsyncClient, server: str, place: tuple[int, int]
) -> None:
    flag = await make_flag(place[1])
    await make_person(Role.ANALYST, "lan")
    await sign_in(client, "lan")
    address = f"/office/flags/{flag}"
    assert (await post(client, address, text="", decision="dismiss")).status_code == 422
    assert (await post(client, address, text="Có đoàn.", decision="dismiss")).status_code == 303
    assert (await post(client, address, text="Đổi ý.", decision="uphold")).status_code == 409
    async with visitor(server) as other:
        await sign_in(other, "binh")
        assert "Có đoàn." in (await get(other, f"/agency/flags/{flag}")).text
        answer = await post(other, f"/agency/flags/{flag}", text="Muộn.")
        assert answer.status_code == 409
    (row,) = await fetch("SELECT state, decision, answer FROM quality_flag")
    assert (row["state"], row["decision"], row["answer"]) == ("dismissed", "Có đoàn.", None)


async def rate(version: int, cell: int, level: int, many: int, flag: UUID | None) -> None:
    position = next(
        one.position
        for one in (await load_questionnaire(version)).questions
        if one.role == "overall"
    )
    await fetch(
        "WITH made AS (INSERT INTO rating (id, version, mode, cell, assisted, flag)"
        " SELECT gen_random_uuid(), $1, 'kiosk', $2, '', $3 FROM generate_series(1, $4)"
        " RETURNING id) INSERT INTO answer (rating, version, item, code)"
        " SELECT id, $1, $5, $6 FROM made",
        *(version, cell, flag, many, position, level),
    )


@pytest.mark.parametrize(
    ("state", "second"), [("open", 50.0), ("upheld", 50.0), ("dismissed", None)]
)
async def test_a_run_has_figures_with_and_without_flagged_ratings(
    form: int, place: tuple[int, int], tmp_path: Path, state: str, second: float | None
) -> None:
    agency, counter = place
    procedure = await make_procedure()
    for number in range(120):
        await make_dossier(agency, procedure, f"H{number}")
    rows = await fetch(
        "INSERT INTO cell (agency, field, channel, on_time, grain, returned_from)"
        " VALUES ($1, (SELECT field FROM procedure WHERE id = $2), 'counter', true, 'week', $3)"
        " RETURNING id",
        *(agency, procedure, WEEK),
    )
    cell = rows[0]["id"]
    flag = await make_flag(counter, state=state)
    await rate(form, cell, 5, 20, None)
    await rate(form, cell, 1, 20, None)
    await rate(form, cell, 5, 40, flag)
    run = await compute_run(Settings(var=tmp_path), "2021-Q1")
    document = (await results.get_run(run))["document"]
    first = {one["measure"]: one for one in document["figures"] if one["agency"] == "STP"}
    assert (first["overall_rating"]["n"], round(first["overall_rating"]["estimate"])) == (80, 75)
    kept = {one["measure"]: one for one in document["unflagged"]}
    shown = kept["overall_rating"]["estimate"] if kept else None
    assert (shown is None) == (second is None)
    assert shown is None or round(shown) == second
    # A lone agency of its level is hidden by no rule here; what is printed is the pair.
    public = await results.preview(run)
    pair = public["agencies"][0]["unflagged"].get("overall_rating")
    assert (pair is None) == (second is None)
    assert pair is None or pair["n"] == 40


async def test_where_answers_are_simulated_the_pages_of_flags_say_so(
    place: tuple[int, int], tmp_path: Path
) -> None:
    flag = await make_flag(place[1])
    await make_person(Role.ANALYST, "lan")
    pages = {"lan": ("/office/flags", f"/office/flags/{flag}"), "binh": (f"/agency/flags/{flag}",)}
    for simulated in (True, False):
        app = create_app(Settings(var=tmp_path, simulated=simulated))
        for person, addresses in pages.items():
            async with httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app),  # type: ignore[arg-type]
                base_url="http://testserver",
            ) as client:
                await sign_in(client, person)
                for address in addresses:
                    shown = (await get(client, address)).text
                    assert ("Dữ liệu minh họa" in shown) is simulated, address
