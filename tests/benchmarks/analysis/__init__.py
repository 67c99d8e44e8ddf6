"""Speed of the statistics, as ratios: `make bench-analysis`, ONLY=part for some of it.

The job: rake 30,000 to 3,000,000 respondents of 2,448 units in 102 strata on three margins, then
six indices of 1,200 agencies with standard errors that know of the raking.
"""

from collections.abc import Callable, Sequence

from tests.benchmarks.analysis import engines, many, r_survey, sizes
from tests.benchmarks.analysis.rounds import Line

PARTS: dict[str, Callable[[], list[Line]]] = {
    "30k": lambda: sizes.measure_size("30k"),
    "300k": lambda: sizes.measure_size("300k"),
    "3M": lambda: sizes.measure_size("3M"),
    "memory": sizes.measure_memory,
    "domains": many.measure_domains,
    "replicates": many.measure_replicates,
    "engines": engines.measure,
    "r": r_survey.measure,
}


def measure(wanted: Sequence[str] = ()) -> list[Line]:
    """Lines of the wanted parts, of all by default."""
    return [line for name in wanted or PARTS for line in PARTS[name]()]
