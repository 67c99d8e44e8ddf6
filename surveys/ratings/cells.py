"""Which cell a right to rate stands for: the finest that holds enough finished dossiers by now.

A cell is told with every rating, so it must never point at few people. Steps give up, one after
the other, the week, the month, timeliness, channel and field. What was merged is written down
(`cell_merge`): how many dossiers the fine cell had, and how many of them were given which cell.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from surveys.periods import span_end_sql, span_of, span_sql
from surveys.register.finished import finished_at, finished_day, on_time
from surveys.tables.ratings import Grain
from surveys.tables.register import Channel
from surveys.transactions import Row, fetch

# Finished dossiers that a cell holds at least (SIPAS_CELL_DOSSIERS).
CELL_DOSSIERS: Final = 20

_CHANNELS: Final = ", ".join(f"('{one.value}')" for one in Channel)
_MIDNIGHT: Final = "{}::timestamp AT TIME ZONE 'Asia/Ho_Chi_Minh'"


class Step(NamedTuple):
    """How much of its dossiers a cell tells: the width of its span, and which of three keys."""

    name: str
    grain: Grain
    field: bool = True
    channel: bool = True
    on_time: bool = True


# The order in which a small cell gives up what tells it apart; a step is named by what it gave up
# last. At the last one, agency and quarter, nothing is left to give up.
STEPS: Final = (
    Step("none", Grain.WEEK),
    Step("week", Grain.MONTH),
    Step("month", Grain.QUARTER),
    Step("on_time", Grain.QUARTER, on_time=False),
    Step("channel", Grain.QUARTER, on_time=False, channel=False),
    Step("field", Grain.QUARTER, on_time=False, channel=False, field=False),
)


class Key(NamedTuple):
    """What makes a cell; nothing where a step gave it up."""

    agency: int
    field: int | None
    channel: str | None
    on_time: bool | None
    grain: str
    returned_from: date


def on_step(cell: str) -> str:
    """On which step the cell of this alias stands, as its place in `STEPS`, in SQL."""
    return (
        f"CASE {cell}.grain WHEN 'week' THEN 0 WHEN 'month' THEN 1 ELSE 2"
        f" + ({cell}.on_time IS NULL)::int + ({cell}.channel IS NULL)::int"
        f" + ({cell}.field IS NULL)::int END"
    )


def span_end(cell: str) -> str:
    """The day after the span of the cell of this alias, in SQL."""
    ends = [(grain.value, span_end_sql(f"{cell}.returned_from", grain)) for grain in Grain]
    cases = " ".join(f"WHEN '{grain}' THEN {end}" for grain, end in ends)
    return f"CASE {cell}.grain {cases} END"


def dossiers_in(step: Step, key: str, first: str, limit: str) -> str:
    """How many finished dossiers a cell of this step holds, counted up to the limit, as SQL.

    `key` is the alias that has the cell's agency, field, channel and timeliness; `first` its first
    day. Written so that the index dossier_cell leads to them, and to nothing else.
    """
    return f"(SELECT count(*) FROM (SELECT {_found(step, key, first, limit)} LIMIT {limit}) AS o)"


def _found(step: Step, key: str, first: str, limit: str) -> str:
    until = _MIDNIGHT.format(span_end_sql(first, step.grain))
    conditions = [
        f"o.agency = {key}.agency",
        f"{finished_at('o')} >= {_MIDNIGHT.format(first)}",
        f"{finished_at('o')} < least({until}, now())",
    ]
    if not step.field:
        return f"FROM dossier o WHERE {' AND '.join(conditions)}"
    # Every key is an equation and the limit is there so that the planner looks at each procedure's
    # own dossiers, instead of reading those of the agency or of the span.
    channel = f"(VALUES ({key}.channel))" if step.channel else f"(VALUES {_CHANNELS})"
    timely = f"(VALUES ({key}.on_time))" if step.on_time else "(VALUES (true), (false))"
    conditions += ["o.procedure = q.id", "o.channel = h.channel", f"{on_time('o')} = i.on_time"]
    found = f"SELECT FROM dossier o WHERE {' AND '.join(conditions)} LIMIT {limit}"
    return (
        f"FROM procedure q CROSS JOIN {channel} AS h(channel) CROSS JOIN {timely} AS i(on_time)"
        f" CROSS JOIN LATERAL ({found}) AS p WHERE q.field = {key}.field"
    )


def _held(step: Step) -> str:
    return dossiers_in(step, "f", span_sql("f.week", step.grain), "$2")


_ENOUGH: Final = " ".join(
    f"WHEN {_held(step)} >= $2 THEN {place}" for place, step in enumerate(STEPS[1:-1], 1)
)

# CASE tries the steps in their order and no further than needed. The parts are materialised,
# because the planner cannot know how few dossiers there are.
CHOOSE: Final = f"""
WITH finished AS MATERIALIZED (
    SELECT d.id, d.agency, p.field, d.channel, {on_time()} AS on_time,
        {span_sql(finished_day(), Grain.WEEK)} AS week
    FROM dossier d JOIN procedure p ON p.id = d.procedure
    WHERE d.id = ANY($1) AND {finished_at()} IS NOT NULL
), fine AS MATERIALIZED (
    SELECT DISTINCT agency, field, channel, on_time, week FROM finished
), counted AS MATERIALIZED (
    SELECT f.*, {_held(STEPS[0])} AS held FROM fine f
), chosen AS MATERIALIZED (
    SELECT f.*, CASE WHEN held >= $2 THEN 0 {_ENOUGH} ELSE {len(STEPS) - 1} END AS step
    FROM counted f
)
SELECT d.id, c.* FROM finished d JOIN chosen c USING (agency, field, channel, on_time, week)
"""

_KEYS: Final = """unnest($1::int[], $2::int[], $3::text[], $4::boolean[], $5::text[], $6::date[])
    WITH ORDINALITY AS t(agency, field, channel, on_time, grain, returned_from, place)"""

FIND_CELLS: Final = f"""
SELECT t.place, c.id FROM {_KEYS}
JOIN cell c ON c.agency = t.agency AND c.returned_from = t.returned_from AND c.grain = t.grain
    AND c.field IS NOT DISTINCT FROM t.field AND c.channel IS NOT DISTINCT FROM t.channel
    AND c.on_time IS NOT DISTINCT FROM t.on_time
"""

MAKE_CELLS: Final = f"""
INSERT INTO cell (agency, field, channel, on_time, grain, returned_from)
SELECT agency, field, channel, on_time, grain, returned_from FROM {_KEYS} ORDER BY place
ON CONFLICT DO NOTHING
"""

# In one order, so that two who open rights at once do not wait for each other in a ring.
NOTE_MERGES: Final = """
INSERT INTO cell_merge (fine, cell, held, given)
SELECT t.fine, t.cell, max(t.held), count(*) FROM unnest($1::int[], $2::int[], $3::int[], $4::int[])
    AS t(dossier, fine, cell, held)
WHERE NOT EXISTS (SELECT FROM right_to_rate r WHERE r.dossier = t.dossier AND r.cell = t.cell)
GROUP BY t.fine, t.cell ORDER BY t.fine, t.cell
ON CONFLICT (fine, cell) DO UPDATE SET given = cell_merge.given + excluded.given
"""


async def choose_cells(
    dossiers: Sequence[int], *, cell_dossiers: int = CELL_DOSSIERS
) -> dict[int, int]:
    """The cell of each finished dossier, made and written down when it is new.

    Call it before the rights are stored, in their transaction: a dossier that has a right in this
    cell already is not counted again.
    """
    rows = await fetch(CHOOSE, list(set(dossiers)), cell_dossiers)
    if not rows:
        return {}
    fine = [_key(row, STEPS[0]) for row in rows]
    target = [_key(row, STEPS[row["step"]]) for row in rows]
    ids = await _cell_ids({*fine, *target})
    found = {row["id"]: ids[key] for row, key in zip(rows, target, strict=True)}
    await fetch(
        NOTE_MERGES,
        *([*found], [ids[key] for key in fine], [*found.values()], [row["held"] for row in rows]),
    )
    return found


def _key(row: Row, step: Step) -> Key:
    return Key(
        row["agency"],
        row["field"] if step.field else None,
        row["channel"] if step.channel else None,
        row["on_time"] if step.on_time else None,
        step.grain.value,
        span_of(row["week"], step.grain),
    )


async def _cell_ids(keys: set[Key]) -> Mapping[Key, int]:
    """Ids of these cells; those that are missing are made."""
    wanted = sorted(keys, key=repr)
    found = await _find_cells(wanted)
    if missing := [key for key in wanted if key not in found]:
        await fetch(MAKE_CELLS, *_columns(missing))
        found |= await _find_cells(missing)
    return found


async def _find_cells(keys: Sequence[Key]) -> dict[Key, int]:
    rows = await fetch(FIND_CELLS, *_columns(keys))
    return {keys[row["place"] - 1]: row["id"] for row in rows}


def _columns(keys: Sequence[Key]) -> list[list[object]]:
    return [list(column) for column in zip(*keys, strict=True)]
