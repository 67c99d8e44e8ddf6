"""What becomes of simulated cases: when each came, and what was done to it until now."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import numpy as np

from app.demo.letters import TROUBLES
from surveys.calendars import Calendar, hours_of
from surveys.calendars.hours import moment
from surveys.days import local_day

TYPES: Final = tuple(TROUBLES)
CHANNELS: Final = ("web", "kiosk", "phone", "paper", "email", "api", "portal")
CHANNEL_SHARES: Final = (0.35, 0.05, 0.2, 0.1, 0.05, 0.05, 0.2)
DAY_MINUTES: Final = 450
# Assumed: the middle case is answered in so many working days.
MIDDLE_DAYS: Final = 8
# Assumed, so that one inbox of the demo has some thirty cases on a day.
BUSY_SHARE: Final = 1 / 3
# Assumed: so long a draft lies before it is sent, in office minutes.
APPROVAL_MINUTES: Final = 300
MINUTE: Final = timedelta(minutes=1)


class Step(NamedTuple):
    """One line of a case's log."""

    at: datetime
    name: str
    state: str


class Life(NamedTuple):
    """A case as it came, and its log."""

    agency: int
    type: str
    channel: str
    steps: list[Step]


class OfficeTime:
    """Office minutes of a calendar, added up once so that many cases are reckoned quickly."""

    def __init__(self, calendar: Calendar, first: datetime, last: datetime) -> None:
        self.opens: list[datetime] = []
        self.closes: list[datetime] = []
        self.before: list[float] = []
        total, day = 0.0, local_day(first)
        while day <= local_day(last):
            for opens, closes in hours_of(calendar, day):
                self.opens.append(moment(day, opens))
                self.closes.append(moment(day, closes))
                self.before.append(total)
                total += (self.closes[-1] - self.opens[-1]) / MINUTE
            day += timedelta(days=1)

    def minutes(self, at: datetime) -> float:
        """Office minutes from the first day until a moment."""
        place = bisect_right(self.opens, at) - 1
        if place < 0:
            return 0.0
        return self.before[place] + (min(at, self.closes[place]) - self.opens[place]) / MINUTE

    def after(self, at: datetime, minutes: float) -> datetime:
        """The moment at which so many more have passed."""
        wanted = self.minutes(at) + minutes
        place = bisect_right(self.before, wanted) - 1
        return self.opens[place] + (wanted - self.before[place]) * MINUTE


def draw_lives(
    number: int,
    agencies: list[int],
    span: tuple[datetime, datetime],
    *,
    office: OfficeTime,
    seed: int,
    busy: int | None = None,
) -> Iterator[Life]:
    """Cases in the order in which they came; few agencies get most of them, `busy` a third."""
    rng, (began, now) = np.random.default_rng(seed), span
    quarters = np.sort(rng.integers(0, (now - began).days * 96, number))
    shares = rng.dirichlet(np.full(len(agencies), 0.7))
    if busy is not None:
        shares = (1 - BUSY_SHARE) * shares + BUSY_SHARE * (np.array(agencies) == busy)
    columns = (
        quarters,
        rng.choice(agencies, number, p=shares),
        rng.choice(len(TYPES), number),
        rng.choice(len(CHANNELS), number, p=CHANNEL_SHARES),
        np.maximum(1, rng.lognormal(np.log(MIDDLE_DAYS), 0.6, number) * DAY_MINUTES // 30) * 30,
        rng.random(number),
    )
    first = began.replace(minute=0, second=0, microsecond=0)
    for quarter, agency, kind, channel, minutes, luck in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        came = first + timedelta(minutes=15 * quarter)
        steps = [step for step in _steps(came, minutes, luck, office) if step.at <= now]
        yield Life(agency, TYPES[kind], CHANNELS[channel], steps)


def _steps(came: datetime, minutes: float, luck: float, office: OfficeTime) -> Iterator[Step]:
    yield Step(came, "opened", "new")
    received = office.after(came, 30 * (1 + int(luck * 97) % 20))
    yield Step(received, "receive", "received")
    if luck < 0.05:
        yield Step(received, "refuse", "not_accepted")
        return
    yield Step(office.after(received, 60), "take", "in_hand")
    # A few are never answered.
    if luck > 0.985:
        return
    answer = _answer(office.after(received, 120 + minutes), office)
    yield from answer
    yield from _verdict(answer[-1].at, luck, office)


def _answer(drafted: datetime, office: OfficeTime) -> list[Step]:
    answered = office.after(drafted, APPROVAL_MINUTES)
    return [Step(drafted, "submit", "drafted"), Step(answered, "answer", "answered")]


def _verdict(answered: datetime, luck: float, office: OfficeTime) -> Iterator[Step]:
    later = answered + timedelta(days=3)
    if luck < 0.45:
        yield Step(later, "settle", "settled")
    elif luck < 0.8:
        yield Step(later, "publish", "published")
    elif luck < 0.88:
        yield Step(later, "reopen", "reopened")
        yield Step(office.after(later, 200), "take", "in_hand")
        again = _answer(office.after(later, 5 * DAY_MINUTES), office)
        yield from again
        yield Step(again[-1].at + timedelta(days=2), "settle", "settled")
