"""What the judge of ratings finds at full size, and how long it takes.

`make bench ONLY=fraud` takes the first seeds; `python -m tests.benchmarks.fraud 101 102 …` prints
a line a seed for the table in docs/quality.md.
"""

import sys
import time
from typing import Any

import numpy as np
import polars as pl

from analysis.quality.simulation import KINDS, simulate_world, summarise_trial, try_judge

SEEDS = (101, 102)
STRONG = 0.25


def measure() -> list[dict[str, Any]]:
    """Power, false alarms and seconds, over the first seeds."""
    trials, seconds, plain = [], [], []
    for seed in SEEDS:
        world = simulate_world(np.random.default_rng(seed))
        began = time.perf_counter()
        _count_plainly(world.taps.counter, world.taps.day, world.taps.level)
        plain.append(time.perf_counter() - began)
        began = time.perf_counter()
        trials.append(summarise_trial(try_judge(world)))
        seconds.append(time.perf_counter() - began)
    lines = [
        {"name": name, "value": 100 * float(np.mean([trial[key] for trial in trials])),
         "unit": "%", "reference": None, "ratio": None}
        for name, key in (("fraud_power_25", "power"), ("fraud_drip_power_25", "drip"),
                          ("fraud_false_alarms", "false_alarms"))
    ]  # fmt: skip
    lines.append(
        {"name": "fraud_judge_60_days", "value": float(np.median(seconds)), "unit": "s",
         "reference": "ratings counted by counter, day and level",
         "ratio": float(np.median(seconds) / np.median(plain))}
    )  # fmt: skip
    return lines


def _count_plainly(counter: Any, day: Any, level: Any) -> None:
    pl.DataFrame({"c": counter, "d": day, "l": level}).group_by("c", "d", "l").len()


def report_seed(seed: int) -> str:
    """A row of the table: power of each fraud, of 1 to 4 together, and false alarms."""
    trial = try_judge(simulate_world(np.random.default_rng(seed)))
    figures = summarise_trial(trial)
    strong = trial.filter(pl.col("added") >= STRONG)
    cells = [str(seed)]
    for kind in KINDS:
        flags = strong.filter(pl.col("kind") == kind)["flagged"]
        cells.append(f"{100 * flags.sum() / max(1, len(flags)):.0f} % of {len(flags)}")
    cells.insert(5, f"{100 * figures['power']:.1f} % of {figures['strong']}")
    cells.append(f"{100 * figures['false_alarms']:.2f} % of {figures['honest']}")
    cells.append(f"{100 * figures['false_share']:.1f} %")
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    for one in sys.argv[1:]:
        print(report_seed(int(one)), flush=True)
