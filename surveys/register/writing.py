"""Rows made ready against rows stored: what is new, what changed, and the write itself."""

from collections.abc import AsyncIterator
from typing import Any, Final

import msgspec

from surveys.register.plan import Plan
from surveys.register.staging import ask

_IDS_AT_ONCE: Final = 10_000
# After this many rows the planner's picture of a table is worth renewing.
_MANY: Final = 10_000
_NEW_FIELDS: Final = """
INSERT INTO field (id, code, name)
SELECT id, code, name FROM field_ready f
WHERE is_new AND EXISTS (SELECT FROM ready r WHERE r.field = f.id)
"""
_RENAMED_FIELDS: Final = """
UPDATE field t SET name = f.name FROM field_ready f
WHERE f.id = t.id AND f.name <> t.name AND EXISTS (SELECT FROM ready r WHERE r.field = f.id)
"""


class Counts(msgspec.Struct, frozen=True):
    """Rows of a file against what is stored."""

    new: int
    changed: int
    unchanged: int


async def compare_rows(connection: Any, plan: Plan) -> Counts:
    """Count new, changed and unchanged rows, and note the changed ones in `changed`."""
    stored = ", ".join(f"t.{target}" for target in plan.targets)
    given = ", ".join(f"r.{target}" for target in plan.targets)
    await connection.execute(
        f"CREATE TEMP TABLE changed ON COMMIT DROP AS SELECT r.line, t.id"
        f" FROM ready r JOIN {plan.table} t ON t.id = r.id"
        f" WHERE ROW({stored}) IS DISTINCT FROM ROW({given})"
    )
    rows = await ask(
        connection,
        "SELECT count(*) AS rows, count(*) FILTER (WHERE is_new) AS new,"
        " (SELECT count(*) FROM changed) AS changed FROM ready",
    )
    row = rows[0]
    return Counts(row["new"], row["changed"], row["rows"] - row["new"] - row["changed"])


async def write_rows(connection: Any, plan: Plan, counts: Counts) -> None:
    """Insert the new rows and update the changed ones."""
    if plan.before:
        await connection.execute(_NEW_FIELDS)
        await connection.execute(_RENAMED_FIELDS)
    if plan.clearing:
        await connection.execute(plan.clearing)
    if counts.new or (plan.clearing and counts.changed):
        await connection.execute(_insert(plan))
    if counts.changed:
        await connection.execute(_update(plan))
    if counts.new + counts.changed > _MANY:
        await connection.execute(f"ANALYZE {plan.table}")


async def changed_dossiers(connection: Any, plan: Plan) -> AsyncIterator[list[int]]:
    """Ids of dossiers whose cell may have changed, some thousands at a time."""
    if plan.touched_dossiers:
        async for ids in _in_order(connection, plan.touched_dossiers):
            yield ids


async def _in_order(connection: Any, dossiers: str) -> AsyncIterator[list[int]]:
    query = f"SELECT id FROM ({dossiers}) AS d WHERE id > $1 ORDER BY id LIMIT {_IDS_AT_ONCE}"
    last = 0
    while rows := await ask(connection, query, last):
        yield [row["id"] for row in rows]
        last = rows[-1]["id"]


def _insert(plan: Plan) -> str:
    columns = ", ".join([*(["id"] if plan.own_ids else []), *plan.targets])
    rest = ", ".join(
        f"{target} = excluded.{target}" for target in plan.targets if target not in plan.key
    )
    # Another program may have made the same row since we compared.
    return (
        f"INSERT INTO {plan.table} ({columns}) SELECT {columns} FROM ready WHERE is_new"
        f" ORDER BY line ON CONFLICT ({', '.join(plan.key)}) DO UPDATE SET {rest}"
    )


def _update(plan: Plan) -> str:
    values = ", ".join(f"{target} = r.{target}" for target in plan.targets)
    return (
        f"UPDATE {plan.table} t SET {values} FROM ready r JOIN changed c USING (line)"
        " WHERE t.id = c.id"
    )
