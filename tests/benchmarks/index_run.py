"""An index run on 300,000 ratings of 1,200 agencies: seconds and peak memory.

Measured in a process of its own, from the tables of a real PostgreSQL to the stored run, beside
the plain share of satisfied answers by agency in the same process.
"""

import asyncio
import json
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl

from app.database import migrate, pool
from app.embedded import throwaway_server
from app.settings import Settings
from piccolo_conf import DB
from surveys.questionnaires import publish_form
from surveys.transactions import fetch

AGENCIES = 1_200
RATINGS = 300_000
DOSSIERS = 900_000
ROUNDS = 3
PERIOD = "2021-Q1"
FORM = Path("surveys/forms/counter.xlsx")

FILL = """
INSERT INTO agency (code, name, level, valid_from)
    SELECT 'A' || n, 'Cơ quan ' || n, 'commune', '2000-01-01' FROM generate_series(1, {agencies}) n;
INSERT INTO field (code, name) SELECT 'F' || n, 'Lĩnh vực ' || n FROM generate_series(1, 5) n;
INSERT INTO procedure (code, name, field, level)
    SELECT 'P' || id, 'Thủ tục ' || id, id, 'commune' FROM field;
INSERT INTO dossier (code, agency, procedure, channel, received_at, due_at, returned_at, outcome)
    SELECT 'D' || n, 1 + n % {agencies}, 1 + n / 7 % 5,
        (ARRAY['counter', 'online', 'post'])[1 + n / 11 % 3], '2021-01-01',
        CASE WHEN n % 50 = 0 THEN '2021-01-02'::timestamptz ELSE '2021-04-30' END,
        '2021-01-04'::timestamptz + n % 80 * interval '1 day', 'granted'
    FROM generate_series(1, {dossiers}) n;
INSERT INTO cell (agency, field, channel, on_time, grain, returned_from)
    SELECT DISTINCT d.agency, p.field, d.channel, d.returned_at <= d.due_at, 'quarter',
        '2021-01-01'::date
    FROM dossier d JOIN procedure p ON p.id = d.procedure;
CREATE TEMPORARY TABLE drawn AS
    SELECT gen_random_uuid() AS id, c.id AS cell, row_number() OVER () AS n
    FROM (SELECT * FROM dossier ORDER BY hashtext(code) LIMIT {ratings}) d
    JOIN procedure p ON p.id = d.procedure
    JOIN cell c ON c.agency = d.agency AND c.field = p.field AND c.channel = d.channel
        AND c.on_time = (d.returned_at <= d.due_at);
INSERT INTO rating (id, version, mode, cell) SELECT id, {version}, 'kiosk', cell FROM drawn;
INSERT INTO answer (rating, version, item, code)
    SELECT d.id, {version}, i.item, 1 + abs(hashint8(d.n * 31 + i.item)) % 5
    FROM drawn d, unnest(ARRAY[{items}]) AS i(item);
ANALYZE;
"""


def measure() -> list[dict[str, Any]]:
    """Seconds and peak memory of the run."""
    with throwaway_server() as url:
        command = [sys.executable, "-m", "tests.benchmarks.index_run"]
        prepared = subprocess.run([*command, "prepare", url], check=True)
        assert prepared.returncode == 0
        done = subprocess.run([*command, "run", url], check=True, capture_output=True, text=True)
    found = json.loads(done.stdout.strip().splitlines()[-1])
    reference = "plain shares by agency from the same rows"
    return [
        {"name": "index_run_300k", "value": found["seconds"], "unit": "s", "reference": reference,
         "ratio": found["seconds"] / found["plain"]},
        {"name": "index_compute_300k", "value": found["compute"], "unit": "s",
         "reference": reference, "ratio": found["compute"] / found["plain"]},
        {"name": "index_run_300k_peak_memory", "value": found["peak"], "unit": "MiB",
         "reference": None, "ratio": None},
    ]  # fmt: skip


async def prepare() -> None:
    """Fill the tables."""
    await migrate()
    async with pool(size=2):
        version = await publish_form(FORM.read_bytes())
        rows = await fetch("SELECT DISTINCT item FROM allowed_code WHERE code = 5 ORDER BY item")
        items = ", ".join(str(row["item"]) for row in rows)
        async with DB.transaction() as current:
            await current.connection.execute(
                FILL.format(
                    agencies=AGENCIES, dossiers=DOSSIERS, ratings=RATINGS, version=version,
                    items=items,
                ),
                timeout=600,
            )  # fmt: skip


async def run() -> dict[str, float]:
    """Run the index as the job does, and its computation alone beside plain shares."""
    from analysis.indices import IndexRecipe, compute_index
    from app.runs import compute_run, factors_of
    from surveys import datasets
    from surveys.periods import parse_period
    from surveys.questionnaires import load_questionnaire

    whole, alone, plain = [], [], []
    async with pool(size=4):
        form = await load_questionnaire(1)
        for _round in range(ROUNDS):
            began = time.perf_counter()
            await compute_run(Settings(), PERIOD)
            whole.append(time.perf_counter() - began)
            dossiers = await datasets.population(parse_period(PERIOD))
            ratings = await datasets.linked_ratings(parse_period(PERIOD), "counter")
            assert int(ratings["count"].sum()) == RATINGS
            began = time.perf_counter()
            compute_index(dossiers, ratings, IndexRecipe(), factors=factors_of(form))
            alone.append(time.perf_counter() - began)
            began = time.perf_counter()
            ratings.group_by("agency").agg(
                ((pl.col("overall") >= 4) * pl.col("count")).sum() / pl.col("count").sum()
            )
            plain.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": statistics.median(whole),
        "compute": statistics.median(alone),
        "plain": statistics.median(plain),
        "peak": peak,
    }


if __name__ == "__main__":
    DB.config = {"dsn": sys.argv[2]}
    if sys.argv[1] == "prepare":
        asyncio.run(prepare())
    else:
        print(json.dumps(asyncio.run(run())))
