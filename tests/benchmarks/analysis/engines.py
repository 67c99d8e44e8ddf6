"""30,000,000 rows in Parquet files, streamed: seconds and peak memory of a child process.

The reference is polars' own streaming engine making seven weighted sums by (unit, agency) of the
same files: the least that any estimate by agency has to do.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from tests.benchmarks.analysis.rounds import Line, read_peak, write_line

ROWS, FILES = 30_000_000, 12
AGENCIES, STRATA, UNITS = 1_200, 102, 2_448
FACTORS = {"access": 4, "procedures": 5, "officials": 6, "result": 3, "feedback": 4}
ITEMS = [f"{factor}{number}" for factor, count in FACTORS.items() for number in range(count)]
AGES, SEXES, AREAS = 6, 2, 3


def measure() -> list[Line]:
    """Write the files, then stream them in a process of their own."""
    with tempfile.TemporaryDirectory() as folder:
        for number in range(FILES):
            write_file(Path(folder), number)
        job = run_child("job", folder)
        plain = run_child("plain", folder)
    reference = "polars streaming seven of the sums, same run"
    return [
        write_line(
            "parquet_30M_seconds", job["seconds"], "s", reference, job["seconds"] / plain["seconds"]
        ),
        write_line(
            "parquet_30M_peak_memory",
            job["peak"],
            "MB",
            "the limit of 2,000 MB",
            job["peak"] / 2000,
        ),
    ]


def write_file(folder: Path, number: int) -> None:
    """One twelfth of the rows: agencies lie across units, as badly as they can."""
    rng, rows = np.random.default_rng([30, number]), ROWS // FILES
    unit = rng.integers(0, UNITS, rows)
    frame = pl.DataFrame(
        {
            "stratum": (unit % STRATA).astype(np.int16),
            "unit": unit.astype(np.int16),
            "w": rng.uniform(1, 5, rows).astype(np.float32),
            "age": rng.integers(0, AGES, rows, dtype=np.int8),
            "sex": rng.integers(0, SEXES, rows, dtype=np.int8),
            "area": rng.integers(0, AREAS, rows, dtype=np.int8),
            "agency": rng.integers(0, AGENCIES, rows, dtype=np.int16),
            **{item: rng.integers(1, 6, rows, dtype=np.int8) for item in ITEMS},
        }
    )
    frame.write_parquet(folder / f"rows-{number:02}.parquet", row_group_size=500_000)


def run_child(part: str, folder: str) -> dict[str, float]:
    """What the child says of itself."""
    command = [sys.executable, "-m", "tests.benchmarks.analysis.engines", part, folder]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def run_job(folder: str) -> int:
    """Rake on three margins and estimate six indices for every agency."""
    from analysis.engines import ParquetFiles
    from analysis.estimates import plan_index
    from analysis.pieces import condense, estimate_in_pieces
    from analysis.weighting import rake

    people = 9e7
    margins: dict[Any, dict[int, float]] = {
        name: dict(enumerate(people * np.linspace(0.95, 1.05, size) / size))
        for name, size in (("age", AGES), ("sex", SEXES), ("area", AREAS))
    }
    survey = condense(
        ParquetFiles([folder]), units=["unit"], strata=["stratum"], weight="w", keep=list(margins)
    ).weigh(lambda design: rake(design, margins))
    factors = {
        factor: [f"{factor}{number}" for number in range(count)]
        for factor, count in FACTORS.items()
    }
    found = estimate_in_pieces(survey, plan_index(factors), ["agency"], missing="available")
    assert (found.se > 0).all()
    assert found.table.filter(pl.col("component") == "index")["n"].sum() == ROWS
    return len(found.table)


def run_plain(folder: str) -> int:
    """Seven weighted sums by unit and agency."""
    sums = [(pl.col(item).cast(pl.Float64) * pl.col("w")).sum() for item in ITEMS[:7]]
    files = pl.scan_parquet(f"{folder}/*.parquet")
    return len(files.group_by("unit", "agency").agg(sums).collect(engine="streaming"))


if __name__ == "__main__":
    began = time.perf_counter()
    {"job": run_job, "plain": run_plain}[sys.argv[1]](sys.argv[2])
    print(json.dumps({"seconds": time.perf_counter() - began, "peak": read_peak()}))
