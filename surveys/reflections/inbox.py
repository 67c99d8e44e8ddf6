"""The inbox of an agency: whose turn it is, what is late, and what somebody looks for."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from surveys.accounts import audit
from surveys.days import local_midnight
from surveys.reflections.actors import Actor
from surveys.reflections.records import Filters, Page
from surveys.reflections.searching import search_sql
from surveys.reflections.states import ANSWERED, OPEN, machine
from surveys.transactions import Row, fetch, fetch_one

SIZE: Final = 40
EXCERPT: Final = 120
DEEPEST: Final = 1000

ROWS: Final = f"""
WITH page AS MATERIALIZED (
    SELECT c.* FROM reflection_case c WHERE {{conditions}} ORDER BY {{order}}
    LIMIT {SIZE + 1} OFFSET {{offset}})
SELECT c.id, c.reference, c.kind, c.type, c.channel, c.state, c.title, c.version, c.extended,
    c.received_on, c.created_at, c.due_at, c.due_at < $1 AS overdue, c.owner, u.username,
    c.agency, a.code AS agency_code, a.name AS agency_name,
    CASE WHEN c.title = '' THEN (SELECT left(t.text, {EXCERPT}) FROM case_text t
        WHERE t.case_id = c.id AND t.version = 1) END AS excerpt,
    (SELECT count(*) FROM reflection_case d WHERE d.merged_into = c.id) AS duplicates,
    (SELECT count(*) FROM case_answer r WHERE r.case_id = c.id) AS answers,
    m.reference AS main_reference
FROM page c JOIN agency a ON a.id = c.agency LEFT JOIN account u ON u.id = c.owner
LEFT JOIN reflection_case m ON m.id = c.merged_into
ORDER BY {{order}}
"""
# Of those due at one minute the one that came first; the number of a case says nothing of time.
ORDERS: Final = {
    "due": "c.due_at NULLS LAST, c.created_at, c.id",
    "newest": "c.created_at DESC, c.id",
}

COUNTS: Final = """
SELECT count(*) FILTER (WHERE owner = $2) AS mine, count(*) AS open,
    count(*) FILTER (WHERE owner IS NULL) AS unowned,
    count(*) FILTER (WHERE state = 'new') AS new,
    count(*) FILTER (WHERE state = 'drafted') AS drafted,
    count(*) FILTER (WHERE due_at < $1) AS overdue,
    count(*) FILTER (WHERE due_at >= $1 AND due_at < $3) AS today
FROM reflection_case
WHERE state = ANY ($4) AND merged_into IS NULL AND ($5::integer IS NULL OR agency = $5)
"""
OVERDUE: Final = """
SELECT c.id AS case_id, c.reference, c.agency, c.owner, k.id AS clock_id, k.clock, k.due_at,
    k.started_at
FROM case_clock k JOIN reflection_case c ON c.id = k.case_id
WHERE k.stopped_at IS NULL AND k.due_at < $1 AND k.clock IN ('receive', 'transfer', 'answer')
    AND c.merged_into IS NULL AND ($2::integer IS NULL OR c.agency = $2)
ORDER BY k.due_at, k.id
"""


async def inbox(filters: Filters, by: Actor, *, page: int = 1, now: datetime | None = None) -> Page:
    """One page of cases. Where a case has no title its first words are shown, and that is logged.

    Rows: id, reference, kind, type, channel, state, title, excerpt, version, extended,
    received_on, created_at, due_at, overdue, owner, username, agency, agency_code, agency_name,
    duplicates, answers, main_reference (of the case that it is merged into). An account without
    a role sees nothing.
    """
    if not by.roles:
        return Page(rows=[], page=1, more=False)
    wanted = min(max(page, 1), DEEPEST)
    conditions, values = _conditions(filters, by, now or datetime.now(UTC))
    sql = ROWS.format(
        conditions=" AND ".join(conditions),
        order=ORDERS[filters.order],
        offset=(wanted - 1) * SIZE,
    )
    rows = await fetch(sql, *values)
    shown = rows[:SIZE]
    await _log_excerpts(shown, by)
    return Page(rows=shown, page=wanted, more=len(rows) > SIZE)


async def inbox_counts(by: Actor, *, now: datetime | None = None) -> dict[str, int]:
    """How many open cases: mine, open, unowned, new, drafted, overdue, today (due before midnight)."""
    moment = now or datetime.now(UTC)
    row = await fetch_one(COUNTS, moment, by.account, _tonight(moment), list(OPEN), by.agency)
    return {name: int(count) for name, count in (row or {}).items()} if by.roles else {}


async def overdue(now: datetime | None = None, *, agency: int | None = None) -> list[Row]:
    """Every clock against an agency that has run out: case_id, reference, agency, owner, clock_id,
    clock, due_at, started_at; the longest overdue first.
    """
    return await fetch(OVERDUE, now or datetime.now(UTC), agency)


def _conditions(filters: Filters, by: Actor, now: datetime) -> tuple[list[str], list[Any]]:
    found, values = [] if _takes_duplicates(filters) else ["c.merged_into IS NULL"], [now]

    def hold(text: str, value: Any) -> None:
        values.append(value)
        found.append(text.format(place=f"${len(values)}"))

    _hold_scope(filters, by, hold)
    _hold_state(filters, found, hold)
    _hold_due(filters, now, found, hold)
    for column in ("type", "kind", "channel", "owner"):
        if wanted := getattr(filters, column):
            hold(f"c.{column} = {{place}}", wanted)
    if filters.first:
        hold("c.received_on >= {place}", filters.first)
    if filters.last:
        hold("c.received_on <= {place}", filters.last)
    # Parameter 1 must be used by the statement whatever is asked for; it is, in `overdue`.
    text, words = search_sql(filters.words, len(values) + 1, few=_leaves_few(filters, by))
    return [*found, text], [*values, *words]


def _leaves_few(filters: Filters, by: Actor) -> bool:
    """Whether an agency's cases or the open ones are looked through, not all of the province."""
    return by.agency is not None or filters.agency is not None or filters.state in {"open", *OPEN}


def _takes_duplicates(filters: Filters) -> bool:
    """Work is listed once, under its main case; whoever looks for a case finds duplicates too."""
    return bool(filters.words.strip()) or filters.state not in {"open", *OPEN}


def _hold_scope(filters: Filters, by: Actor, hold: Any) -> None:
    if by.agency is not None:
        hold("c.agency = {place}", by.agency)
    if filters.agency is not None:
        hold("c.agency = {place}", filters.agency)
    if filters.scope == "mine":
        hold("c.owner = {place}", by.account)
    if filters.scope == "unowned":
        hold("(c.owner IS NULL) = {place}", True)  # noqa: FBT003 - a value of SQL


def _hold_state(filters: Filters, found: list[str], hold: Any) -> None:
    if filters.state == "answered":
        hold("c.state = ANY ({place})", list(ANSWERED))
    elif filters.state in machine().states:
        hold("c.state = {place}", filters.state)
    elif filters.state != "any":
        # Written out, so that the planner sees that the index of open cases holds them.
        found.append(open_sql("c"))


def _hold_due(filters: Filters, now: datetime, found: list[str], hold: Any) -> None:
    if filters.due == "overdue":
        found.append("c.due_at < $1")
    elif filters.due:
        days = 1 if filters.due == "today" else 7
        found.append("c.due_at >= $1")
        hold("c.due_at < {place}", _tonight(now, days))


def open_sql(table: str) -> str:
    """The condition of the partial indexes on open cases."""
    words = ", ".join(f"'{state}'" for state in OPEN)
    return f"{table}.state IN ({words})"


def _tonight(now: datetime, days: int = 1) -> datetime:
    return local_midnight(now + timedelta(days=days))


async def _log_excerpts(rows: list[Row], by: Actor) -> None:
    read = [row["reference"] for row in rows if row["excerpt"]]
    if read:
        await audit("case_excerpts_read", "", actor=by.account, cases=read)
