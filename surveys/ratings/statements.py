"""The statements that record a batch of ratings, each whole (docs/decisions/0003-one-statement.md)."""

# An online rating names its right; a tap names its counter, and the right that was found for it
# (matching.py). Either may bring a ticket instead, whose key stands for a cell. `lost` and `raced`
# come from a race with another writer and undo the batch.
RECORD = """
WITH sent AS (
    SELECT DISTINCT ON (t.id) t.place, t.id, t.right_hash, k.id AS counter, t.version,
        t.questionnaire, t.comment, t.day, t.day_certain, t.assisted, t.ticket, t.key, t.judged
    FROM unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $12::date[],
        $13::boolean[], $14::text[], $15::text[], $16::uuid[], $17::boolean[])
        WITH ORDINALITY AS t(id, right_hash, counter, version, questionnaire, comment, day,
        day_certain, assisted, ticket, key, judged, place)
    LEFT JOIN counter k ON k.code = t.counter
    ORDER BY t.id, t.place
), known AS (
    SELECT id FROM resend_key WHERE id = ANY($1)
), fresh AS (
    SELECT * FROM sent WHERE id NOT IN (SELECT id FROM known)
), entitled AS (
    SELECT f.place, f.id, r.dossier, r.cell, r.mode, r.questionnaire
    FROM fresh f JOIN right_to_rate r
        ON r.token_hash = f.right_hash AND r.questionnaire = f.questionnaire
    WHERE r.expires_at > $7 OR f.counter IS NOT NULL
), first AS (
    SELECT DISTINCT ON (dossier, questionnaire) * FROM entitled
    ORDER BY dossier, questionnaire, place
), spent AS (
    INSERT INTO spent_right (id, dossier, questionnaire, day)
    SELECT gen_random_uuid(), dossier, questionnaire, $8 FROM first
    ON CONFLICT DO NOTHING RETURNING dossier, questionnaire
), holding AS (
    SELECT DISTINCT ON (f.ticket) f.id, f.ticket, f.key, k.cell,
        CASE WHEN f.counter IS NULL THEN 'online' ELSE 'kiosk' END AS mode
    FROM fresh f JOIN signing_key k ON k.id = f.key AND k.questionnaire = f.questionnaire
    WHERE k.redeem_until >= $8
    ORDER BY f.ticket, f.place
), redeemed AS (
    INSERT INTO spent_signature (hash, key, day) SELECT ticket, key, $8 FROM holding
    ON CONFLICT DO NOTHING RETURNING hash
), linked AS (
    SELECT f.id, f.cell, f.mode FROM first f JOIN spent USING (dossier, questionnaire)
    UNION ALL
    SELECT h.id, h.cell, h.mode FROM holding h JOIN redeemed r ON r.hash = h.ticket
), accepted AS (
    SELECT f.place, f.id, f.version, f.comment, f.assisted, f.judged, l.cell,
        coalesce(l.mode, 'kiosk') AS mode,
        CASE WHEN l.id IS NULL THEN f.counter END AS counter,
        CASE WHEN l.id IS NULL THEN f.day END AS day,
        l.id IS NOT NULL OR f.day_certain AS day_certain
    FROM fresh f LEFT JOIN linked l USING (id)
    WHERE l.id IS NOT NULL OR (f.right_hash IS NULL AND f.counter IS NOT NULL)
), kept AS (
    INSERT INTO resend_key (id, day) SELECT id, $8 FROM accepted
    ON CONFLICT DO NOTHING RETURNING id
), stored AS (
    INSERT INTO waiting_rating (id, version, mode, cell, counter, day, day_certain, assisted,
        comment, received_on, judged)
    SELECT id, version, mode, cell, counter, day, day_certain, assisted, comment, $8, judged
    FROM accepted JOIN kept USING (id)
    RETURNING id
), answered AS (
    INSERT INTO waiting_answer (rating, version, item, code)
    SELECT a.id, a.version, t.item, t.code
    FROM unnest($9::int[], $10::smallint[], $11::smallint[]) AS t(place, item, code)
    JOIN accepted a USING (place) JOIN kept USING (id)
)
SELECT t.place, CASE
    WHEN known.id IS NOT NULL OR kept.id IS NOT NULL THEN 'stored'
    WHEN linked.id IS NOT NULL OR accepted.id IS NOT NULL THEN 'lost'
    WHEN t.counter IS NOT NULL AND sent.counter IS NULL THEN 'unknown counter'
    WHEN t.counter IS NOT NULL THEN 'raced'
    WHEN t.ticket IS NOT NULL AND y.id IS NULL THEN 'expired ticket'
    WHEN t.ticket IS NOT NULL THEN 'already rated'
    WHEN r.token_hash IS NULL OR r.questionnaire <> t.questionnaire THEN 'unknown right'
    WHEN r.expires_at <= $7 THEN 'expired'
    ELSE 'already rated' END AS word, kept.id IS NOT NULL AS fresh, linked.id IS NOT NULL AS linked,
    kept.id IS NOT NULL AND sent.place = t.place AS accepted, t.id, sent.version, accepted.mode,
    cell.agency, accepted.counter, accepted.day, accepted.day_certain
FROM unnest($1::uuid[], $2::text[], $3::text[], $5::text[], $15::text[], $16::uuid[])
    WITH ORDINALITY AS t(id, right_hash, counter, questionnaire, ticket, key, place)
LEFT JOIN sent USING (id)
LEFT JOIN known USING (id) LEFT JOIN kept USING (id)
LEFT JOIN linked USING (id) LEFT JOIN accepted USING (id)
LEFT JOIN cell ON cell.id = accepted.cell
LEFT JOIN right_to_rate r ON r.token_hash = t.right_hash
LEFT JOIN signing_key y ON y.id = t.key AND y.questionnaire = t.questionnaire
    AND y.redeem_until >= $8
ORDER BY t.place
"""

# Details that follow a tap: they join it while it waits, under the sender's id.
COMPLETE = """
WITH detail AS (
    SELECT DISTINCT ON (t.id) t.place, t.id, t.comment, w.version
    FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS t(id, comment, place)
    JOIN waiting_rating w ON w.id = t.id
    ORDER BY t.id, t.place DESC
), commented AS (
    UPDATE waiting_rating w SET comment = coalesce(detail.comment, w.comment), stirred = false
    FROM detail WHERE w.id = detail.id
), answered AS (
    INSERT INTO waiting_answer (rating, version, item, code)
    SELECT detail.id, detail.version, t.item, t.code
    FROM unnest($3::int[], $4::smallint[], $5::smallint[]) AS t(place, item, code)
    JOIN detail USING (place)
    ON CONFLICT (rating, item) DO UPDATE SET code = excluded.code
)
SELECT t.place, CASE
    WHEN w.id IS NOT NULL THEN 'stored'
    WHEN k.id IS NOT NULL THEN 'too late'
    ELSE 'unknown rating' END AS word
FROM unnest($1::uuid[]) WITH ORDINALITY AS t(id, place)
LEFT JOIN waiting_rating w USING (id) LEFT JOIN resend_key k USING (id)
ORDER BY t.place
"""
