"""What people decide about index runs; each decision stands in the audit log beside its effect."""

from typing import Final
from uuid import UUID

from surveys import jobs, results
from surveys.accounts import audit
from surveys.errors import StateError
from surveys.periods import parse_period
from surveys.results.errors import NOT_A_DRAFT, RunStateError, checked_text
from surveys.results.runs import find_run
from surveys.tables.results import RunState
from surveys.transactions import Row, fetch, fetch_one, transaction

# The name by which Babel finds msgids that are translated later, where the reader is known.
N_ = str

QUESTIONNAIRE: Final = "counter"

# Two people who ask for the same at the same moment must not both be served.
ASKING_LOCK: Final = 7_202_618

PENDING: Final = """
SELECT id FROM job WHERE task = $1 AND done_at IS NULL AND payload ->> $2 = $3 LIMIT 1
"""

PUBLISHED: Final = """
SELECT id FROM index_run WHERE period = $1 AND questionnaire = $2 AND state = 'published'
"""

# `@>` finds the agency among those of the run's document.
STANDS_IN: Final = """
convert_from(r.document, 'UTF8')::jsonb -> 'agencies' @> jsonb_build_array(
    jsonb_build_object('code', (SELECT code FROM agency WHERE id = $1)))
"""

# Of each period the newest draft that is not older than what is published, and what is published.
OF_AGENCY: Final = f"""
SELECT DISTINCT ON (r.period, r.questionnaire, r.state)
    r.id, r.period, r.state, r.created_at, r.published_at
FROM index_run r
WHERE r.state IN ('draft', 'published')
  AND {STANDS_IN}
  AND NOT EXISTS (SELECT FROM index_run p WHERE r.state = 'draft' AND p.state = 'published'
      AND p.period = r.period AND p.questionnaire = r.questionnaire
      AND p.published_at > r.created_at)
ORDER BY r.period DESC, r.questionnaire, r.state, r.created_at DESC
"""

COMPUTING: Final = N_("Kỳ này đang được tính. Hãy đợi lần tính đó xong.")
PUBLISHING: Final = N_("Lần tính này đang được công bố. Hãy tải lại trang sau ít phút.")


async def request_run(period: str, *, actor: int) -> str:
    """Ask for a run of a period; returns the period's name. Raises InputError, StateError."""
    name = parse_period(period).name
    async with transaction():
        await _ask("run_index", "period", name, COMPUTING)
        await jobs.enqueue("run_index", {"period": name, "questionnaire": QUESTIONNAIRE})
        await audit("run_requested", name, actor=actor)
    return name


async def request_publication(run_id: UUID | str, text: str = "", *, actor: int) -> None:
    """Ask for a draft to be published; in place of a published one only with a public `text`.

    Raises NotFoundError, StateError, InputError.
    """
    async with transaction():
        run = await find_run(run_id, lock=True)
        if run["state"] != RunState.DRAFT:
            raise RunStateError(NOT_A_DRAFT)
        replaced = await published_run(run["period"], run["questionnaire"])
        notice = checked_text(text) if replaced else ""
        await _ask("publish_index", "run", str(run["id"]), PUBLISHING)
        payload = {"run": str(run["id"]), "text": notice}
        await jobs.enqueue("publish_index", payload)
        detail = {"run": str(run["id"]), "corrects": replaced and str(replaced), "text": notice}
        await audit("run_publication_requested", run["period"], actor=actor, **detail)


async def published_run(period: str, questionnaire: str) -> UUID | None:
    """The run of a period that is public now."""
    row = await fetch_one(PUBLISHED, period, questionnaire)
    return row["id"] if row else None


async def withdraw(run_id: UUID | str, text: str, *, actor: int) -> None:
    """Take a published run back, with a public notice. Raises NotFoundError, StateError, …"""
    async with transaction():
        run = await find_run(run_id)
        await results.withdraw_run(run_id, text)
        detail = {"run": str(run["id"]), "text": text.strip()}
        await audit("run_withdrawn", run["period"], actor=actor, **detail)


async def comment(run_id: UUID | str, agency_id: int, text: str, *, actor: int) -> None:
    """Keep what an agency says of a run that it stands in; it holds nothing up."""
    async with transaction():
        run = await find_run(run_id)
        known = f"SELECT FROM index_run r WHERE r.id = $2 AND {STANDS_IN}"
        if not await fetch(known, agency_id, run["id"]):
            raise results.UnknownResultError
        await results.comment_on_run(run_id, agency_id, text)
        await audit("run_commented", run["period"], actor=actor, run=str(run["id"]))


async def agency_runs(agency_id: int) -> list[Row]:
    """The runs that an agency may look at, newest period first."""
    return await fetch(OF_AGENCY, agency_id)


async def _ask(task: str, key: str, value: str, refusal: str) -> None:
    await fetch("SELECT pg_advisory_xact_lock($1)", ASKING_LOCK)
    if await fetch_one(PENDING, task, key, value):
        raise StateError(refusal)
