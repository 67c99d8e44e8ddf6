"""`sipas simulate fraud --seed 1`: what the judge of ratings finds in a made-up province."""

import argparse
from typing import Any

from app.settings import Settings


def add_parser(subparsers: Any) -> None:
    """Add the commands of this room."""
    parser = subparsers.add_parser("simulate", help="try a method on a made-up province")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    fraud = kinds.add_parser("fraud", help="power and false alarms of the judge of ratings")
    fraud.add_argument("--seed", type=int, default=1, help="of the province, its people and cheats")
    fraud.add_argument("--counters", type=int, default=600)
    fraud.add_argument("--days", type=int, default=60)
    fraud.add_argument(
        "--share", type=float, default=0.025, help="of the counters, with each of the five frauds"
    )
    fraud.set_defaults(handler=run_simulation, without_database=True)


async def run_simulation(options: argparse.Namespace, settings: Settings) -> int:
    """Simulate, judge week after week, and print what was found and who was blamed wrongly."""
    del settings
    # Statistics libraries take seconds to load; commands that only take ratings go without.
    import numpy as np

    from analysis.quality import simulation
    from analysis.tables import to_markdown

    world = simulation.simulate_world(
        np.random.default_rng(options.seed),
        counters=options.counters, days=options.days, share=options.share,
    )  # fmt: skip
    trial = simulation.try_judge(world)
    figures = simulation.summarise_trial(trial)
    print(
        f"Seed {options.seed}: {options.counters} counters, {options.days} days,"
        f" {len(world.taps.level):,} taps, {len(world.handovers.day):,} handovers.\n"
    )
    tables = {
        "Flagged, per cent of counter-weeks, where the fraud adds at least 25 % ratings. A"
        " detector's column is what it flags by itself.": simulation.tabulate_detectors(trial),
        "Flagged by strength of the fraud": simulation.tabulate_strengths(trial),
        "Flagged by size of the counter, at least 25 %": simulation.tabulate_sizes(trial),
        "Honest counter-weeks with a p value up to a bound, per cent": (
            simulation.tabulate_nulls(trial)
        ),
    }
    for title, table in tables.items():
        print(f"{title}\n\n{to_markdown(table)}\n")
    print(
        f"Frauds 1 to 4 that add 25 % or more: {figures['power']:.1%} of {figures['strong']}"
        f" counter-weeks flagged (drip: {figures['drip']:.1%}).\n"
        f"Honest counter-weeks flagged: {figures['false_alarms']:.2%} of {figures['honest']}."
    )
    return 0
