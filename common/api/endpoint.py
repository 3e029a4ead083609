"""A REST endpoint: what one method takes and gives is declared once, for the caller and the document."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ClassVar

import msgspec
from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from msgspec import Struct
from rest_framework.request import Request
from rest_framework.views import APIView

from common.answers import Answer
from common.api import bodies, problems
from common.api.call import Call, KeyRule
from common.api.files import put_aside
from common.errors import DomainError, FieldError, ValidationFailed
from common.fields import Instant
from common.instants import instant_errors

MERGE_PATCH = "application/merge-patch+json"


class ClockDisabled(DomainError):
    """`at` was sent to a service that runs on the real clock."""

    code = "test_clock_disabled"


@dataclass(frozen=True, slots=True)
class Operation:
    """What one method of an endpoint takes and gives."""

    summary: str
    body: Any = None
    answers: Mapping[int, Any] = field(default_factory=dict)
    problems: Sequence[str] = ()
    query: Mapping[str, Any] = field(default_factory=dict)
    key: KeyRule | None = None
    media_type: str = "application/json"
    description: str = ""
    #: Which of several shapes a body has, told from its members.
    shape: Callable[[dict[str, Any]], Any] | None = None
    #: A merge patch is decoded as a plain object; `body` is what the merged result must be.
    is_patch: bool = False
    #: Of a batch: the type of its rows, each of which is read by itself.
    rows: Any = None
    #: Query parameters that must be given.
    required_query: Sequence[str] = ()
    #: Further members of a problem document, by its code: their names and types.
    problem_members: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    #: The media type of the answers.
    answer_type: str = "application/json"

    @property
    def is_file(self) -> bool:
        """The body is a file of `media_type`: it is put aside, and `Call.body` reads it."""
        return self.media_type != "application/json"

    @property
    def media_types(self) -> Sequence[str]:
        """What the body may be sent as."""
        return [self.media_type, MERGE_PATCH] if self.is_patch else [self.media_type]


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """The body of a call that needs none: an empty object, if anything."""


class Endpoint(APIView):
    """Base of every API view. `scope` is what the key needs; None: any key will do."""

    scope: ClassVar[str | None] = None
    # No OPTIONS: REST framework would answer it with a description of its own.
    http_method_names = ["get", "post", "put", "patch", "delete", "head"]

    @property
    def operations(self) -> dict[str, Operation]:
        """The declared operations by method name, in lower case."""
        return {
            method: declared
            for method in self.http_method_names
            if (declared := getattr(getattr(self, method, None), "operation", None))
        }


Handler = Callable[..., Answer]


def operation(
    summary: str, **declared: Any
) -> Callable[[Handler], Callable[..., HttpResponseBase]]:
    """Declare a method: the handler gets a `Call` and the path's arguments, and gives an `Answer`."""
    op = Operation(summary=summary, **declared)

    def decorate(handler: Handler) -> Callable[..., HttpResponseBase]:
        @wraps(handler)
        def method(self: Endpoint, request: Request, **path: Any) -> HttpResponseBase:
            caller: Any = request.auth
            with ExitStack() as until_answered:
                try:
                    call = _read(request, op, until_answered)
                finally:
                    if caller is not None:
                        caller.check_rate()
                return problems.to_response(handler(self, call, **path))

        method.operation = op  # type: ignore[attr-defined]  # read by the OpenAPI document
        return method

    return decorate


def _read(request: Request, op: Operation, until_answered: ExitStack) -> Call:
    http: HttpRequest = request._request
    query, at = _query(http, op)
    raw: bytes = b""
    body: Any = None
    if op.is_file:
        file = put_aside(http, media_type=op.media_type)
        body, raw = until_answered.enter_context(file.content), file.fingerprint
    elif op.body is not None and (op.body is not Nothing or bodies.has_body(http)):
        raw = bodies.read_bytes(http, media_types=op.media_types)
        body, body_at = _body(raw, op)
        at = body_at or at
        if op.shape is not None:
            body = bodies.convert(body, op.shape(body))
        if op.is_patch:
            _check_names(body, op)
    elif http.method not in {"GET", "HEAD"} and bodies.has_body(http):
        raw = bodies.read_bytes(http)
        _, body_at = _split_at(bodies.decode(raw, Any), Nothing)
        at = body_at or at
    if at is not None and not settings.TEST_CLOCK:
        raise ClockDisabled
    return Call(
        body=body,
        raw=raw,
        query=query,
        now=at or timezone.now(),
        at_given=at is not None,
        caller=request.auth,
        language=problems.language(),
        request_id=problems.request_id_of(http),
        method=http.method or "",
        path=http.path,
        if_match=http.META.get("HTTP_IF_MATCH"),
        idempotency_key=http.META.get("HTTP_IDEMPOTENCY_KEY"),
        key_rule=op.key or ("optional" if http.method == "POST" else None),
    )


def _check_names(body: dict[str, Any], op: Operation) -> None:
    """Every member is one that is taken; all that are not are named.

    In a patch a null removes a field: one that does not exist would be dropped by the merge,
    unnoticed. Whoever sends back what was read learns what is told alone.
    """
    shown = [name for kind in op.answers.values() for name in _members(kind)]
    errors = [
        FieldError(
            f"/{bodies.escape(name)}", "read_only", "This field is told, not taken: leave it out."
        )
        if name in shown
        else FieldError(f"/{bodies.escape(name)}", "unknown_field", "This field is not known.")
        for name in body
        if name not in _members(op.body)
    ]
    if errors:
        raise ValidationFailed(errors=errors)


def _members(kind: Any) -> tuple[str, ...]:
    return getattr(kind, "__struct_encode_fields__", ())


def _body(raw: bytes, op: Operation) -> tuple[Any, datetime | None]:
    kind = dict[str, Any] if op.is_patch or op.shape else op.body
    # Only a test sends `at`, so the usual body is decoded straight into its type.
    try:
        if op.rows is None and b'"at"' not in raw:
            return bodies.decode(raw, kind), None
        loose = bodies.decode_rows(raw) if op.rows is not None else bodies.decode(raw, Any)
        return _split_at(loose, kind)
    except ValidationFailed as refused:
        if _members(op.body) and any(each.code == "unknown_field" for each in refused.errors):
            sent = bodies.decode_rows(raw)
            _check_names({name: part for name, part in sent.items() if name != "at"}, op)
        raise


def _split_at(loose: Any, kind: Any) -> tuple[Any, datetime | None]:
    at = None
    if isinstance(loose, dict) and "at" in loose:
        at = _instant(loose.pop("at"))
    return bodies.convert(loose, kind), at


def _instant(value: object) -> datetime | None:
    try:
        at: datetime | None = msgspec.convert(value, Instant | None)
    except msgspec.ValidationError:
        raise ValidationFailed(
            errors=[FieldError("/at", "invalid", "An instant with an offset (RFC 3339).")]
        ) from None
    if errors := instant_errors({"/at": at}):
        raise ValidationFailed(errors=errors)
    return at.astimezone(UTC) if at is not None else None


def _query(http: HttpRequest, op: Operation) -> tuple[dict[str, Any], datetime | None]:
    """The declared query parameters, converted; anything else is refused."""
    values: dict[str, Any] = {}
    at: datetime | None = None
    if not http.META["QUERY_STRING"] and not op.required_query:
        return values, at
    try:
        given = dict(http.GET.lists())
    except TooManyFieldsSent:
        raise ValidationFailed("These are too many parameters.") from None
    errors = [
        FieldError(f"/{name}", "required", "This parameter is required.")
        for name in op.required_query
        if name not in given
    ]
    for name, texts in given.items():
        pointer = f"/{bodies.escape(name)}"
        if name != "at" and name not in op.query:
            errors.append(FieldError(pointer, "unknown_field", "This parameter is not known."))
        elif len(texts) > 1:
            errors.append(FieldError(pointer, "duplicate", "It is given more than once."))
        elif name == "at":
            # A space after the T is a plus that was not encoded.
            at = _instant(texts[0].replace(" ", "+") if "T" in texts[0] else texts[0])
        else:
            try:
                values[name] = msgspec.convert(texts[0], op.query[name], strict=False)
            except msgspec.ValidationError as wrong:
                errors.append(bodies.field_error(str(wrong), op.query[name], at=pointer))
    if errors:
        raise ValidationFailed(errors=errors)
    return values, at
