"""The document of a kiosk: settings by scope, languages as data, hours, recordings."""

from datetime import date
from pathlib import Path

import httpx
import pytest

from app import kiosk_config as built
from app.intake import Forms
from app.kiosk_prompts import list_prompts, save_prompt
from app.kiosk_texts import TEXTS
from app.settings import Settings
from surveys import calendars, kiosks
from surveys.accounts import FieldError
from surveys.kiosks import KioskSettings, Scope
from tests.factories import make_agency, make_counter

WAV = b"RIFF\x00\x00\x00\x00WAVEfmt "


async def config(counter: int, settings: Settings) -> dict[str, object]:
    built.forget_configs()
    return await built.kiosk_config(counter, Forms(), settings)


@pytest.mark.usefixtures("form")
async def test_a_counter_goes_before_its_agency_and_that_before_the_province(
    tmp_path: Path,
) -> None:
    agency = await make_agency()
    counter = await make_counter(agency)
    settings = Settings(var=tmp_path)
    plain = await config(counter, settings)
    assert (plain["idle_seconds"], plain["hours"], plain["assisted"]) == (15, None, True)
    for scope, seconds in ((Scope(), 20), (Scope(agency=agency), 30), (Scope(counter=counter), 40)):
        said = KioskSettings(idle_seconds=seconds)
        assert await kiosks.save_settings(scope, said, actor=None) == 1
        assert await kiosks.save_settings(scope, said, actor=None) is None
        now = await config(counter, settings)
        assert now["idle_seconds"] == seconds
    assert now["version"] != plain["version"]
    assert [row["version"] for row in await kiosks.list_versions(Scope(counter=counter))] == [1]


@pytest.mark.usefixtures("form")
async def test_a_language_without_a_catalogue_falls_back_to_vietnamese_text_by_text(
    tmp_path: Path,
) -> None:
    counter = await make_counter(await make_agency())
    own = kiosks.parse_texts("key,text\ntitle,ការវាយតម្លៃ\n".encode(), TEXTS)
    said = KioskSettings(
        languages={"vi": "Tiếng Việt", "km": "Khmer"}, default_language="km", texts={"km": own}
    )
    await kiosks.save_settings(Scope(), said, actor=None)
    found = await config(counter, Settings(var=tmp_path))
    texts = found["texts"]
    assert isinstance(texts, dict)
    assert texts["km"]["title"] == "ការវាយតម្លៃ"
    assert texts["km"]["privacy"] == texts["vi"]["privacy"]
    assert found["default_language"] == "km"


def test_bad_rows_of_texts_are_told_by_number() -> None:
    with pytest.raises(FieldError) as caught:
        kiosks.parse_texts(b"key,text\nnone,x\nkeys,no place\n", TEXTS)
    assert "2: " in caught.value.told()
    assert "3: " in caught.value.told()


@pytest.mark.usefixtures("form")
async def test_hours_follow_the_calendar_once_somebody_entered_any(tmp_path: Path) -> None:
    counter = await make_counter(await make_agency())
    week = {day: calendars.parse_spans("07:30-11:30, 13h30-17h00") for day in range(1, 6)}
    await calendars.set_hours(week, date(2020, 1, 1), actor=None)
    found = await config(counter, Settings(var=tmp_path))
    hours = found["hours"]
    assert isinstance(hours, dict)
    assert len(hours) == 60
    assert [["07:30", "11:30"], ["13:30", "17:00"]] in hours.values()


async def test_a_recording_is_served_by_its_content(
    client: httpx.AsyncClient, tmp_path: Path
) -> None:
    settings = Settings(var=tmp_path)
    assert save_prompt(settings, "counter", "overall", "vi", WAV) == "wav"
    (prompt,) = list_prompts(settings, "counter")
    answer = await client.get(prompt.address)
    assert (answer.status_code, answer.content) == (200, WAV)
    assert "immutable" in answer.headers["cache-control"]
    save_prompt(settings, "counter", "overall", "vi", b"OggS" + WAV)
    assert (await client.get(prompt.address)).status_code == 404


@pytest.mark.parametrize("content", [b"", b"<html>", b"RIFF" * 300_000])
def test_what_is_no_recording_or_too_large_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(FieldError):
        save_prompt(Settings(var=tmp_path), "counter", "overall", "vi", content)


async def test_holidays_are_seeded_once_and_a_second_time_change_nothing(database: str) -> None:
    assert await calendars.seed_holidays(2026) == 15
    assert await calendars.seed_holidays(2026) == 0
    assert len(await calendars.list_days(2026)) == 15
