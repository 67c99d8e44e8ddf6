"""An agency's own page: its head wants to see the figure before the province does, and to answer."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.evidence import DETECTORS, STATES, describe_flag
from app.forms import read_form, refuse_form, see_other, translate
from app.rendering import _, language, page
from app.words import measure_names, state_names
from surveys import accounts, decisions, results, themes
from surveys.accounts import FieldError
from surveys.errors import InputError, NotFoundError
from surveys.quality import flags
from surveys.quality.flags import WantedFlags

ADDRESS = "/agency"
GUARDS = [requires(Role.AGENCY)]

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_agency(request: AnyRequest) -> Template:
    """List the runs that this agency stands in."""
    own = agency_of(request)
    return page(
        "agency/runs.html",
        agency=await accounts.agency_name(own),
        runs=await decisions.agency_runs(own),
        states=state_names(),
        flags=(await flags.list_flags(WantedFlags(agency_id=own)))[0],
        flag_states=translate(STATES),
        flag_names={name: _(title) for name, (title, _null) in DETECTORS.items()},
    )


@get(f"{ADDRESS}/runs/{{run:uuid}}", guards=GUARDS, include_in_schema=False)
async def show_figures(run: FromPath[UUID], request: AnyRequest) -> Template:
    """Show this agency's own figures of a run, and what it said of them."""
    done = "done" in request.query_params
    return page("agency/figures.html", text="", errors={}, done=done, **await _own(run, request))


@post(f"{ADDRESS}/runs/{{run:uuid}}/comments", guards=GUARDS, include_in_schema=False)
async def post_comment(run: FromPath[UUID], request: AnyRequest) -> Template | Redirect:
    """Keep what the agency says; it holds nothing up."""
    staff = signed_in(request)
    typed = await read_form(request, "text")
    try:
        await decisions.comment(run, agency_of(request), typed["text"], actor=staff.id)
    except InputError as error:
        own = await _own(run, request)
        errors = {"text": error.told(_)}
        return refuse_form("agency/figures.html", errors, text=typed["text"], done=False, **own)
    return see_other(f"{ADDRESS}/runs/{run}?done#comments")


@post(f"{ADDRESS}/runs/{{run:uuid}}/themes/{{theme:str}}", guards=GUARDS, include_in_schema=False)
async def post_reply(
    run: FromPath[UUID], theme: FromPath[str], request: AnyRequest
) -> Template | Redirect:
    """Keep what the agency says publicly to all who wrote about a theme."""
    typed = await read_form(request, "text")
    own = await _own(run, request)
    if own["voices"] is None:
        raise NotFoundError(_("Chủ đề này không được công bố cho cơ quan bạn."))
    agency = agency_of(request), own["own"]["agency"]["code"]
    try:
        await themes.save_reply(
            own["report"], agency, theme, typed["text"], actor=signed_in(request).id
        )
    except FieldError as error:
        errors = {f"theme-{theme}": error.told(_)}
        typed_replies = {theme: typed["text"]}
        shown = own | {"text": "", "done": False, "typed_replies": typed_replies}
        return refuse_form("agency/figures.html", errors, **shown)
    return see_other(f"{ADDRESS}/runs/{run}?done#voices")


@get(f"{ADDRESS}/flags/{{flag:uuid}}", guards=GUARDS, include_in_schema=False)
async def show_flag(flag: FromPath[UUID], request: AnyRequest) -> Template:
    """Show one of this agency's flags with the evidence that the analyst has too."""
    done = "done" in request.query_params
    context = await _flag(flag, request)
    return page("agency/flag.html", text="", errors={}, done=done, **context)


@post(f"{ADDRESS}/flags/{{flag:uuid}}", guards=GUARDS, include_in_schema=False)
async def post_answer(flag: FromPath[UUID], request: AnyRequest) -> Template | Redirect:
    """Keep what the agency says of a flag."""
    typed = await read_form(request, "text")
    own = agency_of(request)
    try:
        await flags.answer_flag(flag, own, typed["text"], actor=signed_in(request).id)
    except InputError as error:
        context = await _flag(flag, request)
        errors = {"text": error.told(_)}
        return refuse_form("agency/flag.html", errors, text=typed["text"], done=False, **context)
    return see_other(f"{ADDRESS}/flags/{flag}?done#answer")


def agency_of(request: AnyRequest) -> int:
    """The agency that this person speaks for."""
    agency = signed_in(request).agency_id
    assert agency is not None  # noqa: S101 - the database gives every agency account its agency
    return agency


async def _own(run: UUID, request: AnyRequest) -> dict[str, Any]:
    own = await results.own_figures(run, agency_of(request))
    names = measure_names()
    figures = own["agency"]["measures"]
    order = [name for name in names if name in figures] + sorted(figures.keys() - names.keys())
    return {
        "own": own,
        "figures": {name: figures[name] for name in order},
        "names": {name: names.get(name, name.removeprefix("factor_")) for name in order},
        "states": state_names(),
        **await _voices(own),
    }


async def _voices(own: dict[str, Any]) -> dict[str, Any]:
    """What this agency's unsatisfied raters wrote about, once that is public."""
    report = await themes.find_report(own["period"], own["questionnaire"]["key"])
    code = own["agency"]["code"]
    public = report is not None and report["withdrawn_at"] is None and own["state"] == "published"
    if report is None or not public or code not in report["document"]["agencies"]:
        return {"report": None, "voices": None, "replies": {}, "typed_replies": {}}
    return {
        "report": report,
        "voices": report["document"],
        "replies": await themes.list_replies(report["id"], code),
        "typed_replies": {},
    }


async def _flag(flag: UUID, request: AnyRequest) -> dict[str, Any]:
    return describe_flag(await flags.get_flag(flag, agency_of(request)), language.get())


routes = [show_agency, show_figures, post_comment, post_reply, show_flag, post_answer]
