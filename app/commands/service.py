"""`sipas serve` answers the web, `sipas work` does the jobs, `sipas migrate` makes the tables."""

import argparse
import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import uvicorn

from app.jobs import work
from app.settings import Settings
from piccolo_conf import DB


def add_parser(subparsers: Any) -> None:
    """Add the commands of this room."""
    serve = subparsers.add_parser("serve", help="answer the web and do the jobs")
    serve.add_argument("--no-work", action="store_true", help="leave the jobs to `sipas work`")
    serve.set_defaults(handler=run_serve, own_pool=True)
    worker = subparsers.add_parser("work", help="do the jobs only")
    worker.set_defaults(handler=run_work)
    tables = subparsers.add_parser("migrate", help="make or update the tables, then end")
    tables.set_defaults(handler=run_migrate)


async def run_migrate(_options: argparse.Namespace, _settings: Settings) -> int:
    """Every command migrates before it runs, so nothing is left to do."""
    print("The tables are up to date.")
    return 0


async def run_serve(options: argparse.Namespace, settings: Settings) -> int:
    """Serve until stopped; jobs run in a process beside it."""
    # uvicorn stops at these signals and then raises them again; we still have a worker to end.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_signal: None)
    with contextlib.ExitStack() as stack:
        if not options.no_work:
            stack.enter_context(worker_process())
        await make_server(settings).serve()
    return 0


def make_server(settings: Settings) -> uvicorn.Server:
    """The web server with our application, quiet about the addresses of links."""
    from app.server import create_app

    config = uvicorn.Config(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level,
        access_log=False,
        http="httptools",
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )
    return uvicorn.Server(config)


@contextlib.contextmanager
def worker_process() -> Iterator[None]:
    """Run `sipas work` beside this process, on the same database."""
    environment = os.environ | {"DATABASE_URL": DB.config["dsn"]}
    process = subprocess.Popen([sys.executable, "-m", "app", "work"], env=environment)
    try:
        yield
    finally:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(15)


async def run_work(_options: argparse.Namespace, settings: Settings) -> int:
    """Do the jobs until told to stop; what is under way is finished."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    # A worker must not outlive the server that started it, even if that was killed.
    parent = os.getppid()
    watcher = asyncio.create_task(_stop_with(parent, stop))
    await work(settings, stop)
    watcher.cancel()
    return 0


async def _stop_with(parent: int, stop: asyncio.Event) -> None:
    while os.getppid() == parent:  # noqa: ASYNC110 - nobody tells an orphan
        await asyncio.sleep(1)
    stop.set()
