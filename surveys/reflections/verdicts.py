"""The citizen's word: settled, or answered but not settled, and how good the reply was.

No setting switches any of this off; there is none to be found.
"""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

from surveys.accounts import FieldError
from surveys.messages import forget_case
from surveys.reflections.actors import CITIZEN
from surveys.reflections.errors import MoveError
from surveys.reflections.log import lock_case, write_event
from surveys.reflections.moving import move
from surveys.reflections.needs import NEWEST_ANSWER
from surveys.reflections.opening import add_text
from surveys.reflections.records import Moved
from surveys.reflections.states import ANSWERED
from surveys.transactions import fetch, fetch_one, transaction

N_ = str

LEVELS: Final = range(1, 6)

VERDICT: Final = """
UPDATE case_answer SET verdict = $2, verdict_at = $3
WHERE id = (SELECT id FROM case_answer WHERE case_id = $1 ORDER BY turn DESC LIMIT 1)
"""
HIDE: Final = "UPDATE case_publication SET question = NULL WHERE case_id = $1 AND ended_at IS NULL"
UNPUBLISH: Final = """
UPDATE case_contact SET publication = false WHERE case_id = $1 AND publication RETURNING case_id
"""
WRITE_NO_MORE: Final = """
UPDATE case_contact SET reply = false WHERE case_id = $1 AND reply RETURNING case_id
"""
TELL_NOTHING: Final = "UPDATE reflection_case SET notify = NULL WHERE id = $1"
ASK_NO_MORE: Final = """
UPDATE case_contact SET survey = false WHERE case_id = $1 AND survey RETURNING case_id
"""


async def settle(case: UUID, *, expected: int | None = None, now: datetime | None = None) -> Moved:
    """The citizen says that the answer settles the matter."""
    moment = now or datetime.now(UTC)
    async with transaction():
        done = await move(case, "settle", CITIZEN, expected=expected, now=moment)
        await fetch(VERDICT, case, "settled", moment)
    return done


async def not_settled(
    case: UUID, text: str, *, expected: int | None = None, now: datetime | None = None
) -> Moved:
    """The citizen says why the matter is not settled: the case is open again, with a new clock."""
    moment = now or datetime.now(UTC)
    async with transaction():
        row = await lock_case(case, CITIZEN, expected=expected)
        done = await move(case, "reopen", CITIZEN, now=moment, given={"text": text})
        if row["state"] in ANSWERED:
            await fetch(VERDICT, case, "not_settled", moment)
        await add_text(row, "verdict", text.strip(), CITIZEN, moment)
    return done


async def rate_reply(case: UUID, level: int, *, now: datetime | None = None) -> None:
    """Rate the newest reply from 1 to 5; the citizen may change it while that reply stands."""
    if level not in LEVELS:
        raise FieldError("level", N_("Hãy chọn một trong năm mức."))
    async with transaction():
        row = await lock_case(case, CITIZEN)
        newest = await fetch_one(NEWEST_ANSWER, case)
        if newest is None or row["state"] not in {*ANSWERED, "reopened"}:
            raise MoveError(N_("Chưa có câu trả lời để đánh giá."))
        await fetch("UPDATE case_answer SET level = $2 WHERE id = $1", newest["id"], level)
        moment = now or datetime.now(UTC)
        await write_event(row, "reply_rated", CITIZEN, at=moment, level=level)


async def withdraw_consent(case: UUID, *, now: datetime | None = None) -> None:
    """The citizen takes back every consent: name, phone and mail are forgotten at once."""
    moment = now or datetime.now(UTC)
    async with transaction():
        row = await lock_case(case, CITIZEN)
        await fetch("DELETE FROM case_contact WHERE case_id = $1", case)
        await fetch(TELL_NOTHING, case)
        await forget_case(case)
        await fetch(HIDE, case)
        await write_event(row, "consent_withdrawn", CITIZEN, at=moment)


async def withdraw_reply(case: UUID, *, now: datetime | None = None) -> None:
    """Nothing is sent to the citizen's contact any more; they read the answer by code or link."""
    async with transaction():
        if await _take_back(case, "reply_refused", WRITE_NO_MORE, TELL_NOTHING, now=now):
            await forget_case(case)


async def withdraw_publication(case: UUID, *, now: datetime | None = None) -> None:
    """The citizen's words are no longer public; the agency may still reach and answer them."""
    await _take_back(case, "publication_refused", UNPUBLISH, HIDE, now=now)


async def withdraw_survey(case: UUID, *, now: datetime | None = None) -> None:
    """The citizen is not to be asked again later."""
    await _take_back(case, "survey_refused", ASK_NO_MORE, now=now)


async def _take_back(
    case: UUID, event: str, consent: str, *also: str, now: datetime | None
) -> bool:
    """Take back one consent, with what follows from that; nothing where there is none."""
    moment = now or datetime.now(UTC)
    async with transaction():
        row = await lock_case(case, CITIZEN)
        if not await fetch(consent, case):
            return False
        for statement in also:
            await fetch(statement, case)
        await write_event(row, event, CITIZEN, at=moment)
    return True
