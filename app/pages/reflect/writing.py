"""The form of a reflection: a person with a phone at home or on a bus, with five minutes, who
fears being found out or ignored. It works without script; a second click opens no second case."""

from urllib.parse import urlencode

import msgspec
from litestar import post, route
from litestar.response import Redirect, Template

from app import floods
from app.access import pepper
from app.attachments import ACCEPT, UNKEPT, UPLOAD_BYTES, check_upload, has_upload, keep_files
from app.citizen_words import clock_words
from app.forms import clean, see_other
from app.pages.reflect.letters import (
    Letter,
    channel_of,
    check_letter,
    choose_agency,
    empty_letter,
    make_case,
    read_letter,
    told,
)
from app.private_pages import PRIVATE, READ, AnyRequest, base_address, kept_language
from app.qr import qr_drawing
from app.rendering import _, language, page
from surveys.accounts import FieldError, search_agencies, suggest_agencies
from surveys.errors import TooManyError
from surveys.ratings import grouped
from surveys.reflections import CITIZEN, Opened, citizen_view, list_types, open_case, replace_code

# What the browser may suggest while somebody types; more is found by the server.
MOST_SUGGESTED = 300
WRITING_TIMES = 6


@route(
    "/reflect", http_method=READ, status_code=200, opt={"public": True}, include_in_schema=False,
    response_headers=PRIVATE,
)  # fmt: skip
async def show_reflect(request: AnyRequest) -> Template:
    """Show the empty form, perhaps for one agency."""
    query = request.query_params
    given = await _given_agency(clean(query.get("agency", "")))
    channel = channel_of(query.get("channel", ""))
    return await _form(request, empty_letter(channel=channel, **given))


@route(
    "/reflect/from-comment", http_method=READ, status_code=200, opt={"public": True},
    include_in_schema=False, response_headers=PRIVATE,
)  # fmt: skip
async def show_from_comment(request: AnyRequest) -> Template:
    """Show the form that the browser fills with a comment; the text has not been sent anywhere."""
    query = request.query_params
    given = await _given_agency(clean(query.get("agency", "")))
    channel = channel_of(query.get("channel", ""))
    return await _form(
        request, empty_letter(channel=channel, kind="reflection", **given), turned=True
    )


@post(
    "/reflect/from-comment", status_code=200, opt={"public": True}, include_in_schema=False,
    response_headers=PRIVATE,
)  # fmt: skip
async def post_from_comment(request: AnyRequest) -> Template:
    """The same without script: the text comes from the page that took the rating, and stays here."""
    typed = await read_letter(request)
    given = await _given_agency(typed["agency_code"])
    letter = empty_letter(kind="reflection", text=typed["text"].strip(), **given)
    return await _form(request, letter, turned=True)


@post(
    "/reflect", status_code=200, opt={"public": True}, include_in_schema=False,
    response_headers=PRIVATE, request_max_body_size=UPLOAD_BYTES,
)  # fmt: skip
async def post_reflect(request: AnyRequest) -> Template | Redirect:
    """Open a case, or show the form again with everything that was typed."""
    letter = await choose_agency(await read_letter(request))
    if (await request.form()).get("action") == "find":
        return await _refuse(request, letter, {})
    if errors := check_letter(letter):
        return await _refuse(request, letter, errors)
    try:
        opened = await _open(request, letter)
    except FieldError as error:
        return await _refuse(request, letter, told(error))
    except TooManyError as error:
        return await _refuse(request, letter, {"": error.told(_)}, status_code=429)
    return await _sent(request, opened, letter)


async def _open(request: AnyRequest, letter: Letter) -> Opened:
    """The case of a letter. Raises FieldError, and TooManyError when it comes with a flood."""
    settings = request.app.state.settings
    new = await make_case(letter.typed)
    floods.letters.check("letters")
    files = await check_upload(request, settings)
    floods.letters.take("letters")
    known = True
    try:
        opened = await open_case(new, pepper(settings))
        known = opened.known
    finally:
        # Only what became a case uses up what all have in a minute.
        if known:
            floods.letters.give_back("letters")
    await keep_files(opened.id, files, by=CITIZEN, settings=settings)
    return opened


async def _refuse(
    request: AnyRequest, letter: Letter, errors: dict[str, str], *, status_code: int = 200
) -> Template:
    """The form again, with a word about chosen files, which no browser keeps over a reload."""
    again = {"files": _(UNKEPT)} if await has_upload(request) else {}
    try:
        floods.refused.take("letters")
    except TooManyError as error:
        again[""], status_code = error.told(_), 429
    refused = msgspec.structs.replace(letter, errors=again | errors)
    return await _form(request, refused, status_code=status_code)


async def _given_agency(code: str) -> dict[str, str]:
    """The agency that a link names, as if it had been chosen."""
    found = await search_agencies(code) if code else {}
    if code not in found:
        return {}
    return {"agency": found[code], "agency_for": found[code], "agency_code": code}


async def _form(
    request: AnyRequest, letter: Letter, *, turned: bool = False, status_code: int = 200
) -> Template:
    kiosk = letter.typed["channel"] == "kiosk"
    types = await list_types()
    query = {"agency": letter.typed["agency_code"], "channel": "kiosk" if kiosk else ""}
    return page(
        "reflect/form.html",
        status_code=422 if letter.errors and status_code == 200 else status_code,
        letter=letter,
        turned=turned,
        accept=ACCEPT,
        megabytes=request.app.state.settings.file_max_mb,
        types={key: name[language.get()] for key, name in types.items()},
        agencies=list((await suggest_agencies(MOST_SUGGESTED)).values()),
        kiosk=_idle_seconds(request) if kiosk else 0,
        keep=_kept(query),
    )


async def _sent(request: AnyRequest, opened: Opened, letter: Letter) -> Template | Redirect:
    """What the citizen takes along. Sent twice, a new code: the one on the screen always holds.

    Once they have renewed code and link, an old form opens nothing.
    """
    code = opened.code or await replace_code(opened.id)
    if not code or not opened.token:
        return see_other("/p")
    view = await citizen_view(opened.id)
    kiosk = letter.typed["channel"] == "kiosk"
    chosen = urlencode(kept_language(request))
    address = f"{base_address(request)}/p/{opened.token}"
    return page(
        "reflect/sent.html",
        opened=opened,
        answer=clock_words("answer", view.clocks["answer"]) if "answer" in view.clocks else None,
        code=grouped(code),
        agency=letter.typed["agency"],
        notify=letter.typed["notify"],
        link=f"/p/{opened.token}{'?' + chosen if chosen else ''}",
        address=address,
        entry=f"{base_address(request).partition('://')[2]}/p",
        qr=qr_drawing(address),
        kiosk=_idle_seconds(request) if kiosk else 0,
        keep="",
    )


def _idle_seconds(request: AnyRequest) -> int:
    """How long a kiosk waits for somebody who writes: longer than for somebody who taps."""
    return WRITING_TIMES * int(request.app.state.settings.kiosk_idle_seconds)


def _kept(query: dict[str, str]) -> str:
    chosen = urlencode({name: text for name, text in query.items() if text})
    return f"{chosen}&" if chosen else ""


routes = [show_reflect, show_from_comment, post_from_comment, post_reflect]
