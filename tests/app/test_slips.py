"""A slip on the receipt: good once there is a result, for one rating, however often printed."""

import argparse
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from app.commands.links import run_slip
from app.guessing import guesses
from app.settings import Settings
from app.slips import make_slip_pdf
from surveys.accounts import Role, issue_key
from surveys.errors import InputError
from surveys.ratings import Handover, hand_over, keep_promises
from surveys.ratings.codes import make_code
from surveys.rights import Slip
from surveys.transactions import fetch
from tests.app.people import get, make_person, post, sign_in
from tests.app.qr import decode, matrices, text_of
from tests.app.rights import obtain_ticket, rate, rating
from tests.factories import make_agency, make_counter, make_dossier, make_procedure

BASE = "https://danhgia.khanhhoa.gov.vn"
UNDER_WAY = {"returned_at": None, "closed_at": None, "outcome": None}


@pytest.fixture
async def shop(form: int) -> int:
    """Counter C1, a returned dossier H1 and one under way, W1; the agency's row."""
    agency = await make_agency("A1", name="Sở Tư pháp")
    await make_counter(agency, "C1")
    procedure = await make_procedure()
    await make_dossier(agency, procedure, "H1")
    await make_dossier(agency, procedure, "W1", **UNDER_WAY)
    return agency


async def key(agency: int | None = None) -> dict[str, str]:
    issued = await issue_key(f"Một cửa {agency}", "handover", actor=None, agency_id=agency)
    return {"Authorization": f"Bearer {issued}"}


async def order(
    client: httpx.AsyncClient, *dossiers: str, agency: int | None = None
) -> list[dict[str, str]]:
    answer = await client.post("/api/slips", json={"dossiers": dossiers}, headers=await key(agency))
    assert answer.status_code == 200, answer.text
    return list(answer.json()["slips"])


async def end(dossier: str) -> None:
    moment = datetime.now(UTC)
    await fetch(
        "UPDATE dossier SET returned_at = $2, closed_at = $2, outcome = 'granted' WHERE code = $1",
        *(dossier, moment),
    )


async def test_a_finished_dossier_can_be_rated_by_link_and_by_code(
    client: httpx.AsyncClient, shop: int
) -> None:
    (slip,) = await order(client, "H1")
    assert (slip["outcome"], len(slip["code"])) == ("open", 14)
    assert (await client.get(slip["link"])).status_code == 200
    opened = await client.post("/api/rights/code", json={"code": slip["code"]})
    ticket = await obtain_ticket(client, opened.json()["token"])
    assert (await rate(client, rating(ticket=ticket)))[0]["status"] == "stored"
    assert (await client.get(slip["link"])).status_code == 410
    assert (await order(client, "H1"))[0] == {
        "dossier": "H1", "outcome": "already rated", "link": "", "code": "",
    }  # fmt: skip


async def test_until_there_is_a_result_every_way_in_says_so(
    client: httpx.AsyncClient, shop: int
) -> None:
    (slip,) = await order(client, "W1")
    assert slip["outcome"] == "promised"
    token = slip["link"].rpartition("/")[2]
    page = await client.get(slip["link"])
    assert page.status_code == 200
    assert "Hồ sơ chưa có kết quả" in page.text
    assert "Hãy giữ giấy mời này" in page.text
    typed = await client.post("/c", data={"code": slip["code"]})
    assert "Hồ sơ chưa có kết quả" in typed.text
    sent = await client.post(slip["link"], data={"overall": "5"})
    assert "Hồ sơ chưa có kết quả" in sent.text
    for path, body in (("key", {"token": token}), ("code", {"code": slip["code"]})):
        refused = await client.post(f"/api/rights/{path}", json=body)
        assert (refused.status_code, refused.json()["code"]) == (409, "not finished")
    assert await fetch("SELECT FROM right_to_rate") == []
    assert not guesses.wrong


async def test_a_promised_right_opens_when_the_dossier_ends(
    client: httpx.AsyncClient, shop: int
) -> None:
    slips = [(await order(client, "W1"))[0] for _time in range(3)]
    await end("W1")
    # By its link, by its code, and by the job; each slip on its own.
    assert (await client.get(slips[0]["link"])).status_code == 200
    typed = await client.post("/c", data={"code": slips[1]["code"]})
    assert typed.status_code == 303
    assert await keep_promises() == 1
    third = slips[2]["link"].rpartition("/")[2]
    right = await fetch("SELECT expires_at FROM right_to_rate WHERE mode = 'online'")
    assert len(right) == 4
    assert all(
        timedelta(days=29) < row["expires_at"] - datetime.now(UTC) <= timedelta(days=30)
        for row in right
    )
    ticket = await obtain_ticket(client, third)
    assert (await rate(client, rating(ticket=ticket)))[0]["status"] == "stored"
    assert (await client.get(slips[0]["link"])).status_code == 410
    assert await fetch("SELECT FROM promised_right") == []


async def test_a_handover_ends_the_dossier_and_opens_the_slip(
    client: httpx.AsyncClient, shop: int
) -> None:
    (slip,) = await order(client, "W1")
    await hand_over([Handover("W1", "C1")], questionnaire="counter", minutes=10)
    assert (await client.get(slip["link"])).status_code == 200


async def test_a_program_makes_slips_for_its_own_agency_only(
    client: httpx.AsyncClient, shop: int
) -> None:
    other = await make_agency("A2")
    assert [one["outcome"] for one in await order(client, "H1", "X", agency=other)] == [
        "unknown dossier"
    ] * 2
    assert (await client.post("/api/slips", json={"dossiers": ["H1"]})).status_code == 401
    assert await fetch("SELECT FROM promised_right") == []


async def test_slips_are_printed_all_or_none(client: httpx.AsyncClient, shop: int) -> None:
    headers = await key()
    body = {"dossiers": ["H1", "W1"], "size": "a6"}
    printed = await client.post("/api/slips/pdf", json=body, headers=headers)
    assert printed.headers["content-type"] == "application/pdf"
    links = [decode(code) for code in matrices(printed.content)]
    assert len(links) == 2
    assert (await client.get(links[0])).status_code == 200
    refused = await client.post("/api/slips/pdf", json={"dossiers": ["H1", "X1"]}, headers=headers)
    assert refused.status_code == 422
    assert "X1" in refused.json()["detail"]
    assert len(await fetch("SELECT FROM right_to_rate")) == 1


@pytest.mark.parametrize("size", ["80mm", "a6"])
def test_a_slip_holds_a_code_to_scan_and_the_same_to_type(size: str) -> None:
    slip = Slip("H26.20-0042", "open", "Sở Tư pháp", "A" * 22, make_code(12))
    pdf = make_slip_pdf([slip], size, BASE)
    assert [decode(code) for code in matrices(pdf)] == [f"{BASE}/r/{'A' * 22}"]
    (text,) = text_of(pdf)
    for said in ("Mời Ông/Bà đánh giá", slip.typed, "danhgia.khanhhoa.gov.vn/c", "H26.20-0042"):
        assert said in text
    width = float(re.search(rb"/MediaBox\s*\[0 0 ([\d.]+)", pdf)[1])  # type: ignore[index]
    assert width == pytest.approx({"80mm": 226.8, "a6": 297.6}[size], abs=0.2)


@pytest.mark.parametrize("size", ["80mm", "a6"])
def test_the_longest_names_stay_on_one_slip(size: str) -> None:
    slip = Slip("H" * 80, "open", "Trung tâm Phục vụ hành chính công " * 6, "A" * 22, make_code(12))
    pdf = make_slip_pdf([slip, slip], size, f"{BASE}/mot-cua-dien-tu")
    assert pdf.count(b"/Type/Page/") == 2


async def test_the_administrator_prints_slips_and_the_log_says_how_many(
    client: httpx.AsyncClient, shop: int
) -> None:
    await make_person(Role.ADMINISTRATOR)
    await sign_in(client, "administrator")
    assert "Giấy mời đánh giá" in (await get(client, "/office/slips")).text
    wrong = await post(client, "/office/slips", dossiers="H1\nX9", size="a6")
    assert wrong.status_code == 422
    assert "X9" in wrong.text
    empty = await post(client, "/office/slips", dossiers=" ", size="a6")
    assert "Hãy ghi từ 1 đến 100 mã hồ sơ" in empty.text
    printed = await post(client, "/office/slips", dossiers="H1, W1\nH1", size="80mm")
    assert printed.headers["content-type"] == "application/pdf"
    assert len(matrices(printed.content)) == 2
    entries = await fetch("SELECT detail FROM audit_entry WHERE action = 'slips_printed'")
    assert [row["detail"] for row in entries] == ['{"slips": 2}']


async def test_the_command_prints_slips_to_a_file_that_others_cannot_read(
    shop: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "slips.pdf"
    options = argparse.Namespace(dossier=["H1", "W1"], pdf=file, size="a6")
    settings = Settings(var=tmp_path, public_url=BASE)
    assert await run_slip(options, settings) == 0
    said = capsys.readouterr().out
    links = [decode(code) for code in matrices(file.read_bytes())]
    assert [line.split("\t")[1] for line in said.splitlines()] == links
    assert file.stat().st_mode & 0o077 == 0
    with pytest.raises(InputError, match="exists already"):
        await run_slip(options, settings)
    unknown = argparse.Namespace(dossier=["X1"], pdf=tmp_path / "other.pdf", size="a6")
    with pytest.raises(InputError, match="X1"):
        await run_slip(unknown, settings)
    assert not unknown.pdf.exists()
