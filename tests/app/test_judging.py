"""The nightly judge, from sealed boxes to flags and released ratings."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import numpy as np
import pytest

from app.judging import judge_window
from app.quality_keys import quality_key, quality_window
from app.settings import Settings
from surveys.days import ZONE, local_day
from surveys.devices import Event
from surveys.quality import HANDOVER, Sighting, days
from surveys.quality.days import CounterDay, Stretch, hide_few
from surveys.quality.flags import WantedFlags, list_flags
from surveys.quality.judging import monday
from surveys.ratings import Batch, NewRating, mix, record_ratings
from surveys.transactions import fetch, transaction
from tests.factories import make_agency, make_counter, make_device, make_version

WEEK = date(2026, 3, 2)
NIGHT = datetime(2026, 3, 9, 1, 15, tzinfo=ZONE)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var=tmp_path)


def at(day: date, second: float) -> datetime:
    return datetime.combine(day, time(), ZONE) + timedelta(seconds=second)


class Office:
    """A counter with a device, whose days are written into boxes as the intake does."""

    def __init__(self, settings: Settings, code: str) -> None:
        self.window = quality_window(settings)
        self.code = code
        self.number = 0
        self.counter = 0
        self.device = uuid4()

    async def open(self, agency: int) -> "Office":
        self.counter = await make_counter(agency, self.code)
        self.device = await make_device(self.counter)
        return self

    async def hand_over(self, day: date, seconds: list[float]) -> None:
        seen = [
            Sighting(HANDOVER, at(day, one), counter=self.code, given_at=at(day, one))
            for one in seconds
        ]
        async with transaction() as connection:
            await self.window.keep(connection, seen, at(day, 0))

    async def take(
        self,
        version: int,
        day: date,
        taps: list[tuple[float, int]],
        *,
        received: date | None = None,
    ) -> list[UUID]:
        """Taps (second, level) of a day, received on it or later."""
        ratings = []
        for second, level in taps:
            self.number += 1
            event = Event(self.device, self.number, uuid4(), "tap", at(day, second))
            ratings.append(
                NewRating(
                    event.id, "counter", version, ((1, level),),
                    counter=self.code, event=event, level=level, levels=5,
                )
            )  # fmt: skip
        now = at(received or day, 80_000)
        assert set(await record_ratings(ratings, now, window=self.window)) == {"stored"}
        return [rating.id for rating in ratings]


async def honest_week(office: Office, version: int, rng: np.random.Generator) -> None:
    for place in range(5):
        day = WEEK + timedelta(days=place)
        times = np.sort(rng.uniform(7.5 * 3600, 16.5 * 3600, 24)).tolist()
        await office.hand_over(day, times)
        rated = [one + rng.uniform(20, 90) for one in times if rng.random() < 0.5]
        levels = rng.choice([3, 4, 5], len(rated), p=[0.1, 0.4, 0.5]).tolist()
        await office.take(version, day, list(zip(rated, levels, strict=True)))


async def press_before_lunch(office: Office, version: int) -> None:
    """An official presses the highest level between 11:20 and 11:30, day after day."""
    rng = np.random.default_rng(11)
    for place in range(5):
        seconds = np.sort(rng.uniform(11 * 3600 + 1200, 11 * 3600 + 1800, 45)).tolist()
        day = WEEK + timedelta(days=place)
        await office.take(version, day, [(second, 5) for second in seconds])


async def province(settings: Settings, offices: int = 12) -> tuple[list[Office], int]:
    version, rng = await make_version(), np.random.default_rng(7)
    agency = await make_agency("A1")
    found = [await Office(settings, f"C{place:02}").open(agency) for place in range(offices)]
    for office in found:
        await honest_week(office, version, rng)
    return found, version


async def waiting() -> dict[bool, int]:
    rows = await fetch("SELECT judged, count(*) AS n FROM waiting_rating GROUP BY judged")
    return {row["judged"]: row["n"] for row in rows}


async def test_a_planted_burst_is_flagged_and_honest_counters_are_not(
    database: str, settings: Settings
) -> None:
    offices, version = await province(settings)
    await press_before_lunch(offices[3], version)
    told = await judge_window(settings, NIGHT)
    assert told["flagged"] == 1
    (flag,), total = await list_flags(WantedFlags())
    assert (flag["counter"], flag["week"], flag["state"], total) == ("C03", WEEK, "open", 1)
    assert "bursts" in flag["reasons"]
    # Every tap of that counter's week carries the flag, whoever gave it; nothing was deleted.
    flagged = await fetch(
        "SELECT count(*) AS n FROM waiting_rating WHERE flag = $1 AND judged", flag["id"]
    )
    assert flagged[0]["n"] == offices[3].number
    assert await waiting() == {True: sum(office.number for office in offices)}


async def test_judging_twice_or_after_a_kill_changes_nothing(
    database: str, settings: Settings
) -> None:
    offices, version = await province(settings)
    await press_before_lunch(offices[3], version)
    all_of_them = sum(office.number for office in offices)
    await judge_window(settings, NIGHT - timedelta(days=2))
    assert await waiting() == {False: all_of_them}
    boxes = [tuple(row.values()) for row in await fetch("SELECT id, day, box FROM quality_box")]
    await judge_window(settings, NIGHT)
    before = await kept_rows()
    # A job that was killed after it had judged had let no rating go and closed no box.
    await fetch("UPDATE waiting_rating SET judged = false, flag = NULL")
    await fetch("DELETE FROM quality_box")
    for box in boxes:
        await fetch("INSERT INTO quality_box (id, day, box) VALUES ($1, $2, $3)", *box)
    assert (await judge_window(settings, NIGHT))["flagged"] == 0
    assert await kept_rows() == before
    assert await waiting() == {True: all_of_them}
    flagged = await fetch("SELECT id FROM waiting_rating WHERE flag IS NOT NULL")
    assert len(flagged) == offices[3].number


async def kept_rows() -> list[list[dict[str, object]]]:
    tables = {
        "counter_day": "counter, day", "detector_result": "counter, detector, day",
        "quality_flag": "counter", "judged_week": "week",
    }  # fmt: skip
    found = []
    for table, order in tables.items():
        rows = await fetch(f"SELECT * FROM {table} ORDER BY {order}")
        found.append([{name: row[name] for name in row if name != "id"} for row in rows])
    return found


async def test_the_window_is_emptied_of_what_it_need_no_longer_show(
    database: str, settings: Settings
) -> None:
    await province(settings, offices=2)
    await judge_window(settings, NIGHT)
    left = await fetch("SELECT DISTINCT day FROM quality_box ORDER BY day")
    assert [row["day"] for row in left] == [WEEK + timedelta(days=place) for place in range(1, 5)]
    await judge_window(settings, NIGHT + timedelta(days=4))
    assert await fetch("SELECT id FROM quality_box") == []


async def test_a_tap_that_comes_late_joins_the_verdict_of_its_week(
    database: str, settings: Settings
) -> None:
    offices, version = await province(settings)
    await press_before_lunch(offices[3], version)
    await judge_window(settings, NIGHT)
    late = await offices[3].take(
        version, WEEK + timedelta(days=4), [(36_000, 2)], received=WEEK + timedelta(days=8)
    )
    await judge_window(settings, NIGHT + timedelta(days=2))
    rows = await fetch("SELECT judged, flag FROM waiting_rating WHERE id = $1", late[0])
    assert rows[0]["judged"]
    assert rows[0]["flag"] is not None


async def test_a_rating_whose_box_is_gone_does_not_wait_for_ever(
    database: str, settings: Settings
) -> None:
    offices, _version = await province(settings, offices=1)
    await fetch("DELETE FROM quality_box")
    await judge_window(settings, NIGHT)
    assert await waiting() == {False: offices[0].number}
    await judge_window(settings, NIGHT + timedelta(days=9))
    assert await waiting() == {True: offices[0].number}


async def test_what_waits_for_the_judge_is_not_mixed(database: str, settings: Settings) -> None:
    await province(settings, offices=2)
    await mix(Batch(), now=NIGHT + timedelta(days=3))
    assert await fetch("SELECT id FROM rating") == []
    await judge_window(settings, NIGHT)
    await mix(Batch(), now=NIGHT + timedelta(days=3))
    assert len(await fetch("SELECT id FROM rating")) > 0


async def test_flagged_ratings_are_mixed_apart_and_keep_their_flag(
    database: str, settings: Settings
) -> None:
    offices, version = await province(settings)
    await press_before_lunch(offices[3], version)
    await judge_window(settings, NIGHT)
    await mix(Batch(), now=NIGHT + timedelta(days=3))
    rows = await fetch(
        "SELECT counter, count(*) AS n FROM rating WHERE flag IS NOT NULL GROUP BY 1"
    )
    assert [(row["counter"], row["n"]) for row in rows] == [(offices[3].counter, offices[3].number)]


async def test_no_stretch_of_minutes_is_kept_that_few_people_share(
    database: str, settings: Settings
) -> None:
    offices, _version = await province(settings)
    await judge_window(settings, NIGHT)
    kept = 0
    for office in offices:
        for row in await days.days_of_counter(office.counter, WEEK, WEEK + timedelta(days=6)):
            for one in row["bins"]:
                assert one["handovers"] >= settings.batch_others
                assert sum(one["levels"]) >= settings.batch_others
                assert one["start"] % 10 == one["end"] % 10 == 0
                kept += 1
    assert kept > len(offices)


def stretch(start: int, handovers: int, *levels: int) -> Stretch:
    return Stretch(start, start + 10, handovers, list(levels))


def counter_day(*bins: Stretch) -> CounterDay:
    levels = [sum(counts) for counts in zip(*(one.levels for one in bins), strict=True)]
    handovers, ratings = sum(one.handovers for one in bins), sum(levels)
    return CounterDay(
        1, WEEK, handovers, ratings, ratings, 0, 0, 0, 0, levels, [ratings], list(bins)
    )


def test_stretches_are_joined_until_enough_came_and_enough_rated() -> None:
    day = counter_day(
        stretch(480, 5, 0, 1), stretch(490, 1, 2, 2), stretch(500, 9, 0, 0), stretch(510, 5, 1, 5),
        stretch(520, 2, 1, 1),
    )  # fmt: skip
    kept = hide_few(day, 5).bins
    assert [(one.start, one.end, one.handovers, one.levels) for one in kept] == [
        (480, 500, 6, [2, 3]), (500, 530, 16, [2, 6]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "day", [counter_day(stretch(480, 40, 0, 4)), counter_day(stretch(480, 4, 9, 40))]
)
def test_a_day_of_few_keeps_its_totals_only(day: CounterDay) -> None:
    kept = hide_few(day, 5)
    assert (kept.levels, kept.gaps, kept.bins) == ([], [], [])
    assert (kept.handovers, kept.ratings) == (day.handovers, day.ratings)


async def test_the_judge_needs_the_private_half(database: str, settings: Settings) -> None:
    await province(settings, offices=1)
    (settings.var / "quality-key").unlink()
    (settings.var / "quality-key.pub").unlink()
    with pytest.raises(Exception, match="does not open"):
        await judge_window(settings, NIGHT)
    assert quality_key(settings).public != b""
    assert (settings.var / "quality-key").stat().st_mode & 0o777 == 0o600
    assert monday(local_day(datetime.now(UTC))).weekday() == 0
