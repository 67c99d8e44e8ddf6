"""Five frauds of any strength, planted at some counters for some weeks."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from analysis.arrays import Floats, Ints
from analysis.quality.simulation.honest import Given, Presses, stack_presses
from analysis.quality.simulation.province import AFTERNOON, FORENOON, Province

KINDS: Final = {
    1: "burst: presses 5 between 11:20 and 11:30",
    2: "prompt: a 5 within 2 s of handovers",
    3: "surplus: ratings above handovers",
    4: "script: API with a stolen key",
    5: "drip: a few 5s a day",
}
SHARE = 0.025


@dataclass(frozen=True)
class Plan:
    """One row a counter-week with a fraud: its kind, and how many taps it adds to an honest one."""

    counter: Ints
    week: Ints
    kind: Ints
    strength: Floats


def plan_frauds(rng: np.random.Generator, province: Province, *, share: float = SHARE) -> Plan:
    """Each kind at `share` of the counters, two to five weeks long, adding 10 to 100 %."""
    each = round(share * province.size)
    chosen = rng.choice(province.size, each * len(KINDS), replace=False)
    weeks = -(-len(province.working) // 7)
    rows = []
    for place, counter in enumerate(chosen.tolist()):
        length = int(rng.integers(2, 6))
        first = int(rng.integers(0, max(1, weeks - length + 1)))
        strength = rng.uniform(0.1, 1.0)
        rows += [
            (counter, week, place % len(KINDS) + 1, strength)
            for week in range(first, min(first + length, weeks))
        ]
    table = np.array(rows, dtype=float).reshape(-1, 4)
    counter, week, kind = table[:, :3].T.astype(np.int64)
    return Plan(counter, week, kind, table[:, 3])


@dataclass(frozen=True)
class Scene:
    """What the one who cheats sees in a week: the days worked, handovers, how many rated."""

    counter: int
    days: Ints
    handed_day: Ints
    handed: Floats
    presses: int


Fraud = Callable[[np.random.Generator, Scene], tuple[Ints, Floats]]


def press_in_bursts(rng: np.random.Generator, scene: Scene) -> tuple[Ints, Floats]:
    """All between 11:20 and 11:30, on two days of the week at least."""
    often = rng.integers(min(2, len(scene.days)), len(scene.days) + 1)
    day = rng.choice(rng.choice(scene.days, often, replace=False), scene.presses)
    return day, rng.uniform(11 * 3600 + 1200, 11 * 3600 + 1800, scene.presses)


def press_at_handovers(rng: np.random.Generator, scene: Scene) -> tuple[Ints, Floats]:
    """One within two seconds of a handover, at so many of them as it takes."""
    many = min(scene.presses, len(scene.handed))
    at = rng.choice(len(scene.handed), many, replace=False)
    return scene.handed_day[at], scene.handed[at] + rng.uniform(0.7, 2.0, many)


def press_without_handovers(rng: np.random.Generator, scene: Scene) -> tuple[Ints, Floats]:
    """When nobody is there: no handover in ten minutes, or the longest since one that is found."""
    day, second = _any_time(rng, scene, 40 * max(1, scene.presses))
    handed = np.sort(scene.handed_day * 1e6 + scene.handed)
    moment = day * 1e6 + second
    since = moment - np.r_[-np.inf, handed][np.searchsorted(handed, moment, side="right")]
    order = np.argsort(-np.minimum(since, 600.0), kind="stable")[: scene.presses]
    return day[order], second[order]


def press_by_script(rng: np.random.Generator, scene: Scene) -> tuple[Ints, Floats]:
    """Blocks of evenly spaced events, by day or when nobody works."""
    period = rng.uniform(20, 120)
    shake = rng.uniform(0.01, 0.05)
    day = np.sort(rng.choice(scene.days, scene.presses))
    second = np.zeros(scene.presses)
    night = rng.random() < 0.5
    for one in np.unique(day):
        rows = day == one
        start = rng.uniform(17.6, 20) if night else rng.choice(rng.uniform((8, 13.7), (10, 15)))
        steps = np.arange(rows.sum()) * period
        second[rows] = start * 3600 + steps + rng.normal(0, shake * period, len(steps))
    return day, np.minimum(second, 86_000)


def press_now_and_then(rng: np.random.Generator, scene: Scene) -> tuple[Ints, Floats]:
    """At any time of the day."""
    return _any_time(rng, scene, scene.presses)


FRAUDS: Final[dict[int, Fraud]] = {
    1: press_in_bursts,
    2: press_at_handovers,
    3: press_without_handovers,
    4: press_by_script,
    5: press_now_and_then,
}


def commit_frauds(rng: np.random.Generator, plan: Plan, honest: Presses, given: Given) -> Presses:
    """The presses that the plan adds; all choose the top level."""
    press_order = np.lexsort((honest.day // 7, honest.counter))
    keys = (honest.counter * 100 + honest.day // 7)[press_order]
    hand_order = np.lexsort((given.day // 7, given.counter))
    hands = (given.counter * 100 + given.day // 7)[hand_order]
    parts = []
    for counter, week, kind, strength in zip(
        plan.counter.tolist(), plan.week.tolist(), plan.kind.tolist(), plan.strength, strict=True
    ):
        key = counter * 100 + week
        many = int(np.diff(np.searchsorted(keys, [key, key + 1]))[0])
        rows = hand_order[slice(*np.searchsorted(hands, [key, key + 1]))]
        days = np.unique(given.day[rows])
        presses = int(rng.poisson(strength * many))
        if not presses or not len(days):
            continue
        scene = Scene(counter, days, given.day[rows], given.clicked[rows], presses)
        day, second = FRAUDS[kind](rng, scene)
        same = np.ones(len(day), dtype=np.int64)
        parts.append(Presses(counter * same, day, second, 5 * same, kind * same))
    none = np.empty(0, dtype=np.int64)
    return stack_presses(parts) if parts else Presses(none, none, none.astype(float), none, none)


def _any_time(rng: np.random.Generator, scene: Scene, many: int) -> tuple[Ints, Floats]:
    day = rng.choice(scene.days, many)
    long = FORENOON[1] - FORENOON[0]
    second = FORENOON[0] + rng.random(many) * (long + AFTERNOON[1] - AFTERNOON[0])
    return day, np.where(second > FORENOON[1], second + AFTERNOON[0] - FORENOON[1], second)
