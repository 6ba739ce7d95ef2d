"""The OpenAPI 3.1 description, made from the table of operations; what it promises is what the routes check."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import msgspec

from entrypoints.http.callers import SAFE
from entrypoints.http.condition_docs import (
    answer_headers,
    header_parameters,
    headers_of,
    in_flight_headers,
    takes_if_match,
    unchanged,
)
from entrypoints.http.curl import curl
from entrypoints.http.errors import ERRORS, status_of
from entrypoints.http.operation import PERSON, SIGNED_IN, Operation
from entrypoints.http.operations import OPERATIONS
from entrypoints.http.problems import MEDIA, WEBHOOK, Problem, WebhookProblem
from entrypoints.shared.modules import MODULES
from entrypoints.shared.schemas import tidy
from entrypoints.shared.texts import DEFAULT, error_template

REF = "#/components/schemas/{name}"


class Shared(NamedTuple):
    """Errors that every operation of some kind may answer."""

    kind: str
    codes: tuple[str, ...]
    of: Callable[[Operation], bool]


REFUSED = "identity.network_refused"

SHARED: tuple[Shared, ...] = (
    Shared("any", ("http.invalid", "http.internal"), lambda _: True),
    Shared(
        "needs a permission",
        ("kernel.unauthenticated", "kernel.forbidden", "kernel.unavailable", "kernel.contended", REFUSED),
        lambda operation: operation.permission is not None,
    ),
    Shared(
        "verified",
        ("kernel.verification_needed",),
        lambda operation: operation.permission is not None and operation.permission is not PERSON,
    ),
    Shared("signed in", ("kernel.person_needed",), lambda operation: operation.permission in (SIGNED_IN, PERSON)),
    Shared("other than GET", ("http.cross_site",), lambda operation: operation.method not in SAFE),
    Shared("limited", ("kernel.limited",), lambda operation: operation.limited),
    Shared("has an identifier in its path", ("http.not_found",), lambda operation: "{" in operation.path),
    Shared(
        "takes JSON",
        ("kernel.not_json", "kernel.doubled_key", "kernel.wrong_fields"),
        lambda operation: operation.body is not None and operation.takes == "application/json",
    ),
    Shared(
        "takes a body",
        ("http.unsupported_media_type", "http.body_too_large"),
        lambda operation: operation.body is not None,
    ),
    Shared("once", ("kernel.request_in_flight", "kernel.request_key_reused"), lambda operation: operation.once),
    Shared(
        "signed",
        ("kernel.bad_signature", "kernel.signature_missing", "kernel.signature_expired"),
        lambda operation: operation.signed,
    ),
    Shared("If-Match", ("kernel.stale",), takes_if_match),
)
HEADERS = {
    401: {"WWW-Authenticate": "How to authenticate."},
    429: {
        "Retry-After": "Seconds after which to try again.",
        "RateLimit": "Calls that are left, and seconds until all are.",
        "RateLimit-Policy": "Calls that pass, and in how many seconds.",
    },
    503: {"Retry-After": "Seconds after which to try again."},
}
OWN_TAGS = {
    "movements": "Messages of warehouses and the movements that follow from them.",
    "in transit": "Goods that left and have not arrived.",
    "stock": "What lies where.",
    "adjustments": "Changes of stock by hand, with the reason.",
    "stocktakes": "What was counted, and what stock is set right by it.",
    "alerts": "Stocks that are low and goods that are overdue, until that is over.",
    "quarantine": "Messages that were not applied, until somebody decides.",
    "users": "People as the staff sees them.",
    "roles": "Named sets of permissions, and the permissions that there are.",
    "profile": "What people tell of themselves.",
    "addresses": "Where people get what is sent to them.",
    "security": "What protects an account.",
    "account": "One's own account, and the addresses by which it is known.",
    "deliveries": "Facts on their way to subscribers, and what becomes of those that fail.",
    "sign-in": "Ways in: each gives a session, or asks for a second factor first.",
    "second factor": "Codes of an app at sign-in, and recovery codes for when it is lost.",
    "api keys": "Keys for programs that speak for their owner, who may do no more than he may.",
    "telegram": "The user of Telegram that an account belongs to as well.",
    "platform": "Health, numbers and modules of the process.",
}
SUMMARIES = {module.name.replace("_", " "): module.summary for module in MODULES}
TAGS = OWN_TAGS | {each.tag: SUMMARIES[each.tag] for each in OPERATIONS if each.tag not in OWN_TAGS}
"""What the groups of operations are about; one that bears the name of a module is about what the module is."""
ABOUT = """Movements of goods between warehouses and the stock that follows from them.

Errors are problem details (RFC 9457) in the language of `Accept-Language` (en, ru). Lists give `next_cursor`; only a
null one ends a list. Unknown and doubled query parameters are refused."""


@cache
def document() -> bytes:
    """The whole description as JSON text, the same at every call and in every process."""
    return msgspec.json.format(msgspec.json.encode(tidy(_described(OPERATIONS))), indent=2) + b"\n"


def codes_of(operation: Operation) -> list[str]:
    """Every error code that an operation may answer."""
    shared = [code for each in SHARED if each.of(operation) for code in each.codes]
    return list(dict.fromkeys([*SHARED[0].codes, *operation.errors, *shared]))


def _described(operations: Sequence[Operation]) -> dict[str, Any]:
    schemas, components = _schemas(operations)
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for operation in operations:
        paths[operation.path][operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Soty",
            "version": "1",
            "description": ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": text} for name, text in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": KEY}},
        },
    }


KEY = (
    "The service key, `SOTY_API_KEY`; or, as `SOTY_TOKEN` in the examples, the access token of a person "
    "(`POST /api/v1/auth/login`) or an API key that it made (`POST /api/v1/auth/api-keys`)."
)


def _schemas(operations: Sequence[Operation]) -> tuple[dict[Any, Any], dict[str, Any]]:
    shapes: list[Any] = [Problem, WebhookProblem]
    for operation in operations:
        shapes += [operation.answer, operation.query, *(shape for _, shape in operation.more.values())]
        shapes += [shape] if (shape := _body_shape(operation)) is not None else []
    unique = list(dict.fromkeys(shapes))
    found, components = msgspec.json.schema_components(unique, ref_template=REF)
    schemas = dict(zip(unique, found, strict=True))
    for operation in operations:
        components.pop(operation.query.__name__, None) if _is_only_query(operation.query, operations) else None
    return schemas, components


def _is_only_query(shape: type, operations: Sequence[Operation]) -> bool:
    return all(shape is not other.answer and shape is not _body_shape(other) for other in operations)


def _body_shape(operation: Operation) -> Any:
    return operation.body_shape if operation.body is bytes else operation.body


def _operation(operation: Operation, schemas: Mapping[Any, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.act.__name__,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": f"{_needs(operation)}\n\n```\n{curl(operation)}\n```",
        "responses": _responses(operation, schemas),
        "security": [{"key": []}] if operation.permission is not None else [],
    }
    if parameters := [*_path_parameters(operation), *_query_parameters(operation), *header_parameters(operation)]:
        described["parameters"] = parameters
    if operation.body is not None:
        content = {"schema": schemas[_body_shape(operation)], "example": msgspec.to_builtins(operation.body_example)}
        described["requestBody"] = {
            "required": not operation.body_may_be_absent,
            "content": {operation.takes: content},
        }
    return described


def _needs(operation: Operation) -> str:
    if operation.permission is SIGNED_IN:
        return "For everybody who has signed in."
    if operation.permission is PERSON:
        return "For everybody who has signed in, even before an address is verified."
    return "Public." if operation.permission is None else f"Needs the permission `{operation.permission}`."


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    names = re.findall(r"{(\w+)}", operation.path)
    return [{"name": n, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}} for n in names]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    _, components = msgspec.json.schema_components([operation.query], ref_template=REF)
    shape = components[operation.query.__name__]
    properties, required = shape["properties"], shape.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": _parameter_schema(schema)}
        for name, schema in properties.items()
    ]


def _parameter_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Without null, which no query can say."""
    if "anyOf" not in schema:
        return schema
    options = [option for option in schema["anyOf"] if option != {"type": "null"}]
    return options[0] if len(options) == 1 else {"anyOf": options}


def _responses(operation: Operation, schemas: Mapping[Any, Any]) -> dict[str, Any]:
    answered: dict[str, Any] = {"description": operation.summary + "."}
    if operation.answer is not None:
        content = {"schema": schemas[operation.answer], "example": msgspec.to_builtins(operation.example)}
        answered["content"] = {operation.media: content}
    responses: dict[str, Any] = {str(operation.status): {**answered, **answer_headers(operation)}}
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in codes_of(operation):
        by_status[status_of(ERRORS[code])].append(code)
    problem = schemas[WebhookProblem if operation.path == WEBHOOK else Problem]
    for status in sorted(by_status):
        responses[str(status)] = _refusal(status, by_status[status], problem)
    for status, (text, shape) in operation.more.items():
        other = {"description": text, "content": {operation.media: {"schema": schemas[shape]}}}
        responses[str(status)] = {**other, **_response_headers(status)}
    return responses | unchanged(operation)


def _refusal(status: int, codes: Sequence[str], problem: Any) -> dict[str, Any]:
    described = "; ".join(f"`{code}`: {error_template(DEFAULT, code).title}" for code in codes)
    headers = in_flight_headers() if "kernel.request_in_flight" in codes else _response_headers(status)
    return {"description": described + ".", "content": {MEDIA: {"schema": problem}}, **headers}


def _response_headers(status: int) -> dict[str, Any]:
    return headers_of(HEADERS.get(status, {}))
