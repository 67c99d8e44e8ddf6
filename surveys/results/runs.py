"""Index runs as records: stored once, listed and read."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

import msgspec

from surveys.periods import Period, parse_period
from surveys.results.errors import UnknownAgenciesError, UnknownRunError
from surveys.results.records import AgencyEntry, Company, Figure, RunDocument, Unlinked, encode
from surveys.transactions import Row, fetch, fetch_one

Rows = Sequence[Mapping[str, Any]]

_AGENCIES: Final = """
SELECT a.code, a.name, a.level, p.code AS parent, a.valid_from, a.valid_to
FROM agency a LEFT JOIN agency p ON p.id = a.parent
WHERE a.code = ANY($1::text[]) ORDER BY a.code COLLATE "C"
"""
_INSERT: Final = """
INSERT INTO index_run (id, period, questionnaire, state, cutoff, recipe, input_hash, code_version,
    document, simulated, created_at)
VALUES ($1, $2, $3, 'draft', $4, $5::jsonb, $6, $7, $8, $9, now())
"""
_LIST: Final = """
SELECT r.id, r.period, r.questionnaire, r.state, r.cutoff, r.created_at, r.published_at,
    r.input_hash, r.code_version, r.simulated = 1 AS simulated, r.supersedes,
    (SELECT count(*) FROM run_comment c WHERE c.run = r.id) AS comments
FROM index_run r WHERE $1::text IS NULL OR r.period = $1
ORDER BY r.created_at DESC, r.id LIMIT $2 OFFSET $3
"""
_COMMENTS: Final = """
SELECT a.code AS agency, a.name, c.text, c.at FROM run_comment c JOIN agency a ON a.id = c.agency
WHERE c.run = $1 ORDER BY c.at, c.id
"""
_NOTICES: Final = "SELECT kind, text, at FROM run_notice WHERE run = $1 ORDER BY at, id"


async def store_run(
    period: str | Period,
    questionnaire: Mapping[str, Any],
    *,
    recipe: Mapping[str, Any],
    figures: Rows,
    input_hash: str,
    code_version: str,
    cutoff: datetime,
    minimum: int = 10,
    simulated: bool = False,
    collapses: Rows = (),
    reports: Rows = (),
    margins: Rows = (),
    unlinked: Rows = (),
    company: Mapping[str, Any] | None = None,
) -> UUID:
    """Id of the new draft. Its document has the same bytes whenever the input is the same.

    `questionnaire` has key, version and title, and may have `factors`: the number of items of
    each factor that has more than one. The rows of `figures` are those of an index result.
    """
    span = parse_period(period) if isinstance(period, str) else period
    read = msgspec.convert([dict(row) for row in figures], list[Figure])
    taps = msgspec.convert([dict(row) for row in unlinked], list[Unlinked])
    codes = {each.agency for each in read if each.agency is not None}
    codes |= {each.agency for each in taps}
    agencies = await _find_agencies(codes)
    document = RunDocument(
        period=span.name,
        first=span.first,
        last=span.last,
        questionnaire=dict(questionnaire),
        simulated=simulated,
        recipe=dict(recipe),
        input_hash=input_hash,
        code_version=code_version,
        minimum=minimum,
        agencies=agencies,
        figures=sorted(read, key=lambda f: (f.agency is None, f.agency or "", f.measure)),
        collapses=_in_order(collapses),
        reports=_in_order(reports),
        margins=_in_order(margins),
        unlinked=sorted(taps, key=lambda each: each.agency),
        company=None if company is None else msgspec.convert(dict(company), Company),
    )
    return await _insert(document, cutoff)


async def list_runs(*, period: str | None = None, limit: int = 50, offset: int = 0) -> list[Row]:
    """Runs without their documents, newest first."""
    return await fetch(_LIST, period, limit, offset)


async def get_run(run_id: UUID | str) -> Row:
    """A run with its parsed documents, its notices and the agencies' comments.

    `document` holds everything, also what is never published. Raises UnknownRunError.
    """
    row = await find_run(run_id)
    public = row["public_document"]
    return row | {
        "recipe": msgspec.json.decode(row["recipe"]),
        "simulated": bool(row["simulated"]),
        "document": msgspec.json.decode(row["document"]),
        "public_document": None if public is None else msgspec.json.decode(public),
        "notices": await fetch(_NOTICES, row["id"]),
        "comments": await fetch(_COMMENTS, row["id"]),
    }


async def find_run(run_id: UUID | str, *, lock: bool = False) -> Row:
    """The row of a run as it is stored; raises UnknownRunError."""
    end = " FOR UPDATE" if lock else ""
    row = await fetch_one("SELECT * FROM index_run WHERE id = $1" + end, read_id(run_id))
    if row is None:
        raise UnknownRunError
    return row


def read_id(run_id: UUID | str) -> UUID:
    """The id in its text; raises UnknownRunError for a text that is none."""
    try:
        return run_id if isinstance(run_id, UUID) else UUID(run_id)
    except ValueError:
        raise UnknownRunError from None


def read_document(row: Row) -> RunDocument:
    """The whole result in the row of a run."""
    return msgspec.json.decode(row["document"], type=RunDocument)


async def _find_agencies(codes: set[str]) -> list[AgencyEntry]:
    found = msgspec.convert(await fetch(_AGENCIES, sorted(codes)), list[AgencyEntry])
    if missing := codes - {entry.code for entry in found}:
        raise UnknownAgenciesError(missing)
    return found


async def _insert(document: RunDocument, cutoff: datetime) -> UUID:
    run = uuid4()
    await fetch(
        _INSERT,
        run,
        document.period,
        str(document.questionnaire["key"]),
        cutoff,
        msgspec.json.encode(document.recipe).decode(),
        document.input_hash,
        document.code_version,
        encode(document),
        int(document.simulated),
    )
    return run


def _in_order(rows: Rows) -> list[dict[str, Any]]:
    """Rows in an order of their own, so that the one they came in leaves no trace."""
    plain = [dict(row) for row in rows]
    return sorted(plain, key=lambda row: msgspec.json.encode(row, order="sorted"))
