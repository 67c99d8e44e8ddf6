"""Index runs: the analyst computes, looks hard, hears the agencies, and decides."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import clean, read_form, refuse_form, see_other
from app.pages.office.figures import describe_run
from app.rendering import ZONE, _, page
from app.words import state_names
from surveys import decisions, jobs, results
from surveys.errors import InputError
from surveys.periods import Period, parse_period
from surveys.results.runs import find_run

ADDRESS = "/office/runs"
GUARDS = [requires(Role.ANALYST)]
SIZE = 30

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_runs(request: AnyRequest) -> Template:
    """List the runs and what is being computed, and ask for the period of a new one."""
    done = "done" in request.query_params
    return page(
        "office/runs.html", errors={}, period=_last_quarter().name, done=done, **await _list()
    )


@post(ADDRESS, guards=GUARDS, include_in_schema=False)
async def post_run(request: AnyRequest) -> Template | Redirect:
    """Ask the worker for a run of a period."""
    typed = await read_form(request, "period")
    try:
        await decisions.request_run(typed["period"], actor=signed_in(request).id)
    except InputError as error:
        errors = {"period": error.told(_)}
        return refuse_form(
            "office/runs.html", errors, period=typed["period"], done=False, **await _list()
        )
    return see_other(f"{ADDRESS}?done=requested")


@get(f"{ADDRESS}/{{run:uuid}}", guards=GUARDS, include_in_schema=False)
async def show_run(run: FromPath[UUID], request: AnyRequest) -> Template:
    """Show everything that is known of a run, also what will be hidden."""
    return page("office/run.html", errors={}, text="", **await _context(run, request))


@get(f"{ADDRESS}/{{run:uuid}}/document", guards=GUARDS, include_in_schema=False)
async def show_document(run: FromPath[UUID]) -> Response[bytes]:
    """The whole record of a run as it is stored, to keep or to recompute."""
    stored = await find_run(run)
    name = f"sipas-{stored['period']}-{run}.json"
    return Response(
        bytes(stored["document"]),
        media_type="application/json",
        headers={"content-disposition": f'attachment; filename="{name}"'},
    )


@post(f"{ADDRESS}/{{run:uuid}}/publish", guards=GUARDS, include_in_schema=False)
async def post_publication(run: FromPath[UUID], request: AnyRequest) -> Template | Redirect:
    """Ask the worker to draw the charts and publish; what is public is replaced with a notice."""
    typed = await read_form(request, "text")
    try:
        await decisions.request_publication(run, typed["text"], actor=signed_in(request).id)
    except InputError as error:
        return await _refuse(run, request, typed["text"], error)
    return see_other(f"{ADDRESS}/{run}?done=publishing")


@post(f"{ADDRESS}/{{run:uuid}}/withdraw", guards=GUARDS, include_in_schema=False)
async def post_withdrawal(run: FromPath[UUID], request: AnyRequest) -> Template | Redirect:
    """Take a published run back, with a notice that everybody reads."""
    typed = await read_form(request, "text")
    try:
        await decisions.withdraw(run, typed["text"], actor=signed_in(request).id)
    except InputError as error:
        return await _refuse(run, request, typed["text"], error)
    return see_other(f"{ADDRESS}/{run}?done=withdrawn")


async def _refuse(run: UUID, request: AnyRequest, text: str, error: InputError) -> Template:
    context = await _context(run, request)
    return refuse_form("office/run.html", {"text": error.told(_)}, text=text, **context)


async def _list() -> dict[str, Any]:
    return {
        "runs": await results.list_runs(limit=SIZE),
        "pending": [job for job in await jobs.recent_jobs("run_index") if job["state"] != "done"],
        "states": state_names(),
    }


async def _context(run: UUID, request: AnyRequest) -> dict[str, Any]:
    stored = await results.get_run(run)
    asked = await jobs.recent_jobs("publish_index")
    query = request.query_params
    return {
        "run": stored,
        "done": query.get("done", ""),
        "replaced": await decisions.published_run(stored["period"], stored["questionnaire"]),
        "publication": next((job for job in asked if job["payload"]["run"] == str(run)), None),
        "states": state_names(),
        **describe_run(stored, clean(query.get("find", "")), query.get("page", "1")),
    }


def _last_quarter() -> Period:
    today = datetime.now(UTC).astimezone(ZONE)
    return parse_period(f"{today.year}-Q{(today.month + 2) // 3}").previous


routes = [show_runs, post_run, show_run, show_document, post_publication, post_withdrawal]
