"""What the pages of a citizen share: nobody keeps them, nobody learns where one came from."""

from functools import cache
from pathlib import Path
from typing import Any

from litestar import HttpMethod, Request
from litestar.datastructures import ResponseHeader
from litestar.response import Template
from markupsafe import Markup

from app.rendering import HERE, LANGUAGES, _, page
from app.submissions import refusal_text

READ = [HttpMethod.GET, HttpMethod.HEAD]

# The address of a form is a key: no cache holds it, no other site hears of it.
PRIVATE = [
    ResponseHeader(name="Cache-Control", value="no-store"),
    ResponseHeader(name="Referrer-Policy", value="no-referrer"),
]

OK, GONE, NOT_FOUND = 200, 410, 404

# Marks texts that are translated where the reader is known.
N_ = str

# What to do when a link cannot be used any more.
ADVICE = {
    "expired": N_("Hãy hỏi cán bộ một cửa để nhận liên kết mới, hoặc đánh giá trên ki-ốt ở quầy."),
    "already rated": N_("Bạn không cần làm gì thêm."),
    "not finished": N_(
        "Hãy giữ giấy mời này và quay lại sau khi nhận kết quả. Lúc đó liên kết và mã sẽ mở phiếu đánh giá."
    ),
    "unknown right": N_("Nếu trên giấy biên nhận có mã đánh giá, hãy gõ mã đó."),
}

# Nothing is wrong with a link that came before the result.
STATUS = {"unknown right": NOT_FOUND, "not finished": OK}

AnyRequest = Request[Any, Any, Any]


def closed(code: str) -> Template:
    """Why a link or a code opens no form, and what to do."""
    return page(
        "citizen/closed.html",
        status_code=STATUS.get(code, GONE),
        code=code,
        message=refusal_text(code),
        advice=_(ADVICE.get(code, "")) if code in ADVICE else "",
    )


def kept_language(request: AnyRequest) -> dict[str, str]:
    """The language that the address names, to be named by the next address too."""
    chosen = request.query_params.get("lang", "")
    return {"lang": chosen} if chosen in LANGUAGES else {}


@cache
def face(place: int, of: int) -> Markup:
    """One face of a scale, in the page itself: five more requests would cost a second."""
    path = Path(HERE) / "static" / "faces" / f"face-{place}-of-{of}.svg"
    if not path.exists():
        return Markup("")
    attributes = '<svg class="face" aria-hidden="true" focusable="false"'
    return Markup(path.read_text().strip().replace("<svg", attributes, 1))  # noqa: S704 - ours
