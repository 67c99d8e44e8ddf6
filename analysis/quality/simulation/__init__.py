"""A made-up province with five frauds, to see what the judge finds and whom it blames wrongly."""

from analysis.quality.simulation.frauds import KINDS
from analysis.quality.simulation.report import (
    summarise_trial,
    tabulate_detectors,
    tabulate_nulls,
    tabulate_sizes,
    tabulate_strengths,
)
from analysis.quality.simulation.trial import try_judge
from analysis.quality.simulation.world import World, simulate_world

__all__ = [
    "KINDS",
    "World",
    "simulate_world",
    "summarise_trial",
    "tabulate_detectors",
    "tabulate_nulls",
    "tabulate_sizes",
    "tabulate_strengths",
    "try_judge",
]
