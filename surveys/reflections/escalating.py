"""Telling the superior: by rule, when a case has been overdue for so many working hours."""

from datetime import UTC, datetime
from typing import Final

from surveys.accounts import FieldError, agency_code, audit
from surveys.calendars import load_calendars, working_minutes
from surveys.days import ZONE
from surveys.errors import NotFoundError
from surveys.messages import normalise, queue_message
from surveys.reflections.actors import SYSTEM
from surveys.reflections.inbox import overdue
from surveys.reflections.log import write_event
from surveys.reflections.states import AGENCY_CLOCKS
from surveys.transactions import Row, fetch, fetch_one, transaction

N_ = str

RULES: Final = """
SELECT r.id, r.agency, r.clock, r.after_hours, r.channel, r.address, r.changed_at,
    a.code AS agency_code, a.name AS agency_name
FROM escalation_rule r LEFT JOIN agency a ON a.id = r.agency
WHERE r.ended_at IS NULL ORDER BY a.name NULLS FIRST, r.clock, r.after_hours
"""


async def list_escalations() -> list[Row]:
    """The rules that hold."""
    return await fetch(RULES)


async def add_escalation(
    *,
    clock: str,
    after_hours: int,
    channel: str,
    address: str,
    agency: int | None = None,
    actor: int,
) -> int:
    """Tell this address when a clock is overdue by so many working hours; returns the rule's id."""
    if clock not in AGENCY_CLOCKS:
        raise FieldError("clock", N_("Hãy chọn một loại thời hạn."))
    if not 0 <= after_hours <= 1000:
        raise FieldError("after_hours", N_("Số giờ làm việc phải từ 0 đến 1000."))
    reached = normalise(channel, address)
    async with transaction():
        row = await fetch_one(
            "INSERT INTO escalation_rule (agency, clock, after_hours, channel, address, account)"
            " VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
            *(agency, clock, after_hours, channel, reached, actor),
        )
        code = await agency_code(agency) or "*"
        await audit("escalation_added", code, actor=actor, clock=clock, hours=after_hours)
    return int(row["id"]) if row else 0


async def end_escalation(rule: int, *, actor: int) -> None:
    """Let a rule hold no more. Raises NotFoundError."""
    async with transaction():
        if not await fetch(
            "UPDATE escalation_rule SET ended_at = now() WHERE id = $1 AND ended_at IS NULL"
            " RETURNING id",
            rule,
        ):
            raise NotFoundError(N_("Không có quy tắc này."))
        await audit("escalation_ended", str(rule), actor=actor)


async def escalate(now: datetime | None = None) -> int:
    """Queue a message for every clock that a rule says is late enough; once a rule and clock."""
    moment = now or datetime.now(UTC)
    rules = await list_escalations()
    late = await overdue(moment) if rules else []
    calendars = await load_calendars({row["agency"] for row in late})
    told = 0
    for row in late:
        hours = working_minutes(calendars[row["agency"]], row["due_at"], moment) / 60
        for rule in rules:
            if _concerns(rule, row) and hours >= rule["after_hours"]:
                told += await _tell(rule, row, moment)
    return told


def _concerns(rule: Row, row: Row) -> bool:
    return rule["clock"] == row["clock"] and rule["agency"] in {None, row["agency"]}


async def _tell(rule: Row, row: Row, now: datetime) -> bool:
    case = await fetch_one("SELECT * FROM reflection_case WHERE id = $1", row["case_id"])
    agency = await fetch_one("SELECT name FROM agency WHERE id = $1", row["agency"])
    if case is None or agency is None:
        return False
    async with transaction():
        queued = await queue_message(
            "reflection_overdue",
            key=f"escalation:{rule['id']}:{row['clock_id']}",
            channel=rule["channel"],
            address=rule["address"],
            fields={
                "agency": agency["name"],
                "code": row["reference"],
                "since": f"{row['due_at'].astimezone(ZONE):%H:%M %d/%m/%Y}",
            },
            due=now,
        )
        if queued is None:
            return False
        said = {"clock": row["clock"], "rule": rule["id"]}
        await write_event(case, "escalated", SYSTEM, at=now, public=False, **said)
    return True
