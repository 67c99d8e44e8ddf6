"""The overall rating of every version of a questionnaire, as SQL: its item and what codes mean."""

from typing import Final

# One row a version: `version`, `item`, the `valid` codes, and the `satisfied` ones among them.
OVERALL_SCALES: Final = """
SELECT v.id AS version, v.key, q.position AS item,
    array_agg((level->>'code')::int) FILTER (WHERE NOT (level->>'missing')::boolean) AS valid,
    array_agg((level->>'code')::int) FILTER (WHERE (level->>'satisfied')::boolean) AS satisfied
FROM questionnaire_version v,
    jsonb_to_recordset(v.compiled->'questions') AS q(position int, role text, scale text),
    jsonb_array_elements(v.compiled->'scales'->q.scale->'levels') AS level
WHERE q.role = 'overall'
GROUP BY v.id, q.position
"""
