"""What runs by the clock or on demand, in a process of its own: the only place where surveys
meets analysis. An index run never holds up a tap."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import structlog

from app.access import pepper
from app.attachment_care import scan_waiting, sweep_files
from app.delivery import deliver
from app.mailbox import read_mailbox
from app.settings import Settings
from app.webhooks import tell
from surveys import alarms, calendars, jobs, ledger, reflections, retention
from surveys.days import local_day
from surveys.errors import DomainError
from surveys.messages import Timing, invite_returned
from surveys.ratings import Batch, keep_promises, mix

log = structlog.get_logger()

LEASE_SECONDS = 120
IDLE_SECONDS = 1.0

Handler = Callable[[Settings, dict[str, Any]], Awaitable[dict[str, Any]]]


@cache
def code_version() -> str:
    """The program's version and a hash of the code that computes, so that a run names both."""
    digest = sha256()
    package = Path(__file__).parent.parent / "analysis"
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(path.read_bytes())
    return f"{version('sipas')}+{digest.hexdigest()[:12]}"


def batch_of(settings: Settings) -> Batch:
    """In what company ratings are mixed."""
    return Batch(
        others=settings.batch_others,
        delay_days=settings.batch_delay_days,
        cell_dossiers=settings.cell_dossiers,
        close_days=settings.cell_close_days,
    )


async def mix_ratings(settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Rewrite what has come, without its order."""
    mixed = await mix(batch_of(settings))
    await ledger.gather()
    return {"linked": mixed.linked, "merged": mixed.merged, "unlinked": mixed.unlinked}


async def judge_ratings(settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Judge the ended days and weeks in the quality window, and let their ratings go."""
    from app.judging import judge_window

    return dict(await judge_window(settings))


async def close_ledger_days(settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Close the days of the ledger that are over."""
    closed = await ledger.close_days(few=settings.batch_others)
    return {day.day.isoformat(): day.head.hex() for day in closed}


async def purge_expired(settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Delete what has been kept long enough, files of cases too."""
    counts = dict(
        await retention.purge(
            resend_days=settings.resend_days,
            offline_days=settings.offline_days,
            ledger_days=settings.ledger_days,
            window_days=settings.window_days,
            comment_days=settings.comment_days,
            audit_days=settings.audit_days,
            message_days=settings.message_days,
        )
    )
    return counts | await sweep_files(settings)


async def scan_files(settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Have files judged that wait for the virus scanner."""
    return dict(await scan_waiting(settings))


async def open_promised(settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Open the rights on slips whose dossiers have ended."""
    return {"opened": await keep_promises(cell_dossiers=settings.cell_dossiers)}


async def invite(settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Invite those whose dossiers were returned, and who agreed to be asked."""
    timing = Timing(
        settings.invitation_delay_minutes,
        settings.reminder_days,
        settings.link_right_days,
        cell_dossiers=settings.cell_dossiers,
    )
    invited = last = await invite_returned(timing, pepper(settings), now=datetime.now(UTC))
    while last:
        last = await invite_returned(timing, pepper(settings), now=datetime.now(UTC))
        invited += last
    return {"invited": invited}


async def raise_alarms(settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Tell by mail which kiosks are silent in office hours, or full."""
    if not settings.alarm_address:
        return {"told": 0}
    return {"told": await alarms.raise_alarms(settings.alarm_address, datetime.now(UTC))}


async def escalate_cases(_settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Tell the superiors of cases that are late by so much as their rules say."""
    return {"told": await reflections.escalate()}


async def recount_clocks(_settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Count the clocks of cases anew by the hours and days off that hold now."""
    return {"moved": await reflections.recount_clocks()}


async def resume_lapsed(_settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Go on with cases whose citizens were asked and have no more time to tell."""
    return {"resumed": await reflections.resume_lapsed()}


async def run_index(settings: Settings, payload: dict[str, Any]) -> dict[str, Any]:
    """Compute an index run from what is in the database, and publish it when asked to."""
    from app.runs import compute_run, publish

    run = await compute_run(settings, payload["period"], payload.get("questionnaire", "counter"))
    if payload.get("publish"):
        await publish(run)
    return {"run": str(run)}


async def publish_index(_settings: Settings, payload: dict[str, Any]) -> dict[str, Any]:
    """Publish a computed run with its charts."""
    from app.runs import publish

    await publish(payload["run"], payload.get("text", ""))
    return {"run": payload["run"]}


async def seed_holidays(_settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Keep the national holidays of this year, the next, and the last (cases may be keyed in late)."""
    year = local_day(datetime.now(UTC)).year
    return {str(one): await calendars.seed_holidays(one) for one in (year - 1, year, year + 1)}


async def take_letters(settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Read the mailbox to which citizens write, if there is one."""
    return dict(await read_mailbox(settings)) if settings.imap_host else {}


async def suggest_themes(_settings: Settings, _payload: dict[str, Any]) -> dict[str, Any]:
    """Suggest what new comments are about; the rest of many comes with the next occurrence."""
    from app.themes import suggest_pending

    return {"suggested": await suggest_pending()}


TASKS: dict[str, Handler] = {
    "mix_ratings": mix_ratings,
    "judge_ratings": judge_ratings,
    "purge_expired": purge_expired,
    "open_promised": open_promised,
    "close_ledger_days": close_ledger_days,
    "invite": invite,
    "raise_alarms": raise_alarms,
    "escalate_cases": escalate_cases,
    "recount_clocks": recount_clocks,
    "resume_lapsed": resume_lapsed,
    "run_index": run_index,
    "publish_index": publish_index,
    "seed_holidays": seed_holidays,
    "scan_files": scan_files,
    "take_letters": take_letters,
    "suggest_themes": suggest_themes,
}

# What runs by the clock: the task, and how many minutes lie between two occurrences.
SCHEDULE = {
    "mix_ratings": 5,
    "purge_expired": 60,
    "close_ledger_days": 60,
    "seed_holidays": 1440,
    "open_promised": 60,
    "invite": 1,
    "raise_alarms": 5,
    "escalate_cases": 5,
    "recount_clocks": 60,
    "resume_lapsed": 15,
    "judge_ratings": 1440,
    "scan_files": 5,
    "take_letters": 2,
    "suggest_themes": 30,
}

# Minutes after midnight UTC at which the day's occurrence is due: at 01:15 in Viet Nam the day
# that is judged is over, and few people are awake to wait for a page.
DUE = {"judge_ratings": 18 * 60 + 15}


async def work(settings: Settings, stop: asyncio.Event) -> None:
    """Do what is due and send what is due, side by side, until told to stop."""
    async with asyncio.TaskGroup() as group:
        group.create_task(deliver(settings, stop))
        group.create_task(tell(settings, stop))
        group.create_task(_work(settings, stop))


async def _work(settings: Settings, stop: asyncio.Event) -> None:
    worker = f"{socket.gethostname()}:{os.getpid()}"
    while not stop.is_set():
        await _schedule(datetime.now(UTC))
        if not await run_one(settings, worker):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(IDLE_SECONDS):
                    await stop.wait()


async def _schedule(now: datetime) -> None:
    for task, minutes in SCHEDULE.items():
        step, first = minutes * 60, DUE.get(task, 0) * 60
        due = datetime.fromtimestamp((now.timestamp() - first) // step * step + first, UTC)
        await jobs.enqueue(task, unique_key=f"{task}@{due:%Y-%m-%dT%H:%M}", due=due)


async def run_one(settings: Settings, worker: str) -> bool:
    """Do the next piece of work; False when nothing is due."""
    job = await jobs.claim(worker, lease_seconds=LEASE_SECONDS)
    if job is None:
        return False
    keeper = asyncio.create_task(_keep_lease(job["id"], worker))
    try:
        outcome = await TASKS[job["task"]](settings, job["payload"])
    except DomainError as error:
        await jobs.fail(job, error, final=True)
    except Exception as error:
        log.exception("job failed", task=job["task"], job=job["id"])
        await jobs.fail(job, error, final=False)
    else:
        await jobs.finish(job["id"], worker, outcome)
    finally:
        keeper.cancel()
    return True


async def _keep_lease(job: int, worker: str) -> None:
    while True:
        await asyncio.sleep(LEASE_SECONDS / 3)
        await jobs.extend(job, worker, lease_seconds=LEASE_SECONDS)
