"""What the worker does for cases: their clocks follow the calendar, and superiors are told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.jobs import SCHEDULE, TASKS, run_one
from app.settings import Settings
from surveys import calendars, jobs, reflections
from surveys.days import local_day
from surveys.transactions import fetch, fetch_one
from tests.surveys.case_town import make_town, open_one


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path)


async def work_off(settings: Settings) -> list[str]:
    done = []
    while row := await fetch_one("SELECT task FROM job WHERE done_at IS NULL ORDER BY due, id"):
        done.append(row["task"])
        assert await run_one(settings, "worker")
    return done


async def test_a_day_off_said_today_moves_the_ends_of_clocks(
    database: str, settings: Settings
) -> None:
    town = await make_town()
    opened = await open_one(town, now=datetime.now(UTC))
    assert opened.due_at is not None
    before = opened.due_at
    await calendars.set_day(
        local_day(before),
        "holiday",
        "Bão số 7",
        agency_id=town.agency,
        actor=town.coordinator.account,
    )
    assert "recount_clocks" in await work_off(settings)
    moved = await reflections.citizen_view(opened.id)
    assert moved.case["due_at"] > before
    (day,) = await fetch("SELECT id FROM special_day")
    await calendars.remove_day(day["id"], actor=town.coordinator.account)
    await work_off(settings)
    assert (await reflections.citizen_view(opened.id)).case["due_at"] == before


async def test_the_superior_is_told_by_the_clock(database: str, settings: Settings) -> None:
    town = await make_town()
    assert town.coordinator.account
    await reflections.add_escalation(
        clock="answer", after_hours=0, channel="mail", address="chanh.van.phong@example.vn",
        actor=town.coordinator.account,
    )  # fmt: skip
    await open_one(town, now=datetime.now(UTC) - timedelta(days=60))
    assert {"escalate_cases", "recount_clocks"} <= SCHEDULE.keys() <= TASKS.keys()
    for _twice in range(2):
        await jobs.enqueue("escalate_cases")
        await work_off(settings)
    (message,) = await fetch("SELECT event FROM outbox_message")
    assert message["event"] == "reflection_overdue"


async def test_a_case_that_waits_for_a_silent_citizen_goes_on_by_the_clock(
    database: str, settings: Settings
) -> None:
    town = await make_town()
    asked = datetime.now(UTC) - timedelta(days=30)
    opened = await open_one(town, now=asked)
    await reflections.receive(opened.id, town.clerk, now=asked)
    await reflections.ask_information(opened.id, "Ở đâu?", town.clerk, now=asked)
    assert SCHEDULE["resume_lapsed"] == 15
    await jobs.enqueue("resume_lapsed")
    assert "resume_lapsed" in await work_off(settings)
    assert (await reflections.citizen_view(opened.id)).case["state"] == "received"
    (done,) = await fetch("SELECT outcome::text FROM job WHERE task = 'resume_lapsed'")
    assert '"resumed": 1' in done["outcome"]
