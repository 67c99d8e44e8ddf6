"""Keying: two operators key a sheet without seeing each other's values; a third decides.

Equal readings become a rating at once; different ones wait for an adjudicator. When a sheet is
settled, what was keyed of it is deleted and only the count of wrong fields stays.
"""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

from surveys.accounts import Staff, audit
from surveys.days import local_day
from surveys.errors import ForbiddenError, StateError
from surveys.ledger.commitments import commit_stored
from surveys.paper.comparing import differences, fields_of
from surveys.paper.records import Dispute, Keyed, Values
from surveys.paper.sheets import find_sheet
from surveys.quality import Window
from surveys.questionnaires import (
    CheckedAnswers,
    Questionnaire,
    check_answers,
    load_questionnaire,
)
from surveys.ratings.witness import keep_salts
from surveys.tables.paper import SheetOutcome
from surveys.transactions import Row, fetch, fetch_one, transaction

# Marks texts that are translated where the reader is known.
N_ = str

KEYED_TWICE = N_("Phiếu này đã được hai người nhập. Bạn không cần nhập nữa.")
NOT_DISPUTED = N_("Phiếu này không chờ phân xử.")
OWN_KEYING = N_("Bạn đã nhập phiếu này, nên người thứ ba phải phân xử.")

_LOCK: Final = """
SELECT s.serial, s.state, s.cell, b.version, b.counter, b.day
FROM paper_sheet s JOIN paper_batch b ON b.id = s.batch WHERE s.serial = $1 FOR UPDATE OF s
"""
_KEYINGS: Final = "SELECT account, turn, outcome, answers FROM paper_keying WHERE sheet = $1"
_KEY: Final = """
INSERT INTO paper_keying (sheet, account, turn, outcome, answers)
VALUES ($1, $2, $3, $4, $5::jsonb)
ON CONFLICT (sheet, account) DO UPDATE
    SET outcome = excluded.outcome, answers = excluded.answers
"""
_SET_STATE: Final = "UPDATE paper_sheet SET state = $2, outcome = $3 WHERE serial = $1"
_FORGET: Final = "UPDATE paper_keying SET outcome = NULL, answers = NULL WHERE sheet = $1"
_COUNT: Final = """
INSERT INTO keying_tally (month, account, sheets, fields, wrong) VALUES ($1, $2, 1, $3, $4)
ON CONFLICT (month, account) DO UPDATE SET sheets = keying_tally.sheets + 1,
    fields = keying_tally.fields + excluded.fields, wrong = keying_tally.wrong + excluded.wrong
"""
_RATE: Final = """
WITH stored AS (
    INSERT INTO waiting_rating (id, version, mode, cell, counter, day, day_certain, assisted,
        comment, received_on, judged)
    VALUES ($1, $2, 'paper', $3, $4, $5, true, '', $6, $7, true) RETURNING id
)
INSERT INTO waiting_answer (rating, version, item, code)
SELECT stored.id, $2, t.item, t.code FROM stored, unnest($8::int[], $9::int[]) AS t(item, code)
"""


async def key_sheet(
    serial: str, keyed: Keyed, staff: Staff, *, window: Window | None = None
) -> None:
    """Keep what one operator read on a sheet; the second reading settles it or disputes it.

    Until then the first operator may key the sheet again, which replaces what they keyed.

    Raises
    ------
    AnswerError, ForbiddenError, NotFoundError, StateError
    """
    sheet = await find_sheet(serial, staff)
    questionnaire = await load_questionnaire(sheet.version)
    keyed = _sound(questionnaire, keyed)
    async with transaction():
        row = await _lock(serial)
        others = await fetch(_KEYINGS, serial)
        mine = any(one["account"] == staff.id for one in others)
        if row["state"] not in {"printed", "keyed"}:
            if mine:
                # The button was pressed twice: the first press did everything.
                return
            raise StateError(KEYED_TWICE)
        turn = 1 if mine or not others else 2
        await fetch(_KEY, serial, staff.id, turn, keyed.outcome, json.dumps(dict(keyed.answers)))
        await audit("paper_keyed", serial, actor=staff.id, turn=turn)
        if turn == 1:
            await fetch(_SET_STATE, serial, "keyed", None)
            return
        first = _reading(others[0])
        if differences(questionnaire, first, keyed):
            await fetch(_SET_STATE, serial, "disputed", None)
        else:
            await _settle(row, questionnaire, first, window)


async def own_reading(serial: str, staff: Staff) -> Keyed | None:
    """What this operator keyed of a sheet that waits for the second; never another's."""
    row = await fetch_one(
        "SELECT outcome, answers FROM paper_keying WHERE sheet = $1 AND account = $2"
        " AND outcome IS NOT NULL",
        serial,
        staff.id,
    )
    return _reading(row) if row else None


async def find_dispute(serial: str, staff: Staff) -> Dispute:
    """Both readings of a disputed sheet, without a sign of who made which."""
    sheet = await find_sheet(serial, staff)
    _check_adjudicator(sheet.state, mine=sheet.mine)
    questionnaire = await load_questionnaire(sheet.version)
    rows = await fetch(_KEYINGS, serial)
    # The order is the serial's own: the same at every look, and nothing of the operators.
    rows.sort(key=lambda row: sha256(f"{serial} {row['account']}".encode()).digest())
    one, other = map(_reading, rows)
    return Dispute(sheet, (one, other), differences(questionnaire, one, other))


async def adjudicate(
    serial: str, truth: Keyed, staff: Staff, *, window: Window | None = None
) -> None:
    """Settle a disputed sheet as a third person read it.

    Raises
    ------
    AnswerError, ForbiddenError, NotFoundError, StateError
    """
    sheet = await find_sheet(serial, staff)
    questionnaire = await load_questionnaire(sheet.version)
    truth = _sound(questionnaire, truth)
    async with transaction():
        row = await _lock(serial)
        keyings = await fetch(_KEYINGS, serial)
        mine = any(one["account"] == staff.id for one in keyings)
        _check_adjudicator(row["state"], mine=mine)
        await audit("paper_adjudicated", serial, actor=staff.id)
        await _settle(row, questionnaire, truth, window)


def _sound(questionnaire: Questionnaire, keyed: Keyed) -> Keyed:
    """The reading, if it could be stored; a sheet without answers has none."""
    if keyed.outcome is not SheetOutcome.ANSWERS:
        return Keyed(keyed.outcome)
    check_answers(questionnaire, keyed.answers)
    return keyed


def _check_adjudicator(state: str, *, mine: bool) -> None:
    if state != "disputed":
        raise StateError(NOT_DISPUTED)
    if mine:
        raise ForbiddenError(OWN_KEYING)


async def _lock(serial: str) -> Row:
    row = await fetch_one(_LOCK, serial)
    assert row is not None  # noqa: S101 - it was found before, and sheets are never deleted
    return row


def _reading(row: Row) -> Keyed:
    answers: Values = json.loads(row["answers"])
    return Keyed(SheetOutcome(row["outcome"]), answers)


async def _settle(
    row: Row, questionnaire: Questionnaire, truth: Keyed, window: Window | None
) -> None:
    now = datetime.now(UTC)
    serial = row["serial"]
    if truth.outcome is SheetOutcome.ANSWERS:
        await _rate(row, check_answers(questionnaire, truth.answers), now, window)
    for keying in await fetch(_KEYINGS, serial):
        wrong = len(differences(questionnaire, _reading(keying), truth))
        month = local_day(now).replace(day=1)
        await fetch(_COUNT, month, keying["account"], len(fields_of(questionnaire)), wrong)
    await fetch(_SET_STATE, serial, "settled", truth.outcome)
    await fetch(_FORGET, serial)


async def _rate(row: Row, checked: CheckedAnswers, now: datetime, window: Window | None) -> None:
    """The rating of a sheet, waiting to be mixed like any other; it does not know the sheet."""
    rating, day = uuid4(), local_day(now)
    where: tuple[Any, ...] = (row["cell"], row["counter"], row["day"])
    items = [item for item, _code in checked.codes]
    codes = [code for _item, code in checked.codes]
    async with transaction() as connection:
        await fetch(_RATE, rating, row["version"], *where, checked.text, day, items, codes)
        salts = await commit_stored(connection, [rating], day)
        await keep_salts(connection, salts, now, window)
