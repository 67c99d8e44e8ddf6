"""Publishing, correcting and withdrawing runs, each with its notice and in one transaction."""

from asyncio import to_thread
from typing import Any, Final
from uuid import UUID

import msgspec

from surveys.periods import PeriodError, parse_period
from surveys.results.disclosure import Published
from surveys.results.errors import (
    NOT_A_DRAFT,
    NOT_PUBLISHED,
    NOT_THE_SAME,
    REPLACED,
    RunStateError,
    UnknownResultError,
    checked_text,
)
from surveys.results.publishing import make_public
from surveys.results.records import PublicDocument, encode
from surveys.results.runs import find_run, read_document
from surveys.tables.results import RunState
from surveys.transactions import Row, fetch, fetch_one, transaction

# What may be shown depends on what is published, so that publications stand in a line.
PUBLISHING_LOCK: Final = 7_202_617

_EARLIER: Final = """
SELECT document, public_document FROM index_run
WHERE questionnaire = $1 AND state <> 'draft' ORDER BY published_at, id
"""
_BEFORE: Final = """
SELECT id, state FROM index_run WHERE period = $1 AND questionnaire = $2 AND state <> 'draft'
ORDER BY state = 'published' DESC, published_at DESC, id LIMIT 1
"""
_PUBLISH: Final = """
UPDATE index_run SET state = 'published', public_document = $2, supersedes = $3,
    published_at = clock_timestamp() WHERE id = $1
"""
_NOTICE: Final = """
INSERT INTO run_notice (run, kind, text, at) VALUES ($1, $2, $3, clock_timestamp())
"""
_PERIODS: Final = """
SELECT DISTINCT ON (period, questionnaire) id AS run, period, questionnaire, state, published_at
FROM index_run WHERE state IN ('published', 'withdrawn')
ORDER BY period, questionnaire, state = 'published' DESC, published_at DESC
"""
_RESULT: Final = """
SELECT id, state, public_document, published_at, questionnaire FROM index_run
WHERE period = $1 AND state IN ('published', 'withdrawn')
    AND ($2::text IS NULL OR questionnaire = $2)
ORDER BY state = 'published' DESC, published_at DESC LIMIT 1
"""
_NOTICES: Final = """
SELECT n.kind, n.text, n.at FROM run_notice n JOIN index_run r ON r.id = n.run
WHERE r.period = $1 AND r.questionnaire = $2 ORDER BY n.at, n.id
"""
_CHARTS: Final = "SELECT name FROM run_chart WHERE run = $1 ORDER BY name"

# A withdrawn result keeps its shape, so that pages need no case of their own.
_EMPTY: Final[dict[str, Any]] = {
    "agencies": [],
    "groups": [],
    "province": {"agencies": 0, "shown": 0, "dossiers": 0, "measures": {}},
    "unlinked": [],
    "report": {},
    "collapses": [],
}


async def publish_run(run_id: UUID | str, text: str = REPLACED) -> None:
    """Publish a draft: hide what must be hidden, and freeze the rest.

    A run of the same period that was published until now becomes corrected, with `text` as its
    public notice. Raises UnknownRunError, RunStateError.
    """
    async with transaction():
        await _stand_in_line()
        row = await find_run(run_id, lock=True)
        _require(row, RunState.DRAFT, NOT_A_DRAFT)
        key = row["questionnaire"]
        public = await to_thread(make_public, read_document(row), await published_runs(key))
        before = await fetch_one(_BEFORE, row["period"], key)
        if before is not None and before["state"] == RunState.PUBLISHED:
            await _leave(before["id"], RunState.CORRECTED, text)
        await fetch(_PUBLISH, row["id"], encode(public), before and before["id"])


async def correct_run(old: UUID | str, new: UUID | str, text: str) -> None:
    """Publish the draft `new` in place of the published run `old`, and say why.

    Raises UnknownRunError, RunStateError, NoticeError.
    """
    notice = checked_text(text)
    async with transaction():
        await _stand_in_line()
        before, after = await find_run(old, lock=True), await find_run(new, lock=True)
        _require(before, RunState.PUBLISHED, NOT_PUBLISHED)
        for column in ("period", "questionnaire"):
            if before[column] != after[column]:
                raise RunStateError(NOT_THE_SAME)
        await publish_run(after["id"], notice)


async def withdraw_run(run_id: UUID | str, text: str) -> None:
    """Take a published run from the public, with a notice of why.

    Raises UnknownRunError, RunStateError, NoticeError.
    """
    notice = checked_text(text)
    async with transaction():
        row = await find_run(run_id, lock=True)
        _require(row, RunState.PUBLISHED, NOT_PUBLISHED)
        await _leave(row["id"], RunState.WITHDRAWN, notice)


async def public_periods() -> list[Row]:
    """Periods with a published or a withdrawn run, newest first: their days, state and run."""
    found = []
    for row in await fetch(_PERIODS):
        period = parse_period(row["period"])
        found.append(row | {"first": period.first, "last": period.last})
    return sorted(found, key=lambda row: (row["last"], row["first"]), reverse=True)


async def public_results(period: str, questionnaire: str | None = None) -> dict[str, Any]:
    """The public document of a period with its run, date, notices and names of charts.

    Of a period whose run was withdrawn the figures are gone, and `withdrawn` is true. Raises
    UnknownResultError.
    """
    row = await _find_result(period, questionnaire)
    document: dict[str, Any] = msgspec.json.decode(row["public_document"])
    withdrawn = row["state"] == RunState.WITHDRAWN
    notices = await fetch(_NOTICES, document["period"], row["questionnaire"])
    charts = [] if withdrawn else await fetch(_CHARTS, row["id"])
    return (document | _EMPTY if withdrawn else document) | {
        "run": str(row["id"]),
        "published_at": row["published_at"].isoformat(),
        "withdrawn": withdrawn,
        "notices": [notice | {"at": notice["at"].isoformat()} for notice in notices],
        "charts": [chart["name"] for chart in charts],
    }


async def preview(run_id: UUID | str) -> dict[str, Any]:
    """What is public of a run, or of a draft what would be. Raises UnknownRunError."""
    row = await find_run(run_id)
    printed = row["public_document"]
    if printed is None:
        earlier = await published_runs(row["questionnaire"])
        printed = encode(await to_thread(make_public, read_document(row), earlier))
    document: dict[str, Any] = msgspec.json.decode(printed)
    return document


async def published_runs(questionnaire: str) -> list[Published]:
    """Everything that was ever published with a questionnaire, oldest first."""
    return [
        Published(
            read_document(row), msgspec.json.decode(row["public_document"], type=PublicDocument)
        )
        for row in await fetch(_EARLIER, questionnaire)
    ]


async def _find_result(period: str, questionnaire: str | None) -> Row:
    try:
        name = parse_period(period).name
    except PeriodError:
        raise UnknownResultError from None
    row = await fetch_one(_RESULT, name, questionnaire)
    if row is None:
        raise UnknownResultError
    return row


async def _stand_in_line() -> None:
    await fetch("SELECT pg_advisory_xact_lock($1)", PUBLISHING_LOCK)


async def _leave(run: UUID, state: RunState, text: str) -> None:
    """Let a published run leave the public, for the reason given."""
    await fetch("UPDATE index_run SET state = $2 WHERE id = $1", run, state.value)
    await fetch(_NOTICE, run, state.value, text)


def _require(row: Row, state: RunState, otherwise: str) -> None:
    if row["state"] != state:
        raise RunStateError(otherwise)
