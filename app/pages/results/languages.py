"""The visitor's choice of language."""

from litestar import Request, get
from litestar.datastructures import Cookie
from litestar.params import FromPath
from litestar.response import Redirect

from app.rendering import LANGUAGES, _
from app.settings import Settings
from surveys.errors import NotFoundError

YEAR_SECONDS = 31_536_000


@get("/language/{code:str}", opt={"public": True}, include_in_schema=False)
async def choose_language(code: FromPath[str], request: Request) -> Redirect:  # type: ignore[type-arg]
    """Remember a language and go back to the page that was read."""
    if code not in LANGUAGES:
        raise NotFoundError(_("Trang này chỉ có tiếng Việt và tiếng Anh."))
    settings: Settings = request.app.state.settings
    cookie = Cookie(
        key="language",
        value=code,
        max_age=YEAR_SECONDS,
        samesite="lax",
        httponly=True,
        secure=settings.secure_cookies,
    )
    return Redirect(safe_address(request.query_params.get("next", "/")), cookies=[cookie])


def safe_address(address: str) -> str:
    """The address if it stays in this house, else the first page."""
    # Browsers read // and /\ as another host, and drop tabs and line ends while they look.
    stays = address.startswith("/") and address[1:2] not in {"/", "\\"}
    return address if stays and address.isprintable() else "/"
