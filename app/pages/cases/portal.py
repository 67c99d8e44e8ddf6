"""The portal's file: an official on Monday morning, who must not take anything in twice."""

from typing import Any, Final

from litestar import get, post
from litestar.datastructures import UploadFile
from litestar.response import Template

from app.access import Role, pepper, signed_in
from app.forms import read_form, refuse_form, translate
from app.pages.cases.people import ADDRESS as ROOM
from app.pages.cases.people import GUARDS, AnyRequest, actor_of
from app.rendering import _, page
from surveys import accounts, portal
from surveys.accounts import FieldError
from surveys.portal import COLUMNS, MOST_BYTES, REQUIRED, Outcome, Sheet, Wish

ADDRESS: Final = f"{ROOM}/import"
FIELDS: Final = tuple(f"column_{name}" for name in COLUMNS)
MOST_SHOWN: Final = 200
SAMPLES: Final = 3

# Marks texts that are translated where the reader is known.
N_ = str

ENCODINGS: Final = {
    "utf-8-sig": "UTF-8",
    "cp1258": "Windows-1258",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_import(request: AnyRequest) -> Template:
    """Ask for a file."""
    return page("cases/import.html", errors={}, **await _context(request))


@post(ADDRESS, guards=GUARDS, status_code=200, include_in_schema=False)
async def post_import(request: AnyRequest) -> Template:
    """Check a file, or take it in, and tell of every row that cannot be taken."""
    typed = await read_form(request, "action", "agency", *FIELDS)
    file = (await request.form()).get("file")
    content = await file.read(MOST_BYTES + 1) if isinstance(file, UploadFile) else b""
    sheet: Sheet | None = None
    headers: dict[str, str] = {}
    try:
        sheet = portal.read_sheet(content)
        headers = await _headers(sheet, typed, request)
        outcome = await _import(sheet, headers, typed, request)
    except FieldError as error:
        context = await _context(request, sheet, headers, typed)
        return refuse_form("cases/import.html", {error.field: error.told(_)}, **context)
    context = await _context(request, sheet, headers, typed)
    return page(
        "cases/import.html", errors={}, **context | {"outcome": outcome, "faults": _told(outcome)}
    )


async def _headers(sheet: Sheet, typed: dict[str, str], request: AnyRequest) -> dict[str, str]:
    """Which header holds what; what was chosen by hand is remembered for the next file."""
    own = signed_in(request).agency_id
    chosen = {name: typed[f"column_{name}"] for name in COLUMNS if typed[f"column_{name}"]}
    if chosen and set(chosen.values()) <= set(sheet.headers):
        await portal.remember_headers(chosen, agency=own, actor=signed_in(request).id)
        return chosen
    return portal.guess_headers(sheet.headers, await portal.remembered_headers(own))


async def _import(
    sheet: Sheet, headers: dict[str, str], typed: dict[str, str], request: AnyRequest
) -> Outcome:
    if missing := [_(COLUMNS[name][0]) for name in REQUIRED if name not in headers]:
        text = N_("Chưa rõ cột nào là: {names}. Hãy chọn ở dưới, rồi chọn lại tệp.")
        raise FieldError("columns", text, names=", ".join(missing))
    wish = Wish(
        headers=headers,
        agency=await accounts.find_agency(typed["agency"]) if typed["agency"] else None,
        skip_bad=typed["action"] == "good",
        check_only=typed["action"] not in {"all", "good"},
    )
    key = pepper(request.app.state.settings)
    return await portal.import_sheet(sheet, wish, key, by=await actor_of(request))


def _told(outcome: Outcome) -> list[dict[str, Any]]:
    return [
        {"line": one.line, "column": one.column, "text": one.error.told(_)}
        for one in outcome.faults[:MOST_SHOWN]
    ]


async def _context(
    request: AnyRequest,
    sheet: Sheet | None = None,
    headers: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> dict[str, Any]:
    own = signed_in(request).role is Role.AGENCY
    return {
        "sheet": sheet,
        "samples": sheet.rows[:SAMPLES] if sheet else [],
        "encoding": ENCODINGS[sheet.encoding] if sheet else "",
        "headers": headers or {},
        "titles": translate({name: title for name, (title, _names) in COLUMNS.items()}),
        "required": REQUIRED,
        "agencies": {} if own else await accounts.suggest_agencies(),
        "agency": (typed or {}).get("agency", ""),
        "outcome": None,
        "faults": [],
    }


routes = [show_import, post_import]
