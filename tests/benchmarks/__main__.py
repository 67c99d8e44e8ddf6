"""`make bench`: measure, print a table, and write var/bench/<group>.json.

Every line is {"name", "value", "unit", "reference", "ratio"}: the ratio is against a reference
that was measured in the same run, interleaved, because machines differ and are noisy. A line that
has {"hard": true} beside it must not exceed its reference: then the end is 1, after all groups.
"""

import importlib
import json
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

GROUPS = {
    "intake": "tests.benchmarks.intake",
    "index": "tests.benchmarks.index_run",
    "import": "tests.benchmarks.imports",
    "form": "tests.benchmarks.form",
    "kiosk": "tests.benchmarks.kiosk",
    "fraud": "tests.benchmarks.fraud",
    "load": "tests.benchmarks.load",
    "cases": "tests.benchmarks.cases",
    "analysis": "tests.benchmarks.analysis",
}

# Ten minutes by itself: asked for by name.
LONG = {"load"}


def main(wanted: list[str]) -> int:
    """Run the wanted groups, or all of them; 1 when something is over a hard limit."""
    if refuse_unknown(wanted, GROUPS, "group"):
        return 2
    over = []
    for name in wanted or [name for name in GROUPS if name not in LONG]:
        over += broken(report(name, importlib.import_module(GROUPS[name]).measure))
    for line in over:
        print(f"Over the limit: {line}", file=sys.stderr)
    return 1 if over else 0


def broken(lines: Iterable[dict[str, Any]]) -> list[str]:
    """The lines over a limit that holds on every machine, in words."""
    return [
        f"{line['name']}, {line['value']:,.2f} {line['unit']}, {line['ratio']:.2f} × {line['reference']}"
        for line in lines
        if line.get("hard") and line["ratio"] > 1
    ]


def refuse_unknown(wanted: Iterable[str], known: Iterable[str], what: str) -> bool:
    """Say which names there are when one of the wanted is not among them."""
    unknown = [name for name in wanted if name not in known]
    if unknown:
        print(f"No {what} {', '.join(unknown)}; there are {', '.join(known)}.", file=sys.stderr)
    return bool(unknown)


def report(name: str, measure: Callable[[], list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """Measure one group, write its file and print its table; returns its lines."""
    print(f"\n{name}: measuring…", flush=True)
    lines = measure()
    folder = Path("var/bench")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(lines, indent=1) + "\n")
    for line in lines:
        value, by = line["value"], line["reference"]
        shown = f"{value:,.2f}" if value >= 1 else f"{value:.3g}"
        ratio = "" if line["ratio"] is None else f"{line['ratio']:8.2f} × {by}"
        print(f"  {line['name']:<34} {shown:>12} {line['unit']:<10} {ratio}")
    return lines


if __name__ == "__main__":
    sys.exit(main([name for name in sys.argv[1:] if name]))
