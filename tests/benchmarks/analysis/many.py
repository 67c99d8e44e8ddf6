"""What more domains and replicates cost beside the job itself."""

from collections.abc import Callable
from statistics import median

from analysis.arrays import Floats
from analysis.estimates import DomainMeans, estimate_coded_means
from analysis.replicates import make_replicates
from analysis.weighting import rake_coded
from tests.benchmarks.analysis.respondents import (
    Coded,
    code_columns,
    draw_respondents,
    estimate_indices,
    score_items,
)
from tests.benchmarks.analysis.rounds import Line, compare, take_turns, write_line

DOMAINS = (60, 1_200, 12_000)
JOB = "the job by linearisation, 3M rows"
SEED = 11


def measure_domains() -> list[Line]:
    """The job on 300,000 rows for 60, 1,200 and 12,000 agencies."""

    def prepare(domains: int) -> Callable[[], object]:
        people = draw_respondents(300_000, agencies=domains)
        coded, scores = code_columns(people), score_items(people)
        return lambda: estimate_indices(coded, scores)

    seconds = take_turns({str(domains): prepare(domains) for domains in DOMAINS}, 7)
    few, many = str(DOMAINS[0]), str(DOMAINS[-1])
    return [
        *(write_line(f"domains_{name}", median(times), "s") for name, times in seconds.items()),
        compare(f"domains_{many}_vs_{few}", seconds[many], seconds[few], f"{few} domains"),
    ]


def measure_replicates() -> list[Line]:
    """500 replicates with weights fixed and 200 raked each, on 3,000,000 rows."""
    people = draw_respondents(3_000_000)
    coded, scores = code_columns(people), score_items(people)
    jobs: dict[str, Callable[[], object]] = {
        "job": lambda: estimate_indices(coded, scores),
        "rao_wu_500": lambda: resample_fixed(coded, scores, 500),
        "reraked_200": lambda: resample_raked(coded, scores, 200),
    }
    seconds = take_turns(jobs, 5)
    return [
        compare(f"{name}_vs_linearised", seconds[name], seconds["job"], JOB)
        for name in ("rao_wu_500", "reraked_200")
    ]


def resample_fixed(coded: Coded, scores: Floats, count: int) -> DomainMeans:
    """The job with a Rao-Wu bootstrap of the raked weights."""
    raked = rake_coded(coded.design, coded.margins)
    design = make_replicates(raked, "RaoWu", count=count, seed=SEED)
    return estimate_coded_means(design, coded.agency, coded.agencies, scores)


def resample_raked(coded: Coded, scores: Floats, count: int) -> DomainMeans:
    """The job with a Rao-Wu bootstrap that rakes every replicate."""
    drawn = make_replicates(coded.design, "RaoWu", count=count, seed=SEED)
    design = rake_coded(drawn, coded.margins)
    return estimate_coded_means(design, coded.agency, coded.agencies, scores)
