"""Mixing: what arrived in order is rewritten without order, under new keys.

A waiting rating can be tied to its dossier by whoever reads the database: both were written by
one transaction. Once more than `others` ratings of one cell (and mode) wait, all of them from
earlier days and judged, and the cell holds enough dossiers, they are rewritten together with the
cell's earlier ones, in random order, under new random keys, by one transaction. What stays small is
merged by a stated order of steps. docs/privacy.md says what is joinable until then.
"""

from datetime import UTC, date, datetime, timedelta

import msgspec

from surveys.days import local_day
from surveys.periods import span_sql
from surveys.questionnaires.overall import OVERALL_SCALES
from surveys.ratings.cells import STEPS, Step, dossiers_in, on_step, span_end
from surveys.ratings.stirring import stir
from surveys.register.finished import finished_day, on_time
from surveys.transactions import MIXING_LOCK, fetch, transaction

# $1: the day before which a span must have ended. Ids are not used up where the cell is known.
COARSER_CELLS = f"""
INSERT INTO cell (agency, field, channel, on_time, grain, returned_from)
SELECT c.agency, {{field}}, {{channel}}, {{on_time}}, '{{grain}}', {{first}}
FROM waiting_rating w JOIN cell c ON c.id = w.cell
WHERE {on_step("c")} < {{place}} AND {span_end("c")} <= $1
EXCEPT SELECT agency, field, channel, on_time, grain, returned_from FROM cell
ON CONFLICT DO NOTHING
"""

# The ratings that may be mixed on a step, flagged ones apart from others: those whose cells stand on it, and those that could not
# be mixed on a finer one before its span was over. Rows are locked: details that arrive meanwhile
# wait, and are then told they are too late.
CLIMB = f"""
CREATE TEMPORARY TABLE climbing ON COMMIT DROP AS
SELECT w.id, w.version, w.mode, w.flag, w.cell AS source, t.id AS target
FROM waiting_rating w JOIN cell c ON c.id = w.cell
JOIN cell t ON t.agency = c.agency AND t.grain = '{{grain}}' AND t.returned_from = {{first}}
    AND t.field IS NOT DISTINCT FROM {{field}} AND t.channel IS NOT DISTINCT FROM {{channel}}
    AND t.on_time IS NOT DISTINCT FROM {{on_time}}
WHERE w.judged AND w.received_on < $2 AND ({on_step("c")} = {{place}}
    OR ({on_step("c")} < {{place}} AND {span_end("c")} <= $1))
FOR UPDATE OF w
"""

# Groups with company enough, in cells that hold enough dossiers. A dossier whose right was opened
# in another cell, finer or coarser, hides nobody here, unless that cell's ratings climb along.
LARGE = f"""
CREATE TEMPORARY TABLE large ON COMMIT DROP AS
WITH grown AS MATERIALIZED (
    SELECT target AS cell, version, mode, flag, array_agg(DISTINCT source) AS sources
    FROM climbing GROUP BY target, version, mode, flag HAVING count(*) > $1
), wanted AS MATERIALIZED (
    SELECT g.*, t.agency, t.field, t.channel, t.on_time, t.returned_from,
        $2 + (SELECT coalesce(sum(m.given), 0) FROM cell f JOIN cell_merge m ON m.fine = f.id
            WHERE f.agency = t.agency AND f.grain = 'week' AND f.returned_from >= t.returned_from
                AND f.returned_from < {span_end("t")}
                AND f.field = coalesce(t.field, f.field)
                AND f.channel = coalesce(t.channel, f.channel)
                AND f.on_time = coalesce(t.on_time, f.on_time)
                AND m.cell <> t.id AND m.cell <> ALL (g.sources)) AS wants
    FROM grown g JOIN cell t ON t.id = g.cell
)
SELECT w.cell, w.version, w.mode, w.flag FROM wanted w
WHERE {{dossiers}} >= w.wants
"""

# Their ratings: waiting ones and those mixed before.
CHOOSE = """
CREATE TEMPORARY TABLE mixing ON COMMIT DROP AS
SELECT w.id AS old, gen_random_uuid() AS new, true AS waits, w.version, w.mode, l.cell,
    k.source, w.assisted, w.comment, l.flag
FROM large l JOIN climbing k ON k.target = l.cell AND k.version = l.version AND k.mode = l.mode
    AND k.flag IS NOT DISTINCT FROM l.flag
JOIN waiting_rating w ON w.id = k.id
UNION ALL
SELECT r.id, gen_random_uuid(), false, r.version, r.mode, r.cell, r.cell, r.assisted, NULL, l.flag
FROM large l JOIN rating r ON r.cell = l.cell AND r.version = l.version AND r.mode = l.mode
    AND r.flag IS NOT DISTINCT FROM l.flag
"""

# Cells whose ratings climbed: how many, so that their dossiers are counted where they went.
NOTE_CLIMBED = f"""
INSERT INTO cell_merge (fine, cell, held, given, moved)
SELECT c.id, s.cell, (SELECT count(*) FROM procedure q JOIN dossier o ON o.procedure = q.id
    WHERE o.agency = c.agency AND q.field = coalesce(c.field, q.field)
        AND o.channel = coalesce(c.channel, o.channel)
        AND {{on_time}} = coalesce(c.on_time, {{on_time}})
        AND {{day}} >= c.returned_from AND {{day}} < {span_end("c")}), 0, s.moved
FROM (SELECT source, cell, count(*) AS moved FROM mixing WHERE source <> cell
    GROUP BY source, cell) s JOIN cell c ON c.id = s.source
ORDER BY c.id, s.cell
ON CONFLICT (fine, cell) DO UPDATE SET moved = cell_merge.moved + excluded.moved
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

INSERT INTO rating (id, version, mode, cell, assisted, flag)
SELECT new, version, mode, cell, assisted, flag FROM mixing ORDER BY new;
INSERT INTO answer (rating, version, item, code)
SELECT rating, version, item, code FROM mixed_answer ORDER BY rating, item;
"""

MOVED = """
SELECT count(*) FILTER (WHERE source = cell) AS own, count(*) FILTER (WHERE source <> cell) AS climbed
FROM mixing WHERE waits
"""

# A tap without a right belongs to no dossier; it leaves when its day is over.
UNLINKED = """
CREATE TEMPORARY TABLE mixing ON COMMIT DROP AS
SELECT id AS old, gen_random_uuid() AS new, version, mode, counter, day, day_certain, assisted,
    comment, flag
FROM waiting_rating WHERE cell IS NULL AND day < $1 AND judged AND received_on < $2
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
INSERT INTO rating (id, version, mode, counter, day, day_certain, assisted, flag)
SELECT new, version, mode, counter, day, day_certain, assisted, flag FROM mixing ORDER BY new;
INSERT INTO answer (rating, version, item, code)
SELECT rating, version, item, code FROM mixed_answer ORDER BY rating, item;
"""

# Which item of a version is the overall rating, and which of its codes mean satisfied.
SCALES = f"CREATE TEMPORARY TABLE scale_of_version ON COMMIT DROP AS {OVERALL_SCALES}"


class Mixed(msgspec.Struct, frozen=True):
    """What one run of the mixing job moved, and what still waits."""

    linked: int
    merged: int
    unlinked: int
    waiting: int


class Batch(msgspec.Struct, frozen=True):
    """When ratings are mixed: in what company, after how many days, in cells of what size."""

    others: int = 5
    delay_days: int = 1
    cell_dossiers: int = 20
    close_days: int = 28


async def mix(batch: Batch, *, now: datetime | None = None) -> Mixed:
    """Mix every group that is large enough, merge small closed ones, stir the rights of the day.

    Ratings wait at least until their day is over, or `delay_days` days; 0 takes today's too.
    """
    today = local_day(now or datetime.now(UTC))
    before = today - timedelta(days=batch.delay_days - 1)
    moved = [await _mix_step(place, step, batch, before, today) for place, step in enumerate(STEPS)]
    unlinked = await _mix_unlinked(today, before)
    await stir()
    left = await fetch("SELECT count(*) AS waiting FROM waiting_rating")
    linked, merged = (sum(counts) for counts in zip(*moved, strict=True))
    return Mixed(linked, merged, unlinked, left[0]["waiting"])


async def _mix_step(
    place: int, step: Step, batch: Batch, before: date, today: date
) -> tuple[int, int]:
    """How many ratings were mixed in their own cell, and how many in a coarser one."""
    words = {
        "place": place,
        "grain": step.grain.value,
        "first": span_sql("c.returned_from", step.grain),
        "field": "c.field" if step.field else "NULL::int",
        "channel": "c.channel" if step.channel else "NULL::varchar",
        "on_time": "c.on_time" if step.on_time else "NULL::boolean",
    }
    closed = today - timedelta(days=batch.close_days)
    dossiers = dossiers_in(step, "w", "w.returned_from", "w.wants")
    climbed = NOTE_CLIMBED.format(on_time=on_time("o"), day=finished_day("o"))
    async with transaction() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock($1)", MIXING_LOCK)
        await connection.execute(SCALES)
        await connection.execute(COARSER_CELLS.format(**words), closed)
        await connection.execute(CLIMB.format(**words), closed, before)
        await connection.execute(LARGE.format(dossiers=dossiers), batch.others, batch.cell_dossiers)
        await connection.execute(CHOOSE)
        await connection.execute(climbed)
        await connection.execute(REWRITE)
        row = await connection.fetchrow(MOVED)
    return row["own"], row["climbed"]


async def _mix_unlinked(today: date, before: date) -> int:
    async with transaction() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock($1)", MIXING_LOCK)
        await connection.execute(SCALES)
        await connection.execute(UNLINKED, today, before)
        await connection.execute(REWRITE_UNLINKED)
        return int(await connection.fetchval("SELECT count(*) FROM mixing"))
