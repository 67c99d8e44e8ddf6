"""Counters of a made-up province: who they are and how they change from week to week.

Nothing here is shaped by what the detectors assume: people come in families, moods last half a
day, officers change, kiosks are moved, some clerks click handovers late.
"""

from dataclasses import dataclass

import numpy as np

from analysis.arrays import Bools, Floats, Ints

# 2027-01-04 is a Monday.
FIRST_DAY = 20_822
FORENOON = (7.5 * 3600, 11.5 * 3600)
AFTERNOON = (13.5 * 3600, 17 * 3600)


@dataclass(frozen=True)
class Province:
    """Traits of C counters over D days.

    Parameters
    ----------
    people : (C, D) float
        Expected people who are handed a result that day; 0 when closed or not yet opened.
    capture, satisfied, excellent : (C, D) float
        Chance that a person rates; that a rating is 4 or 5; that a satisfied one is 5.
    reaction : (C,) float
        Median seconds from the handover to the tap.
    untidy : (C,) float
        Share of handovers that the clerk clicks late.
    strangers : (C, D) float
        Expected taps a day by people who were handed nothing.
    noon : (C,) float
        Where the forenoon's rush stands, in seconds after midnight.
    working : (D,) bool
    campaign : int
        The day on which the whole province is asked to rate.
    """

    people: Floats
    capture: Floats
    satisfied: Floats
    excellent: Floats
    reaction: Floats
    untidy: Floats
    strangers: Floats
    noon: Floats
    working: Bools
    campaign: int

    @property
    def size(self) -> int:
        """How many counters."""
        return len(self.reaction)


def make_province(rng: np.random.Generator, *, counters: int, days: int) -> Province:
    """Draw the counters: 70 to 98 % satisfied, two to several hundred people a day."""
    weekday = (FIRST_DAY + np.arange(days) + 3) % 7
    saturday = rng.random(counters) < 0.1
    opened = np.where(rng.random(counters) < 0.08, rng.integers(0, max(1, days - 7), counters), 0)
    is_open = (weekday < 5)[None, :] | ((weekday == 5)[None, :] & saturday[:, None])
    is_open &= np.arange(days)[None, :] >= opened[:, None]
    size = np.clip(np.exp(rng.normal(np.log(72), 0.6, counters)), 12, 400)
    size = np.where(rng.random(counters) < 0.04, rng.uniform(1.0, 3.0, counters), size)
    people = size[:, None] * rng.gamma(18, 1 / 18, (counters, days))
    people *= np.array([1.25, 1.0, 0.95, 0.95, 1.1, 0.5, 0])[weekday][None, :]
    people *= np.exp(_wander(rng, counters, days, 0.06))
    campaign = _choose_working_day(rng, weekday)
    boost = np.zeros((counters, days))
    boost[:, campaign] = rng.normal(1.0, 0.3, counters)
    capture = _logit(rng.beta(5, 7, counters))[:, None] + _wander(rng, counters, days, 0.12)
    capture += _step(rng, counters, days, share=0.06, sd=0.4) + boost
    capture += rng.normal(0, 0.15, (counters, days))
    satisfied = _logit(rng.uniform(0.7, 0.98, counters))[:, None]
    satisfied = satisfied + _wander(rng, counters, days, 0.08) + 0.3 * boost
    satisfied += _step(rng, counters, days, share=0.1, sd=0.4)
    excellent = _logit(rng.beta(6, 4, counters))[:, None] + _wander(rng, counters, days, 0.08)
    return Province(
        people=people * is_open,
        capture=_share(capture),
        satisfied=_share(satisfied),
        excellent=_share(excellent + rng.normal(0, 0.15, (counters, days)) + 0.2 * boost),
        reaction=rng.uniform(14, 45, counters),
        untidy=np.where(rng.random(counters) < 0.08, rng.uniform(0.1, 0.35, counters), 0.01),
        strangers=people * is_open * rng.gamma(2, 0.008, counters)[:, None] * np.exp(boost),
        noon=rng.uniform(10, 11.2, counters) * 3600,
        working=weekday < 5,
        campaign=campaign,
    )


def _wander(rng: np.random.Generator, counters: int, days: int, step: float) -> Floats:
    """A random walk by weeks, on the scale of logarithms or logits."""
    weeks = days // 7 + 1
    walk = rng.normal(0, step, (counters, weeks)).cumsum(axis=1)
    return np.asarray((walk - walk.mean(axis=1, keepdims=True)).repeat(7, axis=1)[:, :days])


def _step(rng: np.random.Generator, counters: int, days: int, *, share: float, sd: float) -> Floats:
    """A lasting change at some counters: a new officer, a kiosk that was moved."""
    when = rng.integers(0, days, counters)[:, None]
    size = rng.normal(0, sd, counters) * (rng.random(counters) < share)
    return np.asarray(size[:, None] * (np.arange(days)[None, :] >= when))


def _choose_working_day(rng: np.random.Generator, weekday: Ints) -> int:
    working = np.flatnonzero(weekday < 5)
    return int(rng.choice(working[len(working) // 3 :]))


def _logit(share: Floats) -> Floats:
    return np.asarray(np.log(share / (1 - share)))


def _share(logit: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-logit)))
