"""Ratings accepted per second through real HTTP and a durable embedded PostgreSQL.

`wrk` sends one rating a request, each with a right of its own, which every variant checks:
the product (group commit), the same application with one insert a request through the ORM, a
handler that does nothing, and the batch statement without HTTP. The rounds are interleaved.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import UUID

from app.database import migrate, pool
from app.embedded import throwaway_server
from piccolo_conf import DB
from surveys.questionnaires import load_questionnaire, publish_form
from surveys.ratings import NewRating, record_ratings
from surveys.transactions import fetch
from tests.factories import make_agency, make_counter, make_procedure

ROUNDS = 3
SECONDS = 4
CLIENTS = (1, 16, 64)
VARIANTS = ("product", "orm", "bare")
RIGHTS_A_RUN = 40_000
RUNS = ROUNDS * len(CLIENTS) * 2 + ROUNDS + 1
BATCH = 512
SCRIPT = Path(__file__).with_name("intake.lua")
FORM = Path("surveys/forms/counter.xlsx")

RIGHTS = """
INSERT INTO dossier (code, agency, procedure, channel, received_at, due_at, returned_at, outcome)
SELECT 'D' || n, $1, $2, 'counter', '2021-02-01', '2021-02-20',
    '2021-02-10'::timestamptz + n % 50 * interval '1 day', 'granted'
FROM generate_series(0, $3 - 1) AS n
"""

TOKENS = """
INSERT INTO right_to_rate (token_hash, dossier, cell, mode, questionnaire, opened_at, expires_at)
SELECT encode(sha256(('t' || substr(code, 2))::bytea), 'hex'), id, $1, 'online', 'counter',
    now(), now() + interval '1 day'
FROM dossier
"""


def measure() -> list[dict[str, Any]]:
    """Rates, latencies and ratios of intake."""
    with throwaway_server(durable=True) as url:
        DB.config = {"dsn": url}
        os.environ["DATABASE_URL"] = url
        version = asyncio.run(prepare())
        rates, latencies = run_rounds(version)
    return report(rates, latencies)


async def prepare() -> int:
    """Make the tables, the counter form, and enough dossiers with a right each."""
    await migrate()
    async with pool(size=4):
        version = await publish_form(FORM.read_bytes())
        agency = await make_agency("A1")
        await make_counter(agency, "C1")
        procedure = await make_procedure()
        await fetch(RIGHTS, agency, procedure, RIGHTS_A_RUN * RUNS)
        cell = await fetch(
            "INSERT INTO cell (agency, field, channel, on_time, grain, returned_from) SELECT $1,"
            " field, 'counter', true, 'week', '2021-02-08' FROM procedure RETURNING id",
            agency,
        )
        await fetch(TOKENS, cell[0]["id"])
        await fetch("ANALYZE")
    return version


def run_rounds(version: int) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Measure every variant at every number of clients, round by round."""
    rates: dict[str, list[float]] = defaultdict(list)
    latencies: dict[str, list[float]] = defaultdict(list)
    with variants() as ports:
        run = 0
        for number in range(ROUNDS):
            for clients in CLIENTS:
                for variant in VARIANTS:
                    found = load(ports[variant], clients, run * RIGHTS_A_RUN)
                    if variant != "bare":
                        check_stored(found["requests"], run * RIGHTS_A_RUN)
                    run += variant != "bare"
                    rates[f"{variant}_{clients}"].append(found["rate"])
                    for name in ("p50", "p95", "p99"):
                        latencies[f"{variant}_{clients}_{name}"].append(found[name])
            rates["batch"].append(asyncio.run(batch_rate(version, run * RIGHTS_A_RUN)))
            run += 1
            print(f"  round {number + 1} of {ROUNDS} done", flush=True)
    return rates, latencies


@contextmanager
def variants() -> Iterator[dict[str, int]]:
    """Run the three servers, each a process of its own; yields their ports."""
    ports = {variant: 18_100 + place for place, variant in enumerate(VARIANTS)}
    processes = [
        subprocess.Popen([sys.executable, "-m", "tests.benchmarks.variants", variant, str(port)])
        for variant, port in ports.items()
    ]
    try:
        for port in ports.values():
            wait_for(port)
        yield ports
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(20)


def wait_for(port: int) -> None:
    """Return once the server on this port answers."""
    for _attempt in range(300):
        try:
            with urlopen(f"http://127.0.0.1:{port}/health/live", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The server on port {port} does not answer.")


def load(port: int, clients: int, first: int) -> dict[str, float]:
    """Let wrk send ratings from `first` on; every one must be accepted and stored."""
    done = subprocess.run(
        ["wrk", "-t", "1" if clients == 1 else "2", "-c", str(clients), "-d", f"{SECONDS}s",
         "-s", str(SCRIPT), f"http://127.0.0.1:{port}/api/ratings"],
        env=os.environ | {"FIRST": str(first), "SPAN": str(RIGHTS_A_RUN // 2)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    if found["errors"]:
        raise RuntimeError(f"{found['errors']} requests were not accepted:\n{done.stdout}")
    return found


def check_stored(accepted: float, first: int) -> None:
    """Raise unless every accepted rating of a run is in the database."""

    async def count() -> int:
        rows = await fetch(
            "SELECT count(*) AS n FROM waiting_rating WHERE id BETWEEN $1 AND $2",
            UUID(int=first),
            UUID(int=first + RIGHTS_A_RUN - 1),
        )
        return int(rows[0]["n"])

    stored = asyncio.run(count())
    if stored < accepted:
        raise RuntimeError(f"{accepted} ratings were accepted but {stored} stored.")


async def batch_rate(version: int, first: int) -> float:
    """Ratings per second of the batch statement alone, without HTTP."""
    questionnaire = await load_questionnaire(version)
    names = {question.name: question.position for question in questionnaire.questions}
    codes = tuple((names[name], 4) for name in ("overall", "access", "procedures", "officials"))
    codes += tuple((names[name], 5) for name in ("result", "feedback"))
    codes += ((question_item(questionnaire, 0), 1), (question_item(questionnaire, 1), 1))
    begin, count = time.perf_counter(), 0
    async with pool(size=1):
        while time.perf_counter() - begin < SECONDS:
            numbers = range(first + count, first + count + BATCH)
            ratings = [
                NewRating(
                    UUID(int=number), "counter", version, codes,
                    "Cần có thêm ghế ngồi chờ." if number % 3 == 0 else None, right=f"t{number}",
                )
                for number in numbers
            ]  # fmt: skip
            outcomes = await record_ratings(ratings)
            if outcomes != ["stored"] * BATCH:
                raise RuntimeError(f"Not stored: {set(outcomes)}")
            count += BATCH
    return count / (time.perf_counter() - begin)


def question_item(questionnaire: Any, place: int) -> int:
    """Item of one reason of the form."""
    reasons = next(q for q in questionnaire.questions if q.role == "reason")
    return int(reasons.choices[place].position)


def report(
    rates: dict[str, list[float]], latencies: dict[str, list[float]]
) -> list[dict[str, Any]]:
    """Medians over the rounds, and the ratios that count."""
    rate = {name: statistics.median(values) for name, values in rates.items()}
    late = {name: statistics.median(values) for name, values in latencies.items()}
    lines: list[dict[str, Any]] = []
    for clients in CLIENTS:
        for reference, label in (("bare", "bare handler"), ("orm", "one insert a request, ORM")):
            lines.append(
                line(f"intake_{clients}_vs_{reference}", rate[f"product_{clients}"], "ratings/s",
                     label, rate[f"product_{clients}"] / rate[f"{reference}_{clients}"])
            )  # fmt: skip
        for variant in VARIANTS:
            lines.append(line(f"{variant}_{clients}_rate", rate[f"{variant}_{clients}"], "req/s"))
            lines.extend(
                line(f"{variant}_{clients}_{name}", late[f"{variant}_{clients}_{name}"], "ms")
                for name in ("p50", "p95", "p99")
            )
    lines.append(line("batch_rate", rate["batch"], "ratings/s"))
    lines.append(
        line("intake_64_vs_batch", rate["product_64"], "ratings/s",
             "the batch statement without HTTP", rate["product_64"] / rate["batch"])
    )  # fmt: skip
    return lines


def line(
    name: str, value: float, unit: str, reference: str | None = None, ratio: float | None = None
) -> dict[str, Any]:
    """One line of the report."""
    return {"name": name, "value": value, "unit": unit, "reference": reference, "ratio": ratio}
