"""How an operation can fail: its own problems, and those that every call of its sort may meet."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from msgspec import Meta, Struct

from common.api.endpoint import Operation
from common.api.problems import MEDIA_TYPE
from common.errors import CODES, FieldError
from config.openapi.components import Registry

Schema = dict[str, Any]

_CODES_IN_A_NAME = 3


class Problem(Struct, frozen=True):
    """An error as RFC 9457 has it. Build on `code`: it never changes; the texts may."""

    type: Annotated[
        str,
        Meta(description="A page that tells of the code.", extra_json_schema={"format": "uri"}),
    ]
    #: The code in words, in the caller's language.
    title: str
    status: int
    #: What happened this time, in the caller's language.
    detail: str
    #: As listed by `GET /error-codes`.
    code: str
    #: Also in the header `X-Request-Id`; it leads to the log lines of the call.
    request_id: str
    #: The fields that are wrong, each with its place; empty where no field is to blame.
    errors: list[FieldError]


def problem_codes(method: str, op: Operation, *, scope: str | None, has_path: bool) -> list[str]:
    """Every code with which the operation may refuse, in the order of the table of codes."""
    codes = {
        "authentication_required",
        "test_clock_disabled",
        "validation_failed",
        "rate_limited",
        "internal_error",
        "temporarily_unavailable",
        *op.problems,
    }
    if scope is not None:
        codes.add("scope_missing")
    if has_path:
        codes.add("not_found")
    if method != "GET":
        codes |= {"malformed_request", "body_too_large", "unsupported_media_type"}
    if method == "POST":
        codes |= {"idempotency_key_required", "idempotency_key_reused", "request_in_progress"}
    return [code for code in CODES if code in codes]


def problem_responses(
    codes: Sequence[str], op: Operation, registry: Registry
) -> Mapping[str, Schema]:
    """A response for each status, naming its codes."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(CODES[code].status, []).append(code)
    return {
        str(status): _response(status, of_status, op, registry)
        for status, of_status in sorted(by_status.items())
    }


def _response(status: int, codes: list[str], op: Operation, registry: Registry) -> Schema:
    response = _described(status, codes, op, registry)
    if len(codes) > _CODES_IN_A_NAME or any(code in op.problem_members for code in codes):
        return response
    # Most calls share these: they are told once.
    name = "Or".join(code.title().replace("_", "") for code in codes)
    return registry.shared_response(name, response)


def _described(status: int, codes: list[str], op: Operation, registry: Registry) -> Schema:
    members: Schema = {
        name: registry.schema_of(kind)
        for code in codes
        for name, kind in op.problem_members.get(code, {}).items()
    }
    told = [f"`{code}`: {CODES[code].en}" for code in codes]
    return {
        "description": told[0] if len(told) == 1 else "\n".join(f"- {line}" for line in told),
        "headers": dict(_headers(status, codes)),
        "content": {
            MEDIA_TYPE: {
                "schema": {
                    "allOf": [
                        registry.schema_of(Problem),
                        {
                            "properties": {
                                "status": {"type": "integer", "const": status},
                                "code": {"type": "string", "enum": codes},
                                **members,
                            }
                        },
                    ]
                },
            }
        },
    }


def _headers(status: int, codes: list[str]) -> Mapping[str, Schema]:
    headers = ["X-Request-Id"]
    if status == HTTPStatus.UNAUTHORIZED:
        headers.append("WWW-Authenticate")
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        headers.append("Retry-After")
    if "request_in_progress" in codes:
        headers.append("Retry-After")
    return {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
