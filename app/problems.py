"""Errors become problems (RFC 9457) for programs and pages for people. HTTP status lives here."""

from typing import Any
from urllib.parse import quote

import structlog
from litestar import Request, Response
from litestar.exceptions import (
    HTTPException,
    InternalServerException,
    NotAuthorizedException,
    TooManyRequestsException,
)
from litestar.response import Redirect, Template

from app.bodies import UnreadableError
from app.logs import quiet_address
from app.rendering import _, page, set_language
from surveys.accounts import FieldError
from surveys.errors import (
    DomainError,
    ForbiddenError,
    GoneError,
    InputError,
    NotFoundError,
    StateError,
    TooManyError,
)

log = structlog.get_logger()

STATUS: dict[type[DomainError], int] = {
    NotFoundError: 404,
    InputError: 422,
    UnreadableError: 400,
    StateError: 409,
    GoneError: 410,
    ForbiddenError: 403,
    TooManyError: 429,
}

# Marks texts that are translated where the reader is known.
N_ = str

# What Litestar says when the sender of a body hangs up.
DISCONNECTED = "client disconnected prematurely"

TITLES = {
    400: N_("Yêu cầu không hợp lệ"),
    401: N_("Bạn cần đăng nhập"),
    403: N_("Bạn không có quyền làm việc này"),
    404: N_("Không tìm thấy trang"),
    405: N_("Không làm được theo cách này"),
    409: N_("Chưa làm được lúc này"),
    410: N_("Đã quá hạn"),
    413: N_("Dữ liệu gửi lên quá lớn"),
    422: N_("Dữ liệu chưa đúng"),
    429: N_("Quá nhiều lần thử"),
    500: N_("Hệ thống gặp lỗi"),
    503: N_("Hệ thống đang bận"),
}

ADVICE = {
    401: N_("Hãy đăng nhập rồi thử lại."),
    403: N_("Nếu bạn cho rằng đây là nhầm lẫn, hãy liên hệ quản trị viên."),
    404: N_("Địa chỉ có thể đã cũ hoặc gõ sai. Hãy quay lại trang đầu."),
    413: N_("Hãy quay lại, bớt tệp hoặc chọn tệp nhỏ hơn, rồi gửi lại."),
    429: N_("Hãy đợi một lát rồi thử lại."),
    500: N_("Lỗi đã được ghi lại. Hãy thử lại sau ít phút."),
    503: N_("Hãy thử lại sau ít phút."),
}

AnyRequest = Request[Any, Any, Any]


def status_of(error: Exception) -> int:
    """The HTTP status that stands for an error."""
    for kind in type(error).__mro__:
        if kind in STATUS:
            return STATUS[kind]
    return error.status_code if isinstance(error, HTTPException) else 500


def wants_page(request: AnyRequest) -> bool:
    """Whether a person with a browser asks, rather than a program."""
    if request.url.path.startswith("/api/"):
        return False
    return "text/html" in request.headers.get("accept", "")


def _went_away(error: Exception) -> bool:
    """Whether the other side hung up while it was sending: a bus in a tunnel, no fault of ours."""
    return isinstance(error, InternalServerException) and error.detail == DISCONNECTED


def answer_problem(request: AnyRequest, error: Exception) -> Response[Any] | Template | Redirect:
    """Answer any error: a problem document, a page in plain words, or the way to sign in."""
    # An address without a page fails before anything has asked for the language.
    set_language(request)
    status = status_of(error)
    if _went_away(error):
        log.info("client went away", path=quiet_address(request.url.path))
    elif status >= 500:
        log.error("unhandled error", path=quiet_address(request.url.path), exc_info=error)
    detail = _detail(error, status)
    if not wants_page(request):
        return _problem(error, status, detail)
    if isinstance(error, NotAuthorizedException):
        return _ask_to_sign_in(request)
    return page(
        "problem.html", status_code=status, title=_title(status), detail=detail, status=status
    )


def _ask_to_sign_in(request: AnyRequest) -> Redirect:
    """The way to sign in, and back to what was asked for if that can be asked for again."""
    if request.method != "GET":
        return Redirect("/sign-in")
    query = f"?{request.url.query}" if request.url.query else ""
    return Redirect(f"/sign-in?next={quote(request.url.path + query)}")


def _problem(error: Exception, status: int, detail: str) -> Response[Any]:
    body: dict[str, Any] = {
        "type": getattr(error, "kind", "about:blank"),
        "title": _title(status),
        "status": status,
        "detail": detail,
    }
    if isinstance(error, DomainError) and error.code:
        body["code"] = error.code
    if isinstance(error, FieldError):
        body["errors"] = [{"key": error.field, "message": detail}]
    if isinstance(error, HTTPException) and isinstance(error.extra, list):
        body["errors"] = error.extra
    headers = dict(getattr(error, "headers", None) or {})
    return Response(
        body,
        status_code=status,
        media_type="application/problem+json",
        headers=headers,
    )


def _title(status: int) -> str:
    return _(TITLES.get(status, TITLES[500 if status >= 500 else 400]))


def _detail(error: Exception, status: int) -> str:
    if isinstance(error, DomainError):
        return error.told(_)
    if status in ADVICE:
        return _(ADVICE[status])
    return error.detail if isinstance(error, HTTPException) else _(ADVICE[500])


HANDLERS: dict[type[Exception] | int, Any] = {
    DomainError: answer_problem,
    HTTPException: answer_problem,
    TooManyRequestsException: answer_problem,
    Exception: answer_problem,
}
