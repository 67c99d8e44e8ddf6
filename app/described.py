"""Examples of what is sent, in the description of the JSON interface; a test posts each of them."""

from dataclasses import dataclass
from typing import Any, ClassVar

from litestar.openapi.spec import (
    Example,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
)

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


def sends(**examples: Any) -> type[Operation]:
    """An operation whose JSON body is shown with these examples."""

    @dataclass
    class Exemplified(Operation):
        shown: ClassVar[dict[str, Example]] = {
            name: Example(value=value) for name, value in examples.items()
        }

        def __post_init__(self) -> None:
            if isinstance(self.request_body, RequestBody):
                self.request_body.content[JSON].examples = dict(self.shown)

    return Exemplified


def sends_form(fields: dict[str, str], required: list[str], **examples: Any) -> type[Operation]:
    """An operation that takes a form: its fields with what they mean, and examples."""

    @dataclass
    class Exemplified(Operation):
        def __post_init__(self) -> None:
            schema = Schema(
                type=OpenAPIType.OBJECT,
                properties={
                    name: Schema(type=OpenAPIType.STRING, description=meaning)
                    for name, meaning in fields.items()
                },
                required=required,
            )
            shown: Any = {name: Example(value=value) for name, value in examples.items()}
            content = {FORM: OpenAPIMediaType(schema=schema, examples=shown)}
            self.request_body = RequestBody(required=True, content=content)

    return Exemplified
