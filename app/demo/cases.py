"""A year of cases, simulated: written with COPY, as fast as the database takes them.

What the verbs would write is written here in bulk: the cases, what citizens wrote, contacts, the
log, clocks, answers, and publications. Staff who own them are accounts that nobody can use.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID, uuid4

import numpy as np

from app.demo.case_lives import Life, OfficeTime, Step, draw_lives
from app.demo.letters import ANSWERS, CHANGES, TITLES, Writer
from surveys.calendars import Calendar, load_calendar
from surveys.days import local_day
from surveys.messages import case_token
from surveys.reflections import machine, shipped_terms
from surveys.reflections.clocks import Clock, due
from surveys.reflections.references import hash_access_code, hash_case_token, make_reference
from surveys.reflections.states import INTERNAL
from surveys.register import list_agencies
from surveys.transactions import fetch, transaction

STAFF_OF_AGENCY: Final = 3
# The two ends of a day and its holidays; nobody's clock runs longer past now.
MARGIN: Final = timedelta(days=60)

STAFF: Final = """
INSERT INTO account (username, password_hash, role, agency, disabled)
SELECT 'mau-' || lower(a.code) || '-' || n, '!', 'agency', a.id, true
FROM agency a, generate_series(1, $2) n WHERE a.id = ANY ($1) ON CONFLICT DO NOTHING
"""
COLUMNS: Final = {
    "reflection_case": (
        "id reference kind type channel agency owner state version extended title notify language"
        " received_on created_at due_at code_hash token_hash"
    ),
    "case_text": "case_id version part subject text account added_at",
    "case_contact": (
        "case_id name address phone reply publication survey notice consented_how consented_at"
        " expires_at"
    ),
    "case_event": "case_id at name from_state to_state role account agency public detail",
    "case_clock": (
        "case_id clock cause agency amount unit source extra_amount started_at due_at stopped_at"
        " worked_minutes"
    ),
    "case_draft": "case_id version agency text change explanation account saved_at",
    "case_answer": (
        "case_id turn draft agency text change explanation account answered_at verdict verdict_at"
        " level"
    ),
}
COVER: Final = """
INSERT INTO case_redaction (case_id, part, answer, version, text, spans, account, saved_at,
    confirmed_by, confirmed_at)
SELECT c.id, 'answer', r.id, 1, r.text, '[]'::jsonb, c.owner, r.answered_at, c.owner,
    r.answered_at + interval '3 days'
FROM reflection_case c JOIN case_answer r ON r.case_id = c.id WHERE c.id = ANY ($1)
UNION ALL
SELECT c.id, 'explanation', r.id, 1, r.explanation, '[]'::jsonb, c.owner, r.answered_at, c.owner,
    r.answered_at + interval '3 days'
FROM reflection_case c JOIN case_answer r ON r.case_id = c.id
WHERE c.id = ANY ($1) AND r.change <> 'none'
"""
PUBLISH: Final = """
INSERT INTO case_publication (case_id, answer, title, reply, explanation, published_at, account,
    reason)
SELECT c.id, v.answer, c.title, v.id, x.id, v.confirmed_at, c.owner, ''
FROM reflection_case c JOIN case_redaction v ON v.case_id = c.id AND v.part = 'answer'
LEFT JOIN case_redaction x ON x.answer = v.answer AND x.part = 'explanation'
WHERE c.id = ANY ($1)
"""


async def fill_cases(
    number: int, pepper: bytes, *, now: datetime | None = None, days: int = 365, seed: int = 2026
) -> int:
    """Write so many cases of the days before `now`, among the agencies of that day."""
    moment = now or datetime.now(UTC)
    agencies = sorted(agency.id for agency in await list_agencies(local_day(moment)))
    if not agencies or not number:
        return 0
    calendar = await load_calendar()
    office = OfficeTime(calendar, moment - timedelta(days=days) - MARGIN, moment + 4 * MARGIN)
    async with transaction() as connection:
        await fetch(STAFF, agencies, STAFF_OF_AGENCY)
        book = Book(calendar, office, pepper, await _staff(agencies), seed)
        for life in draw_lives(number, agencies, moment, days, office=office, seed=seed):
            book.write(life)
        for table, columns in COLUMNS.items():
            await connection.copy_records_to_table(
                table, records=book.rows[table], columns=columns.split()
            )
        # The database takes a publication only when its text was confirmed before.
        await fetch(COVER, book.published)
        await fetch(PUBLISH, book.published)
    for table in (*COLUMNS, "case_redaction", "case_publication"):
        await fetch(f"ANALYZE {table}")
    return number


async def has_cases() -> bool:
    """Whether there is any case."""
    return bool(await fetch("SELECT 1 FROM reflection_case LIMIT 1"))


async def _staff(agencies: list[int]) -> dict[int, list[int]]:
    rows = await fetch(
        "SELECT agency, array_agg(id ORDER BY id) AS ids FROM account"
        " WHERE role = 'agency' AND agency = ANY ($1) GROUP BY agency",
        agencies,
    )
    return {row["agency"]: row["ids"] for row in rows}


class Book:
    """The rows of many cases, table by table."""

    def __init__(
        self,
        calendar: Calendar,
        office: OfficeTime,
        pepper: bytes,
        staff: dict[int, list[int]],
        seed: int,
    ) -> None:
        self.office, self.pepper, self.staff = office, pepper, staff
        self.writer = Writer(np.random.default_rng(seed + 1))
        self.rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in COLUMNS}
        self.published: list[UUID] = []
        self._references: set[str] = set()

        @cache
        def end(clock: str, start: datetime) -> datetime | None:
            return due(calendar, Clock(started_at=start, term=shipped_terms()[clock].term()))

        self._end = end

    def write(self, life: Life) -> None:
        """Write one case with everything that belongs to it."""
        case_id, owner = uuid4(), self._owner(life.agency)
        self._write_case(case_id, owner, life)
        self._write_letter(case_id, life)
        before = None
        for step in life.steps:
            by_citizen = step.name in {"opened", "settle", "reopen"}
            who = ("citizen", None) if by_citizen else ("clerk", owner)
            self.rows["case_event"].append(
                (
                    *(case_id, step.at, step.name, before, step.state, *who, life.agency),
                    *(step.name not in INTERNAL, "{}"),
                )
            )
            before = step.state
        answers = [number for number, step in enumerate(life.steps) if step.name == "answer"]
        for turn, number in enumerate(answers, 1):
            self._write_answer((case_id, turn), life, owner, life.steps[number : number + 2])

    def _write_case(self, case_id: UUID, owner: int, life: Life) -> None:
        came, state = life.steps[0].at, life.steps[-1].state
        if state == "published":
            self.published.append(case_id)
        kind = "recommendation" if life.type == "procedure" else "reflection"
        is_known = len(life.steps) > 1
        is_taken = any(step.name == "take" for step in life.steps)
        hashes = hash_access_code(case_id.hex), hash_case_token(case_token(self.pepper, case_id))
        self.rows["reflection_case"].append(
            (
                *(case_id, self._reference(came), kind, life.type, life.channel, life.agency),
                *(owner if is_taken else None, state, len(life.steps), False),
                *(TITLES[life.type] if is_known else "", None, "vi", local_day(came), came),
                *(self._write_clocks(case_id, life), *hashes),
            )
        )

    def _write_clocks(self, case_id: UUID, life: Life) -> datetime | None:
        """The clocks that the moves started and stopped; returns the nearest end against us."""
        came = life.steps[0].at
        running: dict[str, tuple[datetime, str]] = dict.fromkeys(
            ("receive", "transfer", "answer"), (came, "open")
        )
        for step in life.steps[1:]:
            move = machine().moves[step.name]
            for stopped in running.keys() & set(move.stop):
                self._add_clock(case_id, life.agency, stopped, running.pop(stopped), step.at)
            running |= dict.fromkeys(move.start, (step.at, step.name))
        for clock, began in running.items():
            self._add_clock(case_id, life.agency, clock, began, None)
        ends = [self._end(clock, running[clock][0]) for clock in running if clock != "verdict"]
        return min((end for end in ends if end), default=None)

    def _add_clock(
        self,
        case_id: UUID,
        agency: int,
        clock: str,
        began: tuple[datetime, str],
        stop: datetime | None,
    ) -> None:
        start, cause = began
        term = shipped_terms()[clock].term()
        worked = None if stop is None else self.office.minutes(stop) - self.office.minutes(start)
        self.rows["case_clock"].append(
            (
                *(case_id, clock, cause, agency, term.amount, term.unit, term.source, 0, start),
                *(self._end(clock, start), stop, None if worked is None else round(worked)),
            )
        )

    def _write_letter(self, case_id: UUID, life: Life) -> None:
        came = life.steps[0].at
        letter = self.writer.letter(life.type)
        self.rows["case_text"].append((case_id, 1, "original", "", letter, None, came))
        how = {"phone": "phone", "paper": "paper", "kiosk": "counter"}.get(life.channel, "online")
        self.rows["case_contact"].append(
            (
                *(case_id, self.writer.name(), "", self.writer.phone(), True, False, False),
                *("demo", how, came, came + timedelta(days=730)),
            )
        )

    def _write_answer(
        self, place: tuple[UUID, int], life: Life, owner: int, steps: list[Step]
    ) -> None:
        at, text = steps[0].at, self.writer.pick(ANSWERS)
        case_id, turn = place
        made = self.writer.below(6) == 0
        change = ("made", CHANGES) if made else ("none", "")
        verdict = {"settle": "settled", "reopen": "not_settled"}.get(steps[-1].name)
        level = None if verdict is None else 1 + self.writer.below(5)
        if level is not None:
            rated = (case_id, steps[-1].at, "reply_rated", None, None, "citizen", None)
            said = (life.agency, True, f'{{"level": {level}}}')
            self.rows["case_event"].append((*rated, *said))
        self.rows["case_draft"].append((case_id, turn, life.agency, text, *change, owner, at))
        self.rows["case_answer"].append(
            (
                *(case_id, turn, turn, life.agency, text, *change, owner, at),
                *(verdict, steps[-1].at if verdict else None, level),
            )
        )

    def _owner(self, agency: int) -> int:
        return self.staff[agency][self.writer.below(len(self.staff[agency]))]

    def _reference(self, came: datetime) -> str:
        while (made := make_reference(local_day(came))) in self._references:
            pass
        self._references.add(made)
        return made
