"""Files of a form as a browser sends them, and the commands and jobs around files and letters."""

import argparse
import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from litestar import Litestar, Request, post

from app.attachments import UPLOAD_BYTES, check_upload
from app.commands.upkeep import run_mailbox
from app.jobs import SCHEDULE, TASKS, purge_expired
from app.problems import HANDLERS
from app.settings import Settings
from tests.app.files import photograph, picture

SMALL = Settings(file_max_mb=1)


@post("/send", request_max_body_size=UPLOAD_BYTES, status_code=200)
async def take(request: Request[Any, Any, Any]) -> list[str]:
    """As a page of a case does."""
    return [file.media_type for file in await check_upload(request, SMALL)]


@pytest.fixture
async def sender() -> AsyncIterator[httpx.AsyncClient]:
    app = Litestar([take], exception_handlers=HANDLERS, logging_config=None)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        running = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        task = asyncio.create_task(running.serve(sockets=[listener]))
        while not running.started:
            await asyncio.sleep(0.01)
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        async with httpx.AsyncClient(base_url=address, timeout=60) as client:
            yield client
        running.should_exit = True
        await task


def named(*files: bytes) -> list[tuple[str, tuple[str, bytes, str]]]:
    return [("files", (f"ảnh {n}.jpg", data, "image/jpeg")) for n, data in enumerate(files)]


async def test_a_form_brings_several_files_and_their_kind_is_not_believed(
    sender: httpx.AsyncClient,
) -> None:
    answer = await sender.post("/send", files=named(photograph(), picture("PNG")))
    assert answer.json() == ["image/jpeg", "image/png"]


async def test_a_field_that_was_left_empty_gives_no_file(sender: httpx.AsyncClient) -> None:
    boundary = "ranhgioi"
    empty = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename=""\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n\r\n--{boundary}--\r\n"
    )
    heads = {"content-type": f"multipart/form-data; boundary={boundary}"}
    answer = await sender.post("/send", content=empty.encode(), headers=heads)
    assert answer.json() == []
    assert (await sender.post("/send", data={"text": "chỉ có chữ"})).json() == []


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ([b"MZ"], "ảnh 0.jpg"),
        ([picture()] * 6, "tối đa 5"),
        ([photograph() + bytes(1_000_000)], "lớn hơn 1 MB"),
    ],
)
async def test_a_form_with_a_file_that_is_not_taken_is_refused_whole(
    sender: httpx.AsyncClient, files: list[bytes], said: str
) -> None:
    answer = await sender.post("/send", files=named(*files))
    assert answer.status_code in {400, 422}
    assert said in answer.text


async def test_the_worker_scans_reads_and_sweeps_by_the_clock(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(var=tmp_path)
    assert {"scan_files", "take_letters", "purge_expired"} <= SCHEDULE.keys()
    assert await TASKS["take_letters"](settings, {}) == {}
    assert sum((await TASKS["scan_files"](settings, {})).values()) == 0
    counts = await purge_expired(settings, {})
    assert (counts["case_files"], counts["orphan_files"], counts["mailbox_letters"]) == (0, 0, 0)
    assert await run_mailbox(argparse.Namespace(), settings) == 1
    assert "SIPAS_IMAP_HOST" in capsys.readouterr().out
