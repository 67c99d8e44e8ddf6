"""What became of the cases that came to each agency in a span of days, counted in the database.

A *stay* is one coming of a case to an agency: by being opened or by a transfer, with every clock
of the answer until it leaves: the first, and those that began when an answer was sent back or the
citizen reopened the case. Everything is counted as it stood at `as_of`, so that the figures of a
span that is over move neither with a citizen's word nor with what the agency does later.
docs/reflections.md says what each count is.
"""

from datetime import date, datetime
from typing import Final

import msgspec

from surveys.register.finished import finished_at, on_time
from surveys.register.population import DAYS
from surveys.transactions import fetch

# Whether a clock that was not stopped as of $3 had run out. A pause that ended later, or began
# later, moved its end: then the end that it had when it was paused is the one to look at.
RAN_OUT: Final = """
coalesce((SELECT coalesce(p.due_before, c.due_at) < least($3, p.paused_at) FROM case_pause p
    WHERE p.clock = c.id AND (p.resumed_at IS NULL OR p.resumed_at > $3)
    ORDER BY p.id LIMIT 1), c.due_at < $3, false)
"""
# The level as of $3 that the citizen gave an answer; the log keeps every one that was given.
LEVEL: Final = """
SELECT (e.detail ->> 'level')::integer AS level FROM case_event e
WHERE p.level IS NOT NULL AND e.case_id = p.case_id AND e.name = 'reply_rated'
    AND e.at >= p.answered_at AND e.at <= $3 AND NOT EXISTS (SELECT FROM case_answer n
        WHERE n.case_id = p.case_id AND n.turn > p.turn AND n.answered_at <= e.at)
ORDER BY e.id DESC LIMIT 1
"""
# $1, $2: first and last day; $3: as of; $4: one agency, or null for all.
STAYS: Final = f"""
stay AS MATERIALIZED (
    SELECT c.id AS stay, c.case_id, c.agency, (SELECT min(n.id) FROM case_clock n
        WHERE n.case_id = c.case_id AND n.clock = 'answer' AND n.cause = 'transfer'
            AND n.id > c.id AND n.started_at <= $3) AS next
    FROM case_clock c
    WHERE c.clock = 'answer' AND c.cause IN ('open', 'transfer') AND {DAYS.format("c.started_at")}
        AND c.started_at <= $3 AND ($4::integer IS NULL OR c.agency = $4)
), piece AS MATERIALIZED (
    SELECT s.stay, s.case_id, s.agency, c.cause, r.turn, r.answered_at, r.level, r.change,
        coalesce(r.verdict = 'settled' AND r.verdict_at <= $3, false) AS settled,
        CASE WHEN c.stopped_at <= $3 THEN c.stopped_at > c.due_at ELSE {RAN_OUT} END AS late,
        -- A clock of the answer stops by an answer, a transfer or a refusal, and by nothing else.
        CASE WHEN c.stopped_at > $3 OR c.stopped_at IS NULL THEN NULL
            WHEN r.turn IS NOT NULL THEN 'answer'
            WHEN s.next IS NOT NULL AND lead(c.id) OVER clocks IS NULL THEN 'transfer'
            ELSE 'refuse' END AS ending,
        sum(c.worked_minutes) OVER clocks AS minutes,
        coalesce(lead(c.cause) OVER clocks = 'return_answer', false) AS sent_back
    FROM stay s JOIN case_clock c ON c.case_id = s.case_id AND c.clock = 'answer'
        AND c.id >= s.stay AND (s.next IS NULL OR c.id < s.next) AND c.started_at <= $3
    LEFT JOIN case_answer r ON r.case_id = c.case_id AND r.agency = c.agency
        AND r.answered_at = c.stopped_at AND c.stopped_at <= $3
    WINDOW clocks AS (PARTITION BY s.stay ORDER BY c.id)
), done AS (
    SELECT p.stay, p.agency, bool_or(p.late) AS late, bool_or(p.cause = 'reopen') AS reopened,
        coalesce(bool_or(p.ending = 'transfer'), false) AS transferred,
        coalesce(bool_or(p.ending = 'answer' AND NOT p.sent_back), false) AS answered,
        coalesce(bool_or(p.ending IN ('answer', 'refuse') AND NOT p.sent_back), false) AS ended,
        min(p.minutes) FILTER (WHERE p.ending = 'answer' AND NOT p.sent_back) AS minutes,
        bool_or(p.settled) AS settled, coalesce(bool_or(l.level <= 2), false) AS low,
        (array_agg(p.change ORDER BY p.turn DESC)
            FILTER (WHERE p.ending = 'answer' AND NOT p.sent_back))[1] AS change
    FROM piece p LEFT JOIN LATERAL ({LEVEL}) l ON true GROUP BY p.stay, p.agency
), silent AS (
    SELECT DISTINCT s.stay FROM stay s JOIN case_clock c ON c.case_id = s.case_id
        AND c.clock = 'verdict' AND c.cause <> 'refuse' AND c.id > s.stay
        AND (s.next IS NULL OR c.id < s.next)
    WHERE c.due_at < $3 AND (c.stopped_at IS NULL OR c.stopped_at > $3)
), told AS (
    SELECT d.*, d.ended OR d.late AS due,
        d.reopened OR d.answered AND (d.settled OR q.stay IS NOT NULL) AS judged
    FROM done d LEFT JOIN silent q USING (stay)
)
"""
COUNT: Final = f"""
WITH {STAYS}
SELECT a.code, a.name, a.level, p.code AS parent, count(*)::integer AS received,
    (count(*) FILTER (WHERE t.transferred))::integer AS transferred,
    (count(*) FILTER (WHERE t.due))::integer AS due,
    (count(*) FILTER (WHERE t.due AND NOT t.late))::integer AS in_time,
    (count(*) FILTER (WHERE t.answered))::integer AS answered,
    (count(*) FILTER (WHERE t.judged))::integer AS judged,
    (count(*) FILTER (WHERE t.judged AND t.settled))::integer AS settled,
    (count(*) FILTER (WHERE t.judged AND t.reopened))::integer AS reopened,
    (count(*) FILTER (WHERE t.answered AND t.change = 'made'))::integer AS made,
    (count(*) FILTER (WHERE t.answered AND t.change = 'planned'))::integer AS planned,
    (count(*) FILTER (WHERE t.due AND (t.late OR t.reopened OR t.low)))::integer AS unhappy,
    coalesce(array_agg(t.minutes ORDER BY t.minutes) FILTER (WHERE t.answered
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
