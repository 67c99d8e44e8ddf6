"""Batches: sheets are made with their serials, before anything is printed.

A sheet for a counter belongs to no dossier. A sheet for a dossier takes the dossier's right when
it is made and keeps its cell only: from then on any sheet of a pile may go to any dossier of it.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID, uuid4

from surveys.accounts import audit
from surveys.days import local_day
from surveys.errors import InputError, NotFoundError, StateError
from surveys.paper.piles import coarsened, make_piles
from surveys.paper.records import Batch, Pile, Printed, PrintedSheet
from surveys.questionnaires import load_questionnaire
from surveys.ratings import CELL_DOSSIERS, make_code
from surveys.ratings.cells import CHOOSE, NOTE_MERGES, STEPS, Key
from surveys.register.finished import finished_at
from surveys.tables.ratings import Grain
from surveys.transactions import Row, fetch, fetch_one, transaction

# Marks texts that are translated where the reader is known.
N_ = str

SERIAL_LENGTH: Final = 8
MOST_SHEETS: Final = 300
# Sheets of a cell that are printed together at least: each hides among five others.
LEAST_PILE: Final = 6
LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

COUNT_FAULT = N_("Mỗi lô có từ 1 đến {most} phiếu.")
NO_COUNTER = N_("Không có quầy này trong danh mục.")
NO_BATCH = N_("Không có lô phiếu này.")
COLLECT_ONLY = N_("Phiếu hỏi này có phần chỉ ODK Collect hiểu được nên không in ra giấy được.")

# Why a dossier gets no sheet.
LEFT_OUT = {
    "unknown dossier": N_("không có trong danh mục của cơ quan này"),
    "not finished": N_("chưa có kết quả"),
    "asked otherwise": N_("được hỏi theo cách khác"),
    "already rated": N_("đã dùng quyền đánh giá, hoặc đã có phiếu giấy"),
    "too few": N_("quá ít hồ sơ cùng loại trong danh sách, phiếu sẽ lộ hồ sơ"),
}

_FIND = f"""
SELECT t.code, d.id, {finished_at()} IS NOT NULL AS finished,
    coalesce(m.mode, 'kiosk') <> 'kiosk' AS elsewhere
FROM unnest($1::text[]) WITH ORDINALITY AS t(code, place)
LEFT JOIN dossier d ON d.code = t.code AND d.agency = $2
LEFT JOIN mode_assignment m ON m.dossier = d.id
ORDER BY t.place
"""

_SPEND = """
INSERT INTO spent_right (id, dossier, questionnaire, day)
SELECT gen_random_uuid(), d, $2, $3 FROM unnest($1::int[]) AS d ORDER BY random()
ON CONFLICT DO NOTHING RETURNING dossier
"""

_GIVE_BACK = "DELETE FROM spent_right WHERE dossier = ANY($1) AND questionnaire = $2"

_MAKE_CELL = """
INSERT INTO cell (agency, field, channel, on_time, grain, returned_from)
VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""

_FIND_CELL = """
SELECT c.id, coalesce(f.name, '') AS field FROM cell c LEFT JOIN field f ON f.id = c.field
WHERE c.agency = $1 AND c.field IS NOT DISTINCT FROM $2 AND c.channel IS NOT DISTINCT FROM $3
    AND c.on_time IS NOT DISTINCT FROM $4 AND c.grain = $5 AND c.returned_from = $6
"""

_MAKE_BATCH = """
INSERT INTO paper_batch (id, version, agency, counter, day, made_on, made_by, sheets)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
"""

_MAKE_SHEETS = """
INSERT INTO paper_sheet (serial, batch, place, cell, state)
SELECT t.serial, $1, t.place, t.cell, 'printed'
FROM unnest($2::text[], $3::int[]) WITH ORDINALITY AS t(serial, cell, place)
"""

_BATCHES = """
SELECT b.id, b.version, v.title, b.agency AS agency_id, a.name AS agency,
    coalesce(k.name, '') AS counter, b.day, b.made_on, b.sheets,
    count(*) FILTER (WHERE s.state = 'settled')::int AS settled,
    count(*) FILTER (WHERE s.state = 'disputed')::int AS disputed
FROM paper_batch b JOIN questionnaire_version v ON v.id = b.version
JOIN agency a ON a.id = b.agency LEFT JOIN counter k ON k.id = b.counter
JOIN paper_sheet s ON s.batch = b.id
WHERE $1::uuid IS NULL OR b.id = $1
GROUP BY b.id, v.title, a.name, k.name ORDER BY b.made_on DESC, a.name, k.name, b.id
LIMIT $2
"""

_SHEETS = """
SELECT s.serial, s.place, s.cell, coalesce(f.name, '') AS field
FROM paper_sheet s LEFT JOIN cell c ON c.id = s.cell LEFT JOIN field f ON f.id = c.field
WHERE s.batch = $1 ORDER BY s.place
"""


async def print_blank_sheets(
    counter: str, day: date, count: int, *, version: int, actor: int | None
) -> UUID:
    """Make sheets for one counter on one day; what they say belongs to no dossier."""
    if not 1 <= count <= MOST_SHEETS:
        raise InputError(COUNT_FAULT, most=MOST_SHEETS)
    await _check_printable(version)
    async with transaction():
        row = await fetch_one("SELECT id, agency FROM counter WHERE code = $1", counter.strip())
        if row is None:
            raise NotFoundError(NO_COUNTER)
        batch = uuid4()
        place = (version, row["agency"], row["id"], day)
        await _store(batch, place, [None] * count, actor)
    return batch


async def print_dossier_sheets(
    dossiers: Sequence[str],
    *,
    agency: int,
    version: int,
    actor: int | None,
    least: int = LEAST_PILE,
    cell_dossiers: int = CELL_DOSSIERS,
) -> Printed:
    """Make one sheet for each finished dossier that can have one, and spend its right.

    No pile is smaller than `least`: a dossier that would be recognised by its sheet is left out.
    """
    questionnaire = await _check_printable(version)
    wanted = list(dict.fromkeys(dossiers))
    if not 1 <= len(wanted) <= MOST_SHEETS:
        raise InputError(COUNT_FAULT, most=MOST_SHEETS)
    async with transaction():
        rows = await fetch(_FIND, wanted, agency)
        words = {row["code"]: _word(row) for row in rows}
        ready = {row["id"]: row for row in rows if not words[row["code"]]}
        today = local_day(datetime.now(UTC))
        spent = await fetch(_SPEND, list(ready), questionnaire, today)
        mine = {row["dossier"] for row in spent}
        cells = {row["id"]: row for row in await fetch(CHOOSE, list(mine), cell_dossiers)}
        keys = {one: coarsened(_fine(row), STEPS[row["step"]]) for one, row in cells.items()}
        piles = make_piles(keys, least)
        chosen = {dossier for pile in piles.values() for dossier in pile}
        await fetch(_GIVE_BACK, list(mine - chosen), questionnaire)
        words |= {
            row["code"]: "too few" if one in mine else "already rated"
            for one, row in ready.items()
            if one not in chosen
        }
        left_out = tuple((code, word) for code, word in words.items() if word)
        if not piles:
            return Printed(None, (), left_out)
        codes = {one: str(row["code"]) for one, row in ready.items()}
        batch, told = await _store_piles(piles, cells, codes, (version, agency), actor)
    return Printed(batch, told, left_out)


async def list_batches(limit: int = 200) -> list[Batch]:
    """The newest batches and how far they are."""
    return [Batch(**row) for row in await fetch(_BATCHES, None, limit)]


async def find_batch(batch: UUID) -> Batch:
    """One batch; raises NotFoundError."""
    rows = await fetch(_BATCHES, batch, 1)
    if not rows:
        raise NotFoundError(NO_BATCH)
    return Batch(**rows[0])


async def sheets_of(batch: UUID) -> list[PrintedSheet]:
    """Every sheet of a batch as it is printed."""
    rows = await fetch(_SHEETS, batch)
    letters = _letters([row["cell"] for row in rows])
    return [
        PrintedSheet(row["serial"], row["place"], letters[row["cell"]], row["field"])
        for row in rows
    ]


async def _check_printable(version: int) -> str:
    questionnaire = await load_questionnaire(version)
    if questionnaire.collect_only:
        raise StateError(COLLECT_ONLY)
    return questionnaire.key


def _word(row: Row) -> str:
    if row["id"] is None:
        return "unknown dossier"
    if not row["finished"]:
        return "not finished"
    return "asked otherwise" if row["elsewhere"] else ""


def _fine(row: Row) -> Key:
    """The finest cell of a dossier."""
    keys = (row["agency"], row["field"], row["channel"], row["on_time"])
    return Key(*keys, Grain.WEEK, row["week"])


async def _cell(key: Key) -> Row:
    """Id and field of a cell, made if it is new."""
    await fetch(_MAKE_CELL, *key)
    row = await fetch_one(_FIND_CELL, *key)
    assert row is not None  # noqa: S101 - it was made just now if it was not there
    return row


def _letters(cells: Sequence[int | None]) -> dict[int | None, str]:
    """The name of each pile, in the order in which the sheets come; none for a counter's."""
    known = [cell for cell in dict.fromkeys(cells) if cell is not None]
    names = (f"{LETTERS[at % 26]}{at // 26 or ''}" for at in range(len(known)))
    return {None: ""} | dict(zip(known, names, strict=True))


async def _store_piles(
    piles: dict[Key, list[int]],
    rows: Mapping[int, Row],
    codes: Mapping[int, str],
    place: tuple[int, int],
    actor: int | None,
) -> tuple[UUID, tuple[Pile, ...]]:
    batch = uuid4()
    found: dict[int, tuple[str, list[int]]] = {}
    for key, dossiers in piles.items():
        cell = await _cell(key)
        found[cell["id"]] = (cell["field"], dossiers)
        fine = [(await _cell(_fine(rows[one])))["id"] for one in dossiers]
        held = [rows[one]["held"] for one in dossiers]
        # Written down like any other right: where the dossiers of the finest cells went.
        await fetch(NOTE_MERGES, dossiers, fine, [cell["id"]] * len(dossiers), held)
    cells = [cell for cell, (_field, dossiers) in found.items() for _one in dossiers]
    serials = await _store(batch, (*place, None, None), cells, actor)
    letters = _letters(cells)
    told = tuple(
        Pile(
            letters[cell],
            field,
            tuple(sorted(codes[one] for one in dossiers)),
            tuple(one for one, its in zip(serials, cells, strict=True) if its == cell),
        )
        for cell, (field, dossiers) in found.items()
    )
    return batch, told


async def _store(
    batch: UUID,
    place: tuple[int, int, int | None, date | None],
    cells: Sequence[int | None],
    actor: int | None,
) -> list[str]:
    """Store a batch with one sheet for each cell; returns their serials in order."""
    version, agency, counter, day = place
    today = local_day(datetime.now(UTC))
    await fetch(_MAKE_BATCH, batch, version, agency, counter, day, today, actor, len(cells))
    serials = await _free_serials(len(cells))
    await fetch(_MAKE_SHEETS, batch, serials, list(cells))
    kind = "dossiers" if counter is None else "counter"
    await audit("paper_printed", str(batch), actor=actor, kind=kind, sheets=len(cells))
    return serials


async def _free_serials(count: int) -> list[str]:
    serials: dict[str, None] = {}
    while len(serials) < count:
        made = [make_code(SERIAL_LENGTH) for _place in range(count - len(serials))]
        rows = await fetch("SELECT serial FROM paper_sheet WHERE serial = ANY($1)", made)
        taken = {row["serial"] for row in rows}
        serials |= dict.fromkeys(serial for serial in made if serial not in taken)
    secrets.SystemRandom().shuffle(order := list(serials))
    return order
