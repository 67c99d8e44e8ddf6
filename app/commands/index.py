"""`sipas index --period 2021-Q1` computes the index, prints it, and publishes it when told to."""

import argparse
from typing import Any

from app.settings import Settings


def add_parser(subparsers: Any) -> None:
    """Add the commands of this room."""
    parser = subparsers.add_parser("index", help="compute the satisfaction index of a period")
    parser.add_argument("--period", required=True, help="2021-Q1, 2021-03 or 2021")
    parser.add_argument("--questionnaire", default="counter")
    parser.add_argument("--publish", action="store_true", help="publish the run at once")
    parser.add_argument(
        "--aggregation",
        default="pooled_answers",
        choices=["pooled_answers", "mean_of_items", "mean_of_factors"],
    )
    parser.set_defaults(handler=run_index)


async def run_index(options: argparse.Namespace, settings: Settings) -> int:
    """Compute, print the table that may be shown, and say where the run is kept."""
    # Statistics libraries take seconds to load; commands that only take ratings go without.
    from app.runs import compute_run, print_table, publish

    run = await compute_run(
        settings, options.period, options.questionnaire, aggregation=options.aggregation
    )
    if options.publish:
        await publish(run)
    await print_table(run)
    print(f"Run {run} is {'published' if options.publish else 'a draft'}.")
    return 0
