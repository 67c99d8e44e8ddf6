"""Times of several jobs, taken in turns so that a busy machine slows them alike."""

import statistics
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Line = dict[str, Any]


def take_turns(jobs: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Seconds of every job in every round, after one round to warm up."""
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    for turn in range(rounds + 1):
        for name, job in jobs.items():
            began = time.perf_counter()
            job()
            if turn:
                seconds[name].append(time.perf_counter() - began)
    return seconds


def compare(name: str, ours: list[float], theirs: list[float], reference: str) -> Line:
    """Median seconds, and the median over the rounds of their ratio to the reference."""
    ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
    return write_line(name, statistics.median(ours), "s", reference, statistics.median(ratios))


def write_line(
    name: str, value: float, unit: str, reference: str | None = None, ratio: float | None = None
) -> Line:
    """One line of the table."""
    return {"name": name, "value": value, "unit": unit, "reference": reference, "ratio": ratio}


def read_peak() -> float:
    """Most memory that this process has held, in MB; not what its parent held before."""
    status = Path("/proc/self/status").read_text().splitlines()
    (kilobytes,) = (line.split()[1] for line in status if line.startswith("VmHWM"))
    return int(kilobytes) * 1024 / 1e6
