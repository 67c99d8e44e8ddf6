"""Five hundred kiosks and a wave of five thousand links, for ten minutes: nothing lost, nobody waits.

Every kiosk enrols, says each minute how it is, and sends a signed tap with its details about once
a minute, after the one-stop software has told of the handover. Meanwhile the holders of 5,000
links open the form and most of them send it. The load comes from a process of its own, beside
`sipas serve` and its durable PostgreSQL. `LOAD_MINUTES` shortens the run for a first look.
"""

import asyncio
import contextlib
import itertools
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from app.database import migrate, pool
from app.demo.kiosks import Kiosk
from app.embedded import throwaway_server
from piccolo_conf import DB
from surveys.accounts import issue_key
from surveys.devices import issue_code
from surveys.questionnaires import publish_form
from surveys.ratings import open_links
from surveys.transactions import fetch
from tests.benchmarks.intake import wait_for
from tests.factories import make_agency, make_procedure

KIOSKS, LINKS, AGENCIES = 500, 5_000, 50
MINUTES = float(os.environ.get("LOAD_MINUTES", "10"))
BAR_MILLISECONDS = 250.0
PORT = 18_130
SENDS, GOES_ON = 0.8, 0.6
CLIENTS = 60
SEED = 500
FORM = Path("surveys/forms/counter.xlsx")

COUNTERS = """
INSERT INTO counter (code, name, agency)
SELECT 'Q' || n, 'Quầy ' || n, ($1::int[])[1 + n % cardinality($1)] FROM generate_series(1, $2) AS n
"""
DOSSIERS = """
INSERT INTO dossier (code, agency, procedure, channel, received_at, due_at, returned_at, outcome)
SELECT $1 || n, ($2::int[])[1 + n % cardinality($2)], $3, $4, now() - interval '9 days',
    now() + interval '2 days', CASE WHEN $5 THEN now() END, CASE WHEN $5 THEN 'granted' END
FROM generate_series(1, $6) AS n
"""


def measure() -> list[dict[str, Any]]:
    """Latencies by kind of request, and what was lost."""
    folder = tempfile.mkdtemp()
    with throwaway_server(durable=True) as url:
        os.environ["DATABASE_URL"] = url
        DB.config = {"dsn": url}
        plan = asyncio.run(prepare())
        given = {"SIPAS_PORT": str(PORT), "SIPAS_LOG_LEVEL": "error", "SIPAS_VAR": folder}
        server = subprocess.Popen([sys.executable, "-m", "app", "serve"], env=os.environ | given)
        try:
            wait_for(PORT)
            command = [sys.executable, "-m", "tests.benchmarks.load"]
            done = subprocess.run(
                command, input=json.dumps(plan), check=True, stdout=subprocess.PIPE, text=True
            )
        finally:
            server.terminate()
            server.wait(30)
        found = json.loads(done.stdout)
        stored = asyncio.run(count_stored())
    return write_lines(found, stored)


async def prepare() -> dict[str, Any]:
    """The register, a code for every kiosk, a token for every link, a key for the software."""
    await migrate()
    async with pool(size=4):
        await publish_form(FORM.read_bytes())
        agencies = [await make_agency(f"A{number}") for number in range(AGENCIES)]
        procedure = await make_procedure()
        await fetch(COUNTERS, agencies, KIOSKS)
        taps = round(KIOSKS * (MINUTES + 2))
        await fetch(DOSSIERS, "D", agencies, procedure, "counter", False, taps)
        await fetch(DOSSIERS, "L", agencies, procedure, "online", True, LINKS)
        await fetch("ANALYZE")
        counters = await fetch(
            "SELECT c.id, c.code, array_agg(d.code) AS dossiers FROM counter c"
            " JOIN dossier d ON d.agency = c.agency AND d.code LIKE 'D%' GROUP BY c.id ORDER BY c.id"
        )
        links: dict[str, Any] = {}
        for first in range(1, LINKS + 1, 500):
            codes = [f"L{number}" for number in range(first, first + 500)]
            links |= await open_links(codes, questionnaire="counter", days=30)
        return {
            "kiosks": [
                {"code": (await issue_code(row["id"], actor=None)).code, "counter": row["code"]}
                for row in counters
            ],
            "dossiers": share_dossiers(counters),
            "links": [getattr(link, "token", link) for link in links.values()],
            "key": await issue_key("load", "handover", actor=None),
        }


def share_dossiers(counters: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Dossiers for every counter, none for two."""
    left = {tuple(row["dossiers"]): list(row["dossiers"]) for row in counters}
    turns = Counter(tuple(row["dossiers"]) for row in counters)
    shared = {}
    for row in counters:
        key = tuple(row["dossiers"])
        share = len(key) // turns[key]
        shared[row["code"]], left[key] = left[key][:share], left[key][share:]
    return shared


async def count_stored() -> int:
    """Ratings in the database, mixed or still waiting."""
    async with pool(size=1):
        rows = await fetch(
            "SELECT (SELECT count(*) FROM rating) + (SELECT count(*) FROM waiting_rating) AS n"
        )
    return int(rows[0]["n"])


@dataclass
class Log:
    """Milliseconds by kind of request, what went wrong, and the ratings that were thanked."""

    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: Counter[str] = field(default_factory=Counter)
    thanked: int = 0

    async def call(
        self, kind: str, request: Callable[[], Awaitable[httpx.Response]], *good: int
    ) -> httpx.Response | None:
        """Send, and note how long it took; None where it went wrong."""
        began = time.perf_counter()
        try:
            answer = await request()
        except httpx.HTTPError as error:
            self.faults[f"{kind}: {type(error).__name__}"] += 1
            return None
        self.times[kind].append((time.perf_counter() - began) * 1000)
        if answer.status_code not in (good or (200,)):
            self.faults[f"{kind}: {answer.status_code}"] += 1
            return None
        return answer


async def drive(plan: dict[str, Any]) -> Log:
    """All kiosks and all holders of links at once."""
    log, rng = Log(), random.Random(SEED)
    async with contextlib.AsyncExitStack() as stack:
        # One client slows down with the number of its waiting requests; many together do not.
        clients = itertools.cycle(
            [
                await stack.enter_async_context(
                    # Sooner than the server, which else may close what is just being used.
                    httpx.AsyncClient(
                        base_url=f"http://127.0.0.1:{PORT}",
                        timeout=30,
                        limits=httpx.Limits(keepalive_expiry=2),
                    )
                )
                for _ in range(CLIENTS)
            ]
        )
        kiosks = []
        for one in plan["kiosks"]:
            kiosk, client = Kiosk(), next(clients)
            enrolled = await log.call("enrol", partial(kiosk.enrol, client, one["code"]), 201)
            if enrolled is not None:
                kiosks.append(Post(log, client, kiosk, one["counter"], plan["key"]))
        ends = time.monotonic() + 60 * MINUTES
        await asyncio.gather(
            *(run_kiosk(post, plan["dossiers"][post.counter], ends, rng) for post in kiosks),
            *(open_link(log, next(clients), token, rng) for token in plan["links"]),
        )
    return log


@dataclass
class Post:
    """A kiosk at its counter, and the one-stop software beside it."""

    log: Log
    client: httpx.AsyncClient
    kiosk: Kiosk
    counter: str
    key: str

    async def hand_over(self, dossier: str) -> None:
        """Tell of a result that was handed over here."""
        body = {"handovers": [{"dossier": dossier, "counter": self.counter}]}
        head = {"Authorization": f"Bearer {self.key}"}
        await self.log.call(
            "handover", partial(self.client.post, "/api/handovers", json=body, headers=head)
        )

    async def tell(self, kind: str, event: dict[str, str]) -> None:
        """Send one event and count what was thanked."""
        sent = await self.log.call(kind, partial(self.kiosk.send, self.client, event))
        if kind == "tap" and sent is not None:
            self.log.thanked += sent.json()["receipts"][0]["status"] == "stored"


async def run_kiosk(post: Post, dossiers: list[str], ends: float, rng: random.Random) -> None:
    """Heartbeats and taps, each about once a minute, until the end."""
    await asyncio.sleep(rng.uniform(0, min(60, 60 * MINUTES)))
    await post.log.call("config", partial(post.client.get, f"{post.kiosk.path}/config"))
    for dossier in dossiers:
        if time.monotonic() >= ends:
            return
        await post.log.call("heartbeat", partial(post.kiosk.beat, post.client))
        await post.hand_over(dossier)
        await asyncio.sleep(rng.uniform(2, 20))
        tap = post.kiosk.event({"overall": rng.choice([2, 3, 4, 5, 5])})
        await post.tell("tap", tap)
        if rng.random() < GOES_ON:
            await asyncio.sleep(rng.uniform(2, 12))
            same = json.loads(tap["payload"])["id"]
            more = post.kiosk.event({"access": 4, "officials": 5}, id=same, kind="details")
            await post.tell("details", more)
        await asyncio.sleep(rng.uniform(10, 40))


async def open_link(log: Log, client: httpx.AsyncClient, token: str, rng: random.Random) -> None:
    """One person: opens the link somewhere in the wave, and mostly sends the form."""
    # Half of the wave comes in its first quarter, as after a message to everybody.
    await asyncio.sleep(60 * MINUTES * 0.95 * rng.betavariate(1.2, 3))
    page = await log.call("form", partial(client.get, f"/r/{token}"))
    found = re.search(r'name="id" value="([0-9a-f-]{36})"', page.text) if page else None
    if page is not None and found is None:
        log.faults["form: no form on the page"] += 1
    if found is None or rng.random() > SENDS:
        return
    await asyncio.sleep(rng.uniform(2, 60 * MINUTES * 0.05))
    fields = {"id": found[1], "overall": str(rng.choice([1, 3, 4, 4, 5])), "action": "send"}
    sent = await log.call("sent form", partial(client.post, f"/r/{token}", data=fields), 303)
    log.thanked += sent is not None and sent.headers.get("location", "").startswith("/thanks")


def write_lines(found: dict[str, Any], stored: int) -> list[dict[str, Any]]:
    """The 95th percentile of every kind, of all together, and the ratings that were lost."""
    bar = f"the bar of {BAR_MILLISECONDS:.0f} ms"
    every = [one for times in found["times"].values() for one in times]
    lines = [
        {"name": f"load_{kind.replace(' ', '_')}_p95", "value": percentile(times),
         "unit": "ms", "reference": bar, "ratio": percentile(times) / BAR_MILLISECONDS}
        for kind, times in [("all", every), *found["times"].items()]
    ]  # fmt: skip
    plain = [
        ("load_requests", len(every)), ("load_faults", sum(found["faults"].values())),
        ("load_thanked", found["thanked"]), ("load_lost", found["thanked"] - stored),
    ]  # fmt: skip
    for fault, count in found["faults"].items():
        print(f"  {count} × {fault}", file=sys.stderr)
    return lines + [
        {"name": name, "value": value, "unit": "", "reference": None, "ratio": None}
        for name, value in plain
    ]


def percentile(times: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20)[-1] if len(times) > 1 else max(times, default=0.0)


if __name__ == "__main__":
    log = asyncio.run(drive(json.load(sys.stdin)))
    print(json.dumps({"times": log.times, "faults": log.faults, "thanked": log.thanked}))
