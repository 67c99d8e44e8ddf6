"""Sixty days of a province as the judge is given them, with what was truly done beside it."""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Bools, Floats, Ints
from analysis.quality.records import DeviceDays, Handovers, OpenHours, Taps
from analysis.quality.simulation.frauds import SHARE, Plan, commit_frauds, plan_frauds
from analysis.quality.simulation.honest import (
    Given,
    Presses,
    hand_over,
    stack_presses,
    tap_honestly,
)
from analysis.quality.simulation.province import (
    AFTERNOON,
    FIRST_DAY,
    FORENOON,
    Province,
    make_province,
)
from analysis.quality.simulation.rights import take_rights

RIGHT_SECONDS = 600.0


@dataclass(frozen=True)
class World:
    """What the judge sees, and the truth.

    Parameters
    ----------
    taps, handovers, hours, devices
        As in `judge`.
    fraud : (n,) int
        Of each tap: 0 honest, else the kind.
    plan : Plan
        Weeks are numbered from the first.
    """

    taps: Taps
    handovers: Handovers
    hours: OpenHours
    devices: DeviceDays
    fraud: Ints
    plan: Plan


def simulate_world(
    rng: np.random.Generator, *, counters: int = 600, days: int = 60, share: float = SHARE
) -> World:
    """Draw a province, its honest days, and frauds at `share` of the counters for each kind."""
    province = make_province(rng, counters=counters, days=days)
    given, dossiers = hand_over(rng, province)
    honest = tap_honestly(rng, province, given, dossiers)
    plan = plan_frauds(rng, province, share=share)
    false = commit_frauds(rng, plan, honest, given)
    presses = stack_presses([honest, false])
    handovers = _write_handovers(given)
    taps, fraud = _write_taps(rng, province, presses, handovers)
    return World(
        taps=taps,
        handovers=handovers,
        hours=_write_hours(province),
        devices=_write_devices(rng, province, false),
        fraud=fraud,
        plan=plan,
    )


def _write_handovers(given: Given) -> Handovers:
    order = np.lexsort((given.clicked, given.day, given.counter))
    return Handovers(
        given.counter[order], given.day[order] + FIRST_DAY, np.round(given.clicked[order], 1)
    )


def _write_taps(
    rng: np.random.Generator, province: Province, presses: Presses, handovers: Handovers
) -> tuple[Taps, Ints]:
    order = np.lexsort((presses.second, presses.day, presses.counter))
    counter, day = presses.counter[order], presses.day[order]
    second = np.round(presses.second[order], 1)
    doubtful = _draw_days(rng, province, 0.006)[counter, day]
    offline = _draw_days(rng, province, 0.01)[counter, day]
    gap = np.full(len(counter), np.nan)
    sure = np.flatnonzero(~doubtful)
    line = counter * 100_000 + day + FIRST_DAY
    gap[sure] = take_rights(
        line[sure], second[sure], handovers.counter * 100_000 + handovers.day, handovers.second,
        seconds=RIGHT_SECONDS,
    )  # fmt: skip
    received = rng.exponential(1.5, len(counter))
    received += np.where(offline, rng.uniform(0.5, 30, len(counter)) * 3600, 0)
    first = np.searchsorted(counter, counter)
    taps = Taps(
        counter=counter,
        day=day + FIRST_DAY,
        second=np.where(doubtful, np.nan, second),
        level=presses.level[order],
        levels=5,
        gap=gap,
        received=np.where(doubtful, np.nan, received),
        device=counter.copy(),
        number=np.arange(len(counter)) - first + 1,
    )
    return taps, presses.fraud[order]


def _write_hours(province: Province) -> OpenHours:
    counter, day = np.nonzero(province.people > 0)
    opens = np.repeat([FORENOON[0], AFTERNOON[0]], len(counter))
    closes = np.repeat([FORENOON[1], AFTERNOON[1]], len(counter))
    return OpenHours(np.tile(counter, 2), np.tile(day, 2) + FIRST_DAY, opens, closes)


def _write_devices(rng: np.random.Generator, province: Province, false: Presses) -> DeviceDays:
    """The ledger's counts: rare accidents, and what a copied key does to running numbers."""
    shape = province.people.shape
    size = len(province.people)
    open_days = province.people > 0
    missing = _accidents(rng, open_days, 0.004, 3)
    late = _accidents(rng, open_days, 0.01, 40)
    conflicts = _accidents(rng, open_days, 0.0003, 4)
    bad = _accidents(rng, open_days, 0.0006, 3)
    scripted = false.fraud == 4
    forged = np.zeros(shape, dtype=np.int64)
    np.add.at(forged, (false.counter[scripted], false.day[scripted]), 1)
    # Most thieves go on from the copied number, some skip ahead, some know how to keep in step.
    skill = rng.random((size, 1))
    conflicts += np.where(skill < 0.5, forged, 0)
    missing += np.where(
        (skill >= 0.5) & (skill < 0.7), forged + rng.integers(20, 500, shape), 0
    ) * (forged > 0)
    bad += np.where(skill < 0.15, rng.poisson(0.5 * (forged > 0)), 0)
    counter, day = np.nonzero(open_days | (forged > 0))
    columns = (each[counter, day] for each in (missing, late, conflicts, bad))
    return DeviceDays(counter, day + FIRST_DAY, *columns)


def _accidents(rng: np.random.Generator, days: Bools, chance: float, largest: int) -> Ints:
    happens = days & (rng.random(days.shape) < chance)
    return np.asarray(happens * rng.integers(1, largest + 1, days.shape), dtype=np.int64)


def _draw_days(rng: np.random.Generator, province: Province, chance: float) -> Bools:
    return np.asarray(rng.random(province.people.shape) < chance)


def added_share(world: World) -> tuple[Floats, Ints]:
    """Of each row of the plan: false taps over honest ones, and how many honest ones there were."""
    taps = world.taps
    key = taps.counter * 100 + (taps.day - FIRST_DAY) // 7
    size = int(max(key.max(initial=0), (world.plan.counter * 100 + world.plan.week).max(initial=0)))
    honest = np.bincount(key[world.fraud == 0], minlength=size + 1)
    false = np.bincount(key[world.fraud > 0], minlength=size + 1)
    own = world.plan.counter * 100 + world.plan.week
    return false[own] / np.maximum(honest[own], 1), honest[own]
