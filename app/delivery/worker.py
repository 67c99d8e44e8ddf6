"""Sending what is due: a few messages at a time, each written down before it leaves."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog

from app.access import pepper
from app.delivery.channels import Attempt, Channel, Failed, Sent, Uncertain
from app.delivery.configuration import is_quiet, make_channels, repeatable
from app.settings import Settings
from surveys.messages import (
    Origin,
    Outgoing,
    claim,
    mark_failed,
    mark_sent,
    mark_uncertain,
    prepare,
    recover,
)

log = structlog.get_logger()

LEASE_SECONDS = 120
# An attempt ends well before its lease does.
ATTEMPT_SECONDS = 90
IDLE_SECONDS = 1.0
SENDERS = 4

Message = dict[str, Any]


def clock() -> datetime:
    """The time now."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Sender:
    """What sending needs: channels, the origin of links, and a clock that tests may set."""

    settings: Settings
    channels: Mapping[str, Channel]
    origin: Origin
    now: Callable[[], datetime] = clock
    lease_seconds: int = LEASE_SECONDS
    worker: str = f"{socket.gethostname()}:{os.getpid()}"

    async def send_one(self) -> bool:
        """Send the next message that is due; False when none is."""
        now = self.now()
        message = await claim(
            self.worker,
            now=now,
            quiet=is_quiet(self.settings, now),
            lease_seconds=self.lease_seconds,
        )
        if message is None:
            return False
        await self._deal_with(message, now)
        return True

    async def _deal_with(self, message: Message, now: datetime) -> None:
        try:
            outgoing = await prepare(message, self.origin, now=now)
        except Exception as error:
            # Nothing has left yet, so it may be tried again.
            log.exception("message not written", message=str(message["id"]))
            await self._note(message, Failed(type(error).__name__))
            return
        if outgoing is not None:
            await self._note(message, await self._attempt(outgoing))

    async def _attempt(self, outgoing: Outgoing) -> Attempt:
        channel = self.channels[outgoing.channel]
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                return await channel.send(outgoing)
        except TimeoutError:
            reason = "no answer in time"
        except Exception as error:
            log.exception("channel failed", message=str(outgoing.id))
            reason = type(error).__name__
        return Failed(reason) if channel.repeatable else Uncertain(reason)

    async def _note(self, message: Message, attempt: Attempt) -> None:
        match attempt:
            case Sent(provider_id):
                await mark_sent(message, provider_id)
            case Failed(reason, permanent):
                await mark_failed(message, reason, permanent=permanent, now=self.now())
            case Uncertain(reason):
                await mark_uncertain(message, reason)

    async def recover(self) -> None:
        """Deal with what dead workers left behind."""
        await recover(self.now(), repeatable=repeatable(self.channels))

    async def send_due(self) -> int:
        """Send everything that is due now; returns how many messages were dealt with."""
        await self.recover()
        count = 0
        while await self.send_one():
            count += 1
        return count


def make_sender(settings: Settings) -> Sender:
    """A sender as the settings describe it."""
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    is_quiet(settings, clock())
    return Sender(settings, make_channels(settings), Origin(pepper(settings), base.rstrip("/")))


async def deliver(settings: Settings, stop: asyncio.Event) -> None:
    """Send what is due until told to stop; what is under way is finished."""
    sender = make_sender(settings)
    async with asyncio.TaskGroup() as group:
        for _one in range(SENDERS):
            group.create_task(_send_until(sender, stop))


async def _send_until(sender: Sender, stop: asyncio.Event) -> None:
    while not stop.is_set():
        busy = False
        try:
            await sender.recover()
            busy = await sender.send_one()
        except Exception:
            log.exception("delivery failed")
        if not busy:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(IDLE_SECONDS):
                    await stop.wait()
