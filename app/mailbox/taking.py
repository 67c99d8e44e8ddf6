"""What becomes of a letter: a new case, something added to one, or a reason why not."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from app.access import pepper
from app.attachments import CleanFile, check_file, keep_files
from app.mailbox.letters import Letter
from app.settings import Settings
from surveys.accounts import FieldError
from surveys.errors import DomainError
from surveys.messages.addresses import AddressError, normalise
from surveys.reflections import CITIZEN, Consents, NewCase, Person, add_information, mail, open_case
from surveys.reflections.files import MOST_FILES
from surveys.reflections.needs import LONGEST, is_blank
from surveys.reflections.reaching import LONGEST_NAME
from surveys.transactions import transaction

# Named in the consent: whoever writes a letter asks for an answer by letter, and for no more.
NOTICE: Final = "email"
ONLY_FILES: Final = "(Thư không có lời, chỉ có tệp gửi kèm.)"


class Taken(msgspec.Struct, frozen=True):
    """What became of a letter (words of `mail.OUTCOMES`), and the case that it belongs to."""

    outcome: str
    case: UUID | None = None


async def take(letter: Letter, settings: Settings, *, now: datetime | None = None) -> Taken:
    """Take a letter. The second time the same letter does nothing new."""
    if letter.automatic or _is_ours(letter, settings):
        return Taken("automatic")
    if reason := _unfit(letter):
        return Taken(reason)
    files, refused = await _check_files(letter, settings)
    if is_blank(letter.text) and not files:
        return Taken("empty")
    taken = await _place(letter, settings, now)
    if taken.case is not None:
        refused += await _keep(taken.case, files, settings, now)
        if refused and taken.outcome != "known":
            await mail.note_refused_files(taken.case, refused, now=now)
    return taken


async def _place(letter: Letter, settings: Settings, now: datetime | None) -> Taken:
    known = await mail.find_letter(letter.key)
    if known is not None:
        return Taken("known", known)
    try:
        case = await _case_named(letter)
        if case is not None:
            return await _add(case, letter, now)
        return await _open(letter, settings, now)
    except FieldError as error:
        return Taken("no_agency" if error.field == "agency" else "not_taken")
    except DomainError:
        return Taken("not_taken")


async def _case_named(letter: Letter) -> UUID | None:
    """The case to which the letter belongs: it names one, and its sender or its code proves it."""
    if not letter.reference:
        return None
    return await mail.find_case_of(letter.reference, letter.sender.lower(), letter.codes)


async def _add(case: UUID, letter: Letter, now: datetime | None) -> Taken:
    if not await mail.is_open(case):
        await mail.send_link_again(case, now=now)
        return Taken("answered")
    async with transaction():
        await mail.hold_letter(letter.key)
        if await mail.find_letter(letter.key) is not None:
            return Taken("known", case)
        await add_information(case, _words(letter), CITIZEN, now=now)
        await mail.note_letter(letter.key, "added", case=case)
    return Taken("added", case)


async def _open(letter: Letter, settings: Settings, now: datetime | None) -> Taken:
    agency = await mail.agency_of(
        letter.recipients, _addresses(settings.imap_addresses), settings.imap_agency
    )
    if agency is None:
        return Taken("no_agency")
    if await mail.count_from(letter.sender.lower()) >= mail.MOST_A_DAY:
        return Taken("too_many")
    new = NewCase(
        kind="reflection",
        text=_words(letter),
        subject=letter.subject,
        agency=agency,
        channel="email",
        person=Person(name=letter.name[:LONGEST_NAME], mail=letter.sender),
        consents=Consents(reply=True, notice=NOTICE),
        notify="mail",
        received_at=letter.came_at,
        source=f"mail:{letter.key}",
    )
    async with transaction():
        opened = await open_case(new, pepper(settings), by=CITIZEN, now=now)
        await mail.acknowledge(opened, letter.sender, now=now)
        await mail.note_letter(letter.key, "opened", case=opened.id)
    return Taken("opened", opened.id)


def _words(letter: Letter) -> str:
    return ONLY_FILES if is_blank(letter.text) else letter.text


def _unfit(letter: Letter) -> str:
    try:
        normalise("mail", letter.sender)
    except AddressError:
        return "no_sender"
    return "too_long" if len(letter.text) > LONGEST else ""


def _is_ours(letter: Letter, settings: Settings) -> bool:
    ours = {settings.imap_user.lower(), *_addresses(settings.imap_addresses)}
    return letter.sender.lower() in ours


def _addresses(setting: str) -> dict[str, str]:
    """Agencies by address, from the setting: address=CODE with blanks between them."""
    pairs = [one.rpartition("=") for one in setting.split()]
    return {address.lower(): code for address, _sign, code in pairs if address}


async def _check_files(letter: Letter, settings: Settings) -> tuple[list[CleanFile], int]:
    """The files that may be kept, and how many may not."""
    kept = []
    for name, data in letter.files[:MOST_FILES]:
        try:
            kept.append(await check_file(name, data, settings))
        except FieldError:
            continue
    return kept, len(letter.files) - len(kept)


async def _keep(
    case: UUID, files: list[CleanFile], settings: Settings, now: datetime | None
) -> int:
    """Keep files of a letter one by one; returns how many have no room in the case."""
    left_out = 0
    for file in files:
        try:
            await keep_files(case, [file], by=CITIZEN, settings=settings, now=now)
        except DomainError:
            left_out += 1
    return left_out
