"""An acknowledged rating survives the server's sudden death."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from app.embedded import throwaway_server
from tests.benchmarks import intake as benchmark

RIGHTS = 6_000
CLIENTS = 16


@pytest.mark.slow
def test_no_acknowledged_rating_is_lost_when_the_server_is_killed(tmp_path: Path) -> None:
    environment = os.environ | {
        "SIPAS_VAR": str(tmp_path), "SIPAS_PORT": "18391", "SIPAS_LOG_LEVEL": "error"
    }  # fmt: skip
    with throwaway_server(durable=True) as url:
        environment["DATABASE_URL"] = url
        subprocess.run([sys.executable, "-c", PREPARE], env=environment, check=True)
        command = [sys.executable, "-m", "app", "serve", "--no-work"]
        process = subprocess.Popen(command, env=environment)
        try:
            benchmark.wait_for(18391)
            acknowledged = asyncio.run(rate_until_killed(process))
        finally:
            process.kill()
            process.wait()
        stored = asyncio.run(stored_ids(url))
    assert len(acknowledged) > 100
    assert acknowledged <= stored


PREPARE = f"""
import asyncio, os
from piccolo_conf import DB
from tests.benchmarks import intake
DB.config = {{"dsn": os.environ["DATABASE_URL"]}}
intake.RIGHTS_A_RUN, intake.RUNS = {RIGHTS}, 1
asyncio.run(intake.prepare())
"""


async def rate_until_killed(process: subprocess.Popen[bytes]) -> set[str]:
    """Rate from many clients at once; kill the server amid it; returns what it acknowledged."""
    acknowledged: set[str] = set()
    numbers = iter(range(RIGHTS))

    async def one_client(client: httpx.AsyncClient) -> None:
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

    async with httpx.AsyncClient(base_url="http://127.0.0.1:18391", timeout=20) as client:
        await asyncio.gather(*(one_client(client) for _ in range(CLIENTS)))
    return acknowledged


async def stored_ids(url: str) -> set[str]:
    """Ids of the ratings in the database."""
    connection = await asyncpg.connect(url)
    try:
        return {str(row["id"]) for row in await connection.fetch("SELECT id FROM waiting_rating")}
    finally:
        await connection.close()
