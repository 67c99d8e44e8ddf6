"""From staged rows to rows made ready: codes become ids, and what does not fit is told."""

from typing import Any, Final

from surveys.register.checks import Check, periods
from surveys.register.plan import Plan
from surveys.register.sheets import Sheet

_KNOWN: Final = """
CREATE TEMP TABLE known ON COMMIT DROP AS
SELECT t.id, t.code, t.level, t.valid_from, t.valid_to, t.parent, NULL::integer AS line
FROM {table} t WHERE NOT EXISTS (SELECT FROM ready r WHERE r.id = t.id)
UNION ALL
SELECT r.id, r.code, r.level, r.valid_from, r.valid_to, r.parent, r.line
FROM ready r WHERE r.code IS NOT NULL AND r.valid_from IS NOT NULL
AND NOT EXISTS (SELECT FROM problem p WHERE p.line = r.line AND p.reason = 'duplicate');
CREATE INDEX ON known (code);
CREATE INDEX ON known (id);
ANALYZE known;
"""
_PARENTS: Final = """
UPDATE ready r SET parent = k.id FROM stage s, known k
WHERE s.line = r.line AND k.code = s.parent_code AND k.id <> r.id
AND k.valid_from <= r.valid_from AND (k.valid_to IS NULL OR k.valid_to > r.valid_from);
UPDATE known k SET parent = r.parent FROM ready r WHERE r.id = k.id;
"""
_NO_PARENT: Final = "s.parent_code IS NOT NULL AND r.parent IS NULL"
_KNOWN_PARENT: Final = "EXISTS (SELECT FROM known v WHERE v.code = s.parent_code)"
_PARENT_CHECKS: Final = (
    Check("parent_code", "own_parent", f"{_NO_PARENT} AND s.parent_code = r.code"),
    Check("parent_code", "unknown_parent", f"{_NO_PARENT} AND NOT {_KNOWN_PARENT}"),
    Check(
        "parent_code",
        "parent_not_valid",
        f"{_NO_PARENT} AND s.parent_code <> r.code AND r.valid_from IS NOT NULL"
        f" AND {_KNOWN_PARENT}",
        detail=periods("known", "s.parent_code"),
    ),
    Check("parent_code", "circle", "r.line IN (SELECT line FROM circle)"),
)
_CIRCLE: Final = """
DROP TABLE IF EXISTS pg_temp.circle;
CREATE TEMP TABLE circle ON COMMIT DROP AS
WITH RECURSIVE up AS (
    SELECT r.line, r.id AS start, r.parent AS at, ARRAY[r.id] AS path
    FROM ready r WHERE r.parent IS NOT NULL
    UNION ALL
    SELECT up.line, up.start, k.parent, up.path || up.at
    FROM up JOIN known k ON k.id = up.at
    WHERE k.parent IS NOT NULL AND up.at <> ALL (up.path)
)
SELECT DISTINCT line FROM up WHERE at = start
"""
_CHILDREN_OF_REJECTED: Final = """
INSERT INTO problem
SELECT r.line, 'parent_code', 'parent_rejected', k.code, k.line::text
FROM ready r JOIN ready p ON p.id = r.parent JOIN known k ON k.id = p.id
WHERE p.is_new AND p.line IN (SELECT line FROM problem)
AND r.line NOT IN (SELECT line FROM problem)
"""


async def resolve_rows(connection: Any, sheet: Sheet, plan: Plan, present: set[str]) -> None:
    """Make `ready` from `stage` and add to `problem` what the rows say that cannot be."""
    await connection.execute("ANALYZE stage; ANALYZE problem")
    await connection.execute(_duplicates(sheet, plan))
    if plan.before:
        await connection.execute(plan.before)
    await connection.execute(_ready(plan, present))
    if plan.own_ids:
        await connection.execute(_KNOWN.format(table=plan.table))
        await _find_parents(connection, present)
    if plan.prepared:
        await connection.execute(plan.prepared)
    for check in plan.checks:
        await connection.execute(_found(check))


async def drop_rejected(connection: Any, plan: Plan) -> None:
    """Take the bad rows out of `ready`, and with them the children of parents not written."""
    if plan.own_ids:
        while await connection.execute(_CHILDREN_OF_REJECTED) != "INSERT 0 0":
            pass
    await connection.execute("DELETE FROM ready WHERE line IN (SELECT line FROM problem)")


async def _find_parents(connection: Any, present: set[str]) -> None:
    if "parent_code" not in present:
        return
    await connection.execute(_PARENTS)
    await connection.execute(_CIRCLE)
    for check in _PARENT_CHECKS:
        await connection.execute(_found(check))


def _ready(plan: Plan, present: set[str]) -> str:
    """Statement that resolves every staged row; columns that the file lacks keep their values."""
    sequence = f"nextval(pg_get_serial_sequence('{plan.table}', 'id'))"
    own = f"coalesce(t.id, {sequence}::integer)" if plan.own_ids else "t.id"
    values = ", ".join(f"{_value(plan, target, present)} AS {target}" for target in plan.targets)
    match = " AND ".join(_same(plan, target) for target in plan.key)
    return (
        "CREATE TEMP TABLE ready ON COMMIT DROP AS"
        f" SELECT s.line, {own} AS id, t.id IS NULL AS is_new, {values}"
        f" FROM stage s {plan.joins} LEFT JOIN {plan.table} t ON {match};"
        " ANALYZE ready"
    )


def _value(plan: Plan, target: str, present: set[str]) -> str:
    if plan.column_of(target) in present:
        return plan.targets[target]
    default = plan.defaults.get(target)
    return f"coalesce(t.{target}, {default})" if default else f"t.{target}"


def _same(plan: Plan, target: str) -> str:
    # Plain equality lets the database join by hash.
    equal = "IS NOT DISTINCT FROM" if target in plan.nullable else "="
    return f"t.{target} {equal} {plan.targets[target]}"


def _duplicates(sheet: Sheet, plan: Plan) -> str:
    """Statement that tells of every row whose key stands in another row; one good row is kept."""
    keys = [plan.column_of(target) for target in plan.key]
    filled = " AND ".join(f"{key} IS NOT NULL" for key in keys if sheet.column(key).required)
    columns = ", ".join(keys)
    same = " AND ".join(f"s.{key} IS NOT DISTINCT FROM d.{key}" for key in keys)
    if len(keys) == 1:
        same = f"s.{columns} = d.{columns}"
    return f"""
        INSERT INTO problem
        SELECT line, '{plan.told_key}', 'duplicate', told, first FROM (
            SELECT s.line, s.{plan.column_of(plan.told_key)} AS told,
                first_value(s.line) OVER w AS first, row_number() OVER w AS nth
            FROM stage s
            JOIN (SELECT {columns} FROM stage WHERE {filled}
                GROUP BY {columns} HAVING count(*) > 1) d ON {same}
            LEFT JOIN (SELECT DISTINCT line FROM problem) p ON p.line = s.line
            WINDOW w AS (PARTITION BY {", ".join(f"s.{key}" for key in keys)}
                ORDER BY p.line IS NOT NULL, s.line)
        ) AS same WHERE nth > 1"""


def _found(check: Check) -> str:
    value = check.value or f"s.{check.heading}"
    return (
        "INSERT INTO problem"
        f" SELECT s.line, '{check.heading}', '{check.reason}', ({value})::text,"
        f" ({check.detail})::text"
        f" FROM ready r JOIN stage s ON s.line = r.line {check.joins} WHERE {check.where}"
    )
