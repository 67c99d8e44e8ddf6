"""JSON and XML of Open311: one shape, two spellings, and errors in both."""

import re
from collections.abc import Mapping
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, tostring

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException

from app.rendering import _
from surveys.accounts import FieldError
from surveys.errors import DomainError, NotFoundError, TooManyError

log = structlog.get_logger()

# Litestar adds the encoding to what is text.
MEDIA: Final = {"json": "application/json; charset=utf-8", "xml": "text/xml"}
# What the members of a list are called in XML; JSON has no names for them.
MEMBERS: Final = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
# What XML 1.0 cannot hold, not even escaped.
UNFIT: Final = re.compile("[^\\t\\n\\r\\u0020-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")

AnyRequest = Request[Any, Any, Any]


class Open311Error(Exception):
    """A refusal in the words and numbers of Open311."""

    def __init__(self, code: int, description: str) -> None:
        self.code = code
        self.description = description
        super().__init__(description)


def answer(
    request: AnyRequest,
    root: str,
    content: object,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """The content in the format that the end of the address asks for."""
    form = "xml" if request.url.path.endswith(".xml") else "json"
    body = to_xml(root, content) if form == "xml" else msgspec.json.encode(content)
    return Response(body, status_code=status, media_type=MEDIA[form], headers=dict(headers or {}))


def split_name(name: str) -> str:
    """What stands before .json or .xml. Raises Open311Error."""
    stem, dot, ending = name.rpartition(".")
    if not dot or ending not in MEDIA:
        raise Open311Error(404, _("Địa chỉ phải kết thúc bằng .json hoặc .xml."))
    return stem


def to_xml(root: str, content: object) -> bytes:
    """The content as XML, with the declaration of its encoding."""
    element = Element(root)
    _fill(element, root, content)
    written: bytes = tostring(element, encoding="UTF-8", xml_declaration=True)
    return written


def _fill(element: Element, name: str, content: object) -> None:
    if isinstance(content, Mapping):
        for key, value in content.items():
            _fill(SubElement(element, key), key, value)
    elif isinstance(content, list | tuple):
        for member in content:
            _fill(SubElement(element, MEMBERS[name]), MEMBERS[name], member)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = UNFIT.sub("", str(content))


def answer_error(request: AnyRequest, error: Exception) -> Response[bytes]:
    """Any error as a list of one, with the number that is the status as well."""
    code, description = _told(error)
    if code >= 500:
        log.error("unhandled error", path=request.url.path, exc_info=error)
    headers = error.headers if isinstance(error, TooManyError) else {}
    said = [{"code": code, "description": description}]
    return answer(request, "errors", said, status=code, headers=headers)


def _told(error: Exception) -> tuple[int, str]:
    if isinstance(error, Open311Error):
        return error.code, error.description
    if isinstance(error, FieldError):
        return 400, f"{error.field}: {error.told(_)}"
    if isinstance(error, TooManyError):
        return 429, error.told(_)
    if isinstance(error, DomainError):
        return 404 if isinstance(error, NotFoundError) else 400, error.told(_)
    if isinstance(error, HTTPException):
        return error.status_code, error.detail
    return 500, _("Lỗi đã được ghi lại. Hãy thử lại sau ít phút.")


# As specific as those of the application, which would be found first otherwise.
ERRORS: Any = {
    DomainError: answer_error,
    HTTPException: answer_error,
    Exception: answer_error,
}
