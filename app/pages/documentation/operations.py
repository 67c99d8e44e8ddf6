"""From an OpenAPI description to what a page of it shows.

Drawn here rather than by a script: no foreign code, no wider policy, readable without script.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Described = Mapping[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
RECORDS = "#/components/schemas/"


@dataclass(frozen=True)
class Field:
    """A field of a record or a parameter; `record` names what it holds, if that is a record."""

    name: str
    kind: str
    record: str
    required: bool
    meaning: str


@dataclass(frozen=True)
class Answer:
    """What may come back."""

    status: str
    meaning: str
    kind: str
    record: str
    example: str


@dataclass(frozen=True)
class Operation:
    """One address with one method."""

    id: str
    group: str
    method: str
    path: str
    summary: str
    meaning: str
    parameters: list[Field]
    body: Field | None
    sent: str
    answers: list[Answer]


@dataclass(frozen=True)
class Record:
    """A record that operations take or give."""

    name: str
    meaning: str
    fields: list[Field]


def list_groups(described: Described) -> list[tuple[str, list[Operation]]]:
    """Operations under their first tag, in the order in which the program lists them."""
    groups: dict[str, list[Operation]] = {}
    for operation in _operations(described):
        groups.setdefault(operation.group, []).append(operation)
    return list(groups.items())


def list_records(described: Described) -> list[Record]:
    """Records by name, each with its fields."""
    schemas = described.get("components", {}).get("schemas", {})
    return [
        Record(name, schema.get("description", ""), _fields(schema))
        for name, schema in sorted(schemas.items())
        if schema.get("properties")
    ]


def _operations(described: Described) -> Iterator[Operation]:
    for path, methods in described["paths"].items():
        for method in METHODS:
            if method in methods:
                yield _operation(path, method, methods[method])


def _operation(path: str, method: str, told: Described) -> Operation:
    return Operation(
        id=told["operationId"],
        group=next(iter(told.get("tags", [])), ""),
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        meaning=told.get("description", ""),
        parameters=[_parameter(one) for one in told.get("parameters", [])],
        body=_body(told.get("requestBody", {})),
        sent=_example(_content(told.get("requestBody", {}))),
        answers=[_answer(status, one) for status, one in told.get("responses", {}).items()],
    )


def _parameter(told: Described) -> Field:
    kind, record = _kind(told.get("schema", {}))
    return Field(
        told["name"], kind, record, told.get("required", False), told.get("description", "")
    )


def _body(told: Described) -> Field | None:
    schema = _content(told).get("schema")
    if not schema:
        return None
    kind, record = _kind(schema)
    return Field("", kind, record, told.get("required", False), "")


def _answer(status: str, told: Described) -> Answer:
    content = _content(told)
    kind, record = _kind(content.get("schema", {}))
    return Answer(
        status=status,
        meaning=told.get("description", ""),
        kind=kind,
        record=record,
        example=_example(content),
    )


def _example(content: Described) -> str:
    """The first example, as it may be copied."""
    examples = content.get("examples", {})
    value = next((one.get("value") for one in examples.values() if "value" in one), None)
    return "" if value is None else json.dumps(value, ensure_ascii=False, indent=2)


def _content(told: Described) -> Described:
    contents: Described = told.get("content", {})
    return next(iter(contents.values()), {})


def _fields(schema: Described) -> list[Field]:
    required = schema.get("required", [])
    return [
        Field(name, *_kind(told), name in required, _meaning(told))
        for name, told in schema["properties"].items()
    ]


def _meaning(told: Described) -> str:
    """The description of a field, or of the first alternative that has one."""
    choices = [told, *_choices(told)]
    return next((one["description"] for one in choices if one.get("description")), "")


def _choices(told: Described) -> list[Described]:
    found: list[Described] = told.get("oneOf") or told.get("anyOf") or told.get("allOf") or []
    return found


def _kind(told: Described) -> tuple[str, str]:
    """What a schema holds in words, and the record in it if there is one."""
    if "$ref" in told:
        name = told["$ref"].removeprefix(RECORDS)
        return name, name
    if choices := _choices(told):
        kinds = [_kind(one) for one in choices]
        record = next((record for _name, record in kinds if record), "")
        return " | ".join(dict.fromkeys(name for name, _record in kinds)), record
    kind = told.get("type", "any")
    if kind == "array":
        name, record = _kind(told.get("items", {}))
        return f"list of {name}", record
    if kind == "object" and isinstance(told.get("additionalProperties"), Mapping):
        name, record = _kind(told["additionalProperties"])
        return f"map of {name}", record
    name = " | ".join(kind) if isinstance(kind, list) else kind
    return (f"{name} ({told['format']})" if "format" in told else name), ""
