"""What an agency sees of its own figures before they are published, and what it says of them.

Whoever stands beside the kiosk could watch a figure move with one citizen's tap. So an agency
never sees a block of measures under the minimum, and of a later run of the same period only
what stayed as it was or has at least the minimum of further ratings.
"""

from asyncio import to_thread
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from surveys.results.combined import SHARE_DECIMALS
from surveys.results.counting import count_blocks
from surveys.results.disclosure import Published, Shown, choose_shown
from surveys.results.errors import CLOSED, RunStateError, UnknownResultError, checked_text
from surveys.results.measures import OVERALL, UNLINKED, block_of
from surveys.results.publications import published_runs
from surveys.results.publishing import (
    print_agencies,
    print_figure,
    print_pairs,
    print_unlinked,
)
from surveys.results.records import PublicAgency, PublicDocument, RunDocument, round_half_up
from surveys.results.runs import find_run, read_document
from surveys.tables.results import RunState
from surveys.transactions import Row, fetch, fetch_one

_CODE: Final = "SELECT code FROM agency WHERE id = $1"
_BEFORE: Final = """
SELECT document FROM index_run WHERE period = $1 AND questionnaire = $2
    AND (created_at, id) < ($3, $4::uuid) ORDER BY created_at, id
"""
_COMMENT: Final = "INSERT INTO run_comment (run, agency, text, at) VALUES ($1, $2, $3, now())"
_COMMENTS: Final = """
SELECT text, at FROM run_comment WHERE run = $1 AND agency = $2 ORDER BY at, id
"""


async def own_figures(run_id: UUID | str, agency_id: int) -> dict[str, Any]:
    """An agency's row of a run as it may see it, and its own comments.

    `agency` has the shape of a row of the public document; `held` names the measures that wait
    until more ratings have come. Raises UnknownRunError, UnknownResultError.
    """
    row = await find_run(run_id)
    document, code = read_document(row), await _find_code(agency_id)
    if code not in {entry.code for entry in document.agencies}:
        raise UnknownResultError
    earlier = await published_runs(row["questionnaire"])
    before = await fetch(
        _BEFORE, *(row[k] for k in ("period", "questionnaire", "created_at", "id"))
    )
    alone = [keep_only(each, code) for each in (*map(read_document, before), document)]
    # A large run takes seconds, and whoever rates meanwhile must not wait.
    agency = await to_thread(_find_printed, row, document, code, earlier)
    return {
        "run": str(row["id"]),
        "period": document.period,
        "questionnaire": document.questionnaire,
        "state": row["state"],
        "simulated": document.simulated,
        "minimum": document.minimum,
        **show_own(agency, alone, earlier, published=row["state"] != RunState.DRAFT),
        "comments": await fetch(_COMMENTS, row["id"], agency_id),
    }


async def comment_on_run(run_id: UUID | str, agency_id: int, text: str) -> None:
    """Keep what an agency says of a draft or of the published run; it changes no state.

    Raises UnknownRunError, UnknownResultError, RunStateError, NoticeError.
    """
    comment = checked_text(text)
    row = await find_run(run_id)
    if row["state"] not in {RunState.DRAFT, RunState.PUBLISHED}:
        raise RunStateError(CLOSED)
    await _find_code(agency_id)
    await fetch(_COMMENT, row["id"], agency_id, comment)


def show_own(
    printed: PublicAgency,
    runs: Sequence[RunDocument],
    earlier: Sequence[Published],
    *,
    published: bool,
) -> dict[str, Any]:
    """The newest of an agency's `runs` as it may see it, beside its row as printed.

    `runs` hold this agency only, oldest first. What is public it sees in any case.
    """
    steady, held = _watch(runs, earlier)
    figures = {figure.measure: figure for figure in runs[-1].figures}
    measures = dict(printed.measures)
    for name, figure in figures.items():
        if block_of(name) in steady and measures[name] is None:
            measures[name] = print_figure(figure)
        elif block_of(name) not in steady and not published:
            measures[name] = None
    rate = figures[OVERALL].response_rate if measures.get(OVERALL) else None
    pairs = dict(printed.unflagged)
    if not published:
        seen = Shown(frozenset((printed.code, block) for block in steady))
        pairs = print_pairs(runs[-1], printed.code, seen)
    row = {
        "measures": measures,
        "unflagged": pairs,
        "hidden": not any(measures.values()),
        "dossiers": next((figure.dossiers for figure in figures.values()), 0),
        "response_rate": None if rate is None else round_half_up(rate, SHARE_DECIMALS),
    }
    taps = [print_unlinked(each) for each in runs[-1].unlinked]
    return {
        "agency": msgspec.to_builtins(msgspec.structs.replace(printed, **row)),
        "unlinked": msgspec.to_builtins(taps[0]) if taps and UNLINKED in steady else None,
        "held": sorted(name for name in figures if block_of(name) in held),
    }


def keep_only(document: RunDocument, code: str) -> RunDocument:
    """The run as if no other agency were in it."""
    return msgspec.structs.replace(
        document,
        agencies=[entry for entry in document.agencies if entry.code == code],
        figures=[figure for figure in document.figures if figure.agency == code],
        unflagged=[figure for figure in document.unflagged if figure.agency == code],
        unlinked=[each for each in document.unlinked if each.agency == code],
    )


def _watch(runs: Sequence[RunDocument], earlier: Sequence[Published]) -> tuple[set[str], set[str]]:
    """Blocks of the newest run that the agency may see, and those that only wait."""
    seen: dict[str, list[dict[str, int]]] = {}
    steady: set[str] = set()
    allowed: set[str] = set()
    for run in runs:
        counts = {block: found for (_, block), found in count_blocks(run).items()}
        allowed = {block for _, block in choose_shown(run, earlier).pairs}
        steady = {
            block
            for block in allowed
            if all(_is_steady(counts[block], past, run.minimum) for past in seen.get(block, []))
        }
        for block in steady:
            seen.setdefault(block, []).append(counts[block])
    return steady, allowed - steady


def _is_steady(now: dict[str, int], past: dict[str, int], minimum: int) -> bool:
    """Whether no measure moved by less than the minimum."""
    moved = {abs(count - past.get(name, 0)) for name, count in now.items()}
    return all(step == 0 or step >= minimum for step in moved)


def _find_printed(
    row: Row, document: RunDocument, code: str, earlier: Sequence[Published]
) -> PublicAgency:
    """The agency's row as it is public, or as it would be."""
    if row["public_document"] is None:
        agencies = print_agencies(document, choose_shown(document, earlier))
    else:
        agencies = msgspec.json.decode(row["public_document"], type=PublicDocument).agencies
    return next(agency for agency in agencies if agency.code == code)


async def _find_code(agency_id: int) -> str:
    row = await fetch_one(_CODE, agency_id)
    if row is None:
        raise UnknownResultError
    return str(row["code"])
