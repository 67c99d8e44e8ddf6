"""What the description of the interface says beside its types: examples of what is sent (a test posts
each of them), who needs a key, and how a refusal looks."""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

import msgspec
from litestar import Request
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import (
    Components,
    Example,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    RequestBody,
    Schema,
    SecurityScheme,
)

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
PROBLEM = "application/problem+json"

# For `security` of a route: with a key, or with and without one.
KEYED: Final[list[dict[str, list[str]]]] = [{"key": []}]
OPEN_OR_KEYED: Final[list[dict[str, list[str]]]] = [{}, {"key": []}]
COMPONENTS: Final = Components(
    security_schemes={
        "key": SecurityScheme(
            type="http",
            scheme="bearer",
            description="A key that the administrator issues: Authorization: Bearer KEY",
        )
    }
)
PROBLEM_SCHEMA: Final = {"$ref": "#/components/schemas/Problem"}
REFUSALS: Final = {
    400: "The body is not UTF-8, no JSON, or does not fit the description.",
    401: "The key is missing, wrong, ended, or for another purpose.",
    404: "There is no such thing, or it is not for this key.",
    422: "A value cannot be taken; `errors` names the field.",
    429: "Too many calls; wait as long as `Retry-After` says.",
}


class FieldProblem(msgspec.Struct, frozen=True, kw_only=True):
    """Which field, and what to mend."""

    key: str
    message: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Why nothing was done (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str = ""
    errors: list[FieldProblem] = []


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """Documentation of refusals, for `responses` of a route."""
    return {
        status: ResponseSpec(
            Problem, generate_examples=False, description=REFUSALS[status], media_type=PROBLEM
        )
        for status in statuses
    }


class Described(JsonRenderPlugin):
    """The description as it is served: what the framework says of its refusals becomes ours."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The description as JSON."""
        for methods in openapi_schema["paths"].values():
            for one in methods.values():
                refused = one["responses"].get("400") if isinstance(one, dict) else None
                if refused and JSON in refused["content"] and _is_framework(refused):
                    refused["content"] = {PROBLEM: {"schema": PROBLEM_SCHEMA}}
                    refused["description"] = REFUSALS[400]
        return super().render(request, openapi_schema)


def _is_framework(refused: dict[str, Any]) -> bool:
    return "status_code" in refused["content"][JSON]["schema"].get("properties", {})


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
