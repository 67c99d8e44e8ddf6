"""What tests of messages share: a sender with a clock of its own, and a dossier with a contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from app.delivery import Channel, FileChannel, Sender
from app.settings import Settings
from surveys.messages import Consent, NewContact, Origin, Rules, Timing, queue_message
from surveys.messages import take_contacts as take
from surveys.transactions import fetch, fetch_one

PEPPER = b"pepper of the tests"
BASE = "https://sipas.example.vn"
TIMING = Timing(delay_minutes=30, reminder_days=5, link_days=30)
PHONE = "0912 345 678"


@dataclass
class Clock:
    """A clock that tests set."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


def noon() -> datetime:
    """Today at noon in Viet Nam, or tomorrow's if that is over: never before the database's now."""
    now = datetime.now(UTC)
    today = now.replace(hour=5, minute=0, second=0, microsecond=0)
    return today if today > now else today + timedelta(days=1)


def make_sender(
    folder: Path, channels: Mapping[str, Channel] | None = None, clock: Clock | None = None
) -> Sender:
    files = FileChannel(folder)
    ways = dict.fromkeys(("sms", "zalo", "mail"), files) | dict(channels or {})
    return Sender(
        Settings(var=folder), ways, Origin(PEPPER, BASE), clock or Clock(noon()), worker="test"
    )


def consent(**given: object) -> Consent:
    values = {"purpose": "rating", "notice": "2026-1", "how": "counter"}
    moment = datetime.now(UTC) - timedelta(hours=1)
    return Consent(**(values | {"given_at": moment} | given))  # type: ignore[arg-type]


def contact(dossier: str, **given: object) -> NewContact:
    values = {"dossier": dossier, "channel": "sms", "address": PHONE, "consent": consent()}
    return NewContact(**(values | given))  # type: ignore[arg-type]


async def take_contacts(*contacts: NewContact, agency: int | None = None) -> list[str]:
    return await take(contacts, Rules(PEPPER, 180, agency))


async def queue(event: str = "result_ready", **given: object) -> UUID:
    values: dict[str, object] = {
        "key": event,
        "channel": "sms",
        "address": PHONE,
        "fields": {"agency": "Sở Tư pháp", "dossier": "H1", "place": "quầy số 1"},
        "due": noon() - timedelta(hours=1),
    }
    made = await queue_message(event, **(values | given))  # type: ignore[arg-type]
    assert made is not None
    return made


async def message(which: UUID) -> dict[str, object]:
    row = await fetch_one("SELECT * FROM outbox_message WHERE id = $1", which)
    assert row is not None
    return row


async def states() -> list[tuple[str, str, str]]:
    rows = await fetch("SELECT event, state, last_error FROM outbox_message ORDER BY due, event")
    return [(row["event"], row["state"], row["last_error"]) for row in rows]
