"""Letters of the mailbox that the program could not take: a person looks at them there."""

from typing import Any, Final

from litestar import Request, get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from app.access import Role, requires, signed_in
from app.forms import see_other, translate
from app.rendering import page
from surveys.reflections import mail

ADDRESS: Final = "/office/mailbox"
GUARDS: Final = [requires(Role.ADMINISTRATOR, Role.ANALYST)]
DAYS: Final = 30

AnyRequest = Request[Any, Any, Any]


@get(ADDRESS, guards=GUARDS, include_in_schema=False)
async def show_mailbox(request: AnyRequest) -> Template:
    """List what needs a person, and what became of the rest."""
    settings = request.app.state.settings
    return page(
        "office/mailbox.html",
        letters=await mail.list_refused(),
        reasons=translate(mail.REFUSED),
        counts=await mail.count_letters(DAYS),
        days=DAYS,
        address=settings.imap_user if settings.imap_host else "",
        kept_days=settings.message_days,
        done=request.query_params.get("done", ""),
    )


@post(f"{ADDRESS}/{{letter:int}}/done", guards=GUARDS, include_in_schema=False)
async def post_done(letter: FromPath[int], request: AnyRequest) -> Redirect:
    """A person has looked at a letter."""
    await mail.settle_letter(letter, actor=signed_in(request).id)
    return see_other(f"{ADDRESS}?done=settled")


routes = [show_mailbox, post_done]
