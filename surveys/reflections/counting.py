"""What became of the cases that came to each agency in a span of days, counted in the database.

A *stay* is one coming of a case to an agency: by being opened or by a transfer. Everything is
counted as it stood at `as_of`, so that the figures of a span that is over do not move with every
citizen's word. docs/reflections.md says what each count is.
"""

from datetime import date, datetime
from typing import Final

import msgspec

from surveys.register.finished import finished_at, on_time
from surveys.register.population import DAYS
from surveys.transactions import fetch

# $1, $2: first and last day; $3: as of; $4: one agency, or null for all.
STAYS: Final = f"""
stay AS MATERIALIZED (
    SELECT c.case_id, c.agency, c.due_at, c.worked_minutes,
        CASE WHEN c.stopped_at <= $3 THEN c.stopped_at END AS stopped_at
    FROM case_clock c
    WHERE c.clock = 'answer' AND c.cause IN ('open', 'transfer') AND {DAYS.format("c.started_at")}
        AND c.started_at <= $3 AND ($4::integer IS NULL OR c.agency = $4)
), ended AS MATERIALIZED (
    SELECT s.*, e.name AS ending FROM stay s LEFT JOIN LATERAL (
        SELECT CASE e.name WHEN 'answer_with_main' THEN 'answer' ELSE e.name END AS name
        FROM case_event e
        WHERE e.case_id = s.case_id AND e.agency = s.agency AND e.at = s.stopped_at
            AND e.name IN ('answer', 'answer_with_main', 'refuse', 'transfer')
        ORDER BY e.id DESC LIMIT 1) e ON true
), returned AS (
    SELECT s.case_id, s.agency, sum(c.worked_minutes) AS worked,
        bool_or(coalesce(c.stopped_at <= $3, false) AND c.stopped_at > c.due_at
            OR (c.stopped_at IS NULL OR c.stopped_at > $3) AND c.due_at < $3) AS late,
        bool_or(c.stopped_at IS NULL OR c.stopped_at > $3) AS running
    FROM ended s JOIN case_clock c ON c.case_id = s.case_id AND c.agency = s.agency
        AND c.clock = 'answer' AND c.cause = 'return_answer' AND c.started_at >= s.stopped_at
        AND c.started_at <= $3
    WHERE s.ending = 'answer' GROUP BY 1, 2
), said AS (
    SELECT s.case_id, s.agency,
        bool_or(r.verdict = 'not_settled' AND r.verdict_at <= $3) AS reopened,
        bool_or(r.verdict IS NOT NULL AND r.verdict_at <= $3) AS spoke,
        bool_or(r.level <= 2) AS unhappy,
        (array_agg(r.verdict = 'settled' AND r.verdict_at <= $3 ORDER BY r.turn DESC))[1] AS settled,
        (array_agg(r.change ORDER BY r.turn DESC))[1] AS change
    FROM ended s JOIN case_answer r ON r.case_id = s.case_id AND r.agency = s.agency
        AND r.answered_at <= $3
    WHERE s.ending = 'answer' GROUP BY 1, 2
), silent AS (
    SELECT s.case_id, s.agency FROM ended s JOIN case_clock c ON c.case_id = s.case_id
        AND c.agency = s.agency AND c.clock = 'verdict'
    WHERE s.ending = 'answer' GROUP BY 1, 2
    HAVING bool_or(c.due_at < $3 AND (c.stopped_at IS NULL OR c.stopped_at > $3))
), told AS (
    SELECT s.agency, s.ending, s.worked_minutes + coalesce(b.worked, 0) AS minutes,
        s.ending IN ('answer', 'refuse') AND s.stopped_at <= s.due_at
            AND NOT coalesce(b.late OR b.running, false) AS kept,
        s.ending IN ('answer', 'refuse') AND s.stopped_at > s.due_at
            OR s.stopped_at IS NULL AND s.due_at < $3
            OR coalesce(b.late AND s.ending = 'answer', false) AS late,
        coalesce(v.spoke, false) OR q.case_id IS NOT NULL AS judged,
        coalesce(v.settled, false) AS settled, coalesce(v.reopened, false) AS reopened,
        coalesce(v.unhappy, false) AS unhappy, v.change
    FROM ended s LEFT JOIN returned b USING (case_id, agency)
    LEFT JOIN said v USING (case_id, agency) LEFT JOIN silent q USING (case_id, agency)
)
"""
COUNT: Final = f"""
WITH {STAYS}
SELECT a.code, a.name, a.level, p.code AS parent, count(*)::integer AS received,
    (count(*) FILTER (WHERE t.ending = 'transfer'))::integer AS transferred,
    (count(*) FILTER (WHERE t.kept OR t.late))::integer AS due,
    (count(*) FILTER (WHERE t.kept AND NOT t.late))::integer AS in_time,
    (count(*) FILTER (WHERE t.ending = 'answer'))::integer AS answered,
    (count(*) FILTER (WHERE t.ending = 'answer' AND t.judged))::integer AS judged,
    (count(*) FILTER (WHERE t.ending = 'answer' AND t.judged AND t.settled))::integer AS settled,
    (count(*) FILTER (WHERE t.ending = 'answer' AND t.judged AND t.reopened))::integer AS reopened,
    (count(*) FILTER (WHERE t.ending = 'answer' AND t.change = 'made'))::integer AS made,
    (count(*) FILTER (WHERE t.ending = 'answer' AND t.change = 'planned'))::integer AS planned,
    (count(*) FILTER (WHERE (t.kept OR t.late) AND (t.late OR t.reopened OR t.unhappy)))::integer
        AS unhappy,
    coalesce(array_agg(t.minutes ORDER BY t.minutes) FILTER (WHERE t.ending = 'answer'
        AND t.minutes IS NOT NULL), '{{}}')::integer[] AS minutes
FROM told t JOIN agency a ON a.id = t.agency LEFT JOIN agency p ON p.id = a.parent
GROUP BY a.code, a.name, a.level, p.code ORDER BY a.name, a.code
"""
DOSSIERS: Final = f"""
SELECT a.code, count(*)::integer AS finished,
    (count(*) FILTER (WHERE NOT {on_time()}))::integer AS late,
    (count(*) FILTER (WHERE NOT {on_time()} OR EXISTS (
        SELECT FROM reflection_case k WHERE k.dossier = d.id AND k.created_at <= $3)))::integer
        AS late_or_told
FROM dossier d JOIN agency a ON a.id = d.agency
WHERE {DAYS.format(finished_at())} AND {finished_at()} <= $3
    AND ($4::integer IS NULL OR d.agency = $4)
GROUP BY a.code
"""


class CaseCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Stays of one agency and what became of them; `minutes` of office time until the answer."""

    code: str
    name: str
    level: str
    parent: str | None
    received: int
    transferred: int
    due: int
    in_time: int
    answered: int
    judged: int
    settled: int
    reopened: int
    made: int
    planned: int
    unhappy: int
    minutes: list[int]


class DossierCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Finished dossiers of one agency: late ones, and those late or with a case."""

    code: str
    finished: int
    late: int
    late_or_told: int


async def count_cases(
    first: date, last: date, *, as_of: datetime, agency: int | None = None
) -> list[CaseCounts]:
    """What became of the cases that came from `first` to `last`, by agency, as of a moment."""
    return [CaseCounts(**row) for row in await fetch(COUNT, first, last, as_of, agency)]


async def count_dossiers(
    first: date, last: date, *, as_of: datetime, agency: int | None = None
) -> list[DossierCounts]:
    """Dossiers that were finished from `first` to `last`, by agency, as of a moment."""
    return [DossierCounts(**row) for row in await fetch(DOSSIERS, first, last, as_of, agency)]
