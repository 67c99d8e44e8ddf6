"""kill -9 in the middle of sending: once at most where nobody knows our key, exactly once else."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from surveys.transactions import fetch
from tests.app.gateways import Gateway, http_gateway
from tests.app.outbox import message, queue

pytestmark = pytest.mark.slow

CHANNELS = """
[sms]
kind = "http"
url = "{url}"
idempotency_header = "{header}"
success = {{ field = "status", values = ["ok"] }}
"""


@asynccontextmanager
async def worker(folder: Path, url: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`sipas work` in a process of its own; killed at the end if it still lives."""
    environment = os.environ | {
        "DATABASE_URL": url, "SIPAS_VAR": str(folder), "SIPAS_CHANNELS": str(folder / "c.toml"),
        "SIPAS_QUIET_HOURS": "00:00-00:00", "SIPAS_LOG_LEVEL": "error",
    }  # fmt: skip
    command = [sys.executable, "-m", "app", "work"]
    process = await asyncio.create_subprocess_exec(*command, env=environment)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():
            await asyncio.sleep(0.05)


async def die_while_sending(gateway: Gateway, folder: Path, url: str) -> None:
    """Kill the worker once the gateway has taken the message and before it says so."""
    gateway.delay = 60
    async with worker(folder, url) as process:
        await until(lambda: len(gateway.accepted) == 1)
        process.kill()
        await process.wait()
    # The dead worker's lease runs out.
    await fetch("UPDATE outbox_message SET leased_until = now() - interval '1 second'")
    gateway.delay = 0


@pytest.mark.parametrize(
    ("header", "state", "requests"), [("Idempotency-Key", "sent", 2), ("", "uncertain", 1)]
)
async def test_a_killed_worker_sends_no_message_twice(
    database: str, tmp_path: Path, header: str, state: str, requests: int
) -> None:
    async with http_gateway() as gateway:
        config = CHANNELS.format(url=gateway.address, header=header)
        (tmp_path / "c.toml").write_text(config)
        which = await queue(due=None)
        await die_while_sending(gateway, tmp_path, database)
        assert (await message(which))["state"] == "sending"
        other = await queue(key="another", due=None)
        async with worker(tmp_path, database):
            async with asyncio.timeout(30):
                while (await message(other))["state"] != "sent" or (await message(which))[
                    "state"
                ] == "sending":
                    await asyncio.sleep(0.1)
            await asyncio.sleep(1.5)
    row = await message(which)
    assert row["state"] == state
    assert len(gateway.requests) == requests + 1
    assert len(gateway.accepted) == 2
    assert (row["address"] is None) is (state == "sent")
    if header:
        assert {one["key"] for one in gateway.requests} == {str(which), str(other)}
        bodies = [one["body"] for one in gateway.requests if one["key"] == str(which)]
        assert bodies[0] == bodies[1]
