"""What webhooks tell, in the description of the JSON interface."""

from typing import Any, Final

from litestar.openapi.spec import (
    Example,
    OpenAPIMediaType,
    OpenAPIResponse,
    OpenAPIType,
    Operation,
    PathItem,
    Reference,
    RequestBody,
    Schema,
)

TOLD: Final[dict[str, Any]] = {
    "type": "case.answer",
    "timestamp": "2026-12-04T09:12:45.120000+00:00",
    "data": {
        "reference": "PA-20261127-7QK4M",
        "kind": "reflection",
        "type": "extra_papers",
        "agency": "H32.15",
        "agency_name": "UBND phường Nha Trang",
        "state": "answered",
        "url": "https://danhgia.example.gov.vn/api/cases/PA-20261127-7QK4M",
    },
}


def webhooks() -> dict[str, PathItem | Reference]:
    """The one call that other programs get, with its example."""
    schema = Schema(
        type=OpenAPIType.OBJECT,
        required=["type", "timestamp", "data"],
        properties={
            "type": Schema(type=OpenAPIType.STRING, description="case.EVENT, or webhook.test"),
            "timestamp": Schema(type=OpenAPIType.STRING, description="When it happened"),
            "data": Schema(type=OpenAPIType.OBJECT, description="Which case; no words of anybody"),
        },
    )
    body = OpenAPIMediaType(schema=schema, examples={"answer": Example(value=TOLD)})
    return {
        "case": PathItem(
            post=Operation(
                tags=["Cases"],
                operation_id="TellCase",
                summary="What happened to a case",
                description="Signed by webhook-id, webhook-timestamp and webhook-signature"
                " (Standard Webhooks 1.0). Answer 2xx within 15 seconds; else it comes again.",
                request_body=RequestBody(required=True, content={"application/json": body}),
                responses={"2XX": OpenAPIResponse(description="Taken")},
            )
        )
    }
