"""The rows of simulated cases, table by table: letters, contacts, logs, clocks, answers."""

import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID, uuid4

import numpy as np

from analysis.texts.dossiers import find_dossiers
from analysis.texts.folding import fold
from analysis.texts.personal import cover, join
from app.demo.case_lives import Life, OfficeTime, Step
from app.demo.letters import ANSWERS, CHANGES, TITLES, Writer
from app.redaction import kept_spans, own_spans
from surveys.calendars import Calendar
from surveys.days import local_day
from surveys.messages import case_token
from surveys.reflections import machine, shipped_terms
from surveys.reflections.clocks import Clock, due
from surveys.reflections.references import hash_access_code, hash_case_token, make_reference
from surveys.reflections.states import INTERNAL

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
    "case_redaction": (
        "case_id part version text spans account saved_at confirmed_by confirmed_at"
    ),
}


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
        self._write_letter(case_id, owner, life)
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
        drafts = [number for number, step in enumerate(life.steps) if step.name == "submit"]
        for turn, number in enumerate(drafts, 1):
            place, sent = (case_id, turn), life.steps[number + 1 : number + 3]
            draft = self._write_draft(place, life, owner, life.steps[number].at)
            if sent:
                self._write_answer(place, life, owner, sent, draft)

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

    def _write_letter(self, case_id: UUID, owner: int, life: Life) -> None:
        came, state = life.steps[0].at, life.steps[-1].state
        name, phone = self.writer.name(), self.writer.phone()
        letter = self.writer.letter(life.type, name, phone)
        self.rows["case_text"].append((case_id, 1, "original", "", letter, None, came))
        how = {"phone": "phone", "paper": "paper", "kiosk": "counter"}.get(life.channel, "online")
        agreed = self.writer.below(3) > 0
        self.rows["case_contact"].append(
            (
                *(case_id, name, "", phone, True, agreed, False),
                *("demo", how, came, came + timedelta(days=730)),
            )
        )
        if agreed and state == "published":
            self._cover(
                case_id, owner, letter, [("name", name), ("phone", phone)], life.steps[-1].at
            )

    def _cover(
        self, case_id: UUID, owner: int, letter: str, known: list[tuple[str, str]], at: datetime
    ) -> None:
        """What everybody may read of a letter, confirmed when the answer was."""
        spans = join([*own_spans(letter, known), *find_dossiers(fold(letter))], len(letter))
        kept = json.dumps(kept_spans(spans), ensure_ascii=False)
        self.rows["case_redaction"].append(
            (case_id, "question", 1, cover(letter, spans), kept, owner, at, owner, at)
        )

    def _write_draft(
        self, place: tuple[UUID, int], life: Life, owner: int, at: datetime
    ) -> tuple[str, str, str]:
        """Write the draft of a turn; returns its text, whether something changed, and what."""
        case_id, turn = place
        text = self.writer.pick(ANSWERS[life.type])
        change = ("made", CHANGES[life.type]) if self.writer.below(6) == 0 else ("none", "")
        self.rows["case_draft"].append((case_id, turn, life.agency, text, *change, owner, at))
        return text, *change

    def _write_answer(
        self,
        place: tuple[UUID, int],
        life: Life,
        owner: int,
        steps: list[Step],
        draft: tuple[str, str, str],
    ) -> None:
        at, (case_id, turn) = steps[0].at, place
        verdict = {"settle": "settled", "reopen": "not_settled"}.get(steps[-1].name)
        level = None if verdict is None else 1 + self.writer.below(5)
        if level is not None:
            rated = (case_id, steps[-1].at, "reply_rated", None, None, "citizen", None)
            said = (life.agency, True, f'{{"level": {level}}}')
            self.rows["case_event"].append((*rated, *said))
        self.rows["case_answer"].append(
            (
                *(case_id, turn, turn, life.agency, *draft, owner, at),
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
