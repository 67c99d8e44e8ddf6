"""What was written on paper stands in the ledger like every other rating."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from surveys import ledger
from surveys.paper import Keyed, SheetOutcome, adjudicate, key_sheet
from surveys.quality import Key, Window, make_key
from surveys.questionnaires import publish_form
from surveys.transactions import fetch
from tests.surveys.paper_desk import GIVEN, key, make_operator, make_pile

FORM = Path(__file__).parents[2] / "surveys" / "forms" / "counter.xlsx"


async def test_sheets_are_committed_to_and_open_with_their_salts(database: str) -> None:
    form = await publish_form(FORM.read_bytes())
    quality_key = Key(make_key())
    window = Window(quality_key.public)
    agreed, disputed = await make_pile(form, 2)
    lan, minh, hoa = [await make_operator(name) for name in ("lan", "minh", "hoa")]
    reading = Keyed(SheetOutcome.ANSWERS, dict(GIVEN))
    for operator in (lan, minh):
        await key_sheet(agreed, reading, operator, window=window)
    await key(disputed, lan)
    await key(disputed, minh, overall=2)
    await adjudicate(disputed, reading, hoa, window=window)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    await ledger.close_days(tomorrow)
    verdict = await ledger.verify(key=quality_key, now=tomorrow)
    assert (verdict.ratings, verdict.opened, verdict.faults) == (2, 2, [])

    await fetch("UPDATE waiting_answer SET code = 1 WHERE item = 1 AND code = 4")
    altered = await ledger.verify(key=quality_key, now=tomorrow)
    assert [fault.word for fault in altered.faults] == ["altered"]
