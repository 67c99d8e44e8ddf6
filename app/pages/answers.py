"""Answered cases for everybody: what was asked, what was answered, what changed.

Somebody who wonders whether writing helps, or a journalist; a few minutes; fears nice words.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from litestar import Request, get
from litestar.params import FromPath
from litestar.response import Template

from app.forms import clean, day_of, translate
from app.redaction import shown_covers
from app.rendering import _, language, page
from surveys import reflections
from surveys.accounts import search_agencies
from surveys.reflections import PublicFilters

N_ = str
AnyRequest = Request[Any, Any, Any]

KINDS: Final = {"reflection": N_("Phản ánh"), "recommendation": N_("Kiến nghị")}
CHANGES: Final = {"made": N_("Đã thay đổi"), "planned": N_("Sẽ thay đổi")}
VERDICTS: Final = {
    "settled": N_("Người gửi cho biết: đã thỏa đáng."),
    "not_settled": N_("Người gửi cho biết: chưa thỏa đáng."),
}
LONGEST: Final = 100


@get("/answers", opt={"public": True}, include_in_schema=False)
async def show_answers(request: AnyRequest) -> Template:
    """List published cases, newest first, by what stands in the address."""
    types = await _types()
    filters = _read(request, types)
    agencies = await _agencies(filters.agency)
    if filters.agency not in agencies:
        filters = msgspec.structs.replace(filters, agency="")
    found = await reflections.public_list(filters, page=_number(request))
    return page(
        "answers/list.html",
        rows=[_told(row, types) for row in found.rows],
        found=found,
        filters=filters,
        agencies=agencies,
        types=types,
        kinds=translate(KINDS),
        changes=translate(CHANGES),
        is_filtered=bool(_query(filters)),
        first=_address(filters, 1),
        newer=_address(filters, found.page - 1),
        older=_address(filters, found.page + 1),
    )


@get("/answers/{reference:str}", opt={"public": True}, include_in_schema=False)
async def show_answer(reference: FromPath[str]) -> Template:
    """Show one published case; one that is not public is as if it were not there."""
    row = await reflections.public_case(reflections.read_reference(reference))
    return page("answers/case.html", case=_told(row, await _types()))


async def _agencies(wanted: str) -> dict[str, str]:
    """Agencies to choose from: those that answered in public, and the one that is asked for."""
    found = await reflections.public_agencies()
    if wanted and wanted not in found:
        named = await search_agencies(wanted)
        found |= {wanted: named[wanted]} if wanted in named else {}
    return found


async def _types() -> dict[str, str]:
    types = await reflections.list_types(retired=True)
    return {key: names[language.get()] for key, names in types.items()}


def _told(row: dict[str, Any], types: dict[str, str]) -> dict[str, Any]:
    """A published case in words."""
    return row | {
        "kind_name": _word(KINDS, row["kind"]),
        "type_name": types.get(row["type"], row["type"]),
        "change_name": _word(CHANGES, row["change"]),
        "explanation": shown_covers(row["explanation"]),
        "question": shown_covers(row["question"]) if row["question"] else None,
        "reply": shown_covers(row["reply"]),
        "verdict_words": _word(VERDICTS, row["verdict"]),
    }


def _word(words: Mapping[str, str], name: str | None) -> str:
    said = words.get(name or "", "")
    return _(said) if said else ""


def _read(request: AnyRequest, types: Mapping[str, str]) -> PublicFilters:
    """What the address asks for; what cannot be read, or is no choice, asks for nothing."""
    given = {
        name: clean(request.query_params.get(name, ""), LONGEST).strip()
        for name in ("agency", "type", "kind", "change", "words")
    }
    for name, choices in (("type", types), ("kind", KINDS), ("change", CHANGES)):
        given[name] = given[name] if given[name] in choices else ""
    return PublicFilters(
        **given,
        first=day_of(request.query_params.get("first", "")),
        last=day_of(request.query_params.get("last", "")),
    )


def _number(request: AnyRequest) -> int:
    typed = request.query_params.get("page", "1")
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else 1


def _query(filters: PublicFilters) -> dict[str, str]:
    names = ("words", "agency", "type", "kind", "change", "first", "last")
    return {name: str(value) for name in names if (value := getattr(filters, name))}


def _address(filters: PublicFilters, number: int) -> str:
    query = _query(filters) | ({"page": str(number)} if number > 1 else {})
    return "/answers" + (f"?{urlencode(query)}" if query else "")


routes = [show_answers, show_answer]
