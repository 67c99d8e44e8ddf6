"""Two kiosks at the demo's first counters: one loses its network for a while and loses nothing."""

from datetime import UTC, datetime

import httpx

from app.demo.kiosks import Kiosk
from surveys.devices import Wanted, counter_ids, device_board, issue_code
from surveys.transactions import fetch

NAME = "trình diễn"
TAPS = (5, 4, 2, 5, 3)


async def show_devices(address: str) -> list[str]:
    """Enrol two kiosks, take one off the network, bring it back; the lines that tell of it."""
    lines = ["7. Two kiosks enrol by one-time codes; one of them loses its network."]
    async with httpx.AsyncClient(base_url=address, timeout=30) as client:
        steady, lost = [await _enrol(client, counter) for counter in await _free_counters()]
        for kiosk in (steady, lost):
            await kiosk.beat(client)
        stored = await _send(client, steady, [steady.event({"overall": code}) for code in TAPS])
        # Without network: signed, numbered and kept; the clock that only goes forward goes on.
        kept = [lost.event({"overall": code}) for code in TAPS]
        lines.append(f"   With network: {stored} taps stored. Without: {len(kept)} taps wait.")
        await lost.beat(client, queue=len(kept), oldest=1, last_number=lost.number)
        lines += await _list_board("as it finds the network again")
        first = await _send(client, lost, kept)
        # The answer to the first sending is lost, so all is sent again.
        again = await _send(client, lost, kept)
        await lost.beat(client)
        lines.append(f"   Sent twice for want of an answer: {first} stored, then {again} the same.")
        lines += await _list_board("after it has sent what it kept")
    return lines


async def _free_counters() -> list[str]:
    """The first two counters in the order of their codes."""
    return sorted(await counter_ids())[:2]


async def _enrol(client: httpx.AsyncClient, counter: str) -> Kiosk:
    kiosk = Kiosk()
    issued = await issue_code((await counter_ids())[counter], actor=None)
    (await kiosk.enrol(client, issued.code, NAME)).raise_for_status()
    return kiosk


async def _send(client: httpx.AsyncClient, kiosk: Kiosk, events: list[dict[str, str]]) -> int:
    answer = await kiosk.send(client, *events)
    answer.raise_for_status()
    return sum(one["status"] == "stored" for one in answer.json()["receipts"])


async def _list_board(moment: str) -> list[str]:
    """The rows of the device board that are about these two."""
    board = await device_board(Wanted(text=NAME), datetime.now(UTC))
    return [f"   Device board, {moment}:"] + [
        f"     {row.counter:<14} {row.state:<7} waiting {row.queue or 0:>2}"
        f"   last number {row.highest or 0:>2}   lost {row.lost}"
        for row in sorted(board.rows, key=lambda row: row.counter)
    ]


async def were_shown() -> bool:
    """Whether an earlier demo has done this."""
    rows = await fetch("SELECT 1 AS one FROM device WHERE name = $1 LIMIT 1", NAME)
    return bool(rows)
