"""The job at three sizes, beside the least that any program must do: seven weighted sums."""

import json
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from analysis.arrays import Floats
from analysis.cells import sum_by
from tests.benchmarks.analysis.respondents import (
    Coded,
    code_columns,
    draw_respondents,
    estimate_indices,
    score_items,
)
from tests.benchmarks.analysis.rounds import Line, compare, read_peak, take_turns, write_line

SIZES = {"30k": (30_000, 21), "300k": (300_000, 15), "3M": (3_000_000, 7)}
SUMS = "7 weighted bincounts by unit and agency"
MOST = 1_000


def measure_size(name: str) -> list[Line]:
    """The job, and apart from it the coding of columns and the scoring of items."""
    rows, rounds = SIZES[name]
    people = draw_respondents(rows)
    coded, scores = code_columns(people), score_items(people)
    jobs: dict[str, Callable[[], object]] = {
        "sums": sum_up(coded, scores),
        "index": lambda: estimate_indices(coded, scores),
        "coding": lambda: code_columns(people),
        "scoring": lambda: score_items(people),
    }
    seconds = take_turns(jobs, rounds)
    return [
        compare(f"{job}_{name}{ending}", seconds[job], seconds["sums"], SUMS)
        for job, ending in (("index", "_vs_bincount"), ("coding", ""), ("scoring", ""))
    ]


def sum_up(coded: Coded, scores: Floats) -> Callable[[], list[Floats]]:
    """The seven sums and nothing else: keys and weighted columns are ready before."""
    stage = coded.design.stages[0]
    key = stage.unit * coded.agencies + coded.agency
    weight = coded.design.weights.final
    columns = [weight, *(np.ascontiguousarray(weight * column) for column in scores.T)]
    size = len(stage.cell) * coded.agencies
    return lambda: [sum_by(key, column, size) for column in columns]


def measure_memory() -> list[Line]:
    """Peak of a process that does nothing but load the coded 3M rows and do the job."""
    people = draw_respondents(SIZES["3M"][0])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "job"
        file.write_bytes(pickle.dumps((code_columns(people), score_items(people)), protocol=5))
        del people
        command = [sys.executable, "-m", "tests.benchmarks.analysis.sizes", str(file)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    peak = json.loads(done.stdout)
    reference = f"the limit of {MOST:,} MB"
    return [write_line("index_3M_peak_memory", peak, "MB", reference, peak / MOST)]


def run_once(file: Path) -> float:
    """Do the job on pickled rows; peak resident memory of this process in MB."""
    with file.open("rb") as stream:
        coded, scores = pickle.load(stream)
    estimate_indices(coded, scores)
    return read_peak()


if __name__ == "__main__":
    print(json.dumps(run_once(Path(sys.argv[1]))))
