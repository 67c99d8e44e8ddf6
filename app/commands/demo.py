"""`sipas demo`: a province rated, weighted and published, from nothing, in a few minutes."""

import argparse
import asyncio
import signal
import socket
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from app.access import pepper
from app.settings import Settings
from app.themes import suggest_pending
from surveys import accounts, calendars
from surveys.accounts import Role
from surveys.days import local_day
from surveys.errors import NotFoundError
from surveys.register import list_agencies

# The four weeks of the simulated fraud.
FLAGGED_MONTH = date(2025, 9, 1)

CASES = 1500

# The quarters shown are years old; their comments shall not be purged at the first full hour.
COMMENT_DAYS = 3650

# One account for each role; the agency's is that of the first one in the register.
ACCOUNTS = {
    "quantri": Role.ADMINISTRATOR,
    "phantich": Role.ANALYST,
    "coquan": Role.AGENCY,
    "khaosat": Role.SURVEYOR,
}


def add_parser(subparsers: Any) -> None:
    """Add the commands of this room."""
    parser = subparsers.add_parser("demo", help="rate, weight and publish a demo province")
    parser.add_argument("--once", action="store_true", help="end after the table")
    parser.add_argument(
        "--scale", type=float, default=1, help="share of the dossiers, for a quick look"
    )
    parser.add_argument(
        "--cases",
        type=int,
        default=CASES,
        help="reflections of the last year; a province has about 50000",
    )
    parser.set_defaults(handler=run_demo)


async def run_demo(options: argparse.Namespace, settings: Settings) -> int:
    """Do every step, print the table and the address, and keep serving unless told not to."""
    # Drawing and the demo's own packages are not for those who only serve.
    from app.demo import offline, steps

    port = free_port(settings)
    chosen = replace(settings, simulated=True, port=port, comment_days=COMMENT_DAYS)
    steps.say("SIPAS demo. Units and totals are real, splits are assumed, answers are simulated.")
    if not await steps.is_published(steps.PERIODS[-1]):
        await steps.prepare(chosen, scale=options.scale)
    with steps.web_server(chosen) as address:
        steps.say(f"   Serving on {address}")
        for period in steps.PERIODS:
            if not await steps.is_published(period):
                citizens = await steps.collect(chosen, address, period)
                await steps.mix_and_publish(chosen, period, citizens)
        if not await offline.were_shown():
            for line in await offline.show_devices(address):
                steps.say(line)
        await show_flags(chosen)
        await show_cases(chosen, options.cases)
        await show_themes()
        for period in reversed(steps.PERIODS):
            await steps.show_results(period)
        if options.once:
            return 0
        await tell_addresses(address)
        await wait_for_stop()
    return 0


async def show_flags(settings: Settings) -> None:
    """Plant a simulated month with a fraud in it, once, and say where it is to be seen."""
    from app.demo.fraud import plant_month

    agency = await demo_agency()
    flagged = await plant_month(FLAGGED_MONTH, agency, settings.batch_others)
    if flagged:
        print(
            f"8. Judged a simulated month of 80 counters, one of which cheats: {flagged} flags "
            "(/office/flags, as analyst). It is simulated apart and enters no index."
        )


async def show_cases(settings: Settings, number: int) -> None:
    """Write a simulated year of cases, once, some of them on the desk of the agency's account."""
    from app.demo.cases import fill_cases, has_cases

    if await has_cases():
        return
    this_year = local_day(datetime.now(UTC)).year
    for year in range(this_year - 1, this_year + 2):
        await calendars.seed_holidays(year)
    agency = await demo_agency()
    await new_password("coquan", Role.AGENCY, agency)
    began = time.perf_counter()
    written = await fill_cases(number, pepper(settings), busy=agency)
    print(
        f"9. Wrote {written:,} simulated reflections of a year in "
        f"{time.perf_counter() - began:.1f} s (/cases, as agency or analyst; /answers)."
    )


async def show_themes() -> None:
    """Let the comments of the ratings have their suggestions from the start."""
    suggested = 0
    while number := await suggest_pending():
        suggested += number
    if suggested:
        print(f"10. Suggested themes for {suggested:,} comments (/office/themes, as analyst).")


async def demo_agency() -> int:
    """The agency whose page the demo shows: the first that is there today."""
    return (await list_agencies(local_day(datetime.now(UTC))))[0].id


def free_port(settings: Settings) -> int:
    """The port of the settings, or a free one when somebody else has it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            probe.bind((settings.host, 0))
        return int(probe.getsockname()[1])


async def tell_addresses(address: str) -> None:
    """Print where to look, and new passwords of the demo's accounts."""
    print(f"\nPublic results   {address}/")
    print(f"Staff sign-in    {address}/sign-in")
    agency = await demo_agency()
    for name, role in ACCOUNTS.items():
        print(f"  {role:<14} {name:<10} {await new_password(name, role, agency)}")
    print(f"Devices          {address}/office/devices (as administrator: the board; enrol a kiosk)")
    print("Ctrl-C ends.")


async def new_password(name: str, role: Role, agency: int) -> str:
    """Make the account, or let it in again; either way its password is new."""
    password = accounts.make_temporary_password()
    try:
        account = await accounts.find_account(name)
    except NotFoundError:
        of_agency = agency if role == Role.AGENCY else None
        await accounts.create_account(
            name, role, password=password, actor=None, agency_id=of_agency, must_change=False
        )
        return password
    return await accounts.reset_password(account, actor=None, must_change=False)


async def wait_for_stop() -> None:
    """Return when the operator asks to stop."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    await stop.wait()
