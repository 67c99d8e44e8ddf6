"""Import of 1,000,000 dossiers from CSV into a durable embedded PostgreSQL.

Each import runs in a child process, whose peak memory is its own. Between the imports the same
rows are copied as they are into a table without constraints or indexes: the least that any
import can cost.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import asyncpg
import numpy as np
import polars as pl

from app.database import migrate, pool
from app.embedded import throwaway_server
from piccolo_conf import DB
from surveys.register import import_file
from surveys.transactions import fetch

ROWS = 1_000_000
ROUNDS = 2
AGENCIES, PROCEDURES = 1_200, 400
MINUTES = 90 * 24 * 60

REGISTER = f"""
INSERT INTO agency (code, name, level, valid_from)
SELECT 'A' || n, 'Agency ' || n, 'commune', '2000-01-01' FROM generate_series(1, {AGENCIES}) n;
INSERT INTO field (code, name) SELECT 'F' || n, 'Field ' || n FROM generate_series(1, 20) n;
INSERT INTO procedure (code, name, field, level)
SELECT 'P' || n, 'Procedure ' || n, f.id, 'commune'
FROM generate_series(1, {PROCEDURES}) n JOIN field f ON f.code = 'F' || (1 + n % 20);
"""
PLAIN = """
DROP TABLE IF EXISTS plain;
CREATE TABLE plain (code text, agency_code text, procedure_code text, channel text,
    received_at timestamptz, due_at timestamptz, returned_at timestamptz, closed_at timestamptz,
    outcome text);
"""


def measure() -> list[dict[str, Any]]:
    """Seconds and peak memory of a first import, and of the same file again."""
    with tempfile.TemporaryDirectory() as folder, throwaway_server(durable=True) as url:
        file = Path(folder) / "dossiers.csv"
        write_dossiers(file, ROWS)
        DB.config = {"dsn": url}
        runs = [asyncio.run(run_round(url, file)) for _ in range(ROUNDS)]
    best = {name: min(run[name] for run in runs) for name in ("copy", "first", "again")}
    peak = max(run["peak"] for run in runs)
    reference = "plain COPY of the same rows into an unindexed table, same run"
    return [
        line("import_1m_seconds", best["first"], "s", reference, best["copy"]),
        line("import_1m_again_seconds", best["again"], "s", reference, best["copy"]),
        line("import_1m_peak_rss", peak, "MiB", "the limit of 1024 MiB", 1024),
    ]


def line(name: str, value: float, unit: str, reference: str, by: float) -> dict[str, Any]:
    """One line of the table that `make bench` prints."""
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "reference": reference,
        "ratio": value / by,
    }


async def run_round(url: str, file: Path) -> dict[str, float]:
    """One plain COPY, one import into an empty table and one of what is there already."""
    await migrate()
    connection = await asyncpg.connect(url)
    await connection.execute("TRUNCATE agency, field, procedure, dossier CASCADE")
    await connection.execute(REGISTER + PLAIN)
    started = time.perf_counter()
    await connection.copy_to_table("plain", source=file, format="csv", header=True)
    copied = time.perf_counter() - started
    await connection.execute("DROP TABLE plain; CHECKPOINT")
    await connection.close()
    first = import_in_child(url, file)
    again = import_in_child(url, file)
    if (first["new"], again["unchanged"]) != (ROWS, ROWS):
        raise RuntimeError(f"Not every row was imported: {first}, then {again}.")
    return {
        "copy": copied,
        "first": first["seconds"],
        "again": again["seconds"],
        "peak": max(first["peak"], again["peak"]),
    }


def import_in_child(url: str, file: Path) -> dict[str, Any]:
    """What the importing process says of itself."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.imports", url, str(file)],
        env=os.environ | {"PICCOLO_CONF": "piccolo_conf"},
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(done.stdout))


async def import_here(url: str, file: Path) -> dict[str, Any]:
    """Import the file in this process; seconds, peak memory in MiB, and the counts."""
    DB.config = {"dsn": url}
    started = time.perf_counter()
    async with pool(size=2):
        counts = (await import_file("dossiers", file)).counts
        stored = (await fetch("SELECT count(*) AS rows FROM dossier"))[0]["rows"]
    return {
        "seconds": time.perf_counter() - started,
        "peak": peak_memory(),
        "new": counts.new,
        "unchanged": counts.unchanged,
        "stored": stored,
    }


def peak_memory() -> float:
    """Most memory that this process has held, in MiB; not what its parent held before."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def write_dossiers(file: Path, rows: int) -> None:
    """Dossiers as one-stop software exports them: times to the minute, one in ten still open."""
    rng = np.random.default_rng(2021)
    received = np.datetime64("2021-01-04T07:30") + rng.integers(0, MINUTES, rows)
    due = received + rng.integers(1, 30, rows) * 1440
    returned = received + rng.integers(30, 20 * 1440, rows)
    frame = pl.DataFrame(
        {
            "Mã hồ sơ": [f"H32.{number:08}-2021" for number in range(rows)],
            "Mã cơ quan": [f"A{code}" for code in rng.integers(1, AGENCIES + 1, rows)],
            "Mã thủ tục": [f"P{code}" for code in rng.integers(1, PROCEDURES + 1, rows)],
            "Kênh tiếp nhận": rng.choice(["Trực tiếp", "Trực tuyến", "Bưu chính"], rows),
            "Ngày tiếp nhận": received.astype("datetime64[ms]"),
            "Ngày hẹn trả": due.astype("datetime64[ms]"),
            "Ngày trả kết quả": returned.astype("datetime64[ms]"),
            "Ngày kết thúc": (returned + 60).astype("datetime64[ms]"),
            "Kết quả": rng.choice(["Đồng ý", "Từ chối"], rows, p=[0.97, 0.03]),
        }
    )
    still_open = pl.Series(rng.random(rows) < 0.1)
    finished = ["Ngày trả kết quả", "Ngày kết thúc", "Kết quả"]
    frame.with_columns(
        pl.when(still_open).then(None).otherwise(pl.col(name)).alias(name) for name in finished
    ).write_csv(file, datetime_format="%Y-%m-%d %H:%M")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(asyncio.run(import_here(sys.argv[1], Path(sys.argv[2])))))
    else:
        print(json.dumps(measure(), indent=1))
