"""Telling: one signed request for one delivery, by a worker that may die at any moment."""

import asyncio
import contextlib
import os
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import httpx
import structlog
from cryptography.exceptions import InvalidTag

from app.access import secret
from app.settings import Settings
from app.webhooks.addresses import (
    ForbiddenAddressError,
    Network,
    Target,
    allowed_networks,
    find_target,
)
from surveys.webhooks import (
    Seal,
    claim_delivery,
    mark_not_told,
    mark_told,
    payload_of,
    recover_deliveries,
    sign,
    stop_webhook,
)

log = structlog.get_logger()

LEASE_SECONDS = 60
# An attempt ends well before its lease does.
ATTEMPT_SECONDS = 15.0
IDLE_SECONDS = 1.0
SENDERS = 4
GONE = 410

Delivery = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One request as it leaves."""

    url: str
    headers: dict[str, str]
    body: bytes


def clock() -> datetime:
    """The time now."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Teller:
    """What telling needs: where it may go, the seal of the secrets, a clock that tests may set."""

    base: str
    seal: Seal
    networks: Sequence[Network]
    now: Callable[[], datetime] = clock
    worker: str = f"{socket.gethostname()}:{os.getpid()}"
    attempt_seconds: float = ATTEMPT_SECONDS

    async def tell_one(self) -> bool:
        """Tell what is due next; False when nothing is."""
        delivery = await claim_delivery(self.worker, now=self.now(), lease_seconds=LEASE_SECONDS)
        if delivery is None:
            return False
        try:
            async with asyncio.timeout(self.attempt_seconds):
                answer = await self._ask(delivery)
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            await self._failed(delivery, _named(error))
        except ForbiddenAddressError as error:
            await self._failed(delivery, f"not an address that may be told: {error}")
        except (InvalidTag, httpx.InvalidURL, ValueError) as error:
            log.exception("webhook not signed", webhook=delivery["webhook"])
            await self._failed(delivery, type(error).__name__)
        else:
            await self._judge(delivery, answer)
        return True

    async def tell_due(self) -> int:
        """Tell everything that is due now; how many deliveries were tried."""
        await recover_deliveries(self.now())
        count = 0
        while await self.tell_one():
            count += 1
        return count

    async def _ask(self, delivery: Delivery) -> httpx.Response:
        body = await payload_of(delivery, self.base)
        request = Outgoing(delivery["url"], self._headers(delivery, body), body)
        target = await find_target(delivery["url"], self.networks)
        # No proxy of the environment: it would look the name up again.
        async with httpx.AsyncClient(
            verify=trusted(), timeout=self.attempt_seconds, trust_env=False, follow_redirects=False
        ) as client:
            for address in target.addresses[:-1]:
                with contextlib.suppress(httpx.ConnectError):
                    return await send(client, request, target, address)
            return await send(client, request, target, target.addresses[-1])

    def _headers(self, delivery: Delivery, body: bytes) -> dict[str, str]:
        message, timestamp = str(delivery["id"]), int(self.now().timestamp())
        sealed = [delivery["secret"]]
        if delivery["old_until"] is not None and delivery["old_until"] > self.now():
            sealed.append(delivery["old_secret"])
        signatures = [
            sign(self.seal.open(delivery["seal"], one), message, timestamp, body) for one in sealed
        ]
        return {
            "Content-Type": "application/json",
            "User-Agent": "SIPAS-Webhooks/1",
            "webhook-id": message,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(signatures),
        }

    async def _judge(self, delivery: Delivery, answer: httpx.Response) -> None:
        status = answer.status_code
        if answer.is_success:
            await mark_told(delivery, status, self.now())
            return
        if status == GONE:
            await mark_not_told(delivery, "HTTP 410", now=self.now(), status=status, final=True)
            await stop_webhook(delivery["webhook"], actor=None, reason="HTTP 410")
            return
        after = _asked_wait(answer.headers.get("retry-after", ""), self.now())
        await self._failed(delivery, f"HTTP {status}", status=status, after=after)

    async def _failed(
        self, delivery: Delivery, reason: str, *, status: int | None = None, after: int = 0
    ) -> None:
        await mark_not_told(delivery, reason, now=self.now(), status=status, after=after)


@cache
def trusted() -> ssl.SSLContext:
    """The authorities that are trusted: SSL_CERT_FILE names those of the house."""
    return httpx.create_ssl_context()


async def send(
    client: httpx.AsyncClient, request: Outgoing, target: Target, address: str
) -> httpx.Response:
    """Ask at one address of the name; only the status counts, what is written is not read."""
    asked = client.build_request(
        "POST",
        _to(request.url, address, target.port),
        content=request.body,
        headers=request.headers | {"Host": urlsplit(request.url).netloc},
        extensions={"sni_hostname": target.host},
    )
    answer = await client.send(asked, stream=True)
    await answer.aclose()
    return answer


def make_teller(settings: Settings) -> Teller:
    """A teller as the settings describe it."""
    base = settings.public_url or f"http://{settings.host}:{settings.port}"
    return Teller(base.rstrip("/"), Seal(secret(settings)), allowed_networks(settings))


async def tell(settings: Settings, stop: asyncio.Event) -> None:
    """Tell what is due until told to stop; what is under way is finished."""
    teller = make_teller(settings)
    async with asyncio.TaskGroup() as group:
        for _one in range(SENDERS):
            group.create_task(_tell_until(teller, stop))


async def _tell_until(teller: Teller, stop: asyncio.Event) -> None:
    while not stop.is_set():
        busy = False
        try:
            await recover_deliveries(teller.now())
            busy = await teller.tell_one()
        except Exception:
            log.exception("telling failed")
        if not busy:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(IDLE_SECONDS):
                    await stop.wait()


def _to(url: str, address: str, port: int) -> str:
    """The URL with the address that was looked at in the place of the name."""
    host = f"[{address}]" if ":" in address else address
    return urlunsplit(urlsplit(url)._replace(netloc=f"{host}:{port}"))


def _named(error: Exception) -> str:
    if isinstance(error, TimeoutError | httpx.TimeoutException):
        return "no answer in time"
    return type(error).__name__


def _asked_wait(text: str, now: datetime) -> int:
    """The seconds that Retry-After asks for; 0 when it says nothing that can be read."""
    if text.isdecimal() and len(text) < 9:
        return int(text)
    try:
        return max(0, int((parsedate_to_datetime(text) - now).total_seconds()))
    except (ValueError, TypeError, OverflowError):
        return 0
