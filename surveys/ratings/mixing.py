"""Mixing: what arrived in order is rewritten without order, under new keys.

A waiting rating can be tied to its dossier by whoever reads the database: both were written by
one transaction. Once `minimum` ratings of one cell (and mode) wait, they are rewritten together
with the cell's earlier ones, in random order, under new random keys, by one transaction. What
stays small is merged by a stated order of steps. docs/privacy.md says what is joinable until then.
"""

from datetime import UTC, date, datetime, timedelta

import msgspec

from surveys.days import local_day
from surveys.transactions import engine, fetch, transaction

# One mixer at a time; a second one waits rather than mixing the same rows.
MIXING_LOCK = 7_202_612

# The order in which a small cell gives up what tells it apart.
STEPS = (
    ("month", "field", "channel", "on_time"),
    ("quarter", "field", "channel", "on_time"),
    ("quarter", "field", "channel", None),
    ("quarter", "field", None, None),
    ("quarter", None, None, None),
)

# Rows are locked first: details that arrive meanwhile wait, and are then told they are too late.
# The groups that are large enough now, and their ratings: waiting ones and those mixed before.
CHOOSE = """
CREATE TEMPORARY TABLE mixing ON COMMIT DROP AS
WITH large AS (
    SELECT target AS cell, version, mode FROM climbing
    GROUP BY target, version, mode HAVING count(*) >= $1
)
SELECT w.id AS old, gen_random_uuid() AS new, true AS waits, w.version, w.mode, l.cell,
    w.assisted, w.comment
FROM large l JOIN climbing k ON k.target = l.cell AND k.version = l.version AND k.mode = l.mode
JOIN waiting_rating w ON w.id = k.id
UNION ALL
SELECT r.id, gen_random_uuid(), false, r.version, r.mode, r.cell, r.assisted, NULL
FROM large l JOIN rating r ON r.cell = l.cell AND r.version = l.version AND r.mode = l.mode
"""

REWRITE = """
CREATE TEMPORARY TABLE mixed_answer ON COMMIT DROP AS
SELECT m.new AS rating, a.version, a.item, a.code FROM mixing m
JOIN waiting_answer a ON a.rating = m.old WHERE m.waits
UNION ALL
SELECT m.new, a.version, a.item, a.code FROM mixing m
JOIN answer a ON a.rating = m.old WHERE NOT m.waits;

INSERT INTO comment (id, version, agency, month, satisfied, text)
SELECT gen_random_uuid(), m.version, c.agency, date_trunc('month', c.returned_from)::date,
    o.code = ANY(q.satisfied), m.comment
FROM mixing m JOIN cell c ON c.id = m.cell
LEFT JOIN scale_of_version q ON q.version = m.version
LEFT JOIN mixed_answer o ON o.rating = m.new AND o.item = q.item
WHERE m.comment IS NOT NULL ORDER BY random();

DELETE FROM waiting_answer a USING mixing m WHERE a.rating = m.old AND m.waits;
DELETE FROM waiting_rating w USING mixing m WHERE w.id = m.old AND m.waits;
DELETE FROM answer a USING mixing m WHERE a.rating = m.old AND NOT m.waits;
DELETE FROM rating r USING mixing m WHERE r.id = m.old AND NOT m.waits;

INSERT INTO rating (id, version, mode, cell, assisted)
SELECT new, version, mode, cell, assisted FROM mixing ORDER BY new;
INSERT INTO answer (rating, version, item, code)
SELECT rating, version, item, code FROM mixed_answer ORDER BY rating, item;
"""

COARSER_CELLS = """
INSERT INTO cell (agency, field, channel, on_time, grain, returned_from)
SELECT DISTINCT c.agency, {field}, {channel}, {on_time}, '{grain}',
    date_trunc('{grain}', c.returned_from)::date
FROM waiting_rating w JOIN cell c ON c.id = w.cell WHERE c.returned_from < $1
ON CONFLICT DO NOTHING
"""

CLIMB = """
CREATE TEMPORARY TABLE climbing ON COMMIT DROP AS
SELECT w.id, w.version, w.mode, t.id AS target
FROM waiting_rating w JOIN cell c ON c.id = w.cell
JOIN cell t ON t.agency = c.agency AND t.field IS NOT DISTINCT FROM {field}
    AND t.channel IS NOT DISTINCT FROM {channel} AND t.on_time IS NOT DISTINCT FROM {on_time}
    AND t.grain = '{grain}' AND t.returned_from = date_trunc('{grain}', c.returned_from)::date
WHERE c.returned_from < $1 AND w.received_at < $2
FOR UPDATE OF w
"""

SETTLED = """
CREATE TEMPORARY TABLE climbing ON COMMIT DROP AS
SELECT w.id, w.version, w.mode, w.cell AS target
FROM waiting_rating w WHERE w.cell IS NOT NULL AND w.received_at < $1
FOR UPDATE OF w
"""

# A tap without a right belongs to no dossier; it leaves when its day is over.
UNLINKED = """
CREATE TEMPORARY TABLE mixing ON COMMIT DROP AS
SELECT id AS old, gen_random_uuid() AS new, version, mode, counter, day, day_certain, assisted,
    comment
FROM waiting_rating WHERE cell IS NULL AND day < $1 AND received_at < $2
FOR UPDATE
"""

REWRITE_UNLINKED = """
CREATE TEMPORARY TABLE mixed_answer ON COMMIT DROP AS
SELECT m.new AS rating, a.version, a.item, a.code
FROM mixing m JOIN waiting_answer a ON a.rating = m.old;
INSERT INTO comment (id, version, agency, month, satisfied, text)
SELECT gen_random_uuid(), m.version, k.agency, date_trunc('month', m.day)::date,
    o.code = ANY(q.satisfied), m.comment
FROM mixing m JOIN counter k ON k.id = m.counter
LEFT JOIN scale_of_version q ON q.version = m.version
LEFT JOIN mixed_answer o ON o.rating = m.new AND o.item = q.item
WHERE m.comment IS NOT NULL ORDER BY random();
DELETE FROM waiting_answer a USING mixing m WHERE a.rating = m.old;
DELETE FROM waiting_rating w USING mixing m WHERE w.id = m.old;
INSERT INTO rating (id, version, mode, counter, day, day_certain, assisted)
SELECT new, version, mode, counter, day, day_certain, assisted FROM mixing ORDER BY new;
INSERT INTO answer (rating, version, item, code)
SELECT rating, version, item, code FROM mixed_answer ORDER BY rating, item;
"""

# The order in which rights were spent would tell the order in which citizens came.
STIR = """
CREATE TEMPORARY TABLE stirring ON COMMIT DROP AS
    SELECT dossier, questionnaire, day FROM spent_right WHERE day >= $1 AND day < $2;
DELETE FROM spent_right WHERE day >= $1 AND day < $2;
INSERT INTO spent_right (id, dossier, questionnaire, day)
    SELECT gen_random_uuid(), dossier, questionnaire, day FROM stirring ORDER BY random();
"""

# Which item of a version is the overall rating, and which of its codes mean satisfied.
SCALES = """
CREATE TEMPORARY TABLE scale_of_version ON COMMIT DROP AS
SELECT v.id AS version, q.position AS item, array_agg((level->>'code')::int) AS satisfied
FROM questionnaire_version v,
    jsonb_to_recordset(v.compiled->'questions') AS q(position int, role text, scale text),
    jsonb_array_elements(v.compiled->'scales'->q.scale->'levels') AS level
WHERE q.role = 'overall' AND (level->>'satisfied')::boolean
GROUP BY v.id, q.position
"""


class Mixed(msgspec.Struct, frozen=True):
    """What one run of the mixing job moved, and what still waits."""

    linked: int
    merged: int
    unlinked: int
    waiting: int


async def mix(
    *, minimum: int, settle_minutes: int, close_days: int, now: datetime | None = None
) -> Mixed:
    """Mix every group that is large enough, merge small closed ones, stir yesterday's rights."""
    moment = now or datetime.now(UTC)
    settled = moment - timedelta(minutes=settle_minutes)
    today = local_day(moment)
    closed = today - timedelta(days=close_days)
    linked = await _mix_settled(minimum, settled)
    merged = sum([await _mix_merged(step, minimum, settled, closed) for step in STEPS])
    unlinked = await _mix_unlinked(today, settled)
    await _stir(today - timedelta(days=close_days), today)
    await _forget_dead_rows()
    left = await fetch("SELECT count(*) AS waiting FROM waiting_rating")
    return Mixed(linked, merged, unlinked, left[0]["waiting"])


async def _mix_settled(minimum: int, settled: datetime) -> int:
    async with transaction() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock($1)", MIXING_LOCK)
        await connection.execute(SCALES)
        await connection.execute(SETTLED, settled)
        return await _rewrite(connection, minimum)


async def _mix_merged(
    step: tuple[str, str | None, str | None, str | None],
    minimum: int,
    settled: datetime,
    closed: date,
) -> int:
    names = {
        "grain": step[0],
        "field": "c.field" if step[1] else "NULL::int",
        "channel": "c.channel" if step[2] else "NULL::varchar",
        "on_time": "c.on_time" if step[3] else "NULL::boolean",
    }
    async with transaction() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock($1)", MIXING_LOCK)
        await connection.execute(SCALES)
        await connection.execute(COARSER_CELLS.format(**names), closed)
        await connection.execute(CLIMB.format(**names), closed, settled)
        return await _rewrite(connection, minimum)


async def _rewrite(connection, minimum: int) -> int:  # type: ignore[no-untyped-def]
    await connection.execute(CHOOSE, minimum)
    await connection.execute(REWRITE)
    return int(await connection.fetchval("SELECT count(*) FROM mixing WHERE waits"))


async def _mix_unlinked(today: date, settled: datetime) -> int:
    async with transaction() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock($1)", MIXING_LOCK)
        await connection.execute(SCALES)
        await connection.execute(UNLINKED, today, settled)
        await connection.execute(REWRITE_UNLINKED)
        return int(await connection.fetchval("SELECT count(*) FROM mixing"))


async def _stir(first: date, today: date) -> None:
    async with transaction() as connection:
        for statement in STIR.strip().split(";\n"):
            arguments = [first, today] if "$1" in statement else []
            await connection.execute(statement, *arguments)


async def _forget_dead_rows() -> None:
    # A deleted row stays readable in its page, with its transaction, until it is vacuumed.
    connection = await engine().get_new_connection()
    try:
        for table in ("waiting_answer", "waiting_rating", "spent_right", "rating", "answer"):
            await connection.execute(f"VACUUM {table}")
    finally:
        await connection.close()
