"""The main job from end to end: register, handovers, taps over HTTP, mixing, index, page."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time as clock
from argparse import Namespace
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar
from urllib.request import urlopen
from uuid import uuid4

import httpx
import polars as pl

from app.commands.imports import run as import_register
from app.demo.citizens import Citizens, Given, compare_means, list_given, simulate_quarter
from app.demo.kiosks import Kiosk
from app.demo.register import write_files
from app.jobs import batch_of
from app.runs import compute_run, print_table, publish
from app.settings import Settings
from piccolo_conf import DB
from surveys import datasets, results
from surveys.accounts import issue_key
from surveys.days import ZONE, local_day
from surveys.devices import counter_ids, issue_code
from surveys.periods import parse_period
from surveys.quality.judging import close_unjudged
from surveys.questionnaires import publish_form
from surveys.ratings import mix
from surveys.register import check_totals

PERIODS = ("2021-Q1", "2025-Q3")
FORM = Path(__file__).parents[2] / "surveys" / "forms" / "counter.xlsx"
CLIENTS = 16
MOST = 100

Thing = TypeVar("Thing")


def say(text: str) -> None:
    """One line of progress."""
    print(text, flush=True)


async def prepare(settings: Settings, *, scale: float = 1) -> None:
    """Import the register through the product's own command and publish the form."""
    say("1. Writing the register of Khánh Hòa: real units, published totals, assumed splits…")
    folder = settings.var / "demo"
    for kind, path in write_files(folder, scale=scale):
        say(f"2. sipas import {kind} {path}")
        await import_register(_import_options(kind, path), settings)
    found = await check_totals(PERIODS[0])
    say(f"   {found.compared} published totals compared with the register: "
        f"{len(found.differences)} differ.")  # fmt: skip
    say("3. Publishing the counter questionnaire (surveys/forms/counter.xlsx).")
    await publish_form(FORM.read_bytes())


def _import_options(kind: str, path: Path) -> Namespace:
    return Namespace(
        kind=kind, file=path, dry_run=False, skip_bad=False, rejected=None, language="vi"
    )


@contextlib.contextmanager
def web_server(settings: Settings) -> Iterator[str]:
    """Run `sipas serve` beside us and yield its address once it answers."""
    environment = os.environ | {
        "DATABASE_URL": DB.config["dsn"],
        "SIPAS_SIMULATED": "1",
        "SIPAS_COMMENT_DAYS": str(settings.comment_days),
        "SIPAS_PLACE": "Tỉnh Khánh Hòa",
        "SIPAS_LOG_LEVEL": "warning",
        "SIPAS_PORT": str(settings.port),
        "SIPAS_VAR": str(settings.var),
    }
    command = [sys.executable, "-m", "app", "serve"]
    process = subprocess.Popen(command, env=environment)
    address = f"http://{settings.host}:{settings.port}"
    try:
        _await_answer(f"{address}/health/live", process)
        yield address
    finally:
        process.terminate()
        process.wait(30)


def _await_answer(address: str, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(600):
        if process.poll() is not None:
            raise RuntimeError(
                "The server did not start. Is the port taken? Set SIPAS_PORT to a free one."
            )
        with contextlib.suppress(OSError), urlopen(address, timeout=2):  # noqa: S310
            return
        clock.sleep(0.1)
    raise RuntimeError("The server does not answer.")


async def collect(settings: Settings, address: str, period: str) -> Citizens:
    """Let the simulated citizens of a period rate over HTTP, by kiosk and by link."""
    citizens = await asyncio.to_thread(simulate_quarter, settings.var / "demo", period)
    given = list(list_given(citizens.ratings))
    say(f"4. {period}: {len(given):,} simulated citizens rate at kiosks and by link, over HTTP.")
    last = parse_period(period).last
    bearer = await issue_key(f"demo {period}", "handover", actor=None)
    began = clock.perf_counter()
    async with httpx.AsyncClient(
        base_url=address, timeout=60, headers={"Authorization": f"Bearer {bearer}"}
    ) as client:
        by_counter = _by_counter(given)
        kiosks = await _enrol_kiosks(client, by_counter)
        tasks = [_rate_online(client, chunk) for chunk in _online_chunks(given)]
        tasks += [
            _rate_at_kiosk(client, counter, kiosks[counter], ratings, last)
            for counter, ratings in by_counter.items()
        ]
        stored = await _run_all(tasks, len(given))
    seconds = clock.perf_counter() - began
    say(f"   {stored:,} ratings stored in {seconds:.1f} s ({stored / seconds:,.0f} a second).")
    return citizens


def _online_chunks(given: Sequence[Given]) -> Iterator[list[Given]]:
    return _chunks(one for one in given if one.mode == "online")


def _by_counter(given: Sequence[Given]) -> dict[str, list[Given]]:
    found: dict[str, list[Given]] = defaultdict(list)
    for one in given:
        if one.mode == "kiosk" and one.counter is not None:
            found[one.counter].append(one)
    return found


def _chunks(things: Iterable[Thing]) -> Iterator[list[Thing]]:
    iterator = iter(things)
    while chunk := list(islice(iterator, MOST)):
        yield chunk


async def _enrol_kiosks(client: httpx.AsyncClient, counters: Iterable[str]) -> dict[str, Kiosk]:
    rows = await counter_ids()
    kiosks = {code: Kiosk() for code in counters}
    for code, kiosk in kiosks.items():
        issued = await issue_code(rows[code], actor=None)
        (await kiosk.enrol(client, issued.code, "demo")).raise_for_status()
    return kiosks


async def _run_all(tasks: Sequence[Any], total: int) -> int:
    """Run the tasks, a few at a time, and show how far they are."""
    free = asyncio.Semaphore(CLIENTS)
    stored = 0
    shown = clock.perf_counter()

    async def run(task: Any) -> int:
        async with free:
            return int(await task)

    for done in asyncio.as_completed([run(task) for task in tasks]):
        stored += await done
        if clock.perf_counter() - shown > 2:
            shown = clock.perf_counter()
            say(f"   {stored:,} of {total:,}…")
    return stored


async def _rate_online(client: httpx.AsyncClient, given: Sequence[Given]) -> int:
    codes = [one.dossier_code for one in given]
    links = (await _post(client, "/api/links", {"dossiers": codes}))["links"]
    return await _rate(
        client,
        [
            {"id": str(uuid4()), "right": links[one.dossier_code].rsplit("/", 1)[1],
             "answers": one.answers}
            for one in given
        ],
    )  # fmt: skip


async def _rate_at_kiosk(
    client: httpx.AsyncClient, counter: str, kiosk: Kiosk, given: Sequence[Given], last: date
) -> int:
    stored = 0
    for chunk in _chunks(given):
        linked = [one for one in chunk if one.dossier_code is not None]
        handed = [{"dossier": one.dossier_code, "counter": counter} for one in linked]
        words = []
        if handed:
            body = {"handovers": handed}
            words = (await _post(client, "/api/handovers", body))["outcomes"]
        taps = [one for one, word in zip(linked, words, strict=True) if word == "open"]
        events = [kiosk.event(one.answers) for one in taps]
        events += [_passing(kiosk, one, last) for one in chunk if one.dossier_code is None]
        stored += await _tap(client, kiosk, events) if events else 0
    if stored:
        (await kiosk.beat(client)).raise_for_status()
    return stored


def _passing(kiosk: Kiosk, given: Given, last: date) -> dict[str, str]:
    """A tap without a right has no dossier to say when it was; the period's last day does."""
    noon = datetime.combine(last, time(12), ZONE)
    return kiosk.event(given.answers, boot=str(uuid4()), at=round(noon.timestamp() * 1000))


async def _tap(client: httpx.AsyncClient, kiosk: Kiosk, events: list[dict[str, str]]) -> int:
    receipts = (await _post(client, f"{kiosk.path}/events", kiosk.batch(events)))["receipts"]
    return sum(1 for receipt in receipts if receipt["status"] == "stored")


async def _rate(client: httpx.AsyncClient, ratings: list[Any]) -> int:
    receipts = (await _post(client, "/api/ratings", {"ratings": ratings}))["receipts"]
    return sum(1 for receipt in receipts if receipt["status"] == "stored")


async def _post(client: httpx.AsyncClient, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post(path, json=body)
    answer.raise_for_status()
    found: dict[str, Any] = answer.json()
    return found


async def mix_and_publish(settings: Settings, period: str, citizens: Citizens | None) -> None:
    """Mix what has come, compute and publish the index, and hold it against the truth."""
    # The demo's quarter is over in minutes; nothing in it waits for a day to end.
    # The demo's clock runs through a quarter in minutes: its times say nothing of anybody.
    await close_unjudged(local_day(datetime.now(UTC)))
    mixed = await mix(batch_of(replace(settings, batch_delay_days=0)))
    say(f"5. Mixed {mixed.linked + mixed.merged:,} ratings so that none leads to its dossier; "
        f"{mixed.waiting:,} wait for company.")  # fmt: skip
    say(f"6. sipas index --period {period} --publish (weights, intervals, rank sets, charts)…")
    began = clock.perf_counter()
    run = await compute_run(settings, period)
    say(f"   computed in {clock.perf_counter() - began:.1f} s; hiding small cells, drawing charts…")
    await publish(run)
    say(f"   published after {clock.perf_counter() - began:.1f} s.")
    if citizens is not None:
        await _print_truth(period, citizens)


async def _print_truth(period: str, citizens: Citizens) -> None:
    """Only a simulation knows what everybody thinks, also those who did not answer."""
    row = compare_means(citizens).filter(pl.col("agency_code").is_null()).row(0, named=True)
    public = await results.public_results(period)
    for measure, name in (("overall_rating", "overall"), ("index", "index")):
        figure = public["province"]["measures"][measure]
        say(f"   {measure}: truth {row[f'true_{name}']:.2f}, plain mean of the ratings "
            f"{row[f'plain_{name}']:.2f}, weighted {figure['estimate']:.2f} "
            f"({figure['lower']:.2f}–{figure['upper']:.2f}).")  # fmt: skip


async def is_published(period: str) -> bool:
    """Whether an earlier demo has already published this period."""
    return any(row["period"] == period for row in await results.public_periods())


async def show_results(period: str) -> None:
    """Print the published table of a period, and how many taps had no right."""
    public = await results.public_results(period)
    say(f"\nSatisfaction index {period}, published (answers are simulated):")
    await print_table(public["run"])
    counts = await datasets.unlinked_counts(parse_period(period))
    say(f"Taps without a right, shown apart: {sum(one['ratings'] for one in counts):,}.")
