"""The write path of ratings: many requests, one commit.

A request leaves its ratings in a list and waits. A writer takes whatever has come, records it
in one transaction, and answers each request only after the commit. A second writer gathers the
next batch meanwhile. If a batch fails, its requests are recorded one by one, so that one bad
rating fails alone.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog

from app.quality_keys import quality_window
from app.settings import Settings
from surveys.devices import Event
from surveys.errors import StateError
from surveys.quality import Window
from surveys.questionnaires import Questionnaire, current_version, load_questionnaire
from surveys.ratings import NewRating, record_ratings

log = structlog.get_logger()

# Marks texts that are translated where the reader is known.
N_ = str

FORM_SECONDS = 5.0
CLOSING = N_("Máy chủ đang dừng. Hãy gửi lại sau ít phút.")
FOR_COLLECT_ONLY = N_("Phiếu này chỉ điền được trong ứng dụng khảo sát ODK Collect.")
# While one batch is on its way to the disk, the next one is checked, sent and begun.
WRITERS = 2


@dataclass(slots=True)
class Waiting:
    """The ratings of one request, and where their outcomes go.

    A bare event is one whose answers were refused: its number counts all the same.
    """

    ratings: Sequence[NewRating | Event]
    outcomes: asyncio.Future[list[str]]


class Intake:
    """Everything that arrives in this process, and the writers that record it."""

    def __init__(self, limit: int, window: Window | None = None) -> None:
        self.limit = limit
        self.window = window
        self.waiting: list[Waiting] = []
        self.arrived = asyncio.Event()
        self.closing = False

    async def submit(self, ratings: Sequence[NewRating | Event]) -> list[str]:
        """Outcomes of these ratings, once they are committed."""
        if self.closing:
            raise StateError(CLOSING)
        outcomes: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()
        self.waiting.append(Waiting(ratings, outcomes))
        self.arrived.set()
        return await outcomes

    async def write(self) -> None:
        """Record what waits until closed and empty."""
        while not (self.closing and not self.waiting):
            await self.arrived.wait()
            while self.waiting:
                await self._record(self._take())
            if not self.closing:
                self.arrived.clear()

    def close(self) -> None:
        """Take nothing new; what waits is still recorded."""
        self.closing = True
        self.arrived.set()

    def _take(self) -> list[Waiting]:
        count = size = 0
        for request in self.waiting:
            size += len(request.ratings)
            if count and size > self.limit:
                break
            count += 1
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        return taken

    async def _record(self, batch: list[Waiting]) -> None:
        try:
            sent = [one for wait in batch for one in wait.ratings]
            outcomes = await record_ratings(sent, window=self.window)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not fail its neighbours
            log.warning("batch recorded one by one", requests=len(batch), reason=repr(error))
            for request in batch:
                await self._record_alone(request)
            return
        place = 0
        for request in batch:
            _answer(request, outcomes[place : place + len(request.ratings)])
            place += len(request.ratings)

    async def _record_alone(self, request: Waiting) -> None:
        try:
            words = [await record_ratings([one], window=self.window) for one in request.ratings]
            _answer(request, [word for (word,) in words])
        except Exception as error:  # noqa: BLE001 - belongs to the request that caused it
            if not request.outcomes.done():
                request.outcomes.set_exception(error)


def _answer(request: Waiting, outcomes: list[str]) -> None:
    # The client may have gone away; its rating is stored all the same.
    if not request.outcomes.done():
        request.outcomes.set_result(outcomes)


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Intake]:
    """Keep writers for as long as the application serves; finish what waits at the end."""
    intake = Intake(settings.batch_limit, quality_window(settings))
    writers = [asyncio.create_task(intake.write(), name="intake") for _ in range(WRITERS)]
    try:
        yield intake
    finally:
        intake.close()
        await asyncio.gather(*writers)


class Forms:
    """Compiled questionnaires in memory; a new version shows within seconds."""

    def __init__(self) -> None:
        self.current: dict[str, tuple[float, int]] = {}
        self.compiled: dict[int, Questionnaire] = {}

    async def find(self, key: str) -> tuple[int, Questionnaire]:
        """The version in force of a questionnaire: its id and its compiled form."""
        now = asyncio.get_running_loop().time()
        known = self.current.get(key)
        if known is None or known[0] < now:
            version = await current_version(key)
            known = self.current[key] = (now + FORM_SECONDS, version)
        if known[1] not in self.compiled:
            self.compiled[known[1]] = await load_questionnaire(known[1])
        if self.compiled[known[1]].collect_only:
            raise StateError(FOR_COLLECT_ONLY)
        return known[1], self.compiled[known[1]]
