"""The nightly judge from the sealed window to flags: open, compute, write, let ratings go.

Only jobs and commands import this: numpy and scipy take seconds to load, and no process that
takes ratings should wait for them, nor hold the key.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import polars as pl

from analysis.quality import Judgement, QualityRecipe, explain, judge
from app.observations import EPOCH, columns, device_counts, place
from app.quality_keys import quality_key
from app.settings import Settings
from surveys.days import local_day
from surveys.quality import days as kept
from surveys.quality import judging
from surveys.quality.judging import Result, Seen, Verdict, monday


async def judge_window(settings: Settings, now: datetime | None = None) -> dict[str, int]:
    """Judge what the window shows of ended days and weeks; safe to run again at any time."""
    today = local_day(now or datetime.now(UTC))
    first = today - timedelta(days=settings.window_days)
    recipe = QualityRecipe(few=settings.batch_others)
    sightings = await judging.open_window(quality_key(settings), today)
    seen = [one for one in await place(sightings) if one.day < today]
    found = judge(*await columns(seen, first), recipe=recipe)
    whole = [one for one in _kept_days(found, seen) if first <= one.day < today]
    hidden = [kept.hide_few(one, settings.batch_others) for one in whole]
    await kept.store_days(hidden, today - timedelta(days=1))
    flagged = 0
    for week in await weeks_to_judge(seen, first, today):
        flagged += await store_week(found, week, today, recipe)
    released = await judging.release(seen, monday(first))
    lost = await judging.release_lost(first - timedelta(days=1))
    await judging.close_window(first)
    return {"days": len(hidden), "flagged": flagged, "released": released + lost}


async def weeks_to_judge(seen: Sequence[Seen], first: date, today: date) -> list[date]:
    """Mondays of ended weeks that the window still shows, and that were not judged."""
    ended = {monday(one.day) for one in seen if monday(one.day) + judging.WEEK <= today}
    known = await judging.judged_weeks()
    return sorted(week for week in ended - known if week >= monday(first))


def _kept_days(found: Judgement, seen: Sequence[Seen]) -> list[kept.CounterDay]:
    counts = device_counts(seen)
    days = []
    for row in found.summaries.iter_rows(named=True):
        day = EPOCH + timedelta(days=row["day"])
        missing, late, conflicts, _bad = counts.get((row["counter"], day), [0, 0, 0, 0])
        stretches = zip(
            row["bin_start"], row["bin_end"], row["bin_handovers"], row["bin_counts"], strict=True
        )
        days.append(
            kept.CounterDay(
                counter=row["counter"],
                day=day,
                handovers=row["handovers"],
                ratings=row["ratings"],
                linked=row["linked"],
                off_hours=row["off_hours"],
                missing=missing,
                late=late,
                conflicts=conflicts,
                levels=row["counts"],
                gaps=row["gap_classes"],
                bins=[kept.Stretch(*one) for one in stretches],
            )
        )
    return days


async def store_week(found: Judgement, week: date, today: date, recipe: QualityRecipe) -> int:
    """Write what was found in one week; returns how many counters were flagged."""
    number = (week - EPOCH).days
    weeks = found.weeks.filter(pl.col("week") == number)
    days = found.days.filter(pl.col("day").is_between(number, number + 6))
    verdicts = list(_verdicts(weeks))
    stored = await judging.store_verdicts(
        week,
        [*_day_results(days), *_week_results(weeks)],
        verdicts,
        judged_on=today,
        counters=weeks["counter"].n_unique(),
        recipe=asdict(recipe),
    )
    return len(verdicts) if stored else 0


def _verdicts(weeks: pl.DataFrame) -> Iterable[Verdict]:
    carried = weeks.filter(pl.col("flagged") & (pl.col("detector") != "all"))
    for row in weeks.filter(pl.col("flagged") & (pl.col("detector") == "all")).iter_rows(
        named=True
    ):
        mine = carried.filter(pl.col("counter") == row["counter"]).sort("p")
        told = [_tell(one) for one in mine.iter_rows(named=True)]
        yield Verdict(row["counter"], mine["detector"].to_list(), row["q"], {"detectors": told})


def _tell(row: dict[str, Any]) -> dict[str, Any]:
    """What a detector saw, in the words of both languages: no page loads what computes them."""
    reasons = [
        reason | {language: explain(reason, language) for language in ("vi", "en")}
        for reason in row["reasons"]
    ]
    return {"detector": row["detector"], "p": _share(row["p"]), "q": row["q"], "reasons": reasons}


def _day_results(days: pl.DataFrame) -> list[Result]:
    return [
        Result(row["counter"], row["detector"], _share(row["p"]),
               EPOCH + timedelta(days=row["day"]), row["statistic"])
        for row in days.iter_rows(named=True)
    ]  # fmt: skip


def _week_results(weeks: pl.DataFrame) -> list[Result]:
    return [
        Result(row["counter"], row["detector"], _share(row["p"]), q=row["q"])
        for row in weeks.iter_rows(named=True)
    ]


def _share(p: float) -> float:
    return min(max(p, 0.0), 1.0)
