"""Somebody who reads every row and every system column, and wants to know who gave which answer.

The attacker holds two heaps: rows that name a dossier, and rows that lead to an answer. Two ways
lead from one to the other. *Rare values*: what few rows share (a transaction, a key, an exact
time) ties them, through any table. *Order*: both heaps sorted by anything that might keep the order
of arrival, and laid side by side, cell by cell.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import product
from typing import Any

import msgspec

Row = Mapping[str, str | None]
Tables = Mapping[str, Sequence[Row]]

ANSWERS = (("rating", "answer"), ("waiting_rating", "waiting_answer"))
# What fewer rows share than this is worth following.
RARE = 12
HOPS = 5
SYSTEM = "xmin::text AS xmin, cmin::text AS cmin, ctid::text AS ctid, pg_column_size(t.*) AS size"


async def read_tables(connection: Any) -> dict[str, list[dict[str, str | None]]]:
    """Every row of every table, as texts, with transaction, place and size."""
    names = await connection.fetch(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
        " AND table_type = 'BASE TABLE'"
    )
    found = {}
    for (name,) in names:
        rows = await connection.fetch(f"SELECT {SYSTEM}, to_jsonb(t) AS all FROM {name} t")
        found[name] = [_texts(row) | {"order": str(place)} for place, row in enumerate(rows)]
    return found


def _texts(row: Any) -> dict[str, str | None]:
    system = {key: str(row[key]) for key in ("xmin", "cmin", "ctid", "size")}
    columns = msgspec.json.decode(row["all"])
    return system | {key: None if value is None else str(value) for key, value in columns.items()}


def read_dump(sql: str) -> dict[str, list[dict[str, str | None]]]:
    """The rows of a plain dump of PostgreSQL, in the order in which they stand there."""
    found: dict[str, list[dict[str, str | None]]] = {}
    for name, columns, body in re.findall(
        r"^COPY public\.(\w+) \(([^)]*)\) FROM stdin;\n(.*?)^\\\.$", sql, re.DOTALL | re.MULTILINE
    ):
        keys = [column.strip('" ') for column in columns.split(",")]
        found[name] = [
            {"order": str(place)}
            | {
                key: None if value == "\\N" else value
                for key, value in zip(keys, line.split("\t"), strict=True)
            }
            for place, line in enumerate(body.splitlines())
        ]
    return found


class Attack:
    """Both heaps of one reading of the database."""

    def __init__(self, tables: Tables, cell_of: Mapping[str, str]) -> None:
        self.tables = tables
        # Anybody can compute from the register in which cell a dossier's rating must be.
        self.cell_of = cell_of
        self.answers = [row for pair in ANSWERS for row in self._answers(*pair)]

    def _answers(self, rating: str, answer: str) -> list[dict[str, str | None]]:
        """Ratings with the code of the first question and all that stands beside both."""
        first = {row["rating"]: row for row in self.tables.get(answer, []) if row["item"] == "1"}
        return [
            {"table": rating, "score": first[row["id"]]["code"]}
            | {f"rating.{key}": value for key, value in row.items()}
            | {f"answer.{key}": value for key, value in first[row["id"]].items()}
            for row in self.tables.get(rating, [])
            if row["id"] in first and row["cell"] is not None
        ]

    def by_order(self, truth: Mapping[str, int]) -> tuple[int, str]:
        """Most dossiers whose score is told by any pair of orders, and by which."""
        best = (0, "")
        for table, rows in self._dossier_rows().items():
            one_each = {row["dossier"]: row for row in rows if row["dossier"] in truth}
            if len(one_each) < len(truth) // 2:
                continue
            for left, right in product(_columns(one_each.values()), _columns(self.answers)):
                for reverse in (False, True):
                    hits = self._align(list(one_each.values()), left, right, reverse, truth)
                    best = max(best, (hits, f"{table}.{left} ~ {right}"))
        return best

    def _align(
        self, rows: Sequence[Row], left: str, right: str, reverse: bool, truth: Mapping[str, int]
    ) -> int:
        hits = 0
        for cell in set(self.cell_of.values()):
            mine = [row for row in rows if self.cell_of[str(row["dossier"])] == cell]
            said = [row for row in self.answers if row["rating.cell"] == cell]
            mine = sorted(mine, key=lambda row: _sortable(row.get(left)), reverse=reverse)
            said = sorted(said, key=lambda row: _sortable(row.get(right)))
            hits += sum(
                str(truth[str(one["dossier"])]) == other["score"]
                for one, other in zip(mine, said, strict=False)
            )
        return hits

    def _dossier_rows(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for name, rows in self.tables.items():
            if rows and "dossier" in rows[0]:
                found[name] = list(rows)
        found["dossier"] = [row | {"dossier": row["id"]} for row in self.tables["dossier"]]  # type: ignore[operator]
        return found

    def by_values(self, truth: Mapping[str, int]) -> tuple[int, str]:
        """Dossiers whose score rare values tell, and one way that they lead.

        From the rows that name a dossier to all rows that share something rare with them, and so
        on, until there are ratings: few ratings with one score among them tell it.
        """
        marks, rows = self._marked()
        scores = {(row["table"], row["rating.id"]): row["score"] for row in self.answers}
        hits, way = 0, ""
        for dossier, score in truth.items():
            reached, path = {f"dossier {dossier}"}, set[int]()
            for _hop in range(HOPS):
                near = {place for mark in reached for place in marks[mark]} - path
                path |= near
                said = [scores.get((rows[place][0], rows[place][1].get("id"))) for place in near]
                told = {one for one in said if one}
                if told:
                    hits += told == {str(score)}
                    way = f"{dossier}: {sorted({rows[place][0] for place in path})}"
                    break
                reached = {mark for place in near for mark in rows[place][2]}
        return hits, way

    def _marked(self) -> tuple[dict[str, list[int]], list[tuple[str, Row, set[str]]]]:
        """Places of rows by the rare values they hold, and the rows with theirs."""
        shared: defaultdict[str, list[int]] = defaultdict(list)
        rows: list[tuple[str, Row, set[str]]] = []
        for name, row in ((name, row) for name, found in self.tables.items() for row in found):
            held = {_mark(name, key, value) for key, value in row.items() if value} - {""}
            for mark in held:
                shared[mark].append(len(rows))
            rows.append((name, row, held))
        marks = defaultdict(list, {m: found for m, found in shared.items() if len(found) < RARE})
        return marks, [(name, row, held & marks.keys()) for name, row, held in rows]


def _mark(name: str, key: str, value: str) -> str:
    """What makes a value recognisable in another table; small numbers and days do not."""
    if key == "xmin":
        return f"transaction {value}"
    if key == "dossier" or (name == "dossier" and key == "id"):
        return f"dossier {value}"
    return value if len(value) >= 16 else ""


def _columns(rows: Iterable[Row]) -> list[str]:
    """Columns that differ from row to row, and so have an order."""
    values: defaultdict[str, set[str | None]] = defaultdict(set)
    for row in rows:
        for key, value in row.items():
            values[key].add(value)
    return [key for key, seen in values.items() if len(seen) > 2 and key != "score"]


def _sortable(value: str | None) -> tuple[object, ...]:
    text = (value or "").strip("()")
    numbers = re.fullmatch(r"-?\d+(,\d+)*", text)
    return (0, *map(int, text.split(","))) if numbers else (1, text)
