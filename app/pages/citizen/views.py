"""Why a link or a code opens no form."""

from litestar.response import Template

from app.private_pages import PRIVATE, READ, AnyRequest, face, kept_language
from app.rendering import _, page
from app.submissions import refusal_text

__all__ = ["PRIVATE", "READ", "AnyRequest", "closed", "face", "kept_language"]

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


def closed(code: str) -> Template:
    """Why a link or a code opens no form, and what to do."""
    return page(
        "citizen/closed.html",
        status_code=STATUS.get(code, GONE),
        code=code,
        message=refusal_text(code),
        advice=_(ADVICE.get(code, "")) if code in ADVICE else "",
    )
