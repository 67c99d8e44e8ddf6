"""Stirring: rows that came in the order of citizens are rewritten in no order, a whole day at once.

Sorted by place or transaction, rights that were spent and ratings that wait would meet line by
line. So every mixing run rewrites, of each day that has new rows, all rows of that day.
"""

from surveys.transactions import MIXING_LOCK, engine, fetch, transaction

# One statement each, so that nothing that is written meanwhile is lost.
SPENT = (
    """
    WITH gone AS (
        DELETE FROM spent_right WHERE day IN (SELECT day FROM spent_right WHERE NOT stirred)
        RETURNING dossier, questionnaire, day
    )
    INSERT INTO spent_right (id, dossier, questionnaire, day, stirred)
    SELECT gen_random_uuid(), dossier, questionnaire, day, true FROM gone ORDER BY random()
    """,
    """
    WITH gone AS (
        DELETE FROM spent_signature WHERE day IN (SELECT day FROM spent_signature WHERE NOT stirred)
        RETURNING hash, key, day
    )
    INSERT INTO spent_signature (hash, key, day, stirred)
    SELECT hash, key, day, true FROM gone ORDER BY random()
    """,
    """
    WITH gone AS (
        DELETE FROM resend_key WHERE day IN (SELECT day FROM resend_key WHERE NOT stirred)
        RETURNING id, day
    )
    INSERT INTO resend_key (id, day, stirred) SELECT id, day, true FROM gone ORDER BY random()
    """,
)

# Details of a tap wait for this, or this for them: both lock the rating first. The answers go
# before their rating, which they name, and come after it.
WAITING = """
CREATE TEMPORARY TABLE stirring ON COMMIT DROP AS
    SELECT * FROM waiting_rating
    WHERE received_on IN (SELECT received_on FROM waiting_rating WHERE NOT stirred) FOR UPDATE;
UPDATE stirring SET stirred = true;
CREATE TEMPORARY TABLE stirring_answer ON COMMIT DROP AS
    SELECT a.* FROM waiting_answer a JOIN stirring s ON s.id = a.rating;
DELETE FROM waiting_answer a USING stirring s WHERE a.rating = s.id;
DELETE FROM waiting_rating w USING stirring s WHERE w.id = s.id;
INSERT INTO waiting_rating SELECT * FROM stirring ORDER BY random();
INSERT INTO waiting_answer (rating, version, item, code)
    SELECT rating, version, item, code FROM stirring_answer ORDER BY random();
"""

REWRITTEN = (
    "waiting_answer",
    "waiting_rating",
    "spent_right",
    "spent_signature",
    "resend_key",
    "rating",
    "answer",
)


async def stir() -> None:
    """Take the order out of what came since the last run, and out of the files themselves."""
    for statement in SPENT:
        await fetch(statement)
    async with transaction() as connection:
        await connection.execute("SELECT pg_advisory_xact_lock($1)", MIXING_LOCK)
        await connection.execute(WAITING)
    await _forget_dead_rows()


async def _forget_dead_rows() -> None:
    # A deleted row stays readable in its page, with its transaction, until it is vacuumed.
    connection = await engine().get_new_connection()
    try:
        for table in REWRITTEN:
            await connection.execute(f"VACUUM {table}")
    finally:
        await connection.close()
