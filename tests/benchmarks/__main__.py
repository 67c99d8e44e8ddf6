"""`make bench`: measure, print a table, and write var/bench/<group>.json.

Every line is {"name", "value", "unit", "reference", "ratio"}: the ratio is against a reference
that was measured in the same run, interleaved, because machines differ and are noisy.
"""

import importlib
import json
import sys
from pathlib import Path

GROUPS = {
    "intake": "tests.benchmarks.intake",
    "index": "tests.benchmarks.index_run",
    "import": "tests.benchmarks.imports",
    "form": "tests.benchmarks.form",
}


def main(wanted: list[str]) -> int:
    """Run the wanted groups, or all of them."""
    if unknown := [name for name in wanted if name not in GROUPS]:
        print(f"No group {', '.join(unknown)}; there are {', '.join(GROUPS)}.", file=sys.stderr)
        return 2
    for name in wanted or GROUPS:
        print(f"\n{name}: measuring…", flush=True)
        lines = importlib.import_module(GROUPS[name]).measure()
        folder = Path("var/bench")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(lines, indent=1) + "\n")
        for line in lines:
            ratio = "" if line["ratio"] is None else f"{line['ratio']:8.2f} × {line['reference']}"
            print(f"  {line['name']:<34} {line['value']:>12,.2f} {line['unit']:<10} {ratio}")
    return 0


if __name__ == "__main__":
    sys.exit(main([name for name in sys.argv[1:] if name]))
