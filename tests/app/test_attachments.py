"""Files of cases: kept apart, scanned, read by who may, and gone in time."""

import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from app import clamav
from app.attachment_care import scan_waiting, sweep_files
from app.attachments import CleanFile, check_file, keep_files, path_of
from app.settings import SettingError, Settings
from surveys import reflections
from surveys.accounts import FieldError, Role
from surveys.errors import InputError, NotFoundError
from surveys.reflections import CITIZEN, MoveError, RoleError, UnknownCaseError
from surveys.reflections.files import find_file, remove_file
from surveys.transactions import fetch, fetch_one
from tests.app.files import EICAR, document, photograph, picture
from tests.app.people import get, make_person, sign_in
from tests.app.scanner import Scanner, scanner
from tests.surveys.case_town import Town, bring_in_hand, bring_to_answer, make_town, open_one


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The same folder as the server's."""
    return Settings(var=tmp_path)


@pytest.fixture
async def town(database: str) -> Town:
    return await make_town()


@pytest.fixture
async def clamd() -> AsyncIterator[Scanner]:
    async with scanner() as one:
        yield one


def scanned_by(settings: Settings, one: Scanner) -> Settings:
    return Settings(var=settings.var, clamav=one.address)


async def clean(settings: Settings, number: int = 0) -> CleanFile:
    return await check_file("a.png", picture("PNG", (64, 48 + number)), settings)


async def rows() -> list[dict[str, object]]:
    return await fetch("SELECT * FROM case_attachment ORDER BY label")


async def test_a_file_lies_under_a_name_of_ours_and_only_we_read_it(
    town: Town, settings: Settings
) -> None:
    case = await open_one(town)
    sent = [
        await check_file("đơn của Trần Thị Bé.jpg", photograph(), settings),
        await check_file("CCCD Bé.pdf", document(), settings),
    ]
    kept = await keep_files(case.id, sent, by=CITIZEN, settings=settings)
    assert len(kept) == 2
    assert [(row["label"], row["scan"]) for row in await rows()] == [
        ("anh-1.jpg", "not_scanned"),
        ("tai-lieu-2.pdf", "not_scanned"),
    ]
    for name, file in zip(kept, sent, strict=True):
        path = path_of(settings, name)
        assert path.read_bytes() == file.data
        assert path.stat().st_mode & 0o777 == 0o600
        assert (settings.var / "attachments").stat().st_mode & 0o777 == 0o700
    events = [row["name"] for row in await reflections_log(case.id)]
    assert events == ["opened", "files_added"]


async def reflections_log(case: UUID) -> list[dict[str, object]]:
    return (await reflections.citizen_view(case)).events


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "rỗng"),
        (b"MZ\x90\x00 a program", "không phải ảnh"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "không phải ảnh"),
        (b"\xff\xd8\xff\xe0 no picture at all", "bị hỏng"),
        (b"\x89PNG\r\n\x1a\n" + bytes(1_000_001), "lớn hơn 1 MB"),
    ],
)
async def test_what_cannot_be_taken_is_refused_by_its_content(
    settings: Settings, data: bytes, said: str
) -> None:
    small = Settings(var=settings.var, file_max_mb=1)
    with pytest.raises(InputError) as refused:
        await check_file("C:\\Users\\Be\\" + "x" * 100 + ".jpg", data, small)
    assert said in str(refused.value)
    assert "Users" not in str(refused.value)
    assert isinstance(refused.value, FieldError)
    assert refused.value.field == "files"


async def test_a_file_that_is_sent_twice_is_kept_once_and_five_are_all(
    town: Town, settings: Settings
) -> None:
    case = await open_one(town)
    one = await clean(settings)
    assert len(await keep_files(case.id, [one, one], by=CITIZEN, settings=settings)) == 1
    assert await keep_files(case.id, [one], by=CITIZEN, settings=settings) == []
    more = [await clean(settings, number) for number in range(1, 6)]
    with pytest.raises(FieldError):
        await keep_files(case.id, more, by=CITIZEN, settings=settings)
    assert len(await keep_files(case.id, more[:4], by=CITIZEN, settings=settings)) == 4
    assert len(files_on_disk(settings)) == 5


def files_on_disk(settings: Settings) -> list[Path]:
    return sorted((settings.var / "attachments").glob("*/*"))


async def test_nobody_adds_files_where_they_may_not(town: Town, settings: Settings) -> None:
    case = await open_one(town)
    one = await clean(settings)
    with pytest.raises(UnknownCaseError):
        await keep_files(case.id, [one], by=town.stranger, settings=settings)
    await bring_in_hand(case.id, town)
    await bring_to_answer(case.id, town)
    with pytest.raises(MoveError):
        await keep_files(case.id, [one], by=CITIZEN, settings=settings)
    row = await fetch_one("SELECT id FROM case_answer")
    assert row is not None
    with pytest.raises(RoleError):
        await keep_files(case.id, [one], by=CITIZEN, settings=settings, answer=row["id"])
    other = await open_one(town)
    with pytest.raises(NotFoundError):
        await keep_files(other.id, [one], by=town.clerk, settings=settings, answer=row["id"])
    assert files_on_disk(settings) == []
    assert await keep_files(case.id, [one], by=town.clerk, settings=settings, answer=row["id"])


async def test_a_virus_is_refused_and_nothing_is_kept(settings: Settings, clamd: Scanner) -> None:
    with pytest.raises(FieldError) as refused:
        await check_file("a.jpg", photograph() + EICAR, scanned_by(settings, clamd))
    assert "vi-rút" in str(refused.value)
    assert (await check_file("a.jpg", photograph(), scanned_by(settings, clamd))).scan == "clean"
    assert clamd.asked == 2


async def test_clamd_is_asked_over_a_socket_of_the_file_system_too(settings: Settings) -> None:
    async with scanner(settings.var / "clamd.ctl") as one:
        assert await clamav.find_virus(one.address, b"x" * 200_000) == ""
        assert await clamav.find_virus(one.address, EICAR) == "Eicar-Test-Signature"
        with pytest.raises(clamav.ScanError):
            await clamav.find_virus(one.address, bytes(26_000_000))


@pytest.mark.parametrize("mood", ["loading", "silent", "gone"])
async def test_without_a_verdict_a_file_waits_and_nobody_reads_it(
    town: Town, settings: Settings, clamd: Scanner, monkeypatch: pytest.MonkeyPatch, mood: str
) -> None:
    monkeypatch.setattr(clamav, "SECONDS", 0.3)
    clamd.mood = mood
    address = "127.0.0.1:1" if mood == "gone" else clamd.address
    case = await open_one(town)
    wish = Settings(var=settings.var, clamav=address)
    sent = [await check_file("a.jpg", photograph(), wish), await clean(settings)]
    assert sent[0].scan == "waiting"
    waiting, _unscanned = await keep_files(case.id, sent, by=CITIZEN, settings=wish)
    for reader in (CITIZEN, town.clerk):
        with pytest.raises(MoveError, match="chờ quét"):
            await find_file(case.id, waiting, reader)
    assert (await scan_waiting(wish))["unanswered"] == 1
    monkeypatch.setattr(clamav, "SECONDS", 30)
    clamd.mood = "well"
    assert await scan_waiting(scanned_by(settings, clamd)) == {
        "clean": 2,
        "infected": 0,
        "unanswered": 0,
    }
    assert (await find_file(case.id, waiting, CITIZEN))["scan"] == "clean"


async def test_a_virus_that_is_found_later_is_deleted_and_the_case_says_so(
    town: Town, settings: Settings, clamd: Scanner
) -> None:
    case = await open_one(town)
    (name,) = await keep_files(case.id, [await clean(settings)], by=CITIZEN, settings=settings)
    # Signatures of tomorrow find what today's did not.
    path_of(settings, name).write_bytes(EICAR)
    assert (await scan_waiting(scanned_by(settings, clamd)))["infected"] == 1
    assert not path_of(settings, name).exists()
    with pytest.raises(NotFoundError):
        await find_file(case.id, name, town.clerk)
    events = await reflections_log(case.id)
    assert events[-1]["name"] == "file_infected"
    assert reflections.event_title("file_infected") == "Xóa một tệp vì có vi-rút"


async def test_without_a_scanner_nothing_is_scanned(town: Town, settings: Settings) -> None:
    case = await open_one(town)
    await keep_files(case.id, [await clean(settings)], by=CITIZEN, settings=settings)
    assert sum((await scan_waiting(settings)).values()) == 0


def test_an_address_that_no_scanner_has_is_told_at_the_start() -> None:
    for address in ("", "localhost:3310", "unix:/run/clamav/clamd.ctl", "[::1]:3310"):
        clamav.check_address(address)
    with pytest.raises(SettingError, match="SIPAS_CLAMAV"):
        clamav.check_address("/run/clamav/clamd.ctl")


async def test_files_go_in_time_but_not_while_the_case_is_open(
    town: Town, settings: Settings
) -> None:
    case = await open_one(town)
    (name,) = await keep_files(case.id, [await clean(settings)], by=CITIZEN, settings=settings)
    later = datetime.now(UTC) + timedelta(days=731)
    assert await sweep_files(settings, now=later) == {"case_files": 0, "orphan_files": 0}
    await bring_in_hand(case.id, town)
    await bring_to_answer(case.id, town)
    soon = datetime.now(UTC) + timedelta(days=729)
    assert await sweep_files(settings, now=soon) == {"case_files": 0, "orphan_files": 0}
    assert path_of(settings, name).exists()
    assert await sweep_files(settings, now=later) == {"case_files": 1, "orphan_files": 0}
    assert files_on_disk(settings) == []
    assert await rows() == []


async def test_a_file_of_which_no_row_speaks_is_swept_up_after_a_day(
    town: Town, settings: Settings
) -> None:
    case = await open_one(town)
    kept, lost = [await clean(settings, number) for number in range(2)]
    (name,) = await keep_files(case.id, [kept], by=CITIZEN, settings=settings)
    orphan = path_of(settings, UUID(int=7))
    orphan.parent.mkdir()
    orphan.write_bytes(lost.data)
    assert (await sweep_files(settings))["orphan_files"] == 0
    yesterday = datetime.now(UTC).timestamp() - 90_000
    for path in files_on_disk(settings):
        os.utime(path, (yesterday, yesterday))
    assert (await sweep_files(settings))["orphan_files"] == 1
    assert files_on_disk(settings) == [path_of(settings, name)]


async def test_the_citizen_takes_a_file_back(town: Town, settings: Settings) -> None:
    case = await open_one(town)
    (name,) = await keep_files(case.id, [await clean(settings)], by=CITIZEN, settings=settings)
    await remove_file(case.id, name, CITIZEN)
    with pytest.raises(NotFoundError):
        await remove_file(case.id, name, CITIZEN)
    assert (await reflections_log(case.id))[-1]["name"] == "file_removed"


async def kept_over_http(settings: Settings, agency: int) -> tuple[reflections.Opened, UUID]:
    town = await make_town()
    case = await open_one(town, agency=agency)
    sent = await check_file("a.jpg", photograph(), settings)
    (name,) = await keep_files(case.id, [sent], by=CITIZEN, settings=settings)
    return case, name


async def test_a_browser_saves_a_file_and_runs_nothing_in_it(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    town = await make_town()
    case, name = await kept_over_http(settings, town.agency)
    answer = await client.get(f"/p/{case.token}/files/{name}")
    assert answer.status_code == 200
    assert answer.content == path_of(settings, name).read_bytes()
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="{case.reference}-anh-1.jpg"'
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "no-store" in answer.headers["cache-control"]
    assert answer.headers["referrer-policy"] == "no-referrer"


async def test_another_link_and_another_case_do_not_lead_to_a_file(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    town = await make_town()
    case, name = await kept_over_http(settings, town.agency)
    other = await open_one(town)
    for address in (
        f"/p/{other.token}/files/{name}",
        f"/p/{case.token[:-1]}x/files/{name}",
        f"/p/{case.token}/files/{UUID(int=1)}",
    ):
        assert (await client.get(address)).status_code == 404, address
    path_of(settings, name).unlink()
    lost = await client.get(f"/p/{case.token}/files/{name}")
    assert lost.status_code == 404


async def test_officials_of_the_agency_read_a_file_and_each_reading_is_logged(
    client: httpx.AsyncClient, settings: Settings
) -> None:
    account = await make_person(Role.AGENCY)
    mine = await fetch_one("SELECT agency FROM account WHERE id = $1", account)
    assert mine is not None
    case, name = await kept_over_http(settings, mine["agency"])
    town = await make_town()
    foreign, foreign_name = await kept_over_http(settings, town.other)
    await sign_in(client, Role.AGENCY)
    answer = await get(client, f"/cases/{case.reference}/files/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    refused = await get(client, f"/cases/{foreign.reference}/files/{foreign_name}")
    assert refused.status_code == 404
    log = await fetch("SELECT account, subject FROM audit_entry WHERE action = 'case_file_read'")
    assert log == [{"account": account, "subject": case.reference}]
