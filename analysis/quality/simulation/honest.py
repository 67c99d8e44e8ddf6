"""What honest people do in a day: come in a rush, alone or with family, tap soon, late or never."""

from dataclasses import dataclass, fields

import numpy as np

from analysis.arrays import Bools, Floats, Ints, Numbers
from analysis.quality.simulation.province import AFTERNOON, FORENOON, Province


@dataclass(frozen=True)
class Presses:
    """One row a press of a face, in no order; `fraud` is 0 for an honest one."""

    counter: Ints
    day: Ints
    second: Floats
    level: Ints
    fraud: Ints


@dataclass(frozen=True)
class Given:
    """One row a handover, when the result was given and when the clerk clicked."""

    counter: Ints
    day: Ints
    second: Floats
    clicked: Floats
    person: Ints


def stack_presses(parts: list[Presses]) -> Presses:
    """All of them."""
    return Presses(
        **{
            one.name: np.concatenate([getattr(p, one.name) for p in parts])
            for one in fields(parts[0])
        }
    )


def hand_over(rng: np.random.Generator, province: Province) -> tuple[Given, Ints]:
    """Results over the day, and how many each person got; rushes before noon and in the afternoon."""
    persons = rng.poisson(province.people)
    cell = np.repeat(np.arange(persons.size), persons.ravel())
    counter, day = np.divmod(cell, persons.shape[1])
    when = _draw_times(rng, province, counter)
    dossiers = np.where(rng.random(len(cell)) < 0.12, rng.integers(2, 5, len(cell)), 1)
    person = np.repeat(np.arange(len(cell)), dossiers)
    first = np.r_[0, np.cumsum(dossiers)[:-1]]
    nth = np.arange(len(person)) - first[person]
    second = when[person] + nth * rng.uniform(5, 20, len(person))
    late = rng.random(len(person)) < province.untidy[counter[person]]
    clicked = second + np.where(late, rng.exponential(1200, len(person)), 0.0)
    given = Given(counter[person], day[person], second, np.minimum(clicked, 86_000), person)
    return given, dossiers


def _draw_times(rng: np.random.Generator, province: Province, counter: Ints) -> Floats:
    """A tenth at any time, the rest around the two rushes."""
    size = len(counter)
    even = rng.random(size) < 0.45
    early = rng.random(size) < 0.57
    rush = np.where(early, province.noon[counter], 15.5 * 3600) + rng.normal(0, 2400, size)
    low = np.where(early, FORENOON[0], AFTERNOON[0])
    high = np.where(early, FORENOON[1], AFTERNOON[1])
    flat = low + rng.random(size) * (high - low)
    # The last ones of the queue are still served for some minutes after closing.
    when = np.where(even | (rush < low), flat, rush)
    return np.where(when > high, high + rng.exponential(240, size), when)


def tap_honestly(
    rng: np.random.Generator, province: Province, given: Given, dossiers: Ints
) -> Presses:
    """Every honest press: by people handed a result, their company, strangers and children."""
    parts = [
        _tap_after_result(rng, province, given, dossiers),
        _tap_as_stranger(rng, province),
        _play(rng, province),
        _test_before_opening(rng, province),
    ]
    return stack_presses(parts)


def _tap_after_result(
    rng: np.random.Generator, province: Province, given: Given, dossiers: Ints
) -> Presses:
    last = np.cumsum(dossiers) - 1
    counter, day, left = given.counter[last], given.day[last], given.second[last]
    size = len(last)
    rates = rng.random(size) < province.capture[counter, day]
    # Of several dossiers most people rate one, some each.
    taps = np.where(rng.random(size) < 0.5, 1, dossiers) + (rng.random(size) < 0.03)
    who = np.repeat(np.flatnonzero(rates), taps[rates])
    start = np.r_[True, who[1:] != who[:-1]] if len(who) else np.zeros(0, dtype=bool)
    place = np.arange(len(who))
    nth = place - np.maximum.accumulate(np.where(start, place, 0))
    delay = _react(rng, province, counter)
    second = left[who] + delay[who] + nth * rng.uniform(4, 14, len(who))
    level = _choose_levels(rng, province, counter, day, left)[who]
    level = np.where(rng.random(len(who)) < 0.05, rng.integers(1, 6, len(who)), level)
    return _press(counter[who], day[who], second, level)


def _react(rng: np.random.Generator, province: Province, counter: Ints) -> Floats:
    """Seconds until the first tap: mostly soon, some after a talk, few on the way out."""
    kind = rng.random(len(counter))
    soon = province.reaction[counter] * np.exp(rng.normal(0, 0.6, len(counter)))
    slow = rng.uniform(60, 300, len(counter))
    late = rng.uniform(300, 1500, len(counter))
    return np.where(kind < 0.82, soon, np.where(kind < 0.95, slow, late))


def _choose_levels(
    rng: np.random.Generator, province: Province, counter: Ints, day: Ints, second: Floats
) -> Ints:
    """Levels with the mood of the half-day, which all who come in it share."""
    mood = rng.normal(0, 0.25, (*province.people.shape, 2))[
        counter, day, (second > 12 * 3600).astype(int)
    ]
    satisfied = _shift(province.satisfied[counter, day], mood)
    excellent = _shift(province.excellent[counter, day], mood)
    size = len(counter)
    low = np.searchsorted([0.25, 0.55], rng.random(size)) + 1
    high = np.where(rng.random(size) < excellent, 5, 4)
    return np.where(rng.random(size) < satisfied, high, low).astype(np.int64)


def _shift(share: Floats, mood: Floats) -> Floats:
    return np.asarray(1 / (1 + (1 - share) / share * np.exp(-mood)))


def _tap_as_stranger(rng: np.random.Generator, province: Province) -> Presses:
    counter, day = _scatter(rng, province.strangers)
    low, high = FORENOON[0], AFTERNOON[1]
    second = rng.uniform(low, high, len(counter))
    idle = (second > FORENOON[1]) & (second < AFTERNOON[0])
    second = np.where(idle, second + (AFTERNOON[0] - FORENOON[1]), second)
    level = _choose_levels(rng, province, counter, day, second)
    return _press(counter, day, np.minimum(second, high), level)


def _play(rng: np.random.Generator, province: Province) -> Presses:
    """A child presses three to nine times; half of them always the biggest smile."""
    counter, day = _scatter(rng, 0.015 * (province.people > 0))
    presses = rng.integers(3, 10, len(counter))
    start = rng.uniform(8, 11, len(counter)) * 3600
    child = np.repeat(np.arange(len(counter)), presses)
    nth = np.arange(len(child)) - np.r_[0, np.cumsum(presses)[:-1]][child]
    second = start[child] + nth * rng.uniform(3, 8, len(child))
    smiles = rng.random(len(counter)) < 0.5
    level = np.where(smiles[child], 5, rng.integers(1, 6, len(child)))
    return _press(counter[child], day[child], second, level)


def _test_before_opening(rng: np.random.Generator, province: Province) -> Presses:
    """Staff try the kiosk in the morning."""
    counter, day = _scatter(rng, 0.008 * (province.people > 0))
    second = rng.uniform(6.6, 7.4, len(counter)) * 3600
    return _press(counter, day, second, rng.integers(4, 6, len(counter)))


def _scatter(rng: np.random.Generator, expected: Numbers) -> tuple[Ints, Ints]:
    """Counter and day of each of so many expected events."""
    many = rng.poisson(expected)
    counter, day = np.divmod(np.repeat(np.arange(many.size), many.ravel()), many.shape[1])
    return counter, day


def _press(counter: Ints, day: Ints, second: Floats, level: Ints) -> Presses:
    size = len(counter)
    kept: Bools = np.asarray(second < 86_300)
    return Presses(
        counter[kept], day[kept], second[kept], level[kept].astype(np.int64),
        np.zeros(size, dtype=np.int64)[kept],
    )  # fmt: skip
