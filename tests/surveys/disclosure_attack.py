"""Somebody who reads everything that is published and solves it for the counts that are not.

The attacker reads public JSON only. An integer solver tells the smallest and the largest value
of each hidden count that is consistent with all that is known:
- a total that exceeds its printed parts leaves the rest to the hidden ones;
- who answered a factor counts for the index, and who answered anything tapped before;
- the number of all answers, which the pooled index gives away at worst (`answers`, told);
- a year is the sum of its quarters, a quarter of its months (if nothing was added meanwhile);
- counts of a period only grow from one run to the next;
- what a second figure leaves out and what it keeps are together the first one's count.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import ceil, floor
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from surveys.results.nesting import parts_of

OUTER = {"index": "overall_rating"}
# The measure, what its second figure leaves out, and what that keeps.
PAIRS = (("overall_rating", "flagged", "kept"), ("index", "flagged_index", "kept_index"))
MOST = 10_000
# Ranges of fractions this wide are not looked at again with whole numbers.
NARROW = 12

# A count of one agency and measure, in one period (of a run, where runs may differ).
Unknown = tuple[str, str, str]
Public = Mapping[str, Any]
Floats = NDArray[np.float64]
Sum = tuple[dict[int, float], float, float]


@dataclass
class Attack:
    """What is known so far: printed values, ranges, and sums."""

    growing: bool
    columns: dict[Unknown, int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)

    def column(self, unknown: Unknown) -> int:
        """Place of an unknown in the system, made at first sight."""
        if unknown not in self.columns:
            self.columns[unknown] = len(self.low)
            self.low.append(0)
            self.high.append(MOST)
        return self.columns[unknown]

    def know(self, unknown: Unknown, value: int) -> None:
        """Take in a printed value."""
        place = self.column(unknown)
        self.low[place] = self.high[place] = value

    def add(self, terms: Mapping[Unknown, float], low: float, high: float = np.inf) -> None:
        """Take in that a sum lies between two values."""
        self.sums.append(({self.column(name): x for name, x in terms.items()}, low, high))

    def solve(self, unknown: Unknown) -> tuple[int, int]:
        """The smallest and the largest possible value; of what nothing is known, any."""
        if unknown not in self.columns:
            return 0, MOST
        place = self.columns[unknown]
        part = sorted(self._parts[place])
        sums = self._tied[part[0]]
        if not sums:
            return int(self.low[place]), int(self.high[place])
        matrix = np.zeros((len(sums), len(part)))
        for row, (terms, _, _) in enumerate(sums):
            for column, factor in terms.items():
                matrix[row, part.index(column)] = factor
        limits = LinearConstraint(matrix, [s[1] for s in sums], [s[2] for s in sums])
        bounds = Bounds([self.low[c] for c in part], [self.high[c] for c in part])
        cost = (np.array(part) == place).astype(float)
        low, high = (_optimise(sign * cost, limits, bounds, whole=0) for sign in (1, -1))
        if -high - low < NARROW:
            low, high = (_optimise(sign * cost, limits, bounds, whole=1) for sign in (1, -1))
        return ceil(low - 1e-6), floor(-high + 1e-6)

    @cached_property
    def _parts(self) -> list[set[int]]:
        """For each unknown those that are tied to it by sums."""
        parts = [{place} for place in range(len(self.low))]
        for terms, _, _ in self.sums:
            whole = set().union(*(parts[place] for place in terms))
            for place in whole:
                parts[place] = whole
        return parts

    @cached_property
    def _tied(self) -> dict[int, list[Sum]]:
        """The sums of each part, by its first unknown."""
        tied: dict[int, list[Sum]] = defaultdict(list)
        for each in self.sums:
            tied[min(self._parts[min(each[0])])].append(each)
        return tied


def _optimise(cost: Floats, limits: LinearConstraint, bounds: Bounds, *, whole: int) -> float:
    """The least cost, over whole numbers if asked for."""
    found = milp(
        cost,
        constraints=limits,
        bounds=bounds,
        integrality=np.full(len(cost), whole),
        # With its presolve the solver misses whole solutions of some of these systems.
        options={"presolve": not whole},
    )
    assert found.success, found.message
    return float(found.fun)


def read(
    documents: Sequence[Public], *, growing: bool, answers: Mapping[Unknown, int] | None = None
) -> Attack:
    """Everything that follows from public documents, in the order of their publication."""
    attack = Attack(growing)
    for number, document in enumerate(documents):
        run = _name(document, number, growing=growing)
        _read_counts(attack, document, run)
        _read_totals(attack, document, run)
        _read_chain(attack, document, run)
        _read_answers(attack, document, run, answers or {})
        _read_pairs(attack, document, run)
        _read_whole_pairs(attack, document, run)
    _read_time(attack, documents)
    return attack


def hidden_counts(
    documents: Sequence[Public], *, growing: bool
) -> dict[Unknown, tuple[str, str, str]]:
    """Hidden counts that no document shows, with period, agency and measure."""
    shown, hidden = set(), {}
    for number, document in enumerate(documents):
        run = _name(document, number, growing=growing)
        for agency in document["agencies"]:
            for measure, figure in agency["measures"].items():
                cell = document["period"], agency["code"], measure
                if figure is None:
                    hidden[run, agency["code"], measure] = cell
                else:
                    shown.add(cell)
    return {unknown: cell for unknown, cell in hidden.items() if cell not in shown}


def hidden_pairs(
    documents: Sequence[Public], *, growing: bool
) -> dict[Unknown, tuple[str, str, str]]:
    """What second figures would leave out and keep, where none is printed."""
    shown, hidden = set(), {}
    for number, document in enumerate(documents):
        run = _name(document, number, growing=growing)
        for agency in document["agencies"]:
            for measure, *names in PAIRS:
                printed = agency["unflagged"].get(measure) is not None
                for name in names:
                    cell = document["period"], agency["code"], name
                    if printed:
                        shown.add(cell)
                    else:
                        hidden[run, agency["code"], name] = cell
    return {unknown: cell for unknown, cell in hidden.items() if cell not in shown}


def _read_pairs(attack: Attack, document: Public, run: str) -> None:
    for agency in document["agencies"]:
        code = agency["code"]
        for measure, out, rest in PAIRS:
            if measure not in agency["measures"]:
                continue
            attack.add({(run, code, measure): 1, (run, code, out): -1, (run, code, rest): -1}, 0, 0)
            figure = agency["unflagged"].get(measure)
            if figure is not None:
                attack.know((run, code, rest), figure["n"])
        for inner, outer in (("flagged_index", "flagged"), ("kept_index", "kept")):
            if "index" in agency["measures"]:
                attack.add({(run, code, outer): 1, (run, code, inner): -1}, 0)


def _read_whole_pairs(attack: Attack, document: Public, run: str) -> None:
    for whole, members in _wholes(document):
        for measure, _out, rest in PAIRS:
            figure = whole["unflagged"].get(measure)
            if figure is None:
                continue
            # One without a second figure stands with its first.
            told = sum(
                (a["unflagged"].get(measure) or a["measures"].get(measure) or {"n": 0})["n"]
                for a in members
            )
            left = [a["code"] for a in members if a["unflagged"].get(measure) is None]
            if figure["n"] != told:
                attack.add({(run, code, rest): 1 for code in left}, *[figure["n"] - told] * 2)


def _name(document: Public, number: int, *, growing: bool) -> str:
    return f"{document['period']}/{number}" if growing else str(document["period"])


def _read_counts(attack: Attack, document: Public, run: str) -> None:
    for agency in document["agencies"]:
        for measure, figure in agency["measures"].items():
            unknown = run, agency["code"], measure
            attack.column(unknown)
            if figure is not None:
                attack.know(unknown, figure["n"])
                if figure["item_response"] and measure.startswith("factor_"):
                    asked = round(figure["n"] / figure["item_response"])
                    attack.know((run, agency["code"], "index"), asked)
        if agency["response_rate"] is not None and agency["dossiers"]:
            ratings = round(agency["response_rate"] * agency["dossiers"])
            attack.know((run, agency["code"], "overall_rating"), ratings)


def _read_totals(attack: Attack, document: Public, run: str) -> None:
    """A total above the sum of its printed parts is the count of the hidden ones."""
    for whole, members in _wholes(document):
        for measure, figure in whole["measures"].items():
            shown = sum((a["measures"].get(measure) or {"n": 0})["n"] for a in members)
            if figure is not None and figure["n"] != shown:
                rest = [a["code"] for a in members if a["measures"].get(measure) is None]
                attack.add({(run, code, measure): 1 for code in rest}, *[figure["n"] - shown] * 2)


def _wholes(document: Public) -> list[tuple[Public, list[Public]]]:
    """The province and every level, with the agencies in each."""
    wholes = [(document["province"], list(document["agencies"]))]
    for group in document["groups"]:
        members = [a for a in document["agencies"] if a["level"] == group["level"]]
        wholes.append((group, members))
    return wholes


def _read_chain(attack: Attack, document: Public, run: str) -> None:
    for agency in document["agencies"]:
        for measure in agency["measures"]:
            outer = "index" if measure.startswith("factor_") else OUTER.get(measure)
            if outer in agency["measures"]:
                inner = run, agency["code"], measure
                attack.add({(run, agency["code"], str(outer)): 1, inner: -1}, 0)


def _read_answers(
    attack: Attack, document: Public, run: str, answers: Mapping[Unknown, int]
) -> None:
    """Where the index is shown, the worst case: its denominator is known."""
    for agency in document["agencies"]:
        total = answers.get((document["period"], agency["code"], "index"))
        if agency["measures"].get("index") is not None and total is not None:
            factors = [name for name in agency["measures"] if name.startswith("factor_")]
            attack.add({(run, agency["code"], name): 1 for name in factors}, total, total)


def _read_time(attack: Attack, documents: Sequence[Public]) -> None:
    """Sums over time; with runs that grow, only what an earlier and a later count say."""
    cells = {(agency, measure) for _, agency, measure in attack.columns}
    runs = defaultdict(list)
    for number, document in enumerate(documents):
        runs[document["period"]].append(_name(document, number, growing=attack.growing))
    for agency, measure in sorted(cells):
        if attack.growing:
            _read_growth(attack, runs, agency, measure)
        else:
            _read_sums(attack, set(runs), agency, measure)


def _read_growth(attack: Attack, runs: Mapping[str, list[str]], agency: str, measure: str) -> None:
    for names in runs.values():
        for before, after in pairwise(names):
            attack.add({(after, agency, measure): 1, (before, agency, measure): -1}, 0)


def _read_sums(attack: Attack, periods: set[str], agency: str, measure: str) -> None:
    for year in {period[:4] for period in periods}:
        if not any(period != year and period[:4] == year for period in periods):
            continue
        for whole in (year, *parts_of(year)):
            terms: dict[Unknown, float] = {(part, agency, measure): -1 for part in parts_of(whole)}
            attack.add({(whole, agency, measure): 1, **terms}, 0, 0)
