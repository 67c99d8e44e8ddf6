"""How the description of the interface shows Open311: what is asked for, and both formats."""

from dataclasses import dataclass
from typing import Any, Final

from litestar.openapi.spec import (
    Example,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    Parameter,
    Schema,
)

from app.described import JSON
from app.pages.open311.formats import to_xml

XML: Final = "text/xml"

# What every address reads.
EVERYWHERE: Final = {
    "jurisdiction_id": "Not needed: there is one place here",
    "lang": "vi (the default) or en",
}
ASKED: Final = {
    "service_request_id": "One or several with commas; goes before everything else",
    "service_code": "One or several with commas",
    "start_date": "ISO 8601; without it 90 days before end_date",
    "end_date": "ISO 8601; without it 90 days after start_date, or today",
    "status": "open, closed, or both with a comma",
    "page": "1000 cases a page, from 1",
}


def shows(
    root: str, asked: dict[str, str] | None = None, *, sent: type[Operation] = Operation
) -> type[Operation]:
    """An operation with what it reads of its address, told in the format of its address."""
    names = (asked or {}) | EVERYWHERE

    @dataclass
    class Described(sent):  # type: ignore[valid-type,misc]
        def __post_init__(self) -> None:
            if sent is not Operation:
                super().__post_init__()
            parameters = [
                Parameter(name=name, param_in="query", description=meaning, schema=text())
                for name, meaning in names.items()
            ]
            told: Any = self
            told.parameters = [*(told.parameters or []), *parameters]
            for status, response in (self.responses or {}).items():
                if isinstance(response, OpenAPIResponse) and response.content:
                    plain = response.content[JSON]
                    inside = to_xml_media(plain, root if status == "200" else "errors")
                    response.content = self._formats(plain, inside)

        def _formats(
            self, plain: OpenAPIMediaType, inside: OpenAPIMediaType
        ) -> dict[str, OpenAPIMediaType]:
            """By the end of the address, which stands in the operation's id as well."""
            if "Xml" in (self.operation_id or ""):
                return {XML: inside}
            if "Json" in (self.operation_id or ""):
                return {JSON: plain}
            return {JSON: plain, XML: OpenAPIMediaType(schema=text())}

    return Described


def text() -> Schema:
    """Any text."""
    return Schema(type=OpenAPIType.STRING)


def to_xml_media(plain: OpenAPIMediaType, root: str) -> OpenAPIMediaType:
    """The examples of the JSON, as they look in XML."""
    shown: dict[str, Any] = {
        name: Example(value=to_xml(root, example.value).decode())
        for name, example in (plain.examples or {}).items()
        if isinstance(example, Example)
    }
    return OpenAPIMediaType(schema=text(), examples=shown)
