"""The words of messages: the administrator reads, rewrites and tries them."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.delivery import read_channels
from app.forms import read_form, refuse_form, see_other, translate
from app.pages.office.messages import event_titles
from app.pages.office.names import CHANNELS
from app.rendering import LANGUAGES, _, page
from surveys import messages
from surveys.accounts import FieldError
from surveys.errors import DomainError, NotFoundError

ADDRESS = "/office/messages/templates"
GUARDS = [requires(Role.ADMINISTRATOR)]
FIELDS = ("subject_vi", "body_vi", "subject_en", "body_en")

AnyRequest = Request[Any, Any, Any]
N_ = str


@dataclass(frozen=True, slots=True)
class Preview:
    """A message as its reader would see it, with what an operator pays for it."""

    language: str
    subject: str
    body: str
    length: messages.Length


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_templates() -> Template:
    """List every event with its words by each channel."""
    return page(
        "office/templates.html",
        events=messages.catalogue().events,
        titles=event_titles(),
        channels=translate(CHANNELS),
        versions=await messages.list_versions(),
    )


@get(f"{ADDRESS}/{{event:str}}/{{channel:str}}", guards=GUARDS, include_in_schema=False)
async def show_template(
    event: FromPath[str], channel: FromPath[str], request: AnyRequest
) -> Template:
    """Show the words in force in every language, to be rewritten."""
    given = await _in_force(event, channel)
    done = _("Đã lưu. Tin gửi từ bây giờ dùng lời mới.") if "done" in request.query_params else ""
    return page("office/template.html", errors={}, done=done,
                **_context(event, channel, given, request))  # fmt: skip


@post(f"{ADDRESS}/{{event:str}}/{{channel:str}}", guards=GUARDS, include_in_schema=False)
async def post_template(
    event: FromPath[str], channel: FromPath[str], request: AnyRequest
) -> Template | Redirect:
    """Keep new words, or show what they would look like."""
    await _in_force(event, channel)
    given = await read_form(request, *FIELDS, "action")
    if given["action"] == "preview":
        errors = _errors(event, channel, given)
        return page("office/template.html", errors=errors, done="",
                    **_context(event, channel, given, request))  # fmt: skip
    try:
        await messages.save_words(event, channel, _texts(given), actor=signed_in(request).id)
    except FieldError as error:
        errors = {error.field: error.told(_)}
        return refuse_form("office/template.html", errors, done="",
                           **_context(event, channel, given, request))  # fmt: skip
    return see_other(f"{ADDRESS}/{event}/{channel}?done=saved")


@post(
    f"{ADDRESS}/{{event:str}}/{{channel:str}}/preview",
    status_code=200,
    guards=GUARDS,
    include_in_schema=False,
)
async def post_preview(
    event: FromPath[str], channel: FromPath[str], request: AnyRequest
) -> Template:
    """The previews alone, for the script that renews them while somebody types."""
    await _in_force(event, channel)
    given = await read_form(request, *FIELDS)
    return page("office/_previews.html", errors=_errors(event, channel, given),
                **_context(event, channel, given, request))  # fmt: skip


@post(f"{ADDRESS}/{{event:str}}/{{channel:str}}/test", guards=GUARDS, include_in_schema=False)
async def post_test(
    event: FromPath[str], channel: FromPath[str], request: AnyRequest
) -> Template | Redirect:
    """Send the words in force, filled with made-up values, to an address of one's own."""
    given = await _in_force(event, channel)
    typed = await read_form(request, "recipient", "language")
    language = typed["language"] if typed["language"] in messages.LANGUAGES else "vi"
    values = _samples(language, request)
    known = messages.find_event(event)
    try:
        await messages.queue_message(
            event,
            key=f"test:{uuid4()}",
            channel=channel,
            address=typed["recipient"],
            language=language,
            fields={name: values[name] for name in known.fields},
        )
    except DomainError as error:
        context = _context(event, channel, given, request) | {"recipient": typed["recipient"]}
        return refuse_form("office/template.html", {"recipient": error.told(_)}, done="", **context)
    return see_other("/office/messages?done=test")


async def _in_force(event: str, channel: str) -> dict[str, str]:
    messages.find_event(event)
    if channel not in messages.CHANNELS:
        raise NotFoundError(N_("Không có loại tin nhắn này."))
    given: dict[str, str] = {}
    for language in messages.LANGUAGES:
        words = await messages.find_words(event, channel, language)
        given |= {f"subject_{language}": words.subject, f"body_{language}": words.body}
    return given


def _texts(given: dict[str, str]) -> dict[str, tuple[str, str]]:
    return {
        language: (
            given[f"subject_{language}"].strip(),
            given[f"body_{language}"].replace("\r\n", "\n").strip(),
        )
        for language in messages.LANGUAGES
    }


def _errors(event: str, channel: str, given: dict[str, str]) -> dict[str, str]:
    errors: dict[str, str] = {}
    for language, (subject, body) in _texts(given).items():
        try:
            messages.check_words(messages.find_event(event), channel, language, subject, body)
        except FieldError as error:
            errors[error.field] = error.told(_)
    return errors


def _context(
    event: str, channel: str, given: dict[str, str], request: AnyRequest
) -> dict[str, Any]:
    config = read_channels(request.app.state.settings)[channel]
    known = messages.find_event(event)
    return {
        "event": event,
        "known": known,
        "channel": channel,
        "channels": translate(CHANNELS),
        "title": event_titles()[event],
        "given": given,
        "names": LANGUAGES,
        "recipient": "",
        "previews": [
            _preview(language, words, _samples(language, request), plain=config.without_marks)
            for language, words in _texts(given).items()
        ],
    }


def _samples(language: str, request: AnyRequest) -> dict[str, str]:
    """Made-up values, with links as long as real ones: they decide what a message costs."""
    base = (request.app.state.settings.public_url or str(request.base_url)).rstrip("/")
    links = {"link": f"{base}/r/{'x' * 22}", "stop": f"{base}/stop/{'x' * 28}"}
    return messages.samples(language) | links


def _preview(
    language: str, words: tuple[str, str], values: dict[str, str], *, plain: bool
) -> Preview:
    subject, body = messages.Words(*words).show(values)
    body = messages.without_marks(body) if plain else body
    return Preview(language, subject, body, messages.sms_length(body))


routes = [show_templates, show_template, post_template, post_preview, post_test]
