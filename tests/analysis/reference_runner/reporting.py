"""Cases passed, failed and not supported, per file and estimator."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Report:
    """Counts by file and estimator, and what went wrong."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)

    def add(self, file: str, estimator: str, outcome: str) -> None:
        """Count one case as passed, failed or not supported."""
        self.counts[file, estimator, outcome] += 1

    def render(self) -> str:
        """The table, a line per file and estimator."""
        lines = [f"{'file':<38}{'estimator':<24}{'passed':>8}{'failed':>8}{'not supported':>15}"]
        for file, estimator in sorted({key[:2] for key in self.counts}):
            numbers = [
                self.counts[file, estimator, outcome]
                for outcome in ("passed", "failed", "not supported")
            ]
            lines.append(f"{file:<38}{estimator:<24}{numbers[0]:>8}{numbers[1]:>8}{numbers[2]:>15}")
        totals = [
            sum(number for key, number in self.counts.items() if key[2] == outcome)
            for outcome in ("passed", "failed", "not supported")
        ]
        lines.append(f"{'all':<62}{totals[0]:>8}{totals[1]:>8}{totals[2]:>15}")
        return "\n".join(lines)
