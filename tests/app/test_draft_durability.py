"""A draft outlives the server: saved, the process killed, started again, opened again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from app.embedded import throwaway_server
from tests.benchmarks.intake import wait_for

PORT = 18_392

PREPARE = """
import asyncio, os
from piccolo_conf import DB
from tests.benchmarks.form import prepare
DB.config = {"dsn": os.environ["DATABASE_URL"]}
print(asyncio.run(prepare()))
"""


@pytest.mark.slow
def test_a_draft_is_there_after_the_server_was_killed(tmp_path: Path) -> None:
    environment = os.environ | {
        "SIPAS_VAR": str(tmp_path), "SIPAS_PORT": str(PORT), "SIPAS_LOG_LEVEL": "error"
    }  # fmt: skip
    with throwaway_server(durable=True) as url:
        environment["DATABASE_URL"] = url
        made = subprocess.run(
            [sys.executable, "-c", PREPARE], env=environment, check=True, capture_output=True,
            text=True,
        )  # fmt: skip
        link = f"http://127.0.0.1:{PORT}/r/{made.stdout.split()[-1]}"
        first = serve(environment)
        typed = {"action": "save", "overall": "2", "reflection": "Giữ lại giúp tôi"}
        assert httpx.post(link, data=typed).status_code == 303
        first.send_signal(signal.SIGKILL)
        first.wait()
        second = serve(environment)
        try:
            page = httpx.get(link).text
            sent = httpx.post(link, data={"overall": "2"})
            closed = httpx.get(link)
        finally:
            second.kill()
            second.wait()
    assert ">Giữ lại giúp tôi</textarea>" in page
    assert (sent.status_code, closed.status_code) == (303, 410)


def serve(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "app", "serve", "--no-work"]
    process = subprocess.Popen(command, env=environment)
    wait_for(PORT)
    return process
