"""What was acknowledged survives the server's sudden death."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from app.demo.kiosks import Kiosk
from app.embedded import throwaway_server
from tests.benchmarks import intake as benchmark

RIGHTS = 6_000
CLIENTS = 16
EVENTS_EACH = 2_000
PORT = 18391
ADDRESS = f"http://127.0.0.1:{PORT}"

# Ids by table, as text.
Stored = dict[str, set[str]]


@pytest.mark.slow
def test_no_acknowledged_rating_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    with durable_database(tmp_path) as (url, environment):
        with serving(environment) as process:
            acknowledged = asyncio.run(rate_until_killed(process))
        stored = asyncio.run(stored_ids(url))
    assert len(acknowledged) > 100
    assert acknowledged <= stored["waiting_rating"]


@pytest.mark.slow
def test_no_acknowledged_event_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    """Devices send signed taps; the server dies amid it; what was not named is sent again."""
    with durable_database(tmp_path) as (url, environment):
        codes = environment["CODES"].split()
        with serving(environment) as process:
            kiosks, acknowledged = asyncio.run(tap_until_killed(process, codes))
        after_crash = asyncio.run(stored_ids(url))
        with serving(environment):
            asyncio.run(resend(kiosks))
        at_last = asyncio.run(stored_ids(url))
        gaps = asyncio.run(read_gaps(url))
    made = {json.loads(event["payload"])["id"] for queue in kiosks for event in queue.events}
    assert len(acknowledged) > 400
    # A rating and the number it came under are one commit.
    assert after_crash["waiting_rating"] == after_crash["device_event"]
    assert acknowledged <= after_crash["waiting_rating"] <= made
    assert at_last["waiting_rating"] == at_last["device_event"] == made
    assert gaps == {"{}"}


PREPARE = f"""
import asyncio, os
from app.database import pool
from piccolo_conf import DB
from surveys.devices import issue_code
from surveys.transactions import fetch
from tests.benchmarks import intake
DB.config = {{"dsn": os.environ["DATABASE_URL"]}}
intake.RIGHTS_A_RUN, intake.RUNS = {RIGHTS}, 1

async def codes():
    async with pool(size=2):
        counter = (await fetch("SELECT id FROM counter"))[0]["id"]
        return [(await issue_code(counter, actor=None)).code for _device in range({CLIENTS})]

asyncio.run(intake.prepare())
print(*asyncio.run(codes()))
"""


@contextmanager
def durable_database(var: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """A server that writes through to its disk, filled; its address, and codes for devices."""
    environment = os.environ | {
        "SIPAS_VAR": str(var), "SIPAS_PORT": str(PORT), "SIPAS_LOG_LEVEL": "error",
        "SIPAS_DEVICE_REQUESTS_PER_MINUTE": "100000",
    }  # fmt: skip
    with throwaway_server(durable=True) as url:
        environment["DATABASE_URL"] = url
        done = subprocess.run(
            [sys.executable, "-c", PREPARE], env=environment, check=True, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        yield url, environment | {"CODES": done.stdout.splitlines()[-1]}


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """The product's own server; killed at the end if it still lives."""
    command = [sys.executable, "-m", "app", "serve", "--no-work"]
    process = subprocess.Popen(command, env=environment)
    try:
        benchmark.wait_for(PORT)
        yield process
    finally:
        process.kill()
        process.wait()


async def together(one: Callable[[httpx.AsyncClient, int], Awaitable[None]]) -> None:
    """Let every client do its work at the same time."""
    async with httpx.AsyncClient(base_url=ADDRESS, timeout=20) as client:
        await asyncio.gather(*(one(client, place) for place in range(CLIENTS)))


async def rate_until_killed(process: subprocess.Popen[bytes]) -> set[str]:
    """Rate from many clients at once; kill the server amid it; returns what it acknowledged."""
    acknowledged: set[str] = set()
    numbers = iter(range(RIGHTS))

    async def one_client(client: httpx.AsyncClient, _place: int) -> None:
        for number in numbers:
            rating = {"id": str(uuid4()), "right": f"t{number}", "answers": {"overall": 4}}
            try:
                answer = await client.post("/api/ratings", json={"ratings": [rating]})
            except httpx.HTTPError:
                return
            if answer.json()["receipts"][0]["status"] == "stored":
                acknowledged.add(str(rating["id"]))
            if len(acknowledged) == 400:
                process.send_signal(signal.SIGKILL)

    await together(one_client)
    return acknowledged


@dataclass
class Queue:
    """A device and every event that it made."""

    kiosk: Kiosk
    events: list[dict[str, str]]


async def tap_until_killed(
    process: subprocess.Popen[bytes], codes: list[str]
) -> tuple[list[Queue], set[str]]:
    """Send events in batches of several sizes; returns every device's events and what was named."""
    acknowledged: set[str] = set()
    queues = [Queue(Kiosk(), []) for _device in range(CLIENTS)]

    async def one_device(client: httpx.AsyncClient, place: int) -> None:
        kiosk = queues[place].kiosk
        assert (await kiosk.enrol(client, codes[place])).status_code == 201
        while kiosk.number < EVENTS_EACH:
            batch = [kiosk.event({"overall": 4}) for _event in range(1 + place)]
            queues[place].events += batch
            try:
                answer = await kiosk.send(client, *batch)
            except httpx.HTTPError:
                return
            receipts = answer.json()["receipts"]
            acknowledged.update(one["id"] for one in receipts if one["status"] == "stored")
            if len(acknowledged) > 1_000:
                process.send_signal(signal.SIGKILL)

    await together(one_device)
    return queues, acknowledged


async def resend(queues: list[Queue]) -> None:
    """Send everything once more, as a device does that heard no answer."""

    async def one_device(client: httpx.AsyncClient, place: int) -> None:
        events = queues[place].events
        for first in range(0, len(events), 100):
            answer = await queues[place].kiosk.send(client, *events[first : first + 100])
            assert {one["status"] for one in answer.json()["receipts"]} == {"stored"}

    await together(one_device)


async def stored_ids(url: str) -> Stored:
    """Ids of the ratings and of the ledger's events in the database."""
    connection = await asyncpg.connect(url)
    try:
        ratings = await connection.fetch("SELECT id FROM waiting_rating")
        events = await connection.fetch("SELECT event AS id FROM device_event")
    finally:
        await connection.close()
    return {
        "waiting_rating": {str(row["id"]) for row in ratings},
        "device_event": {str(row["id"]) for row in events},
    }


async def read_gaps(url: str) -> set[str]:
    """The missing numbers of all devices."""
    connection = await asyncpg.connect(url)
    try:
        return {row["missing"] for row in await connection.fetch("SELECT missing FROM device")}
    finally:
        await connection.close()
