"""A server that dies amid signing and redeeming costs nobody the rating."""

import asyncio
import signal
import subprocess
from pathlib import Path

import asyncpg
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from tests.app.rights import ask_key, ask_signature, rate, rating, unblind
from tests.app.test_durability import ADDRESS, durable_database, serving
from tests.blinding import Blinding, blind

CITIZENS = 300
DIES_AFTER = 120
AT_ONCE = 8

Pending = dict[str, tuple[str, RSAPublicKey, Blinding]]


@pytest.mark.slow
def test_every_right_becomes_one_rating_although_the_server_is_killed(tmp_path: Path) -> None:
    pending: Pending = {}
    with durable_database(tmp_path) as (url, environment):
        with serving(environment) as process:
            asked = asyncio.run(sign_until_killed(process, pending))
        # Some were answered, and some spent their right and heard nothing.
        assert DIES_AFTER <= asked < CITIZENS
        with serving(environment):
            receipts = asyncio.run(finish(pending))
        counts = asyncio.run(read_counts(url))
    assert set(receipts) == {"stored"}
    assert counts == {"spent_right": CITIZENS, "spent_signature": CITIZENS, "rating": CITIZENS}


async def sign_until_killed(process: subprocess.Popen[bytes], pending: Pending) -> int:
    """Ask for keys and signatures until the server is gone; how many signatures were heard."""
    heard = 0
    numbers = iter(range(CITIZENS))

    async def one(client: httpx.AsyncClient) -> None:
        nonlocal heard
        for number in numbers:
            token = f"t{number}"
            try:
                key, public = await ask_key(client, token)
                pending[token] = (key, public, blind(public))
                await ask_signature(client, token, key, pending[token][2].blinded)
            except httpx.HTTPError:
                return
            heard += 1
            if heard == DIES_AFTER:
                process.send_signal(signal.SIGKILL)

    async with httpx.AsyncClient(base_url=ADDRESS, timeout=20) as client:
        await asyncio.gather(*(one(client) for _client in range(AT_ONCE)))
    return heard


async def finish(pending: Pending) -> list[str]:
    """Everybody asks again with what the browser kept, and rates; twice, as after a lost answer."""
    async with httpx.AsyncClient(base_url=ADDRESS, timeout=20) as client:
        words = []
        for number in range(CITIZENS):
            token = f"t{number}"
            if token not in pending:
                key, public = await ask_key(client, token)
                pending[token] = (key, public, blind(public))
            key, public, blinding = pending[token]
            answer = await ask_signature(client, token, key, blinding.blinded)
            sent = rating(ticket=unblind(key, public, blinding, answer))
            for _time in range(2):
                words += [one["status"] for one in await rate(client, sent)]
        return words


async def read_counts(url: str) -> dict[str, int]:
    connection = await asyncpg.connect(url)
    try:
        return {
            "spent_right": await connection.fetchval("SELECT count(*) FROM spent_right"),
            "spent_signature": await connection.fetchval("SELECT count(*) FROM spent_signature"),
            "rating": await connection.fetchval(
                "SELECT count(*) FROM waiting_rating WHERE cell IS NOT NULL"
            ),
        }
    finally:
        await connection.close()
