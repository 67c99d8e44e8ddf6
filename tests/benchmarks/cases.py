"""The inbox over a year of 50,000 cases in a durable embedded PostgreSQL.

Every question is asked of the verbs themselves, by a clerk of the agency with most cases and by
the focal point of the province, each time with fresh parameters; the limit is 150 ms at p95.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from app.database import migrate, pool
from app.demo.cases import fill_cases
from app.embedded import throwaway_server
from piccolo_conf import DB
from surveys.calendars import seed_holidays
from surveys.reflections import (
    Actor,
    Filters,
    case_view,
    inbox,
    inbox_counts,
    overdue,
    public_list,
    suggest_duplicates,
)
from surveys.transactions import fetch

CASES = 50_000
AGENCIES = 120
ROUNDS = 40
LIMIT = 150.0

REGISTER = f"""
INSERT INTO agency (code, name, level, valid_from)
SELECT 'A' || n, 'UBND phường ' || n, 'commune', '2000-01-01' FROM generate_series(1, {AGENCIES}) n
"""
BUSIEST = "SELECT agency, owner FROM reflection_case WHERE owner IS NOT NULL GROUP BY 1, 2 ORDER BY count(*) DESC"
WORDS = (
    "giay xac nhan tam tru",
    "Bảng niêm yết",
    "không có biên lai",
    "H32.45",
    "bai gui xe",
    "xyz",
)

Ask = Callable[[int], Awaitable[Any]]


def measure() -> list[dict[str, Any]]:
    """Seconds to write the year, and p95 of every question in milliseconds."""
    with throwaway_server(durable=True) as url:
        DB.config = {"dsn": url}
        return asyncio.run(run())


async def run() -> list[dict[str, Any]]:
    """Write the year, then ask."""
    await migrate()
    async with pool(size=4):
        await fetch(REGISTER)
        for year in (2025, 2026, 2027):
            await seed_holidays(year)
        started = time.perf_counter()
        await fill_cases(CASES, b"p" * 32)
        filled = time.perf_counter() - started
        lines = [line("cases_50k_written", filled, "s", None)]
        for name, ask in (await questions()).items():
            lines.append(line(name, await p95(ask), "ms p95", LIMIT))
    return lines


async def questions() -> dict[str, Ask]:
    """What officials ask all day."""
    busy = (await fetch(BUSIEST))[0]
    clerk = Actor(frozenset({"clerk"}), busy["owner"], busy["agency"])
    focal = Actor(frozenset({"coordinator"}), busy["owner"])
    cases = [row["id"] for row in await fetch("SELECT id FROM reflection_case LIMIT 40")]
    opened = await fetch(
        "SELECT id FROM reflection_case WHERE agency = $1 AND state = 'in_hand' LIMIT 40",
        busy["agency"],
    )
    found: dict[str, Ask] = {}
    for who, actor in (("clerk", clerk), ("province", focal)):
        found |= {f"inbox_{who}_{name}": ask for name, ask in inbox_questions(actor).items()}
        found[f"inbox_{who}_counts"] = lambda _n, actor=actor: inbox_counts(actor)  # type: ignore[misc]
    found["case_view"] = lambda n: case_view(cases[n % len(cases)], focal)
    found["duplicates"] = lambda n: suggest_duplicates(opened[n % len(opened)]["id"], clerk)
    found["public_list"] = lambda n: public_list(page=1 + n % 5)
    found["overdue_clocks"] = lambda _n: overdue()
    return found


def inbox_questions(actor: Actor) -> dict[str, Ask]:
    """One page of the inbox in the ways in which it is filtered."""
    return {
        "open": lambda n: inbox(Filters(), actor, page=1 + n % 3),
        "mine": lambda _n: inbox(Filters(scope="mine"), actor),
        "overdue": lambda _n: inbox(Filters(due="overdue"), actor),
        "today": lambda _n: inbox(Filters(due="today"), actor),
        "any_newest": lambda n: inbox(Filters(state="any", order="newest"), actor, page=1 + n),
        "words": lambda n: inbox(Filters(words=WORDS[n % len(WORDS)]), actor),
        "words_any": lambda n: inbox(Filters(state="any", words=WORDS[n % len(WORDS)]), actor),
        "reference": lambda n: inbox(
            Filters(state="any", words=f"PA-202605{n % 28 + 1:02}"), actor
        ),
    }


async def p95(ask: Ask) -> float:
    """The time that 95 of 100 answers took at most, in milliseconds; the first is not counted."""
    await ask(0)
    times = []
    for number in range(ROUNDS):
        started = time.perf_counter()
        await ask(number)
        times.append(1000 * (time.perf_counter() - started))
    return sorted(times)[int(0.95 * ROUNDS)]


def line(name: str, value: float, unit: str, limit: float | None) -> dict[str, Any]:
    """One line of the table that `make bench` prints."""
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "reference": "the limit" if limit else "",
        "ratio": value / limit if limit else None,
    }
