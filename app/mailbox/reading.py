"""Reading the mailbox once: every letter that nobody has read is taken, left alone or refused.

A letter is marked as read after what it asks for is done. A crash between the two does no harm:
what was done is found by the letter's key, and not done again.
"""

import asyncio
from collections import Counter
from contextlib import ExitStack
from datetime import datetime
from imaplib import IMAP4
from typing import Final

import structlog

from app.mailbox.box import Box, MailboxError, open_box
from app.mailbox.letters import Letter, key_of, read_letter
from app.mailbox.taking import Taken, take
from app.settings import Settings
from surveys.reflections import mail

log = structlog.get_logger()

AT_ONCE: Final = 200
# Base64 makes files a third longer.
HEAD_BYTES: Final = 1_000_000


def largest(settings: Settings) -> int:
    """The longest letter that is read at all."""
    return settings.file_max_mb * 5_000_000 * 4 // 3 + HEAD_BYTES


async def read_mailbox(settings: Settings, *, now: datetime | None = None) -> dict[str, int]:
    """Read what is unread; returns how many letters were opened, added, automatic, refused.

    Raises MailboxError when the server cannot be reached, and what stopped a letter, once all
    the others are done.
    """
    counts: Counter[str] = Counter()
    faults: list[Exception] = []
    with ExitStack() as stack:
        box = await asyncio.to_thread(stack.enter_context, open_box(settings))
        for uid in await asyncio.to_thread(box.unseen, AT_ONCE):
            try:
                counts[await _read_one(box, uid, settings, now)] += 1
            except (OSError, IMAP4.abort) as error:
                faults.append(MailboxError(error))
                break
            except Exception as error:  # noqa: BLE001 - one letter must not keep others waiting
                faults.append(error)
        await asyncio.to_thread(stack.close)
    if faults:
        raise faults[0]
    return dict(counts)


async def _read_one(box: Box, uid: str, settings: Settings, now: datetime | None) -> str:
    message = await asyncio.to_thread(box.fetch, uid, largest=largest(settings))
    if message is None:
        return "gone"
    letter = None
    try:
        # Pictures in base64 take seconds, in which the worker has other jobs.
        letter = await asyncio.to_thread(read_letter, message)
    except Exception as error:  # noqa: BLE001 - what strangers send breaks parsers in many ways
        log.warning("unreadable letter", uid=uid, error=type(error).__name__)
        taken = Taken("unreadable")
    else:
        too_large = message.size_rfc822 > largest(settings)
        taken = Taken("too_large") if too_large else await take(letter, settings, now=now)
    if taken.outcome not in mail.DONE:
        await _note(letter, key_of(message), uid, taken.outcome)
    await asyncio.to_thread(box.mark, uid, flagged=taken.outcome in mail.REFUSED)
    return taken.outcome if taken.outcome not in mail.REFUSED else "refused"


async def _note(letter: Letter | None, key: str, uid: str, outcome: str) -> None:
    await mail.note_letter(
        key,
        outcome,
        uid=int(uid) if uid.isdigit() else 0,
        sender=letter.sender if letter else "",
        sent_at=letter.came_at if letter else None,
    )
