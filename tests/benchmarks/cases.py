"""Pages of the inbox over HTTP at a year of 50,000 cases, in a durable embedded PostgreSQL.

The application runs in a process of its own and is asked, as a browser asks, by a clerk of the
agency with most cases and by the focal point of the province, each time with fresh parameters. The
limit is 150 ms at p95; an inbox page over it ends the bench with 1. Beside it stand two references, asked in between: the account's own page,
which has no list, and the search as one writes it first, with marks taken off while searching.
"""

import asyncio
import os
import re
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

import httpx

from app.database import migrate, pool
from app.demo.cases import fill_cases
from app.embedded import throwaway_server
from piccolo_conf import DB
from surveys.accounts import Role, create_account
from surveys.calendars import seed_holidays
from surveys.reflections import overdue, public_list
from surveys.transactions import fetch
from tests.app.people import PASSWORD, sign_in

CASES: Final = 50_000
AGENCIES: Final = 120
ROUNDS: Final = 60
LIMIT: Final = 150.0
PORT: Final = 8399

REGISTER: Final = f"""
INSERT INTO agency (code, name, level, valid_from)
SELECT 'A' || n, 'UBND phường ' || n, 'commune', '2000-01-01' FROM generate_series(1, {AGENCIES}) n
"""
BUSIEST: Final = "SELECT agency FROM reflection_case GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
# The clerk of the bench has forty cases in hand, as in the worst of days.
HAND_OVER: Final = """
UPDATE reflection_case SET owner = $1 WHERE id IN (SELECT id FROM reflection_case
    WHERE agency = $2 AND state IN ('in_hand', 'received', 'reopened') LIMIT 40)
"""
NAIVE: Final = """
SELECT c.* FROM reflection_case c JOIN case_text t ON t.case_id = c.id
WHERE plain_text(t.subject || ' ' || t.text) LIKE '%' || plain_text($1) || '%'
    AND c.state NOT IN ('answered', 'published', 'settled', 'not_accepted')
ORDER BY c.due_at LIMIT 41
"""
WORDS: Final = (
    "giay xac nhan tam tru",
    "Bảng niêm yết",
    "không có biên lai",
    "H32.45",
    "bai gui xe",
    "xyz",
)
PAGES: Final = {
    "first_look": "/cases",
    "unit": "/cases?scope=agency&page={page}",
    "overdue": "/cases?scope=agency&due=overdue",
    "today": "/cases?scope=agency&due=today",
    "any_newest": "/cases?scope=agency&state=any&order=newest&page={page}",
    "words": "/cases?scope=agency&words={words}",
    "words_any": "/cases?scope=agency&state=any&words={words}",
    "reference": "/cases?scope=agency&state=any&words=PA-202605{day:02}",
}

Ask = Callable[[int], Awaitable[Any]]


def measure() -> list[dict[str, Any]]:
    """Seconds to write the year, and p95 of every page in milliseconds."""
    with throwaway_server(durable=True) as url:
        DB.config = {"dsn": url}
        os.environ["DATABASE_URL"] = url
        filled = asyncio.run(prepare())
        with application():
            return [line("cases_50k_written", filled, "s"), *asyncio.run(ask_all())]


async def prepare() -> float:
    """Write the year and two people who look at it; returns the seconds that it took."""
    await migrate()
    async with pool(size=4):
        await fetch(REGISTER)
        for year in (2025, 2026, 2027):
            await seed_holidays(year)
        started = time.perf_counter()
        await fill_cases(CASES, b"p" * 32)
        filled = time.perf_counter() - started
        busiest = (await fetch(BUSIEST))[0]["agency"]
        for name, role, agency in (
            ("clerk", Role.AGENCY, busiest),
            ("province", Role.ANALYST, None),
        ):
            account = await create_account(
                name, role, password=PASSWORD, actor=None, agency_id=agency, must_change=False
            )
            await fetch(HAND_OVER, account, agency)
    return filled


@contextmanager
def application() -> Iterator[None]:
    """The application in a process of its own, as it is served."""
    command = [sys.executable, "-m", "uvicorn", "--factory", "tests.benchmarks.cases:served"]
    run = subprocess.Popen([*command, "--port", str(PORT), "--log-level", "warning"])
    try:
        yield
    finally:
        run.terminate()
        run.wait(timeout=20)


def served() -> Any:
    """The application for that process."""
    from app.server import create_app
    from app.settings import Settings

    return create_app(Settings.from_env())


async def ask_all() -> list[dict[str, Any]]:
    """Every page, by both people, beside the references."""
    lines = []
    async with pool(size=4):
        for name in ("clerk", "province"):
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{PORT}", timeout=30) as client:
                await arrive(client, name)
                lines += await ask_pages(client, name)
        naive, _other = await p95(lambda n: fetch(NAIVE, WORDS[n % len(WORDS)]), rounds=12)
        lines.append(line("words_by_a_plain_query", naive, "ms p95"))
        for name, ask in (("public_list", _public), ("overdue_clocks", _overdue)):
            lines.append(limited(name, (await p95(ask))[0]))
    return lines


async def ask_pages(client: httpx.AsyncClient, who: str) -> list[dict[str, Any]]:
    """One person's pages: against the limit, and the plainest page beside the first of them."""

    async def bare(_number: int) -> None:
        await open_page(client, "/account")

    async def show(address: str, number: int) -> None:
        filled = address.format(
            page=1 + number % 3, words=WORDS[number % len(WORDS)], day=number % 28 + 1
        )
        await open_page(client, filled)

    references = await found_cases(client)
    pages: dict[str, Ask] = {name: partial(show, address) for name, address in PAGES.items()}
    pages["case"] = lambda n: show(f"/cases/{references[n % len(references)]}", n)
    lines = []
    for name, ask in pages.items():
        taken, plainest = await p95(ask, beside=bare)
        lines.append(limited(f"{who}_{name}", taken, hard=name in PAGES))
        if name == "first_look":
            lines.append(line(f"{who}_{name}", taken, "ms p95", ("the account's page", plainest)))
    return lines


async def arrive(client: httpx.AsyncClient, name: str) -> None:
    """Wait until the application answers, and sign in."""
    for _try in range(100):
        try:
            await client.get("/sign-in")
            break
        except httpx.ConnectError:
            await asyncio.sleep(0.2)
    await sign_in(client, name)


async def found_cases(client: httpx.AsyncClient) -> list[str]:
    """References on the first page of all cases."""
    shown = await client.get("/cases?scope=agency&state=any&order=newest")
    return re.findall(r'<a href="/cases/(PA-[\w-]+)" data-open', shown.text)


async def open_page(client: httpx.AsyncClient, address: str) -> None:
    """Open a page; one that fails must not pass for a quick one."""
    answer = await client.get(address, headers={"accept": "text/html"})
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answers {answer.status_code}")


async def p95(ask: Ask, *, beside: Ask | None = None, rounds: int = ROUNDS) -> tuple[float, float]:
    """The time that 95 of 100 answers took at most, in milliseconds, and that of a reference.

    Both are asked in turn, so that a noisy minute disturbs both; the first is not counted.
    """
    times: dict[bool, list[float]] = {False: [], True: []}
    for number in range(rounds + 1):
        for is_reference, one in ((False, ask), (True, beside)):
            if one is None:
                continue
            started = time.perf_counter()
            await one(number)
            times[is_reference].append(1000 * (time.perf_counter() - started))
    ends = [sorted(found[1:])[int(0.95 * rounds)] if found else 0.0 for found in times.values()]
    return ends[0], ends[1]


async def _public(number: int) -> Any:
    return await public_list(page=1 + number % 5)


async def _overdue(_number: int) -> Any:
    return await overdue()


def limited(name: str, value: float, *, hard: bool = False) -> dict[str, Any]:
    """A time beside the limit."""
    return line(name, value, "ms p95", ("the limit", LIMIT)) | {"hard": hard}


def line(
    name: str, value: float, unit: str, against: tuple[str, float] | None = None
) -> dict[str, Any]:
    """One line of the table that `make bench` prints."""
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "reference": against[0] if against else "",
        "ratio": value / against[1] if against else None,
    }
